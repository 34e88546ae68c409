"""identity"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "identity_tries",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("attempt", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("town", sa.String(length=6), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_identity_tries")),
    )
    with op.batch_alter_table("identity_tries", schema=None) as batch_op:
        batch_op.create_index("ix_identity_tries_scope_at", ["scope", "at"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("identity_tries", schema=None) as batch_op:
        batch_op.drop_index("ix_identity_tries_scope_at")
    op.drop_table("identity_tries")
