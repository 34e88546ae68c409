"""How well a passage fits a question: a few features and a logistic score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp

from knowledge.passage import Kind, Layer
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
        )
        return 1 / (1 + exp(-z))


DEFAULT_SCORER = Scorer(bias=-3.5, lexical=3.1, dense=3.1, asked=0.9, covered=1.5, law=-0.8, far=-0.6)
"""Weights chosen on localgovfaq dev by SR@1 and Recall@10, then scaled (Platt, 1999) so that a score is about the
probability that the passage is right, where as many questions are out of scope as a third of all."""

_FAR = {Layer.TOWN: 0.0, Layer.PREFECTURE: 0.5, Layer.NATION: 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A question's words with their idf, made once for all candidates of a shelf."""

    idf: dict[str, float]
    mass: float  # sum of the idf of all words

    @staticmethod
    def of(words: Sequence[str], idf: Idf) -> Wanted:
        """The words' idf in one shelf."""
        weights = {word: idf(word) for word in words}
        return Wanted(idf=weights, mass=sum(weights.values()) or 1.0)


def features(wanted: Wanted, row: Row, masses: Sequence[float], lexical: float, dense: float) -> Features:
    """The features of one passage; `masses` are the summed idf of the row's wordings, in order."""
    weights = wanted.idf
    covered = sum([weights[word] for word in weights.keys() & row.held]) / wanted.mass
    asked = 0.0
    for wording, mass in zip(row.wordings, masses, strict=True):
        shared = sum([weights[word] for word in weights.keys() & wording])
        if shared:
            asked = max(asked, 2 * shared / (wanted.mass + mass))
    return Features(
        lexical=lexical,
        dense=dense,
        asked=asked,
        covered=covered,
        law=float(row.passage.kind is Kind.LAW),
        far=_FAR[row.passage.layer],
    )
