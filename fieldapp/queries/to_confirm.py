"""«Må bekreftes»: what came in somebody's name under a key that was right only once, for whoever may answer for it.

Entries of one's own; for a leader those of people who work or worked in their team, about whom and what they see.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer, may_confirm
from fieldapp.models import Alert, Entry, EntryState, FormerMember, SetAside, StaffTeam
from fieldapp.models.read_log import shown
from fieldapp.queries.names import client_names, staff_names
from fieldapp.queries.visible import sees
from sync import clocks
from sync.entry_types import ENTRY_TYPES

_MOST = 200


@dataclass(frozen=True)
class ToConfirm:
    """One entry that waits. `client`: the name, where the viewer sees the client or it is registered by this."""

    id: int
    entry_id: UUID | None
    author_id: UUID
    author: str
    type: str
    body: dict[str, Any]
    client_id: UUID | None
    client: str | None
    at: dt.datetime
    came_at: dt.datetime


def to_confirm(session: Session, viewer: Viewer) -> list[ToConfirm]:
    """What waits for this person's answer, the oldest first."""
    return _shown(session, viewer, _waiting())


def own_to_confirm(session: Session, viewer: Viewer) -> list[ToConfirm]:
    """The same of what this person has written."""
    return _shown(session, viewer, _waiting().where(SetAside.claimed_by == viewer.staff_id))


def waits_for(session: Session, viewer: Viewer, kept_id: int) -> bool:
    """Whether this one waits for this person's answer."""
    return bool(_lines(session, viewer, session.scalars(_waiting().where(SetAside.id == kept_id))))


def _waiting() -> Select[SetAside]:
    taken = select(Entry.id).where(Entry.id == SetAside.entry_id).exists()
    return select(SetAside).where(SetAside.claimed_by.is_not(None), SetAside.answer.is_(None), ~taken)


def _shown(session: Session, viewer: Viewer, waiting: Select[SetAside]) -> list[ToConfirm]:
    rows = session.scalars(waiting.order_by(SetAside.came_at, SetAside.id).limit(_MOST))
    lines = _lines(session, viewer, rows)
    for line in lines:
        shown(session, "entry", line.client_id, line.entry_id, opened=True)
    return lines


def _lines(session: Session, viewer: Viewer, rows: Iterable[SetAside]) -> list[ToConfirm]:
    kept = [(row, json.loads(row.raw)) for row in rows]
    if not kept:
        return []
    teams = _teams(session, {row.claimed_by for row, _ in kept if row.claimed_by})
    names = staff_names(session, teams)
    lines = []
    for row, raw in kept:
        assert row.claimed_by is not None
        client_id = _client(session, raw)
        in_sight = _in_sight(session, viewer, raw, client_id)
        if may_confirm(viewer, row.claimed_by, teams[row.claimed_by], in_sight=in_sight):
            seen = client_id if client_id is not None and sees(session, viewer, client_id) else None
            lines.append(_line(row, raw, names.get(row.claimed_by, ""), seen))
    return _with_names(session, lines)


def _teams(session: Session, staff_ids: set[UUID]) -> dict[UUID, set[UUID]]:
    """The teams of these people, with those they have left."""
    found: dict[UUID, set[UUID]] = {staff_id: set() for staff_id in staff_ids}
    for model in (StaffTeam, FormerMember):
        rows = session.execute(select(model.staff_id, model.team_id).where(model.staff_id.in_(staff_ids)))
        for staff_id, team_id in rows:
            found[staff_id].add(team_id)
    return found


def _client(session: Session, raw: Mapping[str, Any]) -> UUID | None:
    """Whom it is about, also where that is said by what it points at alone."""
    body = raw["body"]
    if raw.get("client_id"):
        return UUID(raw["client_id"])
    if body.get("entry_id"):
        return session.scalar(select(EntryState.client_id).where(EntryState.entry_id == UUID(body["entry_id"])))
    if body.get("alert_id"):
        return session.scalar(select(Alert.client_id).where(Alert.id == UUID(body["alert_id"])))
    return None


def _in_sight(session: Session, viewer: Viewer, raw: Mapping[str, Any], client_id: UUID | None) -> bool:
    """A client that is registered by it nobody sees yet: then the team decides; and so it does without a client."""
    if client_id is not None and not ENTRY_TYPES[raw["type"]].registers:
        return sees(session, viewer, client_id)
    team_id = raw["body"].get("team_id") or raw.get("team_id")
    return team_id is None or UUID(team_id) in viewer.team_ids


def _line(row: SetAside, raw: Mapping[str, Any], author: str, client_id: UUID | None) -> ToConfirm:
    assert row.claimed_by is not None
    assert row.came_at is not None
    occurred_at = msgspec.convert(raw["occurred_at"], dt.datetime)
    at = clocks.corrected_at(occurred_at, raw.get("clock_offset_ms"), raw.get("time_chosen", False))
    name = raw["body"]["name"] if ENTRY_TYPES[raw["type"]].registers else None
    return ToConfirm(
        row.id, row.entry_id, row.claimed_by, author, raw["type"], raw["body"], client_id, name, at, row.came_at
    )


def _with_names(session: Session, lines: Sequence[ToConfirm]) -> list[ToConfirm]:
    names = client_names(session, [line.client_id for line in lines])
    return [replace(line, client=names[line.client_id]) if line.client_id else line for line in lines]
