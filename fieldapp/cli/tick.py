"""`fieldapp tick [JOB]`: the worker's jobs once, now; messages that are due are sent before it ends."""

import click

from fieldapp import clock
from fieldapp.cli import _alerting
from fieldapp.config import Settings
from fieldapp.errors import CannotDo
from fieldapp.jobs import tasks
from fieldapp.jobs.sender import Sender

_NAMES = (tasks.ALERTS, *(job.name for job in tasks.JOBS))


@click.command()
@click.argument("job", required=False, type=click.Choice(_NAMES))
@click.pass_obj
def command(settings: Settings, job: str | None) -> None:
    """Kjør de faste jobbene én gang, nå."""
    database = _alerting.open_database(settings)
    for each in tasks.JOBS:
        if job in (None, each.name):
            tasks.run_job(database, each, clock.now())
    if job in (None, tasks.ALERTS):
        sender = Sender(database, _alerting.channels(settings, database), "tick")
        good = tasks.tick_until_quiet(database, sender, "tick")
        sender.stop()
        if not good:
            raise CannotDo("Noe gikk galt i varslingen; se loggen.")
    database.dispose()
