"""Duties as a calendar program fetches them, and the links by which it does. Of clients there is nothing here."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import CalendarLink, Duty, Entry, Staff, StaffTeam, Team

KEPT_BACK = dt.timedelta(weeks=8)
"""How far back the calendar goes."""


@dataclass(frozen=True)
class FeedDuty:
    """One duty; the id is the entry that set it, and stays when the duty changes hands."""

    id: UUID
    team_name: str
    name: str
    duty: str
    from_at: dt.datetime
    to_at: dt.datetime
    set_at: dt.datetime


@dataclass(frozen=True)
class CalendarLinkRow:
    """A link that stands; the address itself is known to nobody here."""

    id: UUID
    staff_id: UUID
    name: str
    created_at: dt.datetime
    last_used_at: dt.datetime | None


def duties_of(session: Session, staff_id: UUID, now: dt.datetime) -> list[FeedDuty]:
    """The person's own duties, in all their teams, in order."""
    return _duties(session, Duty.staff_id == staff_id, now)


def duties_in(session: Session, team_id: UUID, now: dt.datetime) -> list[FeedDuty]:
    """The team's list, in order, without whoever has left the team: their duties count for nobody."""
    return _duties(session, Duty.team_id == team_id, now)


def team_name(session: Session, team_id: UUID) -> str:
    """What the team is called."""
    return session.get_one(Team, team_id).name


def own_links(session: Session, viewer: Viewer) -> list[CalendarLinkRow]:
    """The link to the viewer's own duties that stands, if any."""
    return _links(session, CalendarLink.team_id.is_(None), CalendarLink.staff_id == viewer.staff_id)


def team_links(session: Session, viewer: Viewer, team_id: UUID) -> list[CalendarLinkRow]:
    """The links to the team's list that stand: all of them for its leader, for others their own."""
    if team_id not in viewer.team_ids:
        return []
    whose = [] if access.may_lead(viewer, team_id) else [CalendarLink.staff_id == viewer.staff_id]
    return _links(session, CalendarLink.team_id == team_id, *whose)


def _duties(session: Session, which: ColumnElement[bool], now: dt.datetime) -> list[FeedDuty]:
    works_there = and_(StaffTeam.staff_id == Duty.staff_id, StaffTeam.team_id == Duty.team_id)
    query = (
        select(Duty.id, Team.name, Staff.name, Duty.duty, Duty.from_at, Duty.to_at, Entry.received_at)
        .join(Staff, Staff.id == Duty.staff_id)
        .join(Team, Team.id == Duty.team_id)
        .join(StaffTeam, works_there)
        .join(Entry, Entry.id == Duty.id)
        .where(which, Duty.to_at > now - KEPT_BACK, Staff.ended_at.is_(None))
        .order_by(Duty.from_at, Staff.name, Duty.id)
    )
    return [FeedDuty(*row) for row in session.execute(query)]


def _links(session: Session, *which: ColumnElement[bool]) -> list[CalendarLinkRow]:
    query = (
        select(CalendarLink.id, CalendarLink.staff_id, Staff.name, CalendarLink.created_at, CalendarLink.last_used_at)
        .join(Staff, Staff.id == CalendarLink.staff_id)
        .where(CalendarLink.ended_at.is_(None), Staff.ended_at.is_(None), *which)
        .order_by(Staff.name, CalendarLink.created_at)
    )
    return [CalendarLinkRow(*row) for row in session.execute(query)]
