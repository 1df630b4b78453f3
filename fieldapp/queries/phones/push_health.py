"""Do pushes reach the phones: the subscriptions that are silent, and what the server knows of one phone.

«Handed over» is not shown. A subscription is silent when a test push was not shown within a day, and nothing since.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.push_health import SHOWN_WITHIN
from fieldapp.models import Delivery, Device, DeviceStaff, Notification, Staff, Subscription


@dataclass(frozen=True)
class PushSeen:
    """What the server knows of one person's pushes on one phone; what a phone shows as proof."""

    subscribed: bool
    last_handed_over_at: dt.datetime | None = None
    last_receipt_at: dt.datetime | None = None
    silent_since_at: dt.datetime | None = None


def live_devices() -> Select[uuid.UUID]:
    """The devices where somebody who has not left is signed in, as a sub-query."""
    return (
        select(DeviceStaff.device_id)
        .join(Device, Device.id == DeviceStaff.device_id)
        .join(Staff, Staff.id == DeviceStaff.staff_id)
        .where(DeviceStaff.signed_out_at.is_(None), Device.ended_at.is_(None), Staff.ended_at.is_(None))
    )


def live_subscriptions(session: Session, device_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Subscription]]:
    """The subscriptions of these devices that have not ended, by device."""
    query = select(Subscription).where(Subscription.device_id.in_(device_ids), Subscription.ended_at.is_(None))
    found: dict[uuid.UUID, list[Subscription]] = {}
    for row in session.scalars(query.order_by(Subscription.created_at)):
        found.setdefault(row.device_id, []).append(row)
    return found


def silent_since(session: Session, now: dt.datetime, *only: ColumnElement[bool]) -> dict[uuid.UUID, dt.datetime]:
    """The silent ones among the subscriptions in use: id -> when the first test was sent that nobody was shown."""
    first_test_at = func.min(Notification.created_at)
    untested = and_(
        Subscription.last_receipt_at < Subscription.checked_at, Notification.created_at > Subscription.last_receipt_at
    )
    query = (
        select(Subscription.id, first_test_at)
        .join(Delivery, Delivery.subscription_id == Subscription.id)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(
            Subscription.ended_at.is_(None),
            Subscription.checked_at.is_not(None),
            Subscription.device_id.in_(live_devices()),
            Notification.kind == "test",
            or_(Subscription.last_receipt_at.is_(None), untested),
            *only,
        )
        .group_by(Subscription.id)
        .having(first_test_at <= now - SHOWN_WITHIN)
    )
    return {subscription_id: at for subscription_id, at in session.execute(query)}  # noqa: C416 (rows are not pairs)


def phone_silent_since(rows: Collection[Subscription], silent: dict[uuid.UUID, dt.datetime]) -> dt.datetime | None:
    """Since when a phone shows nothing: one subscription that still shows something is enough for it to be heard."""
    times = [silent.get(row.id) for row in rows]
    return min((at for at in times if at), default=None) if all(times) else None


def silent_phones(session: Session, now: dt.datetime) -> int:
    """How many phones in use show nothing of what they are sent."""
    silent = silent_since(session, now)
    device_ids = set(session.scalars(select(Subscription.device_id).where(Subscription.id.in_(silent))))
    live = live_subscriptions(session, device_ids)
    return sum(1 for rows in live.values() if phone_silent_since(rows, silent))


def push_seen(session: Session, device_id: uuid.UUID, staff_id: uuid.UUID, now: dt.datetime) -> PushSeen:
    """How this person's pushes do on this phone."""
    presence = session.get(DeviceStaff, (device_id, staff_id))
    rows = live_subscriptions(session, [device_id]).get(device_id, [])
    if presence is None or presence.signed_out_at is not None or not rows:
        return PushSeen(subscribed=False)
    silent = silent_since(session, now, Subscription.device_id == device_id)
    return PushSeen(
        True,
        max((row.last_handed_over_at for row in rows if row.last_handed_over_at), default=None),
        max((row.last_receipt_at for row in rows if row.last_receipt_at), default=None),
        phone_silent_since(rows, silent),
    )
