"""The port: whether it can be served from, asked before anything is started, and the socket that listens there."""

import errno
import socket

from fieldapp.errors import CannotDo

_BACKLOG = 2048
_LAST_PORT = 65_535


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections there. Raises CannotDo with a sentence."""
    if not 0 <= port <= _LAST_PORT:
        raise CannotDo(f"Port {port} finnes ikke. Velg en fra 1024 til {_LAST_PORT}: make run PORT=8000")
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotDo(_why(error, host, port)) from error
    except (TypeError, ValueError) as error:  # a name that cannot be encoded
        listener.close()
        raise CannotDo(f"«{host}» er ikke en adresse å lytte på. Velg for eksempel 127.0.0.1.") from error
    return listener


def ensure_free(host: str, port: int) -> None:
    """Raise CannotDo with a sentence when nothing can be served there."""
    listen(host, port).close()


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} er opptatt av et annet program. Velg en annen: make run PORT={port + 1}"
    if error.errno == errno.EACCES:
        return f"Du har ikke lov til å bruke port {port}. Velg en over 1023: make run PORT=8000"
    return f"Kan ikke lytte på {host}:{port}: {error.strerror}."
