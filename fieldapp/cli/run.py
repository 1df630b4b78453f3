"""`fieldapp run`: migrate, then web and worker as two processes in one group that start and stop together."""

import os
import socket
import threading
import time

import click

from fieldapp import assets
from fieldapp.cli import _group
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
    os.environ["FIELDAPP_PUBLIC_URL"] = url  # both children must point alerts at the address that people use
    announcer = threading.Thread(target=_announce, args=(url, host, port), daemon=True)
    children = (_group.command("web", "--host", host, "--port", str(port)), _group.command("worker"))
    raise SystemExit(_group.run_together(children, own_group=not join_group, when_started=announcer.start))


def _show_demo(database: Database, settings: Settings) -> None:
    from fieldapp.cli import demo  # slow to import, and only wanted here

    demo.ensure_demo(database, settings)


def _announce(url: str, host: str, port: int) -> None:
    """Print the address once somebody answers there."""
    for _ in range(600):
        try:
            socket.create_connection((_reachable(host), port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            click.echo(f"Sett kjører på {url} (Ctrl-C stopper alt)")
            return


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _address(host: str, port: int) -> str:
    shown = _reachable(host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
