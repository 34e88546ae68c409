"""One owner's index on disk: versioned, checksummed, swapped atomically.

Layout: `<root>/<owner>/<version>/{manifest.json, lexical/, vectors.faiss, rows.jsonl, rows.npz}` and
`<root>/<owner>/CURRENT`, which names the version in use. A crash at any point leaves CURRENT as it was.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import mmap
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge import faiss_index, lexical
from knowledge.dense import Encoder
from knowledge.errors import EncoderMismatch, IndexDamaged
from knowledge.passage import Kind, Passage, law_name_key
from knowledge.rows import Row, row_from_json, row_of, row_to_json

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1
KEEP_VERSIONS = 2
KEEP_ROWS = 8_000  # decoded rows held in memory: about 40 MB; a town's shelf fits whole
_BATCH = 512  # texts embedded at once
_FOREVER = date.max.toordinal()

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did."""

    version: str
    passages: int
    embedded: int  # texts that were embedded anew
    reused: int  # texts whose vectors came from the version before


def build(root: Path, owner: str, passages: Sequence[Passage], encoder: Encoder, *, content: str = "",
          progress: Progress | None = None) -> Built:  # fmt: skip
    """Write a new version of the owner's index and make it current; `content` names what it was built from.

    Vectors of texts that the current version holds for the same encoder are reused. Builds of one owner run
    one after another. Raises OSError when the disk is full: the version in use stays in use.
    """
    folder = root / owner
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        _remove_leftovers(folder)
        work = folder / f".building-{uuid.uuid4().hex}"
        try:
            counts = _write(work, folder, passages, encoder, content, progress)
            version = _next_version(folder)
            os.rename(work, folder / version)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        _point_at(folder, version)
        _prune(folder, version)
    return Built(version=version, passages=len(passages), embedded=counts[0], reused=counts[1])


class Snapshot:
    """An opened version; read-only, safe to use from many threads."""

    def __init__(self, folder: Path, encoder: Encoder, *, verify: bool = True) -> None:
        """Open and, unless told otherwise, check every file's sha256.

        Raises IndexDamaged when a file is missing or altered, EncoderMismatch when another model made it.
        """
        self.version = folder.name
        manifest = _manifest(folder)
        if verify:
            _verify(folder, manifest)
        if manifest["encoder"] != encoder.name:
            raise EncoderMismatch
        self.count = int(str(manifest["passages"]))
        self.lexical = lexical.LexicalIndex(folder / "lexical")
        self.vectors = faiss_index.FaissIndex(folder / "vectors.faiss") if self.count else None
        columns = np.load(folder / "rows.npz")
        self._offsets: NDArray[np.int64] = columns["offsets"]
        self.vector_rows: NDArray[np.int32] = columns["vector_rows"]  # vector id → ordinal
        self.vector_starts: NDArray[np.int64] = np.searchsorted(self.vector_rows, np.arange(self.count + 1))
        self._from: NDArray[np.int32] = columns["valid_from"]
        self._until: NDArray[np.int32] = columns["valid_until"]
        self._first: dict[str, dict[str, int]] = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
        self._rows: dict[int, Row] = {}  # decoded rows; shared by threads, where a double decoding does no harm
        self._idf: dict[str, float] = {}
        self._masses: dict[int, tuple[float, ...]] = {}
        self._bytes = _map(folder / "rows.jsonl")

    def row(self, ordinal: int) -> Row:
        """The row at this place. Raises IndexError beyond the end."""
        held = self._rows.get(ordinal)
        if held is None:
            start, end = int(self._offsets[ordinal]), int(self._offsets[ordinal + 1])
            held = row_from_json(self._bytes[start:end])
            if len(self._rows) >= KEEP_ROWS:
                self._rows.clear()  # simpler than an exact order of use, and as fast to fill again
            self._rows[ordinal] = held
        return held

    def idf(self, word: str) -> float:
        """The word's idf in this snapshot (see `lexical.LexicalIndex.idf`), remembered."""
        value = self._idf.get(word)
        if value is None:
            value = self._idf[word] = self.lexical.idf(word)
        return value

    def masses(self, ordinal: int) -> tuple[float, ...]:
        """The summed idf of each of the row's wordings, remembered: the costly half of an F1."""
        held = self._masses.get(ordinal)
        if held is None:
            wordings = self.row(ordinal).wordings
            held = self._masses[ordinal] = tuple(sum(map(self.idf, wording)) for wording in wordings)
        return held

    def in_force(self, day: date) -> NDArray[np.bool_] | None:
        """Which passages are valid that day, by ordinal; None when all are."""
        mask: NDArray[np.bool_] = (self._from <= day.toordinal()) & (day.toordinal() <= self._until)
        return None if bool(mask.all()) else mask

    def versions_of(self, key: str) -> dict[str, int]:
        """Language → ordinal of the first passage of that text's version; empty when the key is unknown."""
        return self._first.get(key, {})


def current(root: Path, owner: str) -> Path | None:
    """The folder of the owner's version in use; None when nothing was ever built."""
    pointer = root / owner / "CURRENT"
    try:
        version = pointer.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    return root / owner / version


def content_of(root: Path, owner: str, encoder: Encoder) -> str | None:
    """What the version in use was built from; None when there is none, it is damaged or of another encoder."""
    in_use = current(root, owner)
    if in_use is None:
        return None
    try:
        manifest = _manifest(in_use)
        _verify(in_use, manifest)
    except IndexDamaged:
        return None
    return str(manifest["content"]) if manifest["encoder"] == encoder.name else None


