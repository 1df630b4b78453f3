"""A copy of the database as it is before its schema changes, so that there is a way back when an upgrade goes wrong.

SQLite is copied by ourselves. Of PostgreSQL, `pg_dump` takes it: our own backup reads the newest schema only.
"""

import os
import shutil
import subprocess
from pathlib import Path

from fieldapp.config import Settings
from fieldapp.db import Database, database_url
from fieldapp.errors import CannotDo
from fieldapp.migrations import newest, present
from fieldapp.services.operations import backup

_NO_PG_DUMP = (
    "Skjemaet skal endres, og pg_dump finnes ikke på denne maskinen, så det ble ikke tatt noen kopi. Installer "
    "postgresql-client, eller ta en kopi selv og kjør «fieldapp migrate --no-backup». Ingenting er endret."
)


def copy_before(database: Database, settings: Settings) -> Path | None:
    """Copy the database into the data directory; where, or None when nothing will change. Raises CannotDo."""
    step = present(database)
    if step is None or step == newest():
        return None
    file = settings.data_dir / f"before-{newest()}-from-{step}.{'db' if database.is_sqlite else 'dump'}"
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if database.is_sqlite:
            backup.copy_sqlite(database.engine, draft)
        else:
            _dump(settings, draft)
        draft.replace(file)
    except OSError as error:
        raise CannotDo(f"Kan ikke skrive kopien {file}: {error.strerror}. Ingenting er endret.") from error
    finally:
        draft.unlink(missing_ok=True)
    return file


def _dump(settings: Settings, file: Path) -> None:
    """With `pg_dump`; the password in its environment, where other users of the machine do not see it."""
    program = shutil.which("pg_dump")
    if program is None:
        raise CannotDo(_NO_PG_DUMP)
    url = database_url(settings.database_url)
    address = url.set(drivername="postgresql", password=None).render_as_string()
    env = os.environ | ({"PGPASSWORD": url.password} if url.password else {})
    command = [program, "--format=custom", f"--file={file}", address]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotDo("pg_dump fikk ikke tatt kopien. Ta en selv, og kjør med --no-backup. Ingenting er endret.")
