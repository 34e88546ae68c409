"""Search over a town's layers: keyword and vector legs, fused, grouped by text, nearest layer first."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from knowledge import snapshot
from knowledge.asking import Asked, Asking
from knowledge.confidence import DEFAULT_SURENESS, Ranked, Signals, Sureness, signals
from knowledge.dense import Encoder
from knowledge.errors import EncoderMismatch, IndexDamaged, KnowledgeError
from knowledge.legs import ShelfResult, by_letters, search_shelf
from knowledge.passage import NATION, Hit, Passage
from knowledge.ranking import DEFAULT_SCORER, Scored, Scorer
from knowledge.reranking import Reranker, reranked
from knowledge.snapshot import Snapshot

_COMPARED = 20  # texts that certainty looks at, however few were asked for
_RELOAD_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for."""

    text: str
    language: str  # of the text, BCP-47
    owners: tuple[str, ...]  # nearest layer first: (town, prefecture, NATION)
    day: date  # passages in force that day
    k: int = 10
    reply_in: str = ""  # language whose version of a text is wanted; default: that of the question


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits, best first, at most one a text; `version` names the snapshots that were searched."""

    hits: tuple[Hit, ...]
    version: str
    signals: Signals
    confidence: float  # 0-1: the chance that the best text is right
    scope: float  # 0-1: the chance that the question is one for a town hall


class Library:
    """The shelves of all owners under one folder; opens what is asked for and swaps to new versions while serving."""

    def __init__(
        self, root: Path, encoder: Encoder, scorer: Scorer = DEFAULT_SCORER, *, asking: Asking | None = None,
        reranker: Reranker | None = None, sureness: Sureness = DEFAULT_SURENESS,
    ) -> None:  # fmt: skip
        self.root = root
        self.encoder = encoder
        self.scorer = scorer
        self.asking = asking or Asking()
        self.reranker = reranker
        self.sureness = sureness
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
        asked = self.asking.asked(query.text, query.language)
        vectors = self.encoder.encode_queries(asked.texts)
        shelves = [(owner, shelf) for owner in query.owners if (shelf := self.shelf(owner)) is not None and shelf.count]
        results = [
            search_shelf(shelf, asked, vectors, day=query.day, language=query.language,
                         reply_in=query.reply_in or query.language, k=max(query.k, _COMPARED), scorer=self.scorer)
            for _, shelf in shelves
        ]  # fmt: skip
        scored: list[Scored] = []
        seen: set[str] = set()
        for result in results:
            fresh = [s for s in result.scored if s.hit.passage.key not in seen]
            scored.extend(fresh)
            seen.update(s.hit.passage.key for s in fresh)
        scored.sort(key=lambda s: (-s.hit.fit, s.hit.passage.id))
        scored = by_letters(asked, scored)
        if self.reranker is not None:
            scored = reranked(self.reranker, query.text, scored)
        return self._found(scored[: query.k], _signals(scored, results, asked), [(o, s.version) for o, s in shelves])

    def _found(self, scored: Sequence[Scored], found: Signals, versions: Sequence[tuple[str, str]]) -> Found:
        scope = self.sureness.of_scope(found) if scored else 0.0
        confidence = scope * self.sureness.of_right(found) if scored else 0.0
        best = scored[0].hit.fit if scored else 1.0
        return Found(
            hits=tuple(replace(s.hit, score=confidence * s.hit.fit / best) for s in scored),
            version=" ".join(f"{owner}:{version}" for owner, version in versions),
            signals=found,
            confidence=confidence,
            scope=scope,
        )

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


def owners_of(town: str, prefecture: str | None) -> tuple[str, ...]:
    """A town's layers, nearest first."""
    return (town, prefecture, NATION) if prefecture else (town, NATION)


def _signals(scored: Sequence[Scored], results: Sequence[ShelfResult], asked: Asked) -> Signals:
    return signals(
        [Ranked(score=s.hit.fit, features=s.features, letters=s.letters) for s in scored],
        unseen=min((r.unseen for r in results), default=1.0),
        mass=max((r.mass for r in results), default=0.0),
        known=max((r.known for r in results), default=0.0),
    )
