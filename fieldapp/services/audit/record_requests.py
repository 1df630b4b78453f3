"""Cases about correcting and barring: who asked for what, what was decided, and from whom an entry is kept."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import record_requests as rules
from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.models import (
    BoardCard,
    Case,
    ClientTeam,
    Entry,
    EntryState,
    RecordStep,
    SharedFact,
    Staff,
    StaffTeam,
    Standing,
    Team,
)
from fieldapp.models.change import mark_changed
from fieldapp.models.merged import all_of
from fieldapp.models.record_request import with_what_is_beside
from fieldapp.services.audit.handling import add_step, may_handle, must
from sync.entry_types import ENTRY_TYPES
from sync.ids import uuid7

LONGEST_NOTE = 1000
_add = partial(add_step, RecordStep)


def cases_of(session: Session, client_id: UUID) -> list[rules.Case]:
    """The client's cases, the newest first."""
    rows = session.scalars(
        select(RecordStep).where(RecordStep.client_id.in_(all_of(client_id))).order_by(RecordStep.at, RecordStep.id)
    )
    steps: dict[UUID, list[rules.Step]] = {}
    for row in rows:
        steps.setdefault(row.case_id, []).append(_step(row))
    cases = (rules.case_of(case_id, client_id, of_case) for case_id, of_case in steps.items())
    return sorted((case for case in cases if case), key=lambda case: case.asked.at, reverse=True)


def _step(row: RecordStep) -> rules.Step:
    return rules.Step(
        row.id, row.what, row.by_staff_id, row.at, row.kind, row.asker, row.answer, row.law, row.entry_id,
        row.staff_id, row.team_id, row.lifts, row.note,
    )  # fmt: skip


def units(session: Session, client_id: UUID) -> tuple[list[tuple[UUID, str]], list[tuple[UUID, str]]]:
    """The teams that follow the client or did, and their people: those from whom an entry may have to be kept."""
    following = select(ClientTeam.team_id).where(ClientTeam.client_id == client_id)
    teams = session.execute(select(Team.id, Team.name).where(Team.id.in_(following)).order_by(Team.name, Team.id))
    people = session.execute(
        select(Staff.id, Staff.name)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .where(StaffTeam.team_id.in_(following), Staff.ended_at.is_(None))
        .distinct()
        .order_by(Staff.name, Staff.id)
    )
    return [(row.id, row.name) for row in teams], [(row.id, row.name) for row in people]


def ask(
    session: Session,
    viewer: Viewer,
    client_id: UUID,
    kind: str,
    asker: str,
    entry_id: UUID | None,
    note: str,
    now: dt.datetime,
) -> UUID:
    """Open a case; its id. Raises AppError."""
    must(may_handle(session, viewer, client_id))
    _one_of(kind, rules.KINDS, "kind")
    _one_of(asker, rules.ASKERS, "asker")
    _short(note)
    if entry_id is not None:
        state = session.get(EntryState, entry_id)
        must(state is not None and state.client_id == client_id)
        if kind == rules.BARRING and not rules.can_be_barred(ENTRY_TYPES[session.get_one(Entry, entry_id).type]):
            raise AppError("invalid_field", field="entry_id")
    case_id = uuid7()
    _add(session, case_id, client_id, rules.ASKED, viewer, now, kind=kind, asker=asker, entry_id=entry_id, note=note)
    return case_id


def answer(
    session: Session, viewer: Viewer, client_id: UUID, case_id: UUID, said: str, law: str, note: str, now: dt.datetime
) -> None:
    """Decide a case, or decide it anew. Raises AppError."""
    case = _case(session, viewer, client_id, case_id)
    _one_of(said, rules.ANSWERS, "answer")
    _one_of(law, rules.LAWS[str(case.asked.kind)], "law")
    _short(note)
    _add(session, case_id, client_id, rules.ANSWERED, viewer, now, answer=said, law=law, note=note)
    if said == "refused":
        for bar in case.bars:
            _lift(session, viewer, case, bar, now)


def bar(
    session: Session,
    viewer: Viewer,
    client_id: UUID,
    case_id: UUID,
    staff_id: UUID | None,
    team_id: UUID | None,
    now: dt.datetime,
) -> None:
    """Keep the case's entry from a person, from a unit, or from everybody. Raises AppError."""
    case = _case(session, viewer, client_id, case_id)
    if not case.may_bar or (staff_id is not None and team_id is not None):
        raise AppError("not_permitted")
    if staff_id is not None and session.get(Staff, staff_id) is None:
        raise AppError("invalid_field", field="staff_id")
    if team_id is not None and session.get(Team, team_id) is None:
        raise AppError("invalid_field", field="team_id")
    entry_id = case.asked.entry_id
    assert entry_id is not None  # may_bar
    more = {"entry_id": entry_id, "staff_id": staff_id, "team_id": team_id}
    _add(session, case_id, client_id, rules.BARRED, viewer, now, **more)
    _tell_phones(session, entry_id)


def lift(session: Session, viewer: Viewer, client_id: UUID, case_id: UUID, bar_id: UUID, now: dt.datetime) -> None:
    """Let a bar hold no longer. Raises AppError."""
    case = _case(session, viewer, client_id, case_id)
    found = next((one for one in case.bars if one.id == bar_id), None)
    must(found is not None)
    assert found is not None
    _lift(session, viewer, case, found, now)


def _lift(session: Session, viewer: Viewer, case: rules.Case, held: rules.Step, now: dt.datetime) -> None:
    _add(session, case.id, case.client_id, rules.LIFTED, viewer, now, lifts=held.id)
    assert held.entry_id is not None
    _tell_phones(session, held.entry_id)


def _tell_phones(session: Session, entry_id: UUID) -> None:
    """Those it is barred for let go of it, of what hangs on it, of its case and of what stands by it; the others fetch
    these once more."""
    at_hand = aliased(Entry)
    told = with_what_is_beside(select(at_hand.id).where(at_hand.id == entry_id))
    query = select(Entry, EntryState).join(EntryState, EntryState.entry_id == Entry.id)
    for entry, state in session.execute(query.where(Entry.id.in_(told))):
        mark_changed(session, "entry", entry.id, client_id=state.record_of(entry), team_id=entry.team_id)
        for thing in session.scalars(select(Standing).where(Standing.client_id == state.client_id)):
            mark_changed(session, thing.kind, thing.id, client_id=thing.client_id)
        for card_id in session.scalars(select(BoardCard.id).where(BoardCard.client_id == state.client_id)):
            mark_changed(session, "board", card_id, client_id=state.client_id)
        case = session.get(Case, entry.case_id) if entry.case_id else None
        if case is not None:
            mark_changed(session, "case", case.id, client_id=case.client_id, team_id=case.team_id)
            for fact_id in session.scalars(select(SharedFact.id).where(SharedFact.client_id == case.client_id)):
                mark_changed(session, "fact", fact_id, client_id=case.client_id)


def _case(session: Session, viewer: Viewer, client_id: UUID, case_id: UUID) -> rules.Case:
    must(may_handle(session, viewer, client_id))
    found = next((case for case in cases_of(session, client_id) if case.id == case_id), None)
    must(found is not None)
    assert found is not None
    return found


def _one_of(code: str, codes: Iterable[str], field: str) -> None:
    if code not in codes:
        raise AppError("invalid_field", field=field)


def _short(note: str) -> None:
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise AppError("invalid_field", field="note")
