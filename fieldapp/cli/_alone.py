"""One demo at a time in a folder: whoever comes second hears it at once, and does not wait for a whole municipality."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldapp.errors import CannotDo

_NAME = "demo-lock"


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Make the demo of this folder. Raises CannotDo while another process does. A process that dies lets go."""
    fd = os.open(data_dir / _NAME, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(fd)
        raise CannotDo(
            f"Demokommunen lages alt i {data_dir}, av et annet «fieldapp». Vent til det er ferdig."
        ) from error
    try:
        yield
    finally:
        os.close(fd)  # the file stays: whoever waits for it must find the same one
