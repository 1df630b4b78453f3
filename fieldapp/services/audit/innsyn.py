"""The innsyn case of a client: opened by whoever handles innsyn, gone through by a named professional, handed out."""

import datetime as dt
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import innsyn as rules
from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.models import ClientTeam, EntryState, InnsynStep, Staff, StaffTeam
from fieldapp.models.access import forbidden_clients, forbids
from fieldapp.models.merged import all_of
from fieldapp.models.record_request import barred_entries
from fieldapp.services.audit.handling import add_step, may_handle, must
from sync.ids import uuid7

LONGEST_NOTE = 1000
_add = partial(add_step, InnsynStep)


def case_of(session: Session, client_id: UUID) -> rules.Case | None:
    """The client's newest case."""
    rows = session.scalars(
        select(InnsynStep).where(InnsynStep.client_id.in_(all_of(client_id))).order_by(InnsynStep.at, InnsynStep.id)
    ).all()
    if not rows:
        return None
    newest = [row for row in rows if row.what == rules.ASKED][-1].case_id
    steps = [
        rules.Step(row.what, row.by_staff_id, row.at, row.reviewer_id, row.entry_id, row.reason, row.note)
        for row in rows
        if row.case_id == newest
    ]
    return rules.case_of(newest, client_id, steps)


def may_see(session: Session, viewer: Viewer, client_id: UUID) -> bool:
    """Whether the client's innsyn exists for this person: for privacy, and for who goes through it."""
    return may_handle(session, viewer, client_id) or _may_review(session, viewer, case_of(session, client_id))


def _may_review(session: Session, viewer: Viewer, case: rules.Case | None) -> bool:
    """A named professional who may not see the client any longer does not go on."""
    if case is None or not rules.may_review(viewer, case):
        return False
    if _is_kept_out(session, viewer.staff_id, case.client_id):
        return False
    return case.client_id not in set(session.scalars(forbidden_clients(viewer.staff_id)))


def _is_kept_out(session: Session, staff_id: UUID, client_id: UUID) -> bool:
    """Whether an entry of the record is barred for this person: who goes through a record goes through all of it."""
    barred = barred_entries(staff_id, ())
    of_record = select(EntryState.entry_id).where(EntryState.client_id == client_id, EntryState.entry_id.in_(barred))
    return session.scalar(of_record.limit(1)) is not None


def reviewers(session: Session, client_id: UUID) -> list[tuple[UUID, str]]:
    """Who can be named to go through the record, by name, with their title."""
    query = (
        select(Staff.id, Staff.name, Staff.title, Staff.role, StaffTeam.team_id)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .where(Staff.ended_at.is_(None), StaffTeam.team_id.in_(_following(client_id)))
        .where(~forbids(client_id, Staff.id, Staff))
        .order_by(Staff.name, Staff.id)
    )
    found: dict[UUID, str] = {}
    for staff_id, name, title, role, team_id in session.execute(query):
        if rules.may_be_reviewer(role, {team_id}, {team_id}):
            found[staff_id] = f"{name}, {title}" if title else name
    return [one for one in found.items() if not _is_kept_out(session, one[0], client_id)]


def _following(client_id: UUID):  # type: ignore[no-untyped-def]
    return select(ClientTeam.team_id).where(ClientTeam.client_id == client_id, ClientTeam.active.is_(True))


def ask(session: Session, viewer: Viewer, client_id: UUID, reviewer_id: UUID, now: dt.datetime) -> None:
    """Open a case. Raises AppError."""
    must(may_handle(session, viewer, client_id))
    case = case_of(session, client_id)
    if case is not None and case.state != rules.HANDED_OUT:
        raise AppError("not_permitted")
    if reviewer_id not in dict(reviewers(session, client_id)):
        raise AppError("invalid_field", field="reviewer_id")
    _add(session, uuid7(), client_id, rules.ASKED, viewer, now, reviewer_id=reviewer_id)


def take_out(
    session: Session, viewer: Viewer, client_id: UUID, entry_id: UUID, reason: str, note: str | None, now: dt.datetime
) -> None:
    """Take one entry out, with a reason. Raises AppError."""
    case = _reviewed_by(session, viewer, client_id)
    if reason not in rules.REASONS or len(note or "") > LONGEST_NOTE:
        raise AppError("invalid_field", field="reason")
    state = session.get(EntryState, entry_id)
    must(state is not None and state.client_id == client_id)
    _add(session, case.id, client_id, rules.TAKEN_OUT, viewer, now, entry_id=entry_id, reason=reason, note=note)


def put_back(session: Session, viewer: Viewer, client_id: UUID, entry_id: UUID, now: dt.datetime) -> None:
    """Put an entry back that was taken out. Raises AppError."""
    case = _reviewed_by(session, viewer, client_id)
    must(entry_id in case.taken_out)
    _add(session, case.id, client_id, rules.PUT_BACK, viewer, now, entry_id=entry_id)


def finish_review(session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime) -> None:
    """The professional has gone through all of it. Raises AppError."""
    _add(session, _reviewed_by(session, viewer, client_id).id, client_id, rules.REVIEWED, viewer, now)


def hand_out(session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime) -> None:
    """The record has been given to the client. Raises AppError."""
    case = case_of(session, client_id)
    must(may_handle(session, viewer, client_id) and case is not None)
    assert case is not None
    if case.state != rules.REVIEWED:
        raise AppError("not_permitted")
    _add(session, case.id, client_id, rules.HANDED_OUT, viewer, now)


def _reviewed_by(session: Session, viewer: Viewer, client_id: UUID) -> rules.Case:
    case = case_of(session, client_id)
    must(_may_review(session, viewer, case))
    assert case is not None
    return case
