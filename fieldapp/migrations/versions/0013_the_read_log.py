"""Who has read what about whom, a log that nothing changes or deletes; and the cases of innsyn."""

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import UtcDateTime
from fieldapp.models.read_log import guard

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "read_log",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("to_at", UtcDateTime(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=True),
        sa.Column("surface", sa.String(length=40), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_read_log")),
    )
    op.create_index(op.f("ix_read_log_client_id_staff_id_at"), "read_log", ["client_id", "staff_id", "at"])
    told = sa.text("report_id IS NOT NULL")
    op.create_index(op.f("ix_read_log_report_id"), "read_log", ["report_id"], sqlite_where=told, postgresql_where=told)
    head = op.create_table(
        "read_log_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_log_head")),
    )
    op.bulk_insert(head, [{"seq": 0, "mac": bytes(32), "seal": b""}])
    guard(op.get_bind())
    op.create_table(
        "innsyn_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_innsyn_step_by_staff_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["staff.id"], name=op.f("fk_innsyn_step_reviewer_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_innsyn_step_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_innsyn_step")),
    )
    op.create_index(op.f("ix_innsyn_step_client_id"), "innsyn_step", ["client_id"])


def downgrade() -> None:
    op.drop_table("innsyn_step")
    op.drop_table("read_log_head")
    op.drop_table("read_log")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION read_log_refuse()")
