"""What «Jeg tar den», «Utsett», «Gi videre» and «Avslutt» do to their alert, and what it means to undo one of them."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.domain import watch as rules
from fieldapp.models import Alert, Entry, EntryState, HandCheck
from fieldapp.services.alerts import holds, lifecycle
from fieldapp.services.casefile import case_file, hold
from fieldapp.services.projections.states import body_of, standing
from sync.entry_type import AlertAnswer
from sync.entry_types import ENTRY_TYPES, types_that

_RESOLVE = types_that(lambda row: row.answers == "resolve")


def react(session: Session, entry: Entry, *, new: bool, now: dt.datetime) -> None:
    """Let the alert know of an entry about it: one that has just come, or (not `new`) one that was corrected."""
    alert, state = session.get_one(Alert, entry.subject_id), case_file(session).state(entry.id)
    if entry.type in _RESOLVE and alert.client_id is not None:
        refresh_hand_checks(session, alert.client_id)
    if state.struck_by is not None:
        _undo(session, alert, entry, now)
    elif new:
        _ANSWERS[_answer_of(entry)](session, alert, entry, body_of(entry, state), now)


def refresh_hand_checks(session: Session, client_id: uuid.UUID) -> bool:
    """Compute all of a client's checks by hand anew, as the clock's terms now are; whether there are any.

    A not_seen alert ended by hand without a contact gets a next check, never more than 24 hours ahead: no way of ending
    one may leave a silent client, and the next check becomes the clock's new `due_at`.
    """
    found = {}
    for entry, state in standing(session, *_RESOLVE, client_id=client_id):
        if check := _hand_check(session, client_id, entry, state):
            found[entry.id] = check
    return bool(hold(session, [client_id]).replace(HandCheck, client_id, found, key="entry_id"))


def _hand_check(session: Session, client_id: uuid.UUID, entry: Entry, state: EntryState) -> HandCheck | None:
    alert, watch = session.get_one(Alert, entry.subject_id), hold(session, [client_id]).watch(client_id)
    body, at = body_of(entry, state), state.happened_at(entry)
    was_seen = body.outcome == "was_seen" and body.next_check_at is None
    if was_seen or watch is None or alert.kind != "not_seen" or alert.client_id != client_id:
        return None
    next_check_at = rules.limit_next_check(body.next_check_at, at, watch.interval_minutes)
    return HandCheck(entry_id=entry.id, client_id=client_id, at=at, next_check_at=next_check_at)


def _undo(session: Session, alert: Alert, entry: Entry, now: dt.datetime) -> None:
    if entry.type in _RESOLVE:
        lifecycle.reopen(session, alert, entry_id=entry.id, now=now)
    else:
        holds.retract_hold(session, alert, entry_id=entry.id, now=now)


def _acknowledge(session: Session, alert: Alert, entry: Entry, _body: Any, now: dt.datetime) -> None:
    holds.acknowledge(session, alert, staff_id=entry.author_id, entry_id=entry.id, clock_at=entry.clock_at, now=now)


def _snooze(session: Session, alert: Alert, entry: Entry, body: Any, now: dt.datetime) -> None:
    holds.snooze(
        session,
        alert,
        staff_id=entry.author_id,
        entry_id=entry.id,
        clock_at=entry.clock_at,
        until=body.until,
        now=now,
    )


def _hand_over(session: Session, alert: Alert, entry: Entry, body: Any, now: dt.datetime) -> None:
    holds.hand_over(
        session,
        alert,
        from_staff_id=entry.author_id,
        to_staff_id=body.to_staff_id,
        entry_id=entry.id,
        clock_at=entry.clock_at,
        now=now,
    )


def _resolve(session: Session, alert: Alert, entry: Entry, body: Any, now: dt.datetime) -> None:
    """A not_seen alert ends with its clock, once the request is settled: by the contact or next check this brings."""
    if alert.kind != "not_seen":
        lifecycle.resolve_by_hand(
            session, alert, resolution=str(body.outcome), staff_id=entry.author_id, entry_id=entry.id, now=now
        )


def _answer_of(entry: Entry) -> AlertAnswer:
    answer = ENTRY_TYPES[entry.type].answers
    assert answer is not None  # only the types that point at an alert come here
    return answer


_ANSWERS: dict[AlertAnswer, Callable[[Session, Alert, Entry, Any, dt.datetime], None]] = {
    "acknowledge": _acknowledge,
    "snooze": _snooze,
    "hand_over": _hand_over,
    "resolve": _resolve,
}
