"""The settings: read once from the environment, checked, and never changed afterwards.

A wrong value stops the start with a sentence that names it. An empty value counts as unset. Secrets may also come from
a file (`<NAME>_FILE`). Every default is right for production and public.
"""

import difflib
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

NAMES = (
    *("DATABASE_URL", "DATA_DIR", "SECRET_KEY", "PUBLIC_URL", "VAPID_SUBJECT", "PUSH_HOSTS", "TICK_SECONDS"),
    *("HEARTBEAT_URL", "SMTP_URL", "WEBHOOK_URL", "TRUSTED_PROXIES", "METRICS_TOKEN", "ORGANISATION"),
    *("READ_LOG_ANCHORS", "LOG_FORMAT", "SERVICE_WORKER", "STREET_CONTACT_DAYS", "OFFLINE_REPLICA"),
    *("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_MIN_ACR", "OIDC_NAME"),
)
"""Every setting there is, without its prefix."""
_FROM_FILES = ("DATABASE_URL", "SECRET_KEY", "SMTP_URL", "WEBHOOK_URL", "METRICS_TOKEN", "OIDC_CLIENT_SECRET")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_PREFIX = "FIELDAPP_"
_KEPT_IN = "secret_key"
_SHORTEST_SECRET = 16
_MOST_DAYS = 36_500
_ESCAPE = "Tegn som @, :, / og # i brukernavn og passord skrives %40, %3A, %2F og %23."


class ConfigError(Exception):
    """A setting is wrong. The message is one sentence naming it."""


