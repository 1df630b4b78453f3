"""The client card: names and numbers, planned contact, and whether follow-up has ended."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.contact import dies
from fieldapp.models import Client, Entry, EntryState
from fieldapp.models.change import mark_changed
from fieldapp.services.casefile import case_file
from fieldapp.services.projections.states import body_of, has_effect, standing
from sync import names
from sync.entry_types import ENTRY_TYPES, NAMES, types_that
from sync.ids import ordering_key
from sync.merge import edit, merge, values

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
    """Compute the client card anew: every field has the newest value anybody gave it."""
    entries = standing(session, *_TYPES, client_id=client_id)
    stands = any(entry.type in _REGISTERS for entry, _ in entries)
    if not stands:
        entries = [*_struck_registration(session, client_id), *entries]
    registration, registered = next((pair for pair in entries if pair[0].type in _REGISTERS), (None, None))
    if registration is None or registered is None:
        return
    known = case_file(session).client(client_id)
    client = known or Client(id=client_id, protected="none", deceased=False, safety_seq=0)
    client.registered_entry_id = registration.id
    client.registered_at = registered.happened_at(registration)
    edits = (edit(_given(state.body), ordering_key(state.happened_at(e), e.id)) for e, state in entries)
    fields = values(merge(edits))
    for name in PLAIN_FIELDS:
        value = fields.get(name)
        if name in NAMES and isinstance(value, str):
            value = names.clean(value) or value.strip()  # it was accepted: something has to stand there
        setattr(client, name, uuid.UUID(value) if name == "primary_staff_id" and value else value)
    client.protected = fields.get("protected") or "none"
    if client.protected == "code6":
        client.address = None  # nowhere but in the entries, where it is hidden too
    _refresh_end(session, client, entries)
    if not stands:
        # Registered by mistake: nobody follows the client any longer, and no clock runs.
        client.ended_at, client.ended_reason = client.registered_at, "mistake"
    if known is None:
        case_file(session).add(client)
    mark_changed(session, "client", client_id, client_id=client_id)


def _struck_registration(session: Session, client_id: uuid.UUID) -> list[tuple[Entry, EntryState]]:
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


def _refresh_end(session: Session, client: Client, entries: list[tuple[Entry, EntryState]]) -> None:
    ends = [(e, s) for e, s in entries if e.type in _ENDS]
    last = ends[-1] if ends and ENTRY_TYPES[ends[-1][0].type].follow_up == "ends" else None
    client.ended_at = last[1].happened_at(last[0]) if last else None
    client.ended_reason = last[1].body["reason"] if last else None
    client.deceased = client.ended_reason == "died" or _found_dead(session, client.id)


def _found_dead(session: Session, client_id: uuid.UUID) -> bool:
    return any(
        has_effect(entry) and dies(entry.type, body_of(entry, state))
        for entry, state in standing(session, *_DEATHS, client_id=client_id)
    )
