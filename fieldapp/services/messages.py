"""What leaves for a channel, and the closed set of what can come back. The contract between delivery and channels/.

Owns the words: titles are constant, without names, counts or times, because lock screens are read by others.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

TITLES = {
    "alert": "Nytt varsel i Sett",
    "crisis": "Krise i Sett",
    "help": "En kollega trenger hjelp",
    "check": "Er alt bra?",
    "over": "Varsel avsluttet i Sett",
    "bundle": "Flere varsler i Sett",
    "closing": "Se lista før dere stenger",
    "down": "Varslingen i Sett er nede",
    "test": "Test fra Sett",
}

PATHS = {"bundle": "/felt", "closing": "/felt", "down": "/felt", "test": "/felt/mer"}
"""Where a tap leads when it is not one alert."""


@dataclass(frozen=True)
class Message:
    """One message to one device, with all that is needed to send it while nothing is open."""

    delivery_id: str
    claim: str
    """The claim it was taken under; a result counts only while that claim stands."""
    subscription_id: UUID
    kind: str
    path: str
    topic: str
    endpoint: str
    host: str
    p256dh: str
    auth: str
    key_id: str
    shortened: bool
    slow: bool
    """Whether it goes in the lane of those that have kept us waiting."""


@dataclass(frozen=True)
class Delivered:
    """201: handed over to the push service. Not delivered, let alone seen."""

    status: int


@dataclass(frozen=True)
class Retry:
    """429, 5xx, timeouts, broken connections, TLS: try again, not before `after_s` when the service asked for that."""

    status: int | None
    reason: str
    after_s: float | None = None
    waited: bool = False
    """Whether it kept us waiting to the end."""


@dataclass(frozen=True)
class Gone:
    """404, 410: the subscription has ended."""

    status: int


@dataclass(frozen=True)
class OurFault:
    """Our key or our request was refused: the subscription stays, the operator is told."""

    status: int | None
    reason: str


@dataclass(frozen=True)
class TooLarge:
    """413: say it shorter."""

    status: int = 413


Outcome = Delivered | Retry | Gone | OurFault | TooLarge


@dataclass(frozen=True)
class Sent:
    """A message, what came of it, and when."""

    message: Message
    outcome: Outcome
    at: dt.datetime
