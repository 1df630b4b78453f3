"""Single facts that a team shares with a landlord."""

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_fact",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "client_id", "staff_id")),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("shared_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("shared_by", "set_by_entry_id")),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("amount_nok", sa.String(40), nullable=True),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("on", "by_on")),
        sa.Column("handled", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_shared_fact_client_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_shared_fact_staff_id"),
        sa.ForeignKeyConstraint(["shared_by"], ["staff.id"], name="fk_shared_fact_shared_by"),
        sa.PrimaryKeyConstraint("id", name="pk_shared_fact"),
    )
    op.create_index("ix_shared_fact_client_id", "shared_fact", ["client_id"])
    op.create_index("ix_shared_fact_staff_id", "shared_fact", ["staff_id"])


def downgrade() -> None:
    op.drop_table("shared_fact")
