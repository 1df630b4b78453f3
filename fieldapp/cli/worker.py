"""`fieldapp worker`: the alert worker alone. Any number may run against one PostgreSQL; claims keep them apart."""

import click

from fieldapp.config import Settings
from fieldapp.jobs import scheduler


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Start bare varslingen."""
    scheduler.run(settings)
