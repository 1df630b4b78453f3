"""Legal dates and the next step of a case."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.tenancy import CaseFacts, Letter, Step, deadline, legal_dates, next_step
from sync.codes import LetterKind

TODAY = date(2026, 11, 5)
LETTER_KINDS = [str(kind) for kind in LetterKind]


def only(kind, dated_on, received_on=None):
    [found, *rest] = legal_dates([Letter(kind, dated_on, received_on)])
    return found, rest


def test_a_warning_sent_on_the_3rd_can_lead_to_eviction_from_the_17th():
    found, _ = only("eviction_notice", date(2026, 11, 3))
    assert (found.on, found.must_answer) == (date(2026, 11, 17), False)
    assert "4-18" in found.paragraph


def test_what_can_happen_from_a_day_counts_from_when_it_was_sent_and_is_never_moved():
    found, _ = only("eviction_notice", date(2026, 11, 7), received_on=date(2026, 11, 12))
    assert (found.on, found.extended_to) == (date(2026, 11, 21), None), "a Saturday"


def test_a_known_day_of_sending_goes_before_the_date_on_the_letter():
    [found] = legal_dates([Letter("eviction_notice", date(2026, 11, 1), sent_on=date(2026, 11, 3))])
    assert found.on == date(2026, 11, 17)


def test_a_letter_of_unknown_date_gives_no_date_and_still_decides_the_next_step():
    letter = Letter("eviction_notice", None)
    assert legal_dates([letter]) == []
    assert next_step("rent", CaseFacts(TODAY, letters=(letter,)), TODAY).code == Step.pay_or_agree


def test_the_namsmann_is_answered_within_two_weeks_of_the_day_the_letter_came():
    found, _ = only("bailiff_letter", date(2026, 11, 2), received_on=date(2026, 11, 5))
    assert (found.on, found.must_answer, found.extended_to) == (date(2026, 11, 19), True, None)


def test_an_answer_due_on_a_saturday_is_shown_for_that_day_with_the_monday_as_a_note():
    found, _ = only("bailiff_letter", date(2026, 11, 7))
    assert (found.on, found.extended_to) == (date(2026, 11, 21), date(2026, 11, 23))


def test_the_note_looks_past_a_whole_easter():
    found, _ = only("bailiff_letter", date(2026, 3, 19))
    assert (found.on, found.extended_to) == (date(2026, 4, 2), date(2026, 4, 7))


def test_a_termination_is_protested_within_a_month_and_lapses_unless_sued_over_in_three():
    protest, [lapses] = only("termination", date(2026, 10, 29), received_on=date(2026, 10, 31))
    assert (protest.on, protest.must_answer, protest.extended_to) == (date(2026, 11, 30), True, None)
    assert (lapses.on, lapses.must_answer) == (date(2027, 2, 28), False)


def test_a_lease_that_runs_out_has_no_end_any_more_three_months_later():
    ends, [without_end] = only("lease_expiring", date(2026, 11, 30))
    assert (ends.on, without_end.on) == (date(2026, 11, 30), date(2027, 2, 28))
    assert not ends.must_answer


def test_an_eviction_date_is_shown_only_when_the_namsmann_has_set_one():
    codes = {
        found.code for kind in LETTER_KINDS for found in legal_dates([Letter(kind, TODAY)]) if kind != "eviction_date"
    }
    assert "eviction_set_for" not in codes
    assert only("eviction_date", date(2026, 12, 1))[0].on == date(2026, 12, 1)


def test_the_dates_of_several_letters_come_in_order():
    letters = [Letter("termination", TODAY), Letter("eviction_notice", TODAY), Letter("reminder", TODAY)]
    dates = [found.on for found in legal_dates(letters)]
    assert len(dates) == 3
    assert dates == sorted(dates)


@given(
    kinds=st.lists(st.sampled_from(LETTER_KINDS), max_size=4),
    age=st.integers(0, 400),
    plan=st.sampled_from([None, "instalments", "guardian"]),
)
def test_an_open_rent_problem_always_has_a_next_step_today(kinds, age, plan):
    letters = tuple(Letter(kind, TODAY - timedelta(days=age)) for kind in kinds)
    step = next_step("rent", CaseFacts(TODAY - timedelta(days=age), letters=letters, plan=plan), TODAY)
    assert step is not None
    assert step.on == TODAY


def test_the_most_pressing_letter_decides_the_next_step():
    letters = tuple(Letter(kind, TODAY) for kind in ("written_warning", "eviction_notice", "bailiff_letter"))
    step = next_step("rent", CaseFacts(TODAY, letters=letters), TODAY)
    assert (step.code, step.paragraph) == (Step.answer_bailiff, "tvfbl § 13-6")


def test_without_a_letter_the_landlord_is_rung_and_with_a_plan_the_plan_is_checked():
    assert next_step("rent", CaseFacts(TODAY), TODAY).code == Step.call_landlord
    assert next_step("rent", CaseFacts(TODAY, plan="instalments"), TODAY).code == Step.check_plan


def test_an_agreed_plan_is_checked_on_its_day_or_within_a_week_and_never_in_the_past():
    on_its_day = CaseFacts(TODAY, status="agreed", deadline_on=date(2026, 11, 20))
    assert next_step("rent", on_its_day, TODAY).on == date(2026, 11, 20)
    assert next_step("rent", CaseFacts(TODAY, status="agreed"), TODAY).on == date(2026, 11, 12)
    assert next_step("rent", on_its_day, date(2026, 12, 24)).on == date(2026, 12, 24)


@pytest.mark.parametrize(("kind", "status"), [("rent", "resolved"), ("rent", "evicted"), ("complaint", "resolved")])
def test_a_case_that_is_over_has_no_next_step(kind, status):
    assert next_step(kind, CaseFacts(TODAY, status=status), TODAY) is None


def test_a_complaint_is_answered_today_and_followed_up_in_two_weeks():
    assert next_step("complaint", CaseFacts(TODAY), TODAY).code == Step.answer_complainant
    answered = next_step("complaint", CaseFacts(TODAY, answer_given=True), TODAY)
    assert (answered.code, answered.on) == (Step.check_with_neighbour, date(2026, 11, 19))


def test_a_client_who_suffers_is_helped_before_the_neighbour_is_answered():
    assert next_step("complaint", CaseFacts(TODAY, client_role="suffers"), TODAY).code == Step.help_client_who_suffers


def test_a_crisis_is_handled_now_and_followed_up_on_the_next_working_day():
    friday = date(2026, 11, 20)
    assert next_step("crisis", CaseFacts(friday), friday).code == Step.handle_crisis
    calmed = next_step("crisis", CaseFacts(friday, outcome="calmed_home"), friday)
    assert (calmed.code, calmed.on) == (Step.see_client_after_crisis, date(2026, 11, 23))
    assert next_step("crisis", CaseFacts(friday, outcome="admitted_involuntary"), friday).code == Step.contact_ward


def test_what_is_done_after_a_crisis_is_done_one_after_the_other_and_then_nothing_is_left():
    steps = [
        next_step("crisis", CaseFacts(TODAY, outcome="calmed_home", debrief=True, follow_ups=n), TODAY)
        for n in range(4)
    ]
    assert [step and step.code for step in steps] == [Step.hold_debrief, Step.see_client_after_crisis, None, None]
    assert next_step("crisis", CaseFacts(TODAY, outcome="died", debrief=True, follow_ups=1), TODAY) is None
    assert next_step("crisis", CaseFacts(TODAY, outcome="not_found", follow_ups=9), TODAY).code == Step.look_again


def test_who_was_not_found_is_looked_for_again_today():
    step = next_step("crisis", CaseFacts(TODAY, outcome="not_found", debrief=True), TODAY)
    assert (step.code, step.on) == (Step.look_again, TODAY)


def test_after_a_death_nothing_is_asked_but_the_debrief_that_was_wanted():
    assert next_step("crisis", CaseFacts(TODAY, outcome="died"), TODAY) is None
    assert next_step("crisis", CaseFacts(TODAY, outcome="died", debrief=True), TODAY).code == Step.hold_debrief


def test_a_deadline_is_what_must_be_answered_next_and_never_what_can_happen_from():
    letters = (Letter("eviction_notice", date(2026, 11, 1)), Letter("termination", date(2026, 11, 1)))
    assert deadline(CaseFacts(TODAY, letters=letters), TODAY) == date(2026, 12, 1)
    assert deadline(CaseFacts(TODAY, letters=letters, deadline_on=date(2026, 11, 10)), TODAY) == date(2026, 11, 10)
    assert deadline(CaseFacts(TODAY, letters=letters[:1]), TODAY) is None
