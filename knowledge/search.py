"""Search over a town's layers: keyword and vector legs, fused, grouped by text, nearest layer first."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge import snapshot
from knowledge.dense import Encoder
from knowledge.errors import EncoderMismatch, IndexDamaged, KnowledgeError
from knowledge.passage import NATION, Hit, Passage
from knowledge.ranking import DEFAULT_SCORER, Scorer, Wanted, features
from knowledge.snapshot import Snapshot
from knowledge.tokens import tokens

CANDIDATES = 30
"""Passages that each leg brings from each layer; more gave no gain on localgovfaq dev."""

_IN_EVERY_QUESTION = frozenset({"手続き", "必要"})  # every procedure has them: they say nothing of which one
_RELOAD_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for."""

    text: str
    language: str
    owners: tuple[str, ...]  # nearest layer first: (town, prefecture, NATION)
    day: date  # passages in force that day
    k: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits, best first, at most one a text; `version` names the snapshots that were searched."""

    hits: tuple[Hit, ...]
    version: str


class Library:
    """The shelves of all owners under one folder; opens what is asked for and swaps to new versions while serving."""

    def __init__(self, root: Path, encoder: Encoder, scorer: Scorer = DEFAULT_SCORER) -> None:
        self.root = root
        self.encoder = encoder
        self.scorer = scorer
        self.damaged: dict[str, str] = {}  # owner → version that could not be opened; shown by /readyz
        self._open: dict[str, tuple[Path, Snapshot]] = {}
        self._looked: dict[str, float] = {}
        self._unopened: dict[str, type[KnowledgeError]] = {}  # owner → why no version of its shelf could be opened
        self._lock = threading.Lock()

    def search(self, query: Query) -> Found:
        """The best hits in the layers of `query.owners`.

        Each text comes once, in the asker's language when it has such a version. Raises IndexDamaged when
        no readable version of a shelf is left.
        """
        words = _asked_words(query)
        vector = self.encoder.encode_queries([query.text])[0]
        shelves = [(owner, shelf) for owner in query.owners if (shelf := self.shelf(owner)) is not None and shelf.count]
        hits: list[Hit] = []
        seen: set[str] = set()
        for _, shelf in shelves:
            fresh = [hit for hit in self._from_shelf(shelf, words, vector, query) if hit.passage.key not in seen]
            hits.extend(fresh)
            seen.update(hit.passage.key for hit in fresh)
        hits.sort(key=lambda hit: (-hit.score, hit.passage.id))
        return Found(hits=tuple(hits[: query.k]), version=" ".join(f"{o}:{s.version}" for o, s in shelves))

    def passage(self, owners: Sequence[str], key: str, language: str) -> Passage | None:
        """The first passage of a text by its key, in that language or else in Japanese; None when unknown."""
        for owner in owners:
            shelf = self.shelf(owner)
            versions = shelf.versions_of(key) if shelf else {}
            ordinal = versions.get(language, versions.get("ja"))
            if shelf is not None and ordinal is not None:
                return shelf.row(ordinal).passage
        return None

    def document(self, owners: Sequence[str], passage: Passage) -> list[Passage]:
        """All passages of the document that this passage stands in, in order."""
        for owner in owners:
            shelf = self.shelf(owner)
            first = shelf.versions_of(passage.key).get(passage.language) if shelf else None
            if shelf is None or first is None:
                continue
            found = []
            for ordinal in range(first, shelf.count):
                row = shelf.row(ordinal)
                if row.passage.document != passage.document:
                    break
                found.append(row.passage)
            if found:
                return found
        return []

    def shelf(self, owner: str) -> Snapshot | None:
        """The owner's snapshot in use, reopened when a newer one was published; None when it has none.

        Raises IndexDamaged or EncoderMismatch when it has one that can't be opened.
        """
        with self._lock:
            now = time.monotonic()
            if owner not in self._looked or now - self._looked[owner] >= _RELOAD_SECONDS:
                self._looked[owner] = now
                self._look(owner)
            if owner in self._unopened:
                # A shelf that can't be opened is not an empty one: 'no answer' would be a wrong answer.
                raise self._unopened[owner]
            held = self._open.get(owner)
            return held[1] if held else None

    def refresh(self) -> None:
        """Look for new versions at the next search, not half a second later."""
        with self._lock:
            self._looked.clear()

    def _look(self, owner: str) -> None:
        """Open what is current now, or note why it can't be."""
        self._unopened.pop(owner, None)
        held, folder = self._open.get(owner), snapshot.current(self.root, owner)
        if folder is None:
            self._open.pop(owner, None)
        elif held is None or held[0] != folder:
            try:
                self._open[owner] = (folder, self._open_best(owner, folder, held))
            except (IndexDamaged, EncoderMismatch) as exc:
                self._unopened[owner] = type(exc)

    def _open_best(self, owner: str, folder: Path, held: tuple[Path, Snapshot] | None) -> Snapshot:
        try:
            opened = Snapshot(folder, self.encoder)
        except (IndexDamaged, EncoderMismatch) as exc:
            self.damaged[owner] = folder.name
            if held is not None:  # also while another process has already moved to a new embedding model
                return held[1]
            if isinstance(exc, EncoderMismatch):
                raise
            return self._open_older(owner)
        self.damaged.pop(owner, None)
        return opened

    def _open_older(self, owner: str) -> Snapshot:
        for older in snapshot.older_versions(self.root, owner):
            try:
                return Snapshot(older, self.encoder)
            except (IndexDamaged, EncoderMismatch):
                continue
        raise IndexDamaged

    def _from_shelf(self, shelf: Snapshot, words: list[str], vector: NDArray[np.float32], query: Query) -> list[Hit]:
        lexical, dense = _candidates(shelf, words, vector, query.day)
        wanted = Wanted.of(words, shelf.idf)
        best: dict[str, Hit] = {}
        for ordinal in lexical.keys() | dense.keys():
            row = shelf.row(ordinal)
            cosine = dense[ordinal] if ordinal in dense else _cosine(shelf, ordinal, vector)
            fit = features(wanted, row, shelf.masses(ordinal), lexical.get(ordinal, 0.0), cosine)
            hit = Hit(passage=row.passage, score=self.scorer.score(fit), lexical=fit.lexical, dense=cosine)
            held = best.get(row.passage.key)
            if held is None or (hit.score, hit.passage.id) > (held.score, held.passage.id):
                best[row.passage.key] = hit
        ranked = sorted(best.values(), key=lambda hit: (-hit.score, hit.passage.id))[: query.k]
        return [_in_language(shelf, hit, query.language) for hit in ranked]


