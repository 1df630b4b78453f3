"""`fieldapp web`: the web server alone. Any number may run against one PostgreSQL."""

import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import NoReturn

import click
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

from fieldapp import clock, driver_errors
from fieldapp.app import create_app
from fieldapp.cli import _alerting, _group
from fieldapp.cli._http import HttpServer
from fieldapp.cli._port import listen
from fieldapp.config import ConfigError, Settings
from fieldapp.db import Database, database_url
from fieldapp.errors import CannotDo
from fieldapp.routes._tally import Tally
from fieldapp.services.audit import anchors
from fieldapp.services.people import first_start


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.pass_obj
def command(settings: Settings, host: str, port: int) -> None:
    """Start bare webtjeneren."""
    serve(settings, host, port)


def serve(settings: Settings, host: str, port: int, when_listening: Callable[[], None] = lambda: None) -> NoReturn:
    """Answer there until we are told to stop. Raises CannotDo with a sentence, SystemExit at the end."""
    # SQLite has one writer: more processes only wait for each other, and less fairly than threads do.
    processes = 1 if database_url(settings.database_url).get_backend_name() == "sqlite" else 2
    with listen(host, port) as listener:
        tally = Tally(processes)
        servers = [
            _group.Child("web", partial(_serve, settings, listener, tally, number)) for number in range(processes)
        ]
        raise SystemExit(
            _group.run_together(servers, own_group=False, when_started=when_listening, on_ending=listener.close)
        )


def _serve(settings: Settings, listener: socket.socket, tally: Tally, number: int) -> None:
    """Be one of the processes that answer; a wrong secret or no database ends it with one sentence and status 2."""
    tally.be(number)
    try:
        app = create_app(settings, tally)
    except (ConfigError, CannotDo) as refusal:
        _refuse(str(refusal))
    except (OperationalError, ProgrammingError, InterfaceError) as error:
        _refuse(driver_errors.said_plainly(error))
    if number == 0:
        _say_how_to_begin(app.extensions["db"])
    _alerting.watch_for_outage(settings)  # every web process tells the people when no alert worker ticks
    server = HttpServer(app, listener)
    signal.signal(signal.SIGTERM, server.stop)
    signal.signal(signal.SIGHUP, server.stop)
    signal.signal(signal.SIGINT, server.stop_at_once)
    anchors.try_write(app.extensions["db"], "start", clock.now())
    server.run()
    anchors.try_write(app.extensions["db"], "stop", clock.now())


def _say_how_to_begin(database: Database) -> None:
    """A hint alone: a database that has just gone away ends no process that could wait for it to come back."""
    with suppress(OperationalError, InterfaceError), database.reading() as session:
        if first_start.is_needed(session):
            structlog.get_logger().warning("nobody_can_sign_in", do="fieldapp setup-code")


def _refuse(sentence: str) -> None:
    print(f"fieldapp: {sentence}", file=sys.stderr)
    raise SystemExit(2)
