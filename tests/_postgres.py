"""A PostgreSQL server of the tests' own, from Debian's package: started when first asked for, ended with the run."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from tests._server import free_port

USER = "sett"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=200")
DURABLE = ("fsync=on", "synchronous_commit=on", "shared_buffers=64MB", "max_connections=200")


class PostgreSQL:
    """One server on a free port, with its data in a temporary folder. `DURABLE` settings are for tests that kill it."""

    def __init__(self, settings: tuple[str, ...] = FAST) -> None:
        self._settings = settings
        self._folder = Path(tempfile.mkdtemp(prefix="sett-pg-"))
        if os.geteuid() == 0:  # the server refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._command("initdb", "--no-sync", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C")
        self.port = free_port()
        self._process = self._start()

    def url(self, database: str) -> str:
        """The address of one of its databases, as `FIELDAPP_DATABASE_URL` takes it."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def make_template(self, migrate: Callable[[str], None]) -> None:
        """Make the database that `new_database` copies; `migrate` is given its address."""
        self._execute('CREATE DATABASE "template_sett"')
        migrate(self.url("template_sett"))

    def new_database(self) -> str:
        """Copy the template; return the copy's name."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "template_sett" STRATEGY FILE_COPY')
        return name

    def drop(self, name: str) -> None:
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def connect(self, database: str) -> psycopg.Connection:
        """A connection of its superuser; every statement is committed at once."""
        return psycopg.connect(self.url(database), autocommit=True)

    def stop(self) -> None:
        """End the server at once; its data is thrown away."""
        self._process.send_signal(signal.SIGINT)  # without waiting for its clients
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(60)
        shutil.rmtree(self._folder, ignore_errors=True)

    def go_away(self) -> None:
        """End the server, and every connection with it; its data stays."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)

    def come_back(self) -> None:
        """Start it again on the same port with the same data."""
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}"]
        arguments = [part for option in (*options, *self._settings) for part in ("-c", option)]
        process = subprocess.Popen(
            [*_as_postgres(), str(_binary("postgres")), "-D", str(self._data), *arguments],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "log").open("wb"),
        )
        self._wait_until_it_answers(process)
        return process

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 120
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.02)
            else:
                return

    def _execute(self, statement: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(statement.encode())

    def _command(self, name: str, *arguments: str) -> None:
        command = [*_as_postgres(), str(_binary(name)), "-D", str(self._data), *arguments]
        subprocess.run(command, cwd="/", check=True, capture_output=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"


class OneForAll:
    """One database that one test after another is given, as new: every row of the last one taken out in between.

    A copy of the template for each test costs a tenth of a second more. Who was left behind is thrown out; a schema
    that a test changed, or a database it could not let go of, is given up for a new copy.
    """

    def __init__(self, server: PostgreSQL) -> None:
        self._server = server
        self._make()

    @property
    def url(self) -> str:
        return self._server.url(self._name)

    def empty(self) -> None:
        """Make it what it was when it was made."""
        if not self._is_emptied():
            self.close()
            self._server.drop(self._name)
            self._make()

    def close(self) -> None:
        self._own.close()

    def _is_emptied(self) -> bool:
        try:
            self._own.execute(_THROW_OUT, [self._name])
            if self._own.execute(_SCHEMA).fetchone() != self._schema:
                return False
            self._take_rows_out()
        except psycopg.Error:
            return False
        return True

    def _make(self) -> None:
        self._name = self._server.new_database()
        self._own = own = self._server.connect(self._name)
        """Kept open: a new one reads the catalogue anew, which takes longer than all the rest."""
        own.execute("SET session_replication_role = replica")  # rows go in any order, whatever points at them
        own.execute("SET lock_timeout = '10s'")
        self._schema = own.execute(_SCHEMA).fetchone()
        self._tables = [sql.Identifier(name) for (name,) in own.execute(_TABLES)]
        self._sequences = own.execute(_SEQUENCES).fetchall()
        self._first_rows = [(table, rows) for table in self._tables if (rows := _read(own, table))]

    def _take_rows_out(self) -> None:
        """Delete (of small tables twenty times as quick as TRUNCATE), and put back what the migrations insert."""
        with self._own.transaction():
            self._own.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(table) for table in self._tables))
            for table, rows in self._first_rows:
                _write(self._own, table, rows)
            for name, last in self._sequences:
                self._own.execute("SELECT setval(%s, coalesce(%s, 1), %s)", [name, last, last is not None])


_THROW_OUT = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = %s AND pid <> pg_backend_pid()"""
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_SEQUENCES = "SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE schemaname = 'public'"
_SCHEMA = """SELECT md5(string_agg(one, E'\\n' ORDER BY one)) FROM (
    SELECT concat_ws(' ', attrelid, attname, atttypid, atttypmod, attnotnull, attisdropped, atthasdef)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', oid, relname, relkind) FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', oid, conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', oid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', oid, proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', oid, nspname) FROM pg_namespace WHERE nspname !~ '^pg_'
) AS told (one)"""
"""One word for every table, column, key, index, trigger and function there is."""


def _read(connection: psycopg.Connection, table: sql.Identifier) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as copy:
        return b"".join(copy)


def _write(connection: psycopg.Connection, table: sql.Identifier, rows: bytes) -> None:
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
        copy.write(rows)


def _as_postgres() -> list[str]:
    """What to put before a command so that the server dies with us, and never runs as root."""
    identity = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *identity, "--pdeathsig=INT"]


def _binary(name: str) -> Path:
    on_path = shutil.which(name)
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return found[-1] if found else Path(on_path or name)
