"""What a client asks to have corrected or barred, and from whom an entry is kept."""

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_step",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "case_id", "client_id")),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.String(40), nullable=True) for name in ("kind", "asker", "answer", "law")),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("entry_id", "staff_id", "team_id", "lifts")),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("seal", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name="fk_record_step_by_staff_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_record_step_entry_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_record_step_staff_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_record_step_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_record_step"),
    )
    op.create_index("ix_record_step_client_id", "record_step", ["client_id"])
    op.create_index("ix_record_step_entry_id_what", "record_step", ["entry_id", "what"])


def downgrade() -> None:
    op.drop_table("record_step")
