"""Telephone calls as stored: events of their conversation, which go when the conversation is deleted."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select

from assistant.store import tables as t

_KIND = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCall:
    """A call that began and of whose end nothing is stored."""

    conversation: str
    town: str
    call: str  # the exchange's own name of it


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """Begin and end of the telephone calls."""

    engine: Engine

    def begun(self, call: OpenCall, at: datetime) -> None:
        """The call leads its conversation, in this process."""
        self._note(call, {"state": "begun", "host": socket.gethostname(), "process": str(os.getpid())}, at)

    def ended(self, call: OpenCall, how: str, at: datetime) -> None:
        """The call is over: `person`, `closed`, `done`, `hung_up` by the caller, or `lost` with its server."""
        self._note(call, {"state": "ended", "how": how}, at)

    def torn(self) -> list[OpenCall]:
        """Calls that a process of this machine led which is no more; to be asked before this process leads any."""
        e = t.events.c
        open_: dict[str, tuple[OpenCall, dict[str, str]]] = {}
        query = select(e.conversation, e.town, e.payload).where(e.kind == _KIND).order_by(e.seq)
        with self.engine.connect() as c:
            for row in c.execute(query):
                if row.payload["state"] == "begun":
                    call = OpenCall(conversation=row.conversation, town=row.town, call=row.payload["call"])
                    open_[call.conversation] = (call, row.payload)
                else:
                    open_.pop(row.conversation, None)
        here = socket.gethostname()
        return [call for call, led in open_.values() if led["host"] == here and not _lives(int(led["process"]))]

    def staff_said(self, conversation: str, after: int) -> list[tuple[int, str]]:
        """(seq, text) of what clerks wrote to this conversation after that seq, oldest first."""
        e = t.events.c
        query = select(e.seq, e.payload).where(e.conversation == conversation, e.seq > after, e.kind == "clerk")
        with self.engine.connect() as c:
            return [(row.seq, str(row.payload["text"])) for row in c.execute(query.order_by(e.seq))]

    def _note(self, call: OpenCall, payload: dict[str, str], at: datetime) -> None:
        """Nothing is noted of a conversation that was deleted meanwhile."""
        row = {
            "conversation": call.conversation, "town": call.town, "kind": _KIND,
            "payload": {"call": call.call, **payload}, "at": at,
        }  # fmt: skip
        with self.engine.begin() as c:
            known = select(t.conversations.c.id).where(t.conversations.c.id == call.conversation)
            if c.execute(known).first() is not None:
                c.execute(insert(t.events).values(row))


def _lives(process: int) -> bool:
    """Whether another process has this number. Our own means an earlier life: containers count from 1 each time."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
