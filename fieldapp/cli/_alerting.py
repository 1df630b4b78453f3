"""Wires what alerting needs from settings: the database, the keys, and web push. For the commands that send."""

import logging
import signal

from fieldapp import clock, logs
from fieldapp.channels.webpush import WebPush
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.jobs.outage_watch import OutageWatch
from fieldapp.jobs.scheduler import Worker
from fieldapp.jobs.sender import Sender
from fieldapp.services import keys

_NO_PUBLIC_URL = "http://localhost:8000"
_NO_SUBJECT = "mailto:drift@sett.example"
"""Push services want a real address; `doctor` asks for FIELDAPP_VAPID_SUBJECT."""


def web_push(settings: Settings, database: Database) -> WebPush:
    """Web push with the installation's keys, read when first needed."""

    def key_of(key_id: str) -> str | None:
        with database.reading() as session:
            vapid = keys.read(session, settings.secret_key).vapid
        return vapid.private_key if vapid.key_id == key_id else None

    public_url = settings.public_url or _NO_PUBLIC_URL
    https_url = public_url if public_url.startswith("https://") else ""
    return WebPush(public_url, settings.vapid_subject or https_url or _NO_SUBJECT, key_of)


def open_database(settings: Settings) -> Database:
    """The database, once the keys in it are known to open. Raises CannotDo with a sentence when they don't."""
    logs.configure(settings.log_format)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    database = Database(settings)
    with database.transaction() as session:
        keys.ensure(session, settings.secret_key, clock.now())
    return database


def run_worker(settings: Settings) -> None:
    """Be a worker until SIGTERM or Ctrl-C."""
    database = open_database(settings)
    worker = Worker(
        database,
        web_push(settings, database),
        tick_seconds=settings.tick_seconds,
        heartbeat_url=settings.heartbeat_url,
    )
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()
    database.dispose()


def watch_for_outage(settings: Settings) -> OutageWatch:
    """Start watching the worker from this web process. Call it after the fork: connections do not survive one."""
    database = Database(settings)
    sender = Sender(database, web_push(settings, database), "web", about_outage=True)
    watch = OutageWatch(database, sender)
    watch.start()
    return watch
