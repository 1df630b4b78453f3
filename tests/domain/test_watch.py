"""When a client's clock runs out."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.norway import OSLO
from fieldapp.domain.watch import (
    AbsenceSpan,
    Agreement,
    HandCheck,
    due,
    expected_end,
    limit_next_check,
    limit_snooze,
)


def oslo(text):
    return datetime.fromisoformat(text).replace(tzinfo=OSLO).astimezone(UTC)


def hours(count):
    return timedelta(hours=count)


DAY = hours(24)
REGISTERED = oslo("2026-11-20 08:00")
SEEN = oslo("2026-11-21 09:10")
NOW = oslo("2026-11-21 12:00")
DAILY = Agreement("interval", 1440, frozenset({"seen"}), None, (), False, REGISTERED)
PER_SHIFT = replace(DAILY, mode="each_shift")
WITH_NIGHTS = replace(PER_SHIFT, shifts=("day", "evening", "night"))


def clock(agreement=DAILY, seen=None, absences=(), check=None, ended=False, dead=False, now=NOW, **more):
    return due(agreement, agreement.since, seen, absences, check, ended, dead, now, **more)


def away(kind="admitted", started=SEEN, ends=None, number=1):
    return AbsenceSpan(UUID(int=number), kind, started, ends)


# The interval


def test_a_new_client_must_be_seen_within_a_day_of_the_registration():
    found = clock()
    assert (found.due_at, found.base_is_contact) == (REGISTERED + DAY, False)


def test_a_client_must_be_seen_within_a_day_of_the_last_contact():
    found = clock(seen=SEEN)
    assert (found.due_at, found.base_at, found.base_is_contact) == (SEEN + DAY, SEEN, True)


def test_a_contact_before_the_registration_counts_for_nothing():
    found = clock(seen=REGISTERED - hours(3))
    assert (found.due_at, found.base_is_contact) == (REGISTERED + DAY, False)


def test_a_retracted_contact_moves_the_clock_back_to_the_one_before():
    assert clock(seen=SEEN).due_at > clock(seen=SEEN - hours(5)).due_at > clock(seen=None).due_at


def test_a_clock_turned_on_again_starts_then_and_not_at_the_registration():
    turned_on = oslo("2026-11-21 10:00")
    agreement = replace(DAILY, since=turned_on)
    found = due(agreement, REGISTERED, SEEN, [], None, False, False, NOW)
    assert (found.due_at, found.base_is_contact) == (turned_on + DAY, False)


@pytest.mark.parametrize(
    ("seen", "wall_clock_then"),
    [("2026-03-28 12:00", "2026-03-29 13:00"), ("2026-10-24 12:00", "2026-10-25 11:00")],
)
def test_twenty_four_hours_are_86400_seconds_also_when_the_clocks_change(seen, wall_clock_then):
    agreement = replace(DAILY, since=oslo("2026-01-01 08:00"))
    found = clock(agreement, seen=oslo(seen))
    assert (found.due_at - oslo(seen)).total_seconds() == 86_400
    assert found.due_at == oslo(wall_clock_then)


# Standing still


def test_a_clock_that_is_off_or_whose_follow_up_has_ended_stands_still():
    assert clock(replace(DAILY, mode="off"), seen=SEEN).due_at is None
    found = clock(seen=SEEN, ended=True)
    assert (found.due_at, found.paused_by) == (None, None)


def test_a_death_stops_every_clock():
    found = clock(seen=SEEN, dead=True)
    assert (found.due_at, found.paused_by) == (None, "deceased")


@pytest.mark.parametrize("kind", ["admitted", "treatment", "detox", "prison", "travel"])
def test_an_absence_without_an_end_stops_the_clock(kind):
    absence = away(kind)
    found = clock(seen=SEEN, absences=[absence])
    assert (found.due_at, found.paused_by) == (None, absence.id)


def test_of_two_absences_without_an_end_the_first_begun_is_named():
    later, first = away(started=SEEN + hours(2), number=1), away(started=SEEN, number=2)
    assert clock(absences=[later, first]).paused_by == first.id


def test_who_is_somewhere_unknown_is_missing_and_the_clock_runs_on():
    found = clock(seen=SEEN, absences=[away("unknown")])
    assert (found.due_at, found.paused_by) == (SEEN + DAY, None)


def test_being_with_others_stops_the_clock_only_by_agreement():
    absence = away("with_others")
    assert clock(seen=SEEN, absences=[absence]).due_at == SEEN + DAY
    assert clock(replace(DAILY, pause_with_others=True), seen=SEEN, absences=[absence]).due_at is None


def test_at_the_expected_end_the_clock_starts_by_itself():
    back = oslo("2026-11-25 12:00")
    absence = away(ends=back)
    during = clock(seen=SEEN, absences=[absence], now=back - hours(1))
    after = clock(seen=SEEN, absences=[absence], now=back)
    assert (during.due_at, during.paused_by, during.base_is_contact) == (back + DAY, absence.id, False)
    assert (after.due_at, after.paused_by) == (back + DAY, None)


def test_seen_again_after_the_absence_the_clock_runs_from_that():
    back, seen = oslo("2026-11-21 12:00"), oslo("2026-11-21 18:00")
    found = clock(seen=seen, absences=[away(ends=back)])
    assert (found.due_at, found.base_is_contact) == (seen + DAY, True)


def test_the_absence_that_lasts_longest_is_the_one_shown():
    short = away(ends=NOW + hours(2), number=2)
    long = away(ends=NOW + hours(30), number=1)
    found = clock(absences=[long, short])
    assert (found.due_at, found.paused_by) == (NOW + hours(54), long.id)


def test_an_expected_end_with_only_a_date_means_noon_in_oslo():
    assert expected_end(date(2026, 11, 25), None) == oslo("2026-11-25 12:00")
    assert expected_end(date(2026, 7, 25), None) == datetime(2026, 7, 25, 10, tzinfo=UTC)
    assert expected_end(date(2026, 11, 25), NOW) == NOW
    assert expected_end(None, None) is None


# Each shift


@pytest.mark.parametrize(
    ("seen", "must_be_seen_by"),
    [
        ("2026-11-21 09:10", "2026-11-21 22:30"),  # seen in the day shift: the evening is next
        ("2026-11-21 07:30", "2026-11-21 22:30"),  # the first minute of a shift is in it
        ("2026-11-21 15:00", "2026-11-22 15:00"),  # the last is not: that is the evening's
        ("2026-11-21 22:00", "2026-11-22 15:00"),
        ("2026-11-21 23:30", "2026-11-22 15:00"),  # seen at night, when nobody has agreed to look
        ("2026-11-22 06:00", "2026-11-22 15:00"),
    ],
)
def test_each_shift_without_named_shifts_means_day_and_evening(seen, must_be_seen_by):
    assert clock(PER_SHIFT, seen=oslo(seen)).due_at == oslo(must_be_seen_by)


@pytest.mark.parametrize(
    ("seen", "must_be_seen_by"),
    [
        ("2026-11-21 18:00", "2026-11-22 07:30"),
        ("2026-11-21 22:30", "2026-11-22 15:00"),
        ("2026-11-22 03:00", "2026-11-22 15:00"),
        ("2026-11-22 07:30", "2026-11-22 22:30"),
    ],
)
def test_a_night_shift_crosses_midnight(seen, must_be_seen_by):
    assert clock(WITH_NIGHTS, seen=oslo(seen)).due_at == oslo(must_be_seen_by)


def test_only_nights_agreed_leaves_a_whole_day_between():
    nights = replace(PER_SHIFT, shifts=("night",))
    assert clock(nights, seen=oslo("2026-11-21 23:00")).due_at == oslo("2026-11-23 07:30")


@pytest.mark.parametrize(
    ("registered", "must_be_seen_by"),
    [
        ("2026-11-20 08:00", "2026-11-20 15:00"),
        ("2026-11-20 15:00", "2026-11-20 22:30"),
        ("2026-11-20 23:00", "2026-11-21 15:00"),
    ],
)
def test_a_new_client_must_be_seen_in_the_shift_that_is_on(registered, must_be_seen_by):
    assert clock(replace(PER_SHIFT, since=oslo(registered))).due_at == oslo(must_be_seen_by)


def test_home_from_an_absence_the_shift_that_is_on_must_see_the_person():
    found = clock(PER_SHIFT, seen=oslo("2026-11-20 09:00"), absences=[away(ends=oslo("2026-11-21 12:00"))])
    assert found.due_at == oslo("2026-11-21 15:00")


def test_who_was_already_seen_in_the_shift_the_absence_ended_in_is_next_seen_in_the_one_after():
    found = clock(PER_SHIFT, seen=oslo("2026-11-21 08:00"), absences=[away(ends=oslo("2026-11-21 12:00"))])
    assert (found.due_at, found.base_is_contact) == (oslo("2026-11-21 22:30"), False)


def test_a_team_may_have_its_own_shift_times():
    early = {"day": (time(6), time(14)), "evening": (time(14), time(22)), "night": (time(22), time(6))}
    assert clock(PER_SHIFT, seen=oslo("2026-11-21 14:30"), shift_times=early).due_at == oslo("2026-11-22 14:00")


def test_a_shift_the_team_has_not_timed_keeps_the_usual_times():
    only_day = {"day": (time(6), time(14))}
    assert clock(PER_SHIFT, seen=oslo("2026-11-21 07:00"), shift_times=only_day).due_at == oslo("2026-11-21 22:30")


@pytest.mark.parametrize(
    ("evening", "night_ends", "length"),
    [
        ("2026-03-28 18:00", datetime(2026, 3, 29, 5, 30, tzinfo=UTC), hours(8)),
        ("2026-10-24 18:00", datetime(2026, 10, 25, 6, 30, tzinfo=UTC), hours(10)),
    ],
)
def test_the_night_the_clocks_change_is_an_hour_shorter_or_longer(evening, night_ends, length):
    agreement = replace(WITH_NIGHTS, since=oslo("2026-01-01 08:00"))
    found = clock(agreement, seen=oslo(evening))
    night_begins = oslo(evening) + hours(4.5)
    assert (found.due_at, found.due_at - night_begins) == (night_ends, length)


def test_seen_in_the_hour_that_comes_twice_the_night_is_satisfied_both_times():
    agreement = replace(WITH_NIGHTS, since=oslo("2026-01-01 08:00"))
    for seen in (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)):
        assert clock(agreement, seen=seen).due_at == oslo("2026-10-25 15:00")


# Resolved by hand


RAN_OUT = SEEN + DAY
CHECK = HandCheck(at=RAN_OUT + hours(6), next_check_at=oslo("2026-11-23 09:00"))


def test_an_alert_ended_by_hand_leaves_its_next_check_as_the_new_due_time():
    found = clock(seen=SEEN, check=CHECK)
    assert (found.due_at, found.base_at) == (CHECK.next_check_at, SEEN)


def test_a_contact_after_the_hand_check_makes_it_history():
    seen = CHECK.at + hours(1)
    assert clock(seen=seen, check=CHECK).due_at == seen + DAY


def test_a_late_contact_that_shows_the_clock_had_not_run_out_makes_it_history_too():
    seen = SEEN + hours(10)
    assert clock(seen=seen, check=CHECK).due_at == seen + DAY


def test_a_late_contact_after_which_the_clock_had_run_out_all_the_same_leaves_it():
    assert clock(seen=SEEN + hours(2), check=CHECK).due_at == CHECK.next_check_at


def test_an_absence_after_the_hand_check_pauses_the_clock_all_the_same():
    assert clock(seen=SEEN, check=CHECK, absences=[away()]).due_at is None


def test_the_next_check_is_one_interval_on_unless_somebody_says_otherwise():
    assert limit_next_check(None, NOW, 480) == NOW + hours(8)
    assert limit_next_check(NOW + hours(17), NOW, 480) == NOW + hours(17)


def test_the_next_check_is_never_more_than_a_day_ahead_and_never_in_the_past():
    assert limit_next_check(NOW + hours(25), NOW, 1440) == NOW + DAY
    assert limit_next_check(None, NOW, 4320) == NOW + DAY
    assert limit_next_check(NOW - hours(1), NOW, 1440) == NOW


def test_a_snooze_lasts_four_hours_at_most_and_the_leaders_a_day():
    assert limit_snooze(NOW + hours(2), NOW, is_leader=False) == NOW + hours(2)
    assert limit_snooze(NOW + hours(9), NOW, is_leader=False) == NOW + hours(4)
    assert limit_snooze(NOW + hours(9), NOW, is_leader=True) == NOW + hours(9)
    assert limit_snooze(NOW + hours(90), NOW, is_leader=True) == NOW + DAY
    assert limit_snooze(NOW - hours(1), NOW, is_leader=True) == NOW


# For any history


START = datetime(2026, 1, 1, 7, tzinfo=UTC)
MOMENTS = st.integers(1, 2 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
SHIFTS = st.lists(st.sampled_from(["day", "evening", "night"]), unique=True).map(tuple)
AGREEMENTS = st.builds(
    Agreement,
    mode=st.sampled_from(["interval", "each_shift"]),
    interval_minutes=st.integers(1, 10_080),
    counts=st.just(frozenset({"seen"})),
    sources=st.none(),
    shifts=SHIFTS,
    pause_with_others=st.booleans(),
    since=st.just(START),
)
ABSENCES = st.builds(
    AbsenceSpan,
    id=st.uuids(),
    kind=st.sampled_from(["admitted", "prison", "travel", "with_others", "unknown"]),
    started_at=MOMENTS,
    ends_at=st.none() | MOMENTS,
)


@given(agreement=AGREEMENTS, one=MOMENTS, other=MOMENTS, absences=st.lists(ABSENCES, max_size=3))
def test_a_later_contact_never_makes_the_clock_run_out_sooner(agreement, one, other, absences):
    earlier, later = sorted([one, other])
    before, after = (clock(agreement, seen=seen, absences=absences, now=later) for seen in (earlier, later))
    assert (before.due_at is None) == (after.due_at is None)
    assert before.due_at is None or before.due_at <= after.due_at


@given(agreement=AGREEMENTS, seen=st.none() | MOMENTS, now=MOMENTS, absences=st.lists(ABSENCES, max_size=3))
def test_the_order_things_are_told_in_changes_nothing(agreement, seen, now, absences):
    answers = {clock(agreement, seen=seen, absences=order, now=now) for order in permutations(absences)}
    assert len(answers) == 1


@given(
    agreement=AGREEMENTS, seen=st.none() | MOMENTS, one=MOMENTS, other=MOMENTS, absences=st.lists(ABSENCES, max_size=3)
)
def test_the_due_time_does_not_depend_on_when_it_is_worked_out(agreement, seen, one, other, absences):
    answers = [clock(agreement, seen=seen, absences=absences, now=now) for now in (one, other)]
    assert answers[0].due_at == answers[1].due_at


@given(agreement=AGREEMENTS, seen=st.none() | MOMENTS, now=MOMENTS, absences=st.lists(ABSENCES, max_size=3))
def test_a_clock_that_is_on_and_not_paused_always_runs_out_after_what_it_counts_from(agreement, seen, now, absences):
    found = clock(agreement, seen=seen, absences=absences, now=now)
    if found.due_at is None:
        assert found.paused_by is not None
    else:
        assert found.due_at > found.base_at


@given(agreement=AGREEMENTS, seen=MOMENTS, at=MOMENTS, ahead=st.integers(0, 1440))
def test_a_hand_check_never_leaves_a_due_time_that_was_over_when_it_was_made(agreement, seen, at, ahead):
    check = HandCheck(at, at + timedelta(minutes=ahead))
    assert clock(agreement, seen=seen, check=check, now=at).due_at >= at


TIGHTENED = replace(DAILY, tighten_days=7)
HOME = oslo("2026-11-21 10:00")


@pytest.mark.parametrize("kind", ["admitted", "treatment", "detox", "prison"])
def test_after_discharge_detox_and_release_the_interval_is_halved_for_the_agreed_days(kind):
    absences = [away(kind, started=REGISTERED, ends=HOME)]
    assert clock(TIGHTENED, absences=absences).due_at == HOME + hours(12)
    week_on = HOME + timedelta(days=7)
    assert clock(TIGHTENED, seen=week_on - hours(1), absences=absences).due_at == week_on + hours(11)
    assert clock(TIGHTENED, seen=week_on, absences=absences).due_at == week_on + DAY


def test_nothing_is_tightened_that_was_not_agreed_or_after_a_journey():
    assert clock(absences=[away(started=REGISTERED, ends=HOME)]).due_at == HOME + DAY
    assert clock(TIGHTENED, absences=[away("travel", started=REGISTERED, ends=HOME)]).due_at == HOME + DAY
