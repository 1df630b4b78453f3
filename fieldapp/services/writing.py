"""Inserts that lose a race gracefully, and ids made with the rows: where SQLite and PostgreSQL speak differently."""

import itertools
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, String, Uuid, literal, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlalchemy.sql.functions import FunctionElement

from fieldapp.models.change import marks, restore_marks
from sync.ids import uuid7

Item = TypeVar("Item")

_CHUNK = 500


_PART_DIGITS, _ROW_DIGITS = 2, 6


class Batch:
    """The ids of rows made together: they share their beginning, so all of them are one range of the primary key.

    What was inserted by one statement is so found by the next without its ids ever leaving the database. Each is a
    UUID version 7: the time in ms, 42 random bits that no other batch has, the number of the statement and of the row.
    """

    def __init__(self) -> None:
        own = _PART_DIGITS + _ROW_DIGITS
        self._shared = uuid7().hex[:13] + uuid.uuid4().hex[13:-own]
        self._range = tuple(uuid.UUID(self._shared + digit * own) for digit in "0f")
        self._parts = iter(range(16**_PART_DIGITS))
        self._drawn = itertools.count()
        self._draws = self._part()

    def fresh(self) -> "FreshUuid":
        """A new id for every row of one SELECT; ask anew for the next. Raises StopIteration after 255."""
        return FreshUuid(literal(self._part()))

    def draw(self) -> uuid.UUID:
        """One new id."""
        return uuid.UUID(f"{self._draws}{next(self._drawn):0{_ROW_DIGITS}x}")

    def holds(self, ids: Any) -> ColumnElement[bool]:
        """Whether a column's id is of this batch."""
        found: ColumnElement[bool] = ids.between(*self._range)
        return found

    def _part(self) -> str:
        return f"{self._shared}{next(self._parts):0{_PART_DIGITS}x}"


class FreshUuid(FunctionElement[uuid.UUID]):
    """A UUID that begins as said and ends in the number of the row, for every row of a SELECT."""

    type = Uuid(as_uuid=True)
    inherit_cache = True


class RandomKey(FunctionElement[str]):
    """32 random hexadecimal digits, new ones for every row of a SELECT."""

    type = String()
    inherit_cache = True


@compiles(FreshUuid, "postgresql")
def _uuid_on_postgresql(element: FreshUuid, compiler: SQLCompiler, **kw: Any) -> str:
    beginning = compiler.process(element.clauses, **kw)
    return f"CAST({beginning} || lpad(to_hex(row_number() OVER ()), {_ROW_DIGITS}, '0') AS uuid)"


@compiles(FreshUuid, "sqlite")
def _uuid_on_sqlite(element: FreshUuid, compiler: SQLCompiler, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)} || printf('%0{_ROW_DIGITS}x', row_number() OVER ()))"


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


def select_as(model: type[DeclarativeBase], row: dict[str, Any]) -> Select[Any]:
    """A SELECT of one such row, of constants and SQL expressions alike, named for `insert_from`."""
    table = model.__table__.c
    columns: list[Any] = [
        value if isinstance(value, SQLCoreOperations) else literal(value, table[name].type)
        for name, value in row.items()
    ]
    return select(*(column.label(name) for column, name in zip(columns, row, strict=True)))


def insert_from(session: Session, model: type[DeclarativeBase], query: Select[Any]) -> int:
    """Insert what `query` selects, its columns named as the table's, except what a unique index has; how many."""
    names = [column.name for column in query.selected_columns]
    if query.whereclause is None:
        query = query.where(text("1 = 1"))  # or SQLite reads ON CONFLICT as the ON of a join
    statement = _insert(session)(model.__table__).from_select(names, query).on_conflict_do_nothing()
    done = session.execute(statement, execution_options={"preserve_rowcount": True})
    inserted: int = done.rowcount  # type: ignore[attr-defined]
    return inserted


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
        with savepoint(session):
            yield
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        raise Stumbled(type(error).__name__) from error


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """What fails inside is undone: rows and noted changes (and the case file with them, casefile.py)."""
    noted = marks(session)
    try:
        with session.begin_nested():
            yield
    except Exception:
        restore_marks(session, noted)
        raise
