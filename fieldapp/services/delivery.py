"""Claim → commit → send → record. Sending itself happens between `claim` and `record`, with no transaction open.

Invariants:
- Nothing is marked before it was sent: a crash between claim and record leaves the row pending, and its lease runs out.
- The lease is longer than any send can take, and only what can be sent at once is claimed: doubles only after a crash.
- A push service, or a subscription, that keeps us waiting fills its own lane only; the others' are free.

Which answer leads to what is in services/recording.py.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping

import structlog
from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from fieldapp.domain.alert_states import State
from fieldapp.models import Alert, Delivery, DeviceStaff, Notification, Staff, Subscription
from fieldapp.services.messages import PATHS, Message, TooLarge
from fieldapp.services.recording import not_reached
from fieldapp.services.writing import chunks

LEASE = dt.timedelta(seconds=60)
"""More than twice the longest a send can take (connect and answer, 10 s each, with nothing waiting in line)."""

PER_HOST = 16
"""Sends to one push service at a time."""
PER_HOST_SLOW = 4
"""Of those that have kept us waiting, in a lane of their own."""

Lane = tuple[str, bool]
"""A push service and whether it is its slow lane."""

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
        found = _due(session, now, full, about_outage)
        chosen = _fitting(found, load, room - len(taken))
        if not chosen:
            break
        taken += _compare_and_set(session, chosen, claimer, now)
    return taken


def _due(session: Session, now: dt.datetime, full: Iterable[Lane], about_outage: bool) -> list[Message]:
    slow = _is_slow()
    query = (
        select(Delivery, Notification, Subscription, Alert, slow.label("slow"), _wanted().label("wanted"))
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(Subscription, Subscription.id == Delivery.subscription_id)
        .outerjoin(Alert, Alert.id == Notification.alert_id)
        .where(
            Delivery.state == "pending",
            Delivery.next_attempt_at <= now,
            or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= now),
            (Notification.kind == DOWN) == about_outage,
            *(~and_(Delivery.host == host, slow == is_slow) for host, is_slow in full),
            or_(Notification.kind != "over", ~_alert_is_being_sent(now)),
        )
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(_LOOK_AHEAD)
    )
    due: list[Message] = []
    for delivery, notification, subscription, alert, is_slow, wanted in session.execute(query):
        unwanted = _unwanted(notification, subscription, alert, wanted)
        if unwanted:
            delivery.claimed_until = delivery.claimed_by = None
            not_reached(session, delivery, unwanted, now)
        else:
            due.append(_message(delivery, notification, subscription, alert, bool(is_slow)))
    session.flush()
    return due


def _is_slow() -> ColumnElement[bool]:
    return case((or_(Delivery.attempts > 0, Subscription.slow_since_at.is_not(None)), True), else_=False)


def _wanted() -> ColumnElement[bool]:
    """Whether the person still works here and has not signed out on that device."""
    return (
        select(DeviceStaff.device_id)
        .join(Staff, Staff.id == DeviceStaff.staff_id)
        .where(
            DeviceStaff.device_id == Subscription.device_id,
            DeviceStaff.staff_id == Notification.staff_id,
            DeviceStaff.signed_out_at.is_(None),
            Staff.ended_at.is_(None),
        )
        .exists()
    )


def _alert_is_being_sent(now: dt.datetime) -> ColumnElement[bool]:
    """«Over» waits for the alert that is on its way to the same phone, or it would be shown first."""
    other, about = aliased(Delivery), aliased(Notification)
    return (
        select(other.id)
        .join(about, about.id == other.notification_id)
        .where(
            about.alert_id == Notification.alert_id,
            about.kind != "over",
            other.subscription_id == Delivery.subscription_id,
            other.state == "pending",
            other.claimed_until > now,
        )
        .exists()
    )


def _unwanted(notification: Notification, subscription: Subscription, alert: Alert | None, wanted: bool) -> str | None:
    """The state of a delivery that is not to be sent any more; None when it is."""
    if alert is not None and alert.state == State.resolved.value and notification.kind != "over":
        return "called_off"
    if subscription.ended_at is not None:
        return "unreachable"
    return None if wanted else "called_off"


def _message(
    delivery: Delivery, notification: Notification, subscription: Subscription, alert: Alert | None, slow: bool
) -> Message:
    return Message(
        delivery_id=delivery.id,
        claim="",
        subscription_id=subscription.id,
        kind=notification.kind,
        path=PATHS.get(notification.kind) or f"/felt/varsel/{notification.alert_id}",
        topic=alert.topic if alert is not None else notification.id.hex,
        endpoint=subscription.endpoint,
        host=delivery.host,
        p256dh=subscription.p256dh,
        auth=subscription.auth,
        key_id=subscription.key_id,
        shortened=delivery.last_status == TooLarge.status,
        slow=slow,
    )


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
        statement = (
            update(Delivery)
            .where(
                Delivery.id.in_(part),
                Delivery.state == "pending",
                Delivery.next_attempt_at <= now,
                or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= now),
            )
            .values(
                claimed_by=claim_id,
                claimed_until=now + LEASE,
                first_attempt_at=func.coalesce(Delivery.first_attempt_at, now, type_=Delivery.first_attempt_at.type),
            )
            .returning(Delivery.id)
        )
        ours |= set(session.scalars(statement, execution_options={"synchronize_session": False}))
    session.expire_all()
    return [_under(message, claim_id) for message in chosen if message.delivery_id in ours]


def _under(message: Message, claim_id: str) -> Message:
    return Message(**{**message.__dict__, "claim": claim_id})


def any_due(session: Session, now: dt.datetime, *, about_outage: bool = False) -> bool:
    """Whether there is anything to claim, were every lane free."""
    query = (
        select(Delivery.id)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(
            Delivery.state == "pending",
            Delivery.next_attempt_at <= now,
            or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= now),
            (Notification.kind == DOWN) == about_outage,
        )
    )
    return session.scalar(query.limit(1)) is not None


def call_off_outage_news(session: Session) -> None:
    """The alerting is up again: what was not told of the outage is not told any more."""
    news = select(Notification.id).where(Notification.kind == DOWN)
    session.execute(
        update(Delivery)
        .where(Delivery.state == "pending", Delivery.notification_id.in_(news))
        .values(state="called_off"),
        execution_options={"synchronize_session": False},
    )
