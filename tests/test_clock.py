"""Waiting that does not go by a clock."""

import threading

from fieldapp import clock


def test_a_pause_ends_when_its_time_is_over_or_when_it_is_told_to_stop_whichever_is_first() -> None:
    stopper = clock.Stopper()
    assert not stopper.wait(0.01)
    assert not stopper.wait(0)
    threading.Timer(0.05, stopper.set).start()
    assert stopper.wait(60)


def test_once_stopped_no_pause_lasts_any_more() -> None:
    stopper = clock.Stopper()
    stopper.set()
    stopper.set()
    assert stopper.is_set()
    assert stopper.wait(60)
    assert stopper.wait(60)
