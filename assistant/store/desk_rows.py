"""What other stores write for the desk inside their own transactions: all of it or nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, literal, select, update

from assistant.desk.ticket import OPEN, State
from assistant.store import desk_tables as d
from assistant.store import tables as t
from assistant.store.records import NewMessage

# Built once: SQLAlchemy takes longer to build an insert than SQLite to carry it out.
_TICKET = insert(t.tickets)
_EVENT = insert(d.desk_events)
_TURN = insert(d.desk_events).from_select(
    ["town", "ticket", "kind", "at"],
    select(t.tickets.c.town, t.tickets.c.id, literal("turn"), bindparam("told_at", type_=t.UtcTime())).where(
        t.tickets.c.conversation == bindparam("of"), t.tickets.c.state.in_([state.value for state in OPEN])
    ),
)
_REOPEN = (
    update(t.tickets)
    .where(t.tickets.c.id == bindparam("wanted"), t.tickets.c.state == State.RETURNED.value)
    .values(state=State.WAITING.value, taken_by=None)
)


def tell(c: Connection, town: str, ticket: str, kind: str, at: datetime) -> None:
    """Note what happened, for the desk's pages and the notices."""
    c.execute(_EVENT, {"town": town, "ticket": ticket, "kind": kind, "at": at})


def tell_turn(c: Connection, conversation: str, at: datetime) -> None:
    """The resident said something: whoever has an open ticket of the conversation is told."""
    c.execute(_TURN, {"of": conversation, "told_at": at})


def put_ticket(c: Connection, new: NewMessage) -> None:
    """The case that a hand-over opens, or the open one that it joins."""
    turn = new.turn
    if new.ticket is not None:
        row = {
            "id": new.ticket.id, "town": turn.town, "conversation": turn.conversation,
            "message": str(new.payload["id"]), "state": State.WAITING.value, "why": new.ticket.why,
            "reason": new.ticket.reason, "summary": new.ticket.summary, "language": new.language, "opened_at": new.at,
        }  # fmt: skip
        c.execute(_TICKET, row)
        tell(c, turn.town, new.ticket.id, "opened", new.at)
    if new.again is not None:
        _reopen(c, turn.town, new.again, new.at)


def _reopen(c: Connection, town: str, ticket: str, at: datetime) -> None:
    """A ticket that was given back to the bot waits again; one that waits or is taken stays as it is."""
    if c.execute(_REOPEN, {"wanted": ticket}).rowcount:
        tell(c, town, ticket, "opened", at)
