"""Imports files into a layer of knowledge and publishes the new index."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from assistant.curation.provenance import conflict, sort_out
from assistant.errors import StorageFull
from assistant.store.curation import CurationStore
from assistant.store.knowledge import KnowledgeStore
from knowledge import building, snapshot
from knowledge.dense import Encoder
from knowledge.errors import SourceError
from knowledge.passage import Document, Table, content_digest
from knowledge.sources.files import survey
from knowledge.sources.reading import Origin, Reading
from knowledge.split import passages
from knowledge.sync import Changes, Incoming, compare

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_STORED_ONLY = (
    "The disk is full: the texts are stored, but search still uses the index before. "
    "Free some space and run the same import again."
)

_LONGEST_KEY = 300  # characters of a key in the store


class Progress(Protocol):
    """Told how far a long step is; a progress bar in the terminal, nothing in tests."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """`done` of `total` are ready in this step."""


@dataclass(slots=True)
class Report:
    """What an import did, in documents and tables together."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    failed: list[str] = field(default_factory=list)  # one line a file: its name, why, and the cure
    warnings: list[str] = field(default_factory=list)
    embedded: int = 0  # texts that were embedded anew
    version: str = ""  # of the index; empty when it did not change

    def take(self, part: Report) -> None:
        """Add what another import did."""
        self.added += part.added
        self.changed += part.changed
        self.unchanged += part.unchanged
        self.withdrawn += part.withdrawn
        self.embedded += part.embedded
        self.failed += part.failed
        self.warnings += part.warnings
        self.version = part.version or self.version


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """Writes documents to the store, then publishes an index of what the store holds."""

    store: KnowledgeStore
    curation: CurationStore
    index_root: Path
    encoder: Encoder
    read: Callable[[Path, Origin, str], Reading]
    clock: Callable[[], datetime]

    def run(self, paths: Sequence[Path], origin: Origin, kind: str, progress: Progress) -> Report:
        """Import files and folders; each path is a collection whose vanished pages are withdrawn.

        A file that can't be read is reported and takes nothing away; the others go in. Raises StorageFull when
        the disk is full: a path goes into the store whole or not at all, and the index in use stays in use.
        """
        report = Report()
        try:
            for path in paths:
                self._collection(path, origin, kind, progress, report)
            self.publish(origin.owner, progress, report)
        except OSError as exc:
            if exc.errno in _FULL:
                raise StorageFull from exc
            raise
        return report

    def put(self, reading: Reading, owner: str, collection: str, progress: Progress, report: Report) -> None:
        """Import what was read elsewhere (a law from e-Gov, an upload) as one collection."""
        documents = [Incoming(item=d, source=collection) for d in reading.documents]
        tables = [Incoming(item=t, source=collection) for t in reading.tables]
        report.warnings.extend(reading.warnings)
        self._apply(owner, collection, documents, tables, frozenset(), report)
        self.publish(owner, progress, report)

    def publish(self, owner: str, progress: Progress, report: Report, *, force: bool = False) -> None:
        """Build the owner's index when it does not show what the store holds, or when forced.

        What another import stored while this one was building goes in before it ends. Raises StorageFull.
        """
        content = self._content(owner)
        if not force and snapshot.content_of(self.index_root, owner, self.encoder) == content:
            return
        while True:
            self._build(owner, content, progress, report)
            built, content = content, self._content(owner)
            if built == content:
                return

    def _content(self, owner: str) -> str:
        """What an index of the owner would be built from now, without reading the texts."""
        return content_digest(sorted((id_, held.digest) for id_, held in self.store.held_documents(owner).items()))

    def _build(self, owner: str, content: str, progress: Progress, report: Report) -> None:
        pieces = [passage for document in self.store.documents(owner) for passage in passages(document)]
        try:
            built = building.build(
                self.index_root,
                owner,
                pieces,
                self.encoder,
                content=content,
                progress=lambda done, total: progress("embedding", done, total),
            )
        except OSError as exc:
            if exc.errno in _FULL:
                raise StorageFull(_STORED_ONLY) from exc
            raise
        report.embedded += built.embedded
        report.version = built.version

    def _collection(self, path: Path, origin: Origin, kind: str, progress: Progress, report: Report) -> None:
        seen = survey([path], kind)
        files = seen.found
        report.warnings.extend(f"{origin.name(s.path)}: left out, {s.reason}" for s in seen.skipped)
        documents: list[Incoming[Document]] = []
        tables: list[Incoming[Table]] = []
        failed: set[str] = set()
        for n, (file, reading) in enumerate(self._readings(files, origin, kind, failed, report), 1):
            source = origin.name(file)
            documents.extend(Incoming(item=d, source=source) for d in reading.documents)
            tables.extend(Incoming(item=t, source=source) for t in reading.tables)
            report.warnings.extend(reading.warnings)
            progress("reading", n, len(files))
        collection = _name_of(path)
        self._apply(origin.owner, collection, documents, tables, frozenset(failed), report)

    def _readings(
        self, files: Sequence[Path], origin: Origin, kind: str, failed: set[str], report: Report
    ) -> Iterator[tuple[Path, Reading]]:
        for file in files:
            try:
                yield file, self.read(file, origin, kind)
            except SourceError as exc:
                failed.add(origin.name(file))
                report.failed.append(str(exc))
                yield file, Reading()

    def _apply(
        self, owner: str, collection: str, documents: list[Incoming[Document]], tables: list[Incoming[Table]],
        failed: frozenset[str], report: Report,
    ) -> None:  # fmt: skip
        held = self.store.held_documents(owner)
        by_staff = {id_: text.seen for id_, text in self.curation.held(owner).items()}
        sorted_out = sort_out(documents, by_staff, {id_: h.digest for id_, h in held.items()})
        changed_documents = compare(held, sorted_out.free, collection=collection, failed=failed)
        changed_tables = compare(self.store.held_tables(owner), tables, collection=collection, failed=failed)
        self.store.apply(owner, collection, changed_documents, changed_tables, self.clock())
        self.curation.offer(owner, [entry.item for entry in sorted_out.offered], self.clock())
        report.warnings.extend(conflict(entry) for entry in sorted_out.offered)
        report.unchanged += sorted_out.kept + len(sorted_out.offered)
        for changes in (changed_documents, changed_tables):
            _count(report, changes)


def _name_of(path: Path) -> str:
    """What the collection is called in the store: its full path, or a digest of one that is too long for a key."""
    name = str(path.resolve())
    return name if len(name) <= _LONGEST_KEY else f"…/{path.name[-100:]}#{content_digest(name)}"


def _count(report: Report, changes: Changes) -> None:  # type: ignore[type-arg]
    report.added += len(changes.added)
    report.changed += len(changes.changed)
    report.unchanged += changes.unchanged
    report.withdrawn += len(changes.withdrawn)


def silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
