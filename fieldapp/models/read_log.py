"""The read log: who was shown what of whom. Append-only, each row chained to the one before it by an HMAC.

`shown` notes what a query hands out; `append` writes the rows as the last step of the transaction that read it
(db.py, `showing`), so that nothing is shown without them.

Invariants. The numbers have no gap. `mac` of row N is the HMAC, under a key from FIELDAPP_SECRET_KEY, over `mac` of row
N-1 and every stored column of row N. The head holds the last row's number and mac under an HMAC of its own; whoever
appends holds its lock until the commit, so two transactions never extend the same row: some milliseconds, at the end of
a read that is otherwise done. Triggers refuse to change or delete a row on both engines (migration 0013).
"""

import datetime as dt
import hmac
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import BigInteger, Connection, Index, bindparam, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from fieldapp.domain.access import Viewer
from fieldapp.domain.read_log import (
    EMERGENCY,
    GRANT,
    ONCE_AN_HOUR,
    OPENED,
    RESTORED,
    TEAM,
    TRANSFERRED,
    WHOLE,
    Seen,
    due,
)
from fieldapp.models.access import AccessGrant
from fieldapp.models.base import Base, Code
from fieldapp.models.ciphered import cover_text, open_text
from fieldapp.models.client import ClientTeam
from fieldapp.models.record_key import ring_for

GENESIS = bytes(32)
"""What the first row is chained to."""
LOG_IN_SESSION, SHOWN_IN_SESSION = "read log", "shown"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class ReadLog(Base):
    """One read: the first of an hour per person, client and surface, and further ones that showed something new."""

    __tablename__ = "read_log"
    __table_args__ = (
        Index(None, "client_id", "staff_id", "at"),
        Index(
            None,
            "report_id",
            sqlite_where=text("report_id IS NOT NULL"),
            postgresql_where=text("report_id IS NOT NULL"),
        ),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    """transferred opened; restored for the gap that a restored backup leaves"""
    at: Mapped[dt.datetime]
    """When the row was written."""
    from_at: Mapped[dt.datetime]
    to_at: Mapped[dt.datetime | None]
    """The period it was open, where the phone has told it; otherwise only from when."""
    staff_id: Mapped[uuid.UUID | None]
    """No foreign keys: the log outlives what it names."""
    role: Mapped[Code | None]
    team_id: Mapped[uuid.UUID | None]
    """The team through which the person sees the client."""
    employer: Mapped[str]
    ground: Mapped[Code | None]
    """team grant emergency own_entry innsyn"""
    surface: Mapped[Code | None]
    """phone office api print"""
    device_id: Mapped[uuid.UUID | None]
    client_id: Mapped[uuid.UUID | None]
    report_id: Mapped[uuid.UUID | None]
    """The phone's report that told of it."""
    what: Mapped[str]
    """Kinds and ids as JSON, as text: the chain is over the very bytes."""
    mac: Mapped[bytes]


class ReadLogHead(Base):
    """One row: where the log ends. Its own HMAC keeps anybody without the key from shortening the log."""

    __tablename__ = "read_log_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes]
    """Of the last row."""
    seal: Mapped[bytes]


class Line(NamedTuple):
    """A row before it has its number and mac. Ids are hexadecimal, as SQLite keeps them."""

    kind: str
    at: dt.datetime
    from_at: dt.datetime
    to_at: dt.datetime | None
    staff_id: str | None
    role: str | None
    team_id: str | None
    employer: str
    ground: str | None
    surface: str | None
    device_id: str | None
    client_id: str | None
    report_id: str | None
    what: str


COLUMNS = ("seq", *Line._fields, "mac")
_TIMES = tuple(Line._fields.index(name) for name in ("at", "from_at", "to_at"))


@dataclass(frozen=True)
class LogSetup:
    """What every session of an installation knows of its log."""

    key: bytes = field(repr=False)
    employer: str = ""
    """Whom the readers work for."""
    anchors: Path | None = None
    """The file that says where the log ended."""
    destroyed: Path | None = None
    """The list of destroyed keys beside it."""

    @classmethod
    def of(cls, settings: Any) -> "LogSetup":
        """By the settings, where these have any: the key is derived from the secret for this purpose alone."""
        derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"fieldapp read log")
        key = derived.derive(getattr(settings, "secret_key", "").encode())
        anchors, destroyed = (getattr(settings, name, None) for name in ("read_log_anchors", "destroyed_keys"))
        return cls(key, getattr(settings, "organisation", ""), anchors, destroyed)


