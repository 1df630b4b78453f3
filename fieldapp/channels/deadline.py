"""No send lasts for ever, however slowly the other side speaks: a socket's own timeout begins anew with every byte."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

WHOLE_SECONDS = 20.0
"""A whole send, from connecting to the end of the answer; far less than the lease of what is being sent."""


@contextmanager
def hung_up_after(seconds: float, socket_in_use: Callable[[], socket.socket | None]) -> Iterator[threading.Event]:
    """When the block takes longer, what it is reading ends; the event says that this was why."""
    too_late = threading.Event()

    def hang_up() -> None:
        too_late.set()
        if (sock := socket_in_use()) is not None:
            with suppress(OSError):
                # Not a TLS socket's own: that takes TLS away beneath the reader, who then reads nonsense.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    watch = threading.Timer(seconds, hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield too_late
    finally:
        watch.cancel()
