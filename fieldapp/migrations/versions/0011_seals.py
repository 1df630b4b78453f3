"""Entries, accounts, teams and partners' links carry a seal; what stands now is sealed as it is."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from fieldapp.models.base import Json, UtcDateTime
from fieldapp.models.seal import checksum

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID, AT, BYTES, BOOL, ANY = sa.Uuid(), UtcDateTime(), sa.LargeBinary(), sa.Boolean(), None
SEALED: dict[str, dict[str, Any]] = {
    "entry": {
        **dict.fromkeys(("id", "author_id", "client_id", "case_id", "team_id", "subject_id", "device_id", "mends"), ID),
        **dict.fromkeys(("corrected_at", "clock_at", "received_at"), AT),
        **dict.fromkeys(("flags", "body", "extra"), Json),
        **dict.fromkeys(("type", "version", "device_seq", "occurred_at", "clock_offset_ms"), ANY),
        "time_chosen": BOOL,
        "content_key": BYTES,
    },
    "staff": {
        "id": ID,
        **dict.fromkeys(("username", "name", "role", "password_hash", "enrolment_hash"), ANY),
        **dict.fromkeys(("delivery_generation", "language", "email", "phone", "title"), ANY),
        **dict.fromkeys(("enrolment_ends_at", "created_at", "ended_at"), AT),
    },
    "team": {
        "id": ID,
        **dict.fromkeys(("name", "kind", "duty_phone"), ANY),
        "escalation": Json,
        **dict.fromkeys(("created_at", "ended_at"), AT),
    },
    "partner_link": {
        **dict.fromkeys(("id", "client_id", "staff_id", "created_by"), ID),
        **dict.fromkeys(("created_at", "ends_at"), AT),
        "source": ANY,
        "token_hash": BYTES,
    },
}
STAFF_TEAM = sa.table("staff_team", sa.column("staff_id", ID), sa.column("team_id", ID))


def upgrade() -> None:
    for name, columns in SEALED.items():
        op.add_column(name, sa.Column("seal", sa.LargeBinary(), nullable=True))
        seal(op.get_bind(), name, columns)


def seal(connection: sa.Connection, name: str, columns: dict[str, Any]) -> None:
    """Seal every row of a table, some hundred at a time."""
    table = sa.table(name, *(sa.column(column, kind) for column, kind in columns.items()), sa.column("seal", BYTES))
    teams: dict[Any, list[Any]] = {}
    for row in connection.execute(sa.select(STAFF_TEAM)):
        teams.setdefault(row.staff_id, []).append(row.team_id)
    ids = connection.scalars(sa.select(table.c.id)).all()
    for start in range(0, len(ids), 500):
        query = sa.select(*(table.c[column] for column in columns)).where(table.c.id.in_(ids[start : start + 500]))
        for row in connection.execute(query).mappings().all():
            values = dict(row) | ({"teams": sorted(teams.get(row["id"], []))} if name == "staff" else {})
            connection.execute(sa.update(table).where(table.c.id == row["id"]).values(seal=checksum(values)))


def downgrade() -> None:
    for name in SEALED:
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.drop_column("seal")
