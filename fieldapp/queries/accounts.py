"""Reads about accounts: teams, people, and the devices a person is signed in on."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import PARTNER, Viewer
from fieldapp.domain.channels import IN_SESSION, Channels
from fieldapp.models import Device, DeviceStaff, LoginSession, Staff, StaffTeam, Subscription, Team

_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
"""What each is known by; the first that fits, since all of them also claim to be the ones after."""


@dataclass(frozen=True)
class TeamRow:
    id: UUID
    name: str
    kind: str
    escalation: tuple[float, ...]
    duty_phone: str | None = None


@dataclass(frozen=True)
class StaffRow:
    id: UUID
    username: str
    name: str
    role: str
    teams: tuple[str, ...]
    ended_at: dt.datetime | None


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
class WaysToTell:
    """How alerts reach a person: phones that take pushes, an address, and whether the gateway is called."""

    phones: int
    email: str | None
    own_number: str | None
    by_email: bool
    by_webhook: bool


def teams(session: Session) -> list[TeamRow]:
    """All teams, by name."""
    return [_team_row(team) for team in session.scalars(select(Team).order_by(Team.name, Team.id))]


def teams_of(session: Session, viewer: Viewer) -> list[TeamRow]:
    """The teams the viewer works in, by name."""
    wanted = select(Team).where(Team.id.in_(viewer.team_ids)).order_by(Team.name, Team.id)
    return [_team_row(team) for team in session.scalars(wanted)]


def people(session: Session) -> list[StaffRow]:
    """Everybody who has or had an account, by username. A partner's link is no person, and on no list of people."""
    names: dict[UUID, list[str]] = {}
    for staff_id, name in session.execute(
        select(StaffTeam.staff_id, Team.name).join(Team, Team.id == StaffTeam.team_id).order_by(Team.name)
    ):
        names.setdefault(staff_id, []).append(name)
    return [
        StaffRow(who.id, who.username, who.name, who.role, tuple(names.get(who.id, ())), who.ended_at)
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


def _team_row(team: Team) -> TeamRow:
    return TeamRow(team.id, team.name, team.kind, tuple(team.escalation), team.duty_phone)
