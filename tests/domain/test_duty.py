"""Who is on duty now, and until when."""

from collections import namedtuple
from datetime import UTC, datetime, timedelta
from uuid import UUID

from fieldapp.domain.duty import DutySpan, duty_ends, on_duty

Member = namedtuple("Member", "staff_id role")

ALICE, BOB, CHARLIE, ROLF, LARS, ADA = (UUID(int=number) for number in range(1, 7))
TEAM = [
    Member(ALICE, "leader"),
    Member(BOB, "fieldworker"),
    Member(ROLF, "peer"),
    Member(LARS, "landlord"),
    Member(ADA, "admin"),
]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def span(staff_id, from_hour, to_hour, duty="duty"):
    return DutySpan(staff_id, duty, NOON + timedelta(hours=from_hour), NOON + timedelta(hours=to_hour))


def test_a_team_that_never_set_a_duty_has_its_fieldworkers_and_leaders_on_duty_round_the_clock():
    assert on_duty([], TEAM, False, NOON) == ({ALICE, BOB}, set())


def test_once_a_duty_was_set_only_the_list_counts_even_when_it_is_empty_now():
    assert on_duty([], TEAM, True, NOON) == (set(), set())
    assert on_duty([span(BOB, -8, -4)], TEAM, True, NOON) == (set(), set())


def test_duty_and_backup_are_kept_apart():
    assert on_duty([span(BOB, -1, 1), span(ALICE, -1, 1, "backup")], TEAM, True, NOON) == ({BOB}, {ALICE})


def test_a_duty_begins_on_the_minute_and_is_over_on_the_minute():
    assert on_duty([span(BOB, 0, 1)], TEAM, True, NOON)[0] == {BOB}
    assert on_duty([span(BOB, -1, 0)], TEAM, True, NOON)[0] == set()


def test_a_peer_is_on_duty_only_when_the_list_says_so():
    assert on_duty([span(ROLF, -1, 1)], TEAM, True, NOON)[0] == {ROLF}


def test_who_has_left_the_team_is_not_on_duty_for_it():
    assert on_duty([span(CHARLIE, -1, 1)], TEAM, True, NOON) == (set(), set())


def test_a_duty_ends_when_the_last_of_the_spans_that_follow_on_each_other_ends():
    duties = [span(BOB, 3, 5), span(BOB, -2, 2), span(BOB, 2, 3), span(BOB, 9, 10), span(ALICE, -1, 12)]
    assert duty_ends(BOB, duties, NOON) == NOON + timedelta(hours=5)


def test_who_is_off_duty_or_on_backup_has_no_duty_to_end():
    assert duty_ends(BOB, [span(BOB, 1, 2), span(BOB, -1, 3, "backup")], NOON) is None
