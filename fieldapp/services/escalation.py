"""Opening what has run out, and climbing until a named human has taken it. Pure steps over rows: any number of workers.

Invariants:
- An alert and the notifications of its step 0 are written in one transaction: a crash leaves both or neither.
- At most one unresolved alert per (kind, subject): a partial unique index, so two workers can both try.
- A clock is read under a row lock, so an entry that moves it and the worker that opens it never pass each other.
- One subject that cannot be handled is put aside for a minute, alone; the others are handled in the same transaction.

Minutes count from `ladder_from`, the moment the alert became open or climbed anew, after an outage too.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, update
from sqlalchemy.orm import Session

from fieldapp.domain import escalation as rules
from fieldapp.domain.alert_states import Event, State, after
from fieldapp.models import Alert, AlertHold, Delivery, Notification, Watch
from fieldapp.models.change import touch
from fieldapp.services import operator
from fieldapp.services.steps import FIRST_ROUND, NO_RECEIPT, Opened, begin_step, begin_steps, note
from fieldapp.services.teams_now import TeamsNow
from fieldapp.services.writing import RandomKey, RandomUuid, Stumbled, apart, insert_from

BATCH = 1000
"""Alerts opened in one transaction: short enough that a phone's sync never waits long for it."""
CLIMB_BATCH = 200

CLIENT_ASIDE = "client_aside"
ALERT_ASIDE = "alert_aside"

_UNREACHED = ("unreachable", "our_fault", "given_up", "called_off")


# --- opening ------------------------------------------------------------------------------------------------------


def open_overdue(session: Session, now: dt.datetime, limit: int = BATCH) -> int:
    """Open an alert for the clients whose clock has run out, most overdue first; the number opened or put aside."""
    try:
        with apart(session):
            opened = _open(session, now, limit)
    except Stumbled:
        return _open_one_by_one(session, now, limit)
    _announce(session, opened)
    return len(opened)


def any_overdue(session: Session, now: dt.datetime) -> bool:
    """Whether `open_overdue` has anything to do."""
    return session.scalar(select(Watch.client_id).where(*_overdue(now)).limit(1)) is not None


