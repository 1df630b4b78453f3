"""The clock was set back: what was to happen soon must not wait until the old time comes again.

An alert opened at three o'clock by a clock that is then put right to yesterday would climb tomorrow. What has begun
cannot lie ahead of now, and nothing is put off further than its rule says: what does is due now. Clocks of clients
(`Watch.due_at`) follow from entries and are left alone.
"""

import datetime as dt

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import State
from fieldapp.domain.escalation import GIVE_UP_AFTER
from fieldapp.models import Alert, AlertHold, Delivery, OperatorAlarm
from fieldapp.services import operator
from fieldapp.services.notify.delivery import LEASE

CLOCKS_DIFFER = dt.timedelta(minutes=1)
"""The clocks of two machines, before it is called set back."""


def mend(session: Session, now: dt.datetime) -> int:
    """Bring what lies impossibly far ahead back to now; how many rows."""
    return sum(part(session, now) for part in (_asides, _holds, _waits, _ladders, _deliveries))


def any_ahead(session: Session, now: dt.datetime) -> bool:
    """Whether `mend` has anything to do."""
    ids = (
        (OperatorAlarm.id, _aside_is_ahead(now)),
        (AlertHold.entry_id, _hold_is_ahead(now)),
        (Alert.id, or_(_wait_is_ahead(now), _ladder_is_ahead(now))),
        (Delivery.id, _is_put_off(now)),
    )
    return any(session.execute(select(id_).where(ahead).limit(1)).first() for id_, ahead in ids)


def _aside_is_ahead(now: dt.datetime) -> ColumnElement[bool]:
    return OperatorAlarm.aside_until > now + operator.QUARANTINE + CLOCKS_DIFFER


def _hold_is_ahead(now: dt.datetime) -> ColumnElement[bool]:
    return AlertHold.from_at > now + CLOCKS_DIFFER


def _wait_is_ahead(now: dt.datetime) -> ColumnElement[bool]:
    return and_(Alert.state == State.waiting.value, Alert.opened_at > now + CLOCKS_DIFFER)


def _ladder_is_ahead(now: dt.datetime) -> ColumnElement[bool]:
    return and_(Alert.state == State.open.value, Alert.step_began_at > now + CLOCKS_DIFFER)


def _is_put_off(now: dt.datetime) -> ColumnElement[bool]:
    put_off = Delivery.next_attempt_at > now + GIVE_UP_AFTER + CLOCKS_DIFFER
    leased = Delivery.claimed_until > now + LEASE + CLOCKS_DIFFER
    tried_ahead = Delivery.first_attempt_at > now + CLOCKS_DIFFER
    return and_(Delivery.state == "pending", or_(put_off, leased, tried_ahead))


def _asides(session: Session, now: dt.datetime) -> int:
    """Whoever was quarantined for a minute is tried again."""
    found = session.scalars(select(OperatorAlarm).where(_aside_is_ahead(now))).all()
    for alarm in found:
        alarm.aside_until = now
    quarantined = Alert.id.in_([alarm.subject_id for alarm in found])
    session.execute(update(Alert).where(quarantined, Alert.state != State.resolved.value).values(next_at=now))
    return len(found)


def _waits(session: Session, now: dt.datetime) -> int:
    """What waits for its team to open is looked at again: the team may open, or be open, sooner than it seemed."""
    found = session.execute(update(Alert).where(_wait_is_ahead(now)).values(opened_at=now, next_at=now))
    return found.rowcount  # type: ignore[attr-defined]


def _ladders(session: Session, now: dt.datetime) -> int:
    found = session.scalars(select(Alert).where(_ladder_is_ahead(now)).with_for_update(skip_locked=True)).all()
    for alert in found:
        alert.ladder_from -= alert.step_began_at - now
        alert.step_began_at = alert.next_at = now
    return len(found)


def _holds(session: Session, now: dt.datetime) -> int:
    """«Jeg tar den» holds as long as it was meant to, from now, and its alert is looked at again."""
    found = session.scalars(select(AlertHold).where(_hold_is_ahead(now))).all()
    for hold in found:
        hold.until_at -= hold.from_at - now
        hold.from_at = now
    held = Alert.id.in_([hold.alert_id for hold in found])
    session.execute(update(Alert).where(held, Alert.state != State.resolved.value).values(next_at=now))
    return len(found)


def _deliveries(session: Session, now: dt.datetime) -> int:
    found = session.execute(
        update(Delivery)
        .where(_is_put_off(now))
        .values(next_attempt_at=now, claimed_until=None, claimed_by=None, first_attempt_at=None),
        execution_options={"synchronize_session": False},
    )
    return found.rowcount  # type: ignore[attr-defined]
