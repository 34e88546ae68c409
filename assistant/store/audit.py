"""The access record as stored: a hash chain in the database, its head in each day's row and signed in a file."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, Row, delete, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.access import GENESIS, Access, Entry, Flaw, Head, chained, first_flaw
from assistant.errors import MadoguchiError
from assistant.store import service_tables as s
from assistant.store.keyfile import held_key

_TRIES = 50  # another process may append between reading the head and writing after it
_ROWS = 1000


class AnchorInvalid(MadoguchiError):
    """The head of the access record beside the database is damaged or not signed by this installation's key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries an auditor wants to see."""

    town: str
    who: str = ""  # a part of it; empty: everybody
    since: datetime | None = None
    until: datetime | None = None  # exclusive
    before: int = 0  # seq, exclusive; 0: from the newest


class AccessRecord:
    """Appends accesses and checks them; `folder` holds the head and the key that signs it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine, self._folder = engine, folder
        self._lock = threading.Lock()

    def append(self, access: Access) -> Entry:
        """Write the access after all others; it is stored, and the head moved, when this returns."""
        with self._lock:
            for left in reversed(range(_TRIES)):
                try:
                    entry = self._written(access)
                    break
                except IntegrityError:  # somebody else took this place in the chain
                    if not left:
                        raise
            self._move_anchor(entry)
        return entry

    def entries(self, conversation: str | None = None) -> Iterator[Entry]:
        """All entries in order, or those of one conversation."""
        table = s.access_record
        query = select(table).order_by(table.c.seq)
        if conversation is not None:
            query = query.where(table.c.conversation == conversation)
        with self._engine.connect() as c:
            for row in c.execute(query).yield_per(_ROWS):
                yield _entry(row)

    def found(self, wanted: Wanted, *, limit: int | None = None) -> list[Entry]:
        """The entries that are asked for, the newest first."""
        table = s.access_record
        query = select(table).where(table.c.town == wanted.town).order_by(table.c.seq.desc()).limit(limit)
        if wanted.who:
            query = query.where(table.c.who.contains(wanted.who, autoescape=True))
        if wanted.since is not None:
            query = query.where(table.c.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(table.c.at < wanted.until)
        if wanted.before:
            query = query.where(table.c.seq < wanted.before)
        with self._engine.connect() as c:
            return [_entry(row) for row in c.execute(query)]

    def count(self) -> int:
        """How many entries there are."""
        with self._engine.connect() as c:
            seq = c.execute(select(s.access_record.c.seq).order_by(s.access_record.c.seq.desc()).limit(1)).scalar()
        return seq or 0

    def verify(self) -> Flaw | None:
        """The first place where the record is not as it was written, None when it is whole.

        Raises AnchorInvalid when the head's file is missing though there are entries, or its signature is wrong.
        """
        # The heads first: what is appended while this reads makes the chain only longer than they say.
        heads = self._heads()
        begun = heads or self.count() or (self._folder / "key").exists()
        if begun and not any(head.place == "file" for head in heads):
            raise AnchorInvalid("The file with the head of the access record is missing: restore audit/head.json.")
        return first_flaw(self.entries(), heads)

    def _written(self, access: Access) -> Entry:
        table, heads = s.access_record, s.access_heads
        last = select(table.c.seq, table.c.digest).order_by(table.c.seq.desc()).limit(1)
        with self._engine.begin() as c:
            row = c.execute(last).first()
            entry = chained(access, row.seq + 1 if row else 1, row.digest if row else GENESIS)
            c.execute(
                insert(table),
                {
                    "seq": entry.seq, "town": access.town, "conversation": access.conversation, "who": access.who,
                    "what": list(access.what), "why": access.why, "outcome": access.outcome, "at": access.at,
                    "previous": entry.previous, "digest": entry.digest,
                },
            )  # fmt: skip
            day = access.at.date().isoformat()
            c.execute(delete(heads).where(heads.c.day == day))
            c.execute(insert(heads), {"day": day, "count": entry.seq, "digest": entry.digest})
        return entry

    def _heads(self) -> list[Head]:
        with self._engine.connect() as c:
            rows = c.execute(select(s.access_heads)).all()
        found = [Head(place=f"day {day}", count=int(str(count)), digest=str(digest)) for day, count, digest in rows]
        anchor = self._anchor()
        return [*found, anchor] if anchor else found

    def _anchor(self) -> Head | None:
        try:
            held = json.loads((self._folder / "head.json").read_text(encoding="utf-8"))
            head = Head(place="file", count=int(held["count"]), digest=str(held["digest"]))
            signed = str(held["signature"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise AnchorInvalid from exc
        if not hmac.compare_digest(signed, self._signature(head)):
            raise AnchorInvalid
        return head

    def _move_anchor(self, entry: Entry) -> None:
        """Write the head beside the database, never backwards: processes may come here in another order."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            held = self._anchor()
            if held is not None and held.count >= entry.seq:
                return
            head = Head(place="file", count=entry.seq, digest=entry.digest)
            said = {"count": head.count, "digest": head.digest, "signature": self._signature(head)}
            building = self._folder / f".head-{os.getpid()}-{threading.get_ident()}"
            building.write_text(json.dumps(said), encoding="utf-8")
            building.replace(self._folder / "head.json")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _signature(self, head: Head) -> str:
        key, said = held_key(self._folder / "key"), f"{head.count}:{head.digest}".encode()
        return hmac.new(key, said, hashlib.sha256).hexdigest()


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    access = Access(
        town=row.town, conversation=row.conversation, who=row.who, what=tuple(row.what), why=row.why,
        outcome=row.outcome, at=row.at,
    )  # fmt: skip
    return Entry(seq=row.seq, access=access, previous=row.previous, digest=row.digest)
