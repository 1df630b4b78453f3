"""Opening what has run out, and climbing until a named human has taken it. Pure steps over rows: any number of workers.

Invariants:
- An alert and the notifications of its step 0 are written in one transaction: a crash leaves both or neither.
- At most one unresolved alert per (kind, subject): a partial unique index, so two workers can both try.
- A clock is read under a row lock, so an entry that moves it and the worker that opens it never pass each other.
- One subject that cannot be handled is put aside for a minute, alone; the others are handled in the same transaction.

- An alert that waits for its team to open is looked at when it opens; one whose team is not to be woken rings nobody.

Minutes count from `ladder_from`, the moment the alert became open or climbed anew, after an outage too.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select, update
from sqlalchemy.orm import Session

from fieldapp.domain import escalation as rules
from fieldapp.domain.alert_states import KINDS, Event, State, after
from fieldapp.models import Alert, AlertHold, Delivery, Notification, Watch
from fieldapp.models.alert import FIRST_ROUND, FIRST_STEP
from fieldapp.models.base import NOW, Moment
from fieldapp.models.change import touch, touch_new
from fieldapp.services import operator
from fieldapp.services.opening_hours import WAIT, Closed, OpeningHours, team_now
from fieldapp.services.steps import NO_RECEIPT, begin_batch, begin_step, begin_together, note
from fieldapp.services.teams_now import TeamsNow
from fieldapp.services.writing import Batch, RandomKey, Stumbled, apart, insert_from, select_as

BATCH = 2000
"""Alerts opened in one transaction: short enough that a phone's sync never waits long for it."""
CLIMB_BATCH = 50
"""Alerts looked at in one transaction, each by itself, for the same reason."""
TOGETHER = 200
"""Alerts that waited for their team to open, in one transaction: who has many of them is to be told once."""
ONE_BY_ONE = 100
"""Clients tried each by itself in one transaction, to find the one that is stumbled over."""

CLIENT_ASIDE = "client_aside"
ALERT_ASIDE = "alert_aside"

_UNREACHED = ("unreachable", "our_fault", "given_up", "called_off")


# --- opening ------------------------------------------------------------------------------------------------------


def open_overdue(session: Session, now: dt.datetime, limit: int = BATCH) -> int:
    """Open an alert for the clients whose clock has run out, most overdue first; the number opened or put aside."""
    try:
        with apart(session):
            return _open(session, now, limit)
    except Stumbled:
        return _open_one_by_one(session, now, min(limit, ONE_BY_ONE))


def any_overdue(session: Session, now: dt.datetime) -> bool:
    """Whether `open_overdue` has anything to do."""
    return session.scalar(_ANY_OVERDUE, {"now": now}) is not None


def _overdue(now: Moment) -> tuple[ColumnElement[bool], ...]:
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


_ANY_OVERDUE = select(Watch.client_id).where(*_overdue(NOW)).limit(1)


def _open(session: Session, now: dt.datetime, limit: int, *only: ColumnElement[bool]) -> int:
    """Set-based: one INSERT … SELECT for the alerts, then the rows of step 0 for those that do not wait."""
    due = _due(OpeningHours(session, now), now, limit, *only)
    batch = Batch()
    row = {
        "id": batch.fresh(),
        "kind": "not_seen",
        "subject_id": due.client_id,
        "client_id": due.client_id,
        "team_id": due.team_id,
        "episode": due.episode,
        "state": case((due.opens_at.is_not(None), State.waiting.value), else_=State.open.value),
        "step": FIRST_STEP,
        "round": FIRST_ROUND,
        "ladder_from": now,
        "step_began_at": now,
        "next_at": func.coalesce(due.opens_at, literal(now + NO_RECEIPT, Alert.next_at.type)),
        "opened_at": now,
        "waits_until_at": due.opens_at,
        "due_at": due.due_at,
        "unseen_since_at": due.last_seen_at,
        "topic": RandomKey(),
    }
    opened = insert_from(session, Alert, select_as(Alert, row))
    if opened:
        begin_batch(session, batch, "not_seen", now)
        new = select(Alert.id, Alert.client_id, Alert.team_id).where(batch.holds(Alert.id))
        touch_new(session, "alert", new)
    return opened


