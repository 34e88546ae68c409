"""Builds a new version of an owner's index and makes it current; a crash at any point changes nothing."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge import faiss_index, keys, lexical
from knowledge.checksums import remember, sha256_of
from knowledge.dense import Encoder
from knowledge.kept import Kept, digest_of, tokens_of
from knowledge.law_links import linked
from knowledge.passage import Kind, Passage, law_name_key
from knowledge.rows import embedded_texts, terms_of
from knowledge.snapshot import FORMAT

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEEP_VERSIONS = 2
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

    Tokens and vectors that the current version holds for the same texts and encoder are reused, so that one changed
    guide costs seconds in any town. Builds of one owner run one after another. Raises OSError when the disk is
    full: the version in use stays in use.
    """
    folder = root / owner
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        _remove_leftovers(folder)
        work = folder / f".building-{uuid.uuid4().hex}"
        try:
            with _disk_errors():
                counts = _write(work, folder, passages, encoder, content, progress)
            version = _next_version(folder)
            os.rename(work, folder / version)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        _point_at(folder, version)
        _prune(folder, version)
    return Built(version=version, passages=len(passages), embedded=counts[0], reused=counts[1])


def _write(work: Path, folder: Path, passages: Sequence[Passage], encoder: Encoder, content: str,
           progress: Progress | None) -> tuple[int, int]:  # fmt: skip
    work.mkdir()
    kept = Kept(folder.parent, folder.name, encoder)
    rows = _Rows(kept=kept)
    many = len(passages) > lexical.MANY
    lengths = lexical.build(work / "lexical", rows.terms(linked(passages), work / "rows.jsonl"), many=many)
    keys.write(work / "keys.npy", rows.keys)
    texts = rows.texts
    digests = np.frombuffer(b"".join(digest_of(t.encode("utf-8", "replace")) for _, t in texts), dtype="V16")
    counts = _write_vectors(work, kept, [t for _, t in texts], digests, encoder, progress)
    np.savez(
        work / "rows.npz",
        offsets=np.array(rows.offsets, dtype=np.int64),
        vector_rows=np.array([n for n, _ in texts], dtype=np.int32),
        digests=digests,
        valid_from=np.array([p.valid_from.toordinal() if p.valid_from else 0 for p in passages], dtype=np.int32),
        valid_until=np.array(
            [p.valid_until.toordinal() if p.valid_until else _FOREVER for p in passages], dtype=np.int32
        ),
    )
    about = {"content": content, "many": many, "lengths": lengths}
    _write_manifest(work, encoder, len(passages), rows.keys, about)
    return counts


@dataclass(slots=True)
class _Rows:
    """Rows on their way to disk; only what the later files need stays in memory."""

    kept: Kept
    offsets: list[int] = field(default_factory=lambda: [0])
    keys: dict[str, dict[str, int]] = field(default_factory=dict)
    texts: list[tuple[int, str]] = field(default_factory=list)  # ordinal, text to embed

    def terms(self, passages: Iterable[Passage], path: Path) -> Iterator[lexical.Terms]:
        """Write every passage's row and yield its tokens."""
        with path.open("wb") as file:
            for n, passage in enumerate(passages):
                line = self.kept.line(passage)
                self.offsets.append(self.offsets[-1] + file.write(line))
                self.keys.setdefault(passage.key, {}).setdefault(passage.language, n)
                if passage.kind is Kind.LAW:
                    self.keys.setdefault(law_name_key(passage.title), {}).setdefault(passage.language, n)
                self.texts.extend((n, text) for text in embedded_texts(passage))
                yield terms_of(tokens_of(line), n)


def _write_vectors(work: Path, kept: Kept, texts: list[str], digests: NDArray[np.void], encoder: Encoder,
                   progress: Progress | None) -> tuple[int, int]:  # fmt: skip
    if not texts:
        return 0, 0
    vectors = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    missing: list[int] = []
    for n, digest in enumerate(digests):
        old = kept.vector(digest.tobytes())
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


def _write_manifest(
    work: Path, encoder: Encoder, count: int, texts: dict[str, dict[str, int]], about: dict[str, object]
) -> None:
    files = sorted(f for f in work.rglob("*") if f.is_file() and not f.name.endswith(".lock"))
    digests = {str(f.relative_to(work)): sha256_of(f) for f in files}
    manifest = {
        "format": FORMAT,
        "encoder": encoder.name,
        "dimension": encoder.dimension,
        "passages": count,
        **about,
        "texts": len(texts),
        "languages": keys.spoken(texts),
        "files": digests,
    }
    for file in files:
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
    (work / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    remember(work, digests)


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


@contextmanager
def _disk_errors() -> Iterator[None]:
    """tantivy and FAISS tell of a full disk only in words: they become the OSError that it is."""
    try:
        yield
    except (RuntimeError, ValueError) as exc:
        for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            if os.strerror(code) in str(exc):
                raise OSError(code, os.strerror(code)) from exc
        raise
