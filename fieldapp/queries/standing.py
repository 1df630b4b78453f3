"""What stands until a newer entry or an ending, as the office reads it: in the entries that make it up.

Which rows there are is for services/projections/what_stands.py; what phones are sent for queries/sync/standing_data.py.

Invariant: nothing is told of an entry that the viewer does not read (queries/entries.py).
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import Client, Entry, EntryState, HandoverReading, Standing
from fieldapp.queries.entries import entries_by_id, visible_entries
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.queries.names import client_names, staff_names
from fieldapp.queries.visible import hidden_entries, visible_clients
from sync.entry_type import Thing
from sync.entry_types import ENTRY_TYPES, type_of_thing
from sync.versions import united

_UNITED = {"contact_person": "must_not_be_told", "plan": "red_avoid"}
"""What of every version holds, until somebody has merged them."""
_MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Stands:
    """One thing that stands. `body`: what is said of it now; `versions`: the entries that make it up."""

    kind: Thing
    id: UUID
    client_id: UUID | None
    client: str | None
    team_id: UUID | None
    body: Mapping[str, Any]
    versions: tuple[EntryRow, ...]
    owner_id: UUID | None
    owner: str | None
    due_on: dt.date | None
    due_at: dt.datetime | None
    ended_at: dt.datetime | None
    read_by: tuple[tuple[UUID, str, dt.datetime], ...] = ()
    """Of a hand-over who has read it, and since when."""

    @property
    def noted(self) -> EntryRow:
        """The entry that stands, or the last that looked at it again."""
        return self.versions[-1] if self.is_reviewed else self.versions[0]

    @property
    def is_reviewed(self) -> bool:
        """Whether it was opened and looked at again, and not written anew."""
        stands = ENTRY_TYPES[self.versions[-1].type].stands
        return stands is not None and stands.part == "reviews"

    @property
    def beside(self) -> tuple[EntryRow, ...]:
        """Versions written apart, that nobody has merged."""
        return () if self.is_reviewed else self.versions[1:]

    def is_past(self, today: dt.date) -> bool:
        """Whether its day is over: an old risk, an overdue task."""
        return self.due_on is not None and self.due_on < today


def of_client(session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime) -> dict[str, list[Stands]]:
    """All that stands around one client, by kind; ended agreements and decisions are not among it."""
    found = _stands(session, viewer, Standing.client_id == client_id, _is_on(now))
    kinds: dict[str, list[Stands]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    return kinds


def tasks(session: Session, viewer: Viewer) -> list[Stands]:
    """What is to be done, about clients in sight and of the viewer's teams: the oldest day first, undated last."""
    found = _stands(session, viewer, Standing.kind == "task", Standing.ended_at.is_(None), _is_followed())
    return sorted(found, key=lambda one: (one.due_on or dt.date.max, one.client or "", str(one.id)))


def tasks_of_client(session: Session, viewer: Viewer, client_id: UUID) -> list[Stands]:
    """What is to be done about one client: the oldest day first, undated last."""
    of_client = Standing.kind == "task", Standing.client_id == client_id
    found = _stands(session, viewer, *of_client, Standing.ended_at.is_(None), _is_followed())
    return sorted(found, key=lambda one: (one.due_on or dt.date.max, str(one.id)))


def decided_in(session: Session, viewer: Viewer, meeting_id: UUID) -> list[Stands]:
    """What was decided in this meeting about clients in sight, ended or not, in the order in which it was."""
    found = _stands(session, viewer, Standing.kind == "task", Standing.id.in_(_decided_in(viewer, meeting_id)))
    return sorted(found, key=lambda one: str(one.id))


def count_decided(session: Session, viewer: Viewer, meeting_id: UUID) -> int:
    """How many that is."""
    of_meeting = Standing.kind == "task", Standing.id.in_(_decided_in(viewer, meeting_id))
    return session.scalar(select(func.count()).where(*of_meeting)) or 0


def _decided_in(viewer: Viewer, meeting_id: UUID) -> Select[UUID | None]:
    return (
        select(Entry.subject_id)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.type == _SETS_TASK, EntryState.client_id.is_not(None), visible_entries(viewer))
        .where(EntryState.struck_by.is_(None), EntryState.body["meeting_id"].as_string() == str(meeting_id))
    )


def old_risks(session: Session, viewer: Viewer, today: dt.date) -> list[Stands]:
    """«Før du går inn» past its day, until somebody has looked at it again: the oldest first."""
    past = (Standing.kind == "risk", Standing.ended_at.is_(None), Standing.due_on < today)
    found = _stands(session, viewer, *past, _is_followed())
    return sorted(found, key=lambda one: (one.due_on or dt.date.max, one.client or ""))


def old_risk_counts(session: Session, viewer: Viewer, today: dt.date) -> dict[UUID, int]:
    """How many such each client in sight has; none of what is barred for the viewer."""
    past = (Standing.kind == "risk", Standing.ended_at.is_(None), Standing.due_on < today)
    opening = select(Entry.id).where(Entry.subject_id == Standing.id, Entry.type == _OPENS_RISK)
    query = (
        select(Standing.client_id, func.count())
        .where(*past, Standing.client_id.in_(visible_clients(viewer)))
        .where(opening.where(Entry.id.not_in(hidden_entries(viewer))).exists())
        .group_by(Standing.client_id)
    )
    return {client_id: count for client_id, count in session.execute(query) if client_id is not None}