@dataclass(frozen=True)
class Reader:
    """Who is shown something, where and when."""

    viewer: Viewer
    surface: str
    at: dt.datetime
    device_id: uuid.UUID | None = None
    ground: str = TEAM


@dataclass
class Shown:
    """What one answer shows, by client, and for whom."""

    reader: Reader
    clients: dict[str, Seen] = field(default_factory=dict)
    appended: tuple[int, int] = (0, 0)
    """The head before and after, when rows were written."""

    def of(self, client_id: str) -> Seen:
        return self.clients.setdefault(client_id, Seen())


class Unlogged(Exception):
    """Client content was read in a session that shows, without anything that would log it."""


class NotToBeShown:
    """Stands in a session's place for `Shown` where no read may be shown."""


def shown(
    session: Session, kind: str, client_id: uuid.UUID | None, *ids: uuid.UUID | None, opened: bool = False
) -> None:
    """Note that this is handed out to be shown. Every query that returns client content calls it.

    Raises Unlogged where the session belongs to the web and nobody logs (db.py, `reading`).
    """
    noted = session.info.get(SHOWN_IN_SESSION)
    if noted is None or client_id is None:
        return
    if isinstance(noted, NotToBeShown):
        raise Unlogged(f"{kind} is read where no read is logged: use showing(), or deciding() when nothing is shown")
    seen = noted.of(str(client_id))
    seen.add(kind, [str(id_) for id_ in ids if id_ is not None])
    seen.only_own = False
    seen.is_opened = seen.is_opened or opened


def shown_because(session: Session, kind: str, client_id: uuid.UUID, reason: str) -> None:
    """The same for what is shown only to somebody who says why: the reason, covered, stands in place of an id."""
    shown(session, kind, client_id, opened=True)
    noted = session.info.get(SHOWN_IN_SESSION)
    if noted is not None:
        key = ring_for(session).keys_of(session, [client_id])[client_id]
        noted.of(str(client_id)).add(kind, [cover_text(reason, *key).stored])


def what_of(session: Session, row: ReadLog) -> dict[str, list[str]]:
    """What a row says was shown; a reason in it opened."""
    said: dict[str, list[str]] = msgspec.json.decode(row.what)
    ring = ring_for(session)
    return {kind: [open_text(ring, one) for one in ids] for kind, ids in said.items()}


def shown_in_sync(session: Session, client_id: str, kind: str, id_: str, *, is_own: bool) -> None:
    """The same for a change that travels to a phone. It is new to the phone, or its cursor would be past it; only the
    card, and what the person wrote themselves, is no reason for a further row."""
    noted = session.info.get(SHOWN_IN_SESSION)
    if noted is None:
        return
    if isinstance(noted, NotToBeShown):
        raise Unlogged(f"{kind} travels where no read is logged")
    seen = noted.clients.get(client_id) or noted.clients.setdefault(client_id, Seen(only_own=True))
    if kind == "client":
        seen.add(kind, ())
        return
    seen.add(kind, (id_,))
    if not is_own:
        seen.is_fresh, seen.only_own = True, False


def whole_in_sync(
    session: Session, client_ids: Iterable[str], since: dt.datetime, until: dt.datetime, upto: int
) -> None:
    """A first sync has begun: of each of these clients all that a phone keeps is on its way, up to this number of the
    change log. One row for each stands for all the pages that follow."""
    noted = session.info[SHOWN_IN_SESSION]
    whole = [since.isoformat(), until.isoformat(), str(upto)]
    for client_id in client_ids:
        noted.clients[client_id] = Seen(whole=whole, is_fresh=True)


def is_whole_logged(session: Session, client_id: str, upto: int) -> bool:
    """Whether such a row stands, of this person and surface and less than an hour old: then it stands for every client
    that was in sight when it was written, and whoever came in sight since has higher numbers."""
    reader = session.info[SHOWN_IN_SESSION].reader
    asked = _asked(reader) | {"client_id": uuid.UUID(client_id)}
    rows = session.connection().execute(_RECENT_OF_ONE, asked).scalars()
    return any(msgspec.json.decode(what).get(WHOLE, [""])[-1] == str(upto) for what in rows)


