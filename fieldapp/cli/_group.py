"""Processes that live and die together: `fieldapp run` with its web and worker, `fieldapp web` with its servers.

Owns signals and restarts. A child is a fork of this process, named for `ps` and `top`.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import NoReturn

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PATIENCE_SECONDS = 10
_STILLBORN_SECONDS = 5
_PAUSE_SECONDS = 1
_LOOK_SECONDS = 0.01
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15


@dataclass(frozen=True)
class Child:
    """What a copy of this process does, which must not have begun any thread; it is started again when it ends."""

    name: str
    work: Callable[[], None]


class _Stop(Exception):
    """Somebody wants us to stop."""


class _Stillborn(Exception):
    """A child ended by itself, with this status, as soon as it was first started."""


def run_together(
    children: Sequence[Child],
    *,
    own_group: bool,
    when_started: Callable[[], None] = lambda: None,
    on_ending: Callable[[], None] = lambda: None,
) -> int:
    """Run each child until we are told to stop; return the exit status.

    A process that ends is started again: alerting must not stay down because one process did. One that ends by itself
    as soon as it is first started ends everything, with its status.
    """
    group, exit_status = _Group(), 0
    with _terminal() if own_group else nullcontext():
        for ending in _ENDING:
            signal.signal(ending, _stop)
        try:
            for child in children:
                group.start(child)
            when_started()
            group.keep_running()
        except _Stop as stop:
            # Ctrl-C reaches the children too: the same again means "at once" to them, SIGTERM would mean "patiently".
            group.farewell = signal.SIGINT if stop.args[0] == signal.SIGINT else signal.SIGTERM
        except _Stillborn as stillborn:
            exit_status = stillborn.args[0] or 1
        finally:
            for ending in _ENDING:
                signal.signal(ending, signal.SIG_IGN)
            on_ending()
            group.end()
    return exit_status


def _stop(signal_number: int, _: object) -> None:
    raise _Stop(signal_number)


class _Group:
    """The running children, by process id."""

    def __init__(self) -> None:
        self.farewell = signal.SIGTERM
        self._proven: set[str] = set()
        self._children: dict[int, tuple[_Fork, Child, float]] = {}

    def start(self, child: Child) -> None:
        running = _Fork(child)
        self._children[running.pid] = (running, child, time.monotonic())

    def keep_running(self) -> None:
        """Wait for ever; raises _Stillborn when a child can't be kept running."""
        while True:
            pid, status = os.wait()
            if pid not in self._children:
                continue
            running, child, started = self._children.pop(pid)
            returncode = running.returncode = os.waitstatus_to_exitcode(status)
            if time.monotonic() - started > _STILLBORN_SECONDS:
                self._proven.add(child.name)
            elif child.name in self._proven:
                time.sleep(_PAUSE_SECONDS)
            elif returncode >= 0:
                raise _Stillborn(returncode)
            print(f"fieldapp: {child.name} stoppet ({returncode}) og startes igjen", file=sys.stderr)
            self.start(child)

    def end(self) -> None:
        """Ask every child to stop, and after a while insist."""
        children = [running for running, _, _ in self._children.values()]
        for child in children:
            child.send_signal(self.farewell)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        for child in children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait(_PATIENCE_SECONDS)


class _Fork:
    """A copy of this process that does one thing and ends."""

    def __init__(self, child: Child) -> None:
        self.returncode: int | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _end_with(child, parent)

    def send_signal(self, sig: int, /) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, sig)

    def wait(self, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        while self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
            elif time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            else:
                time.sleep(_LOOK_SECONDS)
        return self.returncode

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _end_with(child: Child, parent: int) -> NoReturn:
    """Do the child's work and end this process; nothing that its parent left unfinished is finished here, too."""
    status = 1
    try:
        for ending in _ENDING:
            signal.signal(ending, signal.SIG_DFL)
        _be(child.name, parent)
        child.work()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _be(name: str, parent: int) -> None:
    """On Linux, show this name in `ps`, and end when the parent does; elsewhere a killed parent leaves its children."""
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_NAME, f"sett {name}".encode())
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)  # it ended before we asked to be told


@contextmanager
def _terminal() -> Iterator[None]:
    """Lead a process group of our own, and hold the terminal meanwhile so that Ctrl-C reaches exactly this group."""
    before = os.getpgrp()
    if before == os.getpid():
        yield
        return
    os.setpgid(0, 0)
    terminal = _controlling_terminal()
    in_front = terminal is not None and os.tcgetpgrp(terminal) == before
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    if terminal is not None and in_front:
        os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        if terminal is not None and in_front:
            os.tcsetpgrp(terminal, before)


def _controlling_terminal() -> int | None:
    with suppress(OSError):
        return os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    return None
