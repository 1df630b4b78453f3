"""Which phones may hold a contact that has not come in, for the line on an open alert. It never replaces the check.

Named are only phones known to hold unsent entries (the phone's last word, or a gap in its numbers), and phones of
people who were on duty after the person was last seen and have not synced since that duty. A phone that was replaced
holds nothing: what was unsent there is lost, and its leader is told so (queries/phones/for_leader.py).
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from fieldapp.models import Alert, Device, DeviceStaff, Duty, Staff, StaffTeam, Team, Watch
from fieldapp.models.base import UtcDateTime

IN_THE_POCKET = dt.timedelta(hours=1)
"""On a running duty a phone that was quiet for this long counts as not synced."""


@dataclass(frozen=True)
class UnsentPhone:
    """One phone, named by a person who uses it. Without its id: these rows go to colleagues' phones."""

    staff_id: uuid.UUID
    name: str
    device_name: str
    unsent: int
    missing: int
    """Numbers that have not arrived."""
    last_sync_at: dt.datetime | None


@dataclass(frozen=True)
class _Phone:
    device: Device
    staff_id: uuid.UUID
    name: str


def unsent_phones(session: Session, alerts: Collection[Alert], now: dt.datetime) -> dict[uuid.UUID, list[UnsentPhone]]:
    """For each alert the phones of its team that may know more, those known to hold something first."""
    wanted = [alert for alert in alerts if alert.kind == "not_seen" and alert.client_id]
    team_ids = {alert.team_id for alert in wanted}
    phones, duties, listed = _phones(session, team_ids), _duties(session, team_ids), _with_duty_list(session, team_ids)
    seen = _last_seen(session, [alert.client_id for alert in wanted if alert.client_id])
    found = {}
    for alert in wanted:
        last_seen_at = seen.get(alert.client_id) or alert.unseen_since_at
        on_duty = duties.get(alert.team_id, {}) if alert.team_id in listed else None
        named = [
            _row(phone)
            for phone in phones.get(alert.team_id, ())
            if _holds(phone.device) or _not_synced(phone, on_duty, last_seen_at, now)
        ]
        found[alert.id] = sorted(named, key=lambda one: (-(one.unsent + one.missing), one.name))
    return found


EARLIER, LATER, _QUIET_FROM, _QUIET_TO = (
    bindparam(name, type_=UtcDateTime()) for name in ("earlier", "later", "quiet_from", "quiet_to")
)
_SYNCED_AT = func.coalesce(Device.last_sync_at, Device.created_at)
PERHAPS_NAMED_OTHERWISE = or_(
    Alert.team_id.in_(select(Duty.team_id).where(Duty.from_at > EARLIER, Duty.from_at <= LATER)),
    Alert.team_id.in_(
        select(StaffTeam.team_id)
        .join(DeviceStaff, DeviceStaff.staff_id == StaffTeam.staff_id)
        .join(Device, Device.id == DeviceStaff.device_id)
        .where(_SYNCED_AT >= _QUIET_FROM, _SYNCED_AT < _QUIET_TO)
    ),
)
"""The alerts that time alone may have given other phones, with `between` as parameters: somebody in the team has come
on duty, or a phone there has been quiet for long enough."""


def between(earlier: dt.datetime, later: dt.datetime) -> dict[str, dt.datetime]:
    """The parameters of `PERHAPS_NAMED_OTHERWISE`."""
    quiet = {"quiet_from": earlier - IN_THE_POCKET, "quiet_to": later - IN_THE_POCKET}
    return {"earlier": earlier, "later": later} | quiet


def _holds(device: Device) -> bool:
    return device.unsent > 0 or device.missing > 0


def _not_synced(
    phone: _Phone,
    duties: dict[uuid.UUID, list[Duty]] | None,
    last_seen_at: dt.datetime | None,
    now: dt.datetime,
) -> bool:
    """`duties` None: a team without a duty list, where everybody was on duty all the time."""
    synced_at = phone.device.last_sync_at or phone.device.created_at
    if last_seen_at is None:
        return False
    if duties is None:
        return synced_at < last_seen_at
    return any(
        duty.to_at > last_seen_at and duty.from_at <= now and synced_at < min(duty.to_at, now - IN_THE_POCKET)
        for duty in duties.get(phone.staff_id, ())
    )


def _phones(session: Session, team_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[_Phone]]:
    """The phones of each team's people, signed out or not: what is unsent survives a sign-out. One name a phone."""
    query = (
        select(StaffTeam.team_id, Device, Staff.id, Staff.name)
        .join(Staff, Staff.id == StaffTeam.staff_id)
        .join(DeviceStaff, DeviceStaff.staff_id == Staff.id)
        .join(Device, Device.id == DeviceStaff.device_id)
        .where(
            StaffTeam.team_id.in_(team_ids),
            or_(Device.ended_at.is_(None), Device.unsent > 0),
            Device.replaced_at.is_(None),
        )
        .order_by(DeviceStaff.signed_in_at.desc(), Staff.id)
    )
    found: dict[uuid.UUID, dict[uuid.UUID, _Phone]] = {}
    for team_id, device, staff_id, name in session.execute(query):
        found.setdefault(team_id, {}).setdefault(device.id, _Phone(device, staff_id, name))
    return {team_id: list(by_device.values()) for team_id, by_device in found.items()}


def _duties(session: Session, team_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, list[Duty]]]:
    found: dict[uuid.UUID, dict[uuid.UUID, list[Duty]]] = {}
    for duty in session.scalars(select(Duty).where(Duty.team_id.in_(team_ids), Duty.duty == "duty")):
        found.setdefault(duty.team_id, {}).setdefault(duty.staff_id, []).append(duty)
    return found


def _with_duty_list(session: Session, team_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    return set(session.scalars(select(Team.id).where(Team.id.in_(team_ids), Team.duty_ever_set.is_(True))))


def _last_seen(session: Session, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID | None, dt.datetime | None]:
    query = select(Watch.client_id, Watch.last_seen_at).where(Watch.client_id.in_(client_ids))
    return {client_id: at for client_id, at in session.execute(query)}  # noqa: C416 - rows are not pairs to mypy


def _row(phone: _Phone) -> UnsentPhone:
    device = phone.device
    return UnsentPhone(
        staff_id=phone.staff_id,
        name=phone.name,
        device_name=device.name,
        unsent=device.unsent,
        missing=device.missing,
        last_sync_at=device.last_sync_at,
    )
