"""Which team follows a client on which days."""

import datetime as dt
import uuid

import pytest

from fieldapp.domain.following import Days, also, covers, nearest, said_anew, who_follows

TODAY = dt.date(2026, 11, 23)
NORD, SOR = uuid.UUID(int=1), uuid.UUID(int=2)


def on(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("known", "said", "expected"),
    [
        (None, (on(5), None), (on(5), None)),
        ((on(-9), None), (on(5), None), (on(-9), None)),  # has begun: a start ahead takes nothing back
        ((on(-9), None), (dt.date(2062, 1, 1), None), (on(-9), None)),
        ((on(-9), None), (on(-30), on(-1)), (on(-30), on(-1))),  # a last day ends it
        ((on(-9), on(-5)), (on(5), None), (on(5), None)),  # over and done with
        ((on(3), None), (on(5), None), (on(5), None)),  # not begun yet: the newest decides
    ],
)
def test_new_days_for_a_team(known: Days | None, said: Days, expected: Days) -> None:
    assert said_anew(known, said, TODAY) == expected


@pytest.mark.parametrize(
    ("known", "today", "expected"),
    [
        (None, TODAY, (on(0), on(1))),
        ((on(-9), None), TODAY, (on(-9), None)),
        ((on(-9), on(-5)), TODAY, (on(0), on(1))),
        ((on(-9), on(0)), TODAY, (on(-9), on(1))),
        ((on(9), None), TODAY, (on(0), on(1))),
        ((on(9), None), on(2), (on(9), None)),
    ],
)
def test_a_hand_over_beside_the_teams_own_days(known: Days | None, today: dt.date, expected: Days) -> None:
    assert also(known, (on(0), on(1)), today) == expected


def test_somebody_follows_as_long_as_somebody_must() -> None:
    ahead, left = (on(1), None), (on(-9), on(-1))
    assert who_follows({NORD: ahead}, TODAY, somebody_must=False) == set()
    assert who_follows({NORD: ahead}, TODAY, somebody_must=True) == {NORD}
    assert who_follows({NORD: ahead, SOR: left}, TODAY, somebody_must=True) == {SOR}
    assert who_follows({NORD: (on(0), None), SOR: left}, TODAY, somebody_must=True) == {NORD}


def test_of_those_to_come_the_first_is_nearest_also_when_it_has_a_last_day() -> None:
    assert nearest({NORD: (on(9), on(10)), SOR: (on(30), None)}, TODAY) == {NORD}
    assert nearest({}, TODAY) == set()


def test_the_last_day_is_included() -> None:
    assert covers((on(-1), on(0)), TODAY)
    assert not covers((on(-1), on(0)), on(1))
