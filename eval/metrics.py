"""Ranking metrics of one query, and means with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2, sqrt

import numpy as np

RESAMPLES = 2000
_SEED = 20261120

METRICS = ("SR@1", "SR@3", "SR@5", "P@5", "MAP", "MRR", "nDCG@10", "Recall@10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean with its 95 % percentile bootstrap interval (Efron & Tibshirani 1993)."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def of_query(ranked: Sequence[str], grades: Mapping[str, int]) -> dict[str, float]:
    """All METRICS of one query; `ranked` is best first, relevant means grade ≥ 1.

    MAP, P@k, MRR, Recall: trec_eval's definitions (MAP over the whole ranking given). nDCG: gain 2^grade - 1,
    discount log2(rank + 1) (Burges et al. 2005).
    """
    relevant = {doc for doc, grade in grades.items() if grade >= 1}
    places = [rank for rank, doc in enumerate(ranked, 1) if doc in relevant]
    first = places[0] if places else None
    gains = [(2 ** max(0, grades.get(doc, 0)) - 1) / log2(rank + 1) for rank, doc in enumerate(ranked[:10], 1)]
    best = sorted((2 ** max(0, g) - 1 for g in grades.values()), reverse=True)[:10]
    ideal = sum(gain / log2(rank + 1) for rank, gain in enumerate(best, 1))
    return {
        "SR@1": float(first is not None and first <= 1),
        "SR@3": float(first is not None and first <= 3),
        "SR@5": float(first is not None and first <= 5),
        "P@5": sum(rank <= 5 for rank in places) / 5,
        "MAP": sum(n / rank for n, rank in enumerate(places, 1)) / len(relevant) if relevant else 0.0,
        "MRR": 1 / first if first else 0.0,
        "nDCG@10": sum(gains) / ideal if ideal else 0.0,
        "Recall@10": sum(rank <= 10 for rank in places) / len(relevant) if relevant else 0.0,
    }


def estimate(values: Sequence[float]) -> Estimate:
    """Mean and interval over queries. Raises ValueError without values."""
    if not values:
        raise ValueError("no values to take a mean of")
    array = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(_SEED).integers(0, len(array), size=(RESAMPLES, len(array)))
    means = array[draws].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(mean=float(array.mean()), low=float(low), high=float(high), n=len(array))


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927). Raises ValueError when `of` is 0."""
    if not of:
        raise ValueError("no cases to take a share of")
    z, share = 1.959964, right / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def recall_by_depth(ranked: Sequence[str], grades: Mapping[str, int], depths: Sequence[int]) -> list[float]:
    """Of the relevant documents the share among the first k, for each k."""
    relevant = {doc for doc, grade in grades.items() if grade >= 1}
    places = [rank for rank, doc in enumerate(ranked, 1) if doc in relevant]
    return [sum(rank <= k for rank in places) / len(relevant) if relevant else 0.0 for k in depths]
