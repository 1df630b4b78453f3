"""The database: engine, pragmas, and the two ways in, `transaction()` and `reading()`. Only a transaction commits.

Leaves tables to models/, queries to queries/ and the schema's history to migrations/.
"""

import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from fieldapp.domain.channels import IN_SESSION, Channels
from fieldapp.models.change import number_changes

Result = TypeVar("Result")

_BUSY_SECONDS = 10
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
_POSTGRESQL_NAMES = ("postgresql", "postgres")


class HasDatabaseUrl(Protocol):
    """The one setting that a database needs. Its sessions know the channels of the settings, where these have any."""

    @property
    def database_url(self) -> str: ...


class Database:
    """One process's way to the database. Safe to share between threads; not to carry over a fork."""

    def __init__(self, settings: HasDatabaseUrl) -> None:
        url = database_url(settings.database_url)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        self._read_engine = self.engine.execution_options(begin="BEGIN", postgresql_readonly=True)
        # SQLite has one writer. Waiting for a lock of our own is fair; its busy handler sleeps, and some sleep long.
        self._turn = threading.Lock() if self.is_sqlite else nullcontext()
        self._here = threading.local()
        channels = Channels.at(getattr(settings, "smtp_url", ""), getattr(settings, "webhook_url", ""))
        self._info = {IN_SESSION: channels}

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed together at the end, or not at all when the block raises.

        The changes it made are numbered last of all, so that their order is the order of the commits.
        """
        if getattr(self._here, "writing", False):
            raise RuntimeError("transaction() inside transaction(): the outer one owns the commit")
        with self._turn:
            self._here.writing = True
            try:
                with Session(self.engine, expire_on_commit=False, info=self._info) as session, session.begin():
                    yield session
                    session.flush()
                    number_changes(session)
            finally:
                self._here.writing = False

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
        with Session(self._read_engine, autoflush=False, info=self._info) as session:
            yield session

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _was_in_the_way(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _IN_THE_WAY


def database_url(text: str) -> URL:
    """Parse a database URL; `postgresql://` (and the old `postgres://`) mean psycopg 3."""
    scheme, separator, rest = text.partition("://")
    return make_url("postgresql+psycopg" + separator + rest if scheme in _POSTGRESQL_NAMES else text)


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        _keep_private(Path(url.database))
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})
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
        f"busy_timeout={_BUSY_SECONDS * 1000}",
        f"cache_size=-{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE unless it only reads: a transaction that reads first and writes later fails at once under load.
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=_connect_args(url))


def _connect_args(url: URL) -> dict[str, Any]:
    """How long a server that is gone is waited for, where the address does not say so itself; and always UTC."""
    said = {name: value for name, value in _GIVES_UP.items() if name not in url.query}
    given = url.query.get("options", "")
    own = given if isinstance(given, str) else " ".join(given)
    # Of two that set the same the last one counts.
    return said | {"options": f"{_LETS_GO} {own} -c timezone=UTC"}
