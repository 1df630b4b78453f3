"""The contract every channel keeps: send one message, and say in one of a closed set of words what came of it.

A channel opens no transaction, never raises for what a service does, and takes at most about ten seconds to connect and
ten to be answered; delivery's lease rests on that.
"""

import datetime as dt
from typing import Protocol

from fieldapp.services.messages import Delivered, Gone, Message, OurFault, Outcome, Retry, TooLarge

__all__ = ["Channel", "Delivered", "Gone", "Message", "OurFault", "Outcome", "Retry", "TooLarge"]


class Channel(Protocol):
    """Something that can send."""

    def send(self, message: Message, now: dt.datetime) -> Outcome:
        """Send it once."""
