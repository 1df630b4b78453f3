"""Which ways of telling people this installation has beside the push, and which messages go together in one.

Web push is always there. What is sent through each is for channels/; to whom, for services/telling.py.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

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
