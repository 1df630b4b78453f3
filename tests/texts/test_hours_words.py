"""Opening hours read as people write them."""

import pytest

from fieldapp.texts.hours_words import read_spans, write_spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("08.00–15.30", [("08:00", "15:30")]),
        ("8-15:30", [("08:00", "15:30")]),
        ("8 til 12 og 12.30-15", [("08:00", "12:00"), ("12:30", "15:00")]),
        ("22.30–07.30", [("22:30", "07:30")]),
        ("Døgnet", [("00:00", "24:00")]),
        ("16-24", [("16:00", "24:00")]),
    ],
)
def test_hours_are_read_as_people_write_them(text, spans):
    assert read_spans(text) == spans
    assert read_spans(write_spans(spans)) == spans


@pytest.mark.parametrize("text", ["stengt kanskje", "8", "25-26", "8-8", "24-08", "08.60-12", "8-15 hver dag"])
def test_what_can_not_be_read_is_refused_and_not_guessed(text):
    with pytest.raises(ValueError, match=r"."):
        read_spans(text)
