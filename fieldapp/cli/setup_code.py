"""`fieldapp setup-code`: the address at which the first administrator is made."""

import click

from fieldapp.cli import _database
from fieldapp.cli._set_up import set_up_address
from fieldapp.config import Settings


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Skriv ut adressa der den første systemadministratoren lages; den gjelder ett døgn."""
    with _database.reading(settings) as session:
        address = set_up_address(session, settings, settings.public_url or "http://127.0.0.1:8000")
    click.echo(address)
    if not settings.public_url:
        click.echo("FIELDAPP_PUBLIC_URL er ikke satt: bytt ut begynnelsen med adressa tjeneren svarer på.", err=True)
