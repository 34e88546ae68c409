"""How names are looked for in a question, by how its language is written.

Languages with spaces are compared word by word, without endings; Chinese, Korean, Thai and Burmese letter by letter,
where a word can begin and end; Japanese by its dictionary's words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import jaconv

from assistant.answering.cues import asking_words, cue_words, is_cue
from assistant.answering.endings import stem
from assistant.language.devanagari import romanised
from assistant.language.folders import pattern_language
from assistant.language.formats import formats
from knowledge.chinese import simplified
from knowledge.tokens import fold, tokens

_WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0963])+")
_ASCII = re.compile("[a-z0-9]+")
_AFTER_NOUN = re.compile("[のをはがもって、 ]")
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_TONED = ("vi",)  # who types a diacritic anywhere means all of them: 'ti vi' is a television, 'ví' a purse
_SHORT = {"ja": 2, "zh": 1, "ko": 2, "th": 3, "my": 4}  # letters that could stand in any sentence by chance
_SHARED_RUN = 0.6  # share of what a Chinese question is about that a name must hold in one piece
# What stands before or after is part of the same syllable: a Thai or Burmese name can't end or begin there.
_LEADING = re.compile("[\u0e40-\u0e44\u1039]$")
_FOLLOWING = re.compile(
    "[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e\u102b-\u103e\u1056-\u1059\u105e-\u1060]|[\u1000-\u1021]\u1037?[\u1039\u103a]"
)
_PARTICLES = re.compile("(?:은요?|는요?|이요?|가|을|를|도|의|에|로|으로|와|과|랑|이랑|하고|만|요|같은|들은?|들을?)$")


@dataclass(frozen=True, slots=True)
class Name:
    """A row's name, folded as its language is compared."""

    text: str
    row: int
    marked: str = ""  # with the diacritics that `text` has lost; empty: the same

    @property
    def size(self) -> int:
        """Letters of the name."""
        return len(self.text.replace(" ", ""))


class Question(Protocol):
    """A question made ready for one language: folded once, its content measured once."""

    size: int  # letters of what it is about, beside cue words and grammar; 1 at least

    def near(self, name: Name) -> bool:
        """A cheap test that every name passes which the question holds."""

    def holds(self, name: Name) -> bool:
        """True when the name stands in the question."""

    def is_about(self, name: Name) -> bool:
        """True when the name holds all that the question is about: 'mattress' for 'Bed mattress (spring)'."""


def folded_names(name: str, row: int, language: str) -> Iterable[Name]:
    """The forms under which a name is found; Nepali ones also as people type them in Latin letters."""
    base = pattern_language(language)
    if base == "ja":
        yield Name(_kana(name), row)
    elif not formats(language).spaced:
        yield Name(_tight(name, base), row)
    else:
        yield from _spaced_names(name, row, language)


def question_in(text: str, language: str, *, asker: str) -> Question:
    """The question as texts of `language` are compared; `asker` is the language that it was asked in."""
    base = pattern_language(language)
    if base == "ja":
        return _Japanese(text, language, foreign=pattern_language(asker) != "ja")
    return _Spaced(text, language) if formats(language).spaced else _Tight(text, language)


class _Spaced:
    def __init__(self, text: str, language: str) -> None:
        found = _words(text, language)
        self._words = [word for word, _ in found]
        self._text = f" {' '.join(self._words)} "
        self._marked = f" {' '.join(marked for _, marked in found)} "
        self._strict = language in _TONED and not text.isascii()
        folded = [word for word in tokens(text, language) if not is_cue(word, language) and len(word) > 1]
        self._about = {stem(word, language) for word in folded}
        self.size = max(1, sum(map(len, self._about)))

    def near(self, name: Name) -> bool:
        return f" {name.text} " in self._text

    def holds(self, name: Name) -> bool:
        marked = name.marked or name.text
        if name.size < 2 and marked == name.text:
            return False
        if not self._strict and not name.marked:
            return True
        if self._strict or name.size < 2:  # ô is an umbrella, and o is everywhere
            return f" {marked} " in self._marked
        size = len(name.text.split(" "))
        for at in range(len(self._words) - size + 1):
            if self._words[at : at + size] == name.text.split(" "):
                typed = self._marked.split()[at : at + size]
                # A word typed without diacritics may be any; one typed with them is that one.
                if all(word in (own, plain) for word, own, plain in
                       zip(typed, marked.split(" "), name.text.split(" "), strict=True)):  # fmt: skip
                    return True
        return False

    def is_about(self, name: Name) -> bool:
        return bool(self._about) and self._about <= set(name.text.split(" "))


