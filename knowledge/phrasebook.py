"""Finds words of other languages in a question and says which Japanese words stand for them."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import Stemmer

from knowledge import chinese
from knowledge.glossary import Term, terms
from knowledge.lexicon import Everyday, everyday
from knowledge.readings import readings
from knowledge.romaji import romaji, romaji_key
from knowledge.tokens import fold

_STEMMERS = {"en": "english", "pt-BR": "portuguese", "es": "spanish", "id": "indonesian"}
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_MARKED_WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?")
_STEM_LEAST = 3  # letters
_MOST_WORDS = 11  # of a phrase that is looked for: as many as our longest has
_ROMAJI_LEAST = 5  # letters; shorter ones are words of other languages too

Meaning = tuple[str, ...]
"""Japanese words for one idea, the most usual first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A phrase of the question (its place counted in words or characters) and what it means."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question as far as the phrase book understands it."""

    found: tuple[Found, ...]  # in order, not overlapping
    known: float  # 0-1: share of the question's letters that phrases cover


@dataclass(slots=True)
class _Book:
    """The phrases of one language; a key is words joined by spaces, or characters."""

    phrases: dict[str, list[Meaning]] = field(default_factory=dict)
    longest: int = 1

    def add(self, key: str, meaning: Meaning) -> None:
        held = self.phrases.setdefault(key, [])
        if meaning not in held:
            held.append(meaning)
        self.longest = max(self.longest, len(key))


class PhraseBook:
    """All languages' phrases; each language's book is made at its first question. Safe to use from many threads."""

    def __init__(self, glossary: Iterable[Term] | None = None, lexicon: Iterable[Everyday] | None = None) -> None:
        self._terms = tuple(terms() if glossary is None else glossary)
        self._everyday = tuple(everyday() if lexicon is None else lexicon)
        self._books: dict[str, _Book] = {}
        self._lock = threading.Lock()

    def read(self, text: str, language: str) -> Reading:
        """The phrases in a question; the longest wins. A language without entries is read for romaji only."""
        if language.startswith("zh"):
            return _characters(chinese.simplified(text), self._book("zh-Hans"), lambda _: True)
        if language in ("th", "my"):
            return _characters("".join(fold(text).split()), self._book(language), lambda _: True)
        if language in ("ko", "ne"):
            return _characters(fold(text), self._book(language), lambda before: not before.isalnum())
        return self._words(text, language)

    def _words(self, text: str, language: str) -> Reading:
        book, romaji = self._book(language), self._book("romaji")
        stem = _stemmer(language)
        words = _WORD.findall(fold(text))
        marked = _marked(text, language)
        stems = [stem(word) for word in words]
        spans: list[Found] = []
        for at in range(len(words)):
            for end in range(at + 1, min(len(words), at + _MOST_WORDS) + 1):
                key = " ".join(stems[at:end])
                if len(marked) == len(words) and marked[at:end] != words[at:end]:
                    key = " ".join(marked[at:end])  # who writes marks means them: bảo is not bão
                meanings = book.phrases.get(key) or _by_romaji(romaji, words[at:end])
                if meanings:
                    spans.append(Found(start=at, end=end, meanings=tuple(meanings)))
        found = _longest(spans, lambda f: sum(map(len, words[f.start : f.end])))
        known = sum(f.end - f.start for f in found) / max(1, len(words))
        return Reading(found=found, known=known)

    def _book(self, language: str) -> _Book:
        with self._lock:
            if language not in self._books:
                self._books[language] = self._made(language)
            return self._books[language]

    def _made(self, language: str) -> _Book:
        book = _Book()
        if language == "romaji":
            for reading, ja in readings(self._terms).items():
                key = romaji_key(romaji(reading))
                if len(key) >= _ROMAJI_LEAST:
                    book.add(key, ja)
            return book
        wanted = ("zh-Hans", "zh-Hant") if language == "zh-Hans" else (language,)
        for ja, local in [*((t.ja, t.local) for t in self._terms), *((e.ja, e.local) for e in self._everyday)]:
            for code, written in local:
                if code in wanted:
                    for form in written:
                        for key in _keys(form, language):
                            book.add(key, ja)
        return book


def _by_romaji(book: _Book, words: list[str]) -> list[Meaning] | None:
    return book.phrases.get(romaji_key("".join(words)))


def _characters(text: str, book: _Book, may_start: Callable[[str], bool]) -> Reading:
    """Phrases of a script whose words have no ends of their own: any may be followed by an ending."""
    spans = [
        Found(start=at, end=end, meanings=tuple(book.phrases[text[at:end]]))
        for at in range(len(text))
        if at == 0 or may_start(text[at - 1])
        for end in range(at + 1, min(len(text), at + book.longest) + 1)
        if text[at:end] in book.phrases
    ]
    found = _longest(spans, lambda f: f.end - f.start)
    letters = sum(c.isalnum() for c in text)
    return Reading(found=found, known=min(1.0, sum(f.end - f.start for f in found) / max(1, letters)))


def _longest(spans: Iterable[Found], length: Callable[[Found], int]) -> tuple[Found, ...]:
    """The longest spans that do not overlap, in order of the text."""
    kept: list[Found] = []
    for span in sorted(spans, key=lambda f: (-length(f), f.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda f: f.start))


def _keys(form: str, language: str) -> set[str]:
    if language == "zh-Hans":
        return {chinese.simplified(form)}
    if language in ("th", "my"):
        return {"".join(fold(form).split())}
    if language in ("ko", "ne"):
        return {fold(form)}
    stem = _stemmer(language)
    plain = " ".join(stem(word) for word in _WORD.findall(fold(form)))
    return {key for key in (plain, " ".join(_marked(form, language))) if key}


def _marked(text: str, language: str) -> list[str]:
    """The words with their marks, for a language whose marks make other words; else none."""
    return _MARKED_WORD.findall(unicodedata.normalize("NFC", text.lower())) if language == "vi" else []


def _stemmer(language: str) -> Callable[[str], str]:
    name = _STEMMERS.get(language)
    if name is None:
        return str
    # A new one each time: Snowball's stemmers keep state and are not safe to share between threads.
    made = Stemmer.Stemmer(name)

    def stem(word: str) -> str:
        short = str(made.stemWord(word))
        return short if len(short) >= _STEM_LEAST else word  # `aed` is no form of `a`

    return stem
