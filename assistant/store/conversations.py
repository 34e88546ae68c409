"""Conversations as stored: turns in, messages out, tickets, feedback, events."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.errors import NotAuthorised, UnknownConversation
from assistant.model import Channel, Choice, Conversation, Turn
from assistant.store import tables as t
from assistant.store.desk_rows import put_ticket, tell_turn
from assistant.store.records import NewMessage, Payload, Spoken
from assistant.store.services import put_flow

# Built once: SQLAlchemy takes longer to build an insert than SQLite to carry it out.
_INSERT = {name: insert(table) for name, table in t.metadata.tables.items()}
_CONVERSATION = select(t.conversations).where(t.conversations.c.id == bindparam("wanted"))
_MESSAGE_TO = select(t.messages.c.payload).where(
    t.messages.c.conversation == bindparam("of"), t.messages.c.turn == bindparam("wanted")
)
_NOTE = (
    update(t.conversations)
    .where(t.conversations.c.id == bindparam("wanted"))
    .values({name: bindparam(f"new_{name}") for name in ("last_at", "language", "topic_key", "pending")})
)


class ConversationStore:
    """Reads and writes everything that belongs to a conversation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start(self, town: str, language: str | None, channel: Channel, now: datetime) -> tuple[str, str]:
        """Open a conversation; returns its id and the token that authorises the rest of it (stored hashed)."""
        id_, token = uuid.uuid4().hex, secrets.token_urlsafe(24)
        with self._engine.begin() as c:
            c.execute(
                _INSERT["conversations"],
                {
                    "id": id_,
                    "town": town,
                    "token_hash": _hash(token),
                    "channel": channel.value,
                    "language": language,
                    "topic_key": None,
                    "pending": [],
                    "created_at": now,
                    "last_at": now,
                },
            )
        return id_, token

    def authorised(self, id_: str, token: str) -> Conversation:
        """The conversation, when the token is its own. Raises UnknownConversation or NotAuthorised."""
        with self._engine.connect() as c:
            row = c.execute(_CONVERSATION, {"wanted": id_}).first()
        if row is None:
            raise UnknownConversation
        if not hmac.compare_digest(row.token_hash, _hash(token)):
            raise NotAuthorised
        return Conversation(
            id=row.id,
            town=row.town,
            language=row.language,
            topic_key=row.topic_key,
            pending=tuple(Choice(label=p["label"], text=p["text"]) for p in row.pending),
        )

    def add_turn(self, turn: Turn) -> bool:
        """Store the turn before anything else is done with it; False when this id is known already."""
        try:
            with self._engine.begin() as c:
                c.execute(
                    _INSERT["turns"],
                    {
                        "id": turn.id,
                        "conversation": turn.conversation,
                        "town": turn.town,
                        "text": turn.text,
                        "language": turn.language,
                        "channel": turn.channel.value,
                        "at": turn.at,
                    },
                )
                tell_turn(c, turn.conversation, turn.at)
        except IntegrityError as exc:
            if self.exists(turn.conversation):
                return False
            raise UnknownConversation from exc
        return True

    def message_to(self, conversation: str, turn: str) -> Payload | None:
        """The stored Message that answered this turn, or None."""
        with self._engine.connect() as c:
            payload: Payload | None = c.execute(_MESSAGE_TO, {"of": conversation, "wanted": turn}).scalar()
        return payload

    def put_message(self, new: NewMessage) -> Payload:
        """Store message, ticket and the conversation's state together; returns the stored Message.

        When another worker answered the same turn meanwhile, its Message is returned and nothing is written.
        """
        try:
            with self._engine.begin() as c:
                _insert_message(c, new)
        except IntegrityError as exc:
            stored = self.message_to(new.turn.conversation, new.turn.id)
            if stored is None:
                raise UnknownConversation from exc
            return stored
        return new.payload

    def thread(self, conversation: str) -> list[Spoken]:
        """What was said, oldest first."""
        with self._engine.connect() as c:
            turns = c.execute(
                select(t.turns).where(t.turns.c.conversation == conversation).order_by(t.turns.c.seq)
            ).all()  # fmt: skip
            messages = c.execute(select(t.messages).where(t.messages.c.conversation == conversation)).all()
            by_staff = (t.events.c.conversation == conversation, t.events.c.kind.in_(("clerk", "state")))
            staff = c.execute(select(t.events).where(*by_staff).order_by(t.events.c.seq)).all()
        answers = {row.turn: row.payload for row in messages}
        spoken: list[tuple[datetime, Spoken]] = []
        for turn in turns:
            spoken.append((turn.at, Spoken(text=turn.text, message=None)))
            if turn.id in answers:
                spoken.append((turn.at, Spoken(text=str(answers[turn.id]["text"]), message=answers[turn.id])))
        for row in staff:
            words = str(row.payload.get("text") or row.payload.get("state"))
            spoken.append((row.at, Spoken(text=words, message=None, staff=row.payload)))
        return [line for _, line in sorted(spoken, key=lambda pair: pair[0])]

    def last_event(self, conversation: str) -> int:
        """The seq of the conversation's last event; 0 when there is none."""
        query = select(func.max(t.events.c.seq)).where(t.events.c.conversation == conversation)
        with self._engine.connect() as c:
            return int(c.execute(query).scalar() or 0)

    def give_feedback(
        self, conversation: str, message: str, *, helpful: bool, reason: str | None, comment: str | None, now: datetime
    ) -> bool:
        """Store what the resident thought of a message, the last word wins; False when it is not of this thread."""
        with self._engine.begin() as c:
            town = c.execute(
                select(t.messages.c.town).where(t.messages.c.id == message, t.messages.c.conversation == conversation)
            ).scalar()
            if town is None:
                return False
            c.execute(delete(t.feedback).where(t.feedback.c.message == message))
            c.execute(
                _INSERT["feedback"],
                {
                    "message": message,
                    "conversation": conversation,
                    "town": town,
                    "helpful": helpful,
                    "reason": reason,
                    "comment": comment,
                    "at": now,
                },
            )
        return True

    def delete(self, conversation: str) -> None:
        """Take away the conversation with its turns, messages, feedback and events; open tickets stay for staff."""
        with self._engine.begin() as c:
            for table in (t.events, t.feedback, t.messages, t.turns):
                c.execute(delete(table).where(table.c.conversation == conversation))
            c.execute(delete(t.conversations).where(t.conversations.c.id == conversation))

    def events_after(self, conversation: str, seq: int, limit: int = 100) -> list[tuple[int, str, Payload]]:
        """(seq, kind, payload) of events after that seq, oldest first."""
        query = (
            select(t.events.c.seq, t.events.c.kind, t.events.c.payload)
            .where(t.events.c.conversation == conversation, t.events.c.seq > seq)
            .order_by(t.events.c.seq)
            .limit(limit)
        )
        with self._engine.connect() as c:
            rows = c.execute(query).all()
            named = [row.payload["id"] for row in rows if row.kind == "message"]
            held = select(t.messages.c.id, t.messages.c.payload).where(t.messages.c.id.in_(named))
            messages = {row.id: row.payload for row in c.execute(held)} if named else {}
        return [
            (row.seq, row.kind, messages.get(row.payload["id"], row.payload) if row.kind == "message" else row.payload)
            for row in rows
        ]

    def evidence(self, message: str) -> Payload | None:
        """What is needed to replay the decision behind a message, or None."""
        with self._engine.connect() as c:
            found: Payload | None = c.execute(select(t.messages.c.evidence).where(t.messages.c.id == message)).scalar()
        return found

    def message(self, id_: str) -> Payload | None:
        """A Message by its own id, or None."""
        with self._engine.connect() as c:
            found: Payload | None = c.execute(select(t.messages.c.payload).where(t.messages.c.id == id_)).scalar()
        return found

    def count_tickets(self, town: str) -> int:
        """Tickets of the town that wait."""
        query = select(func.count()).where(t.tickets.c.town == town, t.tickets.c.state == "waiting")
        with self._engine.connect() as c:
            return int(c.execute(query).scalar() or 0)

    def ticket(self, id_: str) -> Mapping[str, object] | None:
        """A ticket's columns, or None."""
        with self._engine.connect() as c:
            row = c.execute(select(t.tickets).where(t.tickets.c.id == id_)).mappings().first()
        return dict(row) if row else None

    def exists(self, id_: str) -> bool:
        """True until the conversation is deleted."""
        with self._engine.connect() as c:
            return c.execute(select(t.conversations.c.id).where(t.conversations.c.id == id_)).first() is not None


