"""Names are compared alike on the phone and on the server, whatever keyboard they were typed on."""

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.folding import folded, folded_words
from tests.sync._vectors import VECTORS, cases

NAMES: dict[str, Any] = json.loads((VECTORS / "folded_names.json").read_text())


@pytest.mark.parametrize("case", cases("folded_names.json"))
def test_a_name_folds_as_its_vector_says(case: dict[str, Any]) -> None:
    assert (list(folded_words(case["text"])), folded(case["text"])) == (case["words"], case["folded"])


@pytest.mark.parametrize("group", NAMES["same"], ids=lambda group: group[0])
def test_spellings_of_one_name_fold_to_one(group: list[str]) -> None:
    assert {folded(name) for name in group} == {folded(group[0])}


@pytest.mark.parametrize("pair", NAMES["apart"], ids="-".join)
def test_two_names_stay_two(pair: list[str]) -> None:
    assert folded(pair[0]) != folded(pair[1])


UNSEEN = ["\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff", "\u3164", "\u0301", "'", "\u2019", "\u02bc", "\u00b4"]


@pytest.mark.parametrize(("mark", "at"), list(product(UNSEEN, range(4))))
def test_what_a_keyboard_adds_within_a_name_changes_nothing(mark: str, at: int) -> None:
    assert folded("Liv"[:at] + mark + "Liv"[at:]) == folded("Liv")


@settings(max_examples=500)
@given(st.text(max_size=30))
def test_any_text_folds_to_letters_and_digits(text: str) -> None:
    assert folded(text) == "" or folded(text).isalnum()
    assert all(word.isalnum() for word in folded_words(text))
