"""Duties that repeat, by Norwegian wall time."""

from datetime import date, time

from fieldapp.domain.duty import DutySpan
from fieldapp.domain.duty_pattern import Pattern, overlapping, rotation, spans
from fieldapp.domain.norway import OSLO, holiday_name, public_holidays
from tests.domain.test_duty import ALICE, BOB, at

EVERY_DAY = frozenset(range(7))


def oslo(found):
    return [f"{part.astimezone(OSLO):%d.%m %H:%M}" for span in found for part in span]


def test_a_night_ends_the_next_day():
    pattern = Pattern(frozenset({4}), time(22, 30), time(7, 30), date(2026, 11, 23), date(2026, 11, 30))
    assert oslo(spans(pattern)) == ["27.11 22:30", "28.11 07:30"]


def test_times_are_those_of_the_wall_on_both_sides_of_the_change_of_clocks():
    pattern = Pattern(frozenset({6}), time(8), time(16), date(2026, 10, 18), date(2026, 10, 25))
    assert [f"{begins:%H:%M}" for begins, _ in spans(pattern)] == ["06:00", "07:00"]


def test_an_hour_that_does_not_exist_gives_no_duty():
    pattern = Pattern(EVERY_DAY, time(2), time(3), date(2026, 3, 28), date(2026, 3, 30))
    assert [f"{begins:%d}" for begins, _ in spans(pattern)] == ["28", "30"]


def test_every_second_week_counts_from_the_week_of_the_first_day():
    pattern = Pattern(frozenset({0, 3}), time(8), time(16), date(2026, 11, 26), date(2026, 12, 10), every_weeks=2)
    assert [f"{begins:%d.%m}" for begins, _ in spans(pattern)] == ["26.11", "07.12", "10.12"]


def test_days_left_out_have_no_duty():
    pattern = Pattern(EVERY_DAY, time(8), time(16), date(2026, 4, 1), date(2026, 4, 8))
    left = [f"{begins:%d}" for begins, _ in spans(pattern, public_holidays(2026))]
    assert left == ["01", "04", "07", "08"]


def test_at_most_26_weeks_at_a_time():
    assert not Pattern(EVERY_DAY, time(8), time(16), date(2026, 1, 1), date(2026, 7, 2)).is_too_long()
    assert Pattern(EVERY_DAY, time(8), time(16), date(2026, 1, 1), date(2026, 7, 3)).is_too_long()


def test_only_the_same_task_in_the_same_time_is_covered_already():
    standing = [("Alice", DutySpan(ALICE, "duty", at(0), at(5))), ("Bob", DutySpan(BOB, "backup", at(0), at(9)))]
    assert overlapping((at(4), at(8)), "duty", standing) == ("Alice",)
    assert overlapping((at(5), at(8)), "duty", standing) == ()
    assert overlapping((at(5), at(8)), "backup", standing) == ("Bob",)


def test_holidays_have_their_names_and_ordinary_sundays_none():
    assert holiday_name(date(2026, 5, 17)) == "Grunnlovsdag"
    assert holiday_name(date(2026, 11, 22)) is None
    assert date(2026, 1, 1) in public_holidays(2026)


def test_people_take_turns_by_duty_and_a_day_left_out_costs_nobody_theirs():
    pattern = Pattern(frozenset(range(5)), time(8), time(16), date(2026, 12, 21), date(2026, 12, 31))
    whose = rotation(list(spans(pattern, public_holidays(2026))), "abc", "day")
    assert [f"{who}{begins:%d}" for who, (begins, _) in whose] == [
        *("a21", "b22", "c23", "a24", "b28", "c29", "a30", "b31"),
    ]


def test_people_take_turns_by_week_from_monday():
    pattern = Pattern(frozenset({0, 3, 6}), time(8), time(16), date(2026, 11, 26), date(2026, 12, 10))
    whose = rotation(list(spans(pattern)), "ab", "week")
    assert [f"{who}{begins:%d}" for who, (begins, _) in whose] == ["a26", "a29", "b30", "b03", "b06", "a07", "a10"]
