"""Clients that are one, read: what was merged into whom, what each would bring along, and whose reads were of whom."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.client_search import Findable, search
from fieldapp.domain.merging import Merge, records
from fieldapp.models import Case, Client, Entry, EntryState, ReadLog, Standing, Watch
from fieldapp.models.merged import MERGES, all_of, merge_entries, record_of, two_of
from fieldapp.models.read_log import shown
from fieldapp.queries.names import client_names, staff_names
from fieldapp.queries.visible import hidden_cases, hidden_entries, sees, visible_clients

MOST_FOUND = 20


@dataclass(frozen=True)
class Side:
    """One of two clients that may be one: what tells whether they are, and what it would bring along."""

    client_id: UUID
    name: str
    alias: str | None
    birth_year: int | None
    address: str | None
    phone: str | None
    protected: str
    mode: str | None
    interval_minutes: int
    shifts: tuple[str, ...]
    may_enter: bool
    agreed: bool
    last_seen_at: dt.datetime | None
    due_at: dt.datetime | None
    open_cases: int
    agreements: int
    entries: int


@dataclass(frozen=True)
class MergedClient:
    """A duplicate in a client's record."""

    entry_id: UUID
    name: str
    by: str
    at: dt.datetime
    reason: str


def may_merge(viewer: Viewer) -> bool:
    """Whether somebody says that two clients are one."""
    return all(access.may_submit(viewer, type_, is_primary=False) for type_ in MERGES)


def stands_for(session: Session, client_id: UUID) -> UUID:
    """The client that an address with this id leads to: itself, or the one it was merged into. Shows nothing."""
    return record_of(session, client_id)


def found(session: Session, viewer: Viewer, client_id: UUID, text: str) -> list[tuple[UUID, str, int | None]]:
    """The other clients the viewer sees who fit what was typed, best first, as in every search of clients."""
    query = select(Client.id, Client.name, Client.alias, Client.birth_year)
    rows = session.execute(query.where(Client.id.in_(visible_clients(viewer)), Client.id != client_id))
    findable = {id_: Findable(name, alias, birth_year) for id_, name, alias, birth_year in rows}
    hits = search(findable, text)[:MOST_FOUND]
    for id_ in hits:
        shown(session, "client", id_)
    return [(id_, findable[id_].name, findable[id_].birth_year) for id_ in hits]


def side(session: Session, viewer: Viewer, client_id: UUID) -> Side | None:
    """One client of a preview; None when it does not exist for the viewer."""
    if not sees(session, viewer, client_id):
        return None
    shown(session, "client", client_id, opened=True)
    client, watch = session.get_one(Client, client_id), session.get(Watch, client_id)
    standing = (Standing.client_id == client_id, Standing.kind == "agreement", Standing.ended_at.is_(None))
    of_cases = (Case.client_id == client_id, Case.closed_at.is_(None), Case.id.not_in(hidden_cases(viewer)))
    of_entries = (EntryState.client_id == client_id, EntryState.entry_id.not_in(hidden_entries(viewer)))
    return Side(
        client_id=client_id,
        name=client.name,
        alias=client.alias,
        birth_year=client.birth_year,
        address=None if client.protected == "code7" else client.address,
        phone=client.phone,
        protected=client.protected,
        mode=watch.mode if watch else None,
        interval_minutes=watch.interval_minutes if watch else 0,
        shifts=tuple(watch.shifts) if watch else (),
        may_enter=bool(watch and watch.may_enter),
        agreed=bool(watch and watch.agreed),
        last_seen_at=watch.last_seen_at if watch else None,
        due_at=watch.due_at if watch else None,
        open_cases=_count(session, Case.id, *of_cases),
        agreements=_count(session, Standing.id, *standing),
        entries=_count(session, EntryState.entry_id, *of_entries),
    )


def _count(session: Session, column: InstrumentedAttribute[UUID], *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(column)).where(*where)) or 0


def merged_clients(session: Session, viewer: Viewer, client_id: UUID) -> list[MergedClient]:
    """The duplicates in the record of a client that the viewer sees, each with the entry that put it there."""
    if not sees(session, viewer, client_id):
        return []
    query = (
        select(Entry, EntryState)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(EntryState.client_id == client_id, Entry.type.in_(MERGES), EntryState.struck_by.is_(None))
        .order_by(Entry.clock_at, Entry.id)
    )
    pairs = [(entry, state) for entry, state in session.execute(query) if entry.client_id != client_id]
    clients = client_names(session, [entry.client_id for entry, _ in pairs])
    staff = staff_names(session, [entry.author_id for entry, _ in pairs])
    return [
        MergedClient(
            entry.id, clients.get(two_of(entry)[0], ""), staff.get(entry.author_id, ""), entry.clock_at,
            state.body["reason"],
        )
        for entry, state in pairs
    ]  # fmt: skip


def was_of(session: Session, client_id: UUID) -> ColumnElement[bool]:
    """Which rows of the read log are of what stands in this client's record now: its own and its duplicates', and those
    of a client in whose record any of these once stood, from that time."""
    spans = [span for one in session.scalars(all_of(client_id)).all() for span in _spans(session, one)]
    elsewhere = (
        and_(ReadLog.client_id == record_id, ReadLog.at >= from_at, ReadLog.at < until_at)
        for record_id, from_at, until_at in spans
        if record_id != client_id
    )
    return or_(ReadLog.client_id.in_(all_of(client_id)), *elsewhere)


def _spans(session: Session, client_id: UUID) -> Iterator[tuple[UUID, dt.datetime, dt.datetime]]:
    """In whose records this one has stood, from when until when, by the times at which that came in and was undone."""
    pairs = merge_entries(session, [client_id])
    struck = [state.struck_by for _, state in pairs if state.struck_by is not None]
    query = select(Entry.id, Entry.received_at).where(Entry.id.in_(struck))
    undone = {row.id: row.received_at for row in session.execute(query)}
    told = [
        (Merge(*two_of(entry), state.happened_at(entry), entry.id), entry.received_at, undone.get(state.struck_by))
        for entry, state in pairs
    ]
    turns = sorted({*(came_at for _, came_at, _ in told), *undone.values()})
    for from_at, until_at in pairwise(turns):
        stood = records(
            merge for merge, came_at, gone_at in told if came_at <= from_at and (gone_at is None or gone_at > from_at)
        )
        if client_id in stood:
            yield stood[client_id], from_at, until_at
