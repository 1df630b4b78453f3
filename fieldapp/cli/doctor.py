"""`fieldapp doctor`: is this installation fit for duty? One line each; exit 1 when something fails."""

import os
from collections.abc import Iterator

import click

from fieldapp import clock
from fieldapp.cli import _checks, _checks_files, _checks_reach, _checks_upkeep, _database
from fieldapp.cli._checks import Line
from fieldapp.config import Settings
from fieldapp.errors import CannotDo


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Se etter om alt er som det skal."""
    failed = False
    for line in _lines(settings):
        click.echo(f"{line.state:<4} {line.about}: {line.says}")
        failed = failed or line.state == "fail"
    raise SystemExit(1 if failed else 0)


def _lines(settings: Settings) -> Iterator[Line]:
    yield from _checks.settings_lines(settings)
    yield from _checks_upkeep.name_lines(os.environ)
    yield from _checks_files.file_lines(settings)  # before the database is opened, which closes what it can
    yield from _checks.disk_lines(settings)
    yield from _checks_upkeep.backup_lines(settings, clock.now())
    try:
        yield from _database_lines(settings)
    except CannotDo as error:
        yield Line("fail", "database", str(error))
    yield from _checks.push_lines(settings)
    yield from _checks_reach.outside_clock_lines(clock.now())
    yield from _checks_upkeep.certificate_lines(settings, clock.now())
    yield from _checks.channel_lines(settings)
    yield from _checks_reach.sign_in_lines(settings, clock.now())


def _database_lines(settings: Settings) -> Iterator[Line]:
    now = clock.now()
    with _database.reading(settings) as session:
        worker = _checks.worker_line(session, now)
        yield Line("ok", "database", session.get_bind().dialect.name)
        yield _checks.keys_line(session, settings)
        yield _checks.clock_line(session, now)
        yield worker
        yield from _checks_reach.reach_lines(session, settings, now)
        yield from _checks_reach.phone_lines(session, now)
        yield from _checks_reach.alarm_lines(session)
        yield from _checks.night_lines(session, settings, now)
        yield from _checks.demo_lines(session)
