"""Which notices to staff are due, which were sent, and who is sending one now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, and_, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from assistant.store import desk_tables as d
from assistant.store import tables as t

KINDS = ("opened", "callback")
MAX_ATTEMPTS = 12  # over about six hours; then a person will have looked at the page
_LATEST = timedelta(days=2)  # older things are told no more, such as when notices are switched on at last
_LEASE = timedelta(minutes=2)  # after it another process tries, if the one that sends was killed


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that staff are to be told by one channel."""

    event: int
    channel: str
    attempts: int  # so far
    kind: str
    town: str
    ticket: str
    why: str
    language: str

    @property
    def delivery(self) -> str:
        """The same for every try of the same notice."""
        return f"{self.channel}-{self.event}-{self.ticket}"


class NoticeStore:
    """Reads events of the desk and writes what became of their notices. A notice is sent at least once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, channel: str, now: datetime, limit: int = 20) -> list[Notice]:
        """What is to be sent by that channel now, oldest first."""
        e, n, k = d.desk_events.c, d.notices.c, t.tickets.c
        again = and_(n.sent_at.is_(None), n.attempts < MAX_ATTEMPTS, n.next_at <= now)
        query = (
            select(e.seq, e.kind, e.town, e.ticket, k.why, k.language, n.attempts)
            .join(t.tickets, k.id == e.ticket)
            .outerjoin(d.notices, and_(n.event == e.seq, n.channel == channel))
            .where(e.kind.in_(KINDS), e.at > now - _LATEST, or_(n.event.is_(None), again))
            .order_by(e.seq)
            .limit(limit)
        )
        with self._engine.connect() as c:
            return [
                Notice(event=r.seq, channel=channel, attempts=r.attempts or 0, kind=r.kind, town=r.town,
                       ticket=r.ticket, why=r.why, language=r.language)
                for r in c.execute(query)
            ]  # fmt: skip

    def unsent(self, town: str, now: datetime) -> list[tuple[str, int, datetime]]:
        """(channel, how many, since when) of the town's notices that failed and have not arrived yet, by channel."""
        e, n = d.desk_events.c, d.notices.c
        query = (
            select(n.channel, func.count(), func.min(e.at))
            .join(d.desk_events, n.event == e.seq)
            .where(e.town == town, e.at > now - _LATEST, n.sent_at.is_(None), n.failure != "")
            .group_by(n.channel)
            .order_by(n.channel)
        )
        with self._engine.connect() as c:
            return [(str(row[0]), int(row[1]), row[2]) for row in c.execute(query)]

    def claim(self, notice: Notice, now: datetime) -> bool:
        """True for exactly one of all processes that want to send this try."""
        lease = {"attempts": notice.attempts + 1, "next_at": now + _LEASE}
        n = d.notices.c
        with self._engine.begin() as c:
            if notice.attempts:
                mine = (n.event == notice.event, n.channel == notice.channel, n.attempts == notice.attempts)
                return c.execute(update(d.notices).where(*mine, n.sent_at.is_(None)).values(lease)).rowcount == 1
        try:
            with self._engine.begin() as c:
                row = {"event": notice.event, "channel": notice.channel, "failure": "", "sent_at": None, **lease}
                c.execute(insert(d.notices).values(row))
        except IntegrityError:
            return False
        return True

    def sent(self, notice: Notice, now: datetime) -> None:
        """It arrived."""
        self._note(notice, {"sent_at": now, "failure": ""})

    def failed(self, notice: Notice, failure: str, next_at: datetime) -> None:
        """It did not arrive; it is tried again then."""
        self._note(notice, {"failure": failure, "next_at": next_at})

    def _note(self, notice: Notice, values: dict[str, object]) -> None:
        mine = (d.notices.c.event == notice.event, d.notices.c.channel == notice.channel)
        with self._engine.begin() as c:
            c.execute(update(d.notices).where(*mine).values(values))
