"""The change log: what a phone may have to fetch again, numbered in commit order.

Invariant: a reader that has seen number N has seen, or could have seen, every change with a lower one. Therefore the
numbers are given as the very last step of a transaction, under a lock that is held until it commits: SQLite has one
writer anyway (BEGIN IMMEDIATE); PostgreSQL takes an advisory lock. A sequence would lose rows: it counts in the order
of asking, not of committing.
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CursorResult,
    Index,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from fieldapp.models.base import Base, Code

LEFT = "entry_left"
"""Of an entry that was moved to another client's record, for those who saw it in this one: `entry`, removed."""
GONE_FROM = {
    LEFT: "entry",
    "entry_left_team": "entry",
    "case_left": "case",
    "case_left_team": "case",
    "alert_left": "alert",
    "alert_left_team": "alert",
}
"""Kinds that say that something has left a client's record, or (of nobody known) a team's; and what it is."""
_LOCK = 0x5E77_0001
_TOUCHED = "touched_changes"
_NEW = "new_batches"
_LOST = "lost_sights"
_GAINED = "gained_sights"


class Change(Base):
    """The latest change of one thing; an older change of the same thing is replaced."""

    __tablename__ = "change"
    __table_args__ = (Index("uq_change_subject", "kind", "subject_id", unique=True), Index(None, "client_id", "seq"))

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    subject_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID | None]
    """Whoever may see this client may see the change; without a client the team decides."""
    team_id: Mapped[uuid.UUID | None]


class SightLost(Base):
    """A staff member lost sight of a client: the phone is told `removed` once its cursor is behind `seq`."""

    __tablename__ = "sight_lost"
    __table_args__ = (Index(None, "staff_id", "seq"),)

    staff_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    lost_at: Mapped[dt.datetime]


class CursorEpoch(Base):
    """The random name of this log's life. A restored backup starts a new one, so that no old cursor fits it."""

    __tablename__ = "cursor_epoch"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str]


def start_new_epoch(session: Session) -> None:
    """Every phone starts its replica anew: what the numbers stood for has changed (a restored backup, a rebuild)."""
    session.execute(update(CursorEpoch).values(epoch=secrets.token_hex(8)))


Touched = tuple[str, uuid.UUID, uuid.UUID | None, uuid.UUID | None]


def mark_changed(
    session: Session,
    kind: str,
    subject_id: uuid.UUID,
    *,
    client_id: uuid.UUID | None = None,
    team_id: uuid.UUID | None = None,
) -> None:
    """Note that this thing changed; `number_changes` gives it its number when the transaction ends."""
    session.info.setdefault(_TOUCHED, []).append((kind, subject_id, client_id, team_id))


def mark_left(
    session: Session, kind: str, subject_id: uuid.UUID, client_id: uuid.UUID | None, team_id: uuid.UUID | None
) -> None:
    """Note that an entry, case or alert is not in this client's record any longer, or (without one) not its team's."""
    if client_id is not None:
        mark_changed(session, f"{kind}_left", subject_id, client_id=client_id)
    elif team_id is not None:
        mark_changed(session, f"{kind}_left_team", subject_id, team_id=team_id)


def mark_new(session: Session, kind: str, things: Select[uuid.UUID, uuid.UUID | None, uuid.UUID | None]) -> None:
    """Note that these things (id, client, team), made in this very transaction, are there: many in one statement.

    Asked when the transaction ends, so of what a savepoint took back there is nothing left to note.
    """
    session.info.setdefault(_NEW, []).append((kind, things))


def mark_all_of_client(session: Session, client_id: uuid.UUID) -> None:
    """Note that everything about this client must be fetched again (somebody has gained sight of them)."""
    session.info.setdefault(_GAINED, []).append(client_id)


def lose_sight(session: Session, staff_id: uuid.UUID, client_ids: Iterable[uuid.UUID], now: dt.datetime) -> None:
    """Note that this person no longer sees these clients; their phones are told with the next sync."""
    session.info.setdefault(_LOST, []).extend(((staff_id, client_id), now) for client_id in client_ids)


def noted(session: Session) -> list[Touched]:
    """What this transaction has noted so far."""
    return list(session.info.get(_TOUCHED, ()))


def forget_noted(session: Session) -> None:
    """Begin again to note what this transaction changes."""
    session.info.pop(_TOUCHED, None)


