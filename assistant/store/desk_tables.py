"""The desk's tables: staff and their sessions, notes, call-backs, what happened at the desk, notices sent."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from assistant.store.tables import UtcTime, metadata

_NAME = String(100)
_TOWN = String(6)
_ID = String(64)

users = Table(
    "users",
    metadata,
    Column("name", _NAME, primary_key=True),  # never deleted: tickets and records name them
    Column("password_hash", String(200), nullable=False),  # argon2id
    Column("created_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
)

user_roles = Table(
    "user_roles",
    metadata,
    Column("user", _NAME, ForeignKey("users.name", ondelete="CASCADE"), primary_key=True),
    Column("town", _TOWN, primary_key=True),
    Column("role", String(16), primary_key=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user", _NAME, ForeignKey("users.name", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

ticket_notes = Table(
    "ticket_notes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", _ID, nullable=False, unique=True),  # the form's own id: a repeat writes nothing twice
    Column("ticket", _ID, ForeignKey("tickets.id"), nullable=False),
    Column("town", _TOWN, nullable=False),
    Column("author", _NAME, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)
Index("ix_ticket_notes_ticket", ticket_notes.c.ticket)

callbacks = Table(
    "callbacks",
    metadata,
    Column("ticket", _ID, ForeignKey("tickets.id"), primary_key=True),  # one a ticket: the last word counts
    Column("town", _TOWN, nullable=False),
    Column("name", String(200), nullable=False),
    Column("phone", String(50), nullable=False),
    Column("email", String(254), nullable=False),
    Column("wanted", String(200), nullable=False),  # when the resident can be reached, in their words
    Column("at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Column("done_by", _NAME),
)
Index("ix_callbacks_town_done_at", callbacks.c.town, callbacks.c.done_at)

desk_events = Table(
    "desk_events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),  # the SSE id of the desk's pages
    Column("town", _TOWN, nullable=False),
    Column("ticket", _ID, nullable=False),
    Column("kind", String(16), nullable=False),  # opened, turn, reply, note, state, callback, called
    Column("at", UtcTime, nullable=False),
)
Index("ix_desk_events_town_seq", desk_events.c.town, desk_events.c.seq)
Index("ix_desk_events_kind_at", desk_events.c.kind, desk_events.c.at)

notices = Table(
    "notices",
    metadata,
    Column("event", Integer, ForeignKey("desk_events.seq"), primary_key=True),
    Column("channel", String(16), primary_key=True),  # mail, webhook
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),  # not before; also the lease of who is sending
    Column("sent_at", UtcTime),
    Column("failure", String(100), nullable=False),  # name of the last error; never its text
)
