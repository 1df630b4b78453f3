"""The teams as the ladder sees them at one moment: who is in them, who is on duty, and their times.

Reads each team once per moment, however many of its alerts are handled in it.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import duty, escalation
from fieldapp.models import Client, Duty, Staff, StaffTeam, Team


@dataclass(frozen=True)
class _TeamNow:
    people: tuple[escalation.Person, ...]
    times: tuple[float, ...]
    duties: tuple[duty.DutySpan, ...]


class TeamsNow:
    """Answers about teams at the instant `now`, from one session."""

    def __init__(self, session: Session, now: dt.datetime) -> None:
        self._session = session
        self._now = now
        self._teams: dict[uuid.UUID, _TeamNow] = {}
        self._primaries: dict[uuid.UUID, uuid.UUID | None] = {}
        self._chosen: dict[tuple[str, int, uuid.UUID, uuid.UUID | None], list[uuid.UUID]] = {}

    def recipients(self, kind: str, step: int, team_id: uuid.UUID, client_id: uuid.UUID | None) -> list[uuid.UUID]:
        """Who is told in this step of an alert."""
        primary = self._primary(client_id)
        key = (kind, step, team_id, primary)
        if key not in self._chosen:
            people = [replace(one, is_primary=one.staff_id == primary) for one in self._team(team_id).people]
            self._chosen[key] = escalation.recipients(kind, step, people)
        return self._chosen[key]

    def times(self, team_id: uuid.UUID) -> tuple[float, ...]:
        """Minutes to each step."""
        return self._team(team_id).times

    def duty_ends_at(self, team_id: uuid.UUID, staff_id: uuid.UUID, at: dt.datetime) -> dt.datetime | None:
        """When the duty the person was on at `at` ends; None when off duty, or when the team keeps no duty list."""
        return duty.duty_ends(staff_id, self._team(team_id).duties, at)

    def know_primaries(self, client_ids: Sequence[uuid.UUID]) -> None:
        """Read many clients' primary contacts at once."""
        query = select(Client.id, Client.primary_staff_id).where(Client.id.in_(client_ids))
        self._primaries.update((row.id, row.primary_staff_id) for row in self._session.execute(query))

    def _primary(self, client_id: uuid.UUID | None) -> uuid.UUID | None:
        if client_id is not None and client_id not in self._primaries:
            self.know_primaries([client_id])
        return self._primaries.get(client_id) if client_id else None

    def _team(self, team_id: uuid.UUID) -> _TeamNow:
        if team_id not in self._teams:
            self._teams[team_id] = self._read(team_id)
        return self._teams[team_id]

    def _read(self, team_id: uuid.UUID) -> _TeamNow:
        team = self._session.get_one(Team, team_id)
        members = self._session.execute(
            select(Staff.id, Staff.role)
            .join(StaffTeam, StaffTeam.staff_id == Staff.id)
            .where(StaffTeam.team_id == team_id, Staff.ended_at.is_(None))
            .order_by(Staff.id)
        )
        spans = tuple(
            duty.DutySpan(row.staff_id, row.duty, row.from_at, row.to_at)
            for row in self._session.scalars(select(Duty).where(Duty.team_id == team_id))
        )
        people = [escalation.Person(staff_id, role) for staff_id, role in members]
        on_duty, on_backup = duty.on_duty(spans, people, team.duty_ever_set, self._now)
        return _TeamNow(
            people=tuple(_placed(person, on_duty, on_backup) for person in people),
            times=tuple(float(minutes) for minutes in team.escalation) or escalation.DEFAULT_STEPS,
            duties=spans,
        )


def _placed(person: escalation.Person, on_duty: set[uuid.UUID], on_backup: set[uuid.UUID]) -> escalation.Person:
    """A peer who stands on the duty list was put there by the leader, as a full member of the team."""
    has_duty, has_backup = person.staff_id in on_duty, person.staff_id in on_backup
    return replace(person, on_duty=has_duty, on_backup=has_backup, full_member=has_duty or has_backup)
