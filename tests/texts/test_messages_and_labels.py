"""Every code has a sentence or a word."""

import pytest

from fieldapp.domain.alert_states import Event, State
from fieldapp.errors import STATUS, VERDICTS
from fieldapp.texts import LABELS, MESSAGES, choices, label
from sync.codes import LISTS
from sync.entry_types import ENTRY_TYPES


def test_every_code_of_an_error_or_verdict_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert set(MESSAGES) == set(STATUS) | set(VERDICTS)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_of_the_contract_has_words(name: str) -> None:
    unsaid = {"contact"} if name == "degree" else set()
    assert set(LABELS[name]) == {code.value for code in LISTS[name]} - unsaid


def test_every_entry_type_has_a_word() -> None:
    assert set(ENTRY_TYPES) <= set(LABELS["entry_type"])


def test_every_state_and_event_of_an_alert_has_a_word() -> None:
    assert set(State) == set(LABELS["alert_state"])
    assert set(Event) <= set(LABELS["alert_event"])


def test_a_code_from_a_newer_phone_is_shown_as_it_is() -> None:
    assert label("topic", "gardening") == "gardening"


def test_choices_keep_the_order_of_their_list() -> None:
    assert choices("urgency") == [("now", "Nå"), ("today", "I dag"), ("board", "Tavla")]
