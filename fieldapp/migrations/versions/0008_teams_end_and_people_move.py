"""A team can end, a person can have a title of their own, and who has left a team is known."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("team", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff", sa.Column("title", sa.Text(), nullable=True))
    op.create_table(
        "former_member",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_former_member_staff_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_former_member_team_id")),
        sa.PrimaryKeyConstraint("staff_id", "team_id", name=op.f("pk_former_member")),
    )


def downgrade() -> None:
    op.drop_table("former_member")
    with op.batch_alter_table("staff") as staff:
        staff.drop_column("title")
    with op.batch_alter_table("team") as team:
        team.drop_column("ended_at")
