"""All projections computed anew from the entries, with the same functions the write door uses.

Kept from before are only the two columns that say something about arrival and not about facts: which entry last moved a
clock, and how new a `base_seq` must be to edit a safety field.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fieldapp.models import (
    Absence,
    AccessLimit,
    Agreement,
    AttachedFile,
    Base,
    BoardCard,
    BoardColumns,
    Case,
    Client,
    ClientTeam,
    Duty,
    DutyOffer,
    Entry,
    EntryState,
    HandCheck,
    HandOver,
    HandoverReading,
    SharedFact,
    StaffVisit,
    Standing,
    Team,
    TeamHours,
    TeamSetting,
    Watch,
)
from fieldapp.models.merged import MERGES
from fieldapp.services.alerts.answers import refresh_hand_checks
from fieldapp.services.casefile import forget, hold
from fieldapp.services.entries.sight import refresh_client_teams
from fieldapp.services.projections.absences import refresh_absences
from fieldapp.services.projections.attached import refresh_attached
from fieldapp.services.projections.board import refresh_board, refresh_board_columns
from fieldapp.services.projections.cases import OPENERS, refresh_case
from fieldapp.services.projections.clients import refresh_client, refresh_duplicate
from fieldapp.services.projections.duties import refresh_duties
from fieldapp.services.projections.facts import refresh_facts
from fieldapp.services.projections.hand_overs import refresh_hand_overs
from fieldapp.services.projections.hours import refresh_team_hours
from fieldapp.services.projections.limits import refresh_limits
from fieldapp.services.projections.merges import records
from fieldapp.services.projections.states import About, fill_state
from fieldapp.services.projections.team_settings import refresh_team_settings
from fieldapp.services.projections.visits import refresh_visit
from fieldapp.services.projections.watch import refresh_watches
from fieldapp.services.projections.what_stands import refresh_all
from fieldapp.services.writing import chunks
from sync.entry_types import types_that

_REGISTERS = types_that(lambda row: row.registers)
_STARTS_VISIT = types_that(lambda row: row.points_at == "new_visit")
_ATTACHED = types_that(lambda row: row.points_at == "entry")

PROJECTIONS: tuple[type[Base], ...] = (
    BoardCard, BoardColumns, TeamSetting, Standing, HandoverReading, AttachedFile, HandCheck, Watch, AccessLimit,
    SharedFact, HandOver, StaffVisit, Absence,
    Agreement, Case, ClientTeam, Duty, DutyOffer, TeamHours, Client, EntryState,
)  # fmt: skip
"""In the order they can be emptied in."""


def rebuild(session: Session, now: dt.datetime) -> None:
    """Empty the projections and compute them from the entries. Whoever calls decides whether phones start anew."""
    episodes = _by_client(session, Watch.client_id, Watch.episode)
    safety = _by_client(session, Client.id, Client.safety_seq)
    for model in PROJECTIONS:
        session.execute(delete(model))
    session.expunge_all()
    forget(session)
    merged = _states(session)
    for team_id in session.scalars(select(Team.id).order_by(Team.id)).all():
        refresh_team_hours(session, team_id)
        refresh_duties(session, team_id)
        refresh_board_columns(session, team_id)
        refresh_team_settings(session, team_id)
    for part in chunks(_registered(session)):
        registered_by = dict(part)
        _clients(session, [id_ for id_ in registered_by if id_ not in merged], safety, now)
        for client_id in registered_by.keys() & merged.keys():
            refresh_duplicate(session, client_id, merged[client_id])
        registered_by = {id_: entry_id for id_, entry_id in registered_by.items() if id_ not in merged}
        _clocks(session, registered_by | {id_: episodes[id_] for id_ in registered_by.keys() & episodes.keys()})
        forget(session)
    for case_id in _distinct(session, Entry.case_id, Entry.type.in_(OPENERS)):
        refresh_case(session, case_id)
    for visit_id in _distinct(session, Entry.subject_id, Entry.type.in_(_STARTS_VISIT)):
        refresh_visit(session, visit_id)
    refresh_all(session)
    attached = select(Entry, EntryState).join(EntryState, EntryState.entry_id == Entry.id)
    for entry, state in session.execute(attached.where(Entry.type.in_(_ATTACHED)).order_by(Entry.id)).all():
        refresh_attached(session, entry, state)
    session.flush()


def _states(session: Session) -> dict[uuid.UUID, uuid.UUID]:
    """What each entry counts as; in whose record each duplicate stands."""
    corrections: dict[uuid.UUID | None, list[Entry]] = {}
    oldest_first = select(Entry).where(Entry.type == "entry_corrected").order_by(Entry.clock_at, Entry.id)
    for entry in session.scalars(oldest_first):
        corrections.setdefault(entry.subject_id, []).append(entry)

    def about(entry_id: uuid.UUID) -> Sequence[Entry]:
        return corrections.get(entry_id, ())

    merged = _merged(session, about)
    ids = session.scalars(select(Entry.id).order_by(Entry.id)).all()
    for part in chunks(ids):
        for entry in session.scalars(select(Entry).where(Entry.id.in_(part))).all():
            state = EntryState(entry_id=entry.id)
            fill_state(session, state, entry, about, lambda client_id: merged.get(client_id, client_id))
            session.add(state)
        session.flush()
    return merged


def _merged(session: Session, about: About) -> dict[uuid.UUID, uuid.UUID]:
    pairs = []
    for entry in session.scalars(select(Entry).where(Entry.type.in_(MERGES))).all():
        state = EntryState(entry_id=entry.id)
        fill_state(session, state, entry, about, lambda client_id: client_id)
        pairs.append((entry, state))
    return records(pairs)


def _registered(session: Session) -> list[tuple[uuid.UUID, uuid.UUID]]:
    query = select(Entry.client_id, Entry.id).where(Entry.type.in_(_REGISTERS)).order_by(Entry.id)
    return [(client_id, entry_id) for client_id, entry_id in session.execute(query) if client_id is not None]


def _clients(
    session: Session, client_ids: Sequence[uuid.UUID], safety: Mapping[uuid.UUID, int], now: dt.datetime
) -> None:
    file = hold(session, client_ids)
    for client_id in client_ids:
        refresh_client(session, client_id)
        refresh_hand_overs(session, client_id)
        refresh_limits(session, client_id)
        refresh_client_teams(session, client_id, now)
        refresh_absences(session, client_id)
        refresh_facts(session, client_id)
        refresh_board(session, client_id)
        client = file.client(client_id)
        if client is not None:
            client.safety_seq = safety.get(client_id, 0)


def _clocks(session: Session, episodes: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """The checks by hand need the clock's terms, and the clock needs the checks."""
    watches = refresh_watches(session, episodes, episodes.keys())
    checked = [client_id for client_id in watches if refresh_hand_checks(session, client_id)]
    refresh_watches(session, {client_id: episodes[client_id] for client_id in checked}, ())
    for client_id, watch in watches.items():
        watch.episode = episodes[client_id]
    session.flush()


def _by_client(session: Session, client_id: Any, column: Any) -> dict[uuid.UUID, Any]:
    return {row[0]: row[1] for row in session.execute(select(client_id, column))}


def _distinct(session: Session, column: Any, *where: Any) -> Iterable[uuid.UUID]:
    return session.scalars(select(column).where(*where).distinct().order_by(column)).all()
