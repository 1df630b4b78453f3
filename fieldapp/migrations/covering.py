"""What step 0017 does to the rows that stand: their words go under a key, and back.

Written down with the tables as they were then; where words stand in a body is asked of sync/words.py, which also knows
the types of before. A row whose seal was wrong keeps a wrong seal.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    column,
    select,
    table,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import TableClause

from fieldapp.models.base import UtcDateTime
from fieldapp.models.ciphered import cover_json, cover_text, open_json, open_text
from fieldapp.models.entry import NOBODY
from fieldapp.models.record_key import ring_of
from fieldapp.models.seal import checksum
from sync.words import WORDS, Where, words_of, words_of_case

Row = Mapping[str, Any]
_JSON = JSON().with_variant(JSONB(), "postgresql")
_AT_ONCE = 500


def _table(of: str, /, **columns: Any) -> TableClause:
    return table(of, *(column(one, kind) for one, kind in columns.items()))


_ENTRY = _table(
    "entry", id=Uuid(), type=Text(), version=Integer(), author_id=Uuid(), client_id=Uuid(), case_id=Uuid(),
    team_id=Uuid(), subject_id=Uuid(), device_id=Uuid(), device_seq=BigInteger(), occurred_at=Text(),
    time_chosen=Boolean(), clock_offset_ms=BigInteger(), corrected_at=UtcDateTime(), clock_at=UtcDateTime(),
    received_at=UtcDateTime(), flags=_JSON, mends=Uuid(), body=_JSON, extra=_JSON, content_key=LargeBinary(),
    seal=LargeBinary(),
)  # fmt: skip
_STATE = _table("entry_state", entry_id=Uuid(), client_id=Uuid(), body=_JSON)
_CASE = _table("client_case", id=Uuid(), client_id=Uuid(), team_id=Uuid(), kind=Text(), facts=_JSON)
_ASIDE = _table(
    "set_aside", id=Integer(), device_id=Uuid(), author_id=Uuid(), raw=Text(), content_key=LargeBinary(),
    about_client_id=Uuid(), corrects_id=Uuid(),
)  # fmt: skip
_GRANT = _table(
    "access_grant", id=Uuid(), staff_id=Uuid(), client_id=Uuid(), team_id=Uuid(), ground=Text(),
    from_at=UtcDateTime(), until_at=UtcDateTime(), given_by=Uuid(), reason=Text(), supervisor_id=Uuid(),
    ended_at=UtcDateTime(), seal=LargeBinary(),
)  # fmt: skip
_ASKED = _table("emergency_asked", id=Uuid(), staff_id=Uuid(), grant_id=Uuid(), name=Text(), reason=Text())
_TEXTS = (
    (_table("client", id=Uuid(), name=Text(), alias=Text(), address=Text(), phone=Text()), "id", "id"),
    (_table("watch", client_id=Uuid(), key_ref=Text()), "client_id", "client_id"),
    (_table("absence", id=Uuid(), client_id=Uuid(), place=Text(), confirmed_with=Text(), where_to=Text()), "id",
     "client_id"),
    (_table("innsyn_step", id=Uuid(), client_id=Uuid(), note=Text()), "id", "client_id"),
)  # fmt: skip
"""Each with its key and the column that says whose key covers its texts."""


class _Cover:
    """Covers values under their owners' keys, which it makes."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._session = Session(connection)
        self._ring = ring_of(connection.dialect).apart(lambda: _This(connection))

    def text(self, value: str | None, owner: uuid.UUID) -> str | None:
        return None if value is None else cover_text(value, *self._key_of(owner)).stored

    def json(self, value: Any, owner: uuid.UUID, where: Where) -> Any:
        return cover_json(value, where, *self._key_of(owner)).stored

    def _key_of(self, owner: uuid.UUID) -> tuple[int, AESGCM]:
        return self._ring.keys_of(self._session, [owner])[owner]

    def fingerprint(self, digest: bytes) -> bytes:
        return self._ring.fingerprint(digest)


class _Uncover:
    """Opens what is covered."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._ring = ring_of(connection.dialect).apart(lambda: _This(connection))

    def text(self, value: str | None, _owner: uuid.UUID) -> str | None:
        return None if value is None else open_text(self._ring, value)

    def json(self, value: Any, _owner: uuid.UUID, _where: Where) -> Any:
        return open_json(self._ring, value)

    def fingerprint(self, fingerprint: bytes) -> bytes:
        with suppress(InvalidTag):  # it was put in by hand, and stands for itself
            return self._ring.digest_of(fingerprint)
        return fingerprint


class _This:
    """The migration's own connection, for whoever asks for one; it stays open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Connection:
        return self._connection

    def __exit__(self, *_: object) -> None:
        return None


_Way = _Cover | _Uncover


def cover(connection: Connection) -> None:
    """Put the words that stand under keys."""
    _turn(_Cover(connection))


def uncover(connection: Connection) -> None:
    """Open all words again."""
    _turn(_Uncover(connection))


