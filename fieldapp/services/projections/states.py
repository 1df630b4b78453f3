"""What each entry counts as now, after Angre and corrections: the ground every other projection stands on.

Text corrections merge field by field, oldest first by (clock time, id). One that carries the flag `no_effect` changes
nothing. Once struck, an entry stays struck.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import contact
from fieldapp.domain.alert_states import ABOUT_STAFF
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.models import Alert, Entry, EntryState
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.services.casefile import Pair, case_file
from sync.entry_types import ENTRY_TYPES, parse_body, types_that
from sync.envelope import LOCKED

STRIKES = ("retracted", "wrong_client")

About = Callable[[uuid.UUID], Sequence[Entry]]
"""All corrections that point at an entry, oldest first."""
RecordOf = Callable[[uuid.UUID], uuid.UUID]
"""In whose record a client stands: its own, unless it is a duplicate."""


@dataclass(frozen=True)
class Amended:
    """An entry as its text corrections make it; `at` is None while its own clock time stands."""

    body: dict[str, Any]
    at: dt.datetime | None = None
    by: uuid.UUID | None = None


def refresh_state(session: Session, entry: Entry) -> EntryState:
    """Compute anew what this entry counts as, from itself and every correction that points at it."""
    file = case_file(session)
    state = file.state(entry.id)
    fill_state(session, state, entry, file.corrections, file.record_of)
    return state


def first_state(session: Session, entry: Entry) -> EntryState:
    """The same for an entry just taken: nothing can point at it yet. Writes both."""
    file = case_file(session)
    if entry.type == "entry_corrected":
        file.correct(entry)
    state = EntryState(entry_id=entry.id)
    is_correction = entry.type == "entry_corrected"
    about: About = lambda id_: file.corrections(id_) if is_correction or id_ != entry.id else ()  # noqa: E731
    fill_state(session, state, entry, about, file.record_of)
    file.take(entry, state)
    return state


def fill_state(session: Session, state: EntryState, entry: Entry, about: About, record_of: RecordOf) -> None:
    """Set what the entry counts as."""
    corrections = about(entry.id) if entry.type != "entry_corrected" else ()
    text, strike = amend(entry, corrections), _strike(corrections)
    if entry.type == "entry_corrected":
        state.own_client_id, strike = _beside_its_target(session, entry, about)
    else:
        state.own_client_id = _moved_to(corrections) or _client_of(session, entry, about)
    state.client_id = record_of(state.own_client_id) if state.own_client_id is not None else None
    state.body, state.amended_at, state.amended_by = text.body, text.at, text.by
    state.struck_by = strike.id if strike else None
    state.struck_as = strike.body["what"] if strike else None
    state.confirmed_by = _confirmation(entry, corrections)
    at = text.at or entry.clock_at
    state.degree, state.source, state.contact_at = _contact(entry, text.body, at, struck=strike is not None)


def amend(entry: Entry, corrections: Sequence[Entry]) -> Amended:
    """The entry with these corrections' texts, given oldest first; a new time is never after the entry was received."""
    body, at, by = entry.body, None, None
    for correction in corrections:
        if correction.body["what"] != "text" or not has_effect(correction):
            continue
        fields, told = correction.body.get("body"), correction.body.get("occurred_at")
        body = {**body, **(fields or {})}
        at = clock_limited(entry, msgspec.convert(told, dt.datetime)) if told else at
        by = correction.id if fields or told else by
    return Amended(body, at, by)


def clock_limited(entry: Entry, at: dt.datetime) -> dt.datetime:
    """A time somebody chose for this entry afterwards, as the clock may use it."""
    return min(at.astimezone(dt.UTC), entry.received_at)


def has_effect(entry: Entry) -> bool:
    """Whether the entry may stop a clock; of a correction: whether it changes anything (domain/steering.py)."""
    return NO_EFFECT not in entry.flags


def body_of(entry: Entry, state: EntryState) -> Any:
    """The entry's body as its Struct (sync/entry_types.py), after corrections."""
    return parse_body(entry.type, state.body)


def standing(session: Session, *types: str, client_id: uuid.UUID) -> list[Pair]:
    """The client's entries of these types that nobody has struck, oldest first by clock time, then id: the order every
    rule uses. Only of the types that make rows of a client (sync/entry_type.py)."""
    pairs = case_file(session).pairs(client_id)
    found = [pair for pair in pairs if pair[0].type in types and pair[1].struck_by is None]
    return sorted(found, key=lambda pair: (pair[1].happened_at(pair[0]), pair[0].id.hex))


def standing_of_case(session: Session, case_id: uuid.UUID, types: Collection[str]) -> list[Pair]:
    """The same of the entries that carry this case's id."""
    query = (
        select(Entry, EntryState)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.case_id == case_id, Entry.type.in_(types), EntryState.struck_by.is_(None))
        .order_by(HAPPENED_AT, Entry.id)
        # What was read before a lock was had may have been corrected since.
        .execution_options(populate_existing=True)
    )
    return [(entry, state) for entry, state in session.execute(query)]


