"""Others over the same passages: LangChain's ensemble, bm25s, exact vector search. What does not fit says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from eval.bench.ensemble import over_texts
from knowledge.dense import Encoder
from knowledge.faiss_index import FaissIndex, build_exact
from knowledge.passage import Passage
from knowledge.tokens import tokens

Ask = Callable[[str], object]
ENSEMBLE_UP_TO = 20_000
"""Passages; rank-bm25 goes through every passage for every question: 1,000,000 would take a minute each."""
BM25S_UP_TO = 200_000
"""Passages; all tokens and scores are held in memory."""


def rivals(passages: Sequence[Passage], encoder: Encoder, folder: Path) -> Iterator[tuple[str, Ask | str]]:
    """Name, and what asks it for the best ten or why it is left out."""
    texts = [f"{passage.title}\n{passage.text}" for passage in passages]
    yield "LangChain EnsembleRetriever (rank-bm25 + FAISS)", _ensemble(texts, encoder)
    yield "bm25s (keywords only)", _bm25s(texts)
    yield "FAISS exact, half precision (vectors only)", _exact(texts, encoder, folder)


def _ensemble(texts: list[str], encoder: Encoder) -> Ask | str:
    if len(texts) > ENSEMBLE_UP_TO:
        return f"not run above {ENSEMBLE_UP_TO} passages"
    return over_texts(texts, encoder)


def _bm25s(texts: list[str]) -> Ask | str:
    if len(texts) > BM25S_UP_TO:
        return f"not run above {BM25S_UP_TO} passages"
    try:
        import bm25s
    except ImportError:
        return "not installed: it is in the extra `bench`"
    index = bm25s.BM25()
    index.index([tokens(text, "ja") for text in texts], show_progress=False)
    return lambda question: index.retrieve([tokens(question, "ja")], k=min(10, len(texts)), show_progress=False)


def _exact(texts: list[str], encoder: Encoder, folder: Path) -> Ask:
    path = folder / "exact.faiss"
    build_exact(path, np.concatenate([encoder.encode_passages(texts[n : n + 512]) for n in range(0, len(texts), 512)]))
    index = FaissIndex(path)
    return partial(_nearest, index, encoder)


def _nearest(index: FaissIndex, encoder: Encoder, question: str) -> object:
    return index.search(encoder.encode_queries([question])[0], 10)
