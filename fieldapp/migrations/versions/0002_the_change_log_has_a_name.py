"""The change log has a name: cursors of another log, or of this one before a restore, do not fit it."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

EPOCH = sa.table("cursor_epoch", sa.column("epoch", sa.Text))


def upgrade() -> None:
    op.execute(EPOCH.insert().values(epoch=secrets.token_hex(8)))


def downgrade() -> None:
    op.execute(EPOCH.delete())
