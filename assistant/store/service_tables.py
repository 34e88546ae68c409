"""Tables of services and of the access record."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from assistant.store.tables import UtcTime, metadata

_TOWN = String(6)
_ID = String(64)

service_flows = Table(
    "service_flows",
    metadata,
    Column("conversation", _ID, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("town", _TOWN, nullable=False),
    Column("state", JSON, nullable=False),  # what was filled in so far; personal data, gone with the conversation
    Column("at", UtcTime, nullable=False),
)

service_calls = Table(
    "service_calls",
    metadata,
    Column("conversation", _ID, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("flow", String(200), primary_key=True),  # id of the turn that began the service
    Column("operation", String(100), primary_key=True),
    Column("turn", String(200), nullable=False),  # the turn whose key the call carries
    Column("at", UtcTime, nullable=False),
)

identity_tries = Table(
    "identity_tries",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("attempt", String(32), nullable=False),
    Column("scope", String(64), nullable=False),  # keyed digest of a request's number, a conversation or a town
    Column("town", _TOWN, nullable=False),
    Column("at", UtcTime, nullable=False),
)
Index("ix_identity_tries_scope_at", identity_tries.c.scope, identity_tries.c.at)

# No foreign key: the record outlives the conversation, and holds no personal data itself.
access_record = Table(
    "access_record",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # from 1, without gaps
    Column("town", _TOWN, nullable=False),
    Column("conversation", _ID, nullable=False),
    Column("who", String(200), nullable=False),
    Column("what", JSON, nullable=False),  # kinds of data
    Column("why", Text, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)
Index("ix_access_record_conversation", access_record.c.conversation, access_record.c.seq)

access_heads = Table(
    "access_heads",
    metadata,
    Column("day", String(10), primary_key=True),  # UTC
    Column("count", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)
