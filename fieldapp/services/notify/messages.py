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
    "digest": "Dagens overlevering i Sett",
    "down": "Varslingen i Sett er nede",
    "test": "Test fra Sett",
    "access": "Nødtilgang i Sett",
    "drill": "Øvelse i Sett",
    "unnamed": "Nytt varsel i Sett",
}

BUNDLE = "bundle"
"""One message in place of many new alerts."""

PATHS = {
    BUNDLE: "/felt",
    "closing": "/felt",
    "digest": "/kontor/overlevering",
    "down": "/felt",
    "test": "/felt/mer",
    "access": "/kontor/nodtilgang/spurt",
    "unnamed": "/kontor",
}
"""Where a tap leads when it is not one alert."""


@dataclass(frozen=True)
class ToDevice:
    """A web push subscription."""

    subscription_id: UUID
    endpoint: str
    p256dh: str
    auth: str
    key_id: str


@dataclass(frozen=True)
class ToMailbox:
    """An e-mail address."""

    address: str


@dataclass(frozen=True)
class ToGateway:
    """Whoever the webhook's gateway knows under this id: Sett has no numbers."""

    staff_id: UUID


@dataclass(frozen=True)
class Message:
    """One message to one target, with all that is needed to send it while nothing is open."""

    delivery_id: str
    claim: str
    """The claim it was taken under; a result counts only while that claim stands."""
    kind: str
    path: str
    topic: str
    host: str
    to: ToDevice | ToMailbox | ToGateway
    shortened: bool = False
    slow: bool = False
    """Whether it goes in the lane of those that have kept us waiting."""


@dataclass(frozen=True)
class Delivered:
    """A success: handed over to the service. Not delivered, let alone seen."""

    status: int


@dataclass(frozen=True)
class Retry:
    """429, 5xx, timeouts, broken connections, TLS: try again, not before `after_s` when the service asked for that."""

    status: int | None
    reason: str
    after_s: float | None = None
    waited: bool = False
    """Whether it kept us waiting to the end."""
    ours: bool = False
    """Whether it went wrong with us, not with the service: the operator is told."""


@dataclass(frozen=True)
class Gone:
    """The target takes no more: a subscription that has ended, or a mailbox that is not there."""

    status: int


@dataclass(frozen=True)
class OurFault:
    """Our key, our password or our request was refused: the target stays, the operator is told."""

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
