"""Who has read what about whom: the read log as it is searched, asked about, and told to the client it is about."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.read_log import OPENED, TRANSFERRED, WHOLE, Opened, Question, Span, What, questions
from fieldapp.models import Client, Duty, ReadLog, Staff, Team
from fieldapp.models.access import blocked_clients
from fieldapp.models.read_log import shown, what_of
from fieldapp.queries.merged import was_of
from fieldapp.queries.names import client_names, staff_names
from fieldapp.queries.visible import sees, visible_clients

PAGE = 50
ASKED_ABOUT = dt.timedelta(days=14)
_MOST_OPENED = 20_000


@dataclass(frozen=True)
class LogLine:
    """One row of the log."""

    seq: int
    kind: str
    at: dt.datetime
    from_at: dt.datetime
    to_at: dt.datetime | None
    staff_id: UUID
    name: str
    role: str
    team: str
    employer: str
    ground: str
    surface: str
    client_id: UUID
    client: str
    what: What


@dataclass(frozen=True)
class Search:
    """What is looked for; empty texts and None: everything."""

    client: str = ""
    person: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    only_opened: bool = False
    before: int | None = None
    """Rows with a lower number: the next page."""
    client_id: UUID | None = None
    """One record, with what was merged into it."""


@dataclass(frozen=True)
class ReaderLine:
    """Somebody who has read a client's record: one opening, or all transfers to one person. As the contract has it."""

    name: str
    team: str
    employer: str
    role: str
    ground: str
    kind: str
    from_at: dt.datetime
    to_at: dt.datetime | None
    what: What


def may_see_readers(session: Session, viewer: Viewer, client_id: UUID) -> bool:
    """Whether the client exists for somebody who asks who has read its record."""
    if access.sees_every_reader(viewer):
        there = select(Client.id).where(Client.id == client_id, Client.id.not_in(blocked_clients(viewer.staff_id)))
        return session.scalar(there) is not None
    return access.may_read_log(viewer) and sees(session, viewer, client_id)


def search(session: Session, viewer: Viewer, wanted: Search) -> list[LogLine]:
    """The newest rows that fit, at most `PAGE` and one more, which says that there is a next page."""
    query = (
        _rows()
        .where(_within_reach(viewer), *_conditions(session, viewer, wanted))
        .order_by(ReadLog.seq.desc())
        .limit(PAGE + 1)
    )
    found = [_line(session, *row) for row in session.execute(query)]
    for line in found:
        shown(session, "read_log", line.client_id)
    return found


def opened_entry(session: Session, client_id: UUID, entry_id: UUID, since: dt.datetime) -> list[LogLine]:
    """Who has opened this entry of the record since it came in, the newest first. Only for an entry that the viewer was
    shown, and may ask about."""
    shows_it = ReadLog.what.contains(str(entry_id), autoescape=True)
    query = (
        _rows()
        .where(was_of(session, client_id), ReadLog.kind == OPENED, ReadLog.at >= since, shows_it)
        .order_by(ReadLog.seq.desc())
        .limit(PAGE)
    )
    found = [_line(session, *row) for row in session.execute(query)]
    shown(session, "read_log", client_id)
    return found


def _conditions(session: Session, viewer: Viewer, wanted: Search) -> Iterable[ColumnElement[bool]]:
    if wanted.client_id:
        yield was_of(session, wanted.client_id)
    if wanted.client:
        yield ReadLog.client_id.in_(_called(session, viewer, wanted.client))
    if wanted.person:
        yield Staff.name.icontains(wanted.person, autoescape=True)
    if wanted.since:
        yield ReadLog.at >= wanted.since
    if wanted.until:
        yield ReadLog.at < wanted.until
    if wanted.only_opened:
        yield ReadLog.kind == OPENED
    if wanted.before is not None:
        yield ReadLog.seq < wanted.before


def _called(session: Session, viewer: Viewer, part: str) -> list[UUID]:
    """The clients within reach in whose name this stands; names can't be searched in the database."""
    rows = session.execute(select(Client.id, Client.name).where(_within_reach(viewer, Client.id)))
    return [client_id for client_id, name in rows if part.casefold() in name.casefold()]


def _within_reach(viewer: Viewer, client_id: Any = ReadLog.client_id) -> ColumnElement[bool]:
    reached: ColumnElement[bool]
    if access.sees_every_reader(viewer):
        reached = client_id.not_in(blocked_clients(viewer.staff_id))
    else:
        record_id = select(func.coalesce(_one.merged_into, _one.id)).where(_one.id == client_id).scalar_subquery()
        reached = record_id.in_(visible_clients(viewer))
    return reached


_one = aliased(Client)