def _overdue(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    unresolved = (
        select(Alert.id)
        .where(Alert.kind == "not_seen", Alert.subject_id == Watch.client_id, Alert.state != State.resolved.value)
        .exists()
    )
    return (
        Watch.due_at <= now,
        ~unresolved,
        Watch.client_id.not_in(operator.aside(CLIENT_ASIDE, now)),
    )


def _open(session: Session, now: dt.datetime, limit: int, *only: ColumnElement[bool]) -> list["Opened"]:
    """Set-based: one INSERT … SELECT for the alerts, then the rows of their step 0."""
    columns: list[Any] = [
        RandomUuid().label("id"),
        literal("not_seen").label("kind"),
        Watch.client_id.label("subject_id"),
        Watch.client_id.label("client_id"),
        Watch.team_id.label("team_id"),
        Watch.episode.label("episode"),
        literal(State.open.value).label("state"),
        literal(0).label("step"),
        literal(FIRST_ROUND).label("round"),
        *(literal(now, Alert.opened_at.type).label(name) for name in _NOW_COLUMNS),
        Watch.due_at.label("due_at"),
        Watch.last_seen_at.label("unseen_since_at"),
        RandomKey().label("topic"),
    ]
    query = (
        select(*columns)
        .where(*_overdue(now), *only)
        .order_by(Watch.due_at, Watch.client_id)
        .limit(limit)
        .with_for_update(of=Watch, skip_locked=True)
    )
    table = Alert.__table__.c
    rows = insert_from(session, Alert, query, [table.id, table.kind, table.team_id, table.client_id])
    opened = [Opened(*row) for row in rows]
    begin_steps(session, opened, now)
    return opened


_NOW_COLUMNS = ("ladder_from", "step_began_at", "next_at", "opened_at")


def _open_one_by_one(session: Session, now: dt.datetime, limit: int) -> int:
    """One client among them stumbled: find which, put it aside, open the others."""
    query = select(Watch.client_id).where(*_overdue(now)).order_by(Watch.due_at, Watch.client_id).limit(limit)
    handled = 0
    for client_id in session.scalars(query).all():
        try:
            with apart(session):
                opened = _open(session, now, 1, Watch.client_id == client_id)
            _announce(session, opened)
            handled += len(opened)
        except Stumbled as error:
            operator.put_aside(session, CLIENT_ASIDE, client_id, error, now)
            handled += 1
    return handled


def _announce(session: Session, opened: "Sequence[Opened]") -> None:
    for alert in opened:
        touch(session, "alert", alert.id, client_id=alert.client_id, team_id=alert.team_id)


# --- climbing -----------------------------------------------------------------------------------------------------


def escalate(session: Session, now: dt.datetime, limit: int = CLIMB_BATCH) -> int:
    """Look at every alert whose time has come; the number looked at."""
    alerts = session.scalars(
        select(Alert)
        .where(Alert.state != State.resolved.value, Alert.next_at <= now)
        .order_by(Alert.next_at, Alert.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    teams = TeamsNow(session, now)
    for alert in alerts:
        _look_at_apart(session, alert, teams, now)
    return len(alerts)


def any_due(session: Session, now: dt.datetime) -> bool:
    """Whether `escalate` has anything to do."""
    query = select(Alert.id).where(Alert.state != State.resolved.value, Alert.next_at <= now)
    return session.scalar(query.limit(1)) is not None


def _look_at_apart(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> None:
    alert_id = alert.id
    try:
        with apart(session):
            look_at(session, alert, teams, now)
    except Stumbled as error:
        operator.put_aside(session, ALERT_ASIDE, alert_id, error, now)
        session.execute(update(Alert).where(Alert.id == alert_id).values(next_at=now + operator.ASIDE))


def look_at(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> None:
    """Let holds run out, begin the steps that are due, and set when to look again."""
    held_until = settle_holds(session, alert, teams, now)
    if held_until is not None:
        alert.next_at = held_until
    elif alert.state == State.open.value:
        _climb(session, alert, teams, now)
    else:
        alert.next_at = None
    session.flush()


def settle_holds(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> dt.datetime | None:
    """Give the alert the owner and state its running holds say; when the first of them ends, None when none runs.

    Of those running the earliest clock time (then id) owns it; the latest says whether it is taken or put off.
    """
    holds = session.scalars(
        select(AlertHold)
        .where(AlertHold.alert_id == alert.id, AlertHold.until_at > now)
        .order_by(AlertHold.from_at, AlertHold.entry_id)
    ).all()
    if not holds:
        if alert.state in (State.acknowledged.value, State.snoozed.value):
            _climb_anew(session, alert, teams, now)
        return None
    _own(session, alert, holds[0].staff_id, holds[-1].kind, now)
    return min(hold.until_at for hold in holds)


def _own(session: Session, alert: Alert, owner_id: uuid.UUID, kind: str, now: dt.datetime) -> None:
    if (alert.owner_id, alert.state) == (owner_id, kind):
        return
    before = alert.state
    alert.owner_id = owner_id
    alert.state = after(before, kind).value
    note(session, alert, event="owner_is", from_state=before, now=now, staff_id=owner_id)
    touch(session, "alert", alert.id, client_id=alert.client_id, team_id=alert.team_id)


def _climb_anew(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> None:
    """Nobody holds it any longer: it climbs again from the step it had, whose people are told once more."""
    before, owner_id = alert.state, alert.owner_id
    alert.state = after(before, Event.hold_ran_out).value
    alert.owner_id = None
    note(session, alert, event=Event.hold_ran_out, from_state=before, now=now, staff_id=owner_id)
    alert.round += 1
    alert.ladder_from = now - (rules.step_at(now, alert.step, teams.times(alert.team_id)) - now)
    begin_step(session, alert, teams, now)


def _climb(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> None:
    """Begin every step that is due by the clock, or because nobody in the present one could be reached."""
    times = teams.times(alert.team_id)
    while True:
        session.flush()
        reached = _reached(session, alert, now)
        following = rules.next_step(alert.kind, alert.step)
        if following is None:
            due_at = alert.step_began_at + dt.timedelta(minutes=rules.ROUND_MINUTES)
        else:
            due_at = now if reached is False else rules.step_at(alert.ladder_from, following, times)
        if due_at > now:
            break
        if following is None:
            alert.round, alert.step, alert.ladder_from = alert.round + 1, 0, now
            begin_step(session, alert, teams, now, event="round_began")
        else:
            alert.step = following
            begin_step(session, alert, teams, now)
    no_receipt_at = alert.step_began_at + NO_RECEIPT
    alert.next_at = min(due_at, no_receipt_at) if reached is None and no_receipt_at > now else due_at


def _reached(session: Session, alert: Alert, now: dt.datetime) -> bool | None:
    """Whether anyone told in this step has it on the screen (a receipt); None while that may still come.

    Nobody: no people, no live subscription, every one refused (4xx other than 429) or given up, or two minutes gone
    without one receipt.
    """
    shown, hoped = session.execute(
        select(
            func.count(Delivery.shown_at),
            func.count().filter(Delivery.state.not_in(_UNREACHED)),
        )
        .join(Notification, Notification.id == Delivery.notification_id)
        # Whoever was told before the step began, or before it was handed over, does not count.
        .where(Notification.alert_id == alert.id, Notification.created_at >= alert.step_began_at)
    ).one()
    if shown:
        return True
    return None if hoped and now < alert.step_began_at + NO_RECEIPT else False
