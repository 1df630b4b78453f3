"""Files that belong to entries; steps home, and what is ready for them, on absences."""

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import Json, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
_JSON = Json


def upgrade() -> None:
    with op.batch_alter_table("absence") as batch_op:
        batch_op.add_column(sa.Column("steps", _JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("discharge", _JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("absence") as batch_op:
        batch_op.alter_column("steps", server_default=None)
        batch_op.alter_column("discharge", server_default=None)
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("on_disk", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("whole_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_stored_file_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index(op.f("ix_stored_file_staff_id"), "stored_file", ["staff_id"], unique=False)
    op.create_table(
        "attached_file",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_attached_file_entry_id_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_attached_file")),
    )
    op.create_index(op.f("ix_attached_file_file_id"), "attached_file", ["file_id"], unique=False)


def downgrade() -> None:
    op.drop_table("attached_file")
    op.drop_table("stored_file")
    with op.batch_alter_table("absence") as batch_op:
        batch_op.drop_column("discharge")
        batch_op.drop_column("steps")
