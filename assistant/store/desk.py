"""Tickets as the desk works on them: queue, conditional moves, clerk's words, notes, call-backs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine, Select, delete, func, insert, select, update

from assistant.desk.case import Callback, Note, Ticket
from assistant.desk.ticket import OPEN, RULES, Move, State
from assistant.errors import UnknownTicket, WrongMove
from assistant.store import desk_tables as d
from assistant.store import tables as t
from assistant.store.desk_rows import tell

_CLOSED_SHOWN = 20  # tickets closed last that the queue still lists


class DeskStore:
    """Reads and writes what belongs to tickets. Every move is one conditional UPDATE: exactly one clerk wins."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def move(self, town: str, ticket: str, move: Move, clerk: str, now: datetime) -> None:
        """Carry out a clerk's move and tell the resident and the desk, all or nothing.

        Raises WrongMove when the ticket stands elsewhere by now or is a colleague's, UnknownTicket when not the town's.
        """
        rule, k = RULES[move], t.tickets.c
        change = update(t.tickets).where(k.id == ticket, k.town == town, k.state.in_([s.value for s in rule.sources]))
        if rule.holder:
            change = change.where(k.taken_by == clerk)
        values: dict[str, object] = {"state": rule.target.value}
        if rule.target is State.TAKEN:
            values |= {"taken_by": clerk, "taken_at": now}
        elif rule.target is State.WAITING:
            values |= {"taken_by": None}
        elif rule.target is State.CLOSED:
            values |= {"closed_at": now}
        with self._engine.begin() as c:
            if c.execute(change.values(values)).rowcount == 0:
                raise WrongMove if self._known(c, town, ticket) else UnknownTicket
            payload: dict[str, object] = {"ticket": ticket, "state": rule.target.value}
            self._say(c, town, ticket, "state", payload, now)
            tell(c, town, ticket, "state", now)

    def reply(self, town: str, ticket: str, clerk: str, id_: str, text: str, now: datetime) -> None:
        """The clerk's words go to the resident; the same id again says nothing twice.

        Raises WrongMove unless this clerk has the ticket, UnknownTicket when the conversation was deleted.
        """
        k, e = t.tickets.c, t.events.c
        # The update changes nothing; it holds the ticket for this transaction, so that it can't be moved meanwhile.
        held = update(t.tickets).where(k.id == ticket, k.town == town, k.state == "taken", k.taken_by == clerk)
        with self._engine.begin() as c:
            if c.execute(held.values(taken_by=clerk)).rowcount == 0:
                raise WrongMove
            said = select(e.payload).join(t.tickets, k.conversation == e.conversation)
            known: Iterable[Mapping[str, object]] = c.execute(said.where(k.id == ticket, e.kind == "clerk")).scalars()
            if any(payload["id"] == id_ for payload in known):
                return
            language = c.execute(select(k.language).where(k.id == ticket)).scalar()
            if not self._say(c, town, ticket, "clerk", {"id": id_, "text": text, "language": language}, now):
                raise UnknownTicket
            tell(c, town, ticket, "reply", now)

    def note(self, town: str, ticket: str, clerk: str, id_: str, text: str, now: datetime) -> None:
        """Staff's own note on the case; the same id again writes nothing twice. Raises UnknownTicket."""
        with self._engine.begin() as c:
            if not self._known(c, town, ticket):
                raise UnknownTicket
            if c.execute(select(d.ticket_notes.c.id).where(d.ticket_notes.c.id == id_)).first() is None:
                row = {"id": id_, "ticket": ticket, "town": town, "author": clerk, "text": text, "at": now}
                c.execute(insert(d.ticket_notes).values(row))
                tell(c, town, ticket, "note", now)

    def ask_callback(self, callback: Callback, conversation: str) -> None:
        """Keep how the resident can be reached; the last word counts. Raises UnknownTicket when it is not theirs."""
        k = t.tickets.c
        with self._engine.begin() as c:
            own = select(k.id).where(k.id == callback.ticket, k.town == callback.town, k.conversation == conversation)
            if c.execute(own.where(k.state != State.CLOSED.value)).first() is None:
                raise UnknownTicket
            c.execute(delete(d.callbacks).where(d.callbacks.c.ticket == callback.ticket))
            c.execute(
                insert(d.callbacks).values(
                    ticket=callback.ticket, town=callback.town, name=callback.name, phone=callback.phone,
                    email=callback.email, wanted=callback.wanted, at=callback.at,
                )
            )  # fmt: skip
            tell(c, callback.town, callback.ticket, "callback", callback.at)

    def finish_callback(self, town: str, ticket: str, clerk: str, now: datetime) -> None:
        """The resident was called back. Raises UnknownTicket when nobody asked for it."""
        b = d.callbacks.c
        open_one = update(d.callbacks).where(b.ticket == ticket, b.town == town, b.done_at.is_(None))
        with self._engine.begin() as c:
            if c.execute(open_one.values(done_at=now, done_by=clerk)).rowcount == 0:
                raise UnknownTicket
            tell(c, town, ticket, "called", now)

    def ticket(self, town: str, ticket: str) -> Ticket:
        """One ticket of the town. Raises UnknownTicket."""
        with self._engine.connect() as c:
            found = _tickets(c, _all().where(t.tickets.c.id == ticket, t.tickets.c.town == town))
        if not found:
            raise UnknownTicket
        return found[0]

    def open_tickets(self, conversation: str) -> list[Ticket]:
        """Tickets of the conversation that are not closed, the newest last."""
        with self._engine.connect() as c:
            return _tickets(c, _all().where(t.tickets.c.conversation == conversation, _state_in(OPEN)))

    def queue(self, town: str) -> list[Ticket]:
        """All open tickets, those that have waited longest first, then the ones closed last."""
        closed = _all().where(t.tickets.c.town == town, t.tickets.c.state == State.CLOSED.value)
        with self._engine.connect() as c:
            found = _tickets(c, _all().where(t.tickets.c.town == town, _state_in(OPEN)))
            late = closed.order_by(None).order_by(t.tickets.c.closed_at.desc()).limit(_CLOSED_SHOWN)
            return found + _tickets(c, late)

    def count_waiting(self, town: str) -> int:
        """Tickets that nobody has, and call-backs to make."""
        waiting = select(func.count()).where(t.tickets.c.town == town, t.tickets.c.state == State.WAITING.value)
        with self._engine.connect() as c:
            return int(c.execute(waiting).scalar() or 0)

    def notes(self, ticket: str) -> list[Note]:
        """Staff's notes, oldest first."""
        query = select(d.ticket_notes).where(d.ticket_notes.c.ticket == ticket).order_by(d.ticket_notes.c.seq)
        with self._engine.connect() as c:
            return [Note(author=row.author, text=row.text, at=row.at) for row in c.execute(query)]

    def events_after(self, town: str, seq: int) -> list[tuple[int, str, str]]:
        """(seq, kind, ticket) of what happened at the town's desk after that seq, oldest first."""
        e = d.desk_events.c
        query = select(e.seq, e.kind, e.ticket).where(e.town == town, e.seq > seq).order_by(e.seq).limit(200)
        with self._engine.connect() as c:
            return [(row.seq, row.kind, row.ticket) for row in c.execute(query)]

    def last_event(self, town: str) -> int:
        """The seq of the last thing that happened at the town's desk; 0 when nothing did."""
        query = select(func.max(d.desk_events.c.seq)).where(d.desk_events.c.town == town)
        with self._engine.connect() as c:
            return int(c.execute(query).scalar() or 0)

    def _known(self, c: Connection, town: str, ticket: str) -> bool:
        query = select(t.tickets.c.id).where(t.tickets.c.id == ticket, t.tickets.c.town == town)
        return c.execute(query).first() is not None

    def _say(self, c: Connection, town: str, ticket: str, kind: str, payload: dict[str, object], now: datetime) -> bool:
        """An event for the resident; False when the conversation was deleted, which closes nobody's case."""
        conversation = (
            select(t.conversations.c.id)
            .join(t.tickets, t.tickets.c.conversation == t.conversations.c.id)
            .where(t.tickets.c.id == ticket)
        )
        found = c.execute(conversation).scalar()
        if found is None:
            return False
        row = {"conversation": found, "town": town, "kind": kind, "payload": payload, "at": now}
        c.execute(insert(t.events).values(row))
        return True