def owners_of(town: str, prefecture: str | None) -> tuple[str, ...]:
    """A town's layers, nearest first."""
    return (town, prefecture, NATION) if prefecture else (town, NATION)


def _asked_words(query: Query) -> list[str]:
    """The question's tokens without words that every question to a town hall has, unless nothing else is left."""
    words = tokens(query.text, query.language)
    return [word for word in words if word not in _IN_EVERY_QUESTION] or words


def _candidates(
    shelf: Snapshot, words: list[str], vector: NDArray[np.float32], day: date
) -> tuple[dict[int, float], dict[int, float]]:
    allowed = shelf.in_force(day)
    width = CANDIDATES if allowed is None else shelf.count
    lexical = dict(shelf.lexical.search(words, width))
    if allowed is not None:
        lexical = dict([(n, s) for n, s in lexical.items() if allowed[n]][:CANDIDATES])
    dense: dict[int, float] = {}
    if shelf.vectors is not None:
        mask = None if allowed is None else allowed[shelf.vector_rows]
        ids, scores = shelf.vectors.search(vector, CANDIDATES, mask)
        for vector_id, score in zip(ids, scores, strict=True):
            dense.setdefault(int(shelf.vector_rows[vector_id]), float(score))
    return lexical, dense


def _cosine(shelf: Snapshot, ordinal: int, vector: NDArray[np.float32]) -> float:
    if shelf.vectors is None:
        return 0.0
    start, end = int(shelf.vector_starts[ordinal]), int(shelf.vector_starts[ordinal + 1])
    return float((shelf.vectors.vectors(start, end - start) @ vector).max())


def _in_language(shelf: Snapshot, hit: Hit, language: str) -> Hit:
    """The hit's text in the asker's language when there is such a version in force; its first passage then."""
    if hit.passage.language == language:
        return hit
    versions = shelf.versions_of(hit.passage.key)
    # Never a third language: a Vietnamese question that met the Portuguese version gets the Japanese one.
    instead = None if hit.passage.language == "ja" else versions.get("ja")
    ordinal = versions.get(language, instead)
    return hit if ordinal is None else replace(hit, passage=shelf.row(ordinal).passage)
