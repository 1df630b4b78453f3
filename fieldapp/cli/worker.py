"""`fieldapp worker`: the alert worker alone. Any number may run against one PostgreSQL; claims keep them apart."""

import click

from fieldapp.cli import _alerting
from fieldapp.config import Settings


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Start bare varslingen."""
    _alerting.run_worker(settings)
