"""Tables of curation: drafts, versions, texts held by staff, uploads, switches, gaps, and who did what."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from assistant.store.tables import UtcTime, metadata

_TOWN = String(6)
_DOCUMENT = String(300)
_NAME = String(100)  # of a person on the staff

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", _TOWN, nullable=False),
    Column("document", _DOCUMENT, nullable=False),
    Column("base", String(64), nullable=False),  # digest of the version in force that it was made from; "" for none
    Column("state", String(16), nullable=False),  # draft → in_review → published → withdrawn
    Column("revision", Integer, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("author", _NAME, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("reviewer", _NAME, nullable=False),
    Column("note", Text, nullable=False),
    Column("gap", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    # Filled with the document's id while somebody works on it, then NULL: one open draft a text, on any database.
    Column("open_document", _DOCUMENT),
)
Index("uq_drafts_open", drafts.c.owner, drafts.c.open_document, unique=True)
Index("ix_drafts_owner_document", drafts.c.owner, drafts.c.document)

document_versions = Table(
    "document_versions",
    metadata,
    Column("owner", _TOWN, primary_key=True),
    Column("document", _DOCUMENT, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("provenance", String(16), nullable=False),  # imported | edited | offered
    Column("payload", JSON, nullable=False),
    Column("author", _NAME, nullable=False),
    Column("reviewer", _NAME, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

held_texts = Table(  # texts that staff published or withdrew: imports leave them alone
    "held_texts",
    metadata,
    Column("owner", _TOWN, primary_key=True),
    Column("document", _DOCUMENT, primary_key=True),
    Column("state", String(16), nullable=False),  # published | withdrawn
    Column("seen", String(64), nullable=False),  # digest of the newest import that staff know of; "" for none
    Column("offered", String(64), nullable=False),  # digest of an import that differs and waits for staff; "" for none
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", _TOWN, nullable=False),
    Column("name", String(300), nullable=False),
    Column("state", String(16), nullable=False),  # in_review → published | withdrawn
    Column("payload", JSON, nullable=False),  # documents, tables, warnings as they were read
    Column("author", _NAME, nullable=False),
    Column("reviewer", _NAME, nullable=False),
    Column("at", UtcTime, nullable=False),
)

switches = Table(
    "switches",
    metadata,
    Column("town", _TOWN, primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("name", _DOCUMENT, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", _NAME, nullable=False),
    Column("at", UtcTime, nullable=False),
)

gap_marks = Table(  # questions without answer that staff have dealt with
    "gap_marks",
    metadata,
    Column("town", _TOWN, primary_key=True),
    Column("mark", String(64), primary_key=True),
    Column("by", _NAME, nullable=False),
    Column("at", UtcTime, nullable=False),
)

curation_log = Table(
    "curation_log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("town", _TOWN, nullable=False),
    Column("by", _NAME, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(400), nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)
Index("ix_curation_log_town_seq", curation_log.c.town, curation_log.c.seq)
