"""Two systems on the same queries: is the difference more than chance?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from eval.metrics import METRICS, RESAMPLES, of_query
from eval.retrieval import Ranking, Run
from eval.sets import LabelledSet, SetError

_SEED = 20261122
_SHUFFLES = 10_000
_EXACT = 12  # queries up to which every way to swap is tried: 2^12 = 4,096


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Mean over queries of ours less theirs, its 95 % interval, and how often chance alone does as much."""

    mean: float
    low: float
    high: float
    p: float  # 0-1, two-sided
    n: int

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}] p={self.p:.4f}"


Comparison = dict[str, dict[str, Difference]]
"""Group ("all" or a language) → metric → difference."""


def compare(labelled: LabelledSet, ours: Run, theirs: Run) -> Comparison:
    """All metrics over all queries and over each language's; a query that a run lacks found nothing in it."""
    groups: dict[str, list[dict[str, float]]] = {}
    for query in labelled.queries:
        grades = labelled.qrels[query.id]
        mine, other = (of_query([doc for doc, _ in run.rankings.get(query.id, [])], grades) for run in (ours, theirs))
        for group in ("all", query.lang):
            groups.setdefault(group, []).append({metric: mine[metric] - other[metric] for metric in METRICS})
    return {
        group: {metric: difference([each[metric] for each in found]) for metric in METRICS}
        for group, found in groups.items()
    }  # fmt: skip


def difference(values: Sequence[float]) -> Difference:
    """The mean of paired differences with its interval and p. Raises ValueError without values.

    Interval: paired percentile bootstrap (Efron & Tibshirani 1993). p: Fisher's randomisation test as in Smucker, Allan
    & Carterette, CIKM 2007: the two systems are swapped at random in each query; all ways are tried for few queries,
    else 10,000 of them, with the observed one counted in (Phipson & Smyth 2010).
    """
    if not values:
        raise ValueError("no differences to take a mean of")
    array = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(_SEED)
    means = array[rng.integers(0, len(array), size=(RESAMPLES, len(array)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Difference(mean=float(array.mean()), low=float(low), high=float(high), p=_p(array, rng), n=len(array))


def _p(array: np.ndarray, rng: np.random.Generator) -> float:
    differing = array[array != 0]  # swapping equals changes nothing
    observed = abs(differing.sum()) - 1e-9
    if len(differing) <= _EXACT:
        signs = np.array(list(product((-1.0, 1.0), repeat=len(differing))))
        return float((np.abs(signs @ differing) >= observed).mean())
    extreme = 0
    for _ in range(10):
        signs = rng.choice((-1.0, 1.0), size=(_SHUFFLES // 10, len(differing)))
        extreme += int((np.abs(signs @ differing) >= observed).sum())
    return (extreme + 1) / (_SHUFFLES + 1)


def read_run(file: Path, labelled: LabelledSet) -> Run:
    """A TREC run: query Q0 document rank score system, best score first, ties by rank.

    Raises SetError naming file and line, or when it holds none of the set's queries.
    """
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise SetError(f"{file}: can't be read as UTF-8 text") from exc
    found: dict[str, dict[str, tuple[float, int]]] = {}
    system = ""
    for number, line in enumerate(lines, 1):
        cells = line.split()
        if not cells:
            continue
        try:
            query, _, document, rank, score, system = cells
            place = (-float(score), int(rank))
        except ValueError as exc:
            raise SetError(f"{file} line {number}: expected query, Q0, document, rank, score and system") from exc
        if found.setdefault(query, {}).setdefault(document, place) is not place:
            raise SetError(f"{file} line {number}: {document} stands twice for query {query}")
    if not any(query.id in found for query in labelled.queries):
        raise SetError(f"{file}: holds no query of {labelled.name} {labelled.split}; take a run of the same split")
    return Run(system=system, rankings={query: _ranking(places) for query, places in found.items()})


def _ranking(places: Mapping[str, tuple[float, int]]) -> Ranking:
    return [(document, -place[0]) for document, place in sorted(places.items(), key=lambda item: item[1])]


def told(found: Comparison, theirs: str) -> str:
    """The differences as text; one language alone is not repeated."""
    lines = [
        f"difference to {theirs}: mean [95 % paired bootstrap interval] p (two-sided randomisation test); a p counts "
        "for the one metric that was chosen beforehand"
    ]
    for group in (g for g in found if g == "all" or len(found) > 2):
        lines.append(f"{group} (n={found[group]['SR@1'].n})")
        lines.extend(f"  {metric:<10} {found[group][metric]}" for metric in METRICS)
    return "\n".join(lines)
