"""`fieldapp run`: migrate, then web and worker as two processes in one group that start and stop together.

Both are forks of this process: what they import is imported once, which is most of the time that a start takes.
"""

from dataclasses import replace
from functools import partial

import click

from fieldapp import assets
from fieldapp.cli import _alerting, _group, plainly, web
from fieldapp.cli._port import ensure_free
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.migrations import migrate


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
    migrate(database)
    if demo:
        _show_demo(database, settings)
    database.dispose()
    url = settings.public_url or _address(host, port)
    settings = replace(settings, public_url=url)  # both must point alerts at the address that people use
    announce = partial(click.echo, f"Sett kjører på {url} (Ctrl-C stopper alt)")
    children = (
        _group.Child("web", partial(plainly, partial(web.serve, settings, host, port, when_listening=announce))),
        _group.Child("worker", partial(plainly, partial(_alerting.run_worker, settings))),
    )
    raise SystemExit(_group.run_together(children, own_group=not join_group))


def _show_demo(database: Database, settings: Settings) -> None:
    from fieldapp.cli import demo  # slow to import, and only wanted here

    demo.ensure_demo(database, settings)


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
