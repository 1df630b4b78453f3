"""Alerts that never ring: an absence to ask about, a deadline. Lines on I dag, opened by the worker when they are due.

Invariant: at most one unresolved reminder per absence, and per case and date; each ends when what it asks for has been
told, in the same transaction as the entry that tells it.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fieldapp.domain.alert_states import Event, State, after
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.domain.operator_alarms import Alarm
from fieldapp.models import Absence, Alert, Case, Client, Entry, Watch
from fieldapp.models.alert import FIRST_ROUND, FIRST_STEP
from fieldapp.models.base import NOW
from fieldapp.models.change import mark_changed
from fieldapp.services import operator
from fieldapp.services.alerts import ending
from fieldapp.services.alerts.ladder_steps import note_opened
from fieldapp.services.alerts.opening_hours import OpeningHours
from fieldapp.services.casefile import case_file
from fieldapp.services.writing import insert_new

_MIDNIGHT = dt.time(0, 0)
_AT_ONCE = 500


@dataclass(frozen=True)
class _Reminder:
    kind: str
    subject_id: uuid.UUID
    client_id: uuid.UUID
    team_id: uuid.UUID
    episode: uuid.UUID
    due_at: dt.datetime
    case_id: uuid.UUID | None = None


def open_reminders(session: Session, now: dt.datetime) -> int:
    """Open what is due and has no reminder yet; how many. One that cannot be opened is quarantined, alone."""
    reminders = _due_reminders(session, now)
    if not reminders:
        return 0
    hours = OpeningHours(session, now)
    return operator.each_apart(
        session,
        Alarm.REMINDER_ASIDE,
        now,
        items=[(reminder.subject_id, reminder) for reminder in reminders],
        one=lambda reminder: _open(session, [reminder], hours, now),
        together=lambda: _open(session, reminders, hours, now),
    )


def _due_reminders(session: Session, now: dt.datetime) -> list[_Reminder]:
    found = [*_absences(session, now), *_deadlines(session, now)]
    aside = set(session.scalars(operator.quarantined(Alarm.REMINDER_ASIDE, now))) if found else set()
    return [reminder for reminder in found if reminder.subject_id not in aside]


def _open(session: Session, reminders: Sequence[_Reminder], hours: OpeningHours, now: dt.datetime) -> int:
    rows = [_row(reminder, hours, now) for reminder in reminders]
    table = Alert.__table__.c
    opened = insert_new(session, Alert, rows, [table.id, table.client_id, table.team_id, table.state])
    for state, event in ((State.open, Event.opened), (State.waiting, Event.opened_waiting)):
        note_opened(session, [row.id for row in opened if row.state == state.value], now, event)
    for row in opened:
        mark_changed(session, "alert", row.id, client_id=row.client_id, team_id=row.team_id)
        case_file(session).alert_opened(row.client_id)
    return len(opened)


def any_reminder_due(session: Session, now: dt.datetime) -> bool:
    """Whether `open_reminders` has anything to do."""
    return bool(_due_reminders(session, now))


def settle_reminders(session: Session, causes: Mapping[uuid.UUID, Entry], now: dt.datetime) -> None:
    """End these clients' reminders that were answered: an absence asked about or over, a deadline moved or met.

    Each client with the entry that may have answered.
    """
    query = select(Alert).where(
        Alert.client_id.in_(causes),
        Alert.kind.in_(("absence_overdue", "case_deadline")),
        Alert.state != State.resolved.value,
    )
    for alert in session.scalars(query).all():
        cause = causes[alert.client_id] if alert.client_id else None
        if cause is not None and not _still_asks(session, alert, now):
            ending.resolve(
                session,
                alert,
                resolution="answered",
                staff_id=cause.author_id,
                entry_id=cause.id,
                now=now,
                is_told=False,
            )


def next_reminder_at(session: Session, now: dt.datetime) -> dt.datetime | None:
    """When there may next be a reminder to open."""
    ask_at = session.scalar(select(Absence.ask_at).where(Absence.ask_at > now).order_by(Absence.ask_at).limit(1))
    ahead = Case.deadline_on > day_of(now)
    on = session.scalar(select(Case.deadline_on).where(ahead).order_by(Case.deadline_on).limit(1))
    return min((at for at in (ask_at, at_wall_time(on, _MIDNIGHT) if on else None) if at), default=None)


def deadline_subject(case_id: uuid.UUID, on: dt.date) -> uuid.UUID:
    """The subject of a deadline's alert: the case and the date, so that a new date is a new reminder."""
    return uuid.uuid5(case_id, on.isoformat())


