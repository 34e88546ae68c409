"""Nearest vectors by FAISS: exact for a town's size, HNSW for a nation's laws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT_UP_TO = 120_000
"""Vectors; above it HNSW is used. Exact search of 120,000 × 256 half-precision takes 3 ms on one core, 11 ms with a
mask; an HNSW of 66,000 takes 22 s to build, for which nobody who publishes a guide should have to wait."""

_LINKS, _EF_BUILD, _EF_SEARCH = 32, 80, 96


def build(path: Path, vectors: NDArray[np.float32]) -> None:
    """Write an inner-product index of these unit vectors, shape (n, d), half precision."""
    size = vectors.shape[1]
    index: Any
    library: Any = faiss  # its stubs lag behind its names
    if len(vectors) <= EXACT_UP_TO:
        index = library.IndexScalarQuantizer(size, library.ScalarQuantizer.QT_fp16, library.METRIC_INNER_PRODUCT)
    else:
        index = library.IndexHNSWSQ(size, library.ScalarQuantizer.QT_fp16, _LINKS, library.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = _EF_BUILD
    index.train(vectors)
    index.add(vectors)
    # Written by Python: FAISS leaves a cut-off file behind, without an error, when the disk fills up at its end.
    with path.open("wb") as file:
        file.write(faiss.serialize_index(index).tobytes())


class FaissIndex:
    """An opened vector index, memory-mapped; safe to search from many threads."""

    def __init__(self, path: Path) -> None:
        """Open the index file. Raises RuntimeError when it is not one."""
        # One thread a search: on two cores, OpenMP's threads of parallel requests wait for one another.
        faiss.omp_set_num_threads(1)
        self._index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        if hasattr(self._index, "hnsw"):
            self._index.hnsw.efSearch = _EF_SEARCH
        self._storage: Any = faiss.downcast_index(getattr(self._index, "storage", self._index))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Ids and cosines of the nearest k, best first; `allowed` masks vectors by id."""
        k = min(k, len(self))
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        scores, ids = self._index.search(vector.reshape(1, -1), k, params=self._parameters(allowed))
        real = ids[0] >= 0
        return ids[0][real], scores[0][real]

    def vectors(self, start: int, count: int) -> NDArray[np.float32]:
        """The stored vectors start … start + count, shape (count, d)."""
        found: NDArray[np.float32] = self._storage.reconstruct_n(int(start), int(count))
        return found

    def _parameters(self, allowed: NDArray[np.bool_] | None) -> Any:
        if allowed is None:
            return None
        library: Any = faiss
        selector = library.IDSelectorBatch(np.flatnonzero(allowed).astype(np.int64))
        if hasattr(self._index, "hnsw"):
            return library.SearchParametersHNSW(sel=selector, efSearch=_EF_SEARCH)
        return library.SearchParameters(sel=selector)
