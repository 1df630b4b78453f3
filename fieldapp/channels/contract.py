"""The contract every channel keeps: send one message, and say in one of a closed set of words what came of it.

A channel opens no transaction, never raises for what a service does, and takes at most about ten seconds to connect and
ten to be answered; delivery's lease rests on that. It says nothing of a person beyond where the message goes.
"""

import datetime as dt
from typing import Protocol

from fieldapp.services.notify.messages import (
    Delivered,
    Gone,
    Message,
    OurFault,
    Outcome,
    Retry,
    ToDevice,
    ToGateway,
    ToMailbox,
    TooLarge,
)

__all__ = [
    "TIMEOUT_SECONDS",
    "Channel",
    "Delivered",
    "Gone",
    "Message",
    "OurFault",
    "Outcome",
    "Retry",
    "ToDevice",
    "ToGateway",
    "ToMailbox",
    "TooLarge",
]

TIMEOUT_SECONDS = 10
"""To connect, and again to be answered."""


class Channel(Protocol):
    """Something that can send."""

    def send(self, message: Message, now: dt.datetime) -> Outcome:
        """Send it once."""
