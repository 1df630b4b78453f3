"""Columns whose words are kept as ciphertext, under the key of the client (or team) that the row is about.

In Python they are what they say; in the database, its log and its copies only codes, ids, numbers and times can be
read. Codes stay where statements ask for them: of JSON the words alone are covered, all in one ciphertext beside it.

Stored: a text as `~` and base64 of key number, nonce and AES-GCM ciphertext; JSON as itself with `~0`, `~{1`, `~[2` in
the places of what is covered, and that under `"~"`: a list, as a text is kept. Whose key it was is gone: `DELETED`.

Invariants: no plain text can be bound to such a column (process_bind_param raises); rows are covered before their seal
is made (`cover`, called by seal.py), so a seal is over ciphertext and holds when the key is gone.
"""

import os
import uuid
from abc import abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Table, Text, TypeDecorator, column, inspect, select, table, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import InstanceState, Session
from sqlalchemy.orm.attributes import flag_modified, set_committed_value
from sqlalchemy.sql.expression import Select, TableClause
from sqlalchemy.types import TypeEngine

from fieldapp.models.base import Json
from fieldapp.models.record_key import NONCE_BYTES, KeyRing, WrongSecret, is_erased, ring_for, ring_of
from sync.words import CLEAR, WORDS, Where

DELETED = "slettet"
"""What stands where a word was kept under a key that is destroyed."""
DAMAGED = "(lar seg ikke lese)"
"""What stands where somebody has changed what was kept: one damaged word must not take a page or a sync with it."""
_MARK = "~"
_WHOLE = "~whole"
"""The name of an object that is covered whole."""
_KEY_ID_BYTES = 8
_HEAD_BYTES = _KEY_ID_BYTES + NONCE_BYTES
_KINDS: dict[type, str] = {str: "~", dict: "~{", list: "~["}
_EMPTY: dict[str, Callable[[], Any]] = {"{": dict, "[": list}


class PlainText(Exception):
    """Something was about to be written that nobody has covered, or that is covered by a key that is not there."""


class Damaged(Exception):
    """What is kept is not what was covered."""


class CoveredText(str):
    """A text that knows how it is stored."""

    __slots__ = ("key_id", "stored")
    key_id: int
    stored: str


class CoveredJson(dict[str, Any]):
    """A JSON object that knows how it is stored."""

    __slots__ = ("key_id", "stored")
    key_id: int | None
    """None: there is nothing in it to cover."""
    stored: dict[str, Any]


class CipheredText(TypeDecorator[str]):
    """A text. `with_seal`: what is read knows how it is stored, for a seal over it."""

    impl = Text
    cache_ok = True

    def __init__(self, *, with_seal: bool = False) -> None:
        super().__init__()
        self.with_seal = with_seal

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not isinstance(value, CoveredText) or not ring_of(dialect).knows(value.key_id):
            raise PlainText
        return value.stored

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        plain = open_text(ring_of(dialect), value)
        return _covered_text(plain, value) if self.with_seal else plain


class CipheredJson(TypeDecorator[dict[str, Any]]):
    """A JSON object; its codes can be asked for in a statement as they are."""

    impl = Json
    cache_ok = True

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        return self.impl_instance.coerce_compared_value(op, value)

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        if not isinstance(value, CoveredJson):
            raise PlainText
        if value.key_id is not None and not ring_of(dialect).knows(value.key_id):
            raise PlainText
        return value.stored

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        covered = CoveredJson(open_json(ring_of(dialect), value))
        covered.stored, covered.key_id = value, _key_id(value[_MARK]) if _MARK in value else None
        return covered


Row = TypeVar("Row")


class Beside:
    """Other rows of the transaction, those that are not written yet among them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._new = {(type(row), getattr(row, "id", None)): row for row in session.new}

    def find(self, model: type[Row], id_: Any) -> Row | None:
        """The row of this id."""
        return self._new.get((model, id_)) or (self._session.get(model, id_) if id_ is not None else None)

    def is_erased(self, client_id: uuid.UUID) -> bool:
        """Whether this client's record is deleted."""
        return is_erased(self._session, client_id)


class Ciphered:
    """A table with such columns: CIPHERED names them."""

    CIPHERED: ClassVar[tuple[str, ...]]
    STAYS_UNDER_ITS_KEY: ClassVar[bool] = False
    """What is covered once is not covered anew, whatever key it is under."""

    @abstractmethod
    def key_owner(self, _beside: Beside) -> uuid.UUID:
        """Whose key its words are kept under: the client's, or else the team's."""

    def words_in(self, _beside: Beside) -> Where:
        """Where in its JSON words may stand."""
        return WORDS


