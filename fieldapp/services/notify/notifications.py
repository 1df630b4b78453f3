"""Who is to be told what: a notification row for every channel a person has, and below it one delivery per target.

The targets are every live subscription (push), the person's address (e-mail) and the gateway (webhook). Rows only;
sending is for services/notify/delivery.py. Invariants: a person is told at most once per step and round of an alert and
channel (a unique index), and a delivery exists only below a notification that was new.

When one person is to be told of many new alerts at once, one message goes in place of them all (the carrier). Each is
still an alert, a notification and a delivery of its own, whose outcome is the carrier's.
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import CTE, ColumnElement, Select, Text, Uuid, and_, case, column, func, literal, null, select, values
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import State
from fieldapp.domain.channels import BUNDLED_FROM, EMAIL, IN_SESSION, PUSH, WEBHOOK, Channels
from fieldapp.models import Alert, Client, Delivery, Device, DeviceStaff, Notification, Staff, Subscription
from fieldapp.models.alert import FIRST_ROUND, FIRST_STEP
from fieldapp.services.notify.messages import BUNDLE
from fieldapp.services.writing import Batch, RandomKey, chunks, insert_from, insert_new, select_as


@dataclass(frozen=True)
class ToNotify:
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

Listeners = Mapping[tuple[uuid.UUID, uuid.UUID | None], Sequence[uuid.UUID]]
"""Who is told of an alert, by its team and its client's primary contact."""

Row = dict[str, Any]

_MAY_BE_BUNDLED = and_(Notification.kind == "alert", Notification.step == FIRST_STEP, Notification.round == FIRST_ROUND)


def notify(session: Session, wanted: Sequence[ToNotify], now: dt.datetime, *, ringing: bool = True) -> Batch:
    """Write what is new of these; gives the batch of their notifications (see `tried_alerts`). What is not `ringing`
    never goes to the gateway, which sends SMS and makes calls."""
    targets = targets_of(session, {one.staff_id for one in wanted})
    if not ringing:
        targets = {staff_id: _without_gateway(channels) for staff_id, channels in targets.items()}
    told = Batch()
    rows = [_notification(told.draw(), one, channel, now) for one in wanted for channel in targets[one.staff_id]]
    insert_new(session, Notification, rows)
    _insert_deliveries(session, told, targets, now, bundled=len(wanted) >= BUNDLED_FROM)
    return told


def tried_alerts(session: Session, told: Batch) -> set[uuid.UUID]:
    """The alerts of these notifications for which at least one target will be tried."""
    tried = select(Notification.alert_id).join(Delivery, Delivery.notification_id == Notification.id).distinct()
    return {alert_id for alert_id in session.scalars(tried.where(told.holds(Notification.id))) if alert_id is not None}


def notify_of_batch(
    session: Session, opened: Batch, listeners: Listeners, kind: str, now: dt.datetime, which: ColumnElement[bool]
) -> None:
    """Write step 0 of those alerts of a batch (`which`) that have listeners."""
    targets = targets_of(session, {staff_id for some in listeners.values() for staff_id in some})
    rows = [
        (team_id, primary_id, staff_id, channel)
        for (team_id, primary_id), some in listeners.items()
        for staff_id in some
        for channel in targets[staff_id]
    ]
    told = Batch()
    for part in chunks(rows):
        insert_from(session, Notification, _notifications(told, opened, part, kind, now).where(which))
    _insert_deliveries(session, told, targets, now, bundled=True)


def notify_one_device(session: Session, one: ToNotify, target: Target, now: dt.datetime) -> str:
    """Write one message to one subscription only (the test push); gives the delivery's id."""
    notification = _notification(Batch().draw(), one, PUSH, now)
    delivery = _delivery(_new_key(), notification["id"], target, now)
    insert_new(session, Notification, [notification])
    insert_new(session, Delivery, [delivery])
    return str(delivery["id"])


def _notifications(told: Batch, opened: Batch, rows: Sequence[Any], kind: str, now: dt.datetime) -> Select[Any]:
    """What each of these people (team, primary contact, person, channel) is told of the alerts of a batch."""
    who = _listed({"team_id": Uuid, "primary_id": Uuid, "staff_id": Uuid, "channel": Text}, rows)
    one = ToNotify(who.c.staff_id, kind, Alert.id, FIRST_STEP, FIRST_ROUND)  # type: ignore[arg-type]
    concerns = and_(who.c.team_id == Alert.team_id, who.c.primary_id.is_not_distinct_from(Client.primary_staff_id))
    return (
        select_as(Notification, _notification(told.fresh(), one, who.c.channel, now))
        .select_from(Alert)
        .join(Client, Client.id == Alert.client_id)
        .join(who, concerns)
        .where(opened.holds(Alert.id), Alert.state == State.open.value)
    )