class _Tight:
    def __init__(self, text: str, language: str) -> None:
        self._base = pattern_language(language)
        runs = [_tight(run, self._base) for run in _runs(text)]
        self._text = "".join(runs)
        self._begins = _beginnings(runs)
        self._about = _korean_content(runs, language) if self._base == "ko" else _content(self._text, language)
        self.size = max(1, sum(map(len, self._about)))

    def near(self, name: Name) -> bool:
        return name.text in self._text

    def holds(self, name: Name) -> bool:
        at = self._text.find(name.text)
        while at >= 0:
            if self._fits(name.text, at):
                return True
            at = self._text.find(name.text, at + 1)
        return False

    def _fits(self, name: str, at: int) -> bool:
        before, after = self._text[:at], self._text[at + len(name) :]
        if _LEADING.search(before) or _FOLLOWING.match(after):
            return False
        if len(name) > _SHORT[self._base]:
            return True
        if self._base == "ko" and len(name) > 1:
            return at in self._begins or len(self._begins) == 1
        if name in self._about or (not self._about and cue_words(self._base).fullmatch(name)):  # 罐 is a cue too
            return True
        # In Thai the noun comes first: มีด of มีดเก่า.
        return self._base in ("th", "my") and len(name) > 2 and any(each.startswith(name) for each in self._about)

    def is_about(self, name: Name) -> bool:
        if self._base == "zh":
            return any(
                _shared_run(word, name.text) >= max(2, round(len(word) * _SHARED_RUN)) for word in self._about
            )  # fmt: skip
        return bool(self._about) and all(len(word) > 1 and word in name.text for word in self._about)


class _Japanese:
    def __init__(self, text: str, language: str, *, foreign: bool) -> None:
        self._foreign = foreign
        self._plain = language != "ja"
        self._text = _kana(text)
        self._words = set() if self._plain else {_kana(word) for word in tokens(text, "ja")}
        self._about = [word for word in tokens(text, "ja") if not is_cue(word, "ja")]
        self.size = max(1, sum(map(len, self._about)))

    def near(self, name: Name) -> bool:
        return name.text in self._text

    def holds(self, name: Name) -> bool:
        if name.text not in self._text:
            return False
        if self._plain:
            return len(name.text) >= _SHORT["ja"]
        if name.text.isascii():  # TV, PC
            return f" {name.text} " in f" {' '.join(_ASCII.findall(fold(self._text)))} "
        long = len(name.text) > _SHORT["ja"]
        if self._foreign:  # 机 is a desk in Japanese and a part of 电视机 in Chinese; a button sends it in front
            return long or self._text.startswith(f"{name.text} ")
        named = self._text.startswith(name.text) and _AFTER_NOUN.match(self._text, len(name.text))
        return long or self._text == name.text or bool(named) or name.text in self._words

    def is_about(self, name: Name) -> bool:
        return False


def _spaced_names(name: str, row: int, language: str) -> Iterable[Name]:
    for form in dict.fromkeys((name, *(romanised(name) if _DEVANAGARI.search(name) else ()))):
        found = _words(form, language)
        text, marked = (" ".join(words) for words in zip(*found, strict=True)) if found else ("", "")
        yield Name(text, row, marked if marked != text else "")


def _words(text: str, language: str) -> list[tuple[str, str]]:
    """(without diacritics and ending, with its diacritics) of each word."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return [(stem(fold(word), language), stem(word, language)) for word in _WORD.findall(plain)]


@lru_cache(maxsize=50_000)
def _tight(text: str, base: str) -> str:
    plain = fold(simplified(unicodedata.normalize("NFKC", text)) if base == "zh" else text)
    return "".join(filter(_is_letter, plain))


def _runs(text: str) -> list[str]:
    """Pieces of the text between spaces and signs."""
    return "".join(c if _is_letter(c) else " " for c in unicodedata.normalize("NFKC", text)).split()


def _is_letter(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter) in ("Mn", "Mc")


def _beginnings(runs: list[str]) -> frozenset[int]:
    at, found = 0, set()
    for run in runs:
        found.add(at)
        at += len(run)
    return frozenset(found)


def _content(text: str, language: str) -> list[str]:
    return cue_words(language).sub(" ", text).split()


def _korean_content(runs: list[str], language: str) -> list[str]:
    """What each word begins with before a cue or a particle: 냉장고 of 냉장고를버리는법."""
    found = []
    for run in runs:
        asks = run in asking_words(language) or any(len(w) > 1 and run.startswith(w) for w in asking_words(language))
        cue = min((match.start() for match in cue_words(language).finditer(run) if len(match[0]) > 1), default=len(run))
        noun = run[:cue]
        bare = _PARTICLES.sub("", noun) or noun
        if not asks and bare:
            found.append(bare)
    return found


def _shared_run(a: str, b: str) -> int:
    """Length of the longest run of characters that both hold."""
    return max((n for n in range(len(a), 0, -1) for i in range(len(a) - n + 1) if a[i : i + n] in b), default=0)


def _kana(text: str) -> str:
    return str(jaconv.kata2hira(unicodedata.normalize("NFKC", text).lower()))
