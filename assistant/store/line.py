"""The LINE channel as stored: residents, the inbox of events, the outbox of messages.

Every row is taken by one worker at a time: taking it moves `due_at` into the future, and who finds `due_at` changed
came too late. A worker that dies gives its rows back when that time comes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Row, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.model import Choice, Conversation
from assistant.store.line_records import Arrived, Known, Outgoing, Waiting
from assistant.store.line_tables import line_inbox as inbox
from assistant.store.line_tables import line_outbox as outbox
from assistant.store.line_tables import line_residents as residents
from assistant.store.tables import conversations, events, messages, turns

_AT_ONCE = 8  # rows looked at for one that is free


class LineStore:
    """Reads and writes what the LINE channel needs to lose nothing and say nothing twice."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take_in(self, town: str, arrived: Iterable[Arrived], now: datetime) -> int:
        """Keep the events, each once; returns how many were new. They are safe when this returns."""
        return sum(self._take_one(town, event, now) for event in arrived)

    def next_event(self, now: datetime, lease: timedelta) -> Waiting | None:
        """The oldest event that is due, taken for `lease`; a resident's events come one after the other."""
        row = self._take(inbox, "new", now, lease)
        if row is None:
            return None
        return Waiting(
            seq=row.seq, town=row.town, resident=row.resident, payload=row.payload or {},
            received_at=row.received_at, tries=row.tries,
        )  # fmt: skip

    def finish_event(self, waiting: Waiting, outgoing: Outgoing | None, now: datetime, state: str = "done") -> None:
        """The event is done with, and its answer is in the outbox: both or neither. A second call changes nothing."""
        try:
            with self._engine.begin() as c:
                c.execute(update(inbox).where(inbox.c.seq == waiting.seq).values(state=state, payload=None))
                if outgoing is not None:
                    _post(c, outgoing, now)
        except IntegrityError:  # another worker, to whom the row fell after the lease, was faster
            with self._engine.begin() as c:
                c.execute(update(inbox).where(inbox.c.seq == waiting.seq).values(state=state, payload=None))

    def postpone_event(self, waiting: Waiting, until: datetime) -> None:
        """The event could not be dealt with: again at `until`."""
        with self._engine.begin() as c:
            c.execute(
                update(inbox)
                .where(inbox.c.seq == waiting.seq, inbox.c.state == "new")
                .values(due_at=until, tries=inbox.c.tries + 1)
            )

    def taken_back(self, town: str, message: str) -> bool:
        """Whether the resident has unsent this message meanwhile."""
        query = select(inbox.c.seq).where(
            inbox.c.town == town, inbox.c.message == message, inbox.c.kind == "unsend"
        )  # fmt: skip
        with self._engine.connect() as c:
            return bool(message) and c.execute(query).first() is not None

    def events_of(self, town: str, resident: str, message: str) -> list[str]:
        """Ids of the events that brought this message: its turns."""
        query = select(inbox.c.id).where(
            inbox.c.town == town, inbox.c.resident == resident, inbox.c.message == message, inbox.c.kind != "unsend"
        )  # fmt: skip
        with self._engine.connect() as c:
            return list(c.execute(query).scalars())

    def known(self, town: str, resident: str) -> Known:
        """What is held of the resident."""
        query = select(residents).where(residents.c.town == town, residents.c.resident == resident)
        with self._engine.connect() as c:
            row = c.execute(query).first()
        if row is None:
            return Known(user_id="", conversation="", language="")
        return Known(user_id=row.user_id or "", conversation=row.conversation or "", language=row.language or "")

    def note_resident(self, town: str, resident: str, now: datetime, **values: str | int | None) -> None:
        """Change what is held of the resident: user_id, conversation, language or relayed."""
        with self._engine.begin() as c:
            _note(c, town, resident, now, values)

    def next_outgoing(self, now: datetime, lease: timedelta) -> Outgoing | None:
        """The oldest messages that are due, taken for `lease`; a resident's messages go one after the other."""
        row = self._take(outbox, "ready", now, lease)
        if row is None:
            return None
        return Outgoing(
            town=row.town, resident=row.resident, source=row.source, messages=tuple(row.messages or ()),
            reply_token=row.reply_token, reply_until=row.reply_until, seq=row.seq, retry_key=row.retry_key,
            pushing=row.pushing, doubt=row.doubt, pushed_at=row.pushed_at, status=row.status, tries=row.tries,
        )  # fmt: skip

    def post(self, outgoing: Outgoing, now: datetime) -> bool:
        """Put messages into the outbox; False when this source is there already."""
        try:
            with self._engine.begin() as c:
                _post(c, outgoing, now)
        except IntegrityError:
            return False
        return True

    def note_way(self, outgoing: Outgoing) -> None:
        """Write down which way the messages are about to go, before they do: a crash then sends nothing twice."""
        with self._engine.begin() as c:
            c.execute(
                update(outbox)
                .where(outbox.c.seq == outgoing.seq, outbox.c.state == "ready")
                .values(pushing=outgoing.pushing, doubt=outgoing.doubt, pushed_at=outgoing.pushed_at)
            )

    def note_attempt(self, outgoing: Outgoing, due_at: datetime) -> None:
        """An attempt failed: again at `due_at`."""
        with self._engine.begin() as c:
            c.execute(
                update(outbox)
                .where(outbox.c.seq == outgoing.seq, outbox.c.state == "ready")
                .values(
                    pushing=outgoing.pushing, doubt=outgoing.doubt, pushed_at=outgoing.pushed_at,
                    status=outgoing.status, tries=outgoing.tries, due_at=due_at,
                )
            )  # fmt: skip

    def end_outgoing(self, outgoing: Outgoing, state: str, now: datetime) -> None:
        """The messages have ended: sent, failed, unsure or dropped. Their words and token are taken away."""
        with self._engine.begin() as c:
            c.execute(
                update(outbox)
                .where(outbox.c.seq == outgoing.seq, outbox.c.state == "ready")
                .values(
                    state=state, messages=None, reply_token="", pushing=outgoing.pushing, doubt=outgoing.doubt,
                    status=outgoing.status, tries=outgoing.tries, ended_at=now,
                )
            )  # fmt: skip

    def staff_words(self, limit: int = 20) -> list[tuple[str, str, int, dict[str, object]]]:
        """(town, resident, seq, payload) of what clerks said to residents on LINE and was not yet posted."""
        query = (
            select(residents.c.town, residents.c.resident, events.c.seq, events.c.payload)
            .join(events, events.c.conversation == residents.c.conversation)
            .where(events.c.kind == "clerk", events.c.seq > residents.c.relayed)
            .order_by(events.c.seq)
            .limit(limit)
        )
        with self._engine.connect() as c:
            return [(row.town, row.resident, row.seq, row.payload) for row in c.execute(query)]

    def conversation(self, id_: str) -> Conversation | None:
        """The conversation as the pipeline may know it, or None when it was deleted."""
        with self._engine.connect() as c:
            row = c.execute(select(conversations).where(conversations.c.id == id_)).first()
        if row is None:
            return None
        pending = tuple(Choice(label=p["label"], text=p["text"]) for p in row.pending)
        return Conversation(
            id=row.id, town=row.town, language=row.language, topic_key=row.topic_key, pending=pending
        )  # fmt: skip

    def erase_turns(self, conversation: str, ids: list[str]) -> None:
        """Take the resident's words away from these turns and from the evidence of their decisions.

        Answers and tickets stay: they are the town's words, and a case that staff may be at work on.
        """
        theirs = (messages.c.conversation == conversation) & messages.c.turn.in_(ids)
        with self._engine.begin() as c:
            c.execute(update(turns).where(turns.c.conversation == conversation, turns.c.id.in_(ids)).values(text=""))
            for row in c.execute(select(messages.c.id, messages.c.evidence).where(theirs)).all():
                read = row.evidence.get("understanding")
                if read:
                    bare = {**row.evidence, "understanding": {**read, "question": ""}}
                    c.execute(update(messages).where(messages.c.id == row.id).values(evidence=bare))

    def _take_one(self, town: str, event: Arrived, now: datetime) -> bool:
        try:
            with self._engine.begin() as c:
                c.execute(
                    insert(inbox).values(
                        town=town, id=event.id, resident=event.resident, message=event.message, kind=event.kind,
                        payload=event.payload, state="new", tries=0, received_at=now, due_at=now,
                    )
                )  # fmt: skip
                if event.user_id:
                    _note(c, town, event.resident, now, {"user_id": event.user_id})
        except IntegrityError:
            known = select(inbox.c.seq).where(inbox.c.town == town, inbox.c.id == event.id)
            with self._engine.connect() as c:
                if c.execute(known).first() is not None:
                    return False  # LINE delivered it again
            return self._take_one(town, event, now)  # another worker noted this resident at the same moment
        return True

    def _take(self, table: Table, state: str, now: datetime, lease: timedelta) -> Row | None:  # type: ignore[type-arg]
        earlier = table.alias()
        first = ~(
            select(earlier.c.seq)
            .where(
                earlier.c.resident == table.c.resident, earlier.c.state == state, earlier.c.town == table.c.town,
                earlier.c.seq < table.c.seq, table.c.resident != "",
            )
            .exists()
        )  # fmt: skip
        query = select(table).where(table.c.state == state, table.c.due_at <= now, first).order_by(table.c.seq)
        with self._engine.connect() as c:
            rows = c.execute(query.limit(_AT_ONCE)).all()
        for row in rows:
            mine = update(table).where(
                table.c.seq == row.seq, table.c.state == state, table.c.due_at == row.due_at
            ).values(due_at=now + lease)  # fmt: skip
            with self._engine.begin() as c:
                if c.execute(mine).rowcount == 1:
                    return row
        return None


def _post(c: Connection, outgoing: Outgoing, now: datetime) -> None:
    c.execute(
        insert(outbox).values(
            town=outgoing.town, resident=outgoing.resident, source=outgoing.source, messages=list(outgoing.messages),
            reply_token=outgoing.reply_token, reply_until=outgoing.reply_until, retry_key=str(uuid.uuid4()),
            pushing=False, doubt=False, pushed_at=None, state="ready", status=0, tries=0, due_at=now, created_at=now,
        )
    )  # fmt: skip


def _note(c: Connection, town: str, resident: str, now: datetime, values: dict[str, str | int | None]) -> None:
    mine = (residents.c.town == town) & (residents.c.resident == resident)
    if c.execute(update(residents).where(mine).values(updated_at=now, **values)).rowcount == 0:
        c.execute(insert(residents).values(town=town, resident=resident, updated_at=now, **{"relayed": 0, **values}))
