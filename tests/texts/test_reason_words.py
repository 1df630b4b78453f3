"""The words of the why-page and the figures."""

import datetime as dt

import pytest

from fieldapp.texts import speak
from fieldapp.texts.figure_words import count_words, decimal, share_words, week_words
from fieldapp.texts.reason_words import devices_words, exact_time, interval_words, stamp, step_title, took

AT = dt.datetime(2026, 11, 24, 8, 10, 4, tzinfo=dt.UTC)


def test_a_time_that_is_read_years_later_has_its_year() -> None:
    assert stamp(AT) == "tirsdag 24. nov. 2026 kl. 09.10"
    assert exact_time(AT) == "09.10.04"


@pytest.mark.parametrize(
    ("mode", "minutes", "words"),
    [
        ("interval", 1440, "hver 24. time"),
        ("interval", 60, "hver time"),
        ("interval", 90, "hvert 90. minutt"),
        ("each_shift", 1440, "hver vakt"),
    ],
)
def test_how_often_is_said_as_people_say_it(mode: str, minutes: int, words: str) -> None:
    assert interval_words(mode, minutes) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "0 s"), (4, "4 s"), (60, "1 min"), (7500, "2 t og 5 min"), (7200, "2 t"), (172800, "2 døgn")],
)
def test_how_long_it_took_is_as_exact_as_it_matters(seconds: int, words: str) -> None:
    assert took(dt.timedelta(seconds=seconds)) == words


def test_how_telling_went_counts_devices_and_says_when_there_was_none() -> None:
    assert devices_words((("shown", 1), ("handed_over", 2))) == "vist · sendt, ikke vist (2)"
    assert devices_words(()) == "har ingen telefon som tar imot varsler"
    assert devices_words((("something_new", 1),)) == "something_new"


def test_a_step_has_its_round_and_other_messages_their_name() -> None:
    assert step_title("step", 1, 2) == "Trinn 2, runde 2"
    assert step_title("over", 99, 1) == "Beskjed om at varselet er over"


def test_a_figure_too_small_is_marked_in_every_language() -> None:
    assert (count_words(None), count_words(0), count_words(12)) == ("færre enn 5", "0", "12")
    assert (share_words(None), share_words(40)) == ("for få", "40\u00a0%")
    assert (decimal(None), decimal(0.25)) == ("for få", "0,2")
    with speak("en"):
        assert count_words(None) == "fewer than 5"


def test_a_week_has_its_number_and_its_days() -> None:
    assert week_words(dt.date(2026, 11, 23)) == "Uke 48, 23. nov.–29. nov."
