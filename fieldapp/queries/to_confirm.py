"""«Må bekreftes»: what came in somebody's name under a key that was right only once, for whoever may answer for it.

Entries of one's own; for a leader those of people who work or worked in their team, about whom and what they see.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer, may_confirm
from fieldapp.models import Alert, Entry, EntryState, FormerMember, SetAside, StaffTeam
from fieldapp.models.entry import MOST_TO_CONFIRM
from fieldapp.models.read_log import shown
from fieldapp.queries.names import client_names, staff_names
from fieldapp.queries.visible import sees
from sync import clocks
from sync.entry_types import ENTRY_TYPES
from sync.envelope import MAX_ENTRY_BYTES, Envelope, Refused, judge_element

_MOST = 200


@dataclass(frozen=True)
class ToConfirm:
    """One entry that waits. `client`: the name, where the viewer sees the client or it is registered by this."""

    id: int
    entry_id: UUID | None
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


def without_room(session: Session, waiting: Sequence[ToConfirm]) -> list[str]:
    """Of whom, among those of these entries, more lies on the phone than there is room for here."""
    size = func.sum(func.length(SetAside.raw))
    of_these = select(SetAside.claimed_by).where(SetAside.id.in_([one.id for one in waiting]))
    query = (
        select(SetAside.claimed_by)
        .where(SetAside.claimed_by.in_(of_these), SetAside.answer.is_(None))
        .group_by(SetAside.claimed_by, SetAside.device_id)
        .having(size > MOST_TO_CONFIRM - MAX_ENTRY_BYTES)
    )
    ids = {staff_id for staff_id in session.scalars(query) if staff_id} if waiting else set()
    return sorted(staff_names(session, ids).values())


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
    kept = [(row, envelope) for row in rows if (envelope := _read(row)) is not None]
    if not kept:
        return []
    teams = _teams(session, {envelope.author_id for _, envelope in kept if envelope.author_id})
    names = staff_names(session, teams)
    lines = []
    for row, envelope in kept:
        author_id = envelope.author_id
        assert author_id is not None  # it was proven, once
        client_id = _client(session, envelope)
        in_sight = _in_sight(session, viewer, envelope, client_id)
        if may_confirm(viewer, author_id, teams[author_id], in_sight=in_sight):
            seen = client_id if client_id is not None and sees(session, viewer, client_id) else None
            lines.append(_line(row, envelope, names.get(author_id, ""), seen))
    return _with_names(session, lines)


def _read(row: SetAside) -> Envelope | None:
    """The entry; None for one that a newer server would not take any more, so that nobody could confirm it."""
    try:
        return judge_element(json.loads(row.raw))
    except Refused:
        return None


def _teams(session: Session, staff_ids: set[UUID]) -> dict[UUID, set[UUID]]:
    """The teams of these people, with those they have left."""
    found: dict[UUID, set[UUID]] = {staff_id: set() for staff_id in staff_ids}
    for model in (StaffTeam, FormerMember):
        rows = session.execute(select(model.staff_id, model.team_id).where(model.staff_id.in_(staff_ids)))
        for staff_id, team_id in rows:
            found[staff_id].add(team_id)
    return found


def _client(session: Session, envelope: Envelope) -> UUID | None:
    """Whom it is about, also where that is said by what it points at alone."""
    entry_id, alert_id = (getattr(envelope.parsed, name, None) for name in ("entry_id", "alert_id"))
    if envelope.client_id is not None:
        return envelope.client_id
    if entry_id is not None:
        return session.scalar(select(EntryState.client_id).where(EntryState.entry_id == entry_id))
    if alert_id is not None:
        return session.scalar(select(Alert.client_id).where(Alert.id == alert_id))
    return None


def _in_sight(session: Session, viewer: Viewer, envelope: Envelope, client_id: UUID | None) -> bool:
    """A client that is registered by it nobody sees yet: then the team decides; and so it does without a client."""
    if client_id is not None and not ENTRY_TYPES[envelope.type].registers:
        return sees(session, viewer, client_id)
    team_id = getattr(envelope.parsed, "team_id", None) or envelope.team_id
    return team_id is None or team_id in viewer.team_ids


def _line(row: SetAside, envelope: Envelope, author: str, client_id: UUID | None) -> ToConfirm:
    assert row.came_at is not None
    return ToConfirm(
        id=row.id,
        entry_id=row.entry_id,
        author=author,
        type=envelope.type,
        body=envelope.body,
        client_id=client_id,
        client=getattr(envelope.parsed, "name", None) if ENTRY_TYPES[envelope.type].registers else None,
        at=clocks.corrected_at(envelope.occurred_at, envelope.clock_offset_ms, envelope.time_chosen),
        came_at=row.came_at,
    )


def _with_names(session: Session, lines: Sequence[ToConfirm]) -> list[ToConfirm]:
    names = client_names(session, [line.client_id for line in lines])
    return [replace(line, client=names[line.client_id]) if line.client_id else line for line in lines]
