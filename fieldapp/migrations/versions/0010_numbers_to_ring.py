"""The numbers to ring when nothing can be sent: a colleague's own, and the duty phone of a team."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column("team", sa.Column("duty_phone", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("team", "duty_phone")
    op.drop_column("staff", "phone")
