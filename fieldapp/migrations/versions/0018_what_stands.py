"""What stands until a newer entry or an ending: risk, plans, people around, agreements, housing, decisions, tasks."""

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import Json, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standing",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("entry_ids", Json, nullable=False),
        sa.Column("code", sa.String(40), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_entry_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_standing_client_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_standing_team_id")),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_standing")),
    )
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standing_client_id_kind"), ["client_id", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_standing_team_id_kind"), ["team_id", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_standing_kind_gone_at"), ["kind", "gone_at"], unique=False)
    op.create_table(
        "handover_reading",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_handover_reading_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "handover_id", name=op.f("pk_handover_reading")),
    )
    with op.batch_alter_table("handover_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_reading_handover_id"), ["handover_id"], unique=False)


def downgrade() -> None:
    op.drop_table("handover_reading")
    op.drop_table("standing")
