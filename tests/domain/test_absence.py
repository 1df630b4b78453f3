"""Which absences stop the clock, and when to ask again."""

from datetime import UTC, datetime, timedelta

import pytest

from fieldapp.domain import absence

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["admitted", "treatment", "detox", "prison", "travel"])
def test_a_confirmed_absence_stops_the_clock(kind):
    assert absence.pauses(kind, with_others_agreed=False)


def test_being_with_others_stops_it_only_when_that_is_agreed():
    assert absence.pauses("with_others", with_others_agreed=True)
    assert not absence.pauses("with_others", with_others_agreed=False)


def test_a_missing_person_is_not_absent():
    assert not absence.pauses("unknown", with_others_agreed=True)


def test_an_absence_without_an_end_is_asked_about_a_week_after_it_was_last_asked():
    assert absence.overdue_at("admitted", MONDAY, None, ended=False) == MONDAY + timedelta(days=7)


def test_an_absence_with_an_end_is_asked_about_when_it_should_be_over():
    end = MONDAY + timedelta(days=30)
    assert absence.overdue_at("prison", MONDAY, end, ended=False) == end


def test_an_absence_whose_end_is_far_ahead_is_asked_about_every_month():
    mistyped = MONDAY.replace(year=2126)
    assert absence.overdue_at("admitted", MONDAY, mistyped, ended=False) == MONDAY + timedelta(days=30)


def test_nobody_asks_about_an_ended_absence_or_one_that_stops_nothing():
    assert absence.overdue_at("admitted", MONDAY, None, ended=True) is None
    assert absence.overdue_at("unknown", MONDAY, None, ended=False) is None
