"""Processes that live and die together: `fieldapp run` and its web and worker. Owns signals and restarts."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PATIENCE_SECONDS = 10
_STILLBORN_SECONDS = 5
_PAUSE_SECONDS = 1
_PR_SET_PDEATHSIG = 1


class _Stop(Exception):
    """Somebody wants us to stop."""


def run_together(
    commands: Sequence[Sequence[str]], *, own_group: bool, when_started: Callable[[], None] = lambda: None
) -> int:
    """Run each `fieldapp` command until we are told to stop; return the exit status.

    A process that ends is started again: alerting must not stay down because one process did. One that ends by itself
    as soon as it is first started ends everything.
    """
    group = _Group()
    with _terminal() if own_group else nullcontext():
        for ending in _ENDING:
            signal.signal(ending, _stop)
        try:
            for command in commands:
                group.start(command)
            when_started()
            group.keep_running()
        except _Stop as stop:
            # Ctrl-C reaches the children too: the same again means "at once" to them, SIGTERM would mean "patiently".
            group.farewell = signal.SIGINT if stop.args[0] == signal.SIGINT else signal.SIGTERM
            return 0
        except ChildProcessError:
            pass
        finally:
            for ending in _ENDING:
                signal.signal(ending, signal.SIG_IGN)
            group.end()
    return 1


def _stop(signal_number: int, _: object) -> None:
    raise _Stop(signal_number)


class _Group:
    """The running children, by process id."""

    def __init__(self) -> None:
        self.farewell = signal.SIGTERM
        self._proven: set[str] = set()
        self._children: dict[int, tuple[subprocess.Popen[bytes], Sequence[str], float]] = {}

    def start(self, command: Sequence[str]) -> None:
        child = subprocess.Popen(
            [sys.executable, "-m", "fieldapp.cli", *command],
            preexec_fn=_die_with_parent(),
        )
        self._children[child.pid] = (child, command, time.monotonic())

    def keep_running(self) -> None:
        """Wait for ever; raises ChildProcessError when a child can't be kept running."""
        while True:
            pid, status = os.wait()
            if pid not in self._children:
                continue
            child, command, started = self._children.pop(pid)
            child.returncode = os.waitstatus_to_exitcode(status)
            if time.monotonic() - started > _STILLBORN_SECONDS:
                self._proven.add(command[0])
            elif command[0] in self._proven:
                time.sleep(_PAUSE_SECONDS)
            elif child.returncode >= 0:
                raise ChildProcessError
            print(f"fieldapp: {command[0]} stoppet ({child.returncode}) og startes igjen", file=sys.stderr)
            self.start(command)

    def end(self) -> None:
        """Ask every child to stop, and after a while insist."""
        children = [child for child, _, _ in self._children.values()]
        for child in children:
            child.send_signal(self.farewell)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        for child in children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux a killed `fieldapp run` takes its children along; elsewhere they stay until they are stopped."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM) and None


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
