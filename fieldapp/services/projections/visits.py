"""Who is out on a visit, and when they mean to be back: from `visit_started` and `visit_ended`."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import Entry, EntryState, StaffVisit
from fieldapp.models.change import mark_changed
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.services.projections.states import body_of

LONGEST_VISIT = dt.timedelta(hours=24)
"""An end mistyped by a year must not keep a colleague from being asked about."""
_TYPES = ("visit_started", "visit_ended")


def refresh_visit(session: Session, visit_id: uuid.UUID) -> None:
    """Compute one visit anew; one whose start was struck is gone. Its row is had before the entries are read."""
    session.flush()
    visit = session.get(StaffVisit, visit_id, populate_existing=True, with_for_update=True)
    query = (
        select(Entry, EntryState)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.type.in_(_TYPES), Entry.subject_id == visit_id, EntryState.struck_by.is_(None))
        .order_by(HAPPENED_AT, Entry.id)
    )
    entries = [(entry, state) for entry, state in session.execute(query)]
    started = next((pair for pair in entries if pair[0].type == "visit_started"), None)
    ended_at = next((state.happened_at(entry) for entry, state in entries if entry.type == "visit_ended"), None)
    if visit is not None:
        mark_changed(session, "visit", visit_id, client_id=visit.client_id, team_id=visit.team_id)
    if started is None:
        if visit is not None:
            session.delete(visit)
    else:
        visit = visit or StaffVisit(id=visit_id)
        _fill(visit, *started, ended_at)
        session.add(visit)
        mark_changed(session, "visit", visit_id, client_id=visit.client_id, team_id=visit.team_id)
    session.flush()


def _fill(visit: StaffVisit, entry: Entry, state: EntryState, ended_at: dt.datetime | None) -> None:
    body, at = body_of(entry, state), state.happened_at(entry)
    assert entry.team_id is not None  # its own or the client's: it was checked at the door
    visit.staff_id = entry.author_id
    visit.with_staff = [str(one) for one in body.with_staff]
    visit.client_id = state.client_id
    visit.team_id = entry.team_id
    visit.started_at = at
    visit.expected_end_at = min(body.expected_end_at.astimezone(dt.UTC), at + LONGEST_VISIT)
    visit.ended_at = ended_at
    visit.started_entry_id = entry.id
