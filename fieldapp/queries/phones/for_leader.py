"""What a leader must know of the phones: who on duty cannot be told, what is unsent or missing, and what is not shown.

Facts about phones, never about how fast somebody answers.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.duty import ALWAYS_ON_DUTY_ROLES
from fieldapp.domain.escalation import ALERTED_ROLES
from fieldapp.models import Device, DeviceStaff, Duty, Staff, StaffTeam, Subscription, Team
from fieldapp.queries.phones.push_health import live_subscriptions, phone_silent_since, silent_since
from fieldapp.queries.visible import colleagues

RECEIPT_WITHIN = dt.timedelta(minutes=2)
LOST_SHOWN = dt.timedelta(days=30)
DUTY_AHEAD = dt.timedelta(hours=24)
"""How far ahead somebody's duty makes a phone that cannot be reached a risk to be named."""


@dataclass(frozen=True)
class PhoneRow:
    """One phone: what it told of itself, and what the server has seen of it."""

    device_id: UUID
    device_name: str
    staff_ids: frozenset[UUID]
    names: tuple[str, ...]
    """Those whose phone it is, signed in or not."""
    signed_in: frozenset[UUID]
    unsent: int
    missing: int
    lost: int
    """Entries that were on it and can't come any more; named for a month."""
    last_sync_at: dt.datetime | None
    permission: str | None
    installed: bool | None
    persistent: bool | None
    subscribed: bool
    last_receipt_at: dt.datetime | None
    unshown_since_at: dt.datetime | None
    """The last message was handed over then, two minutes ago or more, and has not been shown."""
    silent_since_at: dt.datetime | None
    """Not even a test push was shown within a day."""

    @property
    def may_show(self) -> bool:
        """Whether a push would be shown, by what the phone itself says; one that never said is believed."""
        return self.subscribed and self.permission in (None, "granted")

    @property
    def can_be_reached(self) -> bool:
        return self.may_show and self.silent_since_at is None

    @property
    def is_trouble(self) -> bool:
        return bool(self.unsent or self.missing or self.lost or self.unshown_since_at or self.silent_since_at)


@dataclass(frozen=True)
class Unreachable:
    """Somebody who may be told of an alert but has no phone that would show it. `why`: no_phone off silent."""

    staff_id: UUID
    name: str
    why: str
    duty_from_at: dt.datetime | None
    """The duty it concerns, running or within a day; None when off duty."""


def phones(session: Session, viewer: Viewer, now: dt.datetime) -> list[PhoneRow]:
    """Every phone of the viewer's colleagues, by their names."""
    people: dict[UUID, list[tuple[UUID, str, bool]]] = {}
    devices: dict[UUID, Device] = {}
    for device, staff_id, name, signed_out_at in session.execute(_phones(viewer)):
        devices[device.id] = device
        people.setdefault(device.id, []).append((staff_id, name, signed_out_at is None))
    live = live_subscriptions(session, list(devices))
    silent = silent_since(session, now, Subscription.device_id.in_(list(devices)))
    return [
        _row(device, people[device.id], live.get(device.id, []), silent, now)
        for device in devices.values()
    ]  # fmt: skip


def phones_in_trouble(session: Session, viewer: Viewer, now: dt.datetime) -> list[PhoneRow]:
    """Those with something unsent, missing or not shown; the worst first."""
    troubled = [one for one in phones(session, viewer, now) if one.is_trouble]
    return sorted(
        troubled,
        key=lambda one: (
            -(one.unsent + one.missing + one.lost),
            not one.silent_since_at,
            not one.unshown_since_at,
            one.names,
        ),
    )


def unreachable(session: Session, viewer: Viewer, now: dt.datetime) -> list[Unreachable]:
    """Colleagues who could not be told now: first those on duty, then those on duty within a day, then the others."""
    duties = _duties(session, viewer, now)
    query = select(Staff.id, Staff.name, Staff.role).where(Staff.id.in_(colleagues(viewer)), Staff.ended_at.is_(None))
    of_person: dict[UUID, list[PhoneRow]] = {}
    for phone in phones(session, viewer, now):
        for staff_id in phone.signed_in:
            of_person.setdefault(staff_id, []).append(phone)
    found = [
        Unreachable(staff_id, name, why, duties.get(staff_id))
        for staff_id, name, role in session.execute(query)
        if (role in ALERTED_ROLES or staff_id in duties) and (why := _why(of_person.get(staff_id, [])))
    ]
    last = now + 2 * DUTY_AHEAD
    return sorted(found, key=lambda one: (max(one.duty_from_at or last, now), one.name))


