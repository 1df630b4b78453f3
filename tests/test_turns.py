"""Whose turn it is to write: in order within a process, the alerting first between processes, and nobody for ever."""

import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from fieldapp.turns import COURTESY_S, MOST_WAITING, Line, NoTurn, Turnstile
from tests._wait import wait_until

NEVER = time.monotonic() + 24 * 3600
"""Counted from when the tests were collected: the whole suite lies before some of them."""
HOLDER = """
import sys, time
from pathlib import Path
from fieldapp.turns import Turnstile
with Turnstile(Path(sys.argv[1]), goes_first=True).passed(1e9):
    print("held", flush=True)
    time.sleep(600)
"""


def test_who_came_first_is_served_first_and_the_quick_before_the_others() -> None:
    line, served = Line(1), []
    came = [("slow 1", False), ("quick 1", True), ("slow 2", False), ("quick 2", True)]
    with line.turn(NEVER):
        threads = [queue_up(line, name, is_quick, served) for name, is_quick in came]
    for thread in threads:
        thread.join()
    assert served == ["quick 1", "quick 2", "slow 1", "slow 2"]


def test_nobody_waits_longer_than_they_may_however_many_wait_before_them() -> None:
    line = Line(1)
    refused: list[float] = []

    def wait() -> None:
        began = time.monotonic()
        with pytest.raises(NoTurn), line.turn(began + 0.3):
            pass
        refused.append(time.monotonic() - began)

    with line.turn(NEVER):
        threads = [threading.Thread(target=wait) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert max(refused) < 2
    with line.turn(time.monotonic()):
        pass  # nobody who gave up holds a place


def test_more_than_can_be_served_are_sent_away_at_once() -> None:
    line = Line(1)
    with line.turn(NEVER):
        threads = [queue_up(line, "", True, []) for _ in range(MOST_WAITING)]
        with pytest.raises(NoTurn), line.turn(NEVER):
            pass
    for thread in threads:
        thread.join()


def test_a_line_with_many_places_lets_so_many_in() -> None:
    line = Line(3)
    with ExitStack() as held:
        for _ in range(3):
            held.enter_context(line.turn(time.monotonic()))
        with pytest.raises(NoTurn), line.turn(time.monotonic()):
            pass


def test_nobody_begins_to_write_while_the_alerting_waits_to(tmp_path: Path) -> None:
    alerting, web = (Turnstile(tmp_path / "turn", goes_first=first) for first in (True, False))
    order: list[str] = []

    def write() -> None:
        with web.passed(NEVER):
            order.append("web")

    with alerting.passed(NEVER):
        waits = threading.Thread(target=write)
        waits.start()
        assert seconds_to_pass(Turnstile(tmp_path / "turn", goes_first=False), 0.1) >= 0.1
        order.append("alerting")
    waits.join()
    assert order == ["alerting", "web"]
    with web.passed(NEVER):
        assert seconds_to_pass(alerting, COURTESY_S) < COURTESY_S, "whoever is past holds nobody back"


def test_an_alerting_that_stands_still_keeps_nobody_back_for_long(tmp_path: Path) -> None:
    """Its process was stopped, by a debugger or a sleeping machine, while it waited for its turn."""
    with Turnstile(tmp_path / "turn", goes_first=True).passed(NEVER):
        for goes_first in (True, False):
            assert seconds_to_pass(Turnstile(tmp_path / "turn", goes_first=goes_first), 60) < 2 * COURTESY_S


def test_an_alerting_that_is_killed_while_it_waits_holds_nobody_back(tmp_path: Path) -> None:
    file = tmp_path / "turn"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(file)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        web = Turnstile(file, goes_first=False)
        assert seconds_to_pass(web, 0.1) >= 0.1
        holder.kill()
        holder.wait()
        assert seconds_to_pass(web, COURTESY_S) < COURTESY_S


def test_where_its_file_cannot_be_made_everybody_goes(tmp_path: Path) -> None:
    with Turnstile(tmp_path / "missing" / "turn", goes_first=True).passed(time.monotonic()):
        pass


def seconds_to_pass(turnstile: Turnstile, at_most: float) -> float:
    began = time.monotonic()
    with turnstile.passed(began + at_most):
        return time.monotonic() - began


def queue_up(line: Line, name: str, is_quick: bool, served: list[str]) -> threading.Thread:
    """A thread that has taken its place in the queue."""

    def wait() -> None:
        with line.turn(NEVER, is_quick=is_quick):
            served.append(name)

    before = waiting(line)
    thread = threading.Thread(target=wait)
    thread.start()
    wait_until(lambda: waiting(line) > before)
    return thread


def waiting(line: Line) -> int:
    return len(line._quick) + len(line._others)
