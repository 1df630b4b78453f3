"""When a team is open: weekdays, nights, holidays, own closed days and the two odd hours of the year."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.norway import OSLO
from fieldapp.domain.opening import (
    WEEKDAYS,
    closes_at,
    hours_of,
    is_open,
    morning_of,
    next_morning,
    open_spans,
    opens_at,
    opens_on,
)

OFFICE = {day: [["08:00", "15:30"]] for day in WEEKDAYS[:5]}
NIGHTS = {day: [["22:30", "07:30"]] for day in WEEKDAYS}
ALWAYS = {day: [["00:00", "24:00"]] for day in WEEKDAYS}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=OSLO).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-27 07:59", False),
        ("2026-11-27 08:00", True),
        ("2026-11-27 15:29", True),
        ("2026-11-27 15:30", False),
        ("2026-11-28 12:00", False),
    ],
)
def test_an_office_team_is_open_on_weekdays_and_closed_at_closing_time(moment, opened):
    assert is_open(hours_of(OFFICE, []), at(moment)) is opened


def test_from_friday_to_monday_is_one_closing():
    office = hours_of(OFFICE, [])
    assert closes_at(office, at("2026-11-27 14:30")) == at("2026-11-27 15:30")
    assert opens_at(office, at("2026-11-27 15:30")) == at("2026-11-30 08:00")
    assert opens_at(office, at("2026-11-27 14:30")) is None


@pytest.mark.parametrize("day", ["2026-05-17", "2026-12-25", "2026-05-01"])
def test_a_public_holiday_has_the_hours_of_a_sunday(day):
    noon = at(f"{day} 12:00")
    assert not is_open(hours_of(OFFICE, []), noon)
    assert is_open(hours_of(ALWAYS, []), noon)
    assert is_open(hours_of(OFFICE | {"sun": [["11:00", "13:00"]]}, []), noon)


def test_own_closed_days_are_closed_and_easter_is_passed_over():
    office = hours_of(OFFICE, ["2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31"])
    assert opens_at(office, at("2026-12-27 12:00")) == at("2027-01-04 08:00")
    assert opens_at(hours_of(OFFICE, []), at("2026-04-01 16:00")) == at("2026-04-07 08:00")


def test_a_night_runs_into_the_next_day():
    nights = hours_of(NIGHTS, [])
    assert is_open(nights, at("2026-11-28 03:00"))
    assert closes_at(nights, at("2026-11-28 03:00")) == at("2026-11-28 07:30")
    assert opens_at(nights, at("2026-11-28 12:00")) == at("2026-11-28 22:30")


def test_a_team_open_round_the_clock_never_closes_and_one_that_never_opens_is_no_reason_to_wait():
    assert opens_at(hours_of(ALWAYS, []), at("2026-11-28 03:00")) is None
    assert opens_at(hours_of({}, []), at("2026-11-28 03:00")) is None


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 8), ("2026-10-25", 10)])
def test_a_night_over_the_change_of_clocks_is_an_hour_shorter_or_longer(day, hours):
    before = date.fromisoformat(day) - timedelta(days=1)
    (night,) = list(open_spans(hours_of(NIGHTS, []), at(f"{before} 22:30"), at(f"{day} 07:30")))
    assert night[1] - night[0] == timedelta(hours=hours)


clock_times = st.integers(0, 23).map(lambda hour: f"{hour:02}:{hour * 7 % 60:02}")
weeks = st.dictionaries(
    st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    st.lists(st.tuples(clock_times, clock_times).filter(lambda span: span[0] != span[1]), max_size=3),
)


moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@given(weeks, moments)
def test_a_team_is_either_open_until_it_closes_or_closed_until_it_opens(week, now):
    hours = hours_of(week, [])
    closes, opens = closes_at(hours, now), opens_at(hours, now)
    assert closes is None or opens is None
    if opens is not None:
        assert opens > now
        assert is_open(hours, opens)
        assert not is_open(hours, opens - timedelta(microseconds=1))
    if closes is not None:
        assert closes > now
        assert is_open(hours, closes - timedelta(microseconds=1))


@given(weeks, moments, st.integers(1, 400))
def test_spans_are_in_order_apart_and_within_reach(week, begins, length):
    spans = list(open_spans(hours_of(week, []), begins, begins + timedelta(hours=length)))
    assert all(one[0] < one[1] for one in spans)
    assert all(one[1] < following[0] for one, following in pairwise(spans))
    assert all(one[1] > begins and one[0] < begins + timedelta(hours=length) for one in spans)


@pytest.mark.parametrize("day", ["2026-11-24", "2027-03-28", "2026-10-25", "2027-07-01"])
def test_a_morning_is_from_half_past_seven_to_noon_of_the_wall_whatever_the_season(day):
    assert morning_of(at(f"{day} 07:29")) is None
    for time in ("07:30", "11:59"):
        assert morning_of(at(f"{day} {time}")).begins == at(f"{day} 07:30")
    assert morning_of(at(f"{day} 12:00")) is None


def test_the_next_morning_lies_ahead_also_across_a_change_of_clocks():
    assert next_morning(at("2027-03-27 07:30")) == at("2027-03-28 07:30")
    assert next_morning(at("2026-10-24 07:29")) == at("2026-10-24 07:30")
    assert next_morning(at("2026-10-24 23:59")) == at("2026-10-25 07:30")


def test_a_team_that_has_not_said_when_it_opens_opens_on_working_days():
    days = [date(2026, 12, 23) + timedelta(days=n) for n in range(6)]
    assert [opens_on(None, day) for day in days] == [True, True, False, False, False, True]
    assert [opens_on(hours_of(ALWAYS, ["2026-12-23"]), day) for day in days] == [False, *[True] * 5]
    assert [opens_on(hours_of(OFFICE, []), day) for day in days] == [True, True, False, False, False, True]
