"""What the version of an index in use lends to the next one: tokens and vectors of whatever did not change."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.dense import Encoder
from knowledge.errors import EncoderMismatch, IndexDamaged
from knowledge.passage import Passage
from knowledge.rows import TOKENS, passage_json, row_from_json, row_of, row_to_json
from knowledge.snapshot import Snapshot, current

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLED = 32
"""Rows that are tokenised again before any is reused: enough to meet a rule that touches a tenth of them."""


class Kept:
    """Rows and vectors of the version in use, found by what they were made from."""

    def __init__(self, root: Path, owner: str, encoder: Encoder) -> None:
        """Empty when there is no version, or it is damaged or of another encoder."""
        self._lines: dict[bytes, int] = {}  # digest of a passage's JSON → ordinal
        self._vectors: dict[bytes, int] = {}  # digest of an embedded text → vector id
        self._all: NDArray[np.float32] = np.empty((0, encoder.dimension), dtype=np.float32)
        self._snapshot = _opened(root, owner, encoder)
        if self._snapshot is None:
            return
        if _same_tokens(self._snapshot):
            self._lines = {digest_of(_parts(line)[0]): n for n, line in enumerate(self._snapshot.lines())}
        if self._snapshot.vectors is not None:
            digests = np.load(root / owner / self._snapshot.version / "rows.npz")["digests"]
            self._vectors = {digest.tobytes(): n for n, digest in enumerate(digests)}
            self._all = self._snapshot.vectors.vectors(0, len(digests))

    def line(self, passage: Passage) -> bytes:
        """The passage's row as one line of JSON: the stored one, or tokenised now."""
        ordinal = self._lines.get(digest_of(passage_json(passage)))
        if ordinal is None or self._snapshot is None:
            return row_to_json(row_of(passage))
        return self._snapshot.line(ordinal)

    def vector(self, digest: bytes) -> NDArray[np.float32] | None:
        """The vector of the text with this digest (see `digest_of`); None when it must be embedded."""
        n = self._vectors.get(digest)
        return None if n is None else self._all[n]


def digest_of(value: bytes) -> bytes:
    """What rows and texts are found again by: 16 bytes of BLAKE2b."""
    return hashlib.blake2b(value, digest_size=16).digest()


def tokens_of(line: bytes) -> bytes:
    """The tokens' part of a row's line, as `rows.terms_of` takes it."""
    return _parts(line)[1]


def _parts(line: bytes) -> tuple[bytes, bytes]:
    head, _, tail = line.rpartition(TOKENS)
    return head, tail


def _opened(root: Path, owner: str, encoder: Encoder) -> Snapshot | None:
    in_use = current(root, owner)
    if in_use is None:
        return None
    try:
        return Snapshot(in_use, encoder)
    except (IndexDamaged, EncoderMismatch):
        return None


def _same_tokens(snapshot: Snapshot) -> bool:
    """True when today's code and dictionary give a sample of the rows the tokens that are stored."""
    places = np.linspace(0, snapshot.count - 1, num=min(SAMPLED, snapshot.count)).astype(int)
    lines = [snapshot.line(int(n)) for n in places]
    return all(row_to_json(row_of(row_from_json(line).passage)) == line for line in lines)
