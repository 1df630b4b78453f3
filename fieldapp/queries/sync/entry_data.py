"""What a phone keeps of an entry, made of columns that the query of its page brings along.

Leaves whose entries they are to that query (changes.py, older_entries.py).
"""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from fieldapp.domain import access, protection
from fieldapp.domain.access import Viewer
from fieldapp.domain.retention import EXPIRED
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.models import Change, Client, Entry, EntryState, Staff
from fieldapp.queries.json_columns import as_json, json_columns, read
from fieldapp.queries.partly import BESIDE, Told, part, partly_read
from sync.entry_types import types_that
from sync.envelope import LOCKED

Data = dict[str, dict[str, Any]]
EntryColumns = Sequence[Any]
"""The values of `COLUMNS` in one row; all None beside a change of something else."""

_AS_SENT = (
    *("id", "device_seq", "type", "version", "client_id", "case_id", "team_id", "occurred_at", "time_chosen"),
    *("clock_offset_ms", "mends", "body", "author_id", "corrected_at", "received_at", "flags"),
)
_COUNTS_AS = ("degree", "struck_by", "amended_body", "amended_at")
_SENT = _AS_SENT + _COUNTS_AS
COLUMNS = (
    *json_columns(Entry, _AS_SENT),
    EntryState.degree,
    as_json(EntryState.struck_by).label("struck_by"),
    as_json(case((EntryState.amended_by.is_not(None), EntryState.body))).label("amended_body"),
    as_json(EntryState.amended_at).label("amended_at"),
    as_json(EntryState.client_id).label("record_id"),
    EntryState.struck_as,
    as_json(EntryState.confirmed_by).label("confirmed_by"),
    as_json(Entry.extra).label("extra"),
)


def with_entries(query: Select[Any]) -> Select[Any]:
    """A query of changes, joined with the entries they are about, if they are."""
    about = (Change.kind == "entry") & (Entry.id == Change.subject_id)
    return query.outerjoin(Entry, about).outerjoin(EntryState, EntryState.entry_id == Entry.id)


def entry_data(session: Session, viewer: Viewer, rows: Sequence[EntryColumns]) -> Data:
    """The data of these entries as this viewer may see it, by id; what is missing is not in the answer."""
    found = {row[0]: data for row in rows if (data := _data(row)) is not None}
    if access.sees_only_housing(viewer.role):
        return _as_their_author_wrote(session, viewer, found)
    _protect(session, found)
    _share(session, viewer, found)
    _name_authors(session, [data for data in found.values() if NO_EFFECT in data["flags"]])
    return found


def _protect(session: Session, found: Data) -> None:
    """The address of a client of code 7 is on no phone, nor is the code."""
    of_code_7 = {str(id_) for id_ in session.scalars(_CODE_7)}
    for data in found.values():
        if data["type"] in _TELLS_ADDRESS:
            protected = "code7" if data["client_id"] in of_code_7 else "none"
            for name in ("body", "amended_body"):
                data[name] = data[name] and protection.shown(data[name], protected)


def _share(session: Session, viewer: Viewer, found: Data) -> None:
    """Of what is shared in part the rest stays on the server; `partly` says to the phone that there is more."""
    for entry_id, fields in partly_read(session, viewer, _told(found)).items():
        whole = found[str(entry_id)]
        data = {name: whole[name] for name in _SENT} | {"partly": True}
        for name in ("body", "amended_body"):
            data[name] = data[name] and part(data[name], fields)
        found[str(entry_id)] = data


def _told(found: Data) -> list[Told]:
    return [
        Told(
            uuid.UUID(id_),
            data["type"],
            uuid.UUID(data["author_id"]),
            uuid.UUID(data["team_id"]) if data["team_id"] else None,
            uuid.UUID(data["body"]["entry_id"]) if data["type"] in BESIDE else None,
        )
        for id_, data in found.items()
        if data["type"] in _PERHAPS_IN_PART
    ]


_PERHAPS_IN_PART = access.PARTLY_SHARED | set(BESIDE)
_TELLS_ADDRESS = types_that(lambda row: row.registers or row.card == "fields") | {"entry_corrected"}
_CODE_7 = select(Client.id).where(Client.protected == "code7")


def _data(row: EntryColumns) -> dict[str, Any] | None:
    *sent, record_id, struck_as, confirmed_by, extra = row
    data: dict[str, Any] = dict(zip(_SENT, sent, strict=True))
    if data["degree"] is None or struck_as == "wrong_client":
        return None  # out of the wrong client's record means out of every phone, at once
    if EXPIRED in data["flags"] and record_id is None:
        return None
    if data["client_id"] is not None or not data["type"].startswith("alert_"):  # as EntryState.record_of
        data["client_id"] = record_id
    if confirmed_by:
        data["flags"] = [flag for flag in data["flags"] if flag != LOCKED]
    return extra | data if extra else data


def _name_authors(session: Session, without_effect: list[dict[str, Any]]) -> None:
    """Of what has no effect the author is named: somebody of a team that a phone of the team that follows knows not."""
    if without_effect:
        ids = {uuid.UUID(data["author_id"]) for data in without_effect}
        rows = read(session, select(as_json(Staff.id), Staff.name).where(Staff.id.in_(ids)), {})
        names = {id_: name for id_, name in rows}  # noqa: C416 - rows are not pairs to mypy
        for data in without_effect:
            data["author_name"] = names[data["author_id"]]


def _as_their_author_wrote(session: Session, viewer: Viewer, found: Data) -> Data:
    """Those of the viewer, as they wrote and corrected them: neither what a leader made of them, nor whether they
    count."""
    author_id = str(viewer.staff_id)
    own = {id_: _uncounted(data) for id_, data in found.items() if data["author_id"] == author_id}
    ids = [uuid.UUID(id_) for id_ in own]
    query = (
        select(as_json(Entry.id), as_json(Entry.subject_id), as_json(Entry.body))
        .where(Entry.type == "entry_corrected", Entry.subject_id.in_(ids), Entry.author_id == viewer.staff_id)
        .order_by(Entry.clock_at, Entry.id)
    )
    for correction_id, entry_id, body in read(session, query, {}) if ids else ():
        data = own[entry_id]
        if body["what"] == "text":
            data["amended_body"] = (data["amended_body"] or data["body"]) | (body.get("body") or {})
        else:
            data["struck_by"] = correction_id
    return own


def _uncounted(data: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in data.items() if name not in _COUNTS_AS}
    return told | {"struck_by": None, "amended_body": None}
