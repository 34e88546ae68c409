"""Where a text begins: a sorted table on disk, mapped, so that a million texts open at once."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Versions = Mapping[str, int]
"""Language → ordinal of the first passage in it."""


def write(path: Path, keys: Mapping[str, Versions]) -> None:
    """Write the table of all keys; equal keys give equal bytes."""
    rows = [(*_digest(key), language.encode(), n) for key, held in keys.items() for language, n in held.items()]
    rows.sort()
    longest = max((len(row[2]) for row in rows), default=1)
    kind = [("high", "<u8"), ("low", "<u8"), ("language", f"S{longest}"), ("ordinal", "<i4")]
    np.save(path, np.array(rows, dtype=kind), allow_pickle=False)


def spoken(keys: Mapping[str, Versions]) -> dict[str, int]:
    """Language without its region → number of keys that have a version in it."""
    found: dict[str, int] = {}
    for held in keys.values():
        for base in {language.split("-")[0] for language in held}:
            found[base] = found.get(base, 0) + 1
    return dict(sorted(found.items()))


class Keys:
    """An opened table; read-only, safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        """Map the file. Raises OSError or ValueError when it is none."""
        table = np.load(path, mmap_mode="r", allow_pickle=False)
        self._high: NDArray[np.uint64] = table["high"]
        self._low: NDArray[np.uint64] = table["low"]
        self._language: NDArray[np.bytes_] = table["language"]
        self._ordinal: NDArray[np.int32] = table["ordinal"]

    def versions(self, key: str) -> dict[str, int]:
        """The key's versions; empty when it is unknown. Two keys of one digest (128 bits) are not to be expected."""
        high, low = _digest(key)
        found: dict[str, int] = {}
        # Not np.searchsorted, which would copy the whole column out of the table.
        for place in range(bisect_left(self._high, high, key=int), len(self._high)):
            if int(self._high[place]) != high:
                break
            if int(self._low[place]) == low:
                found[self._language[place].decode()] = int(self._ordinal[place])
        return found


def _digest(key: str) -> tuple[int, int]:
    raw = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return int.from_bytes(raw[:8], "little"), int.from_bytes(raw[8:], "little")
