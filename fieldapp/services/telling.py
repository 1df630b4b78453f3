"""Who is to be told what: a notification row for every channel a person has, and below it one delivery per target.

The targets are every live subscription (push), the person's address (e-mail) and the gateway (webhook). Rows only;
sending is for services/delivery.py. Invariants: a person is told at most once per step and round of an alert and
channel (a unique index), and a delivery exists only below a notification that was new.

When one person is to be told of many new alerts at once, one message goes in place of them all (the carrier). Each is
still an alert, a notification and a delivery of its own, whose outcome is the carrier's.
"""

import datetime as dt
import secrets
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fieldapp.domain.channels import BUNDLED_FROM, EMAIL, IN_SESSION, PUSH, WEBHOOK, Channels
from fieldapp.models import Delivery, Device, DeviceStaff, Notification, Staff, Subscription
from fieldapp.services.messages import BUNDLE
from fieldapp.services.writing import chunks, insert_counted, insert_new
from sync.ids import uuid7


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
    """Where a message to a person goes: a live subscription, an e-mail address, or (neither) the gateway."""

    channel: str
    host: str
    subscription_id: uuid.UUID | None = None
    address: str | None = None


Targets = dict[str, list[Target]]
"""A person's targets by channel. Push is always there, if only to show that no phone takes it."""

Row = dict[str, Any]

_DRAWN = 64


def tell(session: Session, tellings: Sequence[Telling], now: dt.datetime) -> set[uuid.UUID]:
    """Write what is new of these; gives the alerts for which at least one target will be tried."""
    targets = targets_of(session, {telling.staff_id for telling in tellings})
    rows = [_notification(telling, channel, now) for telling in tellings for channel in targets[telling.staff_id]]
    added = _insert_notifications(session, rows)
    bundles = _bundles(added, targets, now)
    insert_new(session, Notification, list(bundles.values()))
    keys = _random_keys()
    carriers = {
        (staff_id, target): _delivery(keys, row["id"], target, now)
        for (staff_id, channel), row in bundles.items()
        for target in targets[staff_id][channel]
    }
    deliveries, tried = list(carriers.values()), set()
    for row in added:
        for target in targets[row["staff_id"]][row["channel"]]:
            carrier = carriers.get((row["staff_id"], target)) if bundles and _may_be_bundled(row) else None
            deliveries.append(_delivery(keys, row["id"], target, now, carrier["id"] if carrier else None))
            tried.add(row["alert_id"])
    insert_new(session, Delivery, deliveries)
    return tried - {None}


def tell_one_device(session: Session, telling: Telling, target: Target, now: dt.datetime) -> str:
    """Write one message to one subscription only (the test push); gives the delivery's id."""
    notification = _notification(telling, PUSH, now)
    delivery = _delivery(_random_keys(), notification["id"], target, now)
    insert_new(session, Notification, [notification])
    insert_new(session, Delivery, [delivery])
    return str(delivery["id"])


def _insert_notifications(session: Session, rows: list[Row]) -> list[Row]:
    """Those of the rows that were new, which nearly always is all of them."""
    if not rows:
        return []
    if insert_counted(session, Notification, rows) == len(rows):
        return rows
    ids = [row["id"] for row in rows]
    there = {
        id for part in chunks(ids) for id in session.scalars(select(Notification.id).where(Notification.id.in_(part)))
    }
    return [row for row in rows if row["id"] in there]


def _bundles(added: list[Row], targets: dict[uuid.UUID, Targets], now: dt.datetime) -> dict[tuple[uuid.UUID, str], Row]:
    """The carriers' notifications, by person and channel: for those with many new alerts, where there is a target."""
    many = Counter((row["staff_id"], row["channel"]) for row in added if _may_be_bundled(row))
    return {
        (staff_id, channel): _notification(Telling(staff_id, BUNDLE), channel, now)
        for (staff_id, channel), count in many.items()
        if count >= BUNDLED_FROM and targets[staff_id][channel]
    }


def _may_be_bundled(row: Row) -> bool:
    return row["kind"] == "alert" and row["step"] == 0


def targets_of(session: Session, staff_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Targets]:
    """Where a message to each of these people goes, by channel; only push for who has ended."""
    found: dict[uuid.UUID, Targets] = {staff_id: {PUSH: []} for staff_id in staff_ids}
    channels: Channels = session.info.get(IN_SESSION) or Channels()
    for part in chunks(list(staff_ids)):
        for staff_id, subscription_id, endpoint in session.execute(_live(part)):
            found[staff_id][PUSH].append(Target(PUSH, host_of(endpoint), subscription_id))
        if channels == Channels():
            continue
        for staff_id, address in session.execute(_working(part)):
            found[staff_id] |= _beside_push(channels, address)
    return found


def _beside_push(channels: Channels, address: str | None) -> Targets:
    targets: Targets = {}
    if channels.email_host and address:
        targets[EMAIL] = [Target(EMAIL, channels.email_host, address=address)]
    if channels.webhook_host:
        targets[WEBHOOK] = [Target(WEBHOOK, channels.webhook_host)]
    return targets


def _working(staff_ids: Iterable[uuid.UUID]) -> Select[uuid.UUID, str | None]:
    return select(Staff.id, Staff.email).where(Staff.id.in_(list(staff_ids)), Staff.ended_at.is_(None))


def _live(staff_ids: Iterable[uuid.UUID]) -> Select[uuid.UUID, uuid.UUID, str]:
    """The live subscriptions of each person: of every device where they signed in and have not signed out."""
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


def _random_keys() -> Iterator[str]:
    """128 random bits each, in hexadecimal; asking the system for every single one is what took longest."""
    while True:
        drawn = secrets.token_hex(16 * _DRAWN)
        yield from (drawn[at : at + 32] for at in range(0, len(drawn), 32))


def _notification(telling: Telling, channel: str, now: dt.datetime) -> Row:
    return {
        "id": uuid7(),
        "alert_id": telling.alert_id,
        "step": telling.step,
        "round": telling.round,
        "staff_id": telling.staff_id,
        "channel": channel,
        "kind": telling.kind,
        "created_at": now,
    }


def _delivery(
    keys: Iterator[str], notification_id: object, target: Target, now: dt.datetime, carried_by: str | None = None
) -> Row:
    return {
        "id": next(keys),
        "notification_id": notification_id,
        "subscription_id": target.subscription_id,
        "address": target.address,
        "carried_by": carried_by,
        "host": target.host,
        "state": "pending",
        "attempts": 0,
        "next_attempt_at": now,
    }
