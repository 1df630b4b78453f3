"""`fieldapp restore FILE`: put a backup back, on either engine. Every phone fetches its replica anew afterwards.

What stood in the database is not lost: it is itself copied to a file first, so a wrong restore can be undone.
"""

import shutil
import sqlite3
import tempfile
from pathlib import Path

import click
from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from fieldapp import clock
from fieldapp.cli import _copies, _database, _restored
from fieldapp.cli.backup import files_beside
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.errors import CannotDo
from fieldapp.migrations import migrate
from fieldapp.models.change import start_new_epoch
from fieldapp.models.read_log import LogSetup
from fieldapp.services.audit import anchors, destroyed
from fieldapp.services.entries.files import FOLDER, Store, store_in
from fieldapp.services.operations import backup, erasing, restored_log, restoring
from fieldapp.services.people import keys

_KEPT = "before-restore-"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def command(settings: Settings, file: Path) -> None:
    """Legg en sikkerhetskopi tilbake."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "backup.db"
        shutil.copyfile(file, copy)
        with _copies.opened(copy, settings.secret_key) as copied, _database.opened(settings) as target:
            _bring_up_to_date(copied, copy, file)
            _open_what_stands(target)
            kept = _keep_what_stands(target, settings)
            now = clock.now()
            # First: those of a record that was deleted since go again with its key.
            pictures = Store(files_beside(file), settings.secret_key).copy_to(settings.data_dir / FOLDER)
            with copied.reading() as source, target.transaction() as session:
                before = restoring.rights_in(session)
                lost = restoring.lost(session, source, now)
                log = restored_log.before(session, source, _anchors(settings))
                restored_log.make_room(session, log)
                backup.copy_rows(source, session, without=log.tables_kept)
                reapplied = restoring.reapply(session, before, now, is_undo=file.name.startswith(_KEPT))
                again = erasing.destroy(session, _destroyed(settings, before), None)
                start_new_epoch(session)
                restored_log.name_the_gap(session, log, lost.entries, now)
            erasing.finish(target, store_in(settings.data_dir, settings.secret_key), again, now)
            anchors.try_write(target, "restore", now)
            _warn_of_other_secret(target, settings)
    click.echo(
        "Sikkerhetskopien er lagt tilbake. Telefonene henter alt på nytt; det de ikke har sendt, har de fortsatt."
    )
    if pictures:
        click.echo(f"{pictures} bilder er lagt tilbake.")
    click.echo("Alle må logge inn på nytt.")
    for line in _restored.lines(lost, reapplied, kept):
        click.echo(line)
    if again.keys:
        click.echo(f"Slettet etter sikkerhetskopien, og slettet her nå også: {again.keys} journaler.")


def _destroyed(settings: Settings, before: restoring.Rights) -> list[destroyed.Destroyed]:
    """What the list says, and the database that was replaced."""
    stood = [destroyed.Destroyed(row["id"], row["owner_id"], row["destroyed_at"]) for row in before.destroyed]
    known = {one.key_id: one for one in [*destroyed.read(settings.destroyed_keys), *stood]}
    return list(known.values())


def _anchors(settings: Settings) -> list[anchors.Anchor]:
    return anchors.read(settings.read_log_anchors, LogSetup.of(settings).key)


def _open_what_stands(target: Database) -> None:
    try:
        migrate(target)
    except DatabaseError as error:
        if isinstance(error, OperationalError | ProgrammingError):
            raise
        raise CannotDo(
            "Databasen som skal erstattes, lar seg ikke lese. Flytt filen til side og kjør på nytt. Da er det ikke "
            "kjent hvem som hadde mistet tilgangen etter sikkerhetskopien: gå gjennom «fieldapp staff list» etterpå."
        ) from error


def _bring_up_to_date(backup: Database, copy: Path, file: Path) -> None:
    if not _is_ours(copy):
        raise CannotDo(f"{file} er ikke en sikkerhetskopi fra Sett.")
    try:
        migrate(backup)
    except CommandError as error:
        raise CannotDo(f"{file} er fra en nyere versjon av Sett enn denne.") from error


def _is_ours(copy: Path) -> bool:
    try:
        connection = sqlite3.connect(copy)
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        connection.close()
    except sqlite3.DatabaseError:
        return False
    return {"alembic_version", "entry", "cursor_epoch"} <= names


def _warn_of_other_secret(target: Database, settings: Settings) -> None:
    try:
        with target.reading() as session:
            keys.read(session, settings.secret_key)
    except CannotDo as error:
        click.echo(f"Merk: {error}", err=True)


def _keep_what_stands(target: Database, settings: Settings) -> Path | None:
    """The file it is kept in; None when nobody worked here."""
    with target.reading() as session:
        if backup.is_empty(session):
            return None
    kept = settings.data_dir / f"{_KEPT}{clock.now():%Y%m%dT%H%M%S%fZ}.db"
    try:
        _copies.copy_to(target, kept, settings.secret_key)
    except OSError as error:
        raise CannotDo(f"Kan ikke ta vare på det som står i databasen nå, i {kept}: {error.strerror}.") from error
    click.echo(f"Det som sto i databasen, ligger i {kept}.")
    return kept
