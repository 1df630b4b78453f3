"""`fieldapp web`: the web server alone. Any number may run against one PostgreSQL."""

from typing import Any

import click
from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError
from sqlalchemy.exc import OperationalError, ProgrammingError

from fieldapp.cli import _alerting, _database
from fieldapp.cli._port import ensure_free
from fieldapp.config import ConfigError, Settings
from fieldapp.db import database_url
from fieldapp.errors import CannotDo

_THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.pass_obj
def command(settings: Settings, host: str, port: int) -> None:
    """Start bare webtjeneren."""
    ensure_free(host, port)
    _Server(settings, host, port).run()


class _Server(BaseApplication):
    """gunicorn, set up by us and not by a file or the environment."""

    def __init__(self, settings: Settings, host: str, port: int) -> None:
        self._settings = settings
        self._address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        # SQLite has one writer: more processes only wait for each other, and less fairly than threads do.
        self._workers = 1 if database_url(settings.database_url).get_backend_name() == "sqlite" else 2
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": [self._address],
            "worker_class": "gthread",
            "workers": self._workers,
            "threads": _THREADS,
            "timeout": 0,  # gunicorn compares file times with a clock: a shifted clock would kill every worker
            "graceful_timeout": 3,
            "keepalive": 15,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": self._watch_the_worker,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def _watch_the_worker(self, _: object) -> None:
        """Every web process tells the people when no alert worker ticks."""
        _alerting.watch_for_outage(self._settings)

    def load(self) -> Any:
        try:
            return util.import_app("wsgi:app")
        except (ConfigError, CannotDo) as refusal:
            raise AppImportError(f"fieldapp: {refusal}") from refusal  # gunicorn shows the sentence and stops
        except (OperationalError, ProgrammingError) as error:
            raise AppImportError(f"fieldapp: {_database.said_plainly(error)}") from error
