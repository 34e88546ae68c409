"""やさしさの点数: how easy a Japanese text is to read, 0-100, part by part, with every place that can be made easier.

The parts follow 出入国在留管理庁・文化庁『在留支援のためのやさしい日本語ガイドライン』(2020).
Readings in brackets are taken off first. What stands in brackets counts neither for the length of its sentence nor as
easy words beside it, so that adding explanations can't thin out hard words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.language.plain.marks import Place, dates, double_negations, honorifics, passives
from assistant.language.plain.sentences import pieces, without_brackets
from assistant.language.plain.spacing import phrases
from assistant.language.plain.vocabulary import Level, kanji_grades, level
from assistant.language.plain.word import Word, words

LONG = 50  # characters: a longer sentence is a finding
_READING = re.compile("(?<=[\u3400-\u9fff々ァ-ヺーA-Za-z0-9０-９])[（(][ぁ-ゖー・ 　]+(?:[）)]|(?==))")
_READING_TO = re.compile("(?<=[\u3400-\u9fff々ァ-ヺーA-Za-z0-9０-９][（(])[ぁ-ゖァ-ヺー・ 　]+(?=＝)")
_KANA = re.compile("[ぁ-ゖァ-ヺー]")
_BY_GRADE = (1.0, 0.0, 0.0, 0.25, 0.5, 0.75, 0.75)  # index: school year, 0 = none
_IN_BRACKETS = re.compile("[（(]([^（）()]*)[）)]")
_TELLS = re.compile("[ぁ-ゖ]")


class Kind(StrEnum):
    """What a finding is about."""

    LONG = "long"
    HARD = "hard"
    OFFICIAL = "official"
    LOAN = "loan"
    PASSIVE = "passive"
    HONORIFIC = "honorific"
    DOUBLE_NEGATION = "double_negation"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place that can be made easier."""

    kind: Kind
    start: int  # place in the text as it was given, characters
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the score."""

    name: str
    points: float  # 0 to most
    most: float
    figure: float  # what was measured, in the unit that PARTS tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How easy a text is; the points of the parts add up to the total."""

    total: float  # 0 (hard) to 100 (easy)
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]  # in order of the text


PARTS: dict[str, tuple[float, float, float]] = {
    "mean_letters": (12, 20, 60),  # of a sentence, without brackets and spaces
    "longest": (8, 30, 90),  # letters of the longest sentence
    "mean_phrases": (10, 6, 16),  # 文節 of a sentence
    "hard_words": (35, 0, 0.5),  # share of content words; an explained one counts a third
    "kanji": (10, 0, 0.25),  # difficulty 0-1 by school year, mean over kana and kanji
    "passive": (5, 0, 0.5),  # passives and causatives a sentence
    "honorific": (8, 0, 0.5),  # a sentence
    "double_negation": (4, 0, 0.25),  # a sentence
    "loanwords": (4, 0, 1),  # not everyday and not explained, a sentence
    "dates": (4, 0, 1),  # share of dates without weekday or Western year
}
"""Part → its points, the figure that gets all of them, the figure that gets none; linear between."""


def score(text: str) -> Score:
    """How easy the text is. A text without letters gets 100; arbitrary text never raises."""
    stripped, places = without_readings(text)
    look = _Look(stripped)
    made = []
    for name, (most, best, worst) in PARTS.items():
        figure = look.figures[name]
        ease = min(1.0, max(0.0, (worst - figure) / (worst - best)))
        made.append(Part(name=name, points=most * ease, most=most, figure=figure))
    findings = tuple(
        Finding(kind=kind, start=places[start], end=places[end - 1] + 1, text=stripped[start:end])
        for kind, (start, end) in sorted(set(look.found), key=lambda f: (f[1], f[0]))
        if end > start
    )
    return Score(total=sum(part.points for part in made), parts=tuple(made), findings=findings)


def without_readings(text: str) -> tuple[str, list[int]]:
    """The text without readings in brackets, and where each of its characters stood in the text."""
    gone = [match.span() for pattern in (_READING, _READING_TO) for match in pattern.finditer(text)]
    dropped = {place for start, end in gone for place in range(start, end)}
    places = [place for place in range(len(text)) if place not in dropped]
    return "".join(text[place] for place in places), places


