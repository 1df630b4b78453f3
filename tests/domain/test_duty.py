"""Who is on duty now, until when, and what comes of duties that are handed over."""

from collections import namedtuple
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.domain.duty import DutySpan, Offer, SetDuty, Taking, as_one, duty_ends, hand_over, on_duty, same_duties

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


# --- hand-overs ------------------------------------------------------------------------------------------------------

PEOPLE = [ALICE, BOB, ROLF]
FRIDAY, SATURDAY, OFFER, YES = (UUID(int=number) for number in range(101, 105))


def at(hour):
    return NOON + timedelta(hours=hour)


def swapped(yes_at=1, removed=None, **offer):
    """Alice offers Bob her duty of hours 5 to 10 for his of hours 20 to 25, and he says yes."""
    duties = [SetDuty(FRIDAY, span(ALICE, 5, 10)), SetDuty(SATURDAY, span(BOB, 20, 25), removed)]
    made = Offer(OFFER, FRIDAY, ALICE, BOB, offer.get("back", SATURDAY), at(0))
    return hand_over(duties, [made, *offer.get("others", [])], [Taking(YES, OFFER, offer.get("by", BOB), at(yes_at))])


def holders(duty_list):
    return {duty_id: one.staff_id for duty_id, one in duty_list.spans.items()}


def test_an_offer_changes_nothing_until_the_colleague_has_said_yes():
    duties = [SetDuty(FRIDAY, span(ALICE, 5, 10))]
    waiting = hand_over(duties, [Offer(OFFER, FRIDAY, ALICE, BOB, None, at(0))], [])
    assert (holders(waiting), waiting.offers) == ({FRIDAY: ALICE}, {OFFER: None})


def test_a_swap_moves_both_duties_at_once():
    after = swapped()
    assert (holders(after), after.offers) == ({FRIDAY: BOB, SATURDAY: ALICE}, {OFFER: at(1)})


def test_only_the_one_who_was_asked_can_say_yes():
    assert holders(swapped(by=ROLF)) == {FRIDAY: ALICE, SATURDAY: BOB}


def test_a_running_duty_is_divided_where_it_was_taken():
    after = swapped(yes_at=7)
    assert after.spans[YES] == span(ALICE, 5, 7)
    assert after.spans[FRIDAY] == span(BOB, 7, 10)
    assert after.spans[SATURDAY] == span(ALICE, 20, 25)


def test_a_yes_to_a_duty_that_is_over_or_removed_or_to_one_offered_anew_is_void():
    assert holders(swapped(yes_at=10)) == {FRIDAY: ALICE, SATURDAY: BOB}
    assert holders(swapped(removed=at(0.5))) == {FRIDAY: ALICE}
    anew = Offer(UUID(int=200), FRIDAY, ALICE, ROLF, None, at(0.5))
    after = swapped(others=[anew])
    assert (holders(after)[FRIDAY], after.offers) == (ALICE, {anew.id: None})


def test_a_yes_from_a_slow_clock_is_as_good_as_one_at_the_moment_of_the_offer():
    assert swapped(yes_at=-3).offers == {OFFER: at(0)}


def test_nobody_gets_a_duty_back_because_what_they_got_for_it_was_removed_later():
    assert holders(swapped(removed=at(2))) == {FRIDAY: BOB}


def test_an_offer_made_before_the_duty_changed_hands_is_void_when_it_comes_back():
    duties = [SetDuty(FRIDAY, span(ALICE, 50, 60))]
    offers = [
        Offer(UUID(int=1), FRIDAY, ALICE, ROLF, None, at(0)),
        Offer(UUID(int=2), FRIDAY, ALICE, BOB, None, at(1)),
        Offer(UUID(int=3), FRIDAY, BOB, ALICE, None, at(3)),
    ]
    takings = [
        Taking(UUID(int=4), UUID(int=2), BOB, at(2)),
        Taking(UUID(int=5), UUID(int=3), ALICE, at(4)),
        Taking(UUID(int=6), UUID(int=1), ROLF, at(5)),
    ]
    assert holders(hand_over(duties, offers, takings)) == {FRIDAY: ALICE}


at_any_pace = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
hours = st.integers(0, 40)
people = st.sampled_from(PEOPLE)


@st.composite
def histories(draw):
    """Some duties, offers and answers, sensible or not."""
    duties = []
    for number in range(draw(st.integers(1, 4))):
        begins = draw(hours)
        length, task = draw(st.integers(1, 12)), draw(st.sampled_from(["duty", "backup"]))
        duties.append(SetDuty(UUID(int=1000 + number), span(draw(people), begins, begins + length, task)))
    of = st.sampled_from([one.id for one in duties])
    offers = [
        Offer(UUID(int=2000 + n), draw(of), draw(people), draw(people), draw(st.none() | of), at(draw(hours)))
        for n in range(draw(st.integers(0, 8)))
    ]
    takings = [
        Taking(UUID(int=3000 + n), draw(st.sampled_from(offers)).id, draw(people), at(draw(hours)))
        for n in range(draw(st.integers(0, 12)) if offers else 0)
    ]
    return duties, offers, takings


def covered(spans, task):
    return sorted(hour for one in spans if one.duty == task for hour in range(80) if one.covers(at(hour)))


@at_any_pace
@given(histories())
def test_hand_overs_never_lose_an_hour_of_duty_nor_make_one(history):
    duties, offers, takings = history
    after = hand_over(duties, offers, takings).spans.values()
    for task in ("duty", "backup"):
        assert covered(after, task) == covered([one.span for one in duties], task)


@at_any_pace
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_offers_and_answers_are_given_never_matters(history, dice):
    shuffled = [dice.sample(part, len(part)) for part in history]
    assert hand_over(*shuffled) == hand_over(*history)


@at_any_pace
@given(histories())
def test_an_offer_that_waits_is_of_a_duty_its_author_has(history):
    after, offers = hand_over(*history), {offer.id: offer for offer in history[1]}
    for offer_id, taken_at in after.offers.items():
        if taken_at is None:
            assert after.spans[offers[offer_id].duty_id].staff_id == offers[offer_id].from_staff_id


def test_the_same_duty_twice_is_one_in_whatever_order_and_changes_hands_as_one():
    first, second, other = (UUID(int=101 + n) for n in range(3))
    twice = [SetDuty(second, span(BOB, 0, 8)), SetDuty(first, span(BOB, 0, 8)), SetDuty(other, span(BOB, 1, 8))]
    offer = Offer(UUID(int=201), second, BOB, ALICE, None, NOON - timedelta(hours=2))
    taking = Taking(UUID(int=301), offer.id, ALICE, NOON - timedelta(hours=1))
    for duties in (twice, twice[::-1]):
        assert set(hand_over(*as_one(duties, []), []).spans) == {first, other}
        taken = hand_over(*as_one(duties, [offer]), [taking]).spans
        assert taken[first].staff_id == ALICE
        assert second not in taken


def test_one_that_was_removed_is_not_the_same_as_one_set_anew():
    gone, anew = UUID(int=101), UUID(int=102)
    duties = [SetDuty(gone, span(BOB, 0, 8), removed_at=NOON), SetDuty(anew, span(BOB, 0, 8))]
    assert same_duties(duties) == {gone: gone, anew: anew}
    assert set(hand_over(*as_one(duties, []), []).spans) == {anew}
