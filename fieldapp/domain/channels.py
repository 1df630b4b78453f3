"""Which ways of telling people an installation has beside the push, what goes together in one message, and when a push
is not enough.

Web push is always there. What is sent through each is for channels/; to whom, for services/notify/notifications.py.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from fieldapp.domain.norway import at_wall_time, day_of

PUSH = "push"
EMAIL = "email"
WEBHOOK = "webhook"

BUNDLED_FROM = 4
"""So many new alerts for one person in one tick become one message: three can still be told apart on a lock screen."""

IN_SESSION = "channels"
"""Under which name a database session carries the installation's Channels: services read no settings."""

_PORTS = {"smtp": 25, "smtps": 465, "http": 80, "https": 443}


@dataclass(frozen=True)
class Channels:
    """`host:port` of each channel that is set up, empty for one that is not. Every process must have the same."""

    email_host: str = ""
    webhook_host: str = ""

    @classmethod
    def at(cls, smtp_url: str, webhook_url: str) -> "Channels":
        """Name the channels by the addresses of the settings (empty: not set up)."""
        return cls(host_port(smtp_url), host_port(webhook_url))


def host_port(url: str) -> str:
    """Give `host:port` of an address, never the name and password in it; empty for none."""
    if not url:
        return ""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{f'[{host}]' if ':' in host else host}:{parts.port or _PORTS[parts.scheme]}"


def covers_night(from_at: datetime, to_at: datetime) -> bool:
    """Say whether a duty lasts into the hours after midnight, when a push wakes nobody: 00–06, Norwegian wall time."""
    nights = (day_of(from_at), day_of(from_at) + timedelta(days=1))
    return any(from_at < at_wall_time(day, time(6)) and to_at > at_wall_time(day, time(0)) for day in nights)
