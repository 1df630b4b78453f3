"""Waiting for what happens on another thread or in another process."""

import threading
import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Return as soon as it is true; fail where it never comes true."""
    deadline = time.perf_counter() + seconds
    pause = threading.Event()
    while not condition():
        assert time.perf_counter() < deadline, "it never came true"
        pause.wait(0.02)
