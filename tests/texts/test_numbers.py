"""A number somebody is told to ring is a link, in every text and template of the office."""

import re
from pathlib import Path

import pytest

import fieldapp
from fieldapp.texts import phone_link, with_numbers
from tests.texts.test_catalogues import used

TEMPLATES = Path(fieldapp.__file__).parent / "templates"
NUMBER = re.compile(r"\b(116 117|11[023])\b")


def test_each_emergency_number_is_a_link_and_the_rest_is_escaped() -> None:
    assert with_numbers("Ring 113 · 116 117 <b>") == (
        'Ring <a href="tel:113">113</a> · <a href="tel:116117">116 117</a> &lt;b&gt;'
    )


@pytest.mark.parametrize("text", ["14 113,50 kr", "kl. 11.12", "Storgata 1130", "§ 4-112", "2113", "112.000"])
def test_what_is_no_number_to_ring_stays_text(text: str) -> None:
    assert with_numbers(text) == text


def test_a_phone_number_is_shown_as_written_and_rung_by_its_digits() -> None:
    assert phone_link("+47 400 00 000 (mor)") == '<a href="tel:+4740000000">+47 400 00 000 (mor)</a>'


def test_no_template_shows_a_number_to_ring_as_text() -> None:
    told = [text for text in used() if NUMBER.search(text) and not text.startswith("Ringte ")]
    lines = [line for path in TEMPLATES.rglob("*.html") for line in path.read_text().splitlines()]
    bare = [text for text in told for line in lines if f'"{text}")' in line and f'"{text}")|with_numbers' not in line]
    assert told, "there are such texts"
    assert bare == []
