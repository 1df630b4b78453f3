"""One step of an alert's ladder: who is told in it, its transition row, and when to look at the alert next."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, insert, or_, select, update
from sqlalchemy.orm import Session

from fieldapp.domain import escalation as rules
from fieldapp.domain.alert_states import Event, State, after, title_of
from fieldapp.models import Alert, AlertTransition, Client, Delivery, Notification
from fieldapp.models.access import limited_clients
from fieldapp.models.alert import FIRST_ROUND, FIRST_STEP
from fieldapp.services.alerts.recipients import TeamsNow
from fieldapp.services.notify.alert_news import mark_alert_changed
from fieldapp.services.notify.notifications import ToNotify, notify, notify_of_batch, tried_alerts
from fieldapp.services.writing import Batch, chunks, insert_from, select_as

UNNAMED = "unnamed"
"""The kind of a message about an alert whose client is not named, nor shown."""
NO_RECEIPT = dt.timedelta(seconds=rules.NO_RECEIPT_SECONDS)


@dataclass(frozen=True)
class Opened:
    """What beginning an alert's step 0 needs to know of it."""

    id: uuid.UUID
    kind: str
    team_id: uuid.UUID
    client_id: uuid.UUID | None
    staff_id: uuid.UUID | None = None
    """Whose safety it is about."""


def begin_steps(session: Session, opened: Sequence[Opened], now: dt.datetime) -> None:
    """Begin step 0 of newly inserted alerts: their transition, their notifications, and when to look at them next."""
    note_opened(session, [alert.id for alert in opened], now)
    _tell_first(session, opened, TeamsNow(session, now), now)


def begin_batch(session: Session, batch: Batch, kind: str, now: dt.datetime) -> None:
    """The same for alerts about clients that were inserted as one batch, to be looked at in NO_RECEIPT: set-based.

    Those that wait for their team to open get their transition only.
    """
    _note_batch(session, batch, now)
    teams = TeamsNow(session, now)
    opened = and_(batch.holds(Alert.id), Alert.state == State.open.value)
    is_limited = Alert.client_id.in_(limited_clients())
    groups = select(Alert.team_id, Client.primary_staff_id).join(Client, Client.id == Alert.client_id).where(opened)
    found = session.execute(groups.distinct()).all()
    closed = {team_id for team_id, _ in found if teams.hours.closed(team_id)}
    listeners = {
        (team_id, primary_id): teams.recipients_of_open(kind, FIRST_STEP, team_id, primary_id)
        for team_id, primary_id in found
        if team_id not in closed
    }
    notify_of_batch(session, batch, listeners, title_of(kind, FIRST_STEP), now, ~is_limited)
    # Asked of the rows, not concluded: whatever kept somebody from being told, such an alert climbs at once.
    _look(session, now, opened, ~_HAS_DELIVERY)
    for team_id in {team_id for team_id, _ in listeners}:
        if (at := _first_look(kind, team_id, teams, now)) < now + NO_RECEIPT:
            _look(session, at, opened, Alert.team_id == team_id, Alert.next_at > at)
    # Whom a closed team's alert rings may differ from one client to the next, and so it does where one has limits.
    one_by_one = or_(Alert.team_id.in_(closed), is_limited)
    rows = select(Alert.id, Alert.kind, Alert.team_id, Alert.client_id).where(opened, one_by_one)
    _tell_first(session, [Opened(*row) for row in session.execute(rows)], teams, now)


def _tell_first(session: Session, opened: Sequence[Opened], teams: TeamsNow, now: dt.datetime) -> None:
    if not opened:
        return
    teams.know_primaries([alert.client_id for alert in opened if alert.client_id])
    wanted = [
        ToNotify(staff_id, title_of(alert.kind, FIRST_STEP), alert.id, FIRST_STEP, FIRST_ROUND)
        for alert in opened
        for staff_id in teams.recipients(alert.kind, FIRST_STEP, alert.team_id, alert.client_id, alert.staff_id)
    ]
    tried = tried_alerts(session, notify(session, wanted, now))
    _tell_leaders(session, opened, FIRST_STEP, teams, now)
    looks: dict[dt.datetime, list[uuid.UUID]] = {}
    for alert in opened:
        at = _first_look(alert.kind, alert.team_id, teams, now) if alert.id in tried else now
        looks.setdefault(at, []).append(alert.id)
    for at, ids in looks.items():
        for some in chunks(ids):
            _look(session, at, Alert.id.in_(some))