def lines_due(session: Session, noted: Shown) -> list[Line]:
    """The rows that what was shown needs."""
    if not noted.clients:
        return []
    asked = [uuid.UUID(client_id) for client_id, seen in noted.clients.items() if not seen.is_fresh]
    before = _of_the_last_hour(session, noted.reader, asked)
    said = {
        client_id: what
        for client_id, seen in noted.clients.items()
        if (what := due(seen, before.get(client_id, ()))) is not None
    }
    why = _why(session, noted.reader, said)
    employer = session.info[LOG_IN_SESSION].employer
    return [
        _line(noted.reader, employer, client_id, noted.clients[client_id], what, *why(client_id))
        for client_id, what in said.items()
    ]


def _line(
    reader: Reader, employer: str, client_id: str, seen: Seen, what: Any, ground: str, team_id: str | None
) -> Line:
    return Line(
        kind=OPENED if seen.is_opened else TRANSFERRED,
        at=reader.at,
        from_at=reader.at,
        to_at=None,
        staff_id=reader.viewer.staff_id.hex,
        role=reader.viewer.role,
        team_id=team_id,
        employer=employer,
        ground=ground,
        surface=reader.surface,
        device_id=reader.device_id.hex if reader.device_id else None,
        client_id=client_id.replace("-", ""),
        report_id=None,
        what=msgspec.json.encode(what).decode(),
    )


def _of_the_last_hour(
    session: Session, reader: Reader, asked: Sequence[uuid.UUID]
) -> dict[str, list[tuple[str, dict[str, list[str]]]]]:
    """(kind, what) of the rows of this person and surface about these clients, by client."""
    found: dict[str, list[tuple[str, dict[str, list[str]]]]] = {}
    if not asked:
        return found
    for client_id, kind, what in session.connection().execute(_RECENT, _asked(reader) | {"ids": asked}):
        found.setdefault(str(client_id), []).append((kind, msgspec.json.decode(what)))
    return found


def _asked(reader: Reader) -> dict[str, Any]:
    return {"staff_id": reader.viewer.staff_id, "surface": reader.surface, "since": reader.at - ONCE_AN_HOUR}


_OF_PERSON = (
    ReadLog.staff_id == bindparam("staff_id"),
    ReadLog.at > bindparam("since"),
    ReadLog.surface == bindparam("surface"),
)
_RECENT = select(ReadLog.client_id, ReadLog.kind, ReadLog.what).where(
    ReadLog.client_id.in_(bindparam("ids", expanding=True)), *_OF_PERSON
)
_RECENT_OF_ONE = select(ReadLog.what).where(ReadLog.client_id == bindparam("client_id"), *_OF_PERSON)


def _why(session: Session, reader: Reader, client_ids: Collection[str]) -> Callable[[str], tuple[str, str | None]]:
    """For each client the ground on which it is seen, and the team it is seen through; of whom no team of the person's
    follows, the grant."""
    if reader.ground != TEAM:
        return lambda _: (reader.ground, None)
    viewer = reader.viewer
    teams = _teams(session, viewer, client_ids)
    grants = _grants(session, viewer, [one for one in client_ids if one not in teams]) if viewer.granted else {}
    return lambda client_id: (grants.get(client_id, TEAM), teams.get(client_id))


def _teams(session: Session, viewer: Viewer, client_ids: Iterable[str]) -> dict[str, str]:
    """Through which of the person's teams each client is seen; whoever has one team sees everybody through it."""
    if len(viewer.team_ids) == 1 and not viewer.granted:
        return dict.fromkeys(client_ids, next(iter(viewer.team_ids)).hex)
    query = select(ClientTeam.client_id, ClientTeam.team_id).where(
        ClientTeam.client_id.in_([uuid.UUID(one) for one in client_ids]),
        ClientTeam.team_id.in_(viewer.team_ids),
        ClientTeam.active.is_(True),
    )
    return {str(client_id): team_id.hex for client_id, team_id in session.execute(query)}


