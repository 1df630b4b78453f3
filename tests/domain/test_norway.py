"""Norwegian wall time, working days and months."""

from datetime import UTC, date, datetime, time

from fieldapp.domain import norway


def test_noon_in_oslo_is_eleven_in_winter_and_ten_in_summer():
    assert norway.at_wall_time(date(2026, 11, 21), time(12)) == datetime(2026, 11, 21, 11, tzinfo=UTC)
    assert norway.at_wall_time(date(2026, 7, 1), time(12)) == datetime(2026, 7, 1, 10, tzinfo=UTC)


def test_an_hour_that_does_not_exist_is_read_with_the_offset_before_the_change():
    assert norway.at_wall_time(date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_the_first_of_the_two():
    assert norway.at_wall_time(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_day_is_the_one_on_the_wall_in_oslo():
    assert norway.day_of(datetime(2026, 11, 21, 23, 30, tzinfo=UTC)) == date(2026, 11, 22)


def test_saturdays_sundays_and_public_holidays_are_not_working_days():
    assert norway.is_working_day(date(2026, 11, 20))
    assert not norway.is_working_day(date(2026, 11, 21))
    assert not norway.is_working_day(date(2026, 11, 22))
    assert not norway.is_working_day(date(2027, 5, 17))
    assert not norway.is_working_day(date(2026, 4, 2)), "skjærtorsdag"


def test_the_working_day_after_easter_is_tuesday():
    assert norway.next_working_day(date(2026, 4, 1)) == date(2026, 4, 7)
    assert norway.this_or_next_working_day(date(2026, 4, 1)) == date(2026, 4, 1)


def test_a_month_ends_on_the_same_date_or_on_the_last_day_there_is():
    assert norway.add_months(date(2026, 11, 3), 1) == date(2026, 12, 3)
    assert norway.add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert norway.add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert norway.add_months(date(2026, 12, 31), 1) == date(2027, 1, 31)
