"""Seals: a checksum in the row itself, over what nothing else in the database can be held against.

Projections follow from the entries. Entries, accounts with their teams, teams and partners' links follow from nothing:
whoever changes one by hand, or half restores a table, would leave no trace. `fieldapp verify` computes the seals anew.
A seal finds mistakes and meddling, not a forger who knows how it is made.

Invariant: sealed rows are written as objects, never by a statement over many; what does not pass here has no good seal.
Words are covered first (ciphered.py): a seal is over what lies in the database.
"""

import datetime as dt
import hashlib
import json
import uuid
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from sqlalchemy import event, select
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column

from fieldapp.models.base import Base
from fieldapp.models.ciphered import cover_all, stored, uncover_all

_EXACT = 2**53


class Sealed:
    """A table whose rows carry a seal over the columns that SEALED names."""

    SEALED: ClassVar[tuple[str, ...]]

    seal: Mapped[bytes | None] = mapped_column(default=None)

    def sealed_values(self) -> dict[str, Any]:
        """What the seal is over, of the row itself."""
        return {name: stored(_value(self, name)) for name in self.SEALED}

    def sealed_beside(self, _session: Session) -> dict[str, Any]:
        """What it is over besides: other rows that belong to this one."""
        return {}


def seal_of(row: Sealed, session: Session) -> bytes:
    """The seal that this row must have, as it stands."""
    return checksum(row.sealed_values() | row.sealed_beside(session))


class SealedWith:
    """A table whose rows are part of the seal of another: `sealed_in` is that row's class and key."""

    @abstractmethod
    def sealed_in(self) -> tuple[type[Base], Any]:
        """The class and key of the row whose seal this one is part of."""


def checksum(values: Mapping[str, Any]) -> bytes:
    """32 bytes, the same for the same values on every engine."""
    plain = {name: _plain(value) for name, value in values.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).digest()


def _value(row: Any, name: str) -> Any:
    value = getattr(row, name)
    if value is not None:
        return value
    default = row.__table__.c[name].default
    return default.arg if default is not None and default.is_scalar else None


def _plain(value: Any) -> Any:
    """As JSON that says the same whichever database has kept it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < _EXACT else repr(number)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    assert isinstance(value, dt.date | uuid.UUID), type(value)
    return str(value)


@event.listens_for(Session, "before_flush")
def _seal(session: Session, _: UOWTransaction, __: object) -> None:
    changed = [*session.new, *(row for row in session.dirty if session.is_modified(row)), *session.deleted]
    with session.no_autoflush:
        cover_all(session, (row for row in changed if row not in session.deleted))
    if not any(isinstance(row, Sealed | SealedWith) for row in changed):
        return
    with session.no_autoflush:
        for row in [*_sealed(session, changed)]:
            row.seal = seal_of(row, session)


def _sealed(session: Session, changed: Iterable[object]) -> Iterable[Sealed]:
    """The rows to seal: those that changed, and those that rows that changed belong to."""
    rows = {id(row): row for row in changed if isinstance(row, Sealed) and row not in session.deleted}
    new: dict[tuple[type, Any], Any] = {(type(row), getattr(row, "id", None)): row for row in rows.values()}
    for part in changed:
        if isinstance(part, SealedWith):
            model, key = part.sealed_in()
            row = new.get((model, key)) or session.get(model, key)
            if isinstance(row, Sealed):
                rows[id(row)] = row
    return rows.values()


@event.listens_for(Session, "after_flush")
def _uncover(session: Session, _: UOWTransaction) -> None:
    uncover_all([*session.new, *session.dirty])


@event.listens_for(Session, "do_orm_execute")
def _refuse_statements(state: ORMExecuteState) -> None:
    if state.is_select or not state.is_orm_statement or state.bind_mapper is None:
        return
    if issubclass(state.bind_mapper.class_, Sealed | SealedWith):
        raise RuntimeError(f"{state.bind_mapper.class_.__name__} is sealed: change its rows as objects")


def others_of(session: Session, model: type[Base], mine: Any, *, has: Mapping[str, Any]) -> list[Any]:
    """`mine` of the rows of `model` that have these values, as the transaction will leave them."""

    def is_one(row: object) -> bool:
        return isinstance(row, model) and all(getattr(row, name) == value for name, value in has.items())

    stands = set(session.scalars(select(mine).filter_by(**has)))
    gone = {getattr(row, mine.key) for row in session.deleted if is_one(row)}
    return sorted(stands - gone | {getattr(row, mine.key) for row in session.new if is_one(row)})
