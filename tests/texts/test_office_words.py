"""How entries, cases and alerts read: plain bokmål, in the words the field uses."""

import datetime as dt

import pytest

from fieldapp.domain.alert_states import KINDS, Event
from fieldapp.domain.tenancy import Step
from fieldapp.texts.alert_words import alert_headline, happening_words, resolution_words, told_words
from fieldapp.texts.case_words import case_title, date_words, status_words, step_words
from fieldapp.texts.entry_words import entry_detail, entry_title, kroner, lower_first
from fieldapp.texts.when import near_day, when
from sync.codes import CrisisOutcome

NOW = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)  # a Tuesday, 09.00 in Oslo


@pytest.mark.parametrize(
    ("hours", "words"),
    [(1, "10.00"), (-10, "i går 23.00"), (23, "i morgen 08.00"), (72, "fredag 09.00"), (-72, "21. nov. 09.00")],
)
def test_a_time_has_as_much_of_its_day_as_is_needed(hours: int, words: str) -> None:
    assert when(NOW + dt.timedelta(hours=hours), NOW) == words


def test_a_day_a_week_ahead_has_its_date() -> None:
    assert near_day(dt.date(2026, 11, 24), NOW) == "i dag"
    assert near_day(dt.date(2026, 12, 1), NOW) == "1. des."


@pytest.mark.parametrize(("amount", "words"), [("14250.00", "14\u00a0250,00 kr"), ("5", "5,00 kr"), ("0.5", "0,50 kr")])
def test_money_is_written_the_norwegian_way(amount: str, words: str) -> None:
    assert kroner(amount) == words


def test_abbreviations_keep_their_letters_inside_a_sentence() -> None:
    assert (lower_first("Åpnet ikke"), lower_first("LAR")) == ("åpnet ikke", "LAR")


def test_a_visit_reads_with_the_persons_own_words_first() -> None:
    body = {"outcome": "seen", "client_said": "Sover dårlig.", "agreed": "ny sylinder fredag", "note": "Hund i gangen."}
    assert entry_title("visit_logged", body) == "Hjemmebesøk, traff"
    assert entry_detail("visit_logged", body) == "«Sover dårlig.» Avtalt: ny sylinder fredag. Hund i gangen."


def test_a_complaint_never_reads_with_the_name_of_who_complained() -> None:
    body = {"what": ["noise"], "complainant_name": "Olga", "client_role": "suffers"}
    assert entry_detail("neighbour_complaint_received", body) == "Det gjelder bråk. Brukeren er den som rammes."


def test_a_type_from_a_newer_phone_is_shown_by_its_code() -> None:
    assert entry_title("something_new", {}) == "something_new"
    assert entry_detail("something_new", {"note": "Se her"}) == "Se her"


@pytest.mark.parametrize("step", Step)
def test_every_next_step_has_words(step: Step) -> None:
    assert step_words(step) != step
    assert step_words("Jonas ringer") == "Jonas ringer"


def test_an_earlier_answer_day_is_shown_first_and_says_so() -> None:
    words = date_words("answer_bailiff_by", dt.date(2026, 12, 5), dt.date(2026, 12, 7))
    assert words.startswith("Svar namsmannen innen lørdag 5. des. Dagen er ikke en arbeidsdag")
    assert ".." not in words


def test_losing_the_home_is_called_just_that() -> None:
    assert status_words("rent", "evicted") == "Mistet boligen"
    assert case_title("rent", {}) == "Husleie"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_alert_has_a_headline_with_the_name(kind: str) -> None:
    headline = alert_headline(kind, "Even B.", NOW - dt.timedelta(hours=49), NOW)
    assert "Even B." in headline or (kind == "drill" and headline == "Øvelse: ingen er i fare")


def test_not_seen_says_how_long_in_all() -> None:
    headline = alert_headline("not_seen", "Jonny S.", NOW - dt.timedelta(hours=49), NOW)
    assert headline.replace("\u00a0", " ") == "Jonny S. er ikke sett på 2 døgn og 1 t"


@pytest.mark.parametrize("event", [*Event, "escalated", "hold_expired", "came_late"])
def test_everything_that_happens_to_an_alert_has_words(event: str) -> None:
    assert happening_words(event, 0, 1, "Mona") != event


@pytest.mark.parametrize("outcome", CrisisOutcome)
def test_a_crisis_alert_ends_in_the_words_of_its_outcome(outcome: str) -> None:
    assert resolution_words(outcome) != outcome


def test_whoever_has_no_phone_is_said_to_have_none() -> None:
    assert told_words("no_device") == "har ingen telefon som tar imot varsler"


def test_the_parts_of_a_line_end_as_sentences_and_a_day_of_another_year_says_which() -> None:
    body = {"outcome": "was_seen", "reason": "Var sett, ikke ført", "seen_at": "2026-11-20T09:00:00Z"}
    assert entry_detail("alert_resolved", body, NOW) == "Var sett, ikke ført. Sett 20. nov. kl. 10.00."
    later = NOW + dt.timedelta(days=365)
    assert entry_detail("alert_resolved", body, later) == "Var sett, ikke ført. Sett 20. nov. 2026 kl. 10.00."
    assert entry_detail("visit_logged", {"agreed": "ringer fredag"}) == "Avtalt: ringer fredag"
    at = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
    assert (when(at, NOW), when(at, later)) == ("20. nov. 10.00", "20. nov. 2026 10.00")
