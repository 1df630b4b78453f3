"""`fieldapp export DIR`: everything in open formats, one moment of the running database."""

import os
import shutil
from pathlib import Path

import click
import structlog

from fieldapp import clock
from fieldapp.cli import _copies, _database
from fieldapp.config import Settings
from fieldapp.errors import CannotDo
from fieldapp.migrations import newest
from fieldapp.services.entries import files
from fieldapp.services.operations import exporting


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_obj
def command(settings: Settings, folder: Path) -> None:
    """Skriv alt som er ført, til en ny mappe, som JSON Lines og CSV med beskrivelse."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise CannotDo(f"{folder} finnes. Velg en ny mappe.")
    draft = folder.absolute().with_name(f".{folder.absolute().name}.{os.getpid()}")
    try:
        draft.mkdir(mode=0o700)
        counts = _export(settings, draft)
        draft.replace(folder)
    except OSError as error:
        raise CannotDo(f"Kan ikke skrive {folder}: {error.strerror}.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    said = ", ".join(f"{name} {counts[name]}" for name in ("client", "entry", "staff", "team", "files"))
    structlog.get_logger().warning("everything_exported", rows=sum(counts.values()))
    click.echo(f"Eksportert til {folder} ({said}). Det er helseopplysninger i klartekst: se {folder}/LESMEG.txt.")


def _export(settings: Settings, folder: Path) -> dict[str, int]:
    store = files.store_in(settings.data_dir, settings.secret_key)
    with _database.opened(settings) as database, _copies.one_moment(database) as session:
        return exporting.export(session, store, folder, newest(), clock.now())