def _strike(corrections: Sequence[Entry]) -> Entry | None:
    """The newest that took the entry out. Moving it to the right client's record does not.

    Out of the wrong client's record stays out: a retraction afterwards does not put it back there as retracted.
    """
    strikes = [c for c in reversed(corrections) if c.body["what"] in STRIKES and not c.body.get("to_client_id")]
    return next((c for c in strikes if c.body["what"] == "wrong_client"), next(iter(strikes), None))


def _confirmation(entry: Entry, corrections: Sequence[Entry]) -> uuid.UUID | None:
    """Where the author says that what was written on a locked phone is theirs: by correcting it, if only by a text that
    changes nothing, on a phone that was not locked."""
    if LOCKED not in entry.flags:
        return None
    own = (c.id for c in corrections if c.author_id == entry.author_id and LOCKED not in c.flags)
    return next(own, None)


def _moved_to(corrections: Sequence[Entry]) -> uuid.UUID | None:
    named = (c.body.get("to_client_id") for c in reversed(corrections))
    return next((uuid.UUID(client_id) for client_id in named if client_id), None)


def _client_of(session: Session, entry: Entry, about: About) -> uuid.UUID | None:
    row = ENTRY_TYPES[entry.type]
    if row.points_at == "entry":
        target = case_file(session).entry(entry.subject_id) if entry.subject_id else None
        assert target is not None  # it was checked at the door
        return _moved_to(about(target.id)) or _client_of_target(session, target, about)
    if may_be_of_nobody(entry) and (links := links_of(session, entry.case_id if row.case else entry.id)):
        return _newest_link(links, about)
    if entry.client_id is None and row.points_at == "alert" and entry.subject_id is not None:
        alert = session.get(Alert, entry.subject_id)
        if alert is None or (row.answers is None and alert.kind in ABOUT_STAFF):
            return None  # a step beside a colleague in need is their team's
        return alert.client_id
    return entry.client_id


def may_be_of_nobody(entry: Entry) -> bool:
    """Whether the entry, or the case it belongs to, may have come without a client and been given one since."""
    row = ENTRY_TYPES[entry.type]
    if row.case is not None:
        return row.about == "client_or_team"
    return entry.type in ABOUT_SOMEBODY and entry.client_id is None


def links_of(session: Session, target_id: uuid.UUID | None) -> Sequence[Entry]:
    """Whatever says whom this case or entry without a client was about, taken back or not; in no order."""
    return session.scalars(select(Entry).where(Entry.type.in_(_SAYS_WHO), Entry.subject_id == target_id)).all()


ABOUT_SOMEBODY = types_that(lambda row: row.about == "client_or_team" and (row.looked_into or bool(row.contact)))
"""What may come without a client, is of no case, and is about somebody all the same."""
_SAYS_WHO = types_that(lambda row: row.points_at == "nobody_known")


def _newest_link(links: Sequence[Entry], about: About) -> uuid.UUID | None:
    """The client that the newest of those that stand names; None: it is of nobody known again."""
    standing = []
    for link in links:
        corrections = about(link.id)
        if _strike(corrections) is None:
            standing.append((amend(link, corrections).at or link.clock_at, link.id.hex, link.client_id))
    return max(standing)[2] if standing else None


def _beside_its_target(session: Session, entry: Entry, about: About) -> tuple[uuid.UUID | None, Entry | None]:
    """The record a correction stands in, and what takes it out of it: its words are about the same person.

    Only «wrong client» stays behind, to say that something was here.
    """
    target = case_file(session).entry(entry.subject_id) if entry.subject_id else None
    assert target is not None  # it was checked at the door
    corrections = about(target.id)
    if entry.body["what"] == "wrong_client":
        corrections = [c for c in corrections if (c.clock_at, str(c.id)) < (entry.clock_at, str(entry.id))]
        return _moved_to(corrections) or _client_of_target(session, target, about), None
    strike = _strike(corrections)
    out = strike if strike is not None and strike.body["what"] == "wrong_client" else None
    return _moved_to(corrections) or _client_of_target(session, target, about), out


def _client_of_target(session: Session, target: Entry, about: About) -> uuid.UUID | None:
    """Of an answer to an alert its own words stay its team's, whoever the alert is about."""
    return target.client_id if target.type.startswith("alert_") else _client_of(session, target, about)


def _contact(
    entry: Entry, body: dict[str, Any], at: dt.datetime, *, struck: bool
) -> tuple[str, str | None, dt.datetime]:
    parsed = parse_body(entry.type, body)
    degree = contact.Degree.none if struck else contact.degree_of(entry.type, parsed)
    return degree.value, body.get("source"), contact.contact_time(entry.type, parsed, at)
