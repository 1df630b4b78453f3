"""What a leader must know of the phones: unsent entries, gaps, pushes nobody is shown, and who gets none."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.escalation import ALERTED_ROLES
from fieldapp.models import Device, DeviceStaff, Staff, Subscription
from fieldapp.queries.visible import colleagues

RECEIPT_WITHIN = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class PhoneTrouble:
    """One phone with what is wrong with it; `silent_since_at`: sent there since then, but never shown."""

    device_id: UUID
    device_name: str
    names: tuple[str, ...]
    unsent: int
    missing: int
    silent_since_at: dt.datetime | None
    last_sync_at: dt.datetime | None


def phones_in_trouble(session: Session, viewer: Viewer, now: dt.datetime) -> list[PhoneTrouble]:
    """Phones of the viewer's colleagues with something unsent, missing or not shown; the worst first."""
    people: dict[UUID, list[str]] = {}
    devices: dict[UUID, Device] = {}
    for device, name in session.execute(_phones(viewer)):
        devices[device.id] = device
        people.setdefault(device.id, []).append(name)
    silent = dict(_silent(session, list(devices), now))
    found = [
        PhoneTrouble(
            device_id=device.id,
            device_name=device.name,
            names=tuple(people[device.id]),
            unsent=device.unsent,
            missing=max(0, device.highest_seq - device.arrived_count),
            silent_since_at=silent.get(device.id),
            last_sync_at=device.last_sync_at,
        )
        for device in devices.values()
    ]
    troubled = [one for one in found if one.unsent or one.missing or one.silent_since_at]
    return sorted(troubled, key=lambda one: (-(one.unsent + one.missing), one.silent_since_at is None, one.names))


def people_without_push(session: Session, viewer: Viewer) -> list[str]:
    """Colleagues who may be told of an alert, but have no phone where a push would arrive; by name."""
    reached = (
        select(DeviceStaff.staff_id)
        .join(Device, Device.id == DeviceStaff.device_id)
        .join(Subscription, Subscription.device_id == Device.id)
        .where(DeviceStaff.signed_out_at.is_(None), Device.ended_at.is_(None), Subscription.ended_at.is_(None))
    )
    query = select(Staff.name).where(
        Staff.id.in_(colleagues(viewer)),
        Staff.id.not_in(reached),
        Staff.role.in_(ALERTED_ROLES),
        Staff.ended_at.is_(None),
    )
    return list(session.scalars(query.order_by(Staff.name)))


def _phones(viewer: Viewer) -> Select[Device, str]:
    return (
        select(Device, Staff.name)
        .join(DeviceStaff, DeviceStaff.device_id == Device.id)
        .join(Staff, Staff.id == DeviceStaff.staff_id)
        .where(Staff.id.in_(colleagues(viewer)), Staff.ended_at.is_(None), Device.ended_at.is_(None))
        .order_by(Staff.name)
    )


def _silent(session: Session, device_ids: list[UUID], now: dt.datetime) -> Iterator[tuple[UUID, dt.datetime | None]]:
    """Each device with a live subscription, and since when what was sent to it has not been shown."""
    query = select(Subscription).where(Subscription.device_id.in_(device_ids), Subscription.ended_at.is_(None))
    for row in session.scalars(query.order_by(Subscription.created_at)):
        sent_at, shown_at = row.last_handed_over_at, row.last_receipt_at
        waiting = sent_at is not None and (shown_at is None or shown_at < sent_at)
        yield row.device_id, sent_at if waiting and sent_at and now - sent_at > RECEIPT_WITHIN else None
