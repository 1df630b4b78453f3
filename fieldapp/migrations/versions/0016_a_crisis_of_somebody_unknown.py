"""A crisis may be of somebody nobody knows: its case has no client then."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("client_case", schema=None) as batch_op:
        batch_op.alter_column("client_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    """What has no client can't be told of by the older schema; its entries stay, and `rebuild` makes the case anew."""
    op.execute("DELETE FROM client_case WHERE client_id IS NULL")
    with op.batch_alter_table("client_case", schema=None) as batch_op:
        batch_op.alter_column("client_id", existing_type=sa.Uuid(), nullable=False)
