"""Waiting for what happens on another thread or in another process."""

import threading
import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Return soon after it is true; fail where it never comes true. Who waits long asks seldom, and leaves the core."""
    deadline = time.perf_counter() + seconds
    never, pause = threading.Event(), 0.02
    while not condition():
        assert time.perf_counter() < deadline, "it never came true"
        never.wait(pause)
        pause = min(pause * 1.2, 0.25)