def _rows() -> Select[ReadLog, str, str, str]:
    return (
        select(ReadLog, Staff.name, func.coalesce(Team.name, ""), Client.name)
        .join(Staff, Staff.id == ReadLog.staff_id)
        .join(Client, Client.id == ReadLog.client_id)
        .outerjoin(Team, Team.id == ReadLog.team_id)
    )


def _line(session: Session, row: ReadLog, name: str, team: str, client: str) -> LogLine:
    assert row.staff_id is not None
    assert row.client_id is not None
    return LogLine(
        seq=row.seq,
        kind=row.kind,
        at=row.at,
        from_at=row.from_at,
        to_at=row.to_at,
        staff_id=row.staff_id,
        name=name,
        role=row.role or "",
        team=team,
        employer=row.employer,
        ground=row.ground or "",
        surface=row.surface or "",
        client_id=row.client_id,
        client=client,
        what=what_of(session, row),
    )


def readers(session: Session, client_id: UUID) -> list[ReaderLine]:
    """Everybody who has read this client's record: who opened it first, newest first; then what was transferred, one
    line a person. Only for a client that the viewer may ask about."""
    query = _rows().where(was_of(session, client_id)).order_by(ReadLog.seq.desc())
    lines = [_line(session, *row) for row in session.execute(query)]
    shown(session, "read_log", client_id, opened=True)
    opened = [_opened(line) for line in lines if line.kind == OPENED]
    sent: dict[tuple[object, ...], list[LogLine]] = {}
    for line in lines:
        if line.kind == TRANSFERRED:
            sent.setdefault((line.staff_id, line.role, line.team, line.employer, line.ground), []).append(line)
    return sorted(opened, key=lambda one: one.from_at, reverse=True) + [_summed(of_one) for of_one in sent.values()]


def _opened(line: LogLine) -> ReaderLine:
    who = (line.name, line.team, line.employer, line.role, line.ground)
    return ReaderLine(*who, OPENED, line.from_at, line.to_at, line.what)


def _summed(lines: Sequence[LogLine]) -> ReaderLine:
    """Newest first."""
    one = lines[0]
    what: dict[str, set[str]] = {}
    for line in lines:
        for kind, ids in line.what.items():
            what.setdefault(kind, set()).update(ids if kind != WHOLE else ())
    said = {kind: sorted(ids) for kind, ids in sorted(what.items())}
    who = (one.name, one.team, one.employer, one.role, one.ground)
    return ReaderLine(*who, TRANSFERRED, lines[-1].from_at, one.at, said)


@dataclass(frozen=True)
class QuestionLine:
    """A question with the names it is about."""

    what: str
    name: str
    at: dt.datetime
    clients: int
    client: str | None


def asked_about(session: Session, viewer: Viewer, now: dt.datetime) -> list[QuestionLine]:
    """What is unusual in the last two weeks: questions, not verdicts."""
    query = (
        select(ReadLog.staff_id, ReadLog.client_id, ReadLog.from_at, ReadLog.ground)
        .add_columns(func.coalesce(Team.duty_ever_set, False))
        .outerjoin(Team, Team.id == ReadLog.team_id)
        .where(ReadLog.kind == OPENED, ReadLog.at >= now - ASKED_ABOUT, _within_reach(viewer))
        .where(ReadLog.ground != "innsyn")
        .order_by(ReadLog.seq.desc())
        .limit(_MOST_OPENED)
    )
    opened = [
        Opened(staff_id, client_id, at, ground or "", has_duties)
        for staff_id, client_id, at, ground, has_duties in session.execute(query)
        if staff_id is not None and client_id is not None
    ]
    duties = _duties(session, {one.staff_id for one in opened}, now - ASKED_ABOUT - dt.timedelta(days=1))
    return _named(session, questions(opened, duties))


def _duties(session: Session, staff_ids: set[UUID], since: dt.datetime) -> dict[UUID, list[Span]]:
    query = select(Duty.staff_id, Duty.from_at, Duty.to_at).where(Duty.staff_id.in_(staff_ids), Duty.to_at >= since)
    found: dict[UUID, list[Span]] = {}
    for staff_id, from_at, to_at in session.execute(query):
        found.setdefault(staff_id, []).append((from_at, to_at))
    return found


def _named(session: Session, found: Sequence[Question]) -> list[QuestionLine]:
    staff = staff_names(session, [one.staff_id for one in found])
    clients = client_names(session, [one.client_id for one in found])
    return [
        QuestionLine(one.what, staff.get(one.staff_id, ""), one.at, one.clients, _of(clients, one.client_id))
        for one in found
    ]


def _of(names: dict[UUID, str], id_: UUID | None) -> str | None:
    return names.get(id_) if id_ else None
