"""お願い: what is asked for with a noun, as a request with a verb."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language.plain.word import Word

_ASKED = re.compile("お願い(?:いた)?します")


def asked_for(text: str, found: Sequence[Word]) -> str:
    """提出をお願いします → 提出してください, 書類の提出をお願いします → 書類を提出してください."""
    for n in range(len(found) - 3):
        noun, wo, wish = found[n], found[n + 1], found[n + 2]
        if wo.text != "を" or not noun.pos[2].startswith("サ変") or not text.startswith("お願い", wish.start):
            continue
        match = _ASKED.match(text, wish.start)
        if match is None:
            continue
        start = noun.start
        before = text[:start]
        if n and found[n - 1].text == "の":
            before = text[: start - 1] + "を"
        elif n and found[n - 1].noun:
            continue
        return before + noun.text + "してください" + text[match.end() :]
    return text
