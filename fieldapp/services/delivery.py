"""Claim → commit → send → record. Sending itself happens between `claim` and `record`, with no transaction open.

Invariants:
- Nothing is marked before it was sent: a crash between claim and record leaves the row pending, and its lease runs out.
- The lease is longer than any send can take, and only what can be sent at once is claimed: doubles only after a crash.
- A push service, or a subscription, that keeps us waiting fills its own lane only; the others' are free.
- Only 404 and 410 end a subscription.

Which answer leads to what is alerts.md's table, in `_record_one`.
"""

import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import cast

import structlog
from sqlalchemy import ColumnElement, Table, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import escalation as rules
from fieldapp.domain.alert_states import State
from fieldapp.models import Alert, Delivery, DeviceStaff, Notification, Staff, Subscription
from fieldapp.services import operator
from fieldapp.services.messages import PATHS, Delivered, Gone, Message, OurFault, Retry, Sent, TooLarge
from fieldapp.services.writing import Stumbled, apart, chunks

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
            _fail(session, delivery, unwanted, now)
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


# --- recording ----------------------------------------------------------------------------------------------------


def record(session: Session, results: Iterable[Sent], now: dt.datetime) -> None:
    """Write down what came of each; a result whose claim has passed to another counts only if it was handed over."""
    results = list(results)
    delivered = [sent for sent in results if isinstance(sent.outcome, Delivered)]
    try:
        with apart(session):
            _record_delivered(session, delivered)
        results = [sent for sent in results if not isinstance(sent.outcome, Delivered)]
    except Stumbled:
        _log.exception("recording_one_by_one", messages=len(results))
    for sent in results:
        try:
            with apart(session):
                _record_if_ours(session, sent, now)
        except Stumbled as error:
            operator.put_aside(session, "delivery_aside", uuid.UUID(hex=sent.message.delivery_id), error, now)


def _record_delivered(session: Session, delivered: list[Sent]) -> None:
    """The usual case, many at once: what is sent and not written down is what a crash would send twice."""
    if not delivered:
        return
    rows = [
        {
            "of_delivery": sent.message.delivery_id,
            "of_subscription": sent.message.subscription_id,
            "status": sent.outcome.status,
            "sent_at": sent.at,
        }
        for sent in delivered
    ]
    deliveries, subscriptions = cast(Table, Delivery.__table__), cast(Table, Subscription.__table__)
    at = bindparam("sent_at", type_=Delivery.handed_over_at.type)
    connection = session.connection()
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == bindparam("of_delivery"), deliveries.c.state == "pending")
        .values(
            state="handed_over",
            attempts=deliveries.c.attempts + 1,
            handed_over_at=at,
            last_status=bindparam("status"),
            last_error=None,
            claimed_by=None,
            claimed_until=None,
        ),
        rows,
    )
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id == bindparam("of_subscription"))
        .values(last_handed_over_at=at, slow_since_at=None),
        rows,
    )


def _record_if_ours(session: Session, sent: Sent, now: dt.datetime) -> None:
    delivery = session.get(Delivery, sent.message.delivery_id, with_for_update=True)
    if delivery is None or delivery.state != "pending":
        return
    if delivery.claimed_by == sent.message.claim or isinstance(sent.outcome, Delivered):
        _record_one(session, delivery, sent, now)
    session.flush()


def _record_one(session: Session, delivery: Delivery, sent: Sent, now: dt.datetime) -> None:
    subscription = session.get_one(Subscription, delivery.subscription_id)
    delivery.attempts += 1
    delivery.claimed_by = delivery.claimed_until = None
    delivery.last_status = sent.outcome.status
    delivery.last_error = getattr(sent.outcome, "reason", None)
    if not isinstance(sent.outcome, Retry):
        subscription.slow_since_at = None
    match sent.outcome:
        case Delivered():
            delivery.state, delivery.handed_over_at = "handed_over", sent.at
            subscription.last_handed_over_at = sent.at
        case Retry():
            _again(delivery, subscription, sent.outcome, now)
        case Gone():
            subscription.ended_at, subscription.ended_reason = now, "gone"
            _fail(session, delivery, "unreachable", now)
        case TooLarge() if not sent.message.shortened:
            delivery.next_attempt_at = now
        case TooLarge():
            operator.alarm(session, "push_too_large", subscription.id, delivery.host, now)
            _fail(session, delivery, "our_fault", now)
        case OurFault():
            detail = f"{delivery.host}: {sent.outcome.status} {sent.outcome.reason}"[:300]
            operator.alarm(session, "push_refused", subscription.id, detail, now)
            _fail(session, delivery, "our_fault", now)


def _again(delivery: Delivery, subscription: Subscription, outcome: Retry, now: dt.datetime) -> None:
    if outcome.waited:
        subscription.slow_since_at = subscription.slow_since_at or now
    if rules.gives_up(delivery.first_attempt_at or now, now):
        delivery.state = "given_up"
        return
    wait = rules.retry_after(delivery.attempts, outcome.after_s, random.random())
    delivery.next_attempt_at = now + dt.timedelta(seconds=wait)


def _fail(session: Session, delivery: Delivery, state: str, now: dt.datetime) -> None:
    """This device is not reached: the alert is looked at now, in case nobody else in its step is either."""
    delivery.state = state
    session.execute(
        update(Alert)
        .where(
            Alert.id
            == select(Notification.alert_id).where(Notification.id == delivery.notification_id).scalar_subquery(),
            Alert.state == State.open.value,
            Alert.next_at > now,
        )
        .values(next_at=now),
        execution_options={"synchronize_session": False},
    )


def receive(session: Session, delivery_id: str, now: dt.datetime) -> bool:
    """A device has shown it: the first receipt counts. False when there is no such message."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        return False
    if delivery.shown_at is None:
        delivery.shown_at = now
        session.get_one(Subscription, delivery.subscription_id).last_receipt_at = now
    session.flush()
    return True


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
