"""Two encoders judged on the same questions: is the new one surely better, surely not worse?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

_DRAWS = 10_000
_SEED = 20261121


def chance_of_luck(old: Sequence[float], new: Sequence[float], groups: Sequence[Hashable]) -> float:
    """The one-sided p-value that `new` is no better: how often signs thrown at random gain as much.

    Questions of one group (a question and its translations) flip together, for they rise and fall together.
    1 when there is nothing to compare. Source: Fisher's randomisation test; Smucker et al., CIKM 2007.
    """
    gains = _sums(old, new, groups)
    if not len(gains):
        return 1.0
    signs = np.random.default_rng(_SEED).choice((-1.0, 1.0), size=(_DRAWS, len(gains)))
    return float((1 + np.count_nonzero(signs @ gains >= gains.sum() - 1e-12)) / (1 + _DRAWS))


def least_gain(old: Sequence[float], new: Sequence[float], groups: Sequence[Hashable]) -> float:
    """The lower end of the 95 % bootstrap interval of the mean gain, groups drawn whole; 0 without questions."""
    gains = _sums(old, new, groups)
    if not len(gains):
        return 0.0
    sizes = _sums([0.0] * len(old), [1.0] * len(old), groups)
    drawn = np.random.default_rng(_SEED).integers(len(gains), size=(_DRAWS, len(gains)))
    return float(np.quantile(gains[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), 0.025))


def _sums(old: Sequence[float], new: Sequence[float], groups: Sequence[Hashable]) -> NDArray[np.float64]:
    """The gain of each group, in order of first appearance."""
    held: dict[Hashable, float] = {}
    for before, after, group in zip(old, new, groups, strict=True):
        held[group] = held.get(group, 0.0) + after - before
    return np.array(list(held.values()), dtype=np.float64)