def _why(own: list[PhoneRow]) -> str | None:
    if any(phone.can_be_reached for phone in own):
        return None
    if any(phone.may_show for phone in own):
        return "silent"
    return "off" if own else "no_phone"


def _duties(session: Session, viewer: Viewer, now: dt.datetime) -> dict[UUID, dt.datetime]:
    """Who is on duty now or within a day, backup included, and since or from when.

    A team without a duty list has everybody on duty, always.
    """
    listed = (
        select(Duty.staff_id, Duty.from_at)
        .join(StaffTeam, (StaffTeam.team_id == Duty.team_id) & (StaffTeam.staff_id == Duty.staff_id))
        .where(Duty.team_id.in_(viewer.team_ids), Duty.to_at > now, Duty.from_at < now + DUTY_AHEAD)
        .order_by(Duty.from_at.desc())
    )
    always = (
        select(Staff.id)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .join(Team, Team.id == StaffTeam.team_id)
        .where(Team.id.in_(viewer.team_ids), Team.duty_ever_set.is_(False), Staff.role.in_(ALWAYS_ON_DUTY_ROLES))
    )
    earliest = {staff_id: from_at for staff_id, from_at in session.execute(listed)}  # noqa: C416 (rows are not pairs)
    return earliest | dict.fromkeys(session.scalars(always), now)


def _phones(viewer: Viewer) -> Select[Device, UUID, str, dt.datetime | None]:
    return (
        select(Device, Staff.id, Staff.name, DeviceStaff.signed_out_at)
        .join(DeviceStaff, DeviceStaff.device_id == Device.id)
        .join(Staff, Staff.id == DeviceStaff.staff_id)
        .where(Staff.id.in_(colleagues(viewer)), Staff.ended_at.is_(None), Device.ended_at.is_(None))
        .order_by(Staff.name, Device.id)
    )


def _row(
    device: Device,
    people: list[tuple[UUID, str, bool]],
    live: list[Subscription],
    silent: dict[UUID, dt.datetime],
    now: dt.datetime,
) -> PhoneRow:
    signed_in = frozenset(staff_id for staff_id, _, is_in in people if is_in)
    return PhoneRow(
        device_id=device.id,
        device_name=device.name,
        staff_ids=frozenset(staff_id for staff_id, _, _ in people),
        names=tuple(name for _, name, _ in people),
        signed_in=signed_in,
        unsent=0 if device.replaced_at else device.unsent,
        missing=0 if device.replaced_at else device.missing,
        lost=_lost(device, now),
        last_sync_at=device.last_sync_at,
        permission=device.permission,
        installed=device.installed,
        persistent=device.persistent,
        subscribed=bool(live and signed_in),
        last_receipt_at=max((row.last_receipt_at for row in live if row.last_receipt_at), default=None),
        unshown_since_at=_unshown_since(live, now),
        silent_since_at=phone_silent_since(live, silent) if live else None,
    )


def _lost(device: Device, now: dt.datetime) -> int:
    """What was unsent on a phone that was replaced, and what a phone says that it no longer holds."""
    told = device.lost_count if device.lost_at and now - device.lost_at <= LOST_SHOWN else 0
    replaced = device.replaced_at and now - device.replaced_at <= LOST_SHOWN
    return told + (max(device.unsent, device.missing) if replaced else 0)


def _unshown_since(live: Iterable[Subscription], now: dt.datetime) -> dt.datetime | None:
    """When the last message went to the newest subscription, if it should have been shown by now and was not."""
    found = None
    for row in live:
        sent_at, shown_at = row.last_handed_over_at, row.last_receipt_at
        waiting = sent_at is not None and (shown_at is None or shown_at < sent_at)
        found = sent_at if waiting and sent_at and now - sent_at > RECEIPT_WITHIN else None
    return found
