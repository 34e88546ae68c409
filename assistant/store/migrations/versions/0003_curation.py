"""curation"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=6), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("reviewer", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("gap", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_document", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("uq_drafts_open", "drafts", ["owner", "open_document"], unique=True)
    op.create_index("ix_drafts_owner_document", "drafts", ["owner", "document"], unique=False)
    op.create_table(
        "document_versions",
        sa.Column("owner", sa.String(length=6), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("provenance", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("reviewer", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "document", "number", name=op.f("pk_document_versions")),
    )
    op.create_table(
        "held_texts",
        sa.Column("owner", sa.String(length=6), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.Column("offered", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("owner", "document", name=op.f("pk_held_texts")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("reviewer", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_table(
        "switches",
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("town", "scope", "name", name=op.f("pk_switches")),
    )
    op.create_table(
        "gap_marks",
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("town", "mark", name=op.f("pk_gap_marks")),
    )
    op.create_table(
        "curation_log",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_curation_log")),
    )
    op.create_index("ix_curation_log_town_seq", "curation_log", ["town", "seq"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    for table in (
        "curation_log", "gap_marks", "switches", "uploads", "held_texts", "document_versions", "drafts",
    ):  # fmt: skip
        op.drop_table(table)
