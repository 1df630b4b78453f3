"""What a sheet's headings and cells are read as."""

import datetime as dt

import pytest

from fieldapp.domain import import_columns
from fieldapp.domain.import_columns import CLIENTS, STAFF, Cell, Remark, recognise

TODAY = dt.date(2026, 11, 30)


def cell(text: str) -> Cell:
    return Cell(7, "kolonne C (fødselsår)", text)


@pytest.mark.parametrize("heading", ["Fødselsår", " FØDSELSÅR ", "født", "Fødselsdato", "birth_year", "fødsels-år*"])
def test_a_heading_is_known_however_it_is_typed(heading: str) -> None:
    found = recognise(CLIENTS, ["Navn", "Team", heading.replace("fødsels-år*", "fødselsår *")], 1, {})
    assert [column.name for column in found.places.values()] == ["name", "team", "birth_year"]


def test_what_is_missing_double_or_unknown_is_named() -> None:
    found = recognise(CLIENTS, ["Navn", "navn", "Skostørrelse"], 1, {})
    assert [str(fault) for fault in found.faults] == [
        "rad 1, kolonne B (navn): denne kolonnen står to ganger.",
        "rad 1: kolonnen «team» mangler, eller heter noe annet.",
    ]
    assert [str(one) for one in found.left_out] == ["rad 1, kolonne C (Skostørrelse): tas ikke med."]


def test_a_heading_can_be_mapped_or_left_out() -> None:
    found = recognise(
        STAFF, ["Person", "Pålogging", "Rolle", "Mail"], 1, {"person": "name", "pålogging": "username", "mail": ""}
    )
    assert [column.name for column in found.places.values()] == ["name", "username", "role"]
    assert not found.faults


@pytest.mark.parametrize("heading", ["Fødselsnummer", "fnr", "Personnr."])
def test_a_column_of_national_numbers_stops_it(heading: str) -> None:
    found = recognise(CLIENTS, ["Navn", "Team", heading], 1, {})
    assert "Fødselsnummer skal ikke inn i Sett" in str(found.faults[0])


@pytest.mark.parametrize(
    ("text", "year"),
    [("1980", 1980), ("12.03.1980", 1980), ("1980-03-12T00:00:00", 1980), ("3/1/1999", 1999), ("", None)],
)
def test_a_year_of_birth_is_read(text: str, year: int | None) -> None:
    assert import_columns.birth_year(cell(text), TODAY) == year


@pytest.mark.parametrize("text", ["80", "nitten åtti", "1890", "2027", "12038012345", "120380 12345", "１９８０"])
def test_a_year_that_is_none_is_named_without_what_it_says(text: str) -> None:
    said = import_columns.birth_year(cell(text), TODAY)
    assert isinstance(said, Remark)
    assert str(said).startswith("rad 7, kolonne C (fødselsår): ")
    assert text not in str(said)


def test_letters_of_columns() -> None:
    assert [import_columns.letter(index) for index in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]