def _grants(session: Session, viewer: Viewer, client_ids: Iterable[str]) -> dict[str, str]:
    """What these clients are seen by: `emergency`, or else `grant`."""
    query = select(AccessGrant.client_id, AccessGrant.ground).where(
        AccessGrant.staff_id == viewer.staff_id,
        AccessGrant.client_id.in_([uuid.UUID(one) for one in client_ids]),
        AccessGrant.ended_at.is_(None),
    )
    rows = [(str(client_id), ground) for client_id, ground in session.execute(query)]
    return dict.fromkeys((one for one, _ in rows), GRANT) | {one: ground for one, ground in rows if ground == EMERGENCY}


def append(session: Session, lines: Sequence[Line]) -> tuple[int, int]:
    """Chain these rows to the log: the head before and after. Must be the last step before the commit."""
    key = session.info[LOG_IN_SESSION].key
    connection = session.connection()
    # The lock that orders those who append; on SQLite the insert below takes it, or finds that it comes too late.
    before, mac = connection.execute(_HEAD).one()
    rows = []
    for seq, line in enumerate(lines, start=before + 1):
        mac = mac_of(key, mac, seq, line)
        rows.append((seq, *line, mac))
    _insert(connection, rows)
    last = before + len(rows)
    connection.execute(_MOVE_HEAD, {"last": last, "last_mac": mac, "new_seal": seal_of_head(key, last, mac)})
    return before, last


_HEAD = select(ReadLogHead.seq, ReadLogHead.mac).with_for_update()
_MOVE_HEAD = update(ReadLogHead).values(seq=bindparam("last"), mac=bindparam("last_mac"), seal=bindparam("new_seal"))


def _insert(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Many rows in one statement, by the driver itself: the chain is over these values, and no layer changes them."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        said = {at: _as_sqlite(at) for at in {at for row in rows for at in row[2:5]}}
        rows = [(*row[:2], said[row[2]], said[row[3]], said[row[4]], *row[5:]) for row in rows]
    places = ", ".join(["?" if is_sqlite else "%s"] * len(COLUMNS))
    connection.exec_driver_sql(f"INSERT INTO read_log ({', '.join(COLUMNS)}) VALUES ({places})", rows)  # noqa: S608 - our own names


def _as_sqlite(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "microseconds") if at else None


def mac_of(key: bytes, before: bytes, seq: int, line: Line) -> bytes:
    """The mac of a row, chained to the one before."""
    values: list[Any] = list(line)
    for place in _TIMES:
        values[place] = _microseconds(values[place])
    return hmac.digest(key, b"row" + before + msgspec.json.encode([seq, *values]), "sha256")


@lru_cache(maxsize=64)
def _microseconds(at: dt.datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // _MICROSECOND


def seal_of_head(key: bytes, seq: int, mac: bytes) -> bytes:
    """The HMAC by which a head proves that whoever wrote it had the key."""
    return hmac.digest(key, b"head" + seq.to_bytes(8, "big") + mac, "sha256")


def guard(connection: Connection) -> None:
    """Have the database refuse to change or delete a row. The application's role owns the table, so no grant would hold
    it; an owner can take the triggers away again, and the chain tells of what is done then."""
    for statement in _GUARD[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def unguard(connection: Connection) -> None:
    """Take the triggers away, to replace the whole log by that of a backup; `guard` comes after it."""
    for statement in _UNGUARD[connection.dialect.name]:
        connection.exec_driver_sql(statement)


_REFUSED = "the read log is never changed"
_GUARD = {
    "sqlite": tuple(
        f"CREATE TRIGGER read_log_no_{event.lower()} BEFORE {event} ON read_log "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        for event in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION read_log_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
        "CREATE TRIGGER read_log_no_change BEFORE UPDATE OR DELETE ON read_log "
        "FOR EACH ROW EXECUTE FUNCTION read_log_refuse()",
        "CREATE TRIGGER read_log_no_truncate BEFORE TRUNCATE ON read_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION read_log_refuse()",
    ),
}
_UNGUARD = {
    "sqlite": ("DROP TRIGGER read_log_no_update", "DROP TRIGGER read_log_no_delete"),
    "postgresql": (
        "DROP TRIGGER read_log_no_change ON read_log",
        "DROP TRIGGER read_log_no_truncate ON read_log",
    ),
}


def gap_line(at: dt.datetime, employer: str, what: Mapping[str, Any]) -> Line:
    """The row that names what a restored backup took away."""
    said = msgspec.json.encode(what).decode()
    return Line(RESTORED, at, at, None, None, None, None, employer, None, None, None, None, None, said)
