"""`fieldapp retention [--dry-run]`: what has been kept long enough, its going, and what each store keeps."""

import click

from fieldapp import clock
from fieldapp.cli import _database
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.domain.norway import day_of
from fieldapp.domain.retention import KEPT
from fieldapp.services import meetings
from fieldapp.services.operations import heartbeat, retention


@click.command()
@click.option("--dry-run", is_flag=True, help="Bare si hva som ville gå.")
@click.pass_obj
def command(settings: Settings, dry_run: bool) -> None:
    """Slett det som ikke skal lagres lenger, og si hva hvert lager tar vare på."""
    with _database.opened(settings) as database:
        with database.reading() as session:
            found = list(retention.due(session, clock.now()))
        click.echo("Ville gått nå:" if dry_run else "Slettet nå:")
        for one in found:
            since = f", den eldste fra {day_of(one.oldest)}" if one.oldest else ""
            click.echo(f"  {one.count} {one.what}{since}: {one.why}")
        if not dry_run:
            _forget(database)
    click.echo("Hva hvert lager tar vare på, hvor lenge, og hva som avslutter det:")
    for kept in KEPT:
        click.echo(f"  {kept.what}: {kept.how_long}. {kept.ended_by}")
    if dry_run:
        click.echo("Ingenting er slettet.")


def _forget(database: Database) -> None:
    """Part after part, so that nobody waits long; then what SQLite still has beside its file."""
    while True:
        with database.transaction(is_quick=False) as session:
            if not retention.forget_street_contacts(session, clock.now()):
                break
    with database.transaction() as session:
        heartbeat.forget_sign_ins(session, clock.now())
        meetings.drop_forgotten(session, clock.now())
    if database.is_sqlite:
        connection = database.engine.raw_connection()
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        connection.close()
