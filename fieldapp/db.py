"""The database: engine, pragmas, and the ways in: `transaction()` writes, `showing()` reads and logs the read,
`reading()` and `deciding()` read. Only the first two commit.

Leaves tables to models/, queries to queries/ and the schema's history to migrations/.
"""

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from fieldapp.domain import retention
from fieldapp.domain.channels import IN_SESSION, Channels
from fieldapp.models.change import number_changes
from fieldapp.models.file import FILES_IN_SESSION
from fieldapp.models.read_log import LOG_IN_SESSION, SHOWN_IN_SESSION, LogSetup, NotToBeShown, Shown, append, lines_due
from fieldapp.models.record_key import KeyRing, give_ring, ring_of
from fieldapp.turns import Line, NoTurn, Turnstile

Result = TypeVar("Result")

_AS_LONG_AS_IT_TAKES_S = 1e6
_BUSY_S = 10.0
"""How long whoever is in no hurry waits for SQLite's one writer."""
_READ_WAIT_MS = 2000
"""A reader never waits for a writer; this is for the moments in which SQLite tidies its log, and for a whole table that
somebody has locked on PostgreSQL."""
_WRITERS = {"sqlite": 1, "postgresql": 10}
"""In one process at once. Below the connections it may have, so that some are left for those who read."""
_CONNECTIONS = {"pool_size": 5, "max_overflow": 25, "pool_timeout": 5}
_OF_ALL: dict[str, Any] = {"hide_parameters": True, "json_deserializer": msgspec.json.decode}
"""Of the engine of either database. msgspec reads the JSON of an entry in a third of the time of `json`."""
_CACHE_KIB = 16_000
"""Of pages a connection keeps in memory. SQLite's own 2,000 make it read and write the same pages again and again when
thousands of alerts are opened at once."""
_TRIES = 5
_IN_THE_WAY = ("40P01", "40001")
"""PostgreSQL's codes for a deadlock and for a serialization failure."""
_GIVES_UP = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""A server that vanishes without a word (no power, a cable pulled) is otherwise waited for a quarter of an hour: by the
worker, every web thread, and the watch that should say that nothing is sent. No limit to a statement's own time: moving
to a new schema, a restored backup or a rebuild may take long."""
_LETS_GO = "-c idle_in_transaction_session_timeout=60000"
"""The same seen from the server: who vanished in the middle of a transaction holds the clocks' locks no longer."""
_SET = "lock timeout set for, at"
_LOOK_AGAIN_S = 0.5
_SHORTEST_LOCK_MS = 500
"""Work that has taken long waits for the numbering of its changes like everybody else: some milliseconds."""
_POSTGRESQL_NAMES = ("postgresql", "postgres")


_IN_MEMORY = (None, "", ":memory:")


@contextmanager
def _nobody_else() -> Iterator[Any]:
    """In place of another connection to a database in memory: it has only one, and no other process writes to it."""
    yield _Nothing()


class _Nothing:
    """What such a connection would find."""

    def execute(self, *_: object) -> "_Nothing":
        return self

    def first(self) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter(())


class HasDatabaseUrl(Protocol):
    """The one setting that a database needs. Its sessions know the channels of the settings, where these have any."""

    @property
    def database_url(self) -> str: ...


class Busy(OperationalError):
    """Others were writing for as long as we may wait."""

    def __init__(self) -> None:
        super().__init__("BEGIN", None, TimeoutError("the database is locked"))


def _files(settings: Any) -> tuple[Any, str] | None:
    """Where the files lie, and what they are encrypted under; None for a copy of the database."""
    data_dir = getattr(settings, "data_dir", None)
    return (data_dir, settings.secret_key) if data_dir is not None else None


