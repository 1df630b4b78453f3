"""Links to the duty calendar, and the morning digests that were sent."""

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_calendar_link_staff_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_calendar_link_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_link"),
        sa.UniqueConstraint("token_hash", name="uq_calendar_link_token_hash"),
    )
    op.create_index("ix_calendar_link_staff_id", "calendar_link", ["staff_id"])
    op.create_index("ix_calendar_link_team_id", "calendar_link", ["team_id"])
    op.create_table(
        "morning_digest",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_morning_digest_team_id"),
        sa.PrimaryKeyConstraint("team_id", "on", name="pk_morning_digest"),
    )


def downgrade() -> None:
    op.drop_table("morning_digest")
    op.drop_table("calendar_link")
