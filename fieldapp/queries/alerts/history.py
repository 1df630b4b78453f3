"""What has happened to an alert: its transitions and steps, and who was told when and how that went."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import Event, State
from fieldapp.models import (
    Alert,
    AlertHold,
    AlertTransition,
    Delivery,
    Entry,
    EntryState,
    HandCheck,
    Notification,
)
from fieldapp.models.alert import HANDED_STEP, OVER_STEP, WAS_TAKEN_SINCE

_SHOWN_AS = {
    "step_began": "escalated",
    "round_began": "escalated",
    "hold_ran_out": "hold_expired",
}
"""What screens call an event where the engine has a finer word."""

_BEST_FIRST = ("shown", "handed_over", "pending", "called_off", "given_up", "our_fault", "unreachable", "no_device")


NEWEST_ROUNDS = 3
"""Of an alert nobody takes, what lists and phones get: a month of rounds would be tens of thousands of lines in every
answer. The why-page has them all."""
_OF_A_ROUND = ("step_began", "round_began")


@dataclass(frozen=True)
class Happening:
    """One change of the alert, or one step of its ladder."""

    at: dt.datetime
    event: str
    state: str
    step: int
    round: int
    staff_id: uuid.UUID | None
    entry_id: uuid.UUID | None
    reason: str | None


@dataclass(frozen=True)
class NotifiedPerson:
    """One person told once, and the best that came of it on any of their devices.

    `how`: shown · handed_over · pending · called_off · given_up · our_fault · unreachable · no_device.
    """

    staff_id: uuid.UUID
    at: dt.datetime
    kind: str
    step: int
    round: int
    channel: str
    how: str
    shown_at: dt.datetime | None


@dataclass(frozen=True)
class Snooze:
    """Who put an alert off, and until when it rings nobody."""

    staff_id: uuid.UUID
    until_at: dt.datetime


def snoozes(session: Session, alert_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Snooze]:
    """The snooze that keeps each of these alerts quiet the longest. `alert.owner_id` is somebody else when a colleague
    took it first."""
    query = (
        select(AlertHold)
        .where(AlertHold.alert_id.in_(alert_ids), AlertHold.kind == State.snoozed.value, ~WAS_TAKEN_SINCE)
        .order_by(AlertHold.until_at, AlertHold.from_at, AlertHold.entry_id)
    )
    return {hold.alert_id: Snooze(hold.staff_id, hold.until_at) for hold in session.scalars(query)}


def next_checks(session: Session, alert_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dt.datetime]:
    """When somebody looks again, for each of these alerts that was ended by hand without a contact."""
    query = (
        select(Entry.subject_id, HandCheck.next_check_at)
        .join(HandCheck, HandCheck.entry_id == Entry.id)
        .where(Entry.type == "alert_resolved", Entry.subject_id.in_(alert_ids))
        .order_by(HandCheck.at, HandCheck.entry_id)
    )
    return {alert_id: at for alert_id, at in session.execute(query) if alert_id is not None}


def happenings(
    session: Session, alert_ids: Collection[uuid.UUID], *, whole: bool = False
) -> dict[uuid.UUID, list[Happening]]:
    """The transitions of each alert, oldest first; of its steps only those of the newest rounds unless `whole`."""
    found: dict[uuid.UUID, list[Happening]] = {}
    query = (
        select(AlertTransition, EntryState.body)
        .outerjoin(EntryState, EntryState.entry_id == AlertTransition.entry_id)
        .where(AlertTransition.alert_id.in_(alert_ids))
    )
    if not whole:
        recent = AlertTransition.round > Alert.round - NEWEST_ROUNDS
        query = query.join(Alert, Alert.id == AlertTransition.alert_id)
        query = query.where(or_(AlertTransition.event.not_in(_OF_A_ROUND), recent))
    for row, body in session.execute(query.order_by(AlertTransition.at, AlertTransition.id)):
        # Who has it now: taken by them, or put off.
        event = row.to_state if row.event == "owner_is" else _SHOWN_AS.get(row.event, row.event)
        found.setdefault(row.alert_id, []).append(
            Happening(row.at, event, row.to_state, row.step, row.round, row.staff_id, row.entry_id, _reason(row, body))
        )
    return found


def _reason(row: AlertTransition, body: dict[str, Any] | None) -> str | None:
    """The code of how it ended; of one that was put off, why, in words."""
    said = body.get("reason") if body and row.event in _PUT_OFF else None
    return row.reason or said


_PUT_OFF = (Event.snoozed, "came_late")


def told(
    session: Session, alert_ids: Collection[uuid.UUID], *, whole: bool = False
) -> dict[uuid.UUID, list[NotifiedPerson]]:
    """Who was told of each alert, in that order; of its steps only those of the newest rounds unless `whole`."""
    query = (
        select(Notification, Delivery.state, Delivery.shown_at)
        .outerjoin(Delivery, Delivery.notification_id == Notification.id)
        .where(Notification.alert_id.in_(alert_ids))
        .order_by(Notification.created_at, Notification.id)
    )
    if not whole:
        recent = Notification.round > Alert.round - NEWEST_ROUNDS
        query = query.join(Alert, Alert.id == Notification.alert_id)
        query = query.where(or_(Notification.step.in_((HANDED_STEP, OVER_STEP)), recent))
    rows: dict[uuid.UUID, Notification] = {}
    outcomes: dict[uuid.UUID, list[tuple[str, dt.datetime | None]]] = {}
    for notification, state, shown_at in session.execute(query):
        rows[notification.id] = notification
        how = "shown" if shown_at else state or "no_device"
        outcomes.setdefault(notification.id, []).append((how, shown_at))
    found: dict[uuid.UUID, list[NotifiedPerson]] = {}
    for notification in rows.values():
        if notification.alert_id is not None and notification.staff_id is not None:
            found.setdefault(notification.alert_id, []).append(_told(notification, outcomes[notification.id]))
    return found


def _told(row: Notification, outcomes: list[tuple[str, dt.datetime | None]]) -> NotifiedPerson:
    how = min((one for one, _ in outcomes), key=_BEST_FIRST.index)
    shown_at = min((at for _, at in outcomes if at), default=None)
    assert row.staff_id is not None
    return NotifiedPerson(row.staff_id, row.created_at, row.kind, row.step, row.round, row.channel, how, shown_at)
