"""Who takes alerts for a team: now, next, and through a week with its gaps.

Leaves the rules to domain/duty.py and domain/escalation.py, and the sentences to whoever shows this.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fieldapp.domain import duty as rules
from fieldapp.domain import escalation
from fieldapp.domain.access import TEAM_ROLES, Viewer
from fieldapp.domain.norway import at_wall_time, holiday_name, public_holidays
from fieldapp.domain.watch import DEFAULT_SHIFTS
from fieldapp.models import (
    Duty,
    DutyOffer,
    Entry,
    Staff,
    StaffTeam,
    Team,
    TeamHours,
)

DAYS = 7
_MIDNIGHT = dt.time(0, 0)


@dataclass(frozen=True)
class Member:
    """Somebody who works in the team now."""

    staff_id: UUID
    name: str
    role: str
    title: str | None = None


@dataclass(frozen=True)
class NextShift:
    """The next time somebody goes on duty, and who."""

    at: dt.datetime
    names: tuple[str, ...]


@dataclass(frozen=True)
class DutyNow:
    """One team at this moment. `ever_set` False: no duty list, so everybody in it gets the alerts round the clock."""

    team_id: UUID
    team_name: str
    ever_set: bool
    on_duty: tuple[str, ...]
    backup: tuple[str, ...]
    next_shift: NextShift | None


@dataclass(frozen=True)
class DutyRow:
    """One person's duty or backup; the id is the entry that set it."""

    id: UUID
    staff_id: UUID
    name: str
    duty: str
    from_at: dt.datetime
    to_at: dt.datetime
    works_here: bool
    """Of somebody who has left the team it counts for nobody: a gap."""
    is_stood_part: bool = False
    """What somebody stood of it before it was taken over: history, with the hand-over's id."""
    offer: "OfferRow | None" = None


@dataclass(frozen=True)
class OfferRow:
    """An offer that waits for its answer; `in_return` is the colleague's duty that would go the other way."""

    id: UUID
    from_name: str
    to_name: str
    to_staff_id: UUID
    in_return: DutyRow | None


@dataclass(frozen=True)
class Gap:
    """Nobody is on duty from here to there."""

    from_at: dt.datetime
    to_at: dt.datetime


@dataclass(frozen=True)
class DutyDay:
    """One day of the duty list: who is on it at any moment of the day, and its gaps."""

    on: dt.date
    rows: tuple[DutyRow, ...]
    gaps: tuple[Gap, ...]
    holiday: str | None


_IN_TEAM = (
    Staff.ended_at.is_(None)
    & select(StaffTeam.staff_id).where(StaffTeam.staff_id == Duty.staff_id, StaffTeam.team_id == Duty.team_id).exists()
)
"""Whether whoever has the duty works in the team still."""


def teams_now(session: Session, viewer: Viewer, now: dt.datetime) -> list[DutyNow]:
    """Each of the viewer's teams, by name, with who is on duty."""
    teams = session.scalars(select(Team).where(Team.id.in_(viewer.team_ids)).order_by(Team.name, Team.id))
    return [_now(session, team, now) for team in teams]


def members(session: Session, team_id: UUID) -> list[Member]:
    """The people of one team, by name."""
    query = (
        select(Staff.id, Staff.name, Staff.role, Staff.title)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .where(StaffTeam.team_id == team_id, Staff.ended_at.is_(None))
        .order_by(Staff.name, Staff.id)
    )
    return [Member(*row) for row in session.execute(query)]


def choices(session: Session, team_id: UUID) -> list[tuple[UUID, str]]:
    """Whom a duty can be given: the team's people who follow up clients, by name."""
    return [(one.staff_id, one.name) for one in members(session, team_id) if one.role in TEAM_ROLES]


def colleagues(session: Session, team_id: UUID, staff_id: UUID) -> list[tuple[UUID, str]]:
    """Whom somebody can hand an alert to: the others in the team who take alerts, by name."""
    others = (one for one in members(session, team_id) if one.staff_id != staff_id)
    return [(one.staff_id, one.name) for one in others if one.role in escalation.ALERTED_ROLES]


def duty_team(session: Session, viewer: Viewer, duty_id: UUID) -> UUID | None:
    """The team of a duty of one of the viewer's teams, or None; a stood part can't be removed by itself."""
    query = select(Duty.team_id).join(Entry, Entry.id == Duty.id).where(Entry.type == "duty_set")
    return session.scalar(query.where(Duty.id == duty_id, Duty.team_id.in_(viewer.team_ids)))


