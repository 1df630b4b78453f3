"""The worker's sign of life, when there is next something to do, and the rows nobody needs any more."""

import datetime as dt

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from fieldapp.domain.opening import next_morning
from fieldapp.models import Alert, Delivery, FailedSignIn, Heartbeat, LoginSession, OperatorAlarm, StaffVisit, Watch
from fieldapp.models.base import NOW
from fieldapp.services.alerts.opening_hours import OpeningHours
from fieldapp.services.alerts.reminders import next_reminder_at
from fieldapp.services.people import ended_sessions
from fieldapp.services.writing import insert_new

_ONE_ROW = 1
_BEAT = update(Heartbeat).where(Heartbeat.id == _ONE_ROW).values(ticked_at=NOW, worker=bindparam("by"))
_SIGN_INS_KEPT = dt.timedelta(days=1)
_SESSIONS_KEPT = dt.timedelta(days=30)
_QUIET = dt.timedelta(minutes=10)


def beat(session: Session, worker: str, now: dt.datetime) -> None:
    """A tick went well."""
    if not session.execute(_BEAT, {"now": now, "by": worker}).rowcount:  # type: ignore[attr-defined]
        insert_new(session, Heartbeat, [{"id": _ONE_ROW, "ticked_at": now, "worker": worker}])


def next_due_at(session: Session, now: dt.datetime) -> dt.datetime | None:
    """The earliest moment after now at which the worker has something to do."""
    pending = Delivery.state == "pending"
    queries = (
        select(func.min(Watch.due_at)).where(Watch.due_at > now),
        select(func.min(Alert.next_at)).where(Alert.state != "resolved", Alert.next_at > now),
        select(func.min(Delivery.next_attempt_at)).where(pending, Delivery.next_attempt_at > now),
        select(func.min(Delivery.claimed_until)).where(pending, Delivery.claimed_until > now),
        select(func.min(StaffVisit.expected_end_at)).where(
            StaffVisit.ended_at.is_(None), StaffVisit.expected_end_at > now
        ),
    )
    moments = [session.scalar(query) for query in queries]
    moments += [next_reminder_at(session, now), OpeningHours(session, now).next_notice_at(), next_morning(now)]
    return min((moment for moment in moments if moment), default=None)


def clear_quiet_alarms(session: Session, now: dt.datetime) -> int:
    """An operator's alarm about something left aside that has not come again is over."""
    quiet = session.scalars(
        select(OperatorAlarm).where(
            OperatorAlarm.cleared_at.is_(None),
            OperatorAlarm.aside_until.is_not(None),
            OperatorAlarm.last_at <= now - _QUIET,
        )
    ).all()
    for row in quiet:
        row.cleared_at = now
    return len(quiet)


def old_rows(now: dt.datetime) -> tuple[tuple[str, ColumnElement[bool], str], ...]:
    """What `forget_sign_ins` drops: what it is, which rows, and why."""
    return (
        ("mislykkede innlogginger", FailedSignIn.at <= now - _SIGN_INS_KEPT, "eldre enn 1 døgn"),
        ("økter", LoginSession.ends_at <= now - _SESSIONS_KEPT, "tok slutt for 30 dager siden eller mer"),
        ("merker etter avsluttede økter", ended_sessions.is_old(now), "eldre enn 60 dager"),
    )


def forget_sign_ins(session: Session, now: dt.datetime) -> int:
    """Failed sign-ins the throttle no longer looks at, and sessions that ended long ago."""
    failed = session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - _SIGN_INS_KEPT))
    ended = session.execute(delete(LoginSession).where(LoginSession.ends_at <= now - _SESSIONS_KEPT))
    return failed.rowcount + ended.rowcount + ended_sessions.forget(session, now)  # type: ignore[attr-defined]