class _Look:
    """Goes through a text once and measures all parts."""

    def __init__(self, text: str) -> None:
        self.found: list[tuple[Kind, Place]] = []
        self.letters: list[int] = []
        self.phrases: list[int] = []
        self.content = 0
        self.hard = 0.0
        self.loans = self.passive = self.honorific = self.double = self.dates = self.bad_dates = 0
        self.explained: set[str] = set()
        at = 0
        for piece in pieces(text):
            start = at + len(piece.lead)
            if re.search(r"\w", piece.text):
                self._sentence(piece.text, start)
            at = start + len(piece.text) + len(piece.tail)
        count = max(1, len(self.letters))
        self.figures = {
            "mean_letters": sum(self.letters) / count, "longest": float(max(self.letters, default=0)),
            "mean_phrases": sum(self.phrases) / count, "hard_words": self.hard / max(1, self.content),
            "kanji": _kanji(text), "passive": self.passive / count, "honorific": self.honorific / count,
            "double_negation": self.double / count, "loanwords": self.loans / count,
            "dates": self.bad_dates / max(1, self.dates),
        }  # fmt: skip

    def _sentence(self, text: str, start: int) -> None:
        found = words(text)
        inside = _inside(text)
        self._length(text, found, inside, start)
        self._words(text, found, inside, start)
        for kind, marks in (
            (Kind.PASSIVE, list(passives(found))), (Kind.HONORIFIC, list(honorifics(found))),
            (Kind.DOUBLE_NEGATION, list(double_negations(text))),
            (Kind.DATE, [place for place, fine in dates(text) if not fine]),
        ):  # fmt: skip
            self.found += [(kind, (start + first, start + last)) for first, last in marks]
            self.passive += len(marks) if kind is Kind.PASSIVE else 0
            self.honorific += len(marks) if kind is Kind.HONORIFIC else 0
            self.double += len(marks) if kind is Kind.DOUBLE_NEGATION else 0
            self.bad_dates += len(marks) if kind is Kind.DATE else 0
        self.dates += sum(1 for _ in dates(text))

    def _length(self, text: str, found: list[Word], inside: set[int], start: int) -> None:
        letters = _letters(without_brackets(text))
        self.letters.append(letters)
        self.phrases.append(sum(1 for p in phrases([w for w in found if w.start not in inside]) if p[0].text.strip()))
        # A long aside is a sentence of its own, so that nothing hides in brackets.
        self.letters += [n for aside in _IN_BRACKETS.findall(text) if (n := _letters(aside)) > 30]
        self.phrases += [0] * (len(self.letters) - len(self.phrases))
        if letters > LONG:
            self.found.append((Kind.LONG, (start, start + len(text))))

    def _words(self, text: str, found: list[Word], inside: set[int], start: int) -> None:
        for n, word in enumerate(found):
            hardness = level(word)
            if hardness in (Level.GRAMMAR, Level.NAME):
                continue
            outside = word.start not in inside
            self.content += outside
            if hardness is Level.BASIC:
                continue
            if _explained(text, found, n):
                self.explained.add(word.text)
            if word.text in self.explained:
                self.hard += 1 / 3
                continue
            self.hard += 1
            self.loans += hardness is Level.LOAN
            kind = {Level.LOAN: Kind.LOAN, Level.OFFICIAL: Kind.OFFICIAL}.get(hardness, Kind.HARD)
            self.found.append((kind, (start + word.start, start + word.end)))


def _letters(text: str) -> int:
    return sum(not sign.isspace() for sign in text)


def _inside(text: str) -> set[int]:
    """The places that stand in round brackets."""
    depth, found = 0, set()
    for place, sign in enumerate(text):
        depth -= sign in "）)" and depth > 0
        if depth:
            found.add(place)
        depth += sign in "（("
    return found


def _explained(text: str, found: list[Word], at: int) -> bool:
    """True when words in brackets behind the noun, or behind the compound that it is in, tell what it means."""
    last = at
    while last + 1 < len(found) and found[last].noun and found[last + 1].noun:
        last += 1
    aside = _IN_BRACKETS.match(text, found[last].end)
    return aside is not None and _TELLS.search(aside[1]) is not None


def _kanji(text: str) -> float:
    grades = kanji_grades()
    hard: Iterable[float] = [_BY_GRADE[grades.get(sign, 0)] for sign in text if "\u3400" <= sign <= "\u9fff"]
    total = sum(1 for sign in text if "\u3400" <= sign <= "\u9fff" or _KANA.match(sign))
    return sum(hard) / total if total else 0.0
