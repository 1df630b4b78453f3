"""`fieldapp run`: migrate, then web and worker as two processes in one group that start and stop together.

Both are forks of this process: what they import is imported once, which is most of the time that a start takes.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

import click

from fieldapp import assets
from fieldapp.cli import _alerting, _group, plainly, web
from fieldapp.cli._alone import alone
from fieldapp.cli._before_migrating import copy_before
from fieldapp.cli._port import ensure_free
from fieldapp.cli._set_up import set_up_address
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.migrations import check_known, migrate, present
from fieldapp.services.people import first_start


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--demo", is_flag=True, help="Lag en demokommune hvis databasen er tom.")
@click.option("--join-group", is_flag=True, hidden=True, help="Stay in the caller's process group: make's own.")
@click.pass_obj
def command(settings: Settings, host: str, port: int, demo: bool, join_group: bool) -> None:
    """Start alt: webtjener og varsling."""
    assets.ensure_built()
    ensure_free(host, port)
    database = Database(settings)
    with alone(settings.data_dir) if demo else nullcontext():
        check_known(present(database))
        if database.is_sqlite and (copy := copy_before(database, settings)) is not None:
            click.echo(f"Kopi fra før oppdateringen: {copy}")
        migrate(database)
        if demo:
            _show_demo(database, settings)
    url = settings.public_url or _address(host, port)
    settings = replace(settings, public_url=url)  # both must point alerts at the address that people use
    announce = partial(click.echo, "\n".join(_announcement(database, settings)))
    database.dispose()
    children = (
        _group.Child("web", partial(plainly, partial(web.serve, settings, host, port, when_listening=announce))),
        _group.Child("worker", partial(plainly, partial(_alerting.run_worker, settings))),
    )
    raise SystemExit(_group.run_together(children, own_group=not join_group))


def _announcement(database: Database, settings: Settings) -> Iterator[str]:
    yield f"Sett kjører på {settings.public_url} (Ctrl-C stopper alt)"
    with database.reading() as session:
        if first_start.is_needed(session):
            address = set_up_address(session, settings, settings.public_url)
            yield f"Ingen kan logge inn ennå. Lag den første systemadministratoren her innen ett døgn: {address}"


def _show_demo(database: Database, settings: Settings) -> None:
    from fieldapp.cli import demo  # slow to import, and only wanted here

    demo.ensure_demo(database, settings)


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