@dataclass(frozen=True)
class Settings:
    """How this installation is set up."""

    database_url: str = field(repr=False)
    data_dir: Path
    secret_key: str = field(repr=False)
    public_url: str = ""
    """Without a trailing slash; empty when unset."""
    vapid_subject: str = ""
    push_hosts: tuple[str, ...] = ()
    """Extra `host:port` allowed as push services."""
    tick_seconds: float = 5.0
    heartbeat_url: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    webhook_url: str = field(default="", repr=False)
    trusted_proxies: tuple[Network, ...] = ()
    metrics_token: str = field(default="", repr=False)
    log_format: str = "text"
    organisation: str = "kommunen"
    """Whom the people who use this installation work for, as the read log names it."""
    anchors_file: Path | None = None
    """Where the read log's anchors are written; in the data directory unless set."""
    service_worker: bool = True
    """Off: phones that ask for the worker get one that removes itself and its caches, never what is unsent."""
    street_contact_days: int | None = None
    """After how many days a street contact with somebody unknown loses its words and place; None: never, until the
    municipality's archive rule allows it."""
    offline_replica: bool = True
    """Off: no phone keeps what it has fetched; logging works without coverage, lists need the net."""
    oidc_issuer: str = ""
    """The municipality's own sign-in (OpenID Connect); empty: none."""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_min_acr: tuple[str, ...] = ()
    """The levels that are strong enough, any of them; empty: whatever the issuer asks of people."""
    oidc_name: str = ""
    """What people call it, on the button."""

    @property
    def read_log_anchors(self) -> Path:
        """The file of the read log's anchors."""
        return self.anchors_file or self.data_dir / "read-log-anchors.jsonl"

    @property
    def destroyed_keys(self) -> Path:
        """The list of destroyed keys, beside the anchors: it must not come back with a backup."""
        return self.read_log_anchors.with_name("destroyed-keys.jsonl")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Settings from `environ`; makes and keeps the secret key on first start. Raises ConfigError."""
        env = _Reader(environ)
        data_dir = Path(env.text("DATA_DIR") or "./instance").absolute()
        _make_directory(data_dir)
        return cls(
            database_url=env.database_url(data_dir),
            data_dir=data_dir,
            secret_key=env.secret_key(data_dir),
            public_url=env.own_address("PUBLIC_URL"),
            vapid_subject=env.vapid_subject(),
            push_hosts=env.host_ports("PUSH_HOSTS"),
            tick_seconds=env.seconds("TICK_SECONDS", 5.0),
            heartbeat_url=env.url("HEARTBEAT_URL", ("http", "https")),
            smtp_url=env.url("SMTP_URL", ("smtp", "smtps"), secret=True),
            webhook_url=env.url("WEBHOOK_URL", ("http", "https"), secret=True),
            trusted_proxies=env.networks("TRUSTED_PROXIES"),
            metrics_token=env.secret("METRICS_TOKEN"),
            organisation=env.text("ORGANISATION") or "kommunen",
            anchors_file=env.file("READ_LOG_ANCHORS"),
            log_format=env.one_of("LOG_FORMAT", ("text", "json")),
            service_worker=env.one_of("SERVICE_WORKER", ("on", "off")) == "on",
            street_contact_days=env.days("STREET_CONTACT_DAYS"),
            offline_replica=env.one_of("OFFLINE_REPLICA", ("on", "off")) == "on",
            **env.oidc(),
        )


def misspelled(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """The names in `environ` that look like settings and are none, each with what was probably meant, or nothing."""
    known = [*NAMES, *(f"{name}_FILE" for name in _FROM_FILES)]
    found = []
    for name in sorted(environ):
        looks_like = re.fullmatch(r"FIELD_?APP_?(\w*)", name.upper())
        if looks_like and name not in {_PREFIX + one for one in known}:
            meant = difflib.get_close_matches(looks_like[1], known, 1)
            found.append((name, _PREFIX + meant[0] if meant else ""))
    return found


class _Reader:
    """Reads one setting at a time; every method raises ConfigError with the setting's full name."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str:
        return self._environ.get(_PREFIX + name, "").strip()

    def secret(self, name: str) -> str:
        path = self.text(name + "_FILE")
        if not path:
            return self.text(name)
        if self.text(name):
            raise ConfigError(f"{_PREFIX}{name} og {_PREFIX}{name}_FILE er begge satt; behold én av dem.")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{_PREFIX}{name}_FILE peker på {path}, som ikke lar seg lese.") from error

    def database_url(self, data_dir: Path) -> str:
        url = self.secret("DATABASE_URL") or f"sqlite:///{data_dir / 'fieldapp.db'}"
        url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
        try:
            parsed = make_url(url)
            backend = parsed.get_backend_name()
        except (ArgumentError, ValueError):  # which may quote the address, password and all: not passed on
            raise ConfigError(f"{_PREFIX}DATABASE_URL er ikke en databaseadresse. {_ESCAPE}") from None
        if backend not in ("sqlite", "postgresql"):
            raise ConfigError(f"{_PREFIX}DATABASE_URL må begynne med sqlite:// eller postgresql://.")
        if backend == "postgresql" and not _is_unambiguous(url, parsed):
            raise ConfigError(f"{_PREFIX}DATABASE_URL kan ikke deles opp sikkert. {_ESCAPE}")
        return url

    def secret_key(self, data_dir: Path) -> str:
        key = self.secret("SECRET_KEY") or _kept_secret(data_dir / _KEPT_IN)
        if len(key) < _SHORTEST_SECRET:
            raise ConfigError(f"{_PREFIX}SECRET_KEY må ha minst {_SHORTEST_SECRET} tegn.")
        return key

    def url(self, name: str, schemes: tuple[str, ...], *, secret: bool = False) -> str:
        value = self.secret(name) if secret else self.text(name)
        if value and not _is_url(value, schemes):
            raise ConfigError(f"{_PREFIX}{name} må være en adresse som begynner med {' eller '.join(schemes)}.")
        return value

    def own_address(self, name: str) -> str:
        """An address that paths of ours are put behind: nothing may stand there already."""
        value = self.url(name, ("http", "https"))
        parts = urlsplit(value)
        if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc or value.endswith(("?", "#")):
            raise ConfigError(f"{_PREFIX}{name} skal bare være https://vert, uten noe bak: ingen sti, ? eller #.")
        return value.rstrip("/")

    def oidc(self) -> dict[str, Any]:
        """The settings of the municipality's own sign-in, all or none of them."""
        issuer = self.url("OIDC_ISSUER", ("https", "http"))
        if not issuer:
            return {}
        host = urlsplit(issuer).hostname or ""
        if urlsplit(issuer).scheme != "https" and not _is_loopback(host):
            raise ConfigError(f"{_PREFIX}OIDC_ISSUER må begynne med https.")
        if not self.text("OIDC_CLIENT_ID"):
            raise ConfigError(f"{_PREFIX}OIDC_CLIENT_ID mangler: uten den virker ikke {_PREFIX}OIDC_ISSUER.")
        if not self.text("PUBLIC_URL"):
            raise ConfigError(
                f"{_PREFIX}PUBLIC_URL mangler: {_PREFIX}OIDC_ISSUER må vite hvor folk skal sendes tilbake."
            )
        return {
            "oidc_issuer": issuer,
            "oidc_client_id": self.text("OIDC_CLIENT_ID"),
            "oidc_client_secret": self.secret("OIDC_CLIENT_SECRET"),
            "oidc_min_acr": tuple(self._list("OIDC_MIN_ACR")),
            "oidc_name": self.text("OIDC_NAME") or host,
        }

    def vapid_subject(self) -> str:
        value = self.text("VAPID_SUBJECT")
        if value and not (_is_url(value, ("https",)) or re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", value)):
            raise ConfigError(f"{_PREFIX}VAPID_SUBJECT må være en mailto:- eller https:-adresse.")
        return value

    def host_ports(self, name: str) -> tuple[str, ...]:
        values = tuple(value.lower() for value in self._list(name))
        for value in values:
            if not _is_host_port(value):
                raise ConfigError(f"{_PREFIX}{name} inneholder «{value}», som ikke er vert:port.")
        return values

    def networks(self, name: str) -> tuple[Network, ...]:
        return tuple(self._network(name, value) for value in self._list(name))

    def _network(self, name: str, value: str) -> Network:
        try:
            return ipaddress.ip_network(value, strict=False)
        except ValueError as error:
            raise ConfigError(f"{_PREFIX}{name} inneholder «{value}», som ikke er en IP-adresse.") from error

    def seconds(self, name: str, default: float) -> float:
        value = self.text(name)
        try:
            seconds = float(value) if value else default
        except ValueError:
            seconds = 0.0
        if not 0 < seconds <= 3600:
            raise ConfigError(f"{_PREFIX}{name} må være et antall sekunder over 0 og høyst 3600.")
        return seconds

    def days(self, name: str) -> int | None:
        """Whole days, or None when unset."""
        value = self.text(name)
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and 1 <= int(value) <= _MOST_DAYS):
            raise ConfigError(f"{_PREFIX}{name} må være et helt antall dager fra 1 til {_MOST_DAYS}, eller tom.")
        return int(value)

    def file(self, name: str) -> Path | None:
        value = self.text(name)
        if not value:
            return None
        path = Path(value).absolute()
        if not path.parent.is_dir() or path.is_dir():
            raise ConfigError(f"{_PREFIX}{name} er {value}; det må være en fil i en mappe som finnes.")
        return path

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.text(name) or choices[0]
        if value not in choices:
            raise ConfigError(f"{_PREFIX}{name} må være {' eller '.join(choices)}.")
        return value

    def _list(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    """Whether it is an address that everybody takes apart in the same way: see `_is_unambiguous`."""
    if re.search(r"[\s\x00-\x1f\x7f\\]", value):
        return False
    try:
        parts = urlsplit(value)
        is_whole = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return is_whole and parts.netloc.count("@") <= 1 and "@" not in value.partition(parts.netloc)[2]


def _is_unambiguous(text: str, url: URL) -> bool:
    """Whether no part of the password is taken for the host or the database: it would be named in every error."""
    host = re.fullmatch(r"[A-Za-z0-9._:%-]*", url.host or "")
    return bool(host) and not re.search(r"[@:]", url.database or "") and text.partition("?")[0].count("@") <= 1


def _is_host_port(value: str) -> bool:
    try:
        parts = urlsplit("//" + value)
        return bool(parts.hostname and parts.port) and parts.netloc == value and "@" not in value
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{_PREFIX}DATA_DIR er {path}, som ikke lar seg opprette.") from error


def _kept_secret(path: Path) -> str:
    """The secret of this data directory. Linking makes it whole or not at all when several processes start at once."""
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError(f"{_PREFIX}SECRET_KEY er ikke satt, og {path} lar seg ikke lese eller skrive.") from error


def _write_once(path: Path, content: str) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