def marks(session: Session) -> tuple[int, ...]:
    """How much is noted so far; `restore_marks` goes back to it when a savepoint is rolled back."""
    return tuple(len(session.info.get(name, ())) for name in (_TOUCHED, _LOST, _GAINED))


def restore_marks(session: Session, noted: tuple[int, ...]) -> None:
    """Forget what was noted since `marks`."""
    for name, length in zip((_TOUCHED, _LOST, _GAINED), noted, strict=True):
        del session.info.get(name, [])[length:]


_HIGHEST = select(select(func.max(Change.seq)).scalar_subquery(), select(func.max(SightLost.seq)).scalar_subquery())


def last_seq(session: Session) -> int:
    """The highest number given so far, 0 for an empty log."""
    return max(seq or 0 for seq in session.execute(_HIGHEST).one())


def newest_seq(session: Session, kind: str, subject_id: uuid.UUID) -> int:
    """The number of this thing's latest change that a phone can have seen, 0 for none."""
    seq = session.scalar(select(Change.seq).where(Change.kind == kind, Change.subject_id == subject_id))
    return seq or 0


def number_changes(session: Session) -> None:
    """Give every change noted in this transaction its number. Must be the last step before the commit."""
    gained = _of_clients(session, session.info.pop(_GAINED, ()))
    touched: dict[tuple[str, uuid.UUID], Touched] = {one[:2]: one for one in (*gained, *session.info.pop(_TOUCHED, ()))}
    new = session.info.pop(_NEW, ())
    lost: dict[tuple[uuid.UUID, uuid.UUID], dt.datetime] = dict(session.info.pop(_LOST, ()))
    if not touched and not new and not lost:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    seq = last_seq(session)
    for kind, things in new:
        seq += _insert_changes(session, kind, things, seq)
    _replace_changes(session, list(touched.values()), seq)
    _replace_losses(session, lost, seq + len(touched))


def _of_clients(session: Session, client_ids: Iterable[uuid.UUID]) -> Iterator[Touched]:
    """All that the log has of these clients."""
    wanted = list(dict.fromkeys(client_ids))
    for start in range(0, len(wanted), 500):
        of_some = Change.client_id.in_(wanted[start : start + 500])
        query = select(Change.kind, Change.subject_id, Change.client_id, Change.team_id).where(of_some)
        yield from (cast(Touched, tuple(row)) for row in session.execute(query.order_by(Change.seq)))


def _insert_changes(session: Session, kind: str, things: Select[Any], seq: int) -> int:
    """Nothing to replace: no change of these can be there yet."""
    thing = things.subquery()
    id_, client_id, team_id = thing.c
    number = literal(seq, BigInteger) + func.row_number().over(order_by=id_)
    rows = select(number, literal(kind), id_, client_id, team_id)
    table = cast(Table, Change.__table__)
    statement = insert(table).from_select(["seq", "kind", "subject_id", "client_id", "team_id"], rows)
    done = session.execute(statement, execution_options={"preserve_rowcount": True})
    return cast(CursorResult[Any], done).rowcount


def _replace_changes(session: Session, touched: list[Touched], seq: int) -> None:
    for start in range(0, len(touched), 200):
        part = touched[start : start + 200]
        by_kind: dict[str, list[uuid.UUID]] = {}
        for kind, subject_id, _, _ in part:
            by_kind.setdefault(kind, []).append(subject_id)
        of_kinds = (and_(Change.kind == kind, Change.subject_id.in_(subjects)) for kind, subjects in by_kind.items())
        session.execute(delete(Change).where(or_(*of_kinds)), execution_options={"synchronize_session": False})
        session.execute(
            insert(cast(Table, Change.__table__)),  # rows, not objects: the unit of work has no part in it
            [
                {"seq": seq + start + n, "kind": kind, "subject_id": subject, "client_id": client, "team_id": team}
                for n, (kind, subject, client, team) in enumerate(part, start=1)
            ],
        )


def _replace_losses(session: Session, lost: dict[tuple[uuid.UUID, uuid.UUID], dt.datetime], seq: int) -> None:
    for n, ((staff_id, client_id), at) in enumerate(lost.items(), start=1):
        session.execute(delete(SightLost).where(SightLost.staff_id == staff_id, SightLost.client_id == client_id))
        session.add(SightLost(staff_id=staff_id, client_id=client_id, seq=seq + n, lost_at=at))
    session.flush()
