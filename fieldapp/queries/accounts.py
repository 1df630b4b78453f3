"""Reads about accounts: teams, people, and the devices a person is signed in on."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import PARTNER, Viewer
from fieldapp.domain.channels import IN_SESSION, Channels
from fieldapp.models import (
    AccountEvent,
    Device,
    DeviceStaff,
    LoginSession,
    Passkey,
    Staff,
    StaffIdentity,
    StaffTeam,
    Subscription,
    Team,
    TeamSetting,
)

_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
"""What each is known by; the first that fits, since all of them also claim to be the ones after."""


_FOR_LEADERS = ("code_made", "password_set", "password_changed", "access_ended")
"""What a leader sees of somebody's account: who has let them in anew. How they sign in is their own affair."""
_SHOWN = 2


@dataclass(frozen=True)
class TeamRow:
    id: UUID
    name: str
    kind: str
    escalation: tuple[float, ...]
    ended_at: dt.datetime | None
    leaders: int = 0
    """How many lead it: without one, nobody is told in step 3, and nobody sets duties."""
    duty_phone: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    """What its leader has set, by key."""


@dataclass(frozen=True)
class StaffRow:
    id: UUID
    username: str
    name: str
    role: str
    title: str | None
    teams: tuple[str, ...]
    team_ids: frozenset[UUID]
    ended_at: dt.datetime | None


@dataclass(frozen=True)
class AccountEventRow:
    """What happened to somebody's account (`what` as in the model), when, and who did it; "" from the command line."""

    staff_id: UUID
    what: str
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class Account:
    """Somebody who works here, as far as a one-time code concerns."""

    staff_id: UUID
    name: str
    username: str
    role: str
    team_ids: frozenset[UUID]
    code_until_at: dt.datetime | None
    """Until when a code of theirs that is not used yet is good."""


@dataclass(frozen=True)
class SignedInDevice:
    """One of the person's sessions that is good now."""

    session_id: UUID
    device_name: str
    platform: str
    browser: str
    signed_in_at: dt.datetime
    last_sync_at: dt.datetime | None
    unsent: int
    is_this_one: bool


@dataclass(frozen=True)
class PasskeyRow:
    """One of the person's passkeys, as they know it."""

    id: UUID
    name: str
    created_at: dt.datetime
    last_used_at: dt.datetime | None


@dataclass(frozen=True)
class IdentityRow:
    """When an identity was linked, and last signed in with."""

    created_at: dt.datetime
    last_used_at: dt.datetime | None


@dataclass(frozen=True)
class WaysToTell:
    """How alerts reach a person: phones that take pushes, an address, and whether the gateway is called."""

    phones: int
    email: str | None
    own_number: str | None
    by_email: bool
    by_webhook: bool


def teams(session: Session) -> list[TeamRow]:
    """All teams, by name, those that have ended too."""
    leading = (
        select(StaffTeam.team_id, func.count())
        .join(Staff, Staff.id == StaffTeam.staff_id)
        .where(Staff.role == "leader", Staff.ended_at.is_(None))
        .group_by(StaffTeam.team_id)
    )
    leaders = {team_id: count for team_id, count in session.execute(leading)}  # noqa: C416 (rows are not pairs)
    found = session.scalars(select(Team).order_by(Team.name, Team.id))
    return [_team_row(team, leaders.get(team.id, 0)) for team in found]


def teams_of(session: Session, viewer: Viewer) -> list[TeamRow]:
    """The teams the viewer works in, by name."""
    wanted = select(Team).where(Team.id.in_(viewer.team_ids)).order_by(Team.name, Team.id)
    settings: dict[UUID, dict[str, str]] = {}
    for one in session.scalars(select(TeamSetting).where(TeamSetting.team_id.in_(viewer.team_ids))):
        settings.setdefault(one.team_id, {})[one.key] = one.value
    rows = [_team_row(team) for team in session.scalars(wanted)]
    return [
        replace(row, duty_phone=said.get("duty_phone", row.duty_phone) or None, settings=said)
        for row in rows
        for said in (settings.get(row.id, {}),)
    ]


def people(session: Session) -> list[StaffRow]:
    """Everybody who has or had an account, by username. A partner's link is no person, and on no list of people."""
    of_person: dict[UUID, dict[UUID, str]] = {}
    for staff_id, team_id, name in session.execute(
        select(StaffTeam.staff_id, Team.id, Team.name).join(Team, Team.id == StaffTeam.team_id).order_by(Team.name)
    ):
        of_person.setdefault(staff_id, {})[team_id] = name
    return [
        StaffRow(
            id=who.id,
            username=who.username,
            name=who.name,
            role=who.role,
            title=who.title,
            teams=tuple(of_person.get(who.id, {}).values()),
            team_ids=frozenset(of_person.get(who.id, {})),
            ended_at=who.ended_at,
        )
        for who in session.scalars(select(Staff).where(Staff.role != PARTNER).order_by(Staff.username))
    ]


def devices_of(session: Session, viewer: Viewer, this_session: UUID, now: dt.datetime) -> list[SignedInDevice]:
    """Where the viewer is signed in now, newest first."""
    rows = session.execute(
        select(LoginSession, Device)
        .outerjoin(Device, Device.id == LoginSession.device_id)
        .where(LoginSession.staff_id == viewer.staff_id, LoginSession.ends_at > now)
        .order_by(LoginSession.created_at.desc())
    )
    return [_signed_in_device(row, device, this_session) for row, device in rows]


