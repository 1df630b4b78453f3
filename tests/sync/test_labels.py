"""Every code that can be logged has words on the phone and in the office, and none has words that is not a code."""

import pytest

from fieldapp.texts.labels import LABELS
from fieldapp.texts.phone_tables import OFFICE_ONLY
from sync.codes import LISTS

OFFICE_NAMES = {
    "place": "visit_place",
    "direction": "call_direction",
    "sighting_source": "source",
    "sighting_what": "sighting",
    "letter_kind": "letter",
    "complaint_what": "complaint",
    "ground": "entry_ground",
}
"""What the office calls a list, where it differs."""

WORTH_NO_WORD = {"degree": {"contact"}}
"""Resolved before it is shown."""


@pytest.mark.parametrize("name", [name for name in LABELS if OFFICE_NAMES.get(name, name) in LISTS])
def test_the_office_has_words_for_every_code_of_a_list(name: str) -> None:
    codes = {code.value for code in LISTS[OFFICE_NAMES.get(name, name)]} - WORTH_NO_WORD.get(name, set())
    assert set(LABELS[name]) == codes


def test_the_phone_has_the_lists_its_forms_are_made_of() -> None:
    assert LABELS.keys() - OFFICE_ONLY >= set(LISTS) - {"degree", "protected"}
