"""読みと説明を一つのかっこに: as our guides are written, 転入届（てんにゅうとどけ＝ほかの まちから だす とどけ）."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.language.plain.ruby import furigana, to_brackets
from assistant.language.plain.spacing import spaced, spaced_kana

_ASIDE = re.compile("（＝([^（）]*)）")
_READ_BEFORE = re.compile("（([ぁ-ゖー・ ]+)）$")


def bracketed(text: str, *, every: bool = False, spaces: bool = False, own: Mapping[str, str] | None = None) -> str:
    """Plain text with readings in brackets and explanations in kana with spaces, one bracket for both.

    `every`: a reading at each place, else at the first of each word. `spaces`: わかち書き of the rest too.
    """
    asides = _ASIDE.findall(text)
    # A sign that no text holds keeps the place of each explanation, so that its words are not read twice.
    marked = to_brackets(furigana(spaced_or_not(_ASIDE.sub("\ue000", text), spaces), own=own), every=every)
    first, *rest = marked.split("\ue000")
    out = first
    for aside, after in zip(asides, rest, strict=False):
        kana = spaced_kana(aside)
        read = _READ_BEFORE.search(out)
        out = f"{out[: read.start()]}（{read[1]}＝{kana}）" if read else f"{out}（＝{kana}）"
        out += after
    return out


def spaced_or_not(text: str, spaces: bool) -> str:
    """The text with spaces between its phrases when they are wanted."""
    return spaced(text) if spaces else text
