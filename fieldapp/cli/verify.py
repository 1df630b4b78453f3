"""`fieldapp verify`: compare a copy of the database with what its entries say. Disturbs nobody."""

import click

from fieldapp import clock
from fieldapp.cli import _copies, _database
from fieldapp.config import Settings
from fieldapp.models.read_log import LogSetup
from fieldapp.services.audit import anchors
from fieldapp.services.entries import files
from fieldapp.services.operations.verify import differences
from fieldapp.services.operations.verify_read_log import Told, named_gaps


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Sjekk at databasen er det oppføringene sier; avslutter med 1 og det som er galt."""
    key = LogSetup.of(settings).key
    # Read before the copy is made: what is written of the log while it is copied is not in the copy.
    told = Told(key, anchors.read(settings.read_log_anchors, key))
    with (
        _database.opened(settings) as database,
        _copies.temporary_copy(database, settings.secret_key) as copy,
        _copies.scratch(copy) as session,
    ):
        gaps = named_gaps(session, told)
        found = list(differences(session, clock.now(), settings.tick_seconds, told))
        lost = files.missing(session, files.store_in(settings.data_dir, settings.secret_key))
        found += [f"bilde {file_id}: mangler på disken, eller lar seg ikke åpne" for file_id in lost]
    for difference in found:
        click.echo(difference)
    if found:
        raise SystemExit(1)
    click.echo("ok: databasen er det oppføringene sier, ingen rader peker på noe som mangler, ingen tause brukere")
    for gap in gaps:
        click.echo(f"merk: {gap}")
