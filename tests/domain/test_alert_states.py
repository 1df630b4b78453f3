"""The one table of alert states, every pair of it."""

import pytest

from fieldapp.domain.alert_states import KINDS, STATES, TRANSITIONS, UNRESOLVED, Event, IllegalTransition, State, after
from sync.entry_types import types_that

PAIRS = [(state, event) for state in (None, *STATES) for event in Event]


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_every_pair_leads_to_a_state_or_is_refused(state, event):
    if (state, event) in TRANSITIONS:
        assert after(state, event) in STATES
    else:
        with pytest.raises(IllegalTransition):
            after(state, event)


def test_the_table_is_read_with_the_plain_words_of_the_database():
    assert after("open", "acknowledged") == "acknowledged"


def test_an_alert_begins_open_or_waiting_for_the_team_to_open():
    assert after(None, "opened") == State.open
    assert after(after(None, "opened_waiting"), "team_opened") == State.open


@pytest.mark.parametrize("state", sorted(UNRESOLVED))
def test_every_unresolved_alert_can_be_taken_put_off_and_resolved(state):
    assert after(state, "acknowledged") == State.acknowledged
    assert after(state, "snoozed") == State.snoozed
    assert after(state, "resolved") == State.resolved


@pytest.mark.parametrize("state", [State.acknowledged, State.snoozed])
def test_when_a_hold_runs_out_the_alert_is_open_again(state):
    assert after(state, "hold_ran_out") == State.open


def test_handing_an_alert_over_lets_it_climb_until_it_is_taken():
    assert after(State.acknowledged, "handed_over") == State.open


def test_a_resolved_alert_reopens_only_by_a_retraction():
    assert {event for event in Event if (State.resolved, event) in TRANSITIONS} == {Event.reopened}


def test_a_refused_transition_tells_what_was_tried():
    with pytest.raises(IllegalTransition, match="team_opened cannot happen to an alert that is resolved"):
        after("resolved", "team_opened")


def test_only_lines_on_the_overview_never_climb_and_never_ring():
    assert {name for name, kind in KINDS.items() if not kind.climbs} == {"absence_overdue", "case_deadline"}
    assert all((kind.title is not None) == kind.climbs for kind in KINDS.values())


def test_a_crisis_and_a_colleague_in_need_never_wait_for_opening_hours():
    assert not any(KINDS[kind].waits for kind in ("concern", "crisis", "staff_help", "staff_overdue"))
    assert KINDS["not_seen"].waits


def test_a_crisis_ends_when_it_is_closed_and_not_by_hand():
    assert types_that(lambda row: row.case == "crisis" and row.stops_clock) == {"crisis_closed"}
    assert not KINDS["crisis"].by_hand
    assert KINDS["concern"].by_hand
