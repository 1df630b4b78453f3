"""Who is to be told what: notification rows, and below them one delivery for every live subscription of the person.

Rows only; sending is for services/delivery.py. Invariant: a person is told at most once per step and round of an alert
and channel (a unique index), and a delivery exists only below a notification that was new.
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fieldapp.models import Delivery, Device, DeviceStaff, Notification, Staff, Subscription
from fieldapp.services.writing import chunks, insert_new
from sync.ids import uuid7

PUSH = "push"


@dataclass(frozen=True)
class Telling:
    """One person to be told one thing. `alert_id` None: about no alert (test, down)."""

    staff_id: uuid.UUID
    kind: str
    alert_id: uuid.UUID | None = None
    step: int = 0
    round: int = 0


@dataclass(frozen=True)
class Target:
    """A live subscription of a person."""

    subscription_id: uuid.UUID
    host: str


def tell(session: Session, tellings: Sequence[Telling], now: dt.datetime) -> set[uuid.UUID]:
    """Write what is new of these; gives the alerts for which at least one device will be tried."""
    rows = [_notification(telling, now) for telling in tellings]
    new = {row.id for row in insert_new(session, Notification, rows, [Notification.__table__.c.id])}
    added = [row for row in rows if row["id"] in new]
    targets = live_targets(session, {row["staff_id"] for row in added})
    deliveries = [_delivery(row["id"], target, now) for row in added for target in targets.get(row["staff_id"], ())]
    insert_new(session, Delivery, deliveries)
    return {row["alert_id"] for row in added if row["alert_id"] and targets.get(row["staff_id"])}


def tell_one_device(session: Session, telling: Telling, target: Target, now: dt.datetime) -> str:
    """Write one message to one subscription only (the test push); gives the delivery's id."""
    notification = _notification(telling, now)
    delivery = _delivery(notification["id"], target, now)
    insert_new(session, Notification, [notification])
    insert_new(session, Delivery, [delivery])
    return str(delivery["id"])


def live_targets(session: Session, staff_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Target]]:
    """The live subscriptions of each person: of every device where they signed in and have not signed out."""
    found: dict[uuid.UUID, list[Target]] = {}
    for part in chunks(list(staff_ids)):
        for staff_id, subscription_id, endpoint in session.execute(_live(part)):
            found.setdefault(staff_id, []).append(Target(subscription_id, host_of(endpoint)))
    return found


def _live(staff_ids: Iterable[uuid.UUID]) -> Select[uuid.UUID, uuid.UUID, str]:
    return (
        select(DeviceStaff.staff_id, Subscription.id, Subscription.endpoint)
        .join(Device, Device.id == DeviceStaff.device_id)
        .join(Subscription, Subscription.device_id == Device.id)
        .join(Staff, Staff.id == DeviceStaff.staff_id)
        .where(
            DeviceStaff.staff_id.in_(list(staff_ids)),
            DeviceStaff.signed_out_at.is_(None),
            Device.ended_at.is_(None),
            Subscription.ended_at.is_(None),
            Staff.ended_at.is_(None),
        )
        .order_by(Subscription.id)
    )


def host_of(endpoint: str) -> str:
    """The push service behind an endpoint, `host:port`."""
    return urlsplit(endpoint).netloc


def _notification(telling: Telling, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "alert_id": telling.alert_id,
        "step": telling.step,
        "round": telling.round,
        "staff_id": telling.staff_id,
        "channel": PUSH,
        "kind": telling.kind,
        "created_at": now,
    }


def _delivery(notification_id: object, target: Target, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(16),
        "notification_id": notification_id,
        "subscription_id": target.subscription_id,
        "host": target.host,
        "state": "pending",
        "attempts": 0,
        "next_attempt_at": now,
    }
