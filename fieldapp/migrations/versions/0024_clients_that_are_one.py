"""Clients that are one: whom a duplicate has been merged into, and the client each entry was sent with."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("client", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_index("ix_client_merged_into", "client", ["merged_into"])
    op.add_column("entry_state", sa.Column("own_client_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE entry_state SET own_client_id = client_id")


def downgrade() -> None:
    op.drop_column("entry_state", "own_client_id")
    op.drop_index("ix_client_merged_into", "client")
    op.drop_column("client", "merged_into")
