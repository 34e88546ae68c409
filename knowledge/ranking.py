"""How well a passage fits a question: a few features and a logistic score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp

from knowledge.asking import Slot
from knowledge.passage import Hit, Kind, Layer
from knowledge.rows import Row

Idf = Callable[[str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What the score is made of; each 0-1 (dense: cosine, below 0 counts as 0)."""

    lexical: float  # share of the best possible BM25
    dense: float  # cosine of the nearest vector of the passage
    asked: float  # idf-weighted F1 with the nearest asked question or the title
    covered: float  # idf-weighted share of the question's words that the passage holds anywhere
    law: float  # 1 for a law: residents ask about procedures first
    far: float  # 0 town, 0.5 prefecture, 1 nation: the nearer layer wins
    named: float = 0.0  # 1: it is the law article that the question names; 0.5: it cites that article


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A text's best passage, in the asker's language where there is one, and why it scored so."""

    hit: Hit
    features: Features
    letters: float = 0.0  # 0-1: share of the question's letter pairs that the passage has


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """Weights of a logistic score."""

    bias: float
    lexical: float
    dense: float
    asked: float
    covered: float
    law: float
    far: float
    named: float = 0.0

    def score(self, f: Features) -> float:
        """A number in 0-1 that grows with the fit, comparable across questions."""
        z = (
            self.bias
            + self.lexical * f.lexical
            + self.dense * max(0.0, f.dense)
            + self.asked * f.asked
            + self.covered * f.covered
            + self.law * f.law
            + self.far * f.far
            + self.named * f.named
        )
        return 1 / (1 + exp(-z))


DEFAULT_SCORER = Scorer(bias=-3.6, lexical=3.1, dense=3.0, asked=1.2, covered=1.9, law=-0.8, far=-0.6, named=4.0)
"""Weights chosen on localgovfaq dev by SR@1 and Recall@10, then scaled (Platt, 1999) so that a score is about the
probability that the passage is right, where as many questions are out of scope as a third of all."""

_LEAST_KNOWN = 0.25  # share of a question below which less is not told apart
_FAR = {Layer.TOWN: 0.0, Layer.PREFECTURE: 0.5, Layer.NATION: 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A question's slots weighed in one shelf, made once for all its candidates."""

    plain: dict[str, float]  # words that are slots by themselves → idf
    slots: tuple[tuple[frozenset[str], tuple[Option, ...]], ...]  # the others: their words, their alternatives
    words: frozenset[str]  # of both
    mass: float  # what a passage could reach that meets every slot

    @staticmethod
    def of(slots: Sequence[Slot], idf: Idf, seen: Callable[[str], bool], *, own: bool,
           known: float = 1.0) -> Wanted:  # fmt: skip
        """The slots' weight in a shelf whose words have this idf; `seen` tells whether it has a word at all.

        What a question says and no passage has weighs fully when the shelf is in the question's `own` language: the
        answer may be missing. In another language it weighs nothing, for the shelf just does not speak it; `known`
        (0-1) is then the share of the question that was understood, and what was not keeps the score down.
        """
        plain: dict[str, float] = {}
        others: list[tuple[Option, ...]] = []
        mass = 0.0
        for slot in slots:
            options = _options(slot, idf, seen, own=own)
            if not options:
                continue
            if len(options) == 1 and len(options[0].words) == 1:
                plain[options[0].words[0][0]] = options[0].most
            else:
                others.append(options)
                mass += max(option.most for option in options)
        total = (mass + sum(plain.values())) / (1.0 if own else max(known, _LEAST_KNOWN))
        words = tuple(frozenset(word for option in options for word, _ in option.words) for options in others)
        return Wanted(plain=plain, slots=tuple(zip(words, others, strict=True)), words=frozenset(plain).union(*words),
                      mass=total or 1.0)  # fmt: skip

    def met(self, held: frozenset[str]) -> float:
        """How much of `mass` these words meet; each slot by the best of its alternatives."""
        # Most passages hold few of the words: only what these touch is looked at, see eval.bench.search.
        found = self.words & held
        if not found:
            return 0.0
        plain = self.plain
        total = sum([plain[word] for word in plain.keys() & found])
        for words, options in self.slots:
            if not words.isdisjoint(found):
                total += max([option.met(found) for option in options])
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An alternative weighed in one shelf."""

    words: tuple[tuple[str, float], ...]  # word, weight × idf
    most: float  # their sum

    def met(self, held: frozenset[str]) -> float:
        """The sum over the words that are held."""
        return sum([value for word, value in self.words if word in held])


def _options(slot: Slot, idf: Idf, seen: Callable[[str], bool], *, own: bool) -> tuple[Option, ...]:
    known = [a for a in slot.alternatives if any(seen(word) for word in a.words)]
    if not known and own:
        known = list(slot.alternatives[:1])
    options = []
    for alternative in known:
        words = tuple((word, alternative.weight * idf(word)) for word in alternative.words)
        options.append(Option(words=words, most=sum(value for _, value in words)))
    return tuple(options)


def moved(score: float, by: float) -> float:
    """The score (0-1) moved by this many log-odds."""
    bounded = min(max(score, 1e-9), 1 - 1e-9)
    return 1 / (1 + (1 - bounded) / bounded * exp(-by))


def features(
    wanted: Wanted, row: Row, masses: Sequence[float], lexical: float, dense: float,
    articles: frozenset[str] = frozenset(),
) -> Features:  # fmt: skip
    """The features of one passage; `masses` are the summed idf of the row's wordings, `articles` those named."""
    asked = 0.0
    for wording, mass in zip(row.wordings, masses, strict=True):
        shared = wanted.met(wording)
        if shared:
            asked = max(asked, 2 * shared / (wanted.mass + mass))
    return Features(
        lexical=lexical,
        dense=dense,
        asked=min(1.0, asked),
        covered=wanted.met(row.held) / wanted.mass,
        law=float(row.passage.kind is Kind.LAW),
        far=_FAR[row.passage.layer],
        named=_named(row, articles),
    )


def _named(row: Row, articles: frozenset[str]) -> float:
    if not articles or not articles & row.held:
        return 0.0
    return 1.0 if articles & row.wordings[0] else 0.5
