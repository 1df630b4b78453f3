"""`fieldapp backup FILE`: one moment of the running database in one file, keys included."""

import os
from pathlib import Path

import click

from fieldapp import clock
from fieldapp.cli import _copies, _database
from fieldapp.config import Settings
from fieldapp.errors import CannotDo
from fieldapp.services.audit import anchors
from fieldapp.services.entries import files


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def command(settings: Settings, file: Path) -> None:
    """Ta sikkerhetskopi til FILE mens alt går."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with _database.opened(settings) as database:
            _copies.copy_to(database, draft, settings.secret_key)
            anchors.try_write(database, "backup", clock.now())
            pictures = files.store_in(settings.data_dir, settings.secret_key).copy_to(files_beside(file))
        draft.replace(file)
    except OSError as error:
        raise CannotDo(f"Kan ikke skrive {file}: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    if pictures:
        click.echo(f"Bilder: {pictures} nye i {files_beside(file)}, krypterte. Ta vare på mappa sammen med fila.")
    click.echo(
        f"Sikkerhetskopi: {file} ({file.stat().st_size // 1024} kB). Hemmeligheten (FIELDAPP_SECRET_KEY) er ikke i den."
    )


def files_beside(file: Path) -> Path:
    """The folder of the photos that belong to a backup."""
    return file.with_name(f"{file.name}.files")
