"""Who may see a client whatever team they work in: blocked colleagues."""

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import UtcDateTime

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("since_at", UtcDateTime(), nullable=False),
        sa.Column("set_by_entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_access_limit_client_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_access_limit_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_limit"),
    )
    op.create_index("ix_access_limit_client_id_kind", "access_limit", ["client_id", "kind"])
    op.create_index("ix_access_limit_staff_id_kind", "access_limit", ["staff_id", "kind"])


def downgrade() -> None:
    op.drop_table("access_limit")
