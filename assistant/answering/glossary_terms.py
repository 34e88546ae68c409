"""Official terms of Japanese passages and what a reply in another language calls them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.answering.endings import stem
from assistant.language.formats import formats
from assistant.model import LANGUAGES
from knowledge.chinese import simplified
from knowledge.glossary.finding import finder
from knowledge.passage import Passage

MOST = 20
"""Terms that a prompt holds at most."""

_WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0963])+")
_SHORTEST = 3  # letters of a Japanese name that must be kept: 転入届; shorter ones (期限, 窓口) are plain words
_PLAIN = frozenset(("office", "law", "手数料", "代理人"))  # topics and terms that may be said in other words
_INFLECTED = 4  # letters of a word that may have another ending than the glossary's
_ENDING = 2  # letters that an ending may take from it


def approved(passages: Sequence[Passage], language: str) -> tuple[tuple[str, str], ...]:
    """(as written in Japanese, approved form) of the terms of Japanese passages, MOST at most, titles first.

    () when the reader's language is Japanese, for the words are then the passages' own.
    """
    japanese = [passage for passage in passages if passage.language == "ja"]
    if language.startswith("ja"):
        return ()
    found: dict[str, tuple[str, str]] = {}
    for text in (*(p.title for p in japanese), *(p.text for p in japanese)):
        for written, term in finder().find(text):
            forms = dict(term.local).get(language, ())
            if forms:
                found.setdefault(term.ja[0], (written, forms[0]))
    return tuple(found.values())[:MOST]


@lru_cache(maxsize=4000)
def stated(text: str) -> frozenset[str]:
    """The names of papers, systems and the like that a Japanese text holds, each under its usual spelling."""
    found = [term for name, term in finder().find(text) if len(name) >= _SHORTEST]
    return frozenset(term.ja[0] for term in found if not {term.topic, term.ja[0]} & _PLAIN)


def said(text: str, language: str, terms: Iterable[str]) -> frozenset[str]:
    """Those of the terms that a text names, in a form that the glossary has in its language or in Japanese."""
    if language not in LANGUAGES:
        return frozenset()
    folded = _Folded(text, language)
    return frozenset(term for term in terms if any(folded.holds(form) for form in _forms(term, language)))


@lru_cache(maxsize=4000)
def _forms(term: str, language: str) -> tuple[str, ...]:
    known = finder().get(term)
    return (*known.ja, *dict(known.local).get(language, ())) if known is not None else ()


class _Folded:
    """A text ready to be asked for terms: by words where they have spaces between them, by letters elsewhere."""

    def __init__(self, text: str, language: str) -> None:
        self._language = language
        self._tight = _tight(text, language)
        self._words = _words(text, language) if formats(language).spaced else []

    def holds(self, form: str) -> bool:
        """True when the form stands in the text, whatever endings its words have."""
        if _tight(form, self._language) in self._tight:
            return True
        wanted = _words(form, self._language) if self._words else []
        return bool(wanted) and all(any(_alike(word, own) for own in self._words) for word in wanted)


def _alike(word: str, own: str) -> bool:
    return word == own or (len(word) >= _INFLECTED and own.startswith(word[: max(_INFLECTED, len(word) - _ENDING)]))


def _tight(text: str, language: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join((simplified(plain) if language.startswith("zh") else plain).split())


def _words(text: str, language: str) -> list[str]:
    return [stem(word, language) for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold())]
