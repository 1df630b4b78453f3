"""What `fieldapp doctor` looks at that grows old or was typed: names of settings, backups, the certificate."""

import datetime as dt
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from typing import Literal
from urllib.parse import urlsplit

from fieldapp.cli._checks import Line
from fieldapp.config import Settings, misspelled
from fieldapp.models.read_log import LogSetup
from fieldapp.services.audit import anchors
from fieldapp.texts import ago

_BACKUP_WARNS = dt.timedelta(hours=26)
_BACKUP_FAILS = dt.timedelta(days=8)
"""One that is taken every night may be two hours late."""
_CERTIFICATE_WARNS = dt.timedelta(days=21)
"""Let's Encrypt's are renewed thirty days before they end: this one was not."""
_PATIENCE_SECONDS = 3


def name_lines(environ: Mapping[str, str]) -> Iterator[Line]:
    """Names that look like settings and are none: what they were to change stays as it was."""
    for name, meant in misspelled(environ):
        instead = f"mente du {meant}?" if meant else "se lista i docs/drift.md"
        yield Line("warn", "innstillinger", f"{name} finnes ikke, og gjør ingenting: {instead}")


def backup_lines(settings: Settings, now: dt.datetime) -> Iterator[Line]:
    """When the last backup was taken, as the anchors of the read log tell: each leaves a line there."""
    told = anchors.read(settings.read_log_anchors, LogSetup.of(settings).key)
    last = max((one.at for one in told if one.why == "backup" and not one.problem), default=None)
    if last is None:
        yield Line("warn", "sikkerhetskopi", "ingen er tatt ennå: kjør «fieldapp backup» hver natt")
        return
    age = now - last
    yield Line(_state(age > _BACKUP_WARNS, age > _BACKUP_FAILS), "sikkerhetskopi", f"tatt {ago(last, now)}")


def certificate_lines(
    settings: Settings, now: dt.datetime, ends_of: Callable[[str, int], dt.datetime] | None = None
) -> Iterator[Line]:
    """Whether phones can trust the address that people use, and for how long."""
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https":
        return
    host = parts.hostname or ""
    try:
        ends = (ends_of or _ends_of)(host, parts.port or 443)
    except ssl.SSLCertVerificationError as error:
        yield Line(
            "fail",
            "sertifikat",
            f"{host}: telefoner stoler ikke på det ({error.verify_message})",
        )
    except (OSError, ValueError) as error:
        yield Line("warn", "sertifikat", f"{host} svarer ikke herfra ({type(error).__name__}), så det er ikke sett på")
    else:
        left = ends - now
        yield Line(
            _state(left < _CERTIFICATE_WARNS, left <= dt.timedelta()),
            "sertifikat",
            f"{host}: gjelder til {ends:%Y-%m-%d}",
        )


def _state(warns: bool, fails: bool) -> Literal["ok", "warn", "fail"]:
    return "fail" if fails else "warn" if warns else "ok"


def _ends_of(host: str, port: int) -> dt.datetime:
    """When the certificate that is shown there ends. Raises OSError, SSLCertVerificationError where it is no good."""
    trust = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=_PATIENCE_SECONDS) as connection,
        trust.wrap_socket(connection, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert() or {}
    return dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), dt.UTC)
