"""One owner's index on disk: versioned, checksummed, swapped atomically.

Layout: `<root>/<owner>/<version>/{manifest.json, lexical/, vectors.faiss, rows.jsonl, rows.npz, keys.npy}` and
`<root>/<owner>/CURRENT`, which names the version in use. A crash at any point leaves CURRENT as it was.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge import faiss_index, lexical
from knowledge.checksums import whole
from knowledge.dense import Encoder
from knowledge.errors import EncoderMismatch, IndexDamaged
from knowledge.keys import Keys
from knowledge.rows import Row, row_from_json

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 3
KEEP_ROWS = 8_000  # decoded rows held in memory: about 40 MB; a town's shelf fits whole


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What is valid on a day."""

    passages: NDArray[np.bool_]  # by ordinal
    vectors: NDArray[np.bool_]  # by vector id


class Snapshot:
    """An opened version; read-only, safe to use from many threads."""

    def __init__(self, folder: Path, encoder: Encoder, *, verify: bool = True) -> None:
        """Open and, unless told otherwise, check every file's sha256 (see `checksums.whole`).

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
        self.many, self.lengths = bool(manifest["many"]), _counts(manifest["lengths"])
        self.vectors = faiss_index.FaissIndex(folder / "vectors.faiss") if self.count else None
        columns = np.load(folder / "rows.npz")
        self._offsets: NDArray[np.int64] = columns["offsets"]
        self.vector_rows: NDArray[np.int32] = columns["vector_rows"]  # vector id → ordinal
        self.vector_starts: NDArray[np.int64] = np.searchsorted(self.vector_rows, np.arange(self.count + 1))
        self._from: NDArray[np.int32] = columns["valid_from"]
        self._until: NDArray[np.int32] = columns["valid_until"]
        self._keys = Keys(folder / "keys.npy")
        self._texts, self._languages = int(str(manifest["texts"])), _counts(manifest["languages"])
        self._day: tuple[date | None, InForce | None] = (None, None)
        self._rows: dict[int, Row] = {}  # decoded rows; shared by threads, where a double decoding does no harm
        self._idf: dict[str, float] = {}
        self._unseen = self.lexical.idf("\n")  # of a word in no passage; a token never holds a line end
        self._masses: dict[int, tuple[float, ...]] = {}
        self._bytes = _map(folder / "rows.jsonl")

    def row(self, ordinal: int) -> Row:
        """The row at this place. Raises IndexError beyond the end."""
        held = self._rows.get(ordinal)
        if held is None:
            held = row_from_json(self.line(ordinal))
            if len(self._rows) >= KEEP_ROWS:
                # Simpler than an exact order of use, and as fast to fill again.
                self._rows.clear()
                self._masses.clear()
            self._rows[ordinal] = held
        return held

    def line(self, ordinal: int) -> bytes:
        """The row at this place as it is stored. Raises IndexError beyond the end."""
        return self._bytes[int(self._offsets[ordinal]) : int(self._offsets[ordinal + 1])]

    def lines(self) -> Iterator[bytes]:
        """All rows as they are stored, in order."""
        return (self.line(ordinal) for ordinal in range(self.count))

    def idf(self, word: str) -> float:
        """The word's idf in this snapshot (see `lexical.LexicalIndex.idf`), remembered."""
        value = self._idf.get(word)
        if value is None:
            value = self._idf[word] = self.lexical.idf(word)
        return value

    @property
    def rarest(self) -> float:
        """The idf of a word that no passage has, above 0: it grows with the shelf."""
        return max(self._unseen, 0.1)

    def has(self, word: str) -> bool:
        """True when some passage holds the word."""
        return self.idf(word) < self._unseen

    def masses(self, ordinal: int) -> tuple[float, ...]:
        """The summed idf of each of the row's wordings, remembered: the costly half of an F1."""
        held = self._masses.get(ordinal)
        if held is None:
            wordings = self.row(ordinal).wordings
            held = self._masses[ordinal] = tuple(sum(map(self.idf, wording)) for wording in wordings)
        return held

    def in_force(self, day: date) -> InForce | None:
        """Which passages and vectors are valid that day; None when all are. The last day's is remembered."""
        held_for, held = self._day
        if held_for != day:
            mask: NDArray[np.bool_] = (self._from <= day.toordinal()) & (day.toordinal() <= self._until)
            held = None if bool(mask.all()) else InForce(passages=mask, vectors=mask[self.vector_rows])
            self._day = (day, held)  # at once, so that no thread sees one day with another's mask
        return held

    def speaks(self, language: str) -> bool:
        """True when more than half of the shelf's texts are in this language (zh-TW and zh-Hans count as one)."""
        return self._languages.get(language.split("-")[0], 0) * 2 > self._texts

    def versions_of(self, key: str) -> dict[str, int]:
        """Language → ordinal of the first passage of that text's version; empty when the key is unknown."""
        return self._keys.versions(key)


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


def _manifest(folder: Path) -> dict[str, object]:
    try:
        manifest: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise IndexDamaged from exc
    if manifest.get("format") != FORMAT:
        raise IndexDamaged
    return manifest


def _counts(value: object) -> dict[str, int]:
    return {str(name): int(count) for name, count in value.items()} if isinstance(value, dict) else {}


def _verify(folder: Path, manifest: dict[str, object]) -> None:
    files = manifest["files"]
    assert isinstance(files, dict)
    if not whole(folder, files):
        raise IndexDamaged


def _map(path: Path) -> mmap.mmap | bytes:
    if path.stat().st_size == 0:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
