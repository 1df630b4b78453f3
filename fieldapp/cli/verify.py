"""`fieldapp verify`: compare a copy of the database with what its entries say. Disturbs nobody."""

import click

from fieldapp import clock
from fieldapp.cli import _copies, _database
from fieldapp.config import Settings
from fieldapp.services.operations.verify import differences


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Sjekk at databasen er det oppføringene sier; avslutter med 1 og det som er galt."""
    with (
        _database.opened(settings) as database,
        _copies.temporary_copy(database) as copy,
        _copies.scratch(copy) as session,
    ):
        found = list(differences(session, clock.now(), settings.tick_seconds))
    for difference in found:
        click.echo(difference)
    if found:
        raise SystemExit(1)
    click.echo("ok: databasen er det oppføringene sier, ingen rader peker på noe som mangler, ingen tause brukere")
