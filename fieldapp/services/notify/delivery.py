"""Claim → commit → send → record. Sending itself happens between `claim` and `record`, with no transaction open.

Invariants:
- Nothing is marked before it was sent: a crash between claim and record leaves the row pending, and its lease runs out.
- The lease is longer than any send can take, and only what can be sent at once is claimed: doubles only after a crash.
- A service, or a subscription, that keeps us waiting fills its own lane only; the others' are free.
- What a carrier goes in place of (notifications.py) is never sent itself: it is claimed, and settled, with it.

Which answer leads to what is in services/notify/outcomes.py.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import structlog
from sqlalchemy import Boolean, ColumnElement, Update, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from fieldapp.domain.alert_states import State
from fieldapp.domain.channels import EMAIL
from fieldapp.models import Alert, Delivery, DeviceStaff, Notification, Staff, Subscription
from fieldapp.models.base import NOW, Moment
from fieldapp.services.followers import exists_for
from fieldapp.services.notify.messages import BUNDLE, PATHS, Message, ToDevice, ToGateway, ToMailbox, TooLarge
from fieldapp.services.notify.outcomes import not_reached
from fieldapp.services.writing import chunks

LEASE = dt.timedelta(seconds=60)
"""Far more than the longest a send can take (channels/deadline.py), with nothing waiting in line."""

PER_HOST = 16
"""Sends to one push service, mail server or gateway at a time."""
PER_HOST_SLOW = 4
"""Of those that have kept us waiting, in a lane of their own."""

Lane = tuple[str, bool]
"""A service (`host:port`) and whether it is its slow lane."""

_LOOK_AHEAD = 500

_log = structlog.get_logger()

DOWN = "down"


def lane_of(message: Message) -> Lane:
    """Where the message stands in line."""
    return message.host, message.slow


def width(lane: Lane) -> int:
    """How many of a lane are sent at a time."""
    return PER_HOST_SLOW if lane[1] else PER_HOST


def claim(
    session: Session,
    claimer: str,
    now: dt.datetime,
    *,
    busy: Mapping[Lane, int],
    room: int,
    about_outage: bool = False,
) -> list[Message]:
    """Take what is due and can be sent at once, oldest first: at most `room`, and no lane beyond its width.

    `about_outage`: only «Varslingen er nede», which the web processes send; a worker never does.
    """
    load = Counter(dict(busy))
    taken: list[Message] = []
    while len(taken) < room:
        full = [lane for lane, sending in load.items() if sending >= width(lane)]
        found, put_away = _due(session, now, full, about_outage)
        chosen = _fitting(found, load, room - len(taken))
        if not chosen and not put_away:
            break
        taken += _compare_and_set(session, chosen, claimer, now)
    return taken


def _is_due(now: Moment) -> tuple[ColumnElement[bool], ...]:
    return (
        Delivery.state == "pending",
        Delivery.next_attempt_at <= now,
        Delivery.carried_by.is_(None),
        or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= now),
    )


def _due(session: Session, now: dt.datetime, full: Iterable[Lane], about_outage: bool) -> tuple[list[Message], int]:
    """The messages that are due and wanted, and how many that nobody wants any more were put away on the way there."""
    slow = _is_slow()
    query = (
        select(Delivery, Notification, Subscription, Alert, slow.label("slow"), _wanted().label("wanted"))
        .join(Notification, Notification.id == Delivery.notification_id)
        .outerjoin(Subscription, Subscription.id == Delivery.subscription_id)
        .outerjoin(Alert, Alert.id == Notification.alert_id)
        .where(
            *_is_due(now),
            (Notification.kind == DOWN) == about_outage,
            *(~and_(Delivery.host == host, slow == is_slow) for host, is_slow in full),
            or_(Notification.kind != "over", ~_alert_is_being_sent(now)),
        )
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(_LOOK_AHEAD)
    )
    due: list[Message] = []
    put_away = 0
    for delivery, notification, subscription, alert, is_slow, wanted in session.execute(query):
        unwanted = _unwanted(notification, subscription, alert, wanted)
        if unwanted:
            not_reached(session, delivery, unwanted, now)
            put_away += 1
        else:
            due.append(_message(delivery, notification, subscription, alert, bool(is_slow)))
    session.flush()
    return due, put_away


def _is_slow() -> ColumnElement[bool]:
    return case((or_(Delivery.attempts > 0, Subscription.slow_since_at.is_not(None)), True), else_=False)


def _wanted() -> ColumnElement[bool]:
    """Whether the person still works here, has not signed out on that device, the alert exists for them, and a carrier
    still has what to carry."""
    working = select(Staff.id).where(Staff.id == Notification.staff_id, Staff.ended_at.is_(None)).exists()
    there = (
        select(DeviceStaff.device_id)
        .where(
            DeviceStaff.device_id == Subscription.device_id,
            DeviceStaff.staff_id == Notification.staff_id,
            DeviceStaff.signed_out_at.is_(None),
        )
        .exists()
    )
    return and_(
        working,
        or_(Alert.id.is_(None), exists_for(Alert, Notification)),
        or_(Delivery.subscription_id.is_(None), there),
        or_(Notification.kind != BUNDLE, _carries_something()),
    )


def _carries_something() -> ColumnElement[bool]:
    carried, about, alert = aliased(Delivery), aliased(Notification), aliased(Alert)
    return (
        select(carried.id)
        .join(about, about.id == carried.notification_id)
        .join(alert, alert.id == about.alert_id)
        .where(carried.carried_by == Delivery.id, carried.state == "pending", alert.state != State.resolved.value)
        .where(exists_for(alert, about))
        .exists()
    )


def _alert_is_being_sent(now: dt.datetime) -> ColumnElement[bool]:
    """«Over» waits for the alert that is on its way to the same target, or it would be shown first."""
    other, about = aliased(Delivery), aliased(Notification)
    return (
        select(other.id)
        .join(about, about.id == other.notification_id)
        .where(
            about.alert_id == Notification.alert_id,
            about.kind != "over",
            about.staff_id == Notification.staff_id,
            about.channel == Notification.channel,
            other.subscription_id.is_not_distinct_from(Delivery.subscription_id),
            other.state == "pending",
            other.claimed_until > now,
        )
        .exists()
    )


def _unwanted(
    notification: Notification, subscription: Subscription | None, alert: Alert | None, wanted: bool
) -> str | None:
    """The state of a delivery that is not to be sent any more; None when it is."""
    if alert is not None and alert.state == State.resolved.value and notification.kind != "over":
        return "called_off"
    if subscription is not None and subscription.ended_at is not None:
        return "unreachable"
    return None if wanted else "called_off"


def _message(
    delivery: Delivery,
    notification: Notification,
    subscription: Subscription | None,
    alert: Alert | None,
    slow: bool,
) -> Message:
    return Message(
        delivery_id=delivery.id,
        claim="",
        kind=notification.kind,
        path=PATHS.get(notification.kind) or f"/felt/varsel/{notification.alert_id}",
        topic=alert.topic if alert is not None else notification.id.hex,
        host=delivery.host,
        to=_target(delivery, notification, subscription),
        shortened=delivery.last_status == TooLarge.status,
        slow=slow,
    )


def _target(
    delivery: Delivery, notification: Notification, subscription: Subscription | None
) -> ToDevice | ToMailbox | ToGateway:
    if subscription is not None:
        one = subscription
        return ToDevice(one.id, one.endpoint, one.p256dh, one.auth, one.key_id)
    if notification.channel == EMAIL:
        return ToMailbox(delivery.address or "")
    assert notification.staff_id is not None
    return ToGateway(notification.staff_id)


def _fitting(found: list[Message], load: Counter[Lane], room: int) -> list[Message]:
    chosen: list[Message] = []
    for message in found:
        lane = lane_of(message)
        if len(chosen) < room and load[lane] < width(lane):
            load[lane] += 1
            chosen.append(message)
    return chosen


def _compare_and_set(session: Session, chosen: list[Message], claimer: str, now: dt.datetime) -> list[Message]:
    """Ours are those whose row still was as we read it; another worker's are theirs."""
    claim_id = f"{claimer[:24]}.{uuid.uuid4().hex[:12]}"
    ours: set[str] = set()
    for part in chunks([message.delivery_id for message in chosen]):
        statement = _claiming(claim_id, now).where(Delivery.id.in_(part), *_is_due(now)).returning(Delivery.id)
        ours |= set(session.scalars(statement, execution_options=_UNSYNCHRONISED))
    carriers = [one.delivery_id for one in chosen if one.kind == BUNDLE and one.delivery_id in ours]
    if carriers:
        carried = Delivery.carried_by.in_(carriers), Delivery.state == "pending"
        session.execute(_claiming(claim_id, now).where(*carried), execution_options=_UNSYNCHRONISED)
    session.expire_all()
    return [replace(message, claim=claim_id) for message in chosen if message.delivery_id in ours]


def _claiming(claim_id: str, now: dt.datetime) -> Update:
    first = func.coalesce(Delivery.first_attempt_at, now, type_=Delivery.first_attempt_at.type)
    return update(Delivery).values(claimed_by=claim_id, claimed_until=now + LEASE, first_attempt_at=first)


_UNSYNCHRONISED = {"synchronize_session": False}


def any_due(session: Session, now: dt.datetime, *, about_outage: bool = False) -> bool:
    """Whether there is anything to claim, were every lane free."""
    return session.scalar(_ANY_DUE, {"now": now, "about_outage": about_outage}) is not None


_ANY_DUE = (
    select(Delivery.id)
    .join(Notification, Notification.id == Delivery.notification_id)
    .where(*_is_due(NOW), (Notification.kind == DOWN) == bindparam("about_outage", type_=Boolean))
    .limit(1)
)


def call_off_outage_news(session: Session) -> None:
    """The alerting is up again: what was not told of the outage is not told any more."""
    news = select(Notification.id).where(Notification.kind == DOWN)
    session.execute(
        update(Delivery)
        .where(Delivery.state == "pending", Delivery.notification_id.in_(news))
        .values(state="called_off"),
        execution_options=_UNSYNCHRONISED,
    )
