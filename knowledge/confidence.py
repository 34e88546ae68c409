"""How sure a search may be: the chance that its best text is right, and that the question is one for a town hall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, log1p, sqrt
from statistics import fmean

from knowledge.ranking import Features

_DEEP = 20  # texts that the best is compared with
_NEAR = 1.0  # log-odds
_CITED = 0.97  # who names a law article means it


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What certainty is made of; see `signals`."""

    fit: float  # log-odds of the best text's score
    ahead: float  # its distance to the second, log-odds
    near: float  # how many texts, itself included, are within 1 of it, log-odds
    dense_ahead: float  # its cosine less the best cosine of the others
    spread: float  # standard deviation of the ten best, log-odds
    letters: float  # 0-1: share of the question's letter pairs that the best has
    letters_ahead: float  # that, less the largest share of the others
    dense: float  # cosine of the best, not below 0
    asked: float  # 0-1, see ranking.Features
    covered: float  # 0-1
    unseen: float  # 0-1: share of the question's ideas that no passage has
    named: float  # see ranking.Features: 1 when the best is the law article that was asked for
    said: float  # ln(1 + summed idf of the question)
    known: float  # 0-1: share of a question in another language that was understood


@dataclass(frozen=True, slots=True, kw_only=True)
class Sureness:
    """Weights of two logistic models over Signals."""

    right: Mapping[str, float]  # signal → weight, and "bias"
    scope: Mapping[str, float]

    def of_right(self, s: Signals) -> float:
        """The probability, 0-1, that the best text answers the question."""
        return max(_logistic(self.right, s), _CITED if s.named == 1 else 0.0)

    def of_scope(self, s: Signals) -> float:
        """The probability, 0-1, that the question is one that a town hall answers."""
        return max(_logistic(self.scope, s), _CITED if s.named else 0.0)


DEFAULT_SURENESS = Sureness(
    right={"bias": -0.686, "fit": 0.215, "ahead": 0.839, "near": -0.042, "dense_ahead": 3.162, "spread": 0.277,
           "letters": -0.4, "letters_ahead": 1.554},
    scope={"bias": 3.474, "fit": 1.408, "dense": 3.181, "asked": 1.036, "unseen": -7.597, "said": 1.886,
           "known": -8.729},
)  # fmt: skip
"""Logistic regression over signals alone, never a text. Right or wrong: the dev parts of localgovfaq,
municipal_crosslingual, jsquad and taipei_faq, held-back questions of the demo city, and questions whose answer was
taken out of the knowledge, each group weighing the same. Scope: those questions against out_of_scope_ja and our own
examples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A text of a result as `signals` needs it."""

    score: float  # 0-1
    features: Features
    letters: float  # 0-1


def signals(ranked: Sequence[Ranked], *, unseen: float, mass: float, known: float) -> Signals:
    """The signals of a result, best first."""
    odds = [_log_odds(text.score) for text in ranked[:_DEEP]]
    best = ranked[0].features if ranked else None
    floor = _log_odds(0.0)
    top, rest = (odds[0], odds[1:]) if odds else (floor, [])
    return Signals(
        fit=max(top, -8.0),
        ahead=min(8.0, top - rest[0]) if rest else 8.0 if odds else 0.0,
        near=float(sum(z > top - _NEAR for z in odds)),
        dense_ahead=best.dense - max((r.features.dense for r in ranked[1:]), default=0.0) if best else 0.0,
        spread=_spread(odds[:10]),
        letters=ranked[0].letters if ranked else 0.0,
        letters_ahead=ranked[0].letters - max((r.letters for r in ranked[1:_DEEP]), default=0.0) if ranked else 0.0,
        dense=max(0.0, best.dense) if best else 0.0,
        asked=best.asked if best else 0.0,
        covered=best.covered if best else 0.0,
        unseen=unseen,
        named=best.named if best else 0.0,
        said=log1p(mass),
        known=known,
    )


def _spread(odds: Sequence[float]) -> float:
    """The standard deviation; statistics.pstdev is exact by fractions, which costs a tenth of a search."""
    if len(odds) < 2:
        return 0.0
    mean = fmean(odds)
    return sqrt(fmean((z - mean) ** 2 for z in odds))


def _logistic(weights: Mapping[str, float], s: Signals) -> float:
    z = weights["bias"] + sum(weight * getattr(s, name) for name, weight in weights.items() if name != "bias")
    return 1 / (1 + exp(-max(-30.0, min(30.0, z))))


def _log_odds(score: float) -> float:
    bounded = min(max(score, 1e-6), 1 - 1e-6)
    return log(bounded / (1 - bounded))
