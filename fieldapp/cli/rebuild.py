"""`fieldapp rebuild`: compute the projections anew from the entries."""

import click

from fieldapp import clock
from fieldapp.cli import _database
from fieldapp.config import Settings
from fieldapp.models.change import start_new_epoch
from fieldapp.services.entries.rebuild import rebuild


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Regn ut alt på nytt fra oppføringene."""
    with _database.writing(settings) as session:
        rebuild(session, clock.now())
        start_new_epoch(session)
    click.echo("Alt er regnet ut på nytt fra oppføringene. Telefonene henter det med neste synk.")