def older_versions(root: Path, owner: str) -> list[Path]:
    """Complete versions other than the one in use, newest first: what to fall back to when it is damaged."""
    in_use = current(root, owner)
    folders = [f for f in (root / owner).glob("[0-9]*") if f != in_use and (f / "manifest.json").exists()]
    return sorted(folders, reverse=True)


def _write(work: Path, folder: Path, passages: Sequence[Passage], encoder: Encoder, content: str,
           progress: Progress | None) -> tuple[int, int]:  # fmt: skip
    work.mkdir()
    rows = [row_of(passage) for passage in passages]
    lexical.build(work / "lexical", (row.terms(n) for n, row in enumerate(rows)))
    offsets, keys = _write_rows(work / "rows.jsonl", rows)
    (work / "keys.json").write_text(json.dumps(keys, ensure_ascii=False), encoding="utf-8")
    texts = [(n, text) for n, row in enumerate(rows) for text in row.embedded_texts()]
    digests = np.frombuffer(
        b"".join(hashlib.blake2b(t.encode("utf-8", "replace"), digest_size=16).digest() for _, t in texts), dtype="V16"
    )
    counts = _write_vectors(work, folder, [t for _, t in texts], digests, encoder, progress)
    np.savez(
        work / "rows.npz",
        offsets=offsets,
        vector_rows=np.array([n for n, _ in texts], dtype=np.int32),
        digests=digests,
        valid_from=np.array([p.valid_from.toordinal() if p.valid_from else 0 for p in passages], dtype=np.int32),
        valid_until=np.array(
            [p.valid_until.toordinal() if p.valid_until else _FOREVER for p in passages], dtype=np.int32
        ),
    )
    _write_manifest(work, encoder, len(passages), content)
    return counts


def _write_rows(path: Path, rows: Sequence[Row]) -> tuple[NDArray[np.int64], dict[str, dict[str, int]]]:
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    keys: dict[str, dict[str, int]] = {}
    with path.open("wb") as file:
        for n, row in enumerate(rows):
            offsets[n + 1] = offsets[n] + file.write(row_to_json(row))
            keys.setdefault(row.passage.key, {}).setdefault(row.passage.language, n)
            if row.passage.kind is Kind.LAW:
                keys.setdefault(law_name_key(row.passage.title), {}).setdefault(row.passage.language, n)
    return offsets, keys


def _write_vectors(work: Path, folder: Path, texts: list[str], digests: NDArray[np.void], encoder: Encoder,
                   progress: Progress | None) -> tuple[int, int]:  # fmt: skip
    if not texts:
        return 0, 0
    vectors = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    known = _known_vectors(folder, encoder)
    missing: list[int] = []
    for n, digest in enumerate(digests):
        old = known.get(bytes(digest))
        if old is None:
            missing.append(n)
        else:
            vectors[n] = old
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        vectors[batch] = encoder.encode_passages([texts[n] for n in batch])
        if progress:
            progress(min(start + _BATCH, len(missing)), len(missing))
    faiss_index.build(work / "vectors.faiss", vectors)
    return len(missing), len(texts) - len(missing)


def _known_vectors(folder: Path, encoder: Encoder) -> dict[bytes, NDArray[np.float32]]:
    """Digest → vector of the version in use; empty when there is none, it is damaged or of another encoder."""
    in_use = current(folder.parent, folder.name)
    if in_use is None:
        return {}
    try:
        snapshot = Snapshot(in_use, encoder)
    except (IndexDamaged, EncoderMismatch):
        return {}
    if snapshot.vectors is None:
        return {}
    digests = np.load(in_use / "rows.npz")["digests"]
    vectors = snapshot.vectors.vectors(0, len(digests))
    return {bytes(digest): vector for digest, vector in zip(digests, vectors, strict=True)}


def _write_manifest(work: Path, encoder: Encoder, count: int, content: str) -> None:
    files = sorted(f for f in work.rglob("*") if f.is_file() and not f.name.endswith(".lock"))
    manifest = {
        "format": FORMAT,
        "encoder": encoder.name,
        "dimension": encoder.dimension,
        "passages": count,
        "content": content,
        "files": {str(f.relative_to(work)): _sha256(f) for f in files},
    }
    for file in files:
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
    (work / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _manifest(folder: Path) -> dict[str, object]:
    try:
        manifest: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise IndexDamaged from exc
    if manifest.get("format") != FORMAT:
        raise IndexDamaged
    return manifest


def _verify(folder: Path, manifest: dict[str, object]) -> None:
    files = manifest["files"]
    assert isinstance(files, dict)
    for name, digest in files.items():
        path = folder / name
        if not path.is_file() or _sha256(path) != digest:
            raise IndexDamaged


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _map(path: Path) -> mmap.mmap | bytes:
    if path.stat().st_size == 0:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _next_version(folder: Path) -> str:
    numbers = [int(f.name) for f in folder.glob("[0-9]*") if f.name.isdigit()]
    return f"{max(numbers, default=0) + 1:08d}"


def _point_at(folder: Path, version: str) -> None:
    pointer = folder / ".CURRENT.new"
    with pointer.open("w", encoding="ascii") as file:
        file.write(version)
        file.flush()
        os.fsync(file.fileno())
    os.replace(pointer, folder / "CURRENT")


def _prune(folder: Path, version: str) -> None:
    # The version before stays: a server may still hold it open, and it is the fall-back when this one is damaged.
    versions = sorted((f for f in folder.glob("[0-9]*") if f.name.isdigit()), reverse=True)
    for old in [f for f in versions if f.name <= version][KEEP_VERSIONS:]:
        shutil.rmtree(old, ignore_errors=True)


def _remove_leftovers(folder: Path) -> None:
    for left in folder.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)
