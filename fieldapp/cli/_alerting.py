"""Wires what alerting needs from settings: the database, the keys, and the channels. For the commands that send."""

import logging
import signal
from urllib.parse import urlsplit

from fieldapp import clock, logs
from fieldapp.channels.email import Email, Server
from fieldapp.channels.routed import Routed
from fieldapp.channels.webhook import Webhook
from fieldapp.channels.webpush import WebPush
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.jobs.outage_watch import OutageWatch
from fieldapp.jobs.scheduler import Worker
from fieldapp.jobs.sender import Sender
from fieldapp.services.audit import anchors
from fieldapp.services.people import keys

_PATIENCE_S = 10.0
"""How long a stage of the tick waits for other writers: then the next stage, and this one again at the next tick."""
_NO_PUBLIC_URL = "http://localhost:8000"
_NO_SUBJECT = "mailto:drift@sett.example"
"""Push services want a real address; `doctor` asks for FIELDAPP_VAPID_SUBJECT."""


def channels(settings: Settings, database: Database) -> Routed:
    """Every channel that is set up."""
    return Routed(web_push(settings, database), email(settings), webhook(settings))


def web_push(settings: Settings, database: Database) -> WebPush:
    """Web push with the installation's keys, read when first needed."""

    def key_of(key_id: str) -> str | None:
        with database.reading() as session:
            return keys.private_vapid_key(session, settings.secret_key, key_id)

    public_url = _public_url(settings)
    https_url = public_url if public_url.startswith("https://") else ""
    return WebPush(public_url, settings.vapid_subject or https_url or _NO_SUBJECT, key_of)


def email(settings: Settings) -> Email | None:
    """E-mail, from the address in FIELDAPP_SMTP_URL, the one push services have of us, or one at our own host."""
    if not settings.smtp_url:
        return None
    public_url = _public_url(settings)
    subject = settings.vapid_subject
    sender = (
        subject.removeprefix("mailto:") if subject.startswith("mailto:") else f"sett@{urlsplit(public_url).hostname}"
    )
    return Email(Server.of(settings.smtp_url), sender, public_url)


def webhook(settings: Settings) -> Webhook | None:
    """Calls to the gateway."""
    if not settings.webhook_url:
        return None
    return Webhook(settings.webhook_url, keys.webhook_signing_key(settings.secret_key), _public_url(settings))


def _public_url(settings: Settings) -> str:
    return settings.public_url or _NO_PUBLIC_URL


def open_database(settings: Settings) -> Database:
    """The database, once the keys in it are known to open. Raises CannotDo with a sentence when they don't."""
    logs.configure(settings.log_format)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    database = Database(settings, patience_s=_PATIENCE_S, goes_first=True)
    with database.transaction() as session:
        keys.ensure(session, settings.secret_key, clock.now())
    return database


def run_worker(settings: Settings) -> None:
    """Be a worker until SIGTERM or Ctrl-C."""
    database = open_database(settings)
    worker = Worker(
        database,
        channels(settings, database),
        tick_seconds=settings.tick_seconds,
        heartbeat_url=settings.heartbeat_url,
    )
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    anchors.try_write(database, "start", clock.now())
    worker.run()
    anchors.try_write(database, "stop", clock.now())
    database.dispose()


def watch_for_outage(settings: Settings) -> OutageWatch:
    """Start watching the worker from this web process. Call it after the fork: connections do not survive one."""
    database = Database(settings, patience_s=_PATIENCE_S, goes_first=True)
    sender = Sender(database, channels(settings, database), "web", about_outage=True)
    watch = OutageWatch(database, sender)
    watch.start()
    return watch
