"""The only place that reads the wall clock. Everything else is given `now`, so a test can move time from outside."""

import datetime as dt
import socket
from contextlib import suppress


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


class Stopper:
    """threading.Event for a loop that pauses, but by a length of time: an Event waits for a moment of the steady clock,
    and where the clocks of a process are shifted from outside (libfaketime) that moment may never come."""

    def __init__(self) -> None:
        self._ear, self._mouth = socket.socketpair()
        self._stopped = False

    def set(self) -> None:
        """End every wait, now and later. Safe in a signal handler."""
        if not self._stopped:
            self._stopped = True
            self._mouth.send(b".")

    def is_set(self) -> bool:
        return self._stopped

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until it is set; whether it is set."""
        self._ear.settimeout(max(seconds, 0.001))
        with suppress(TimeoutError):
            self._ear.recv(1, socket.MSG_PEEK)
        return self._stopped
