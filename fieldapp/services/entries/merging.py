"""Two clients that are one: everything about both in one record while somebody says so, each in its own again after.

`EntryState.own_client_id` says which client each entry is of, whoever that is now; all projections go by
`EntryState.client_id`, the record it stands in (docs/adr/0026). So a merge moves the entries of the duplicate, and has
computed anew what rests on them.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import (
    Absence,
    AccessLimit,
    Agreement,
    BoardCard,
    Case,
    ClientTeam,
    Entry,
    EntryState,
    HandCheck,
    HandOver,
    SharedFact,
)
from fieldapp.models.change import last_seq, mark_changed
from fieldapp.models.merged import merge_entries, two_of
from fieldapp.services.alerts import merged
from fieldapp.services.casefile import Pair, case_file
from fieldapp.services.entries.sight import refresh_client_limits, refresh_client_teams
from fieldapp.services.projections.absences import refresh_absences
from fieldapp.services.projections.board import refresh_board
from fieldapp.services.projections.cases import refresh_case
from fieldapp.services.projections.clients import refresh_client
from fieldapp.services.projections.facts import refresh_facts
from fieldapp.services.projections.hand_overs import refresh_hand_overs
from fieldapp.services.projections.merges import records
from fieldapp.services.projections.states import refresh_state
from fieldapp.services.projections.visits import refresh_visit
from fieldapp.services.projections.what_stands import follow_up_of, refresh_moved, refresh_with_follow_up
from sync.entry_types import ENTRY_TYPES

_OF_CLIENT = (Absence, AccessLimit, Agreement, BoardCard, HandOver, SharedFact)
"""What a duplicate has nothing of, beside those below."""


def follow_merges(session: Session, merges: Sequence[Entry], cause: Entry, now: dt.datetime) -> frozenset[uuid.UUID]:
    """Put the entries of all whom these merges concern where they belong now; the clients whose record is otherwise
    than it was, whose clocks and alerts are left to settle."""
    file = case_file(session)
    session.flush()
    pairs = merge_entries(session, {id_ for entry in merges for id_ in two_of(entry)})
    ids = {id_ for entry, _ in pairs for id_ in two_of(entry)}
    file.hold(ids)
    file.forget_merges()
    stand = records(pairs)
    before = {id_: file.record_of(id_) for id_ in ids}
    turned = {id_: stand.get(id_, id_) for id_ in ids if stand.get(id_, id_) != before[id_]}
    if not turned:
        return frozenset()
    touched = {*turned.values(), *(before[id_] for id_ in turned)}
    file.put_in_records(turned)
    moved = _move(session, turned, touched)
    duplicates = sorted(id_ for id_ in {*touched, *turned} if file.record_of(id_) != id_)
    # Whoever gives something up first: of what is in both by turns, phones are told for whom it is last.
    standing = sorted({*touched, *turned}.difference(duplicates), key=lambda id_: (id_ in turned, id_))
    for client_id in duplicates:
        _empty(session, client_id)
    for client_id in standing:  # made anew with the clock, in no order
        file.replace(Agreement, client_id, {})
        file.replace(HandCheck, client_id, {}, key="entry_id")
    session.flush()
    for client_id in standing:
        _refresh(session, client_id, now)
    _refresh_subjects(session, moved, [*duplicates, *standing])
    _move_alerts(session, touched, cause, now)
    return frozenset(standing)


def _move(session: Session, turned: Mapping[uuid.UUID, uuid.UUID], touched: Collection[uuid.UUID]) -> list[Pair]:
    query = select(Entry, EntryState).join(EntryState, EntryState.entry_id == Entry.id)
    of_turned = (EntryState.client_id.in_(touched), EntryState.own_client_id.in_(turned))
    moved = [(entry, state) for entry, state in session.execute(query.where(*of_turned).order_by(Entry.id))]
    for entry, state in moved:
        assert state.own_client_id is not None  # asked for by it
        state.client_id = turned[state.own_client_id]
        _mark(session, entry, state)
    session.flush()
    case_file(session).moved({*touched, *turned})
    return moved


def _mark(session: Session, entry: Entry, state: EntryState) -> None:
    mark_changed(session, "entry", entry.id, client_id=state.record_of(entry), team_id=entry.team_id)


def _empty(session: Session, client_id: uuid.UUID) -> None:
    """Take everything from a duplicate: no list of a team's, no clock and no limit finds it."""
    file = case_file(session)
    for card in file.rows(BoardCard, client_id):
        mark_changed(session, "board", card.id, client_id=file.record_of(client_id))
    for model in _OF_CLIENT:
        file.replace(model, client_id, {})
    file.replace(ClientTeam, client_id, {}, key="team_id")
    file.replace(HandCheck, client_id, {}, key="entry_id")


def _refresh(session: Session, client_id: uuid.UUID, now: dt.datetime) -> None:
    """Compute anew what each client has, and let nobody edit a safety field who has not seen what became of it."""
    before = follow_up_of(session, client_id)
    refresh_client(session, client_id)
    if follow_up_of(session, client_id) != before:
        refresh_with_follow_up(session, client_id)
    refresh_hand_overs(session, client_id)
    refresh_client_limits(session, client_id, now)
    refresh_client_teams(session, client_id, now)
    refresh_absences(session, client_id)
    refresh_facts(session, client_id)
    refresh_board(session, client_id)
    client = case_file(session).client(client_id)
    assert client is not None  # it was checked at the door
    client.safety_seq = last_seq(session) + 1


def _refresh_subjects(session: Session, moved: Sequence[Pair], client_ids: Sequence[uuid.UUID]) -> None:
    file = case_file(session)
    of_cases = {entry.case_id for entry, _ in moved if "case" in ENTRY_TYPES[entry.type].refreshes}
    owned = {case.id for client_id in client_ids for case in file.rows(Case, client_id)}
    for case_id in sorted(case_id for case_id in of_cases | owned if case_id is not None):
        refresh_case(session, case_id)
    visits = {entry.subject_id for entry, _ in moved if "visit" in ENTRY_TYPES[entry.type].refreshes}
    for visit_id in sorted(visit_id for visit_id in visits if visit_id is not None):
        refresh_visit(session, visit_id)
    refresh_moved(session, [entry for entry, _ in moved], client_ids)


def _move_alerts(session: Session, client_ids: Collection[uuid.UUID], cause: Entry, now: dt.datetime) -> None:
    """What was written about an alert without naming a client stands where the alert does."""
    moved = merged.follow_records(session, client_ids, cause, now)
    session.flush()
    answers = select(Entry).where(Entry.subject_id.in_(moved), Entry.client_id.is_(None)).order_by(Entry.id)
    for entry in session.scalars(answers).all():
        _mark(session, entry, refresh_state(session, entry))
    case_file(session).moved(client_ids)
