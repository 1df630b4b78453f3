"""Writing down what came of a message: the table of alerts.md, in `_record_one`, and the receipts of the phones.

Invariants: only 404 and 410 end a subscription, and nothing ends an address or the gateway; a result whose claim has
passed to another worker counts only if the message was handed over; one result that cannot be written down holds up no
other. What becomes of a carrier becomes of all it carries (services/notify/notifications.py), in the same transaction.
"""

import datetime as dt
import random
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import structlog
from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from fieldapp.domain import escalation as rules
from fieldapp.domain.alert_states import State
from fieldapp.domain.operator_alarms import Alarm
from fieldapp.models import Alert, Delivery, Notification, Subscription
from fieldapp.services import operator
from fieldapp.services.notify import alert_news
from fieldapp.services.notify.messages import (
    BUNDLE,
    Delivered,
    Gone,
    Message,
    OurFault,
    Retry,
    Sent,
    ToDevice,
    ToMailbox,
    TooLarge,
)

_IN_TIME = dt.timedelta(minutes=1)
"""From when an attempt was due to when it is written down, when all goes well."""

_log = structlog.get_logger()


def record(session: Session, results: Iterable[Sent], now: dt.datetime) -> None:
    """Write down what came of each; a result whose claim has passed to another counts only if it was handed over."""
    results = list(results)
    delivered = [sent for sent in results if isinstance(sent.outcome, Delivered)]

    def record_delivered() -> int:
        _record_delivered(session, delivered)
        operator.clear_sending(session, {id for sent in delivered for id in _subjects(sent.message)}, now)
        alert_news.messages_moved(session, [sent.message.delivery_id for sent in delivered])
        return len(delivered)

    def record_one(sent: Sent) -> int:
        _record_if_ours(session, sent, now)
        return 1

    others = [sent for sent in results if sent not in delivered]
    for some, together in ((delivered, record_delivered), (others, None)):
        items = [(uuid.UUID(hex=sent.message.delivery_id), sent) for sent in some]
        operator.each_apart(session, Alarm.DELIVERY_ASIDE, now, items, record_one, together)


def _record_delivered(session: Session, delivered: list[Sent]) -> None:
    """The usual case, many at once: what is sent and not written down is what a crash would send twice."""
    if not delivered:
        return
    rows = [
        {
            "of_delivery": sent.message.delivery_id,
            "of_subscription": _subscription_id(sent.message),
            "status": sent.outcome.status,
            "sent_at": sent.at,
        }
        for sent in delivered
    ]
    deliveries, subscriptions = cast(Table, Delivery.__table__), cast(Table, Subscription.__table__)
    at = bindparam("sent_at", type_=Delivery.handed_over_at.type)
    handed_over = (
        update(deliveries)
        .where(deliveries.c.state == "pending")
        .values(
            state="handed_over",
            attempts=deliveries.c.attempts + 1,
            handed_over_at=at,
            last_status=bindparam("status"),
            last_error=None,
            claimed_by=None,
            claimed_until=None,
        )
    )
    connection = session.connection()
    connection.execute(handed_over.where(deliveries.c.id == bindparam("of_delivery")), rows)
    carriers = [row for row, sent in zip(rows, delivered, strict=True) if sent.message.kind == BUNDLE]
    if carriers:
        connection.execute(handed_over.where(deliveries.c.carried_by == bindparam("of_delivery")), carriers)
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id == bindparam("of_subscription"))
        .values(last_handed_over_at=at, slow_since_at=None),
        rows,
    )


def _subjects(message: Message) -> Iterator[uuid.UUID]:
    """What an alarm about sending this is about: a push is refused per subscription, the others for all."""
    yield _subscription_id(message) or operator.about(message.host)
    if isinstance(message.to, ToMailbox):
        yield operator.about(message.to.address)


def _subscription_id(message: Message) -> uuid.UUID | None:
    return message.to.subscription_id if isinstance(message.to, ToDevice) else None


def _record_if_ours(session: Session, sent: Sent, now: dt.datetime) -> None:
    delivery = session.get(Delivery, sent.message.delivery_id, with_for_update=True)
    if delivery is None or delivery.state != "pending":
        return
    if delivery.claimed_by == sent.message.claim or isinstance(sent.outcome, Delivered):
        _record_one(session, delivery, sent, now)
    session.flush()


def _record_one(session: Session, delivery: Delivery, sent: Sent, now: dt.datetime) -> None:
    subscription = session.get(Subscription, delivery.subscription_id) if delivery.subscription_id else None
    delivery.attempts += 1
    delivery.claimed_by = delivery.claimed_until = None
    delivery.last_status = sent.outcome.status
    delivery.last_error = getattr(sent.outcome, "reason", None)
    if subscription is not None and not isinstance(sent.outcome, Retry):
        subscription.slow_since_at = None
    match sent.outcome:
        case Delivered():
            delivery.state, delivery.handed_over_at = "handed_over", sent.at
            if subscription is not None:
                subscription.last_handed_over_at = sent.at
        case Retry():
            if sent.outcome.ours:
                _tell_operator(session, delivery, sent.outcome, now)
            _again(delivery, subscription, sent.outcome, now)
        case Gone():
            _end_or_tell(session, delivery, subscription, now)
            not_reached(session, delivery, "unreachable", now)
        case TooLarge() if not sent.message.shortened:
            delivery.next_attempt_at = now
        case TooLarge() | OurFault():
            _tell_operator(session, delivery, sent.outcome, now)
            not_reached(session, delivery, "our_fault", now)
    _settle_carried(session, delivery)
    alert_news.messages_moved(session, [delivery.id])


