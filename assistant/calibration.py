"""From which confidence on to answer, so that wrong answers stay as rare as the town demands.

Learn-then-Test with a fixed sequence (Angelopoulos, Bates, Candès, Jordan & Lei, arXiv:2110.01052): thresholds are
tried from the strictest on; each is kept while the hypothesis 'more than alpha of what is answered is wrong' is refuted
by an exact binomial test at level delta. With chance 1 - delta or more, at most alpha of the answers are then wrong,
for questions like those that were judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, lgamma, log, log1p
from math import exp as e_to

NEVER = 1.01
"""A threshold that no confidence reaches: everything goes to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An answer that somebody judged, or that a labelled question judges."""

    confidence: float  # 0-1
    right: bool
    language: str
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What the town demands."""

    alpha: float = 0.05  # 0-1: share of answers that may be wrong
    delta: float = 0.1  # 0-1: chance that the promise fails

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1 or not 0 < self.delta < 1:
            raise ValueError("alpha and delta lie between 0 and 1")

    @property
    def least(self) -> int:
        """How many answers, all right, the strictest threshold needs to be proven."""
        return ceil(log(self.delta) / log1p(-self.alpha))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Thresholds of a town; a language or topic without enough judged answers has the stricter `cautious` one."""

    answer: float
    cautious: float
    languages: tuple[tuple[str, float], ...] = ()
    topics: tuple[tuple[str, float], ...] = ()
    alpha: float = 0.05
    delta: float = 0.1
    judged: int = 0

    def __post_init__(self) -> None:
        thresholds = (self.answer, self.cautious, *(value for _, value in (*self.languages, *self.topics)))
        if not all(0 <= value <= NEVER for value in thresholds):  # also when one is not a number
            raise ValueError("a threshold lies between 0 and NEVER")

    def threshold(self, language: str, topic: str) -> float:
        """The confidence from which to answer: the strictest that applies."""
        of_language = dict(self.languages).get(language, self.cautious)
        return max(of_language, dict(self.topics).get(topic, self.answer))


def calibrate(cases: Sequence[Judged], limit: Limit) -> Calibration:
    """The thresholds that these cases prove; NEVER where they prove none.

    `cautious` halves the distance between the town's threshold and certainty.
    """
    answer = threshold(cases, limit)
    cautious = NEVER if answer >= 1 else (1 + answer) / 2
    groups = {language: [c for c in cases if c.language == language] for language in {c.language for c in cases}}
    topics = {topic: [c for c in cases if c.topic == topic] for topic in {c.topic for c in cases} if topic}
    return Calibration(
        answer=answer,
        cautious=cautious,
        languages=tuple(sorted((k, _of_group(v, limit, cautious)) for k, v in groups.items())),
        topics=tuple(sorted((k, _of_topic(v, limit)) for k, v in topics.items() if len(v) >= 2 * limit.least)),
        alpha=limit.alpha,
        delta=limit.delta,
        judged=len(cases),
    )


def threshold(cases: Sequence[Judged], limit: Limit) -> float:
    """The lowest confidence from which on at most alpha of the answers are wrong, by the test; NEVER when none is.

    Ties in confidence are answered together. The first threshold answers `limit.least` cases, which depends on no
    label; the sequence ends at the first one that the test does not refute.
    """
    ordered = sorted(cases, key=lambda case: -case.confidence)
    proven, wrong = NEVER, 0
    for n, case in enumerate(ordered, 1):
        wrong += not case.right
        if n < limit.least or (n < len(ordered) and ordered[n].confidence == case.confidence):
            continue
        if binomial_tail(wrong, n, limit.alpha) > limit.delta:
            break
        proven = case.confidence
    return proven


def binomial_tail(k: int, n: int, p: float) -> float:
    """P(X <= k) for X ~ Binomial(n, p), exact."""
    if k >= n:
        return 1.0
    logs = [lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * log(p) + (n - i) * log1p(-p) for i in range(k + 1)]
    return min(1.0, sum(e_to(value) for value in logs))


def _of_group(cases: Sequence[Judged], limit: Limit, cautious: float) -> float:
    """A language's own threshold; the cautious one while too few of its answers were judged."""
    return threshold(cases, limit) if len(cases) >= 2 * limit.least else cautious


def _of_topic(cases: Sequence[Judged], limit: Limit) -> float:
    return threshold(cases, limit)
