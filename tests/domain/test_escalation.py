"""Who is told in which step, and when the next begins."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain import escalation
from fieldapp.domain.escalation import Person, recipients

ALICE, BOB, BERIT, ROLF, LARS, ADA, PER, PARTNER = (UUID(int=number) for number in range(1, 9))
OPENED = datetime(2026, 11, 21, 9, 10, tzinfo=UTC)

LEADER = Person(ALICE, "leader")
PRIMARY = Person(BOB, "fieldworker", is_primary=True, on_duty=True)
COLLEAGUE = Person(BERIT, "fieldworker", on_duty=True)
BACKUP = Person(PER, "fieldworker", on_backup=True)
TEAM = [LEADER, PRIMARY, COLLEAGUE, BACKUP]


@pytest.mark.parametrize("kind", ["not_seen", "concern"])
def test_an_alert_climbs_from_the_primary_contact_to_all_on_duty_to_the_leader_to_the_backup(kind):
    assert [recipients(kind, step, TEAM) for step in range(4)] == [[BOB], [BOB, BERIT], [ALICE], [PER]]


def test_without_the_primary_contact_on_duty_everyone_on_duty_is_told_at_once():
    off_duty = Person(BOB, "fieldworker", is_primary=True)
    assert recipients("not_seen", 0, [off_duty, COLLEAGUE, LEADER]) == [BERIT]


def test_a_crisis_reaches_everyone_on_duty_and_the_leader_at_once_then_the_backup():
    assert recipients("crisis", 0, TEAM) == [ALICE, BOB, BERIT]
    assert recipients("crisis", 1, TEAM) == []
    assert recipients("crisis", 3, TEAM) == [PER]


def test_the_leader_is_told_whether_on_duty_or_not_and_only_once():
    on_duty = Person(ALICE, "leader", on_duty=True)
    assert recipients("crisis", 0, [on_duty]) == [ALICE]
    assert recipients("not_seen", 2, [on_duty]) == [ALICE]


def test_fieldworkers_off_duty_are_left_alone():
    resting = Person(BERIT, "fieldworker")
    assert not any(recipients("not_seen", step, [resting]) for step in range(4))


@pytest.mark.parametrize("role", ["landlord", "partner", "privacy", "admin", "peer"])
@pytest.mark.parametrize("kind", ["not_seen", "concern", "crisis"])
def test_those_outside_are_never_told_whatever_list_they_are_on(role, kind):
    outsider = Person(PARTNER, role, is_primary=True, on_duty=True, on_backup=True)
    assert not any(recipients(kind, step, [outsider]) for step in range(4))


def test_a_peer_who_is_a_full_member_and_put_on_duty_is_told_like_the_others():
    assert recipients("not_seen", 0, [Person(ROLF, "peer", on_duty=True, full_member=True)]) == [ROLF]
    assert recipients("not_seen", 0, [Person(ROLF, "peer", full_member=True)]) == []


def test_lines_on_the_overview_are_told_to_nobody():
    assert recipients("case_deadline", 0, TEAM) == []


def test_steps_follow_each_other_until_a_new_round():
    assert [escalation.next_step("not_seen", step) for step in range(4)] == [1, 2, 3, None]
    assert [escalation.next_step("crisis", step) for step in (0, 3)] == [3, None]


def test_steps_begin_by_the_minutes_since_the_alert_became_open():
    starts = [escalation.step_at(OPENED, step) for step in range(4)]
    assert starts == [OPENED + timedelta(minutes=minutes) for minutes in (0, 15, 30, 45)]


def test_a_team_may_choose_its_own_times_with_parts_of_minutes():
    assert escalation.step_at(OPENED, 1, (0, 0.5, 1, 2)) == OPENED + timedelta(seconds=30)
    assert escalation.step_at(OPENED, 3, (0, 10)) == OPENED + timedelta(minutes=10)


def test_each_kind_begins_anew_in_its_own_time():
    rounds = {kind: ladder.round_minutes for kind, ladder in escalation.LADDERS.items()}
    assert rounds == {"not_seen": 30, "concern": 30, "crisis": 30, "staff_help": 2, "staff_overdue": 5, "drill": 15}


def test_a_drill_ends_after_its_last_step_and_nothing_else_does():
    assert [kind for kind in escalation.LADDERS if escalation.ends_after(kind, 3)] == ["drill"]
    assert not escalation.ends_after("drill", 2)


def test_help_and_a_missed_end_of_a_visit_go_by_their_own_minutes_and_not_the_teams():
    assert escalation.minutes_of("not_seen", (0, 1, 2, 3)) == (0, 1, 2, 3)
    assert escalation.minutes_of("staff_overdue", (0, 60, 120, 180))[:2] == (0, 5)


def told(kind, step, *people, closed=False):
    return {person.staff_id for person in people} & set(escalation.recipients(kind, step, people, closed=closed))


def test_who_is_overdue_is_asked_first_and_alone_and_then_all_others_on_duty_and_the_leader():
    subject = Person(uuid4(), "peer", on_duty=True, is_subject=True)
    on_duty, leader = Person(uuid4(), "fieldworker", on_duty=True), Person(uuid4(), "leader")
    people = (subject, on_duty, leader)
    assert told("staff_overdue", 0, *people) == {subject.staff_id}
    assert told("staff_overdue", 1, *people) == {on_duty.staff_id, leader.staff_id}
    assert told("staff_help", 0, *people) == {on_duty.staff_id, leader.staff_id}


@pytest.mark.parametrize("kind", ["concern", "crisis"])
def test_a_closed_team_rings_its_vakttelefon_else_the_team_handed_to_else_leader_and_bakvakt(kind):
    phone, elsewhere = Person(uuid4(), "fieldworker", on_duty=True), Person(uuid4(), "fieldworker", handed_to=True)
    leader, backup = Person(uuid4(), "leader"), Person(uuid4(), "fieldworker", on_backup=True)
    leaders = set() if kind == "concern" else {leader.staff_id}
    assert told(kind, 0, phone, elsewhere, leader, backup, closed=True) == {phone.staff_id} | leaders
    assert told(kind, 0, elsewhere, leader, backup, closed=True) == {elsewhere.staff_id} | leaders
    assert told(kind, 0, leader, backup, closed=True) == {leader.staff_id, backup.staff_id}
    assert told(kind, 0, closed=True) == set()


def test_the_team_handed_to_is_rung_for_a_clock_only_once_it_has_taken_it():
    elsewhere = Person(uuid4(), "leader", handed_to=True)
    assert [told("not_seen", step, elsewhere, closed=True) for step in range(4)] == [set()] * 4


def test_taking_an_alert_holds_it_for_an_hour():
    assert escalation.hold_until(OPENED, None) == OPENED + timedelta(minutes=60)
    assert escalation.hold_until(OPENED, OPENED + timedelta(hours=5)) == OPENED + timedelta(minutes=60)


def test_a_hold_ends_with_the_duty_it_was_made_on():
    assert escalation.hold_until(OPENED, OPENED + timedelta(minutes=10)) == OPENED + timedelta(minutes=10)


def test_a_duty_that_was_over_before_does_not_shorten_the_hold():
    assert escalation.hold_until(OPENED, OPENED - timedelta(minutes=1)) == OPENED + timedelta(minutes=60)


def test_failed_sends_are_tried_again_quickly_and_then_more_slowly():
    waits = [escalation.retry_after(attempt, None, jitter=0.5) for attempt in range(1, 9)]
    assert waits == [5, 15, 45, 120, 300, 600, 600, 600]


def test_the_push_service_may_ask_for_more_time_but_not_for_less():
    assert escalation.retry_after(1, 90, 0.5) == 90
    assert escalation.retry_after(6, 90, 0.5) == 600
    assert escalation.retry_after(1, 1e9, 0.5) == escalation.GIVE_UP_AFTER.total_seconds()


@given(attempt=st.integers(0, 1000), jitter=st.floats(0, 1))
def test_jitter_moves_a_retry_by_at_most_a_tenth(attempt, jitter):
    middle = escalation.retry_after(attempt, None, 0.5)
    assert abs(escalation.retry_after(attempt, None, jitter) - middle) <= middle / 10 + 1e-9


@given(jitter=st.floats(0, 1))
def test_a_send_that_keeps_failing_is_tried_for_at_least_four_hours(jitter):
    now, attempt = OPENED, 1
    while not escalation.gives_up(
        OPENED, later := now + timedelta(seconds=escalation.retry_after(attempt, None, jitter))
    ):
        now, attempt = later, attempt + 1
    assert now - OPENED >= timedelta(hours=4)
