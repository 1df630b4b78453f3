"""Who takes alerts for a team: now, next, and through a week with its gaps.

Leaves the rules to domain/duty.py and domain/escalation.py, and the sentences to whoever shows this.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import duty as rules
from fieldapp.domain import escalation
from fieldapp.domain.access import TEAM_ROLES, Viewer
from fieldapp.domain.norway import at_wall_time
from fieldapp.models import Duty, Staff, StaffTeam, Team

DAYS = 7
_MIDNIGHT = dt.time(0, 0)


@dataclass(frozen=True)
class Member:
    """Somebody who works in the team now."""

    staff_id: UUID
    name: str
    role: str


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


@dataclass(frozen=True)
class Gap:
    """Nobody is on duty from here to there."""

    from_at: dt.datetime
    to_at: dt.datetime


@dataclass(frozen=True)
class DutyDay:
    """One day of the duty list: what begins on it (or before the week, on its first day), and its gaps."""

    on: dt.date
    rows: tuple[DutyRow, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class StepNow:
    """One step of the ladder as it would be climbed now: after how many minutes, and who is told."""

    step: int
    minutes: float
    names: tuple[str, ...]


def teams_now(session: Session, viewer: Viewer, now: dt.datetime) -> list[DutyNow]:
    """Each of the viewer's teams, by name, with who is on duty."""
    teams = session.scalars(select(Team).where(Team.id.in_(viewer.team_ids)).order_by(Team.name, Team.id))
    return [_now(session, team, now) for team in teams]


def members(session: Session, team_id: UUID) -> list[Member]:
    """The people of one team, by name."""
    query = (
        select(Staff.id, Staff.name, Staff.role)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .where(StaffTeam.team_id == team_id, Staff.ended_at.is_(None))
        .order_by(Staff.name, Staff.id)
    )
    return [Member(*row) for row in session.execute(query)]


def choices(session: Session, team_id: UUID) -> list[tuple[UUID, str]]:
    """Whom a duty or an alert can be given: the team's people who follow up clients, by name."""
    return [(one.staff_id, one.name) for one in members(session, team_id) if one.role in TEAM_ROLES]


def duty_team(session: Session, viewer: Viewer, duty_id: UUID) -> UUID | None:
    """The team of a duty of one of the viewer's teams, or None."""
    return session.scalar(select(Duty.team_id).where(Duty.id == duty_id, Duty.team_id.in_(viewer.team_ids)))


def week(session: Session, team_id: UUID, monday: dt.date, now: dt.datetime) -> list[DutyDay]:
    """The seven days from `monday` (Norwegian days); gaps only where they still lie ahead."""
    begins, ends = _midnight(monday), _midnight(monday + dt.timedelta(days=DAYS))
    rows = _rows(session, team_id, begins, ends)
    return [_day(rows, monday + dt.timedelta(days=n), monday, now) for n in range(DAYS)]


def ladder(session: Session, team_id: UUID, kind: str, now: dt.datetime) -> list[StepNow]:
    """Who would be told now, step by step, of an alert about a client without a primary contact on duty."""
    team = session.get_one(Team, team_id)
    names = {member.staff_id: member.name for member in members(session, team_id)}
    people = _people(session, team, now)
    times = team.escalation or escalation.DEFAULT_STEPS
    return [
        StepNow(step, times[step], tuple(names[id_] for id_ in escalation.recipients(kind, step, people)))
        for step in sorted(escalation.LADDERS[kind].steps)
    ]


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
    ahead = (Duty.team_id == team_id, Duty.duty == rules.DUTY, Duty.from_at > now)
    at = session.scalar(select(Duty.from_at).where(*ahead).order_by(Duty.from_at).limit(1))
    if at is None:
        return None
    who = session.scalars(select(Duty.staff_id).where(*ahead, Duty.from_at == at))
    return NextShift(at, _named(names, {id_ for id_ in who if id_ in names}))


def _rows(session: Session, team_id: UUID, begins: dt.datetime, ends: dt.datetime) -> list[DutyRow]:
    query = (
        select(Duty.id, Duty.staff_id, Staff.name, Duty.duty, Duty.from_at, Duty.to_at)
        .join(Staff, Staff.id == Duty.staff_id)
        .where(Duty.team_id == team_id, Duty.to_at > begins, Duty.from_at < ends)
        .order_by(Duty.from_at, Duty.duty.desc(), Staff.name)
    )
    return [DutyRow(*row) for row in session.execute(query)]


def _day(rows: list[DutyRow], on: dt.date, monday: dt.date, now: dt.datetime) -> DutyDay:
    begins, ends = _midnight(on), _midnight(on + dt.timedelta(days=1))
    earliest = dt.datetime.min.replace(tzinfo=dt.UTC) if on == monday else begins
    starting = tuple(row for row in rows if earliest <= row.from_at < ends)
    return DutyDay(on, starting, tuple(_gaps(rows, max(begins, now), ends)))


def _gaps(rows: list[DutyRow], begins: dt.datetime, ends: dt.datetime) -> Iterator[Gap]:
    """Where no duty (a backup is none) covers the time between."""
    covered = sorted((row.from_at, row.to_at) for row in rows if row.duty == rules.DUTY and row.to_at > begins)
    reached = begins
    for from_at, to_at in covered:
        if from_at > reached and reached < ends:
            yield Gap(reached, min(from_at, ends))
        reached = max(reached, to_at)
    if reached < ends:
        yield Gap(reached, ends)


def _midnight(on: dt.date) -> dt.datetime:
    return at_wall_time(on, _MIDNIGHT)
