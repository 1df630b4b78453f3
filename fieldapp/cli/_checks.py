"""What `fieldapp doctor` looks at. Each check answers with lines; none changes anything."""

import datetime as dt
import shutil
import smtplib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from fieldapp.channels import email
from fieldapp.config import Settings
from fieldapp.db import database_url
from fieldapp.demo import fill
from fieldapp.domain.channels import host_port
from fieldapp.errors import CannotDo
from fieldapp.queries import health
from fieldapp.services.people import keys
from fieldapp.texts import ago, duration, moment

_PUSH_SERVICES = ("fcm.googleapis.com:443", "web.push.apple.com:443", "updates.push.services.mozilla.com:443")
_DRIFT = dt.timedelta(seconds=5)
_PATIENCE_SECONDS = 3
_LEAST_FREE = 50 * 2**20
_LITTLE_FREE = 500 * 2**20
"""Bytes. SQLite's log alone may grow to some tens of megabytes between two tidyings."""
_BUILT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Line:
    """One finding."""

    state: Literal["ok", "warn", "fail"]
    about: str
    says: str


def settings_lines(settings: Settings) -> Iterator[Line]:
    """What is missing for real use, though it starts without."""
    if not settings.public_url.startswith("https://"):
        yield Line("warn", "innstillinger", "FIELDAPP_PUBLIC_URL er ikke https: telefoner får verken app eller push")
    elif not settings.trusted_proxies:
        yield Line("warn", "innstillinger", "FIELDAPP_TRUSTED_PROXIES er tom: bak en proxy ser alle ut som én adresse")
    if not settings.vapid_subject:
        yield Line("warn", "innstillinger", "FIELDAPP_VAPID_SUBJECT er ikke satt: Apple avviser push uten")
    if not settings.heartbeat_url:
        yield Line("warn", "innstillinger", "FIELDAPP_HEARTBEAT_URL er ikke satt: ingen utenfor merker at Sett stopper")
    yield Line("ok", "innstillinger", f"data i {settings.data_dir}")


def disk_lines(settings: Settings, free_of: Callable[[Path], int] | None = None) -> Iterator[Line]:
    """Whether there is room to write: with a full disk nothing is taken in, and nobody is alerted."""
    places = {settings.data_dir}
    url = database_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        places.add(Path(url.database).absolute().parent)
    for place in sorted(places):
        try:
            free = (free_of or _free)(place)
        except OSError as error:
            yield Line("fail", "disk", f"{place}: {error.strerror}")
            continue
        says = f"{free // 2**20} MB ledig i {place}"
        if free < _LEAST_FREE:
            yield Line("fail", "disk", f"{says}: ingenting kan føres. Gjør plass, eller flytt FIELDAPP_DATA_DIR")
        elif free < _LITTLE_FREE:
            yield Line("warn", "disk", f"{says}: gjør plass før den er full, for da kan ingenting føres")
        else:
            yield Line("ok", "disk", says)


def _free(place: Path) -> int:
    return shutil.disk_usage(place).free


def keys_line(session: Session, settings: Settings) -> Line:
    """Whether this secret opens the keys."""
    try:
        pairs = keys.read(session, settings.secret_key)
    except CannotDo as error:
        return Line("fail", "nøkler", str(error))
    return Line("ok", "nøkler", f"push-nøkkel {pairs.vapid.key_id}")


def demo_lines(session: Session) -> Iterator[Line]:
    """Everybody in a demo has a password that is written down for all to read."""
    if fill.is_demo(session):
        yield Line("warn", "demo", "dette er demokommunen, med kjente passord")


def clock_line(session: Session, now: dt.datetime) -> Line:
    """Our clock against the database's, where it has one of its own."""
    if now < _BUILT:
        return Line("fail", "klokke", f"viser {now:%Y-%m-%d}: varsler vil komme til feil tid")
    if session.get_bind().dialect.name == "postgresql":
        theirs: dt.datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
        if abs(theirs - now) > _DRIFT:
            return Line("warn", "klokke", f"avviker {abs(theirs - now).total_seconds():.0f} s fra databasens")
    return Line("ok", "klokke", moment(now))


def worker_line(session: Session, now: dt.datetime) -> Line:
    """Whether anybody is watching the clocks of the clients."""
    worker = health.worker_health(session, now)
    if worker.last_tick_at is None:
        return Line("warn", "varsling", "har ikke gått ennå: start «fieldapp run» eller «fieldapp worker»")
    if worker.is_ahead:
        ahead = duration(worker.last_tick_at - now)
        return Line("fail", "varsling", f"gikk sist {ahead} fram i tid: klokka er stilt tilbake, eller går feil")
    when = ago(worker.last_tick_at, now)
    if worker.is_ticking:
        return Line("ok", "varsling", f"gikk sist {when}")
    return Line("fail", "varsling", f"gikk sist {when}: ingen varsles nå. Start «fieldapp worker»")


def night_lines(session: Session, settings: Settings, now: dt.datetime) -> Iterator[Line]:
    """A push wakes nobody: whoever is on duty at night needs a channel that rings."""
    teams = 0 if settings.webhook_url else health.teams_on_duty_at_night(session, now)
    if teams:
        yield Line("warn", "varsling", f"Nattvakt uten ringende kanal ({teams} team): sett FIELDAPP_WEBHOOK_URL")


def channel_lines(settings: Settings) -> Iterator[Line]:
    """Whether the mail server lets us in, and the gateway is there. Nothing is sent."""
    if settings.smtp_url:
        server = email.Server.of(settings.smtp_url)
        trouble = _mail_trouble(server)
        says = f"tar ikke imot ({trouble})" if trouble else "svarer"
        yield Line("fail" if trouble else "ok", "e-post", f"{server.host}:{server.port} {says}")
    if settings.webhook_url:
        address = host_port(settings.webhook_url)
        answers = _answers(address)
        yield Line("ok" if answers else "fail", "webhook", f"{address} {'svarer' if answers else 'svarer ikke'}")


def _mail_trouble(server: email.Server) -> str:
    try:
        with email.connected(server):
            return ""
    except smtplib.SMTPResponseException as error:
        return f"{type(error).__name__} {error.smtp_code}"
    except (OSError, email.NoSafeWay) as error:
        return type(error).__name__


def push_lines(settings: Settings, reach: Callable[[str], bool] | None = None) -> Iterator[Line]:
    """Whether the push services answer at all."""
    can_reach = reach or _answers
    for address in (*_PUSH_SERVICES, *settings.push_hosts):
        answers = can_reach(address)
        yield Line("ok" if answers else "warn", "push", f"{address} {'svarer' if answers else 'svarer ikke'}")


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE_SECONDS).close()
    except OSError:
        return False
    return True
