"""How well confidences tell right from wrong: AUROC, risk against coverage, reliability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics import RESAMPLES, Estimate

_SEED = 20261121


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One threshold: the share that is answered and the share of these that is wrong, both 0-1."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Cases of like confidence: mean confidence, share that was right, how many."""

    confidence: float
    right: float
    n: int


def auroc(above: Sequence[float], below: Sequence[float]) -> Estimate:
    """The chance that a score of `above` beats one of `below`, ties half; 95 % bootstrap interval over both groups.

    Raises ValueError when either is empty.  Source: Hanley & McNeil, Radiology 1982.
    """
    if not above or not below:
        raise ValueError("AUROC needs cases on both sides")
    high, low = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    rng = np.random.default_rng(_SEED)
    draws = [_area(rng.choice(high, len(high)), rng.choice(low, len(low))) for _ in range(RESAMPLES // 4)]
    lower, upper = np.percentile(draws, [2.5, 97.5])
    return Estimate(mean=_area(high, low), low=float(lower), high=float(upper), n=len(high) + len(low))


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[Point]:
    """A point for each distinct confidence, the strictest first (El-Yaniv & Wiener, JMLR 2010)."""
    order = np.argsort(-np.asarray(confidences, dtype=np.float64), kind="stable")
    points: list[Point] = []
    wrong = 0
    for n, place in enumerate(order, 1):
        wrong += not right[place]
        last = n == len(order) or confidences[order[n]] < confidences[place]
        if last:
            points.append(Point(threshold=float(confidences[place]), coverage=n / len(order), risk=wrong / n))
    return points


def area_under_risk(points: Sequence[Point]) -> float:
    """The mean risk over all coverages: 0 is perfect."""
    total, before = 0.0, 0.0
    for point in points:
        total += point.risk * (point.coverage - before)
        before = point.coverage
    return total


def reliability(confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> list[Bin]:
    """Equal-width bins of confidence that hold cases."""
    values, truth = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)
    places = np.minimum((values * bins).astype(int), bins - 1)
    return [
        Bin(confidence=float(values[at].mean()), right=float(truth[at].mean()), n=int(at.sum()))
        for at in (places == n for n in range(bins))
        if at.any()
    ]


def calibration_error(found: Sequence[Bin]) -> float:
    """The expected calibration error of the bins (Naeini et al., AAAI 2015)."""
    total = sum(b.n for b in found)
    return sum(b.n * abs(b.confidence - b.right) for b in found) / total if total else 0.0


def _area(high: np.ndarray, low: np.ndarray) -> float:
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, side="left")
    upto = np.searchsorted(ordered, high, side="right")
    return float((below + upto).mean() / 2 / len(low))
