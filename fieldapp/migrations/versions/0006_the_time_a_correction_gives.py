"""An entry counts at its clock time, or at the one a correction gave it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entry_state", sa.Column("amended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("entry_state") as table:
        table.drop_column("amended_at")
