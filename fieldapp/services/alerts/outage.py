"""When no worker ticks: one web process claims the outage and tells the people, once.

Invariant: at most one telling for one silence, whatever the number of web processes: the last heartbeat is the key of
the outage's row, and only whoever inserts it writes the messages, in the same transaction.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import Outage, Team
from fieldapp.services.alerts.recipients import TeamsNow
from fieldapp.services.notify.delivery import DOWN
from fieldapp.services.notify.notifications import ToNotify, notify
from fieldapp.services.writing import insert_new

NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The heartbeat of a server whose worker has never ticked."""


def claim_and_tell(session: Session, last_tick_at: dt.datetime | None, now: dt.datetime) -> int | None:
    """Write «Varslingen i Sett er nede» to those on duty and the leaders; how many, or None if claimed before."""
    row = {"heartbeat_at": last_tick_at or NEVER, "claimed_at": now, "told": 0}
    if not insert_new(session, Outage, [row], [Outage.__table__.c.heartbeat_at]):
        return None
    teams = TeamsNow(session, now)
    staff_ids = {
        staff_id
        for team_id in session.scalars(select(Team.id)).all()
        # Those a crisis would reach at once: everyone on duty, and the leaders.
        for staff_id in teams.recipients("crisis", 0, team_id, None)
    }
    notify(session, [ToNotify(staff_id, DOWN) for staff_id in sorted(staff_ids)], now)
    session.get_one(Outage, row["heartbeat_at"]).told = len(staff_ids)
    session.flush()
    return len(staff_ids)
