"""An optional cross-encoder that reads question and passage together and sorts the best hits anew."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from math import exp, log
from pathlib import Path
from typing import Protocol

from knowledge.errors import ModelsExtraMissing, RerankerUnavailable
from knowledge.ranking import Scored

DEPTH = 20
"""Texts that are read again: a small cross-encoder needs some 10 ms each on one core."""

_SHARE = 0.7  # of the cross-encoder's log-odds in the new score; the rest is the search's own


class Reranker(Protocol):
    """Says how well each text answers a question; safe to call from several threads."""

    @property
    def name(self) -> str:
        """What judged, for the record of a decision."""

    def judge(self, question: str, texts: Sequence[str]) -> list[float]:
        """For each text the probability, 0-1, that it answers the question."""


class CrossEncoderReranker:
    """Any cross-encoder of sentence-transformers, by name or folder; needs the extra `models`.

    Raises ModelsExtraMissing without the extra, RerankerUnavailable when the model can't be had.
    """

    def __init__(self, model: str) -> None:
        try:
            import torch
            from sentence_transformers import CrossEncoder
        except ImportError as exc:
            raise ModelsExtraMissing from exc
        torch.set_num_threads(1)
        try:
            loaded = CrossEncoder(model, device="cpu", trust_remote_code=False, activation_fn=torch.nn.Identity())
        except Exception as exc:  # hub, network and format errors have no common class
            raise RerankerUnavailable from exc
        if loaded.num_labels != 1:
            raise RerankerUnavailable
        self._model = loaded
        self._lock = threading.Lock()  # fast tokenizers set padding on themselves: not safe from two threads
        self._name = f"cross:{Path(model).name}"

    @property
    def name(self) -> str:
        """`cross:MODEL`."""
        return self._name

    def judge(self, question: str, texts: Sequence[str]) -> list[float]:
        """As `Reranker`: the logistic of the model's one output."""
        with self._lock:
            outputs = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [1 / (1 + exp(-max(-30.0, min(30.0, float(value))))) for value in outputs]


def load_reranker(model: str | None) -> Reranker | None:
    """The cross-encoder of that name or folder; None for none."""
    return CrossEncoderReranker(model) if model else None


def reranked(reranker: Reranker, question: str, scored: Sequence[Scored]) -> list[Scored]:
    """The best DEPTH texts in their new order with new scores, then the others; a later one never scores higher."""
    head, tail = list(scored[:DEPTH]), list(scored[DEPTH:])
    if not head:
        return tail
    judged = reranker.judge(question, [f"{s.hit.passage.title}\n{s.hit.passage.text}" for s in head])
    fresh = [
        replace(s, hit=replace(s.hit, fit=_mixed(s.hit.fit, probability)))
        for s, probability in zip(head, judged, strict=True)
    ]
    fresh.sort(key=lambda s: (-s.hit.fit, s.hit.passage.id))
    least = fresh[-1].hit.fit
    return fresh + [replace(s, hit=replace(s.hit, fit=min(s.hit.fit, least))) for s in tail]


def _mixed(own: float, judged: float) -> float:
    z = (1 - _SHARE) * _log_odds(own) + _SHARE * _log_odds(judged)
    return 1 / (1 + exp(-z))


def _log_odds(score: float) -> float:
    bounded = min(max(score, 1e-6), 1 - 1e-6)
    return log(bounded / (1 - bounded))
