"""An absence whose end is far ahead is asked about every month, a visit after a day."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ABSENCE = sa.table(
    "absence",
    sa.column("id", sa.Uuid()),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("started_at", "expected_end_at", "ended_at", "ask_at")),
)
ENTRY = sa.table(
    "entry",
    sa.column("id", sa.Uuid()),
    sa.column("type", sa.String()),
    sa.column("subject_id", sa.Uuid()),
    sa.column("clock_at", sa.DateTime(timezone=True)),
)
STATE = sa.table("entry_state", sa.column("entry_id", sa.Uuid()), sa.column("struck_by", sa.Uuid()))
VISIT = sa.table(
    "staff_visit",
    sa.column("id", sa.Uuid()),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("started_at", "expected_end_at")),
)
AT_LEAST_EVERY = dt.timedelta(days=30)
LONGEST_VISIT = dt.timedelta(hours=24)
STILL_AWAY = (ABSENCE.c.ended_at.is_(None), ABSENCE.c.expected_end_at.is_not(None))


def upgrade() -> None:
    ask_about_absences(op.get_bind())
    ask_about_visits(op.get_bind())


def ask_about_absences(connection: sa.Connection) -> None:
    """As domain/absence.py says: at the expected end, at the latest 30 days after somebody asked."""
    last_asked_at = (
        sa.select(sa.func.max(ENTRY.c.clock_at))
        .join(STATE, STATE.c.entry_id == ENTRY.c.id)
        .where(ENTRY.c.type == "absence_confirmed", ENTRY.c.subject_id == ABSENCE.c.id, STATE.c.struck_by.is_(None))
        .scalar_subquery()
    )
    query = sa.select(ABSENCE, last_asked_at.label("asked_at")).where(*STILL_AWAY)
    for row in connection.execute(query).all():
        ask_at = min(row.expected_end_at, (row.asked_at or row.started_at) + AT_LEAST_EVERY)
        connection.execute(sa.update(ABSENCE).where(ABSENCE.c.id == row.id).values(ask_at=ask_at))


def ask_about_visits(connection: sa.Connection) -> None:
    """As projections/visits.py says: at the latest a day after it began."""
    for row in connection.execute(sa.select(VISIT)).all():
        latest = row.started_at + LONGEST_VISIT
        if row.expected_end_at > latest:
            connection.execute(sa.update(VISIT).where(VISIT.c.id == row.id).values(expected_end_at=latest))


def downgrade() -> None:
    op.execute(ABSENCE.update().where(*STILL_AWAY).values(ask_at=ABSENCE.c.expected_end_at))
