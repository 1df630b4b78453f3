"""Sessions that a person ended leave a mark; entries that no phone holds any more are called lost."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ended_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_ended_session")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("came_from_device_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost_count", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("device_arrival", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("device_arrival", schema=None) as batch_op:
        batch_op.drop_column("lost_at")
    with op.batch_alter_table("device", schema=None) as batch_op:
        for name in ("replaced_at", "lost_at", "lost_count"):
            batch_op.drop_column(name)
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_column("came_from_device_id")
    op.drop_table("ended_session")
