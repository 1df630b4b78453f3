"""Who may see a client whatever team they work in: blocked colleagues, grants in time, nødtilgang."""

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import UtcDateTime

revision = "0014"
down_revision = "0013"
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
    op.create_table(
        "access_grant",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "staff_id", "given_by")),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("client_id", "team_id", "supervisor_id")),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("seal", sa.LargeBinary(), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], ["staff.id"], name=f"fk_access_grant_{name}")
            for name in ("staff_id", "given_by", "supervisor_id")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_access_grant_client_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_access_grant_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_grant"),
    )
    op.create_index("ix_access_grant_staff_id_until_at", "access_grant", ["staff_id", "until_at"])
    op.create_index(
        "ix_access_grant_until_at", "access_grant", ["until_at"], postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "emergency_asked",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_emergency_asked_staff_id"),
        sa.ForeignKeyConstraint(["grant_id"], ["access_grant.id"], name="fk_emergency_asked_grant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_emergency_asked"),
    )
    op.create_index("ix_emergency_asked_staff_id_at", "emergency_asked", ["staff_id", "at"])
    op.create_index("ix_client_protected", "client", ["protected"])


def downgrade() -> None:
    op.drop_index("ix_client_protected", "client")
    op.drop_table("emergency_asked")
    op.drop_table("access_grant")
    op.drop_table("access_limit")
