"""All the channels of one process as one: each message goes the way its target says."""

import datetime as dt

from fieldapp.channels.contract import Channel, Message, OurFault, Outcome, ToDevice, ToMailbox


class Routed:
    """Sends by web push, and by e-mail and webhook where these are set up."""

    def __init__(self, push: Channel, email: Channel | None = None, webhook: Channel | None = None) -> None:
        self._push = push
        self._email = email
        self._webhook = webhook

    def send(self, message: Message, now: dt.datetime) -> Outcome:
        """Send it once. A channel that only other processes have is an operator's mistake."""
        channel = self._channel(message)
        if channel is None:
            return OurFault(None, "this process has no such channel: its settings differ from the others'")
        return channel.send(message, now)

    def _channel(self, message: Message) -> Channel | None:
        if isinstance(message.to, ToDevice):
            return self._push
        return self._email if isinstance(message.to, ToMailbox) else self._webhook
