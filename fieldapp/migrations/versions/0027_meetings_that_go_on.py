"""Meetings about a board that go on, and what is written meanwhile."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from fieldapp.models.base import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "meeting_draft",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "team_id", "staff_id")),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, JSON, nullable=False) for name in ("client_ids", "with_staff")),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("others", "minutes")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_meeting_draft_team_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_meeting_draft_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_draft"),
        sa.UniqueConstraint("team_id", "staff_id", name="uq_meeting_draft_team_id_staff_id"),
    )
    op.create_table(
        "meeting_note",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("meeting_id", "client_id")),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting_draft.id"], name="fk_meeting_note_meeting_id"),
        sa.PrimaryKeyConstraint("meeting_id", "client_id", name="pk_meeting_note"),
    )


def downgrade() -> None:
    op.drop_table("meeting_note")
    op.drop_table("meeting_draft")