_SETS_TASK = type_of_thing("task", "version")
_OPENS_RISK = type_of_thing("risk", "opens")


def handovers(session: Session, viewer: Viewer, now: dt.datetime) -> list[Stands]:
    """The notes for the next shift that still stand, for the viewer's teams, the newest first."""
    mine = Standing.team_id.in_(viewer.team_ids)
    found = _stands(session, viewer, Standing.kind == "handover", mine, _is_on(now))
    return sorted(found, key=lambda one: (one.noted.at, str(one.id)), reverse=True)


def one(session: Session, viewer: Viewer, kind: Thing, id_: UUID) -> Stands | None:
    """The thing, ended or not; None when it does not exist for the viewer."""
    found = _stands(session, viewer, Standing.kind == kind, Standing.id == id_)
    return found[0] if found else None


def _is_on(now: dt.datetime) -> ColumnElement[bool]:
    return and_(Standing.ended_at.is_(None), or_(Standing.gone_at.is_(None), Standing.gone_at > now))


def _is_followed() -> ColumnElement[bool]:
    """Of nobody's record, or of somebody who is still followed up: an ending ends tasks, too."""
    followed = select(Client.id).where(Client.ended_at.is_(None), Client.deceased.is_(False))
    return or_(Standing.client_id.is_(None), Standing.client_id.in_(followed))


def _stands(session: Session, viewer: Viewer, *wanted: ColumnElement[bool]) -> list[Stands]:
    in_sight = or_(
        Standing.client_id.in_(visible_clients(viewer)),
        and_(Standing.client_id.is_(None), Standing.team_id.in_(viewer.team_ids)),
    )
    rows = session.scalars(select(Standing).where(*wanted, in_sight).order_by(Standing.kind, Standing.id)).all()
    said = _said(session, viewer, rows)
    owners = staff_names(session, [row.owner_id for row in rows])
    clients = client_names(session, {row.client_id for row in rows if _told(row, said)})
    readers = _readers(session, [row.id for row in rows if row.kind == "handover"])
    return [
        Stands(
            kind=row.kind,  # type: ignore[arg-type]
            id=row.id,
            client_id=row.client_id,
            client=clients.get(row.client_id) if row.client_id else None,
            team_id=row.team_id,
            body=_body(row.kind, told),
            versions=told,
            owner_id=row.owner_id,
            owner=owners.get(row.owner_id) if row.owner_id else None,
            due_on=row.due_on,
            due_at=row.due_at,
            ended_at=row.ended_at,
            read_by=tuple(readers.get(row.id, {}).values()),
        )
        for row in rows
        if (told := _told(row, said))
    ]


def _said(session: Session, viewer: Viewer, rows: Sequence[Standing]) -> dict[UUID, EntryRow]:
    ids = sorted({UUID(id_) for row in rows for id_ in row.entry_ids})
    found: dict[UUID, EntryRow] = {}
    for start in range(0, len(ids), _MOST_AT_ONCE):
        found |= entries_by_id(session, viewer, ids[start : start + _MOST_AT_ONCE])
    return found


def _told(row: Standing, said: Mapping[UUID, EntryRow]) -> tuple[EntryRow, ...]:
    """The entries of it that the viewer reads; of what is looked at again nothing without the opening."""
    read = tuple(said[id_] for one in row.entry_ids if (id_ := UUID(one)) in said)
    if not read or (str(read[0].id) != row.entry_ids[0] and not _is_version(read[0])):
        return ()
    return read


def _is_version(entry: EntryRow) -> bool:
    stands = ENTRY_TYPES[entry.type].stands
    return stands is not None and stands.part == "version"


def _body(kind: str, told: Sequence[EntryRow]) -> dict[str, Any]:
    """What is said of it now: the version that stands, or the opening with what each review changed."""
    body = dict(told[0].body)
    if not _is_version(told[0]):
        for review in told[1:]:
            body |= {name: value for name, value in review.body.items() if value is not None and name in body}
    elif name := _UNITED.get(kind):
        body[name] = united(one.body.get(name) for one in told)
    return body


def _readers(session: Session, ids: Collection[UUID]) -> dict[UUID, dict[UUID, tuple[UUID, str, dt.datetime]]]:
    """Of each hand-over who has read it, each once, since the first time."""
    if not ids:
        return {}
    query = (
        select(HandoverReading.handover_id, HandoverReading.staff_id, HandoverReading.read_at)
        .where(HandoverReading.handover_id.in_(ids))
        .order_by(HandoverReading.read_at, HandoverReading.entry_id)
    )
    rows = session.execute(query).all()
    names = staff_names(session, {row.staff_id for row in rows})
    found: dict[UUID, dict[UUID, tuple[UUID, str, dt.datetime]]] = {}
    for handover_id, staff_id, at in rows:
        found.setdefault(handover_id, {}).setdefault(staff_id, (staff_id, names.get(staff_id, ""), at))
    return found
