"""Entries may come sealed: what waits to be confirmed, and what was written on a locked phone and confirmed since.

The sealing keys made so far were for X25519 and never served; nothing was sealed to them. The new one is made at the
next start: no step of the schema knows FIELDAPP_SECRET_KEY (ADR 0020). A step down keeps it, for what is sealed to it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEYS = sa.table("secret_key", sa.column("purpose", sa.String()))
AT = sa.DateTime(timezone=True)
SET_ASIDE = {
    "claimed_by": sa.Uuid(),
    "sent_at": AT,
    "came_at": AT,
    "answer": sa.String(length=40),
    "answered_by": sa.Uuid(),
    "answered_at": AT,
}


def upgrade() -> None:
    op.execute(KEYS.delete().where(KEYS.c.purpose == "sealing"))
    op.add_column("entry_state", sa.Column("confirmed_by", sa.Uuid(), nullable=True))
    for name, kind in SET_ASIDE.items():
        op.add_column("set_aside", sa.Column(name, kind, nullable=True))
    op.create_index(op.f("ix_set_aside_claimed_by"), "set_aside", ["claimed_by"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_set_aside_claimed_by"), table_name="set_aside")
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        for name in SET_ASIDE:
            batch_op.drop_column(name)
    with op.batch_alter_table("entry_state", schema=None) as batch_op:
        batch_op.drop_column("confirmed_by")
