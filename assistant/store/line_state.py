"""How the LINE channel stands, read from its own tables: the same whichever process is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, func, select

from assistant.store.line_tables import line_inbox as inbox
from assistant.store.line_tables import line_outbox as outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """What came last and what waits."""

    last_event_at: datetime | None  # a webhook's event was taken in
    last_sent_at: datetime | None  # LINE took messages of ours
    events_waiting: int  # taken in, not yet dealt with
    messages_waiting: int  # to be sent
    waiting_since: datetime | None  # the oldest of both
    trouble: int  # HTTP status of the newest attempt among messages that wait; 0: none failed, or no reply came


def line_state(engine: Engine) -> LineState:
    """How the channel of this installation stands, all towns together."""
    with engine.connect() as c:
        events, oldest_event = _waiting(c, inbox, "new", "received_at")
        sending, oldest_message = _waiting(c, outbox, "ready", "created_at")
        since = [at for at in (oldest_event, oldest_message) if at is not None]
        tried = select(outbox.c.status).where(outbox.c.state == "ready", outbox.c.tries > 0)
        return LineState(
            last_event_at=c.execute(select(inbox.c.received_at).order_by(inbox.c.seq.desc()).limit(1)).scalar(),
            last_sent_at=c.execute(
                select(outbox.c.ended_at).where(outbox.c.state == "sent").order_by(outbox.c.seq.desc()).limit(1)
            ).scalar(),
            events_waiting=events,
            messages_waiting=sending,
            waiting_since=min(since, default=None),
            trouble=int(c.execute(tried.order_by(outbox.c.seq.desc()).limit(1)).scalar() or 0),
        )


def _waiting(c: Connection, table: Table, state: str, since: str) -> tuple[int, datetime | None]:
    query = select(func.count(), func.min(table.c[since])).where(table.c.state == state)
    row = c.execute(query).one()
    return int(row[0]), row[1]