def _turn(way: _Way) -> None:
    connection = way.connection
    if connection.dialect.name == "sqlite":  # what is overwritten is not left in a free part of a page
        connection.exec_driver_sql("PRAGMA secure_delete=ON").close()
    _entries(way)
    _states(way)
    for row in _read(connection, select(_CASE), _CASE.c.id):
        facts = way.json(row.facts, row.client_id or row.team_id, words_of_case(row.kind))
        _write(connection, _CASE, "id", row, {"facts": facts})
    for of, key, owner in _TEXTS:
        names = [one.name for one in of.columns if one.name not in (key, owner)]
        for row in _read(connection, select(of), of.c[key]):
            texts = {name: way.text(getattr(row, name), getattr(row, owner)) for name in names}
            _write(connection, of, key, row, texts)
    _refused(way)
    _grants(way)


def _entries(way: _Way) -> None:
    target = _ENTRY.alias("target")
    query = select(_ENTRY, target.c.type.label("target_type")).select_from(
        _ENTRY.outerjoin(target, (target.c.id == _ENTRY.c.subject_id) & (_ENTRY.c.type == "entry_corrected"))
    )
    sealed = tuple(one.name for one in _ENTRY.columns if one.name != "seal")
    for row in _read(way.connection, query, _ENTRY.c.id):
        owner = _owner(row)
        changed = {
            "body": way.json(row.body, owner, _where(row.type, row.target_type)),
            "extra": way.json(row.extra, owner, WORDS),
            "content_key": way.fingerprint(row.content_key),
        }
        _write(way.connection, _ENTRY, "id", row, changed | _resealed(row, sealed, changed))


def _states(way: _Way) -> None:
    target = _ENTRY.alias("target")
    of_entry = [_ENTRY.c[name] for name in ("type", "team_id", "author_id")]
    query = (
        select(_STATE, *of_entry, _ENTRY.c.client_id.label("own_client_id"), target.c.type.label("target_type"))
        .select_from(_STATE.join(_ENTRY, _ENTRY.c.id == _STATE.c.entry_id))
        .outerjoin(target, (target.c.id == _ENTRY.c.subject_id) & (_ENTRY.c.type == "entry_corrected"))
    )
    for row in _read(way.connection, query, _STATE.c.entry_id):
        owner = row.client_id or row.own_client_id or row.team_id or row.author_id
        body = way.json(row.body, owner, _where(row.type, row.target_type))
        _write(way.connection, _STATE, "entry_id", row, {"body": body})


def _refused(way: _Way) -> None:
    for row in _read(way.connection, select(_ASIDE), _ASIDE.c.id):
        raw = row.raw if isinstance(way, _Cover) else way.text(row.raw, NOBODY)
        named = _named(raw)
        owner = named["about_client_id"] or row.author_id or row.device_id or NOBODY
        changed = {"raw": way.text(row.raw, owner), "content_key": way.fingerprint(row.content_key)} | named
        _write(way.connection, _ASIDE, "id", row, changed)


def _grants(way: _Way) -> None:
    sealed = tuple(one.name for one in _GRANT.columns if one.name != "seal")
    for row in _read(way.connection, select(_GRANT), _GRANT.c.id):
        changed = {"reason": way.text(row.reason, row.client_id or row.team_id)}
        _write(way.connection, _GRANT, "id", row, changed | _resealed(row, sealed, changed))
    found = _GRANT.alias("found")
    query = select(_ASKED, found.c.client_id).outerjoin(found, found.c.id == _ASKED.c.grant_id)
    for row in _read(way.connection, query, _ASKED.c.id):
        owner = row.client_id or row.staff_id
        texts = {"name": way.text(row.name, owner), "reason": way.text(row.reason, owner)}
        _write(way.connection, _ASKED, "id", row, texts)


def _read(connection: Connection, query: Any, key: Any) -> Iterator[Any]:
    """All rows, some at a time, in the order of their key: what is read is changed before the next are."""
    last = None
    while True:
        part = connection.execute((query if last is None else query.where(key > last)).order_by(key).limit(_AT_ONCE))
        rows = part.all()
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        last = getattr(rows[-1], key.name)


def _write(connection: Connection, of: TableClause, key: str, row: Any, changed: Row) -> None:
    if any(value is not None for value in changed.values()):
        connection.execute(update(of).where(of.c[key] == getattr(row, key)).values(**changed))


def _resealed(row: Any, names: tuple[str, ...], changed: dict[str, Any]) -> dict[str, bytes]:
    stands = {name: getattr(row, name) for name in names}
    return {"seal": checksum(stands | changed)} if row.seal == checksum(stands) else {}


def _owner(row: Any) -> uuid.UUID:
    owner: uuid.UUID = row.client_id or row.team_id or row.author_id
    return owner


def _where(entry_type: str, target_type: str | None) -> Where:
    where = words_of(entry_type)
    return where if target_type is None else {**where, "body": words_of(target_type)}


def _named(raw: str | None) -> dict[str, uuid.UUID | None]:
    """The client that a refused element names, and the entry that its body corrects."""
    try:
        element = json.loads(raw or "")
    except ValueError:
        element = None
    body = element.get("body") if isinstance(element, dict) else None
    return {"about_client_id": _id(element, "client_id"), "corrects_id": _id(body, "entry_id")}


def _id(part: Any, name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(part[name]) if isinstance(part, dict) and isinstance(part.get(name), str) else None
    except ValueError:
        return None
