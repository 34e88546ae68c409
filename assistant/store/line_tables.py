"""Tables of the LINE channel: who writes, what came in, what goes out."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from assistant.store.tables import UtcTime, metadata

_TOWN = String(6)  # 全国地方公共団体コード
_RESIDENT = String(64)  # HMAC-SHA256 of LINE's user id: what all other rows know the resident by

line_residents = Table(
    "line_residents",
    metadata,
    Column("town", _TOWN, primary_key=True),
    Column("resident", _RESIDENT, primary_key=True),
    Column("user_id", String(64)),  # LINE's own, needed to push; null once the resident has blocked the account
    Column("conversation", String(64)),
    Column("language", String(35)),  # of the resident's LINE, before the first word
    Column("relayed", Integer, nullable=False),  # the last event of the conversation that was looked at for staff words
    Column("updated_at", UtcTime, nullable=False),
)
Index("ix_line_residents_conversation", line_residents.c.conversation)

line_inbox = Table(
    "line_inbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("town", _TOWN, nullable=False),
    Column("id", String(64), nullable=False),  # webhookEventId
    Column("resident", _RESIDENT, nullable=False),
    Column("message", String(64), nullable=False),  # LINE's id of the message that came or was taken back; or ""
    Column("kind", String(16), nullable=False),
    Column("payload", JSON),  # the event as it came; null once it is done with
    Column("state", String(16), nullable=False),  # new → done | failed
    Column("tries", Integer, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),  # not before; also the end of a worker's lease
    UniqueConstraint("town", "id", name="uq_line_inbox_town_id"),
)
Index("ix_line_inbox_state_due_at", line_inbox.c.state, line_inbox.c.due_at)
Index("ix_line_inbox_resident_state", line_inbox.c.resident, line_inbox.c.state)
Index("ix_line_inbox_message", line_inbox.c.message)

line_outbox = Table(
    "line_outbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("town", _TOWN, nullable=False),
    Column("resident", _RESIDENT, nullable=False),
    Column("source", String(80), nullable=False),  # what it answers: an event's id, or a clerk's words
    Column("messages", JSON),  # LINE message objects; null once it has ended
    Column("reply_token", String(300), nullable=False),  # "" when there is none
    Column("reply_until", UtcTime),
    Column("retry_key", String(36), nullable=False),  # the same for every push of this row
    Column("pushing", Boolean, nullable=False),  # it goes by push: never by reply any more
    Column("doubt", Boolean, nullable=False),  # a reply was begun whose end is not known: never by push any more
    Column("pushed_at", UtcTime),  # first push: LINE knows the retry key for 24 hours from then
    Column("state", String(16), nullable=False),  # ready → sent | failed | unsure | dropped
    Column("status", Integer, nullable=False),  # HTTP status of the last attempt; 0: none
    Column("tries", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    UniqueConstraint("town", "source", name="uq_line_outbox_town_source"),
)
Index("ix_line_outbox_state_due_at", line_outbox.c.state, line_outbox.c.due_at)
Index("ix_line_outbox_resident_state", line_outbox.c.resident, line_outbox.c.state)