class OfOneClient(Ciphered):
    """Such a table whose rows are about one client each."""

    def key_owner(self, _beside: Beside) -> uuid.UUID:
        """The client."""
        owner: uuid.UUID = getattr(self, "client_id")  # noqa: B009 - a column of whoever inherits this
        return owner


def cover_all(session: Session, rows: Iterable[object]) -> None:
    """Cover what is new in these rows, or is kept under the key of somebody else."""
    told = [row for row in rows if isinstance(row, Ciphered) and not _is_done(row, ring_for(session))]
    if not told:
        return
    ring, beside = ring_for(session), Beside(session)
    owners = [row.key_owner(beside) for row in told]
    keys = ring.keys_of(session, owners)
    for row, owner in zip(told, owners, strict=True):
        _cover(row, ring, beside, *keys[owner])


def _cover(row: Ciphered, ring: KeyRing, beside: Beside, key_id: int, cipher: AESGCM) -> None:
    for name, value in _given(row):
        if _is_covered(ring, value, key_id):
            continue
        if isinstance(value, dict):
            setattr(row, name, cover_json(value, row.words_in(beside), key_id, cipher))
        else:
            setattr(row, name, cover_text(value, key_id, cipher))
        if inspect(row).persistent:  # or, saying the same as before, it would not be written
            flag_modified(row, name)


def _is_done(row: Ciphered, ring: KeyRing) -> bool:
    """Whether nothing in it is to be covered, whoever owns it."""

    def stays(value: Any) -> bool:
        if not isinstance(value, CoveredText | CoveredJson) or value.key_id is None:
            return isinstance(value, CoveredJson)
        return (row.STAYS_UNDER_ITS_KEY and ring.knows(value.key_id)) or ring.is_destroyed(value.key_id)

    return all(stays(value) for _, value in _given(row))


def _given(row: Ciphered) -> list[tuple[str, Any]]:
    """What is new in the row; all of it, where the row itself is new or may have another owner than before."""
    state: InstanceState[Any] = inspect(row)
    changed, loaded = state.committed_state, state.dict
    whole = not state.persistent or not _OWNERS.isdisjoint(changed)
    wanted = row.CIPHERED if whole else [name for name in row.CIPHERED if name in changed]
    return [(name, loaded[name]) for name in wanted if loaded.get(name) is not None]


_OWNERS = {"client_id", "team_id", "grant_id", "about_client_id"}
"""The columns by which an owner is told."""


def cover_under(session: Session, row: Ciphered, owner_id: uuid.UUID) -> None:
    """Keep the row's words under the key of this owner from now on."""
    ring, beside = ring_for(session), Beside(session)
    key_id, cipher = ring.keys_of(session, [owner_id])[owner_id]
    for name in row.CIPHERED:
        value = getattr(row, name)
        if isinstance(value, dict) and not _is_covered(ring, value, key_id):
            setattr(row, name, cover_json(value, row.words_in(beside), key_id, cipher))
            flag_modified(row, name)  # it says the same as before


def uncover_all(rows: Iterable[object]) -> None:
    """Let texts be plain again once they are written: not everything takes a subclass of str."""
    for row in rows:
        if isinstance(row, Ciphered):
            columns = inspect(row).mapper.columns
            for name in row.CIPHERED:
                value, kind = _loaded(row).get(name), columns[name].type
                if isinstance(value, CoveredText) and isinstance(kind, CipheredText) and not kind.with_seal:
                    set_committed_value(row, name, str(value))


def _loaded(row: Ciphered) -> Mapping[str, Any]:
    state: InstanceState[Any] = inspect(row)
    return state.dict


def _is_covered(ring: KeyRing, value: Any, key_id: int) -> bool:
    """Whether it is kept under this key already, or under one that is destroyed: that can't be covered anew."""
    if not isinstance(value, CoveredText | CoveredJson):
        return False
    return value.key_id in (key_id, None) or ring.is_destroyed(value.key_id)


def stored(value: Any) -> Any:
    """How a value lies in the database, for a seal over it."""
    return value.stored if isinstance(value, CoveredText | CoveredJson) else value


def cover_text(value: str, key_id: int, cipher: AESGCM) -> CoveredText:
    """The text, covered."""
    return _covered_text(str(value), _sealed(str(value).encode(), key_id, cipher))


