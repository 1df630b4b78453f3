"""Columns read as they stand in JSON, without an object made of each value on the way. Most of them are ids.

Also how a statement that reads thousands of them is asked: as Core, with what differs as parameters, so that it is made
once. Leaves which columns, and for whom, to the queries.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import JSON, ColumnElement, Executable, Uuid, bindparam, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import UserDefinedType

from fieldapp.models import Base
from fieldapp.models.base import UtcDateTime
from fieldapp.models.ciphered import CipheredJson, CipheredText, open_json, open_text
from fieldapp.models.record_key import ring_of

IDS = bindparam("ids", type_=Uuid(), expanding=True)

_Reads = Callable[[Any], Any]


class JsonId(UserDefinedType[str]):
    """An id as its text. SQLite keeps 32 digits, PostgreSQL gives a UUID."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, _coltype: object) -> _Reads:
        return _dashed if dialect.name == "sqlite" else _text


class JsonInstant(UserDefinedType[Any]):
    """An instant as its text or as a datetime that has the same text in JSON."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, _coltype: object) -> _Reads:
        return _with_zone if dialect.name == "sqlite" else _in_utc


class JsonValue(UserDefinedType[Any]):
    """JSON, read. psycopg reads it by itself."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, _coltype: object) -> _Reads | None:
        return _value if dialect.name == "sqlite" else None


class JsonWords(UserDefinedType[Any]):
    """A text that is kept as ciphertext, opened."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, _coltype: object) -> _Reads:
        return lambda kept: None if kept is None else open_text(ring_of(dialect), kept)


class JsonWithWords(UserDefinedType[Any]):
    """JSON whose words are kept as ciphertext, opened."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, _coltype: object) -> _Reads:
        is_text = dialect.name == "sqlite"

        def read(kept: Any) -> Any:
            value = _value(kept) if is_text else kept
            return value if value is None else open_json(ring_of(dialect), value)

        return read


def as_json(column: Any) -> ColumnElement[Any]:
    """The column, read as JSON has it."""
    for ciphered, opened in ((CipheredText, JsonWords), (CipheredJson, JsonWithWords)):
        if isinstance(column.type, ciphered):
            return type_coerce(column, opened())
    for kind, json_type in ((Uuid, JsonId), (UtcDateTime, JsonInstant), (JSON, JsonValue)):
        if isinstance(column.type, kind):
            return type_coerce(column, json_type())
    return type_coerce(column, column.type)


def json_columns(table: type[Base], names: Iterable[str]) -> list[ColumnElement[Any]]:
    """These columns of a table, each read as JSON has it."""
    return [as_json(getattr(table, name)).label(name) for name in names]


def read(session: Session, statement: Executable, parameters: dict[str, Any]) -> Sequence[Sequence[Any]]:
    """All rows of a statement, as Core reads them."""
    return session.connection().execute(statement, parameters).all()


def _dashed(digits: str | None) -> str | None:
    if digits is None:
        return None
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _text(value: uuid.UUID | None) -> str | None:
    return None if value is None else str(value)


def _with_zone(text: str | None) -> str | None:
    """`2026-11-23 09:00:00.000000` is `2026-11-23T09:00:00Z`."""
    return None if text is None else f"{text[:10]}T{text[11:].removesuffix('.000000')}Z"


def _in_utc(value: dt.datetime | None) -> dt.datetime | None:
    return None if value is None else value.astimezone(dt.UTC)


def _value(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)