_HAS_DELIVERY = (
    select(Delivery.id)
    .join(Notification, Notification.id == Delivery.notification_id)
    .where(Notification.alert_id == Alert.id)
    .exists()
)


def _look(session: Session, at: dt.datetime, *which: ColumnElement[bool]) -> None:
    session.execute(update(Alert).where(*which).values(next_at=at), execution_options={"synchronize_session": False})


def _first_look(kind: str, team_id: uuid.UUID, teams: TeamsNow, now: dt.datetime) -> dt.datetime:
    following = rules.next_step(kind, FIRST_STEP)
    by_clock = teams.step_at(kind, now, following, team_id) if following else now + NO_RECEIPT
    return min(by_clock, now + NO_RECEIPT)


def note_opened(
    session: Session, alert_ids: Sequence[uuid.UUID], now: dt.datetime, event: Event = Event.opened
) -> None:
    """The first transition of newly inserted alerts."""
    rows = [{"alert_id": alert_id} | _opening(event, now) for alert_id in alert_ids]
    if rows:
        session.execute(insert(cast(Table, AlertTransition.__table__)), rows)


def _note_batch(session: Session, batch: Batch, now: dt.datetime) -> None:
    for event in (Event.opened, Event.opened_waiting):
        row = _opening(event, now)
        rows = select_as(AlertTransition, {"alert_id": Alert.id} | row)
        insert_from(session, AlertTransition, rows.where(batch.holds(Alert.id), Alert.state == row["to_state"]))


def _opening(event: Event, now: dt.datetime) -> dict[str, Any]:
    return {
        "at": now,
        "event": event.value,
        "from_state": None,
        "to_state": after(None, event).value,
        "step": FIRST_STEP,
        "round": FIRST_ROUND,
    }


def begin_step(session: Session, alert: Alert, now: dt.datetime, *, event: str = "step_began") -> None:
    """The alert's present step and round begin now; `notify_of_steps` tells its people."""
    alert.step_began_at = now
    note(session, alert, event=event, from_state=alert.state, now=now)
    mark_alert_changed(session, alert)


def begin_round(session: Session, alert: Alert, now: dt.datetime) -> None:
    """The ladder begins anew, from its first step."""
    alert.step, alert.round, alert.ladder_from = FIRST_STEP, alert.round + 1, now
    begin_step(session, alert, now, event="round_began")


def notify_of_steps(session: Session, alerts: Sequence[Alert], teams: TeamsNow, now: dt.datetime) -> None:
    """Tell everyone of the present step and round of each; who has many of them is told once."""
    teams.know_primaries([alert.client_id for alert in alerts if alert.client_id])
    wanted = [
        ToNotify(staff_id, title_of(alert.kind, alert.step), alert.id, alert.step, alert.round)
        for alert in alerts
        for staff_id in teams.recipients(alert.kind, alert.step, alert.team_id, alert.client_id, alert.staff_id)
    ]
    if wanted:
        notify(session, wanted, now)
    for alert in alerts:
        _tell_leaders(session, [alert], alert.step, teams, now)


def _tell_leaders(
    session: Session, alerts: Sequence[Alert | Opened], step: int, teams: TeamsNow, now: dt.datetime
) -> None:
    """Of clients of code 6 without anybody on duty who may see them: a message that leads nowhere near the client."""
    wanted = [
        ToNotify(staff_id, UNNAMED)
        for alert in alerts
        for staff_id in teams.leaders_without_client(alert.kind, step, alert.team_id, alert.client_id)
    ]
    if wanted:
        notify(session, wanted, now)


def note(
    session: Session,
    alert: Alert,
    *,
    event: str,
    from_state: str | None,
    now: dt.datetime,
    staff_id: uuid.UUID | None = None,
    entry_id: uuid.UUID | None = None,
    reason: str | None = None,
) -> None:
    """One row for one change of an alert, or one step of its ladder, which phones and screens then fetch. The alert
    carries its new state already."""
    session.add(
        AlertTransition(
            alert_id=alert.id,
            at=now,
            event=str(event),
            from_state=from_state,
            to_state=alert.state,
            step=alert.step,
            round=alert.round,
            staff_id=staff_id,
            entry_id=entry_id,
            reason=reason,
        )
    )
    mark_alert_changed(session, alert)
