"""How terms are read aloud: the reading that is written down, and those of the other spellings by the dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge import japanese
from knowledge.glossary import Term

_KANJI = re.compile("[\u3400-\u9fff]")
_HIRAGANA = re.compile("[\u3041-\u3096ー]+")


def readings(terms: Iterable[Term]) -> dict[str, tuple[str, ...]]:
    """Hiragana → the words of the term that is read so: じゅうみんひょう is the second form of 住民票の写し.

    A reading that is written down wins over one from the dictionary, and a later term over an earlier one.
    """
    held = tuple(terms)
    found = {_read(form): term.ja for term in held for form in term.ja[1:] if _KANJI.search(form)}
    found.pop("", None)
    return found | {term.reading: term.ja for term in held}


def _read(form: str) -> str:
    """The reading by the dictionary; empty when a part of the form is in no dictionary, or is not Japanese."""
    reading = japanese.reading(form)
    return reading if _HIRAGANA.fullmatch(reading) else ""
