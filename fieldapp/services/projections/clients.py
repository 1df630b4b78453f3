"""The client card: names and numbers, planned contact, and whether follow-up has ended."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.contact import dies
from fieldapp.domain.merging import strictest
from fieldapp.models import Client, Entry, EntryState
from fieldapp.models.change import mark_changed
from fieldapp.models.merged import MERGES, two_of
from fieldapp.services.casefile import Pair, case_file
from fieldapp.services.projections.merges import fold
from fieldapp.services.projections.states import body_of, has_effect, standing
from sync import names
from sync.entry_types import ENTRY_TYPES, NAMES, types_that

PLAIN_FIELDS = ("name", "alias", "birth_year", "address", "phone", "primary_staff_id", "contact_interval_days")
_CARD_FIELDS = (*PLAIN_FIELDS, "protected")
SAFETY_FIELDS = frozenset({"primary_staff_id", "protected"})
"""Fields that decide who is alerted and what may be shown: changed only by someone who has seen their newest value."""

_TYPES = types_that(lambda row: "card" in row.refreshes)
_REGISTERS = types_that(lambda row: row.registers)
_DEATHS = types_that(lambda row: row.death is not None and bool(row.contact))
_ENDS = types_that(lambda row: row.follow_up is not None)
_CALLED = {"days": "contact_interval_days"}
"""What a body calls a field of the card, where the names differ."""


def refresh_client(session: Session, client_id: uuid.UUID) -> None:
    """Compute the client card anew: every field has the newest value anybody gave it. Of two that were merged the one
    that stands keeps its own, and gets what it lacked; the strictest protection wins."""
    file, entries = case_file(session), standing(session, *_TYPES, client_id=client_id)
    _refresh(session, client_id, entries, file.client(client_id))
    named = {id_ for entry, _ in entries if entry.type in MERGES for id_ in two_of(entry)}
    for other_id in sorted(named - {client_id}):
        if file.record_of(other_id) == client_id:
            refresh_duplicate(session, other_id, client_id)


def refresh_duplicate(session: Session, client_id: uuid.UUID, record_id: uuid.UUID) -> None:
    """The same of a duplicate: as it was written under its own id. Phones are told where it stands."""
    own = [pair for pair in standing(session, *_TYPES, client_id=record_id) if pair[1].own_client_id == client_id]
    known = case_file(session).card(client_id)
    client = _refresh(session, client_id, [pair for pair in own if pair[0].type not in MERGES], known)
    assert client is not None  # it was registered, or nobody could have merged it
    client.merged_into = record_id
    mark_changed(session, "client", client_id, client_id=record_id)


def _refresh(session: Session, client_id: uuid.UUID, entries: list[Pair], known: Client | None) -> Client | None:
    stands = any(entry.type in _REGISTERS for entry, _ in entries)
    if not stands:
        entries = [*_struck_registration(session, client_id), *entries]
    registration, registered = next((pair for pair in entries if pair[0].type in _REGISTERS), (None, None))
    if registration is None or registered is None:
        return None
    client = known or Client(id=client_id, protected="none", deceased=False, safety_seq=0)
    client.registered_entry_id = registration.id
    client.registered_at = registered.happened_at(registration)
    said = fold(client_id, entries, _begin, _joined)
    fields = said.fields
    for name in PLAIN_FIELDS:
        value = fields.get(name)
        if name in NAMES and isinstance(value, str):
            value = names.clean(value) or value.strip()  # it was accepted: something has to stand there
        setattr(client, name, uuid.UUID(value) if name == "primary_staff_id" and value else value)
    client.protected = fields.get("protected") or "none"
    if client.protected == "code6":
        client.address = None  # nowhere but in the entries, where it is hidden too
    _refresh_end(client, said.end, entries)
    if not stands:
        # Registered by mistake: nobody follows the client any longer, and no clock runs.
        client.ended_at, client.ended_reason = client.registered_at, "mistake"
    if known is None:
        case_file(session).add(client)
    mark_changed(session, "client", client_id, client_id=client_id)
    return client


def _struck_registration(session: Session, client_id: uuid.UUID) -> list[Pair]:
    query = (
        select(Entry, EntryState)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.type.in_(_REGISTERS), Entry.client_id == client_id)
    )
    return [(entry, state) for entry, state in session.execute(query)]


def _given(body: dict[str, Any]) -> dict[str, Any]:
    """The card fields this entry gives a value; among the `fields` of an edit, null empties one."""
    said = {_CALLED.get(name, name): value for name, value in body.items() if value is not None}
    return {name: value for name, value in (said | body.get("fields", {})).items() if name in _CARD_FIELDS}


@dataclass
class _Said:
    """What the entries of one id say of its card, so far."""

    fields: dict[str, Any]
    end: Pair | None = None
    """What ended the following up, while that is so."""

    def take(self, pair: Pair) -> None:
        self.fields |= _given(pair[1].body)
        follow_up = ENTRY_TYPES[pair[0].type].follow_up
        if follow_up is not None:
            self.end = pair if follow_up == "ends" else None


def _begin(_client_id: uuid.UUID) -> _Said:
    return _Said({})


def _joined(duplicate: _Said, other: _Said, _at: dt.datetime) -> _Said:
    """Of somebody who is followed up under one of the ids, no end: the clock of whoever is not silent runs on."""
    protected = strictest(*(one.fields.get("protected") or "none" for one in (duplicate, other)))
    kept = {name: value for name, value in other.fields.items() if value is not None}
    end = other.end if duplicate.end is not None else None
    return _Said(duplicate.fields | kept | {"protected": protected}, end)


def _refresh_end(client: Client, end: Pair | None, entries: list[Pair]) -> None:
    client.ended_at = end[1].happened_at(end[0]) if end else None
    client.ended_reason = end[1].body["reason"] if end else None
    client.deceased = client.ended_reason == "died" or any(map(_tells_of_death, entries))


def _tells_of_death(pair: Pair) -> bool:
    entry, state = pair
    return entry.type in _DEATHS and has_effect(entry) and dies(entry.type, body_of(entry, state))