def offer_team(session: Session, viewer: Viewer, offer_id: UUID) -> UUID | None:
    """The team of an offer that waits in one of the viewer's teams, or None."""
    waiting = select(DutyOffer.team_id).where(DutyOffer.id == offer_id, DutyOffer.taken_at.is_(None))
    return session.scalar(waiting.where(DutyOffer.team_id.in_(viewer.team_ids)))


def set_together(session: Session, viewer: Viewer, duty_id: UUID) -> list[UUID]:
    """The duties that the viewer set in one go with this one, as far as they still stand."""
    first = session.get(Entry, duty_id)
    if first is None or first.type != "duty_set" or first.author_id != viewer.staff_id:
        return []
    query = select(Entry.id).join(Duty, Duty.id == Entry.id)
    together = query.where(Entry.author_id == viewer.staff_id, Entry.received_at == first.received_at)
    return list(session.scalars(together.where(Duty.team_id == first.subject_id, Entry.type == "duty_set")))


def ahead(session: Session, team_id: UUID, now: dt.datetime, until: dt.datetime) -> list[DutyRow]:
    """The team's duties that are not over, to a moment, with the offers that wait."""
    return _with_offers(session, _rows(session, Duty.team_id == team_id, Duty.to_at > now, Duty.from_at < until), now)


def is_set(
    session: Session, team_id: UUID, staff_id: UUID, duty: str, from_at: dt.datetime, to_at: dt.datetime
) -> bool:
    """Whether exactly this duty stands on the list."""
    same = (Duty.staff_id == staff_id, Duty.duty == duty, Duty.from_at == from_at, Duty.to_at == to_at)
    return session.scalar(select(Duty.id).where(Duty.team_id == team_id, *same).limit(1)) is not None


def shift_times(session: Session, team_id: UUID) -> dict[str, tuple[dt.time, dt.time]]:
    """When the team's shifts begin and end: its own times, else the usual ones."""
    hours = session.get(TeamHours, team_id)
    own = {name: (_wall(begins), _wall(ends)) for name, (begins, ends) in (hours.shifts if hours else {}).items()}
    return dict(DEFAULT_SHIFTS) | own


def days_off(session: Session, team_id: UUID, first_on: dt.date, last_on: dt.date) -> set[dt.date]:
    """Public holidays, and the days the team has said that it is closed."""
    hours = session.get(TeamHours, team_id)
    closed = {dt.date.fromisoformat(day) for day in (hours.closed_days if hours else ())}
    public = {day for year in range(first_on.year, last_on.year + 1) for day in public_holidays(year)}
    return {day for day in closed | public if first_on <= day <= last_on}


def standing(
    session: Session, team_id: UUID, from_at: dt.datetime, to_at: dt.datetime
) -> list[tuple[str, rules.DutySpan]]:
    """Who stands on the team's list between two moments, with their names."""
    rows = _rows(session, Duty.team_id == team_id, Duty.to_at > from_at, Duty.from_at < to_at)
    return [(row.name, rules.DutySpan(row.staff_id, row.duty, row.from_at, row.to_at)) for row in rows]


def week(session: Session, team_id: UUID, monday: dt.date, now: dt.datetime) -> list[DutyDay]:
    """The seven days from `monday` (Norwegian days); gaps only where they still lie ahead."""
    begins, ends = _midnight(monday), _midnight(monday + dt.timedelta(days=DAYS))
    rows = _with_offers(session, _rows(session, Duty.team_id == team_id, Duty.to_at > begins, Duty.from_at < ends), now)
    return [_day(rows, monday + dt.timedelta(days=n), now) for n in range(DAYS)]


def _now(session: Session, team: Team, now: dt.datetime) -> DutyNow:
    names = {member.staff_id: member.name for member in members(session, team.id)}
    people = _people(session, team, now)
    return DutyNow(
        team_id=team.id,
        team_name=team.name,
        ever_set=team.duty_ever_set,
        on_duty=_named(names, (one.staff_id for one in people if one.on_duty)),
        backup=_named(names, (one.staff_id for one in people if one.on_backup)),
        next_shift=_next_shift(session, team.id, names, now),
    )


def _named(names: dict[UUID, str], ids: Iterable[UUID]) -> tuple[str, ...]:
    return tuple(sorted(names[id_] for id_ in ids))


