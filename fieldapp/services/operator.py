"""What only an operator can mend: alarms, and the quarantine of a minute for what the engine stumbles over."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

import structlog
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from fieldapp.domain.operator_alarms import Alarm
from fieldapp.models import OperatorAlarm
from fieldapp.models.base import Moment
from fieldapp.services.writing import Stumbled, apart, insert_new

QUARANTINE = dt.timedelta(minutes=1)

Item = TypeVar("Item")

_log = structlog.get_logger()


def alarm(
    session: Session,
    what: Alarm,
    subject_id: uuid.UUID,
    detail: str,
    now: dt.datetime,
    *,
    aside_until: dt.datetime | None = None,
) -> None:
    """Tell the operator; the same trouble with the same subject is one row. `detail` holds nothing personal."""
    values = {"last_at": now, "detail": detail, "aside_until": aside_until}
    known = session.execute(
        update(OperatorAlarm)
        .where(
            OperatorAlarm.code == what.code, OperatorAlarm.subject_id == subject_id, OperatorAlarm.cleared_at.is_(None)
        )
        .values(count=OperatorAlarm.count + 1, **values)
    )
    if known.rowcount == 0:  # type: ignore[attr-defined]
        row = {"at": now, "code": what.code, "subject_id": subject_id, "count": 1, **values}
        insert_new(session, OperatorAlarm, [row])
    _log.error("operator_alarm", code=what.code, subject=str(subject_id), detail=detail)


def about(where: str) -> uuid.UUID:
    """The subject of an alarm about what has no id of its own: a service (`host:port`) or an e-mail address."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, where)


def quarantine(session: Session, what: Alarm, subject_id: uuid.UUID, error: BaseException, now: dt.datetime) -> None:
    """Leave this subject alone for a minute and tell the operator, so that it never delays the others."""
    cause = error.__cause__ or error
    alarm(session, what, subject_id, type(cause).__name__, now, aside_until=now + QUARANTINE)
    _log.error("quarantined", code=what.code, subject=str(subject_id), exc_info=cause)


def each_apart(
    session: Session,
    what: Alarm,
    now: dt.datetime,
    items: Iterable[tuple[uuid.UUID, Item]],
    one: Callable[[Item], int],
    together: Callable[[], int] | None = None,
    when_quarantined: Callable[[uuid.UUID], object] = lambda _: None,
    quarantined_counts: bool = False,
) -> int:
    """Do the work for all `together`, and where that stumbles for one item after the other, each in a savepoint.

    An item that is stumbled over is left alone for a minute and keeps nobody else waiting. `items`: each with the
    subject of its alarm. Returns the number done, with those left alone where `quarantined_counts`.
    """
    if together is not None:
        try:
            with apart(session):
                return together()
        except Stumbled as error:
            _log.warning("one_by_one", code=what.code, exc_info=error.__cause__)
    done = 0
    for subject_id, item in items:
        try:
            with apart(session):
                done += one(item)
        except Stumbled as error:
            quarantine(session, what, subject_id, error, now)
            when_quarantined(subject_id)
            done += quarantined_counts
    return done


def quarantined(what: Alarm, now: Moment) -> Select[uuid.UUID]:
    """The subjects left alone now (a subquery)."""
    return select(OperatorAlarm.subject_id).where(
        OperatorAlarm.code == what.code, OperatorAlarm.cleared_at.is_(None), OperatorAlarm.aside_until > now
    )


def clear_sending(session: Session, subject_ids: Collection[uuid.UUID], now: dt.datetime) -> None:
    """Sending there works again, or nothing is sent there any more: whatever was refused. A quarantine stays."""
    session.execute(
        update(OperatorAlarm)
        .where(
            OperatorAlarm.subject_id.in_(list(subject_ids)),
            OperatorAlarm.cleared_at.is_(None),
            OperatorAlarm.aside_until.is_(None),
        )
        .values(cleared_at=now),
        execution_options={"synchronize_session": False},
    )


def raised_since(session: Session, since: dt.datetime) -> set[tuple[int, int]]:
    """The alarms raised, or raised again, after `since`: each with how many times so far."""
    query = select(OperatorAlarm.id, OperatorAlarm.count)
    rows = session.execute(query.where(OperatorAlarm.last_at > since, OperatorAlarm.cleared_at.is_(None)))
    return {(alarm_id, times) for alarm_id, times in rows}
