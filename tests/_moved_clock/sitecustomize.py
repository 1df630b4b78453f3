"""Loaded by Python itself when this folder is on PYTHONPATH: the process's wall clock stands where a file says.

The file holds seconds from the real time. It is read all the time, so a running process can be moved, as an operator
or a time server could; what waits goes on waiting by the steady clock. (libfaketime can't do that: moved while a thread
waits, it moves the steady clock as well and the wait lasts for as long as the clock was moved.)
"""

import os
import threading
import time
from pathlib import Path

import time_machine

_LOOK_EVERY_S = 0.01
_NEAR_ENOUGH_S = 0.02

_file = Path(os.environ["TESTS_CLOCK_SHIFT_FILE"])
_real_time = time_machine.escape_hatch.time.time


def _follow() -> None:
    """A thread that is put aside between reading the time and setting it sets an old one: so look at it again."""
    pause = threading.Event()
    while not pause.wait(_LOOK_EVERY_S):
        shift = float(_file.read_text())
        if abs(time.time() - _real_time() - shift) > _NEAR_ENOUGH_S:  # noqa: TID251 - the moved clock is what is asked
            _traveller.move_to(_real_time() + shift)


def _follow_beside() -> None:
    threading.Thread(target=_follow, name="moved clock", daemon=True).start()


_started_at = time.time()  # noqa: TID251 - before the clock is moved
_traveller = time_machine.travel(_started_at + float(_file.read_text()), tick=True).start()
_follow_beside()
os.register_at_fork(after_in_child=_follow_beside)
