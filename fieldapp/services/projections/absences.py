"""Absences: when somebody went, that they are still away, and when they came back."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from fieldapp.domain.absence import overdue_at, watched_times
from fieldapp.domain.watch import AbsenceSpan, expected_end
from fieldapp.models import Absence, Entry, EntryState
from fieldapp.models.change import mark_changed
from fieldapp.services.casefile import case_file
from fieldapp.services.projections.states import body_of, has_effect, standing
from sync.entry_types import ENTRY_TYPES, types_that

_STARTS = types_that(lambda row: row.points_at == "new_absence")
_CONFIRMS = types_that(lambda row: row.points_at == "absence" and row.stops_clock)
_STEPS = types_that(lambda row: row.points_at == "absence_step")
_ENDS = types_that(lambda row: row.points_at == "absence" and not row.stops_clock)


def refresh_absences(session: Session, client_id: uuid.UUID) -> None:
    """Compute this client's absences anew. The earliest end that was logged holds; what has no effect makes none."""
    found: dict[uuid.UUID, Absence] = {}
    for entry, state in standing(session, *_STARTS, client_id=client_id):
        body = body_of(entry, state)
        if body.absence_id in found or not has_effect(entry):
            continue
        found[body.absence_id] = Absence(
            id=body.absence_id,
            client_id=client_id,
            kind=body.kind,
            place=body.where,
            started_at=state.happened_at(entry),
            expected_end_at=expected_end(body.expected_end_on, body.expected_end_at),
            confirmed_with=body.confirmed_with,
            started_entry_id=entry.id,
            steps=[],
            discharge={},
        )
    _put_in_steps(found, standing(session, *_STEPS, client_id=client_id))
    asked = _confirm(found, standing(session, *_CONFIRMS, client_id=client_id))
    for entry, state in standing(session, *_ENDS, client_id=client_id):
        body = body_of(entry, state)
        absence = found.get(body.absence_id)
        if absence is not None and absence.ended_at is None:
            absence.ended_at = state.happened_at(entry)
            absence.outcome = body.outcome
            absence.where_to = body.where_to
    for absence in found.values():
        last_asked_at = asked.get(absence.id, absence.started_at)
        ended = absence.ended_at is not None
        absence.ask_at = overdue_at(absence.kind, last_asked_at, absence.expected_end_at, ended)
    for absence_id in case_file(session).replace(Absence, client_id, found):
        mark_changed(session, "absence", absence_id, client_id=client_id)


def _put_in_steps(found: dict[uuid.UUID, Absence], said: list[tuple[Entry, EntryState]]) -> None:
    """The newest of each step, and of what is ready for coming home."""
    steps: dict[uuid.UUID, dict[str, dict[str, str]]] = {}
    for entry, state in said:
        body = body_of(entry, state)
        absence = found.get(body.absence_id)
        if absence is None or not has_effect(entry):
            continue
        if not ENTRY_TYPES[entry.type].stops_clock:
            absence.discharge = {"checks": list(body.checks), "home": body.home}
            continue
        times = {name: getattr(body, name).astimezone(dt.UTC).isoformat() for name in ("from_at", "to_at")}
        steps.setdefault(absence.id, {})[str(body.step_id)] = {**times, "watch": body.watch}
    for absence_id, of_absence in steps.items():
        found[absence_id].steps = sorted(of_absence.values(), key=lambda step: (step["from_at"], step["to_at"]))


def _confirm(
    found: dict[uuid.UUID, Absence], confirmations: list[tuple[Entry, EntryState]]
) -> dict[uuid.UUID, dt.datetime]:
    """Put in the new ends, and give when each absence was last asked about.

    Still away and no new end given: an end that has passed no longer holds, one still to come does.
    """
    asked: dict[uuid.UUID, dt.datetime] = {}
    for entry, state in confirmations:
        body = body_of(entry, state)
        absence = found.get(body.absence_id)
        if absence is None or not has_effect(entry):
            continue
        asked[absence.id] = at = state.happened_at(entry)
        absence.confirmed_with = body.confirmed_with or absence.confirmed_with
        new_end = expected_end(body.expected_end_on, body.expected_end_at)
        old_end = absence.expected_end_at
        absence.expected_end_at = new_end or (old_end if old_end and old_end > at else None)
    return asked


def span(absence: Absence) -> AbsenceSpan:
    """The absence as the clock's rules want it."""
    ends_at = _earlier(absence.ended_at, absence.expected_end_at)
    at_home = () if absence.ended_at is not None else tuple(watched_times(absence.steps))
    return AbsenceSpan(absence.id, absence.kind, absence.started_at, ends_at, at_home)


def _earlier(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)