class Database:
    """One process's way to the database. Safe to share between threads; not to carry over a fork.

    `patience_s` bounds how long a transaction waits for others before it has begun (on PostgreSQL for a lock, too); it
    raises an OperationalError then. Without it a command waits as long as PostgreSQL needs. `goes_first`: no web
    request begins to write while this process waits to (SQLite; see turns.py). `logs_reads`: here people are shown what
    is read, so client content can't be read in `reading()`.
    """

    def __init__(
        self,
        settings: HasDatabaseUrl,
        *,
        patience_s: float | None = None,
        goes_first: bool | None = None,
        logs_reads: bool = False,
    ) -> None:
        url = database_url(settings.database_url)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url, patience_s)
        self._read_engine = self.engine.execution_options(
            begin="BEGIN", wait_ms=_READ_WAIT_MS, postgresql_readonly=True
        )
        connect = _nobody_else if url.database in _IN_MEMORY and self.is_sqlite else self._read_engine.connect
        give_ring(self.engine.dialect, KeyRing(getattr(settings, "secret_key", ""), connect))
        self._patience_s = patience_s
        self._line = Line(_WRITERS[url.get_backend_name()])
        self._turnstile = _turnstile(url, goes_first)
        self._here = threading.local()
        channels = Channels.at(getattr(settings, "smtp_url", ""), getattr(settings, "webhook_url", ""))
        rules = retention.Rules(getattr(settings, "street_contact_days", None))
        self._info = {IN_SESSION: channels, LOG_IN_SESSION: LogSetup.of(settings), retention.IN_SESSION: rules}
        self._info |= {FILES_IN_SESSION: _files(settings)}
        self._unlogged = self._info | ({SHOWN_IN_SESSION: NotToBeShown()} if logs_reads else {})
        self._show_engine = self.engine.execution_options(begin="BEGIN")

    @contextmanager
    def transaction(self, *, is_quick: bool = True) -> Iterator[Session]:
        """A session whose work is committed together at the end, or not at all when the block raises.

        The changes it made are numbered last of all, so that their order is the order of the commits. What is not quick
        lets everything that is go before it: a concern is not behind six batches of a hundred visits.
        """
        if getattr(self._here, "writing", False):
            raise RuntimeError("transaction() inside transaction(): the outer one owns the commit")
        with self._turn(is_quick) as engine:
            self._here.writing = True
            try:
                with Session(engine, expire_on_commit=False, info=self._info) as session, session.begin():
                    session.connection()  # begin now that it is our turn, not at the first statement
                    yield session
                    session.flush()
                    number_changes(session)
            finally:
                self._here.writing = False

    @contextmanager
    def _turn(self, is_quick: bool) -> Iterator[Engine]:
        """Wait for our turn to write, within the same bound however many wait before us; the engine to do it with.

        SQLite's own way of waiting is to sleep and ask again: whoever slept longest may come last.
        """
        patience_s = self._patience_s or (_BUSY_S if self.is_sqlite else _AS_LONG_AS_IT_TAKES_S)
        deadline = time.monotonic() + patience_s
        with ExitStack() as held:
            try:
                held.enter_context(self._line.turn(deadline, is_quick=is_quick))
                if self._turnstile is not None:
                    held.enter_context(self._turnstile.passed(deadline))
            except NoTurn as error:
                raise Busy from error
            yield self.engine.execution_options(wait_until=deadline)

    def again(self, work: Callable[[], Result]) -> Result:
        """Do `work`, which opens its own transaction, once more when another transaction was in its way.

        Two requests that touch the same clients in different order may deadlock on PostgreSQL, and two that insert the
        same row may both find it missing: one of them is rolled back whole and then sees what the other did.
        """
        for _ in range(_TRIES - 1):
            try:
                return work()
            except (OperationalError, IntegrityError) as error:
                if not (isinstance(error, IntegrityError) or _was_in_the_way(error)):
                    raise
        return work()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for pure reads, seeing one moment of the database; nothing it does is kept."""
        with Session(self._read_engine, autoflush=False, info=self._unlogged) as session:
            yield session

    @contextmanager
    def deciding(self) -> Iterator[Session]:
        """A session to read client content by which something is decided, and of which nothing is shown."""
        with Session(self._read_engine, autoflush=False, info=self._info) as session:
            yield session

    def showing(self, read: Callable[[Session], Result], to: Shown) -> Result:
        """Read what is shown to somebody, and log it in the same transaction: what can't be logged raises, and nothing
        comes back. A read that shows nothing new only reads.

        SQLite's one writer is asked for when the reading is done. If somebody else wrote meanwhile, what was read is
        dropped and read again while it is our turn.
        """
        info = self._info | {SHOWN_IN_SESSION: to}
        with Session(self._show_engine, autoflush=False, expire_on_commit=False, info=info) as session:
            result = read(session)
            lines = lines_due(session, to)
            if not lines:
                return result
            with self._turn(is_quick=True):
                try:
                    to.appended = append(session, lines)
                    session.commit()
                    return result
                except OperationalError as error:
                    if not _came_too_late(error):
                        raise
        to.clients.clear()
        with self.transaction() as session:
            session.info[SHOWN_IN_SESSION] = to
            result = read(session)
            if lines := lines_due(session, to):
                to.appended = append(session, lines)
            return result

    def tidy(self) -> None:
        """After a record was deleted: this process lets go of its key at once, and nothing of it is left in SQLite's
        log, once the last reader lets it be emptied."""
        ring_of(self.engine.dialect).look_again()
        if self.is_sqlite:
            with self.engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if self._turnstile is not None:
            self._turnstile.close()


def _came_too_late(error: OperationalError) -> bool:
    """Whether SQLite refuses to write after what was read, because others wrote meanwhile or are about to."""
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _was_in_the_way(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _IN_THE_WAY


def database_url(text: str) -> URL:
    """Parse a database URL; `postgresql://` (and the old `postgres://`) mean psycopg 3."""
    scheme, separator, rest = text.partition("://")
    return make_url("postgresql+psycopg" + separator + rest if scheme in _POSTGRESQL_NAMES else text)


def _turnstile(url: URL, goes_first: bool | None) -> Turnstile | None:
    """For the processes that serve a SQLite file together; a copy in a file of its own needs none."""
    if goes_first is None or url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Turnstile(Path(f"{url.database}-turn"), goes_first=goes_first)


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        _keep_private(Path(url.database))
    pool = {} if url.database in (None, "", ":memory:") else _CONNECTIONS
    engine = create_engine(url, connect_args={"timeout": _BUSY_S}, **pool, **_OF_ALL)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _keep_private(file: Path) -> None:
    """Let nobody but its owner read the database, in whatever folder it lies.

    SQLite gives the log beside it the same mode. Never opened when it is there: closing it again would take away the
    locks that this process holds on it.
    """
    with suppress(FileExistsError, PermissionError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    for one in files_of(file):
        with suppress(FileNotFoundError, PermissionError):
            mode = stat.S_IMODE(one.stat().st_mode)
            if mode & 0o077:
                one.chmod(mode & ~0o077)


def files_of(file: Path) -> tuple[Path, ...]:
    """A SQLite database and what SQLite keeps beside it."""
    return file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's own transaction handling would begin too late, and let a released savepoint outlive a rollback.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if "begin" in options or "wait_until" in options:
        wait_ms = _ms_until(options["wait_until"]) if "wait_until" in options else _READ_WAIT_MS
        connection.exec_driver_sql(f"PRAGMA busy_timeout={wait_ms}").close()
    # IMMEDIATE unless it only reads: a transaction that reads first and writes later fails at once under load.
    connection.exec_driver_sql(options.get("begin", "BEGIN IMMEDIATE"))


def _postgresql_engine(url: URL, patience_s: float | None) -> Engine:
    arguments = _connect_args(url, "" if patience_s is None else f"-c lock_timeout={_READ_WAIT_MS}")
    engine = create_engine(url, pool_pre_ping=True, connect_args=arguments, **_CONNECTIONS, **_OF_ALL)
    if patience_s is not None:
        event.listen(engine, "before_cursor_execute", _bound_waiting)
    return engine


def _bound_waiting(connection: Connection, cursor: Any, statement: str, *_: object) -> None:
    """Set how long this statement may wait for a lock: whoever has waited for one already, less for the next.

    Half of what is left: one statement may wait twice, for those before it in a row's queue and for who holds the row.
    """
    wait_until = connection.get_execution_options().get("wait_until")
    if wait_until is None or statement.startswith("ROLLBACK"):  # which is all a failed transaction may be told
        return
    transaction, now = connection.get_transaction(), time.monotonic()
    set_for, set_at = connection.info.get(_SET, (None, now))
    if set_for is not transaction or now - set_at > _LOOK_AGAIN_S:
        connection.info[_SET] = (transaction, now)
        cursor.execute(f"SET LOCAL lock_timeout={max(_SHORTEST_LOCK_MS, _ms_until(wait_until) // 2)}")


def _ms_until(moment: float) -> int:
    return min(max(1, round(1000 * (moment - time.monotonic()))), 2**31 - 1)


def _connect_args(url: URL, more: str) -> dict[str, Any]:
    """How long a server that is gone is waited for, where the address does not say so itself; and always UTC."""
    said = {name: value for name, value in _GIVES_UP.items() if name not in url.query}
    given = url.query.get("options", "")
    own = given if isinstance(given, str) else " ".join(given)
    # Of two that set the same the last one counts.
    return said | {"options": f"{_LETS_GO} {more} {own} -c timezone=UTC"}
