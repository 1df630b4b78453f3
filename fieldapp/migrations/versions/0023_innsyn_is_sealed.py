"""The steps of innsyn cases carry a seal; what stands now is sealed as it is."""

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import UtcDateTime
from fieldapp.models.seal import checksum

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STEP = sa.table(
    "innsyn_step",
    *(sa.column(name, sa.Uuid()) for name in ("id", "case_id", "client_id", "by_staff_id", "reviewer_id", "entry_id")),
    *(sa.column(name, sa.Text()) for name in ("what", "reason", "note")),
    sa.column("at", UtcDateTime()),
)
SEALED = sa.table("innsyn_step", sa.column("id", sa.Uuid()), sa.column("seal", sa.LargeBinary()))


def upgrade() -> None:
    op.add_column("innsyn_step", sa.Column("seal", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(STEP)).mappings().all():
        sealing = sa.update(SEALED).where(SEALED.c.id == row["id"])
        connection.execute(sealing.values(seal=checksum(dict(row))))


def downgrade() -> None:
    op.drop_column("innsyn_step", "seal")
