"""Finds official terms in Japanese text: the longest at each place, each once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from knowledge.glossary import Term, terms

_KANJI = re.compile("[\u3400-\u9fff々]")


class TermFinder:
    """Official terms by how they are written; built once, safe to use from many threads."""

    def __init__(self, known: Sequence[Term]) -> None:
        """`known` in order of preference: the first one with a spelling keeps it."""
        self._by_form: dict[str, Term] = {}
        for place in range(max((len(term.ja) for term in known), default=0)):
            for term in known:  # all usual spellings before any other one
                if place < len(term.ja) and same_word(term.ja[place], term.ja[0]):
                    self._by_form.setdefault(term.ja[place], term)
        self._lengths: dict[str, tuple[int, ...]] = {}
        for form in self._by_form:
            self._lengths[form[:2]] = tuple(sorted({*self._lengths.get(form[:2], ()), len(form)}, reverse=True))

    def get(self, form: str) -> Term | None:
        """The term that is written exactly so; None when there is none."""
        return self._by_form.get(form)

    def find(self, text: str) -> list[tuple[str, Term]]:
        """(as written, term) in the order of the text; of overlapping ones the first, then the longest.

        A term within a longer run of kanji is a part of another word, and is not found.
        """
        found: dict[str, tuple[str, Term]] = {}
        at = 0
        while at < len(text):
            form = self._longest(text, at)
            if form:
                found.setdefault(self._by_form[form].ja[0], (form, self._by_form[form]))
            at += max(1, len(form))
        return list(found.values())

    def _longest(self, text: str, at: int) -> str:
        for length in self._lengths.get(text[at : at + 2], ()):
            form = text[at : at + length]
            if len(form) == length and form in self._by_form and not _in_compound(text, at, at + length):
                return form
        return ""


def same_word(spelling: str, usual: str) -> bool:
    """True when a spelling shortens or lengthens the usual one: 国保, 住民票. Others may mean something broader."""
    return _within(spelling, usual) or _within(usual, spelling)


def _within(short: str, long: str) -> bool:
    """True when the letters of one stand in the other in this order."""
    rest = iter(long)
    return all(letter in rest for letter in short)


def _in_compound(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return bool(_KANJI.match(before) and _KANJI.match(text[start])) or bool(
        _KANJI.match(after) and _KANJI.match(text[end - 1])
    )


@lru_cache(maxsize=1)
def finder() -> TermFinder:
    """The finder of all our terms."""
    return TermFinder(terms())
