"""`fieldapp migrate`: bring the database to the newest schema, a copy of it as it was first."""

import click

from fieldapp.cli._before_migrating import copy_before
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.migrations import check_known, migrate, newest, present


@click.command()
@click.option("--no-backup", is_flag=True, help="Ta ingen kopi først.")
@click.pass_obj
def command(settings: Settings, no_backup: bool) -> None:
    """Oppdater databasen til nyeste skjema, med en kopi først når noe skal endres."""
    database = Database(settings)
    check_known(present(database))
    copy = None if no_backup else copy_before(database, settings)
    if copy is not None:
        click.echo(f"Kopi fra før oppdateringen: {copy}")
    migrate(database)
    click.echo(f"Databasen har skjema {newest()}.")
