"""The safety of those who are out: a visit that should be over, and «Be om hjelp».

Invariant: every visit past its expected end that has not ended has, after every tick, an unresolved `staff_overdue`; so
has one whose person has no account any more, whatever its expected end: nobody else can say that they are out.
"""

import datetime as dt
import uuid

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import RETRACTED, State
from fieldapp.domain.operator_alarms import Alarm
from fieldapp.models import Alert, Entry, EntryState, Staff, StaffVisit
from fieldapp.models.base import NOW, Moment
from fieldapp.services import operator
from fieldapp.services.alerts import ending, lifecycle
from fieldapp.services.followers import works_here
from fieldapp.services.projections.states import body_of

_AT_ONCE = 200


def ask_all(session: Session, now: dt.datetime) -> int:
    """Ask those who should be out by now; how many.

    Locked, or one that is ended this very moment would be asked about by an alert that nothing ends: whoever ends it
    either comes first, and it is not overdue, or waits, and finds the alert. What is being changed waits for next time.
    """
    query = select(StaffVisit).where(*_overdue(now)).order_by(StaffVisit.expected_end_at).limit(_AT_ONCE)
    visits = session.scalars(query.with_for_update(of=StaffVisit, skip_locked=True)).all()
    return operator.each_apart(
        session,
        Alarm.VISIT_ASIDE,
        now,
        items=[(visit.id, visit) for visit in visits],
        one=lambda visit: _open(session, visit, now),
    )


def any_overdue_visit(session: Session, now: dt.datetime) -> bool:
    """Whether `ask_all` has anything to do."""
    return session.scalar(_ANY_OVERDUE, {"now": now}) is not None


def settle_visit(session: Session, visit_id: uuid.UUID, cause: Entry, now: dt.datetime) -> None:
    """They are out again, have more time, or never went in."""
    alert = lifecycle.unresolved(session, "staff_overdue", visit_id)
    visit = session.get(StaffVisit, visit_id)
    still_overdue = visit is not None and visit.ended_at is None and _should_be_out(session, visit, now)
    if alert is None or still_overdue:
        return
    resolution = RETRACTED if visit is None else "visit_ended" if visit.ended_at else "clock_moved"
    ending.resolve(session, alert, resolution=resolution, staff_id=cause.author_id, entry_id=cause.id, now=now)


def settle_help(session: Session, entry: Entry, cause: Entry, now: dt.datetime) -> None:
    """«Be om hjelp» rings at once, whatever the hour; its retraction ends it."""
    state = session.get_one(EntryState, entry.id)
    alert = lifecycle.unresolved(session, "staff_help", entry.id)
    if state.struck_by is not None:
        if alert is not None:
            ending.resolve(session, alert, resolution=RETRACTED, staff_id=cause.author_id, entry_id=cause.id, now=now)
        return
    if entry.team_id is None or lifecycle.was_answered(session, "staff_help", entry.id):
        return
    visit_id = body_of(entry, state).visit_id
    visit = session.get(StaffVisit, visit_id) if visit_id else None
    is_mine = visit is not None and visit.staff_id == entry.author_id
    lifecycle.open_alert(
        session,
        lifecycle.Subject(
            kind="staff_help",
            subject_id=entry.id,
            client_id=state.client_id or (visit.client_id if visit is not None and is_mine else None),
            team_id=entry.team_id,
            episode=entry.id,
            due_at=state.happened_at(entry),
            staff_id=entry.author_id,
        ),
        now,
    )


def _should_be_out(session: Session, visit: StaffVisit, now: dt.datetime) -> bool:
    return visit.expected_end_at <= now or session.get_one(Staff, visit.staff_id).ended_at is not None


def _overdue(now: Moment) -> tuple[ColumnElement[bool], ...]:
    has_alert = (
        select(Alert.id)
        .where(Alert.kind == "staff_overdue", Alert.subject_id == StaffVisit.id, Alert.state != State.resolved.value)
        .exists()
    )
    return (
        StaffVisit.ended_at.is_(None),
        or_(StaffVisit.expected_end_at <= now, ~works_here(StaffVisit.staff_id)),
        ~has_alert,
        StaffVisit.id.not_in(operator.quarantined(Alarm.VISIT_ASIDE, now)),
    )


_ANY_OVERDUE = select(StaffVisit.id).where(*_overdue(NOW)).limit(1)


def _open(session: Session, visit: StaffVisit, now: dt.datetime) -> int:
    opened = lifecycle.open_alert(
        session,
        lifecycle.Subject(
            kind="staff_overdue",
            subject_id=visit.id,
            client_id=visit.client_id,
            team_id=visit.team_id,
            episode=visit.started_entry_id,
            due_at=min(visit.expected_end_at, now),
            staff_id=visit.staff_id,
        ),
        now,
    )
    return int(opened is not None)
