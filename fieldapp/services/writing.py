"""Inserts that lose a race gracefully, and ids made with the rows: where SQLite and PostgreSQL speak differently."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Select, String, Uuid
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

Item = TypeVar("Item")

_CHUNK = 500


class RandomUuid(FunctionElement[uuid.UUID]):
    """A random UUID (version 4), a new one for every row of a SELECT."""

    type = Uuid(as_uuid=True)
    inherit_cache = True


class RandomKey(FunctionElement[str]):
    """32 random hexadecimal digits, new ones for every row of a SELECT."""

    type = String()
    inherit_cache = True


@compiles(RandomUuid, "postgresql")
def _uuid_on_postgresql(*_: object, **__: object) -> str:
    return "gen_random_uuid()"


@compiles(RandomUuid, "sqlite")
def _uuid_on_sqlite(*_: object, **__: object) -> str:
    return (
        "(lower(hex(randomblob(6))) || '4' || substr(lower(hex(randomblob(2))), 2)"
        " || substr('89ab', 1 + (random() & 3), 1) || substr(lower(hex(randomblob(2))), 2)"
        " || lower(hex(randomblob(6))))"
    )


@compiles(RandomKey, "postgresql")
def _key_on_postgresql(*_: object, **__: object) -> str:
    return "replace(CAST(gen_random_uuid() AS text), '-', '')"


@compiles(RandomKey, "sqlite")
def _key_on_sqlite(_element: object, _compiler: SQLCompiler, **_kw: object) -> str:
    return "lower(hex(randomblob(16)))"


def insert_new(
    session: Session, model: type[DeclarativeBase], rows: Sequence[dict[str, Any]], returning: Sequence[Any] = ()
) -> list[Any]:
    """Insert these rows except those a unique index already has; gives `returning` of the inserted."""
    if not rows:
        return []
    statement = _insert(session)(model.__table__).on_conflict_do_nothing()
    if not returning:
        session.execute(statement, list(rows))
        return []
    return list(session.execute(statement.returning(*returning), list(rows)).all())


def insert_counted(session: Session, model: type[DeclarativeBase], rows: Sequence[dict[str, Any]]) -> int:
    """Insert these rows except those a unique index already has; how many went in. Quicker than asking which."""
    statement = _insert(session)(model.__table__).on_conflict_do_nothing()
    inserted: int = session.execute(statement, list(rows)).rowcount  # type: ignore[attr-defined]
    return inserted


def insert_from(
    session: Session, model: type[DeclarativeBase], query: Select[Any], returning: Sequence[Any]
) -> list[Any]:
    """Insert what `query` selects (its columns named as the table's), except what a unique index already has."""
    names = [column.name for column in query.selected_columns]
    statement = _insert(session)(model.__table__).from_select(names, query).on_conflict_do_nothing()
    return list(session.execute(statement.returning(*returning)).all())


def _insert(session: Session) -> Any:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


def chunks(items: Sequence[Item], size: int = _CHUNK) -> Iterator[Sequence[Item]]:
    """The items in parts that fit into one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


class Stumbled(Exception):
    """One subject's work failed and was undone; the cause is in `__cause__`."""


@contextmanager
def apart(session: Session) -> Iterator[None]:
    """A savepoint of its own: what fails inside is undone and raised as Stumbled; a database that is away is not."""
    try:
        with session.begin_nested():
            yield
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        raise Stumbled(type(error).__name__) from error