def _people(session: Session, team: Team, now: dt.datetime) -> list[escalation.Person]:
    spans = [
        rules.DutySpan(row.staff_id, row.duty, row.from_at, row.to_at)
        for row in session.scalars(select(Duty).where(Duty.team_id == team.id, Duty.from_at <= now, Duty.to_at > now))
    ]
    team_members = members(session, team.id)
    on_duty, on_backup = rules.on_duty(spans, team_members, team.duty_ever_set, now)
    return [
        escalation.Person(
            one.staff_id,
            one.role,
            on_duty=one.staff_id in on_duty,
            on_backup=one.staff_id in on_backup,
            full_member=one.staff_id in on_duty | on_backup,
        )
        for one in team_members
    ]


def _next_shift(session: Session, team_id: UUID, names: dict[UUID, str], now: dt.datetime) -> NextShift | None:
    ahead = (Duty.team_id == team_id, Duty.duty == rules.DUTY, Duty.from_at > now, Duty.staff_id.in_(names))
    at = session.scalar(select(Duty.from_at).where(*ahead).order_by(Duty.from_at).limit(1))
    if at is None:
        return None
    who = session.scalars(select(Duty.staff_id).where(*ahead, Duty.from_at == at))
    return NextShift(at, _named(names, set(who)))


def _rows(session: Session, *where: ColumnElement[bool]) -> list[DutyRow]:
    duty = (Duty.id, Duty.staff_id, Staff.name, Duty.duty, Duty.from_at, Duty.to_at)
    query = (
        select(*duty, _IN_TEAM, Entry.type != "duty_set")
        .join(Staff, Staff.id == Duty.staff_id)
        .join(Entry, Entry.id == Duty.id)
        .where(*where)
        .order_by(Duty.from_at, Duty.duty.desc(), Staff.name)
    )
    return [DutyRow(*row) for row in session.execute(query)]


def _with_offers(session: Session, rows: list[DutyRow], now: dt.datetime) -> list[DutyRow]:
    """The rows, those that are offered to somebody with the offer; of a duty that is over, or to somebody who has left,
    an offer is void."""
    ids = [row.id for row in rows if row.to_at > now]
    offered = select(DutyOffer).join(Staff, Staff.id == DutyOffer.to_staff_id).where(Staff.ended_at.is_(None))
    waiting = session.scalars(offered.where(DutyOffer.duty_id.in_(ids), DutyOffer.taken_at.is_(None))).all()
    asked = {offer.in_return_for for offer in waiting if offer.in_return_for}
    returns = {row.id: row for row in _rows(session, Duty.id.in_(asked), Duty.to_at > now)}
    names = dict(
        session.execute(select(Staff.id, Staff.name).where(Staff.id.in_({o.to_staff_id for o in waiting}))).all()
    )
    offers = {
        offer.duty_id: (offer, returns.get(offer.in_return_for) if offer.in_return_for else None)
        for offer in waiting
        if offer.in_return_for is None or offer.in_return_for in returns
    }
    return [replace(row, offer=_offer(row, names, *offers[row.id])) if row.id in offers else row for row in rows]


def _offer(row: DutyRow, names: dict[UUID, str], offer: DutyOffer, in_return: DutyRow | None) -> OfferRow:
    return OfferRow(offer.id, row.name, names[offer.to_staff_id], offer.to_staff_id, in_return)


def _day(rows: list[DutyRow], on: dt.date, now: dt.datetime) -> DutyDay:
    begins, ends = _midnight(on), _midnight(on + dt.timedelta(days=1))
    covering = tuple(row for row in rows if row.from_at < ends and row.to_at > begins)
    return DutyDay(on, covering, tuple(_gaps(rows, max(begins, now), ends)), holiday_name(on))


def _gaps(rows: list[DutyRow], begins: dt.datetime, ends: dt.datetime) -> Iterator[Gap]:
    """Where no duty (a backup is none) covers the time between."""
    covered = sorted((row.from_at, row.to_at) for row in rows if _counts(row) and row.to_at > begins)
    reached = begins
    for from_at, to_at in covered:
        if from_at > reached and reached < ends:
            yield Gap(reached, min(from_at, ends))
        reached = max(reached, to_at)
    if reached < ends:
        yield Gap(reached, ends)


def _counts(row: DutyRow) -> bool:
    return row.duty == rules.DUTY and row.works_here


def _wall(text: str) -> dt.time:
    """A wall time as the contract has it; «24:00» is midnight."""
    return _MIDNIGHT if text == "24:00" else dt.time.fromisoformat(text)


def _midnight(on: dt.date) -> dt.datetime:
    return at_wall_time(on, _MIDNIGHT)