def _due(hours: OpeningHours, now: dt.datetime, limit: int, *only: ColumnElement[bool]) -> Any:
    """The columns of the watches that have run out, locked; `opens_at` of those that wait for their team to open."""
    team_id, opens_at = hours.team_of_watch().label("team_id"), hours.opens_for_watch().label("opens_at")
    return (
        select(Watch.client_id, Watch.episode, Watch.due_at, Watch.last_seen_at, team_id, opens_at)
        .where(*_overdue(now), *only)
        .order_by(Watch.due_at, Watch.client_id)
        .limit(limit)
        .with_for_update(of=Watch, skip_locked=True)
        .subquery("due")
        .c
    )


def _open_one_by_one(session: Session, now: dt.datetime, limit: int) -> int:
    """One client among them stumbled: find which, put it aside, open the others."""
    query = select(Watch.client_id).where(*_overdue(now)).order_by(Watch.due_at, Watch.client_id).limit(limit)
    handled = 0
    for client_id in session.scalars(query).all():
        try:
            with apart(session):
                handled += _open(session, now, 1, Watch.client_id == client_id)
        except Stumbled as error:
            operator.put_aside(session, CLIENT_ASIDE, client_id, error, now)
            handled += 1
    return handled


# --- climbing -----------------------------------------------------------------------------------------------------


def escalate(session: Session, now: dt.datetime, limit: int = CLIMB_BATCH) -> int:
    """Look at every alert whose time has come; the number looked at."""
    is_waiting = Alert.state == State.waiting.value
    alerts = [*_due_alerts(session, now, TOGETHER, is_waiting), *_due_alerts(session, now, limit, ~is_waiting)]
    teams = TeamsNow(session, now)
    _open_together(session, alerts, teams, now)
    for alert in alerts:
        _look_at_apart(session, alert, teams, now)
    return len(alerts)


