"""Opening: one alert for every clock that has run out, its first notifications with it. Any number of workers.

Invariants:
- An alert and the notifications of its step 0 are written in one transaction: a crash leaves both or neither.
- At most one unresolved alert per (kind, subject): a partial unique index, so two workers can both try.
- A clock is read under a row lock, so an entry that moves it and the worker that opens it never pass each other.
- One client that cannot be handled is quarantined for a minute, alone; the others are opened in the same transaction.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import State
from fieldapp.domain.operator_alarms import Alarm
from fieldapp.models import Alert, Watch
from fieldapp.models.alert import FIRST_ROUND, FIRST_STEP
from fieldapp.models.base import NOW, Moment
from fieldapp.models.change import mark_new
from fieldapp.services import operator
from fieldapp.services.alerts.ladder_steps import NO_RECEIPT, begin_batch
from fieldapp.services.alerts.opening_hours import OpeningHours
from fieldapp.services.writing import Batch, RandomKey, insert_from, select_as

BATCH = 5000
"""Alerts opened in one transaction: many, for a commit costs as much as hundreds of them, and yet few enough that a
phone's sync waits about a third of a second at most for its turn (bench/open_overdue.py)."""
ONE_BY_ONE = 100
"""Clients tried each by itself in one transaction, to find the one that is stumbled over."""


def open_overdue(session: Session, now: dt.datetime, limit: int = BATCH) -> int:
    """Open an alert for the clients whose clock has run out, most overdue first; the number opened or quarantined."""
    return operator.each_apart(
        session,
        Alarm.CLIENT_ASIDE,
        now,
        items=_overdue_clients(session, now, min(limit, ONE_BY_ONE)),
        one=lambda client_id: _open(session, now, 1, Watch.client_id == client_id),
        together=lambda: _open(session, now, limit),
        quarantined_counts=True,
    )


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
        Watch.client_id.not_in(operator.quarantined(Alarm.CLIENT_ASIDE, now)),
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
        mark_new(session, "alert", new)
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


def _overdue_clients(session: Session, now: dt.datetime, limit: int) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Each twice, as the subject and as the item; asked for only when the first is."""
    query = select(Watch.client_id).where(*_overdue(now)).order_by(Watch.due_at, Watch.client_id)
    yield from ((client_id, client_id) for client_id in session.scalars(query.limit(limit)).all())