def _insert_message(c: Connection, new: NewMessage) -> None:
    turn = new.turn
    id_ = str(new.payload["id"])
    c.execute(
        _INSERT["messages"],
        {
            "id": id_,
            "conversation": turn.conversation,
            "town": turn.town,
            "turn": turn.id,
            "decision": new.decision,
            "why": new.why,
            "language": new.language,
            "confidence": new.confidence,
            "payload": new.payload,
            "evidence": new.evidence,
            "at": new.at,
        },
    )
    put_ticket(c, new)
    if new.flow is not None:
        put_flow(c, turn.conversation, turn.town, new.flow, new.at)
    if new.kept is not None:
        here = (t.turns.c.conversation == turn.conversation, t.turns.c.id == turn.id)
        c.execute(update(t.turns).where(*here).values(text=new.kept))
    _note(c, new)


def _note(c: Connection, new: NewMessage) -> None:
    """Tell who listens to the conversation, and keep what the next turn needs to know."""
    turn = new.turn
    c.execute(
        _INSERT["events"],
        {
            "conversation": turn.conversation,
            "town": turn.town,
            "kind": "message",
            "payload": {"id": new.payload["id"]},
            "at": new.at,
        },
    )
    c.execute(
        _NOTE,
        {
            "wanted": turn.conversation,
            "new_last_at": new.at,
            "new_language": new.language,
            "new_topic_key": new.topic_key,
            "new_pending": [{"label": p.label, "text": p.text} for p in new.pending],
        },
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
