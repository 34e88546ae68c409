"""Answers made for the ear: short, the fact first, without marks and addresses, and where the rest stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.language.formats import Formats, formats
from assistant.model import LANGUAGES

_MARKS = re.compile(r"\s*(\[\d+\])+")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+", re.ASCII)
_BULLET = re.compile(r"^[・\-*•]\s*")
_LISTED = 3  # items of one list that are spoken; nobody keeps more in mind
# Characters that take half a minute to say; where words have no spaces a letter says more.
_CHARS = {
    "ja": 140, "ja-x-easy": 140, "zh-Hans": 110, "zh-Hant": 110, "ko": 150, "th": 260, "my": 260, "ne": 280
}  # fmt: skip
_OTHER_CHARS = 320  # of languages in Latin letters
_ENDED = re.compile(r"[。．.!！?？:：।॥။]$")


def shortened(text: str, language: str) -> tuple[str, bool]:
    """The beginning of an answer as it is spoken, and whether something was left out.

    Whole lines only, at least one: a fact cut in half is worse than none.
    """
    most = _CHARS.get(language, _OTHER_CHARS)
    kept: list[str] = []
    lines = _lines(text, language)
    for place, line in enumerate(lines):
        if kept and sum(map(len, kept)) + len(line) > most:
            return _joined(kept, language), place < len(lines)
        kept.append(line)
    return _joined(kept, language), False


def _lines(text: str, language: str) -> list[str]:
    """Lines without marks; the items of a list stand behind their heading."""
    made: list[str] = []
    items: list[str] = []
    glue = _formats(language).texts["comma"]

    def close() -> None:
        if items:
            listed = glue.join(items[:_LISTED])
            heading = made.pop() if made and made[-1].endswith((":", "：")) else ""
            made.append(f"{heading} {listed}".strip())
            items.clear()

    for raw in text.splitlines():
        line = _ADDRESS.sub("", _MARKS.sub("", raw)).strip()
        if not line:
            continue
        if _BULLET.match(line):
            items.append(_BULLET.sub("", line))
            continue
        close()
        made.append(line)
    close()
    return made


def _joined(lines: list[str], language: str) -> str:
    stop = _formats(language).stop
    whole = [line if _ENDED.search(line) else line + stop.rstrip() for line in lines]
    return (" " if stop.endswith(" ") else "").join(whole)


def _formats(language: str) -> Formats:
    """How the language joins; English for one that we do not speak."""
    return formats(language if language in LANGUAGES else "en")


def spelled(ticket: str, language: str) -> str:
    """A ticket's number sign by sign."""
    return _formats(language).texts["comma"].join(sign for sign in ticket if sign.isalnum())


def choices_of(payload: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """(label, text) of a Message's choices."""
    found = payload.get("choices")
    items = found if isinstance(found, list) else []
    return tuple((str(item["label"]), str(item["text"])) for item in items if isinstance(item, Mapping))
