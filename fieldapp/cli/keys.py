"""`fieldapp keys`: show the installation's public keys; made now if nobody has yet."""

import json

import click

from fieldapp import clock
from fieldapp.cli import _database
from fieldapp.config import Settings
from fieldapp.services import keys


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Svar med ett JSON-objekt.")
@click.pass_obj
def command(settings: Settings, as_json: bool) -> None:
    """Vis nøklene for push (VAPID) og forsegling. De private halvdelene forlater aldri databasen."""
    with _database.writing(settings) as session:
        pairs = keys.ensure(session, settings.secret_key, clock.now())
    shown = {
        purpose: {"key_id": pair.key_id, "public_key": pair.public_key}
        for purpose, pair in (("vapid", pairs.vapid), ("sealing", pairs.sealing))
    }
    if as_json:
        click.echo(json.dumps(shown))
        return
    for purpose, pair in shown.items():
        click.echo(f"{purpose} {pair['key_id']} {pair['public_key']}")