def _due_alerts(session: Session, now: dt.datetime, limit: int, which: ColumnElement[bool]) -> Sequence[Alert]:
    return session.scalars(
        select(Alert)
        .where(Alert.state != State.resolved.value, Alert.next_at <= now, which)
        .order_by(Alert.next_at, Alert.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def _open_together(session: Session, alerts: Sequence[Alert], teams: TeamsNow, now: dt.datetime) -> None:
    """Those that waited for this hour are told in one go, so that many on Monday morning are one message.

    One that stumbles is left to be opened by itself, where it holds up no other.
    """
    waiting = [alert for alert in alerts if alert.state == State.waiting.value and KINDS[alert.kind].climbs]
    try:
        with apart(session):
            opening = [alert for alert in waiting if _closed_for(session, alert, teams, now) is None]
            for alert in opening:
                _open_waiting(session, alert, now)
                alert.step_began_at = now
                note(session, alert, event="step_began", from_state=alert.state, now=now)
            begin_together(session, opening, teams, now)
    except Stumbled:
        for alert in waiting:
            session.refresh(alert)


def any_due(session: Session, now: dt.datetime) -> bool:
    """Whether `escalate` has anything to do."""
    return session.scalar(_ANY_DUE, {"now": now}) is not None


_ANY_DUE = select(Alert.id).where(Alert.state != State.resolved.value, Alert.next_at <= NOW).limit(1)


def _look_at_apart(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> None:
    alert_id = alert.id
    try:
        with apart(session):
            look_at(session, alert, teams, now)
    except Stumbled as error:
        operator.put_aside(session, ALERT_ASIDE, alert_id, error, now)
        session.execute(update(Alert).where(Alert.id == alert_id).values(next_at=now + operator.ASIDE))


def look_at(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> None:
    """Let holds run out, open what has waited, begin the steps that are due, and set when to look again."""
    if not KINDS[alert.kind].climbs:
        _look_at_line(session, alert, teams, now)
        return
    follow_hand_over(session, alert, teams, now)
    held_until = settle_holds(session, alert, teams, now)
    if alert.state == State.waiting.value:
        _wait_or_open(session, alert, teams, now)
    if held_until is not None:
        alert.next_at = held_until
    elif alert.state == State.open.value:
        _climb(session, alert, teams, now)
    elif alert.state != State.waiting.value:
        alert.next_at = None
    session.flush()


def _look_at_line(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> None:
    """A line on I dag: taken or put off like any alert, but it never rings."""
    held_until = settle_holds(session, alert, teams, now)
    if alert.state == State.waiting.value:
        _wait_or_open(session, alert, teams, now)
    alert.next_at = held_until if held_until or alert.state != State.waiting.value else alert.next_at
    session.flush()


def _wait_or_open(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> None:
    """The team has opened, or its hours have changed: from now its steps count, or it waits on."""
    closed = _closed_for(session, alert, teams, now)
    if closed is not None:
        alert.waits_until_at = alert.next_at = closed.opens_at
        return
    _open_waiting(session, alert, now)
    if KINDS[alert.kind].climbs:
        begin_step(session, alert, teams, now)


def _closed_for(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> Closed | None:
    """How its team is closed, while this alert is to wait for that; None when it is to open."""
    closed = teams.hours.closed(alert.team_id)
    return closed if closed is not None and waits(session, alert, closed, now) else None


def _open_waiting(session: Session, alert: Alert, now: dt.datetime) -> None:
    before, alert.state = alert.state, after(alert.state, Event.team_opened).value
    alert.waits_until_at, alert.ladder_from = None, now
    note(session, alert, event=Event.team_opened, from_state=before, now=now)
    touch(session, "alert", alert.id, client_id=alert.client_id, team_id=alert.team_id)


def waits(session: Session, alert: Alert, closed: Closed, now: dt.datetime) -> bool:
    """Whether this alert, of a team that is closed, waits: the client's own rule goes before the team's."""
    if not KINDS[alert.kind].waits:
        return False
    watch = session.get(Watch, alert.client_id) if alert.kind == "not_seen" and alert.client_id else None
    if watch is None:
        return True
    return (watch.when_closed or closed.when_closed) == WAIT and team_now(watch, now) == watch.team_id


def follow_hand_over(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> None:
    """The alert belongs to whoever has the watch now: with another team it begins anew with their people."""
    watch = session.get(Watch, alert.client_id) if alert.kind == "not_seen" and alert.client_id else None
    if watch is None or team_now(watch, now) == alert.team_id:
        return
    touch(session, "alert", alert.id, client_id=alert.client_id, team_id=alert.team_id)
    alert.team_id = team_now(watch, now)
    if alert.state == State.open.value:
        alert.step, alert.round, alert.ladder_from = 0, alert.round + 1, now
        begin_step(session, alert, teams, now, event="round_began")
    touch(session, "alert", alert.id, client_id=alert.client_id, team_id=alert.team_id)


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
    """Nobody holds it any longer: it climbs again from the step it had, whose people are told once more.

    One that has only ever waited for its team to open waits on.
    """
    before, owner_id = alert.state, alert.owner_id
    still_closed = alert.waits_until_at is not None and _closed_for(session, alert, teams, now) is not None
    event = Event.waits_again if still_closed else Event.hold_ran_out
    alert.state, alert.owner_id = after(before, event).value, None
    note(session, alert, event=event, from_state=before, now=now, staff_id=owner_id)
    if still_closed or not KINDS[alert.kind].climbs:
        touch(session, "alert", alert.id, client_id=alert.client_id, team_id=alert.team_id)
        return
    alert.waits_until_at = None
    alert.round += 1
    alert.ladder_from = now - (teams.step_at(alert.kind, now, alert.step, alert.team_id) - now)
    begin_step(session, alert, teams, now)


def _climb(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime) -> None:
    """Begin every step that is due by the clock, or because nobody in the present one could be reached."""
    while True:
        session.flush()
        reached = _reached(session, alert, now)
        following = rules.next_step(alert.kind, alert.step)
        if following is None:
            due_at = alert.step_began_at + dt.timedelta(minutes=rules.LADDERS[alert.kind].round_minutes)
        else:
            due_at = now if reached is False else teams.step_at(alert.kind, alert.ladder_from, following, alert.team_id)
        if due_at > now:
            break
        if following is None:
            alert.round, alert.step, alert.ladder_from = alert.round + 1, 0, now
            begin_step(session, alert, teams, now, event="round_began")
        else:
            alert.step = following
            begin_step(session, alert, teams, now)
    no_receipt_at = alert.step_began_at + NO_RECEIPT
    looks = [due_at, *_hand_over_ends(session, alert, now)]
    alert.next_at = min([*looks, no_receipt_at] if reached is None and no_receipt_at > now else looks)


def _hand_over_ends(session: Session, alert: Alert, now: dt.datetime) -> list[dt.datetime]:
    """When another team's watch over the client begins or ends: then the alert changes hands."""
    watch = session.get(Watch, alert.client_id) if alert.kind == "not_seen" and alert.client_id else None
    moments = (watch.handed_from_at, watch.handed_until_at) if watch else ()
    return [at for at in moments if at is not None and at > now]


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
