"""Times as people say them."""

import datetime as dt

import pytest

from fieldapp import texts

NOVEMBER = dt.datetime(2026, 11, 24, 8, 10, tzinfo=dt.UTC)


def test_a_moment_is_told_on_the_norwegian_wall_clock() -> None:
    assert texts.moment(NOVEMBER) == "24. nov. kl. 09.10"
    assert texts.moment(dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)) == "2. juli kl. 00.30"
    assert texts.day(dt.date(2026, 5, 17)) == "17. mai"
    assert texts.clock_time(NOVEMBER) == "09.10"


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        ({"seconds": -5}, "under 1 min"),
        ({"seconds": 59}, "under 1 min"),
        ({"minutes": 12}, "12 min"),
        ({"minutes": 59, "seconds": 59}, "59 min"),
        ({"hours": 21, "minutes": 40}, "21 t"),
        ({"hours": 47}, "47 t"),
        ({"hours": 48}, "2 døgn"),
        ({"hours": 49}, "2 døgn og 1 t"),
    ],
)
def test_a_duration_is_said_in_the_words_people_use(passed: dict[str, float], said: str) -> None:
    assert texts.duration(dt.timedelta(**passed)) == said


def test_how_long_ago_somebody_was_seen() -> None:
    assert texts.seen_ago(NOVEMBER - dt.timedelta(hours=21), NOVEMBER) == "sett for 21 t siden"
    assert texts.seen_ago(NOVEMBER, NOVEMBER) == "sett nå nettopp"
    assert texts.seen_ago(None, NOVEMBER) == "ikke sett ennå"