def _again(delivery: Delivery, subscription: Subscription | None, outcome: Retry, now: dt.datetime) -> None:
    if outcome.waited and subscription is not None:
        subscription.slow_since_at = subscription.slow_since_at or now
    # Hours in which nobody tried (an outage, a worker that died with it) are no hours of trying.
    # What passed before the first attempt is not counted at all, so the first never comes to lie ahead of now.
    first_at = delivery.first_attempt_at or now
    late = max(now - max(delivery.next_attempt_at, first_at) - _IN_TIME, dt.timedelta())
    delivery.first_attempt_at = first_at + late
    if rules.gives_up(delivery.first_attempt_at, now):
        delivery.state = "given_up"
        return
    wait = rules.retry_after(delivery.attempts, outcome.after_s, random.random())
    delivery.next_attempt_at = now + dt.timedelta(seconds=wait)


def _end_or_tell(session: Session, delivery: Delivery, subscription: Subscription | None, now: dt.datetime) -> None:
    """A subscription ends. An address stays: it may be a slip of the pen, which only a human can mend."""
    if subscription is not None:
        subscription.ended_at, subscription.ended_reason = now, "gone"
        operator.clear_sending(session, [subscription.id], now)
        return
    assert delivery.address is not None
    operator.alarm(session, Alarm.ADDRESS_REFUSED, operator.about(delivery.address), f"{delivery.last_status}", now)


def _tell_operator(
    session: Session, delivery: Delivery, outcome: OurFault | TooLarge | Retry, now: dt.datetime
) -> None:
    """The same trouble with the same service is one alarm."""
    channel = session.get_one(Notification, delivery.notification_id).channel
    about = delivery.subscription_id or operator.about(delivery.host)
    if isinstance(outcome, TooLarge):
        operator.alarm(session, Alarm.too_large_for(channel), about, delivery.host, now)
        return
    what = Alarm.SENDING_CRASHED if isinstance(outcome, Retry) else Alarm.refused_by(channel)
    detail = f"{delivery.host}: {outcome.status} {outcome.reason}"[:300]
    operator.alarm(session, what, about, detail, now)


def not_reached(session: Session, delivery: Delivery, state: str, now: dt.datetime) -> None:
    """This target is not reached: its alerts are looked at now, in case nobody else in their step is either."""
    delivery.state = state
    delivery.claimed_until = delivery.claimed_by = None
    session.flush()
    ours = or_(Delivery.id == delivery.id, Delivery.carried_by == delivery.id)
    about = select(Notification.alert_id).join(Delivery, Delivery.notification_id == Notification.id).where(ours)
    session.execute(
        update(Alert)
        .where(Alert.id.in_(about), Alert.state == State.open.value, Alert.next_at > now)
        .values(next_at=now),
        execution_options=_UNSYNCHRONISED,
    )
    _settle_carried(session, delivery)
    alert_news.messages_moved(session, [delivery.id])


def _settle_carried(session: Session, carrier: Delivery) -> None:
    """What it went in place of is where it is."""
    session.flush()
    session.execute(
        update(Delivery)
        .where(Delivery.carried_by == carrier.id, Delivery.state == "pending")
        .values({name: getattr(carrier, name) for name in _SHARED}),
        execution_options=_UNSYNCHRONISED,
    )


_SHARED = (
    "state",
    "attempts",
    "claimed_by",
    "claimed_until",
    "next_attempt_at",
    "last_status",
    "last_error",
    "handed_over_at",
)
_UNSYNCHRONISED = {"synchronize_session": False}


@dataclass(frozen=True)
class ReceiptFrom:
    """Whoever is signed in where a receipt comes from; `is_device`: whether that is the device it is asked of."""

    staff_id: uuid.UUID
    is_device: Callable[[uuid.UUID], bool]


def receive(session: Session, delivery_id: str, now: dt.datetime, sent_by: ReceiptFrom | None = None) -> bool:
    """A device, or the gateway, has shown it: the first receipt counts. False when there is no such message.

    It holds a step of the ladder, so it counts for the person it was sent to alone: from whoever else is signed in only
    when it comes from the device that was sent it.
    """
    delivery = session.get(Delivery, delivery_id)
    if delivery is None or (sent_by is not None and not _may_receive(session, delivery, sent_by)):
        return False
    if delivery.shown_at is None:
        session.execute(
            update(Delivery)
            .where(or_(Delivery.id == delivery_id, Delivery.carried_by == delivery_id), Delivery.shown_at.is_(None))
            .values(shown_at=now),
            execution_options=_UNSYNCHRONISED,
        )
        alert_news.messages_moved(session, [delivery_id])
        if delivery.subscription_id is not None:
            session.get_one(Subscription, delivery.subscription_id).last_receipt_at = now
    session.flush()
    return True


def _may_receive(session: Session, delivery: Delivery, sent_by: ReceiptFrom) -> bool:
    if session.get_one(Notification, delivery.notification_id).staff_id == sent_by.staff_id:
        return True
    subscription = session.get(Subscription, delivery.subscription_id) if delivery.subscription_id else None
    return subscription is not None and sent_by.is_device(subscription.device_id)
