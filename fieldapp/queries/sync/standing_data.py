"""The data of what stands until a newer entry or an ending: what was said, read from the entries that make it up.

Leaves what stands to services/projections/what_stands.py, and who is sent it to changes.py.

Invariant: nothing is read from an entry that is barred for the reader.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import Entry, EntryState, HandoverReading, Standing
from fieldapp.models.base import NOW
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.queries.json_columns import IDS, as_json, json_columns, read
from fieldapp.queries.sync.entry_data import Data
from fieldapp.queries.visible import hidden_entries
from sync.entry_type import Thing
from sync.entry_types import ENTRY_TYPES
from sync.versions import united

_SHOWN = {name: row.stands for name, row in ENTRY_TYPES.items() if row.stands is not None}
STANDING_KINDS: tuple[Thing, ...] = tuple(
    dict.fromkeys(stands.kind for name, stands in _SHOWN.items() if "standing" in ENTRY_TYPES[name].refreshes)
)
NAMED_BY_ENTRY = tuple(
    dict.fromkeys(stands.kind for stands in _SHOWN.values() if stands.part in ("opens", "version") and not stands.id)
)
"""Those that have the id of the entry that stands."""
_KEPT_WHEN_ENDED = ("agreement", "decision")
"""The others are gone from the phones: what has ended stands in the entries."""
_UNITED = {"contact_person": "must_not_be_told", "plan": "red_avoid"}
"""What of every version holds, until somebody has merged them."""
_COLUMNS = ("id", "client_id", "team_id", "entry_ids", "ended_at", "ended_entry_id")


class _Said(NamedTuple):
    """One entry that makes a thing up."""

    type: str
    author_id: str
    at: Any
    """Clock time, as JSON has it."""
    body: Mapping[str, Any]


def standing_data(session: Session, viewer: Viewer, ids: Sequence[uuid.UUID], kind: Thing, now: dt.datetime) -> Data:
    """What this person is shown of these things, by id; what has ended or is over is not in the answer."""
    rows = [
        dict(zip(_COLUMNS, row, strict=True))
        for row in read(session, _rows(kind), {"ids": list(ids), "kind": kind, "now": now})
    ]
    said = _said(session, viewer, rows)
    found = {row["id"]: _told(kind, row, said) for row in rows if _is_told(row, said)}
    if kind == "handover":
        _add_readers(session, ids, found)
    return found


@cache
def _rows(kind: Thing) -> Select[Any]:
    stands = or_(Standing.gone_at.is_(None), Standing.gone_at > NOW)
    query = select(*json_columns(Standing, _COLUMNS)).where(
        Standing.kind == bindparam("kind"), Standing.id.in_(IDS), stands
    )
    return query if kind in _KEPT_WHEN_ENDED else query.where(Standing.ended_at.is_(None))


_ENTRIES = (
    select(as_json(Entry.id), Entry.type, as_json(Entry.author_id), as_json(HAPPENED_AT), as_json(EntryState.body))
    .join(EntryState, EntryState.entry_id == Entry.id)
    .where(Entry.id.in_(IDS))
)


def _said(session: Session, viewer: Viewer, rows: Iterable[Mapping[str, Any]]) -> dict[str, _Said]:
    named = {id_ for row in rows for id_ in (*row["entry_ids"], row["ended_entry_id"]) if id_ is not None}
    ids = [uuid.UUID(id_) for id_ in sorted(named)]
    query = _ENTRIES.where(Entry.id.not_in(hidden_entries(viewer)))
    found: dict[str, _Said] = {}
    for start in range(0, len(ids), 500):
        for id_, *values in read(session, query, {"ids": ids[start : start + 500]}):
            found[id_] = _Said(*values)
    return found


def _is_told(row: Mapping[str, Any], said: Mapping[str, _Said]) -> bool:
    """Whether anything of it is left to show: one of its versions, or the entry that opened it."""
    first, *others = row["entry_ids"]
    return first in said or any(id_ in said and _SHOWN[said[id_].type].part == "version" for id_ in others)


def _told(kind: Thing, row: Mapping[str, Any], said: Mapping[str, _Said]) -> dict[str, Any]:
    first, *others = (id_ for id_ in row["entry_ids"] if id_ in said)
    own = {"id": row["id"], "client_id": row["client_id"], "team_id": row["team_id"]}
    data = _version(first, said[first]) | own
    if others and _SHOWN[said[first].type].part == "version":
        data["beside"] = [_version(id_, said[id_]) for id_ in others]
        if name := _UNITED.get(kind):
            data[name] = united(said[id_].body.get(name) for id_ in (first, *others))
    elif others:
        data |= _reviewed(said[first], [said[id_] for id_ in others])
    return data | _ended(kind, row, said.get(row["ended_entry_id"] or ""), made_at=said[first].at)


def _version(entry_id: str, said: _Said) -> dict[str, Any]:
    """What was said, by whom and when. Of the body only the fields that its type has."""
    return {**_fields(said), "entry_id": entry_id, "author_id": said.author_id, "noted_at": said.at}


def _fields(said: _Said) -> dict[str, Any]:
    names = set(ENTRY_TYPES[said.type].body.__struct_fields__) - {_SHOWN[said.type].id, "replaces"}
    return {name: value for name, value in said.body.items() if name in names and value is not None}


def _reviewed(opening: _Said, reviews: Sequence[_Said]) -> dict[str, Any]:
    """What the reviews, the oldest first, have made of what was noted."""
    of_opening = ENTRY_TYPES[opening.type].body.__struct_fields__
    new: dict[str, Any] = {}
    for one in reviews:
        new |= {name: value for name, value in _fields(one).items() if name in of_opening}
    return new | {"reviewed_at": reviews[-1].at, "reviewed_by": reviews[-1].author_id}


def _ended(kind: Thing, row: Mapping[str, Any], ending: _Said | None, made_at: Any) -> dict[str, Any]:
    if kind == "agreement":
        how = ending.body.get("how") if ending else None
        return {"made_at": made_at, "withdrawn_at": row["ended_at"], "withdrawn_how": how}
    if kind == "decision":
        return {"ended_on": ending.body.get("on") if ending else None}
    return {}


_READINGS = (
    select(as_json(HandoverReading.handover_id), as_json(HandoverReading.staff_id), as_json(HandoverReading.read_at))
    .where(HandoverReading.handover_id.in_(IDS))
    .order_by(HandoverReading.read_at, HandoverReading.entry_id)
)


def _add_readers(session: Session, ids: Sequence[uuid.UUID], found: Data) -> None:
    """Who has read it, each once, since the first time."""
    for data in found.values():
        data["read_by"] = []
    for handover_id, staff_id, at in read(session, _READINGS, {"ids": list(ids)}):
        read_by = found.get(handover_id, {}).get("read_by", [])
        if all(one["staff_id"] != staff_id for one in read_by):
            read_by.append({"staff_id": staff_id, "at": at})
