"""A concern is pushed within seconds, however busy the phones keep the one writer of SQLite."""

from collections.abc import Callable
from pathlib import Path

from tests._push_service import PushService
from tests._server import Server
from tests.faults._busy import raise_concerns_while_busy

PUSHED_WITHIN_S = 8
"""On a machine with everything else to do; about one second on a quiet one (bench/concern_while_busy.py)."""


def test_six_busy_phones_do_not_delay_the_push_of_a_concern(
    tmp_path: Path, push_service: PushService, rounds: Callable[[int, int], int]
) -> None:
    with Server.started(tmp_path / "data", push_hosts=push_service.host) as server:
        figures = raise_concerns_while_busy(server, push_service, lasts_s=rounds(12, 120), every_s=1)
    assert figures.batches > 5, "nobody was busy"
    assert max(figures.pushed_s) < PUSHED_WITHIN_S
    assert max(figures.answered_s) < 2 * PUSHED_WITHIN_S
