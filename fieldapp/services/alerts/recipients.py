"""The teams as the ladder sees them at one moment: who is in them, who is on duty, and their times.

Reads each team once per moment, however many of its alerts are handled in it.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access, duty, escalation
from fieldapp.domain.access import NO_LIMITS, Limits
from fieldapp.models import AccessLimit, Client, ClientTeam, Duty, Staff, StaffTeam, Team
from fieldapp.models.access import BLOCKED, LISTED
from fieldapp.services.alerts.opening_hours import OpeningHours
from fieldapp.services.writing import chunks

_DUTIES_KNOWN = dt.timedelta(days=1)
"""Duties that ended longer ago matter to no hold that could still run."""


@dataclass(frozen=True)
class _TeamNow:
    people: tuple[escalation.Person, ...]
    colleagues: tuple[escalation.Person, ...]
    """The same people for who is out and needs them: on duty as if the team were open, whatever the hour."""
    times: tuple[float, ...]
    duties: tuple[duty.DutySpan, ...]


class TeamsNow:
    """Answers about teams at the instant `now`, from one session."""

    def __init__(self, session: Session, now: dt.datetime) -> None:
        self._session = session
        self._now = now
        self._teams: dict[uuid.UUID, _TeamNow] = {}
        self._primaries: dict[uuid.UUID, uuid.UUID | None] = {}
        self._limits: dict[uuid.UUID, Limits] = {}
        """Of the clients whose primary contact is known, those that have any."""
        self._chosen: dict[tuple[str, int, uuid.UUID, uuid.UUID | None], list[uuid.UUID]] = {}
        self.hours = OpeningHours(session, now)

    def recipients(
        self,
        kind: str,
        step: int,
        team_id: uuid.UUID,
        client_id: uuid.UUID | None,
        staff_id: uuid.UUID | None = None,
    ) -> list[uuid.UUID]:
        """Who is told in this step of an alert; `staff_id`: whose safety it is about."""
        primary = self._primary(client_id)
        if staff_id is not None or self.hours.closed(team_id) is not None or client_id in self._limits:
            return self._recipients_of_one(kind, step, team_id, client_id, staff_id)
        return self.recipients_of_open(kind, step, team_id, primary)

    def recipients_of_open(
        self, kind: str, step: int, team_id: uuid.UUID, primary_staff_id: uuid.UUID | None
    ) -> list[uuid.UUID]:
        """The same for every client without limits of a team that is open who has this primary contact."""
        key = (kind, step, team_id, primary_staff_id)
        if key not in self._chosen:
            self._chosen[key] = escalation.recipients(kind, step, self._people(team_id, primary_staff_id))
        return self._chosen[key]

    def recipients_of_shared(self, kind: str, step: int, team_id: uuid.UUID) -> list[uuid.UUID]:
        """The same of a client without a primary contact whom the team handed to may see as well."""
        closed = self.hours.closed(team_id)
        handed_to = self._handed_to(closed.to_team_id) if closed is not None and closed.to_team_id is not None else []
        people = [*self._people(team_id, None), *handed_to]
        return escalation.recipients(kind, step, people, closed=closed is not None)

    def _recipients_of_one(
        self,
        kind: str,
        step: int,
        team_id: uuid.UUID,
        client_id: uuid.UUID | None,
        staff_id: uuid.UUID | None,
    ) -> list[uuid.UUID]:
        if staff_id is not None:
            people = self._with_subject(list(self._team(team_id).colleagues), staff_id)
        else:
            people = self._people(team_id, self._primary(client_id))
        closed = self.hours.closed(team_id)
        if closed is not None and closed.to_team_id is not None and self._may_see(closed.to_team_id, client_id):
            people += self._handed_to(closed.to_team_id)
        told = self._for_whom_it_exists(people, client_id)
        return escalation.recipients(kind, step, told, closed=closed is not None)

    def _for_whom_it_exists(
        self, people: list[escalation.Person], client_id: uuid.UUID | None
    ) -> list[escalation.Person]:
        """In every step whoever may not know of the client is left out before anybody is chosen, so that the step
        tells who is left; whoever is out themselves is asked all the same."""
        self._primary(client_id)
        limits = self._limits.get(client_id) if client_id is not None else None
        if limits is None:
            return people
        return [one for one in people if one.is_subject or not access.forbids(limits, one.staff_id)]

    def leaders_without_client(
        self, kind: str, step: int, team_id: uuid.UUID, client_id: uuid.UUID | None
    ) -> list[uuid.UUID]:
        """Of code 6, where nobody who is listed is on duty: the leaders who are not, in the step that is theirs. They
        are told that something rings, and of nobody."""
        limits = self._limits.get(client_id) if client_id is not None else None
        if limits is None or not limits.listed:
            return []
        people = self._team(team_id).people
        if any(one.on_duty and one.staff_id in limits.listed for one in people):
            return []
        leaders = [one for one in people if one.role == "leader" and one.staff_id not in limits.blocked]
        told = escalation.recipients(kind, step, leaders)
        return [staff_id for staff_id in told if staff_id not in limits.listed]

    def exists_for(self, staff_id: uuid.UUID, client_ids: Sequence[uuid.UUID]) -> bool:
        """Whether any of these clients exists for the person."""
        self.know_primaries(client_ids)
        return any(not access.forbids(self._limits.get(one, NO_LIMITS), staff_id) for one in client_ids)

    def _people(self, team_id: uuid.UUID, primary: uuid.UUID | None) -> list[escalation.Person]:
        return [replace(one, is_primary=one.staff_id == primary) for one in self._team(team_id).people]

    def _with_subject(self, people: list[escalation.Person], staff_id: uuid.UUID) -> list[escalation.Person]:
        """Somebody who has left the team while out is still asked; somebody without an account can't answer."""
        known = self._session.get(Staff, staff_id)  # None: a preview's «whoever is out»
        has_left = known is not None and known.ended_at is not None
        if not has_left and all(one.staff_id != staff_id for one in people):
            people = [*people, escalation.Person(staff_id, "")]
        return [replace(one, is_subject=one.staff_id == staff_id) for one in people]

    def _may_see(self, team_id: uuid.UUID, client_id: uuid.UUID | None) -> bool:
        """A clock or a worry rings only people who may see whom it is about."""
        if client_id is None:
            return False
        query = select(ClientTeam.team_id).where(
            ClientTeam.client_id == client_id, ClientTeam.team_id == team_id, ClientTeam.active.is_(True)
        )
        return self._session.scalar(query) is not None

    def _handed_to(self, team_id: uuid.UUID) -> list[escalation.Person]:
        """Those on duty in the team handed to; who is in both teams stands in the list as what they are in each."""
        there = (one for one in self._team(team_id).people if one.on_duty)
        return [replace(one, on_duty=False, on_backup=False, handed_to=True) for one in there]

    def on_duty(self, team_id: uuid.UUID) -> list[uuid.UUID]:
        """Those on duty in the team who may be told of alerts."""
        return escalation.recipients("not_seen", 1, self._team(team_id).people)

    def times(self, team_id: uuid.UUID) -> tuple[float, ...]:
        """Minutes to each step, of the kinds that go by the team's times."""
        return self._team(team_id).times

    def step_at(self, kind: str, ladder_from: dt.datetime, step: int, team_id: uuid.UUID) -> dt.datetime:
        """When a step begins by the clock."""
        return escalation.step_at(ladder_from, step, escalation.minutes_of(kind, self.times(team_id)))

    def duty_ends_at(self, team_id: uuid.UUID, staff_id: uuid.UUID, at: dt.datetime) -> dt.datetime | None:
        """When the duty the person was on at `at` ends; None when off duty, or when the team keeps no duty list."""
        return duty.duty_ends(staff_id, self._team(team_id).duties, at)

    def know_primaries(self, client_ids: Sequence[uuid.UUID]) -> None:
        """Read many clients' primary contacts at once, of those not read yet, and for whom they do not exist."""
        for part in chunks([one for one in client_ids if one not in self._primaries]):
            query = select(Client.id, Client.primary_staff_id).where(Client.id.in_(part))
            self._primaries.update((row.id, row.primary_staff_id) for row in self._session.execute(query))
            self._know_limits(part)

    def _know_limits(self, client_ids: Sequence[uuid.UUID]) -> None:
        rows: dict[uuid.UUID, dict[str, dict[uuid.UUID, dt.datetime]]] = {}
        for row in self._session.scalars(select(AccessLimit).where(AccessLimit.client_id.in_(client_ids))):
            rows.setdefault(row.client_id, {BLOCKED: {}, LISTED: {}})[row.kind][row.staff_id] = row.since_at
        self._limits |= {client_id: Limits(of_kind[BLOCKED], of_kind[LISTED]) for client_id, of_kind in rows.items()}

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
            for row in self._session.scalars(
                select(Duty).where(Duty.team_id == team_id, Duty.to_at > self._now - _DUTIES_KNOWN)
            )
        )
        people = [escalation.Person(staff_id, role) for staff_id, role in members]
        # A team without a duty list is on duty as long as it is open; then only its leaders are left.
        is_closed = self.hours.closed(team_id) is not None
        on_duty, on_backup = duty.on_duty(spans, people, team.duty_ever_set or is_closed, self._now)
        if_open, _ = duty.on_duty(spans, people, team.duty_ever_set, self._now)
        return _TeamNow(
            people=tuple(_placed(person, on_duty, on_backup) for person in people),
            colleagues=tuple(_placed(person, if_open, on_backup) for person in people),
            times=tuple(float(minutes) for minutes in team.escalation) or escalation.DEFAULT_STEPS,
            duties=spans,
        )


def _placed(person: escalation.Person, on_duty: set[uuid.UUID], on_backup: set[uuid.UUID]) -> escalation.Person:
    """A peer who stands on the duty list was put there by the leader, as a full member of the team."""
    has_duty, has_backup = person.staff_id in on_duty, person.staff_id in on_backup
    return replace(person, on_duty=has_duty, on_backup=has_backup, full_member=has_duty or has_backup)
