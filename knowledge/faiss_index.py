"""Nearest vectors by FAISS: exact for a town's size, cells (IVF) for a nation's laws."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT_UP_TO = 120_000
"""Vectors; above it cells are used. Exact search of 120,000 × 256 half-precision takes 3 ms on one core. HNSW was
tried: it finds as much, but takes 22 s for 66,000 vectors to build where cells take 3 s."""

_SAMPLED = 64  # vectors a cell that k-means sees; more made cells no better
_ROUNDS = 8  # of k-means
_LOOKED_IN = 32  # cells a search looks in, see tests for what it finds


def build(path: Path, vectors: NDArray[np.float32]) -> None:
    """Write an inner-product index of these unit vectors, shape (n, d), half precision."""
    if len(vectors) <= EXACT_UP_TO:
        build_exact(path, vectors)
        return
    library: Any = faiss  # its stubs lag behind its names
    half, product, size = library.ScalarQuantizer.QT_fp16, library.METRIC_INNER_PRODUCT, vectors.shape[1]
    # Full vectors in the cells, not what is left to their centre: their dot products are exact.
    coarse = library.IndexFlatIP(size)
    index = library.IndexIVFScalarQuantizer(coarse, size, cells_for(len(vectors)), half, product, False)
    _fill(index, vectors)
    _write(path, index)


def build_exact(path: Path, vectors: NDArray[np.float32]) -> None:
    """As `build`, searched in full whatever its size."""
    library: Any = faiss
    half, product = library.ScalarQuantizer.QT_fp16, library.METRIC_INNER_PRODUCT
    index = library.IndexScalarQuantizer(vectors.shape[1], half, product)
    index.train(vectors)
    index.add(vectors)
    _write(path, index)


def _write(path: Path, index: Any) -> None:
    library: Any = faiss
    # Written by Python: FAISS leaves a cut-off file behind, without an error, when the disk fills up at its end.
    with path.open("wb") as file:
        library.write_index(index, library.PyCallbackIOWriter(file.write))


def cells_for(count: int) -> int:
    """How many cells: the power of two next to 2 × √count, so that one holds few hundred vectors."""
    return int(2 ** round(np.log2(2 * np.sqrt(count))))


def _fill(index: Any, vectors: NDArray[np.float32]) -> None:
    # The number of threads is each thread's own: a server that builds goes on answering with one a search.
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        index.cp.niter, index.cp.max_points_per_centroid = _ROUNDS, _SAMPLED
        index.train(vectors)
        index.add(vectors)
        index.make_direct_map()  # vector id → place, for `FaissIndex.vectors`
    finally:
        faiss.omp_set_num_threads(1)


class FaissIndex:
    """An opened vector index, memory-mapped; safe to search from many threads."""

    def __init__(self, path: Path) -> None:
        """Open the index file. Raises RuntimeError when it is not one."""
        self._index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        self._cells = min(_LOOKED_IN, self._index.nlist) if hasattr(self._index, "nlist") else 0

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Ids and cosines of the nearest k, best first; `allowed` masks vectors by id."""
        k = min(k, len(self))
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        # One thread a search: on two cores, OpenMP's threads of parallel requests wait for one another. The number is
        # each thread's own, and a server has many.
        faiss.omp_set_num_threads(1)
        scores, ids = self._index.search(vector.reshape(1, -1), k, params=self._parameters(allowed))
        real = ids[0] >= 0
        return ids[0][real], scores[0][real]

    def vectors(self, start: int, count: int) -> NDArray[np.float32]:
        """The stored vectors start … start + count, shape (count, d)."""
        found: NDArray[np.float32] = self._index.reconstruct_n(int(start), int(count))
        return found

    def of(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The stored vectors with these ids, shape (len(ids), d); fast for few ids from anywhere."""
        found: NDArray[np.float32] = self._index.reconstruct_batch(ids)
        return found

    def _parameters(self, allowed: NDArray[np.bool_] | None) -> Any:
        library: Any = faiss
        selector = None
        if allowed is not None:
            selector = library.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if self._cells:
            return library.SearchParametersIVF(sel=selector, nprobe=self._cells)
        return library.SearchParameters(sel=selector)