def _state_in(states: Iterable[State]):  # type: ignore[no-untyped-def]
    return t.tickets.c.state.in_([state.value for state in states])


def _all() -> Select:  # type: ignore[type-arg]
    b = d.callbacks.c
    columns = (b.name, b.phone, b.email, b.wanted, b.at, b.done_at, b.done_by)
    return (
        select(t.tickets, *(column.label(f"callback_{column.name}") for column in columns))
        .outerjoin(d.callbacks, b.ticket == t.tickets.c.id)
        .order_by(t.tickets.c.opened_at)
    )


def _tickets(c: Connection, query: Select) -> list[Ticket]:  # type: ignore[type-arg]
    return [
        Ticket(
            id=row.id, town=row.town, conversation=row.conversation, message=row.message, state=State(row.state),
            why=row.why, reason=row.reason, summary=row.summary, language=row.language, opened_at=row.opened_at,
            taken_by=row.taken_by, taken_at=row.taken_at, closed_at=row.closed_at,
            callback=None if row.callback_at is None else Callback(
                ticket=row.id, town=row.town, name=row.callback_name, phone=row.callback_phone,
                email=row.callback_email, wanted=row.callback_wanted, at=row.callback_at,
                done_at=row.callback_done_at, done_by=row.callback_done_by,
            ),
        )
        for row in c.execute(query)
    ]  # fmt: skip
