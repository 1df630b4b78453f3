"""The schema's history: numbered steps, and `migrate`, which brings a database to the newest of them.

`python -m fieldapp.migrations "What it does"` drafts the next step. Tests hold that the newest step equals the models
and that every step goes up and down with data in place.
"""

from pathlib import Path
from typing import Protocol

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from fieldapp.errors import CannotDo

_HERE = Path(__file__).parent
HEAD_FILE = _HERE / ".current-alembic-head"
"""Holds the newest step's number, so that two branches adding a step each meet in a merge conflict."""
_LOCK = 0x5E77_0002


class HasEngine(Protocol):
    """What a migration needs of a database."""

    @property
    def engine(self) -> Engine: ...


def migrate(database: HasEngine, revision: str = "head") -> None:
    """Bring the schema up to `revision`, the newest by default. Safe to run from several processes at once."""
    _run(database, "upgrade", revision)


def present(database: HasEngine) -> str | None:
    """The number of the step that this database is at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check_known(revision: str | None) -> None:
    """Raise CannotDo for a schema that a newer version of Sett has made: nothing of this one may touch it."""
    steps = {step.revision for step in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if revision is not None and revision not in steps:
        raise CannotDo(
            f"Databasen har skjema {revision}, og er nyere enn denne utgaven av Sett, som går til {newest()}. "
            "Sett inn den nye utgaven, eller legg tilbake kopien fra før oppgraderingen. Ingenting er endret."
        )


def step_back(database: HasEngine, revision: str) -> None:
    """Bring the schema down to `revision` ("base" empties it)."""
    _run(database, "downgrade", revision)


def newest() -> str:
    """The number of the newest step."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or "base"


def configuration() -> Config:
    """Alembic's configuration; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    return config


def _run(database: HasEngine, direction: str, revision: str) -> None:
    config = configuration()
    with database.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, "OFF")  # a table is rebuilt by copying; only works before BEGIN
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                check_known(MigrationContext.configure(connection).get_current_revision())
                config.attributes["connection"] = connection
                getattr(command, direction)(config, revision)
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("the migration would leave rows that point at nothing; nothing was changed")
        finally:
            if sqlite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={state}")
