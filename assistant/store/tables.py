"""All tables. Every row belongs to a town or to an owner of a knowledge layer."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps no zone, so it is taken off and put on again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, which would be read as another zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware UTC time."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_TOWN = String(6)  # 全国地方公共団体コード
_ID = String(64)

towns = Table(
    "towns",
    metadata,
    Column("code", _TOWN, primary_key=True),
    Column("prefecture", _TOWN),
    Column("profile", JSON, nullable=False),  # names by language, phone, hours, departments
)

documents = Table(
    "documents",
    metadata,
    Column("owner", _TOWN, primary_key=True),  # town, prefecture or nation
    Column("id", String(300), primary_key=True),
    Column("source", String(1000), nullable=False),  # what it was imported from: withdrawn when it goes
    Column("collection", String(300), nullable=False),  # the import that owns it
    Column("digest", String(64), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("imported_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
)
Index("ix_documents_collection", documents.c.owner, documents.c.collection)

lookup_tables = Table(
    "lookup_tables",
    metadata,
    Column("owner", _TOWN, primary_key=True),
    Column("id", String(300), primary_key=True),
    Column("source", String(1000), nullable=False),
    Column("collection", String(300), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("imported_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("town", _TOWN, ForeignKey("towns.code"), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("language", String(16)),
    Column("topic_key", String(300)),
    Column("pending", JSON, nullable=False),  # choices of the last Ask
    Column("created_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
)
Index("ix_conversations_town_last_at", conversations.c.town, conversations.c.last_at)

turns = Table(
    "turns",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(200), nullable=False),
    Column("conversation", _ID, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("town", _TOWN, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(16)),
    Column("channel", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("conversation", "id", name="uq_turns_conversation_id"),
)

messages = Table(
    "messages",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", _ID, nullable=False, unique=True),
    Column("conversation", _ID, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("town", _TOWN, nullable=False),
    Column("turn", String(200), nullable=False),
    Column("decision", String(16), nullable=False),
    Column("why", String(32), nullable=False),
    Column("language", String(16), nullable=False),
    Column("confidence", Float),
    Column("payload", JSON, nullable=False),  # the Message as the contract gives it
    Column("evidence", JSON, nullable=False),  # everything needed to replay the decision
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("conversation", "turn", name="uq_messages_conversation_turn"),
)
Index("ix_messages_town_at", messages.c.town, messages.c.at)

tickets = Table(
    "tickets",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("town", _TOWN, nullable=False),
    Column("conversation", _ID, nullable=False),  # stays when the resident deletes the conversation
    Column("message", _ID, nullable=False),
    Column("state", String(16), nullable=False),  # waiting → taken → (returned) → closed
    Column("why", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("taken_by", String(100)),  # the clerk who has it, or had it last
    Column("taken_at", UtcTime),
    Column("closed_at", UtcTime),
)
Index("ix_tickets_town_state", tickets.c.town, tickets.c.state)
Index("ix_tickets_conversation", tickets.c.conversation)

feedback = Table(
    "feedback",
    metadata,
    Column("message", _ID, primary_key=True),
    Column("conversation", _ID, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("town", _TOWN, nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("reason", String(64)),
    Column("comment", Text),
    Column("at", UtcTime, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),  # the SSE id: Last-Event-ID resumes after it
    Column("conversation", _ID, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("town", _TOWN, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("at", UtcTime, nullable=False),
)
Index("ix_events_conversation_seq", events.c.conversation, events.c.seq)
