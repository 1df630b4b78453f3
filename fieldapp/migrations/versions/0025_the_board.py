"""The team's board, its columns, and its settings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from fieldapp.models.base import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "board_card",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "client_id", "team_id")),
        sa.Column("column", sa.String(40), nullable=False),
        sa.Column("since_at", UtcDateTime(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("placed_entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_board_card_client_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_board_card_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_board_card"),
    )
    op.create_index("ix_board_card_client_id", "board_card", ["client_id"])
    op.create_index("ix_board_card_team_id", "board_card", ["team_id"])
    op.create_table(
        "board_columns",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("set_by_entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_board_columns_team_id"),
        sa.PrimaryKeyConstraint("team_id", name="pk_board_columns"),
    )
    op.create_table(
        "team_setting",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("set_by_entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_team_setting_team_id"),
        sa.PrimaryKeyConstraint("team_id", "key", name="pk_team_setting"),
    )


def downgrade() -> None:
    op.drop_table("team_setting")
    op.drop_table("board_columns")
    op.drop_table("board_card")