def _insert_deliveries(
    session: Session, told: Batch, targets: Mapping[uuid.UUID, Targets], now: dt.datetime, *, bundled: bool
) -> None:
    """A delivery for every target of every notification of this batch; `bundled`: some may be so many as to be one."""
    carriers = _insert_carriers(session, told, targets, now) if bundled else {}
    rows = [
        (staff_id, carriers.get((staff_id, target)), *astuple(target))
        for staff_id, channels in targets.items()
        for some in channels.values()
        for target in some
    ]
    for part in chunks(rows):
        insert_from(session, Delivery, _deliveries(told, part, now))


def _deliveries(told: Batch, rows: Sequence[Any], now: dt.datetime) -> Select[Any]:
    """One for each of these targets (person, carrier, and a Target's fields) below what the person is told."""
    types = {"channel": Text, "host": Text, "subscription_id": Uuid, "address": Text}
    where = _listed({"staff_id": Uuid, "carrier": Text} | types, rows)
    target = Target(*(where.c[name] for name in types))  # type: ignore[arg-type]
    carrier = case((_MAY_BE_BUNDLED, where.c.carrier), else_=null())
    theirs = and_(where.c.staff_id == Notification.staff_id, where.c.channel == Notification.channel)
    return (
        select_as(Delivery, _delivery(RandomKey(), Notification.id, target, now, carrier))
        .select_from(Notification)
        .join(where, theirs)
        .where(told.holds(Notification.id))
    )


def _insert_carriers(
    session: Session, told: Batch, targets: Mapping[uuid.UUID, Targets], now: dt.datetime
) -> dict[tuple[uuid.UUID, Target], str]:
    """One message in place of many new alerts, for whoever gets that many; the carriers' ids by person and target."""
    many = (
        select(Notification.staff_id, Notification.channel)
        .where(told.holds(Notification.id), _MAY_BE_BUNDLED)
        .group_by(Notification.staff_id, Notification.channel)
        .having(func.count() >= BUNDLED_FROM)
    )
    own = Batch()
    notifications, deliveries, carriers = [], [], {}
    for staff_id, channel in session.execute(many).all():
        if staff_id is None or not targets[staff_id][channel]:
            continue
        bundle = _notification(own.draw(), ToNotify(staff_id, BUNDLE), channel, now)
        notifications.append(bundle)
        for target in targets[staff_id][channel]:
            carriers[staff_id, target] = _new_key()
            deliveries.append(_delivery(carriers[staff_id, target], bundle["id"], target, now))
    insert_new(session, Notification, notifications)
    insert_new(session, Delivery, deliveries)
    return carriers


def _listed(types: Mapping[str, type[Any]], rows: Sequence[Any]) -> CTE:
    """A table of these rows, for one statement. Every cell says its type: PostgreSQL takes a bare NULL for a text."""
    cells = [tuple(literal(cell, type_) for cell, type_ in zip(row, types.values(), strict=True)) for row in rows]
    return values(*(column(name, type_) for name, type_ in types.items())).data(cells).cte()


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


def _without_gateway(channels: Targets) -> Targets:
    return {channel: some for channel, some in channels.items() if channel != WEBHOOK}


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


def _new_key() -> str:
    """128 random bits in hexadecimal."""
    return secrets.token_hex(16)


# The two rows, of values or of SQL alike: written one by one, or selected for all of a batch at once.


def _notification(id: Any, one: ToNotify, channel: Any, now: dt.datetime) -> Row:
    return {
        "id": id,
        "alert_id": one.alert_id,
        "step": one.step,
        "round": one.round,
        "staff_id": one.staff_id,
        "channel": channel,
        "kind": one.kind,
        "created_at": now,
    }


def _delivery(id: Any, notification_id: Any, target: Target, now: dt.datetime, carried_by: Any = None) -> Row:
    return {
        "id": id,
        "notification_id": notification_id,
        "subscription_id": target.subscription_id,
        "address": target.address,
        "carried_by": carried_by,
        "host": target.host,
        "state": "pending",
        "attempts": 0,
        "next_attempt_at": now,
    }
