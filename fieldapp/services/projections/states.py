"""What each entry counts as now, after Angre and corrections: the ground every other projection stands on."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import contact
from fieldapp.models import Alert, Entry, EntryState
from sync.entry_types import parse_body

STRIKES = ("retracted", "wrong_client")


def refresh_state(session: Session, entry: Entry) -> EntryState:
    """Compute anew what this entry counts as, from itself and every correction that points at it."""
    state = session.get(EntryState, entry.id) or EntryState(entry_id=entry.id)
    fill_state(session, state, entry, _corrections_of(session, entry.id))
    session.add(state)
    session.flush()
    return state


def first_state(session: Session, entry: Entry) -> EntryState:
    """The same for an entry just taken: nothing can point at it yet."""
    state = EntryState(entry_id=entry.id)
    fill_state(session, state, entry, ())
    session.add(state)
    session.flush()
    return state


def fill_state(session: Session, state: EntryState, entry: Entry, corrections: Sequence[Entry]) -> None:
    """Set what the entry counts as; `corrections` are all that point at it, newest first."""
    strike = next((c for c in corrections if c.body["what"] in STRIKES), None)
    amendment = next((c for c in corrections if c.body["what"] == "text" and c.body.get("body")), None)
    body: dict[str, Any] = {**entry.body, **amendment.body["body"]} if amendment else entry.body
    state.client_id = _client_of(session, entry)
    state.body = body
    state.struck_by = strike.id if strike else None
    state.struck_as = strike.body["what"] if strike else None
    state.amended_by = amendment.id if amendment else None
    state.degree, state.source, state.contact_at = _contact(entry, body, struck=strike is not None)


def body_of(entry: Entry, state: EntryState) -> Any:
    """The entry's body as its Struct (sync/entry_types.py), after corrections."""
    return parse_body(entry.type, state.body)


def standing(
    session: Session, *types: str, client_id: uuid.UUID | None = None, case_id: uuid.UUID | None = None
) -> list[tuple[Entry, EntryState]]:
    """Entries of these types that nobody has struck, oldest first by clock time, then id: the order every rule uses."""
    query = (
        select(Entry, EntryState)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.type.in_(types), EntryState.struck_by.is_(None))
        .order_by(Entry.clock_at, Entry.id)
        # What was read before a lock was had may have been corrected since.
        .execution_options(populate_existing=True)
    )
    if client_id is not None:
        query = query.where(EntryState.client_id == client_id)
    if case_id is not None:
        query = query.where(Entry.case_id == case_id)
    return [(entry, state) for entry, state in session.execute(query)]


def _corrections_of(session: Session, entry_id: uuid.UUID) -> list[Entry]:
    """Newest first: the newest correction of each sort is the one that holds."""
    query = (
        select(Entry)
        .where(Entry.type == "entry_corrected", Entry.subject_id == entry_id)
        .order_by(Entry.clock_at.desc(), Entry.id.desc())
    )
    return list(session.scalars(query))


def _client_of(session: Session, entry: Entry) -> uuid.UUID | None:
    if entry.client_id is None and entry.type.startswith("alert_") and entry.subject_id is not None:
        alert = session.get(Alert, entry.subject_id)
        return alert.client_id if alert else None
    return entry.client_id


def _contact(entry: Entry, body: dict[str, Any], *, struck: bool) -> tuple[str, str | None, dt.datetime]:
    parsed = parse_body(entry.type, body)
    degree = contact.Degree.none if struck else contact.degree_of(entry.type, parsed)
    return degree.value, body.get("source"), contact.contact_time(entry.type, parsed, entry.clock_at)
