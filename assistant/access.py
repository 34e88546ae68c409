"""The access record: who looked at whose personal data, what, why and when, each entry chained to the one before.

An entry holds kinds of data and pseudonyms, never the data itself. Its digest is the sha256 over the digest before and
the entry's canonical JSON, so that no entry can be altered, taken out or moved unnoticed; a head kept elsewhere shows
when the end was cut off. Values only: storing is in assistant/store/audit.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64
"""What stands for the digest before the first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One access to personal data."""

    town: str
    conversation: str  # whose data: the resident of this conversation
    who: str  # "service:bulky-waste via openapi", "clerk:NAME", …
    what: tuple[str, ...]  # kinds of data, such as "address"; never the data
    why: str  # the purpose
    outcome: str  # "asked" | "done" | "refused" | "failed" | "read" | …
    at: datetime  # aware UTC

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("Access.at must be an aware time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An access in its place in the chain."""

    seq: int  # from 1, without gaps
    access: Access
    previous: str  # digest of the entry before, 64 hex digits
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far the chain had come at a time: kept in a second place."""

    place: str  # where it is kept, for messages: "file" or "day 2026-11-21"
    count: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """The first place where the record is not as it was written."""

    seq: int  # the entry that is wrong or missing
    what: str


def chained(access: Access, seq: int, previous: str) -> Entry:
    """The entry for an access after the one with digest `previous`."""
    return Entry(seq=seq, access=access, previous=previous, digest=_digest(seq, access, previous))


def first_flaw(entries: Iterable[Entry], heads: Sequence[Head]) -> Flaw | None:
    """The first altered, missing, moved or added entry, or an end that was cut off; None when the record is whole.

    A head is older than or as old as the chain's end: each must agree with the chain at its count.
    """
    wanted = sorted(heads, key=lambda head: head.count)
    previous, seq = GENESIS, 0
    waiting = [head for head in wanted if head.count > 0]
    for entry in entries:
        seq += 1
        if entry.seq != seq:
            return Flaw(seq=seq, what=f"missing: entry {entry.seq} stands in its place")
        if entry.previous != previous:
            return Flaw(seq=seq, what="does not follow the entry before")
        if entry.digest != _digest(seq, entry.access, previous):
            return Flaw(seq=seq, what="altered: its digest does not fit what it says")
        previous = entry.digest
        while waiting and waiting[0].count == seq:
            head = waiting.pop(0)
            if head.digest != previous:
                return Flaw(seq=seq, what=f"not the entry that the head of {head.place} was written for")
    if waiting:
        return Flaw(seq=seq + 1, what=f"cut off: the head of {waiting[-1].place} counts {waiting[-1].count} entries")
    return None


def _digest(seq: int, access: Access, previous: str) -> str:
    said = {
        "seq": seq, "town": access.town, "conversation": access.conversation, "who": access.who,
        "what": list(access.what), "why": access.why, "outcome": access.outcome,
        "at": access.at.astimezone(UTC).isoformat(),
    }  # fmt: skip
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(previous.encode() + canonical.encode("utf-8", "surrogatepass")).hexdigest()
