"""The digest at 07:30: one message to a team's leaders, with a link to the hand-over.

It says that the list is there and nothing of what is on it. Sent on the days the team is open, late when no worker ran
at 07:30, and not at all after noon. Invariant: one telling per team and morning, and one message per person, whatever
the number of teams and workers: whoever inserts a team's row tells.
"""

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import opening
from fieldapp.models import MorningDigest, Notification, Staff, StaffTeam, Team, TeamHours
from fieldapp.services.notify.notifications import ToNotify, notify
from fieldapp.services.writing import insert_new

DIGEST = "digest"


def tell_all(session: Session, now: dt.datetime) -> int:
    """Tell the leaders of every team whose digest is due; how many."""
    morning = opening.morning_of(now)
    if morning is None:
        return 0
    team_ids = [team_id for team_id in _untold(session, morning) if _claim(session, team_id, morning, now)]
    staff_ids = _leaders(session, team_ids) - _told_since(session, morning.begins)
    notify(session, [ToNotify(one, DIGEST) for one in sorted(staff_ids, key=str)], now, ringing=False)
    return len(staff_ids)


def any_due(session: Session, now: dt.datetime) -> bool:
    """Whether `tell_all` has anything to do. Asks the database in the morning alone."""
    morning = opening.morning_of(now)
    return morning is not None and bool(_untold(session, morning))


def _untold(session: Session, morning: opening.Morning) -> list[uuid.UUID]:
    """The teams that are open today and had begun by 07:30; in an order that is the same for every worker."""
    told = select(MorningDigest.team_id).where(MorningDigest.on == morning.day)
    standing = Team.ended_at.is_(None), Team.created_at < morning.begins, Team.id.not_in(told)
    query = select(Team.id, TeamHours).outerjoin(TeamHours, TeamHours.team_id == Team.id).where(*standing)
    return [team_id for team_id, hours in session.execute(query.order_by(Team.id)) if _is_open_day(hours, morning.day)]


def _is_open_day(hours: TeamHours | None, day: dt.date) -> bool:
    return opening.opens_on(opening.hours_of(hours.hours, hours.closed_days) if hours else None, day)


def _claim(session: Session, team_id: uuid.UUID, morning: opening.Morning, now: dt.datetime) -> bool:
    row = {"team_id": team_id, "on": morning.day, "told_at": now}
    return bool(insert_new(session, MorningDigest, [row], [MorningDigest.__table__.c.team_id]))


def _leaders(session: Session, team_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Whoever else is at work has the same on I dag; nobody else is sent a message for it."""
    query = (
        select(Staff.id)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .where(StaffTeam.team_id.in_(team_ids), Staff.role == "leader", Staff.ended_at.is_(None))
    )
    return set(session.scalars(query))


def _told_since(session: Session, begins: dt.datetime) -> set[uuid.UUID]:
    """Who has had today's digest already, for a team whose hours were set later in the morning."""
    query = select(Notification.staff_id).where(Notification.kind == DIGEST, Notification.created_at >= begins)
    return {staff_id for staff_id in session.scalars(query) if staff_id is not None}
