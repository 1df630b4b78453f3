"""Words, names and addresses are kept under a key for each client; what stands is covered once, by this step."""

import sqlalchemy as sa
from alembic import op

from fieldapp.migrations import covering

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_key",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_key")),
        sa.UniqueConstraint("owner_id", name=op.f("uq_record_key_owner_id")),
    )
    op.create_table(
        "destroyed_key",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_staff_id", sa.Uuid(), nullable=True),
        sa.Column("ground", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destroyed_key")),
    )
    op.create_index(op.f("ix_destroyed_key_owner_id"), "destroyed_key", ["owner_id"])
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about_client_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("corrects_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_set_aside_about_client_id"), ["about_client_id"])
        batch_op.create_index(batch_op.f("ix_set_aside_corrects_id"), ["corrects_id"])
    # What was said when an alert was put off stands in the entry that did it.
    op.execute("UPDATE alert_transition SET reason = NULL WHERE event IN ('snoozed', 'came_late')")
    with op.batch_alter_table("alert_transition", schema=None) as batch_op:
        batch_op.alter_column("reason", existing_type=sa.Text(), type_=sa.String(40), existing_nullable=True)
    covering.cover(op.get_bind())


def downgrade() -> None:
    """What lies under a destroyed key stays `slettet`."""
    covering.uncover(op.get_bind())
    with op.batch_alter_table("alert_transition", schema=None) as batch_op:
        batch_op.alter_column("reason", existing_type=sa.String(40), type_=sa.Text(), existing_nullable=True)
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_set_aside_corrects_id"))
        batch_op.drop_index(batch_op.f("ix_set_aside_about_client_id"))
        batch_op.drop_column("corrects_id")
        batch_op.drop_column("about_client_id")
    op.drop_index(op.f("ix_destroyed_key_owner_id"), table_name="destroyed_key")
    op.drop_table("destroyed_key")
    op.drop_table("record_key")
