"""desk"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "users",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    op.create_table(
        "user_roles",
        sa.Column("user", sa.String(length=100), nullable=False),
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_user_roles_user_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user", "town", "role", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=100), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_sessions_user_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken_by", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_tickets_conversation", ["conversation"], unique=False)
    _case_tables()
    _event_tables()


def _case_tables() -> None:
    op.create_table(
        "ticket_notes",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"], name=op.f("fk_ticket_notes_ticket_tickets")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ticket_notes")),
        sa.UniqueConstraint("id", name=op.f("uq_ticket_notes_id")),
    )
    op.create_index("ix_ticket_notes_ticket", "ticket_notes", ["ticket"])
    op.create_table(
        "callbacks",
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("wanted", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"], name=op.f("fk_callbacks_ticket_tickets")),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_callbacks")),
    )
    op.create_index("ix_callbacks_town_done_at", "callbacks", ["town", "done_at"])


def _event_tables() -> None:
    op.create_table(
        "desk_events",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_desk_events")),
    )
    op.create_index("ix_desk_events_town_seq", "desk_events", ["town", "seq"])
    op.create_index("ix_desk_events_kind_at", "desk_events", ["kind", "at"])
    op.create_table(
        "notices",
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["desk_events.seq"], name=op.f("fk_notices_event_desk_events")),
        sa.PrimaryKeyConstraint("event", "channel", name=op.f("pk_notices")),
    )


def downgrade() -> None:
    """Go back to the version before."""
    for table in ("notices", "desk_events", "callbacks", "ticket_notes"):
        op.drop_table(table)
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_conversation")
        for column in ("closed_at", "taken_at", "taken_by"):
            batch_op.drop_column(column)
    for table in ("sessions", "user_roles", "users"):
        op.drop_table(table)
