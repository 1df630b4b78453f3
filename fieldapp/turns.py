"""Whose turn it is to write. Within a process first come, first served; between processes the alerting goes first.

SQLite has one writer, and whoever waits for it asks again after longer and longer pauses: a web server that is never
idle takes the lock again at once, and the worker, which has a concern to push, finds it taken for half a minute.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MOST_WAITING = 48
"""In one process, beside those whose turn it is. More would not be served before they are told to come again, and each
holds a thread that could answer a reader."""
_LOOK_EVERY_S = 0.004
COURTESY_S = 2.0
"""How long anybody is kept back for the alerting."""


class NoTurn(Exception):
    """It did not come in time, or too many are waiting already."""


class Line:
    """A queue for so many places at once: first come, first served; those who are quickly done before the others."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._quick: deque[threading.Lock] = deque()
        self._others: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, deadline: float, *, is_quick: bool = True) -> Iterator[None]:
        """Have a place for the length of the block. Raises NoTurn after `deadline` (by time.monotonic)."""
        self._enter(deadline, self._quick if is_quick else self._others)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, deadline: float, waiting: deque[threading.Lock]) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if len(self._quick) + len(self._others) >= MOST_WAITING:
                raise NoTurn
            mine = threading.Lock()
            mine.acquire()
            waiting.append(mine)
        if not mine.acquire(timeout=max(0.0, deadline - time.monotonic())):
            with self._lock:
                if mine in waiting:
                    waiting.remove(mine)
                    raise NoTurn
                # It was given to us at the last moment.

    def _leave(self) -> None:
        """The place passes to who has waited longest: nobody who comes now can take it."""
        with self._lock:
            if waiting := self._quick or self._others:
                waiting.popleft().release()
            else:
                self._free += 1


class Turnstile:
    """Between processes with one SQLite file: while the alerting waits to write, nobody else begins to.

    The alerting holds a lock on a file beside the database; the others look whether it is free before they begin. The
    system lets go of the lock when a process ends, however it ends. It is a courtesy and guards nothing: where the file
    can't be made, or is held for longer than any transaction lasts (its process was stopped), everybody just goes.
    """

    def __init__(self, file: Path, *, goes_first: bool) -> None:
        self._file = file
        self._goes_first = goes_first
        self._fd: int | None = None

    @contextmanager
    def passed(self, deadline: float) -> Iterator[None]:
        """Be past it; whoever goes first keeps the others back for the length of the block."""
        fd = self._opened()
        held = fd is not None and self._has(fd, min(deadline, time.monotonic() + COURTESY_S))
        try:
            if fd is not None and held and not self._goes_first:
                fcntl.flock(fd, fcntl.LOCK_UN)
            yield
        finally:
            if fd is not None and held:
                fcntl.flock(fd, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _opened(self) -> int | None:
        if self._fd is None:
            with suppress(OSError):
                self._fd = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._fd

    def _has(self, fd: int, deadline: float) -> bool:
        """Whether the lock was free before the deadline, and is now ours."""
        how = fcntl.LOCK_EX if self._goes_first else fcntl.LOCK_SH
        while True:
            try:
                fcntl.flock(fd, how | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_LOOK_EVERY_S)
            else:
                return True
