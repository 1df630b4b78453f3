"""No send lasts for ever: a socket's own timeout begins anew with every byte, and with every address a name has."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

WHOLE_SECONDS = 20.0
"""A whole send, from connecting to the end of the answer; far less than the lease of what is being sent."""
_AGAIN_SECONDS = 1.0

Options = Sequence[tuple[int, int, int | bytes]]


def connect(host: str, port: int, seconds: float, options: Options = ()) -> socket.socket:
    """Connect to the first address of `host` that answers: `seconds` for all of them, the same share for each.

    What is said afterwards has `seconds` again.
    """
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    failed = OSError("a name without an address")
    for family, kind, protocol, _, address in addresses:
        try:
            with ExitStack() as unless_connected:
                sock = unless_connected.enter_context(socket.socket(family, kind, protocol))
                for option in options:
                    sock.setsockopt(*option)
                sock.settimeout(seconds / len(addresses))
                sock.connect(address)
                sock.settimeout(seconds)
                unless_connected.pop_all()
                return sock
        except OSError as error:
            failed = error
    raise failed


@contextmanager
def hung_up_after(seconds: float, socket_in_use: Callable[[], socket.socket | None]) -> Iterator[threading.Event]:
    """When the block takes longer, what it is reading ends; the event says that this was why."""
    too_late, ended = threading.Event(), threading.Event()

    def watch() -> None:
        # Again and again: while connecting, or agreeing on TLS, there is no socket yet to hang up.
        wait = seconds
        while not ended.wait(wait):
            too_late.set()
            _hang_up(socket_in_use())
            wait = _AGAIN_SECONDS

    threading.Thread(target=watch, name="hang-up", daemon=True).start()
    try:
        yield too_late
    finally:
        ended.set()


def _hang_up(sock: socket.socket | None) -> None:
    if sock is not None:
        with suppress(OSError):
            # Not a TLS socket's own: that takes TLS away beneath the reader, who then reads nonsense.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
