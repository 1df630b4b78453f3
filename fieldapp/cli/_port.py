"""Whether a port can be served from, asked before anything is started: a sentence now, not a stack trace later."""

import errno
import socket

from fieldapp.errors import CannotDo


def ensure_free(host: str, port: int) -> None:
    """Raise CannotDo with a sentence when nothing can be served there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotDo(_why(error, host, port)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} er opptatt av et annet program. Velg en annen: make run PORT={port + 1}"
    if error.errno == errno.EACCES:
        return f"Du har ikke lov til å bruke port {port}. Velg en over 1023: make run PORT=8000"
    return f"Kan ikke lytte på {host}:{port}: {error.strerror}."