def ways_to_tell(session: Session, viewer: Viewer) -> WaysToTell:
    """How alerts reach the viewer now; `by_email` and `by_webhook`: whether the installation has these channels."""
    phones = (
        select(func.count(Subscription.id))
        .join(DeviceStaff, DeviceStaff.device_id == Subscription.device_id)
        .join(Device, Device.id == Subscription.device_id)
        .where(
            DeviceStaff.staff_id == viewer.staff_id,
            DeviceStaff.signed_out_at.is_(None),
            Device.ended_at.is_(None),
            Subscription.ended_at.is_(None),
        )
    )
    channels: Channels = session.info.get(IN_SESSION) or Channels()
    return WaysToTell(
        phones=session.scalar(phones) or 0,
        email=session.get_one(Staff, viewer.staff_id).email,
        own_number=session.get_one(Staff, viewer.staff_id).phone,
        by_email=bool(channels.email_host),
        by_webhook=bool(channels.webhook_host),
    )


def passkeys_of(session: Session, viewer: Viewer) -> list[PasskeyRow]:
    """The viewer's own passkeys, oldest first."""
    query = select(Passkey).where(Passkey.staff_id == viewer.staff_id).order_by(Passkey.created_at, Passkey.id)
    return [PasskeyRow(one.id, one.name, one.created_at, one.last_used_at) for one in session.scalars(query)]


def linked_at(session: Session, viewer: Viewer, issuer: str) -> IdentityRow | None:
    """The viewer's identity at the municipality's own sign-in."""
    mine = (StaffIdentity.staff_id == viewer.staff_id, StaffIdentity.issuer == issuer)
    row = session.scalar(select(StaffIdentity).where(*mine))
    return IdentityRow(row.created_at, row.last_used_at) if row else None


def events_of(session: Session, viewer: Viewer) -> list[AccountEventRow]:
    """What has happened to the viewer's own account, newest first."""
    return _events(session, [viewer.staff_id])


def username(session: Session, staff_id: UUID) -> str:
    """The name a person signs in with."""
    return session.get_one(Staff, staff_id).username


def account(session: Session, staff_id: UUID) -> Account | None:
    """One person who works here; None for anybody else, and for what stands behind a partner's link."""
    return next(iter(_accounts(session, [staff_id])), None)


def accounts_in(session: Session, viewer: Viewer) -> tuple[dict[UUID, Account], dict[UUID, list[AccountEventRow]]]:
    """The people of the viewer's teams, and the last codes and passwords of each of them, newest first."""
    members = select(StaffTeam.staff_id).where(StaffTeam.team_id.in_(viewer.team_ids))
    found = {one.staff_id: one for one in _accounts(session, session.scalars(members).all())}
    events: dict[UUID, list[AccountEventRow]] = {}
    for event in _events(session, list(found)):
        if event.what in _FOR_LEADERS:
            events.setdefault(event.staff_id, []).append(event)
    return found, {staff_id: newest[:_SHOWN] for staff_id, newest in events.items()}


def _accounts(session: Session, staff_ids: Collection[UUID]) -> list[Account]:
    teams: dict[UUID, set[UUID]] = {}
    of_staff = select(StaffTeam.staff_id, StaffTeam.team_id).where(StaffTeam.staff_id.in_(staff_ids))
    for staff_id, team_id in session.execute(of_staff):
        teams.setdefault(staff_id, set()).add(team_id)
    query = select(Staff).where(Staff.id.in_(staff_ids), Staff.ended_at.is_(None), Staff.role != PARTNER)
    return [
        Account(one.id, one.name, one.username, one.role, frozenset(teams.get(one.id, ())), one.enrolment_ends_at)
        for one in session.scalars(query)
    ]


def _events(session: Session, staff_ids: Collection[UUID]) -> list[AccountEventRow]:
    query = (
        select(AccountEvent.staff_id, AccountEvent.what, AccountEvent.at, Staff.name)
        .outerjoin(Staff, Staff.id == AccountEvent.by_staff_id)
        .where(AccountEvent.staff_id.in_(staff_ids))
        .order_by(AccountEvent.at.desc(), AccountEvent.id.desc())
    )
    return [AccountEventRow(staff_id, what, at, by or "") for staff_id, what, at, by in session.execute(query)]


def _signed_in_device(row: LoginSession, device: Device | None, this_session: UUID) -> SignedInDevice:
    return SignedInDevice(
        session_id=row.id,
        device_name=device.name if device else "",
        platform=device.platform if device else "",
        browser=next((name for mark, name in _BROWSERS if mark in row.user_agent), ""),
        signed_in_at=row.created_at,
        last_sync_at=device.last_sync_at if device else None,
        unsent=device.unsent if device else 0,
        is_this_one=row.id == this_session,
    )


def _team_row(team: Team, leaders: int = 0) -> TeamRow:
    return TeamRow(
        team.id, team.name, team.kind, tuple(team.escalation), team.ended_at, leaders, duty_phone=team.duty_phone
    )
