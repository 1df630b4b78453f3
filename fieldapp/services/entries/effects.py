"""What an accepted entry means: which projections it touches, and what else means something new with it.

The projections of clients, teams, cases and absences are brought up to date entry by entry, because the next entry's
checks rest on them. What follows for clocks and alerts: settling.py.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fieldapp.models import Case, Entry, EntryState
from fieldapp.models.change import mark_changed, mark_left
from fieldapp.services.casefile import case_file
from fieldapp.services.entries.merging import follow_merges
from fieldapp.services.entries.sight import refresh_client_limits, refresh_client_teams
from fieldapp.services.projections.absences import refresh_absences
from fieldapp.services.projections.attached import refresh_attached
from fieldapp.services.projections.board import refresh_board, refresh_board_columns
from fieldapp.services.projections.cases import refresh_case
from fieldapp.services.projections.clients import refresh_client
from fieldapp.services.projections.facts import refresh_facts, refresh_told_facts
from fieldapp.services.projections.hand_overs import refresh_hand_overs
from fieldapp.services.projections.hours import refresh_team_hours
from fieldapp.services.projections.states import first_state, refresh_state
from fieldapp.services.projections.team_settings import refresh_team_settings
from fieldapp.services.projections.visits import refresh_visit
from fieldapp.services.projections.what_stands import follow_up_of, refresh_standing, refresh_with_follow_up
from sync.entry_types import ENTRY_TYPES, types_that


@dataclass(frozen=True)
class Changed:
    """An entry that means something new: what it counts as now, and whose record it has left."""

    entry: Entry
    state: EntryState
    left_client_id: uuid.UUID | None = None
    has_moved: bool = False
    """It stands in another record than before; without `left_client_id` it was its team's alone."""
    records: frozenset[uuid.UUID] = frozenset()
    """The clients whose records it has put together or taken apart."""
    revived: frozenset[uuid.UUID] = frozenset()
    """The clients who stood as dead and do so no longer; of `records` any may be one."""

    @property
    def client_ids(self) -> list[uuid.UUID]:
        """Whose records it changes, the one it has left first."""
        return [client_id for client_id in (self.left_client_id, self.state.client_id) if client_id is not None]


def project(session: Session, entry: Entry, now: dt.datetime) -> list[Changed]:
    """Keep a new entry and bring the projections up to date; the entries whose meaning changed, itself the first."""
    changed = [Changed(entry, first_state(session, entry))]
    changed += [recount(session, one) for one in _changed_by(session, entry)]
    revived: set[uuid.UUID] = set()
    for one in changed:
        mark_changed(
            session, "entry", one.entry.id, client_id=one.state.record_of(one.entry), team_id=one.entry.team_id
        )
        if one.has_moved:
            mark_left(session, "entry", one.entry.id, one.left_client_id, one.entry.team_id)
        revived |= _refresh_subjects(session, one, now)
    changed[0] = replace(changed[0], revived=frozenset(revived))
    merges = [one.entry for one in changed if ENTRY_TYPES[one.entry.type].merges]
    if merges:
        changed[0] = replace(changed[0], records=follow_merges(session, merges, entry, now))
    return changed


def _changed_by(session: Session, entry: Entry) -> list[Entry]:
    """What a correction points at; when that goes out of the wrong record, so do the words about it. What somebody has
    said the client of, or has taken that back of."""
    if entry.subject_id is None:
        return []
    if _says_who(entry):
        return _with_attached(session, _of_nobody(session, entry.subject_id))
    if entry.type != "entry_corrected":
        return []
    file = case_file(session)
    target = file.entry(entry.subject_id)
    assert target is not None  # it was checked at the door
    if _says_who(target) and target.subject_id is not None:
        return [target, *_with_attached(session, _of_nobody(session, target.subject_id))]
    if entry.body["what"] != "wrong_client":
        return [target]
    return _with_attached(session, [target, *(one for one in file.corrections(target.id) if one is not entry)])


