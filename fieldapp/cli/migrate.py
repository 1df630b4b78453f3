"""`fieldapp migrate`: bring the database to the newest schema."""

import click

from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.migrations import migrate, newest


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Oppdater databasen til nyeste skjema."""
    migrate(Database(settings))
    click.echo(f"Databasen har skjema {newest()}.")
