"""services"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "service_flows",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"],
            ["conversations.id"],
            name=op.f("fk_service_flows_conversation_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_service_flows")),
    )
    op.create_table(
        "service_calls",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("flow", sa.String(length=200), nullable=False),
        sa.Column("operation", sa.String(length=100), nullable=False),
        sa.Column("turn", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"],
            ["conversations.id"],
            name=op.f("fk_service_calls_conversation_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation", "flow", "operation", name=op.f("pk_service_calls")),
    )
    op.create_table(
        "access_record",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_access_record")),
    )
    with op.batch_alter_table("access_record", schema=None) as batch_op:
        batch_op.create_index("ix_access_record_conversation", ["conversation", "seq"], unique=False)
    op.create_table(
        "access_heads",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_access_heads")),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("access_heads")
    with op.batch_alter_table("access_record", schema=None) as batch_op:
        batch_op.drop_index("ix_access_record_conversation")
    op.drop_table("access_record")
    op.drop_table("service_calls")
    op.drop_table("service_flows")