def _with_attached(session: Session, entries: list[Entry]) -> list[Entry]:
    """These, and what is attached to them, which stands where they do, with what corrects that."""
    ids = [one.id for one in entries]
    query = select(Entry).where(Entry.subject_id.in_(ids), Entry.type.in_(_ATTACHED)).order_by(Entry.id)
    attached = list(session.scalars(query))
    return [*entries, *attached, *(fix for one in attached for fix in case_file(session).corrections(one.id))]


_ATTACHED = types_that(lambda row: row.points_at == "entry")


def _says_who(entry: Entry) -> bool:
    return ENTRY_TYPES[entry.type].points_at == "nobody_known"


def _of_nobody(session: Session, target_id: uuid.UUID) -> list[Entry]:
    """The entries that came without a client and go together: of a case all, else the one; and what corrects them."""
    of_case = (Entry.case_id == target_id) & Entry.type.in_(_OF_CASES)
    query = select(Entry).where(or_(Entry.id == target_id, of_case)).order_by(Entry.clock_at, Entry.id)
    targets = list(session.scalars(query))
    file = case_file(session)
    file.hold_targets([one.id for one in targets])
    return [*targets, *(fix for one in targets for fix in file.corrections(one.id))]


_OF_CASES = types_that(lambda row: row.case is not None)


def recount(session: Session, entry: Entry) -> Changed:
    file = case_file(session)
    before = file.state(entry.id).client_id
    state = refresh_state(session, entry)
    if before == state.client_id:
        return Changed(entry, state)
    file.moved(client_id for client_id in (before, state.client_id) if client_id is not None)
    return Changed(entry, state, before, has_moved=True)


def _refresh_subjects(session: Session, changed: Changed, now: dt.datetime) -> set[uuid.UUID]:
    """Compute anew what the entry's type names; whoever stood as dead until now."""
    entry, refreshes = changed.entry, ENTRY_TYPES[changed.entry.type].refreshes
    if "case" in refreshes and entry.case_id is not None:
        refresh_case(session, entry.case_id)
    if "standing" in refreshes:
        refresh_standing(session, entry, changed.client_ids)
    for name in refreshes:
        if entry.subject_id is not None and name in _OF_SUBJECT:
            _OF_SUBJECT[name](session, entry.subject_id)
    if "file" in refreshes:
        refresh_attached(session, entry, changed.state)
    return {one for one in changed.client_ids if _refresh_of_client(session, one, refreshes, now)}


def _refresh_of_client(session: Session, client_id: uuid.UUID, refreshes: Collection[str], now: dt.datetime) -> bool:
    """The same for one client; whether that client stood as dead until now."""
    before = follow_up_of(session, client_id) if "card" in refreshes else None
    for name in refreshes:
        if name in _OF_CLIENT:
            _OF_CLIENT[name](session, client_id)
    after = follow_up_of(session, client_id) if "card" in refreshes else None
    if after != before:
        refresh_with_follow_up(session, client_id)
    if "teams" in refreshes:
        refresh_client_teams(session, client_id, now)
    if "limits" in refreshes:
        refresh_client_limits(session, client_id, now)
    if "case" in refreshes:
        refresh_told_facts(session, client_id)
    return before is not None and after is not None and before.is_dead and not after.is_dead


def _refresh_cases(session: Session, client_id: uuid.UUID) -> None:
    """A case nobody was named for belongs to the client's primary contact, whoever that is now."""
    for case in list(case_file(session).rows(Case, client_id)):
        refresh_case(session, case.id)


_OF_SUBJECT: dict[str, Callable[[Session, uuid.UUID], None]] = {
    "hours": refresh_team_hours,
    "visit": refresh_visit,
    "board_columns": refresh_board_columns,
    "team_settings": refresh_team_settings,
}
_OF_CLIENT: dict[str, Callable[[Session, uuid.UUID], None]] = {
    "card": refresh_client,
    "owned_cases": _refresh_cases,
    "hand_overs": refresh_hand_overs,
    "absences": refresh_absences,
    "facts": refresh_facts,
    "board": refresh_board,
}
"""How each projection that an entry type names is computed anew."""
