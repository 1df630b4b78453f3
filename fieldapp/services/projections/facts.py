"""What landlords are told of a client: what was said last of each fact and person, as it stood when it was shared."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import Entry, EntryState, SharedFact
from fieldapp.models.change import mark_changed
from fieldapp.services.casefile import Pair, case_file
from fieldapp.services.projections.cases import case_then
from fieldapp.services.projections.states import body_of
from fieldapp.services.projections.what_stands import agreements_that_stand
from sync.entry_types import ENTRY_TYPES, types_that
from sync.shared_facts import CaseThen, Told, told

_SHARES = types_that(lambda row: row.shares is not None)
_OF_CASES = types_that(lambda row: row.case is not None)
_CONTRACT = "housing_changed"
"""Tells when a lease ends."""


def refresh_facts(session: Session, client_id: uuid.UUID) -> None:
    """Compute anew whom this client's facts are told to; phones are told what is otherwise than it was."""
    file = case_file(session)
    found = _facts(session, client_id)
    before = {row.id: _values(row) for row in file.rows(SharedFact, client_id)}
    if before == {row.id: _values(row) for row in found.values()}:
        return
    file.replace(SharedFact, client_id, found)
    for id_, row in found.items():
        if before.get(id_) != _values(row):
            mark_changed(session, "fact", id_, client_id=client_id)


def refresh_told_facts(session: Session, client_id: uuid.UUID) -> None:
    """The same after a case has changed: of a client of whom something is shared."""
    if case_file(session).rows(SharedFact, client_id):
        session.flush()
        refresh_facts(session, client_id)


def told_now(session: Session, client_id: uuid.UUID, what: str) -> Told:
    """What would be told if it were shared now: what the preview shows."""
    return told(what, *_known(session, client_id, None))


def _facts(session: Session, client_id: uuid.UUID) -> dict[uuid.UUID, SharedFact]:
    """By id. Struck entries are looked at, too: what they shared is there, and does not stand.

    Invariant: what rests on a consent ends when that is withdrawn or taken back, in whatever order they came."""
    found: dict[uuid.UUID, SharedFact] = {}
    pairs = list(case_file(session).pairs(client_id))
    agreed = agreements_that_stand(pairs)
    for entry, state in sorted((pair for pair in pairs if pair[0].type in _SHARES), key=_order):
        shares = ENTRY_TYPES[entry.type].shares == "shares"
        body = body_of(entry, state)
        for staff_id in body.to_staff_ids:
            id_ = uuid.uuid5(state.own_client_id or client_id, f"fact {body.what} {staff_id}")
            if state.struck_by is None:  # also what was told under the other id, of two that are one
                for before in found.values():
                    before.stands &= (before.staff_id, before.what) != (staff_id, str(body.what))
            if shares and (state.struck_by is None or id_ not in found):
                found[id_] = _fact(session, id_, staff_id, (entry, state))
                found[id_].stands &= body.agreement_id is None or body.agreement_id in agreed
    return found


def _order(pair: Pair) -> tuple[object, str]:
    entry, state = pair
    return state.happened_at(entry), entry.id.hex


def _fact(session: Session, id_: uuid.UUID, staff_id: uuid.UUID, pair: Pair) -> SharedFact:
    entry, state = pair
    client_id, body = state.client_id, body_of(entry, state)
    assert client_id is not None
    stands = state.struck_by is None
    says = told(body.what, *_known(session, client_id, pair)) if stands else Told()
    return SharedFact(
        id=id_,
        client_id=client_id,
        staff_id=staff_id,
        what=str(body.what),
        stands=stands,
        shared_at=state.happened_at(entry),
        shared_by=entry.author_id,
        set_by_entry_id=entry.id,
        until_on=body.until_on,
        amount_nok=says.amount_nok,
        on=says.on,
        by_on=says.by_on,
        handled=says.handled,
    )


def _known(session: Session, client_id: uuid.UUID, shared: Pair | None) -> tuple[list[CaseThen], str | None]:
    """The client's cases as they stood when it was shared, and when the lease ends; None: as they stand."""
    query = (
        select(Entry, EntryState)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(EntryState.client_id == client_id, EntryState.struck_by.is_(None))
        .where(Entry.type.in_([*_OF_CASES, _CONTRACT]))
    )
    pairs = [(entry, state) for entry, state in session.execute(query) if _was_known(entry, shared)]
    by_case: dict[uuid.UUID, list[Pair]] = {}
    for pair in sorted(pairs, key=_order):
        if pair[0].case_id is not None:
            by_case.setdefault(pair[0].case_id, []).append(pair)
    return [case for case in map(case_then, by_case.values()) if case is not None], _contract(pairs)


def _was_known(entry: Entry, shared: Pair | None) -> bool:
    """What had come in when the fact was shared, and what its author had written themselves."""
    if shared is None:
        return True
    by, state = shared
    at = state.happened_at(by)
    return entry.received_at <= at or (entry.author_id == by.author_id and entry.clock_at <= at)


def _contract(pairs: Sequence[Pair]) -> str | None:
    ends = [state.body["contract_end_on"] for _, state in sorted(pairs, key=_order) if "contract_end_on" in state.body]
    return ends[-1] if ends else None


def _values(row: SharedFact) -> tuple[object, ...]:
    return (
        *(row.stands, row.shared_at, row.shared_by, row.set_by_entry_id, row.until_on),
        *(row.amount_nok, row.on, row.by_on, row.handled),
    )
