"""Whose record each of several clients stands in, and which protection wins."""

import datetime as dt
import itertools
import uuid

from fieldapp.domain.merging import Merge, records, strictest
from fieldapp.domain.watch import longest_gap

KARI, KARIN, KAJA = (uuid.UUID(int=n) for n in (1, 2, 3))
NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def merge(client_id: uuid.UUID, into: uuid.UUID, minute: int, number: int = 0) -> Merge:
    return Merge(client_id, into, NOON + dt.timedelta(minutes=minute), uuid.UUID(int=100 + number))


def test_a_duplicate_stands_at_the_end_of_the_way_whatever_the_order() -> None:
    merges = [merge(KAJA, KARIN, 1), merge(KARIN, KARI, 2)]
    for order in itertools.permutations(merges):
        assert records(order) == {KAJA: KARI, KARIN: KARI}


def test_of_a_duplicate_merged_twice_all_three_are_one() -> None:
    assert records([merge(KARIN, KARI, 1), merge(KARIN, KAJA, 2)]) == {KARIN: KAJA, KARI: KAJA}


def test_what_would_close_a_loop_has_no_effect() -> None:
    merges = [merge(KARIN, KARI, 1), merge(KARI, KARIN, 2), merge(KARI, KARI, 3)]
    for order in itertools.permutations(merges):
        assert records(order) == {KARIN: KARI}


def test_of_two_at_one_moment_the_id_decides() -> None:
    merges = [merge(KARI, KARIN, 1, number=2), merge(KARIN, KARI, 1, number=1)]
    assert records(merges) == records(merges[::-1]) == {KARIN: KARI}


def test_the_strictest_protection_wins() -> None:
    assert [strictest("none", "code7"), strictest("code6", "code7"), strictest("none", "none")] == [
        "code7", "code6", "none",
    ]  # fmt: skip


def test_the_shorter_clock_lets_less_time_pass() -> None:
    clocks = [("interval", 60, ()), ("each_shift", 0, ("day", "evening", "night")), ("each_shift", 0, ()),
              ("interval", 1440, ()), ("each_shift", 0, ("day",)), ("off", 1, ())]  # fmt: skip
    gaps = [longest_gap(*clock) for clock in clocks]
    assert gaps == sorted(gaps)
    assert gaps[1:3] == [dt.timedelta(hours=9), dt.timedelta(hours=16, minutes=30)]
