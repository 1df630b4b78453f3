"""Access in time: a client for one colleague, a team for one shift or a practice period. Each ends by itself.

Invariants:
- A grant that is past gives nothing, whether or not the worker has come by: every request reads the time itself.
- Of what ends, nothing waits: whoever held an alert about the client, or in the team, holds it no longer.
- No grant overrules a limit of the client's, nor lets its holder steer.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError, CannotDo
from fieldapp.models import AccessGrant, Client, Staff
from fieldapp.models.base import NOW
from fieldapp.models.change import mark_all_of_client
from fieldapp.services.alerts import lifecycle
from fieldapp.services.alerts.recipients import TeamsNow
from fieldapp.services.casefile import case_file, forget
from fieldapp.services.following import following_teams
from fieldapp.services.people import accounts
from fieldapp.texts import N_, gettext
from sync.ids import uuid7

LONGEST_SHIFT = dt.timedelta(hours=16)
USUAL_SHIFT = dt.timedelta(hours=10)
"""Where the duty list does not say when the shift of whoever takes the vikar on ends."""
LONGEST_SHARE = dt.timedelta(days=92)
LONGEST_PRACTICE = dt.timedelta(days=366)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class NewVikar:
    """What stands on the screen, once: with it the vikar chooses a password."""

    name: str
    username: str
    code: str
    until_at: dt.datetime


def give_client(
    session: Session,
    client_id: UUID,
    staff_id: UUID,
    ground: str,
    until_at: dt.datetime,
    given_by: UUID,
    reason: str,
    now: dt.datetime,
) -> AccessGrant:
    """Let the person see the client from now on; their phone fetches everything about it."""
    grant = AccessGrant(
        id=uuid7(),
        staff_id=staff_id,
        client_id=client_id,
        ground=ground,
        from_at=now,
        until_at=until_at,
        given_by=given_by,
        reason=reason,
    )
    session.add(grant)
    session.flush()
    mark_all_of_client(session, client_id)
    return grant


def share_client(
    session: Session,
    giver: Viewer,
    client_id: UUID,
    staff_id: UUID,
    until_at: dt.datetime,
    reason: str,
    now: dt.datetime,
) -> None:
    """Share a client with one colleague until a time. Raises AppError not_found, not_permitted; CannotDo."""
    if not access.may_share(giver):
        raise AppError("not_permitted")
    limits, teams = case_file(session).limits(client_id), following_teams(session, client_id)
    if session.get(Client, client_id) is None or not access.reaches(giver, teams, limits):
        raise AppError("not_found")
    person = session.get(Staff, staff_id)
    # One sentence for all of these: who is kept out by a limit is not said.
    fits = person is not None and person.ended_at is None and person.role in access.GRANTED_ROLES
    if not fits or access.forbids(limits, staff_id):
        raise CannotDo(gettext(N_("Brukeren kan ikke deles med denne kollegaen.")))
    if not now < until_at <= now + LONGEST_SHARE:
        raise CannotDo(gettext(N_("Velg en dag innen tre måneder.")))
    give_client(session, client_id, staff_id, "shared", until_at, giver.staff_id, reason, now)


def end_early(session: Session, ender: Viewer, grant_id: UUID, now: dt.datetime) -> None:
    """End a grant before its time. Raises AppError not_found where the person does not decide over it."""
    grant = session.get(AccessGrant, grant_id, with_for_update=True)
    if grant is None or not grant.runs(now) or not _decides(session, ender, grant):
        raise AppError("not_found")
    _end(session, grant, now)


def _decides(session: Session, ender: Viewer, grant: AccessGrant) -> bool:
    if grant.client_id is None:
        return grant.team_id is not None and access.may_lead(ender, grant.team_id)
    limits = case_file(session).limits(grant.client_id)
    return access.may_share(ender) and access.reaches(ender, following_teams(session, grant.client_id), limits)


def may_take_on(session: Session, giver: Viewer, team_id: UUID, now: dt.datetime) -> bool:
    """Whether the person takes on a vikar for the team: who leads it, or is on duty in it."""
    if giver.role not in access.GRANTED_ROLES:
        return False
    return access.may_lead(giver, team_id) or giver.staff_id in TeamsNow(session, now).on_duty(team_id)


def take_on_vikar(session: Session, giver: Viewer, team_id: UUID, name: str, phone: str, now: dt.datetime) -> NewVikar:
    """An account for one shift, by whoever is on duty. Raises AppError not_found, not_permitted; CannotDo."""
    if team_id not in giver.team_ids:
        raise AppError("not_found")
    if not may_take_on(session, giver, team_id, now):
        raise AppError("not_permitted")
    shift_ends_at = TeamsNow(session, now).duty_ends_at(team_id, giver.staff_id, now)
    until_at = min(shift_ends_at or now + USUAL_SHIFT, now + LONGEST_SHIFT)
    if not phone.strip():
        raise CannotDo(gettext(N_("Skriv telefonnummeret til vikaren.")))
    return _guest(session, giver, team_id, name, phone, "vikar", until_at, now)


def take_on_student(
    session: Session,
    giver: Viewer,
    team_id: UUID,
    name: str,
    supervisor_id: UUID,
    until_at: dt.datetime,
    now: dt.datetime,
) -> NewVikar:
    """An account for a practice period, with a named veileder. Raises AppError not_found, not_permitted; CannotDo."""
    if team_id not in giver.team_ids:
        raise AppError("not_found")
    if not access.may_lead(giver, team_id):
        raise AppError("not_permitted")
    supervisor = case_file(session).members([team_id]).get(supervisor_id)
    if supervisor is None or supervisor.has_ended or supervisor.role not in access.GRANTED_ROLES:
        raise CannotDo(gettext(N_("Velg en veileder som arbeider i teamet.")))
    if not now < until_at <= now + LONGEST_PRACTICE:
        raise CannotDo(gettext(N_("Velg en dag innen et år.")))
    return _guest(session, giver, team_id, name, "", "student", until_at, now, supervisor_id)


def _guest(
    session: Session,
    giver: Viewer,
    team_id: UUID,
    name: str,
    phone: str,
    ground: str,
    until_at: dt.datetime,
    now: dt.datetime,
    supervisor_id: UUID | None = None,
) -> NewVikar:
    username = f"{ground}-{''.join(secrets.choice(_LETTERS) for _ in range(6))}"
    added = accounts.add_staff(session, username, name, "fieldworker", [team_id], None, now)
    accounts.set_phone(session, added.id, phone)
    person = session.get_one(Staff, added.id)
    person.title = {"vikar": "Vikar", "student": "Student"}[ground]
    assert person.enrolment_ends_at is not None  # there is a code
    person.enrolment_ends_at = min(person.enrolment_ends_at, until_at)
    session.add(
        AccessGrant(
            id=uuid7(),
            staff_id=added.id,
            team_id=team_id,
            ground=ground,
            from_at=now,
            until_at=until_at,
            given_by=giver.staff_id,
            supervisor_id=supervisor_id,
        )
    )
    session.flush()
    return NewVikar(person.name, username, added.enrolment_code or "", until_at)


_DUE = select(AccessGrant.id).where(AccessGrant.ended_at.is_(None), AccessGrant.until_at <= NOW).limit(1)


def any_due(session: Session, now: dt.datetime) -> bool:
    """Whether `end_due` has anything to do."""
    return session.scalar(_DUE, {"now": now}) is not None


def end_due(session: Session, now: dt.datetime) -> int:
    """End what is past; how many. What it gave ended by itself; here others are given what it held."""
    past = select(AccessGrant).where(AccessGrant.ended_at.is_(None), AccessGrant.until_at <= now)
    grants = session.scalars(past.order_by(AccessGrant.until_at).with_for_update(skip_locked=True)).all()
    for grant in grants:
        _end(session, grant, now)
    return len(grants)


def _end(session: Session, grant: AccessGrant, now: dt.datetime) -> None:
    grant.ended_at = now
    session.flush()
    if grant.client_id is not None:
        forget(session)
        lifecycle.look_again(session, grant.client_id, now)
        return
    person = session.get_one(Staff, grant.staff_id)
    if person.ended_at is None:
        accounts.end_staff(session, person.username, now)


@dataclass(frozen=True)
class Guest:
    """Somebody who works in a team until a time."""

    grant_id: UUID
    team_id: UUID | None
    name: str
    ground: str
    until_at: dt.datetime


def in_teams(session: Session, viewer: Viewer, now: dt.datetime) -> list[Guest]:
    """The vikarer and students of the viewer's teams, those who stay longest last."""
    query = (
        select(AccessGrant.id, AccessGrant.team_id, Staff.name, AccessGrant.ground, AccessGrant.until_at)
        .join(Staff, Staff.id == AccessGrant.staff_id)
        .where(AccessGrant.team_id.in_(viewer.team_ids), AccessGrant.ended_at.is_(None), AccessGrant.until_at > now)
        .order_by(AccessGrant.until_at, Staff.name)
    )
    return [Guest(*row) for row in session.execute(query)]
