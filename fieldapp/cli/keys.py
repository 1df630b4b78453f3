"""`fieldapp keys`: show the installation's public keys, made now if nobody has yet; `--rotate` makes a new push key,
`--rotate-sealing` a new one to seal entries to."""

import json

import click

from fieldapp import clock
from fieldapp.cli import _database
from fieldapp.config import Settings
from fieldapp.services.people import keys


@click.command()
@click.option(
    "--rotate", is_flag=True, help="Lag en ny push-nøkkel. Telefonene går over til den når Sett åpnes på dem."
)
@click.option(
    "--rotate-sealing",
    is_flag=True,
    help="Lag en ny nøkkel for forsegling. Telefonene går over til den ved neste synk, og de gamle åpner for alltid.",
)
@click.option("--json", "as_json", is_flag=True, help="Svar med ett JSON-objekt.")
@click.pass_obj
def command(settings: Settings, rotate: bool, rotate_sealing: bool, as_json: bool) -> None:
    """Vis nøklene for push (VAPID) og forsegling, og den som signerer kall til SMS-tjenesten. De private halvdelene
    forlater aldri databasen."""
    with _database.writing(settings) as session:
        pairs = keys.ensure(session, settings.secret_key, clock.now())
        if rotate:
            pairs = keys.rotate_vapid(session, settings.secret_key, clock.now())
        if rotate_sealing:
            pairs = keys.rotate_sealing(session, settings.secret_key, clock.now())
    shown = {
        purpose: {"key_id": pair.key_id, "public_key": pair.public_key}
        for purpose, pair in (("vapid", pairs.vapid), ("sealing", pairs.sealing))
    }
    if settings.webhook_url:
        shown["webhook"] = {"signing_key": keys.webhook_signing_key(settings.secret_key)}
    if as_json:
        click.echo(json.dumps(shown))
        return
    for purpose, pair in shown.items():
        click.echo(" ".join((purpose, *pair.values())))
