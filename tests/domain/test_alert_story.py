"""What a clock was counted from, why a contact did not stop it, and why a step began early, from what is stored."""

import datetime as dt

import pytest

from fieldapp.domain.alert_story import Counted, Moments, Terms, began_early_because, counted_from, verdict_on_contact

NOON = dt.datetime(2026, 10, 8, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def moments(**known: dt.datetime) -> Moments:
    return Moments(known.get("contact_at"), known.get("registered_at"), known.get("agreed_at"))


@pytest.mark.parametrize(
    ("base", "known"),
    [
        ("contact", Moments(NOON, NOON, NOON)),
        ("absence_end", Moments(NOON - DAY, NOON - DAY, None, absence_ends=[NOON])),
        ("registration", Moments(None, NOON, None)),
        ("agreement", Moments(NOON - DAY, NOON - 2 * DAY, NOON)),
        ("hand_check", Moments(NOON, NOON, NOON, next_checks=[NOON + DAY])),
        ("unknown", Moments(NOON - DAY, NOON - 2 * DAY, None)),
    ],
)
def test_a_clock_is_said_to_be_counted_from_what_fits_it(base: str, known: Moments) -> None:
    assert counted_from(NOON + DAY, Terms(), known).base == base


def test_a_clock_of_shifts_ends_with_the_shift() -> None:
    assert counted_from(NOON, Terms(mode="each_shift"), moments(contact_at=NOON - DAY)).base == "shift_end"


def test_half_an_interval_after_a_discharge_is_said_to_be_that_and_only_where_it_was_agreed() -> None:
    known = Moments(NOON, NOON - DAY, None, absence_ends=[NOON - DAY / 4])
    assert counted_from(NOON + DAY / 2, Terms(tightens=True), known) == Counted("contact", NOON, tightened=True)
    assert counted_from(NOON + DAY / 4, Terms(tightens=True), known) == Counted("absence_end", NOON - DAY / 4, True)
    assert counted_from(NOON + DAY, Terms(tightens=True), known) == Counted("contact", NOON)
    assert counted_from(NOON + DAY / 2, Terms(), known) == Counted("unknown")


@pytest.mark.parametrize(
    ("degree", "source", "terms", "verdict"),
    [
        ("attempt", None, Terms(), "attempt"),
        ("heard", None, Terms(), "heard"),
        ("heard", None, Terms(counts=("seen", "heard")), "counts"),
        ("reported", "shelter", Terms(), "reported"),
        ("reported", "police", Terms(counts=("seen", "reported"), sources=("shelter",)), "source"),
        ("reported", "shelter", Terms(counts=("seen", "reported"), sources=("shelter",)), "counts"),
        ("seen", None, Terms(), "counts"),
    ],
)
def test_a_contact_that_did_not_count_says_why(degree: str, source: str | None, terms: Terms, verdict: str) -> None:
    assert verdict_on_contact(degree, source, terms, struck=False, arrived_after=False) == verdict


def test_a_contact_that_counts_and_came_after_the_alert_says_so() -> None:
    assert verdict_on_contact("seen", None, Terms(), struck=False, arrived_after=True) == "arrived_after"
    assert verdict_on_contact("attempt", None, Terms(), struck=False, arrived_after=True) == "attempt"
    assert verdict_on_contact("seen", None, Terms(), struck=True, arrived_after=True) == "struck"


def early(seconds: float, **of_step: int) -> str | None:
    told = {"people": 1, "devices": 1, "hoped": 1, "shown": 0} | of_step
    return began_early_because(dt.timedelta(seconds=seconds), dt.timedelta(minutes=15), **told)


def test_a_step_that_began_early_says_why_and_one_in_time_says_nothing() -> None:
    assert early(0, people=0, devices=0, hoped=0) == "nobody"
    assert early(0, devices=0, hoped=0) == "no_device"
    assert early(30, hoped=0) == "refused"
    assert early(120) == "no_receipt"
    assert early(15 * 60) is None
    assert early(120, shown=1) is None
