"""What those who see a client of code 6 found in the texts from before."""

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_review",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "client_id", "entry_id")),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_text_review_entry_id"),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name="fk_text_review_by_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_text_review"),
    )
    op.create_index("ix_text_review_client_id", "text_review", ["client_id"])
    op.create_index("ix_text_review_entry_id", "text_review", ["entry_id"])


def downgrade() -> None:
    op.drop_table("text_review")
