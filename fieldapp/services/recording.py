"""Writing down what came of a message: the table of alerts.md, in `_record_one`, and the receipts of the phones.

Invariants: only 404 and 410 end a subscription; a result whose claim has passed to another worker counts only if the
message was handed over; one result that cannot be written down holds up no other.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterable
from typing import cast

import structlog
from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from fieldapp.domain import escalation as rules
from fieldapp.domain.alert_states import State
from fieldapp.models import Alert, Delivery, Notification, Subscription
from fieldapp.services import operator
from fieldapp.services.messages import Delivered, Gone, OurFault, Retry, Sent, TooLarge
from fieldapp.services.writing import Stumbled, apart

_log = structlog.get_logger()


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
            not_reached(session, delivery, "unreachable", now)
        case TooLarge() if not sent.message.shortened:
            delivery.next_attempt_at = now
        case TooLarge():
            operator.alarm(session, "push_too_large", subscription.id, delivery.host, now)
            not_reached(session, delivery, "our_fault", now)
        case OurFault():
            detail = f"{delivery.host}: {sent.outcome.status} {sent.outcome.reason}"[:300]
            operator.alarm(session, "push_refused", subscription.id, detail, now)
            not_reached(session, delivery, "our_fault", now)


def _again(delivery: Delivery, subscription: Subscription, outcome: Retry, now: dt.datetime) -> None:
    if outcome.waited:
        subscription.slow_since_at = subscription.slow_since_at or now
    if rules.gives_up(delivery.first_attempt_at or now, now):
        delivery.state = "given_up"
        return
    wait = rules.retry_after(delivery.attempts, outcome.after_s, random.random())
    delivery.next_attempt_at = now + dt.timedelta(seconds=wait)


def not_reached(session: Session, delivery: Delivery, state: str, now: dt.datetime) -> None:
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