def _absences(session: Session, now: dt.datetime) -> list[_Reminder]:
    rows = session.execute(_OVERDUE_ABSENCES, {"now": now})
    return [_Reminder("absence_overdue", *row[:4], ask_at) for row in rows if (ask_at := row[4]) is not None]


def _deadlines(session: Session, now: dt.datetime) -> list[_Reminder]:
    known = set(session.scalars(_DEADLINES_WITH_LINE))
    found = []
    for case_id, client_id, team_id, entry_id, on in session.execute(_DEADLINES, {"today": day_of(now)}):
        if on is None or client_id is None:
            continue
        subject_id = deadline_subject(case_id, on)
        if subject_id not in known:
            due_at = at_wall_time(on, _MIDNIGHT)
            found.append(_Reminder("case_deadline", subject_id, client_id, team_id, entry_id, due_at, case_id))
    return found


def _followed(client_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Asked of the one client: «in those who are followed» would list a whole town every few seconds."""
    return (
        select(Client.id).where(Client.id == client_id, Client.ended_at.is_(None), Client.deceased.is_(False)).exists()
    )


_HAS_LINE = (
    select(Alert.id)
    .where(Alert.kind == "absence_overdue", Alert.subject_id == Absence.id, Alert.state != State.resolved.value)
    .exists()
)
_OVERDUE_ABSENCES = (
    select(Absence.id, Absence.client_id, Watch.team_id, Absence.started_entry_id, Absence.ask_at)
    .join(Watch, Watch.client_id == Absence.client_id)
    .where(Absence.ask_at <= NOW, ~_HAS_LINE, _followed(Absence.client_id))
    .order_by(Absence.ask_at)
    .limit(_AT_ONCE)
)
_DEADLINES_WITH_LINE = select(Alert.subject_id).where(
    Alert.kind == "case_deadline", Alert.state != State.resolved.value
)
_DEADLINES = select(Case.id, Case.client_id, Case.team_id, Case.opened_entry_id, Case.deadline_on).where(
    Case.deadline_on <= bindparam("today", type_=Date), _followed(Case.client_id)
)


def _row(reminder: _Reminder, hours: OpeningHours, now: dt.datetime) -> dict[str, object]:
    closed = hours.closed(reminder.team_id)
    opens_at = closed.opens_at if closed else None
    return {
        "id": uuid.uuid4(),
        "kind": reminder.kind,
        "subject_id": reminder.subject_id,
        "client_id": reminder.client_id,
        "team_id": reminder.team_id,
        "case_id": reminder.case_id,
        "episode": reminder.episode,
        "state": after(None, Event.opened_waiting if opens_at else Event.opened).value,
        "step": FIRST_STEP,
        "round": FIRST_ROUND,
        "ladder_from": now,
        "step_began_at": now,
        "next_at": opens_at,
        "waits_until_at": opens_at,
        "opened_at": now,
        "due_at": reminder.due_at,
        "topic": uuid.uuid4().hex,
    }


def _still_asks(session: Session, alert: Alert, now: dt.datetime) -> bool:
    client = case_file(session).client(alert.client_id) if alert.client_id else None
    if client is None or client.ended_at is not None or client.deceased:
        return False  # as in `_followed`: nobody is asked about who is not followed up
    if alert.kind == "absence_overdue":
        absence = session.get(Absence, alert.subject_id)
        return absence is not None and absence.ask_at is not None and absence.ask_at <= now
    case = session.get(Case, alert.case_id) if alert.case_id else None
    return (
        case is not None
        and case.deadline_on is not None
        and deadline_subject(case.id, case.deadline_on) == alert.subject_id
    )