def cover_json(value: Mapping[str, Any], where: Where, key_id: int, cipher: AESGCM) -> CoveredJson:
    """The object with its words covered."""
    words: list[Any] = []
    # Somebody else's field may be called as ours.
    is_ours = not any(name.startswith(_MARK) for name in value)
    fields = where if isinstance(where, Mapping) else {}
    kept = _take_out(dict(value), fields, words) if is_ours else {_WHOLE: _take_out(dict(value), WORDS, words)}
    covered = CoveredJson(value)
    covered.key_id = None
    if words:
        covered.key_id = key_id
        kept[_MARK] = _sealed(msgspec.json.encode(words), key_id, cipher)
    covered.stored = kept
    return covered


def open_text(ring: KeyRing, kept: str) -> str:
    """The text that is kept so; DELETED when its key is gone, DAMAGED when somebody has changed it, and as it is when
    nobody has covered it."""
    if not kept.startswith(_MARK):
        return kept
    try:
        plain = opened(ring, kept)
    except Damaged:
        return DAMAGED
    return DELETED if plain is None else plain.decode()


def open_json(ring: KeyRing, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The object that is kept so."""
    if _MARK not in kept:
        return dict(kept)
    instead = DELETED
    try:
        plain = opened(ring, kept[_MARK])
    except Damaged:
        plain, instead = None, DAMAGED
    words = None if plain is None else msgspec.json.decode(plain)
    found = {name: _put_back(value, words, instead) for name, value in kept.items() if name != _MARK}
    return found.pop(_WHOLE, found)


def as_stored(of: Table) -> tuple[TableClause, Select[Any]]:
    """A table and the reading of its rows as they lie there, neither opened nor covered."""
    plain = table(of.name, *(column(one.name, _stored_type(one.type)) for one in of.columns))
    return plain, select(*(type_coerce(one, _stored_type(one.type)).label(one.name) for one in of.columns))


def is_ciphered(of: ColumnElement[Any]) -> bool:
    """Whether the column is kept as ciphertext."""
    return isinstance(of.type, CipheredText | CipheredJson)


def key_of(ring: KeyRing, kept: Any) -> int | None:
    """The number of the key that a stored value is under; None for one that is under none. Raises Damaged."""
    covered = kept.get(_MARK) if isinstance(kept, Mapping) else kept
    if not isinstance(covered, str) or not covered.startswith(_MARK):
        return None
    opened(ring, covered)
    return _key_id(covered)


def _stored_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, CipheredText | CipheredJson) else kind


def _take_out(value: Any, where: Where, words: list[Any]) -> Any:
    if value is None or isinstance(value, bool | int | float) or (where == CLEAR and not _looks_covered(value)):
        return value
    if isinstance(where, Mapping) and isinstance(value, dict):
        return {name: _take_out(part, where.get(name, WORDS), words) for name, part in value.items()}
    if isinstance(where, tuple) and isinstance(value, list):
        return [_take_out(part, where[0], words) for part in value]
    words.append(value)
    return f"{_KINDS.get(type(value), _MARK)}{len(words) - 1}"


def _looks_covered(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_MARK)


def _put_back(value: Any, words: list[Any] | None, instead: str) -> Any:
    if isinstance(value, str):
        if not value.startswith(_MARK):
            return value
        kind = value[1:2]
        if words is None:
            return _EMPTY[kind]() if kind in _EMPTY else instead
        return words[int(value.lstrip("~{["))]
    if isinstance(value, dict):
        return {name: _put_back(part, words, instead) for name, part in value.items()}
    if isinstance(value, list):
        return [_put_back(part, words, instead) for part in value]
    return value


def _sealed(plain: bytes, key_id: int, cipher: AESGCM) -> str:
    nonce = os.urandom(NONCE_BYTES)
    number = key_id.to_bytes(_KEY_ID_BYTES, "big")
    return _MARK + b64encode(number + nonce + cipher.encrypt(nonce, plain, number)).decode()


def opened(ring: KeyRing, kept: Any) -> bytes | None:
    """What is covered so; None when its key is gone. Raises Damaged."""
    try:
        raw = b64decode(kept[1:], validate=True)
        number, nonce, covered = raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:_HEAD_BYTES], raw[_HEAD_BYTES:]
        cipher = ring.cipher(int.from_bytes(number, "big"))
        return None if cipher is None else cipher.decrypt(nonce, covered, number)
    except (InvalidTag, WrongSecret, ValueError, TypeError, OverflowError) as error:
        raise Damaged from error


def _key_id(kept: Any) -> int:
    """0 for what is damaged: no key has that number."""
    try:
        return int.from_bytes(b64decode(kept[1:17])[:_KEY_ID_BYTES], "big")
    except (ValueError, TypeError):
        return 0


def _covered_text(plain: str, kept: str) -> CoveredText:
    covered = CoveredText(plain)
    covered.stored, covered.key_id = kept, _key_id(kept)
    return covered
