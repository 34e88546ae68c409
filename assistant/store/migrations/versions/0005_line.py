"""line"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "line_residents",
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("resident", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=True),
        sa.Column("conversation", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("relayed", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("town", "resident", name=op.f("pk_line_residents")),
    )
    op.create_index("ix_line_residents_conversation", "line_residents", ["conversation"])
    _inbox()
    _outbox()


def _inbox() -> None:
    op.create_table(
        "line_inbox",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("resident", sa.String(length=64), nullable=False),
        sa.Column("message", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_line_inbox")),
        sa.UniqueConstraint("town", "id", name="uq_line_inbox_town_id"),
    )
    op.create_index("ix_line_inbox_state_due_at", "line_inbox", ["state", "due_at"])
    op.create_index("ix_line_inbox_resident_state", "line_inbox", ["resident", "state"])
    op.create_index("ix_line_inbox_message", "line_inbox", ["message"])


def _outbox() -> None:
    op.create_table(
        "line_outbox",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("resident", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=True),
        sa.Column("reply_token", sa.String(length=300), nullable=False),
        sa.Column("reply_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_key", sa.String(length=36), nullable=False),
        sa.Column("pushing", sa.Boolean(), nullable=False),
        sa.Column("doubt", sa.Boolean(), nullable=False),
        sa.Column("pushed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_line_outbox")),
        sa.UniqueConstraint("town", "source", name="uq_line_outbox_town_source"),
    )
    op.create_index("ix_line_outbox_state_due_at", "line_outbox", ["state", "due_at"])
    op.create_index("ix_line_outbox_resident_state", "line_outbox", ["resident", "state"])


def downgrade() -> None:
    """Go back to the version before."""
    for table in ("line_outbox", "line_inbox", "line_residents"):
        op.drop_table(table)
