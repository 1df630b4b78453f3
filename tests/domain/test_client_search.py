"""Search among clients forgives as the phone's does (tests/js/search.test.js reads the same vectors)."""

import json
from typing import Any

import pytest

from fieldapp.domain.client_search import Findable, maybe_same, search
from tests.sync._vectors import VECTORS

TOLD: dict[str, Any] = json.loads((VECTORS / "searches.json").read_text())
PEOPLE = {key: Findable(**one) for key, one in TOLD["people"].items()}


@pytest.mark.parametrize("case", TOLD["cases"], ids=lambda case: case["name"])
def test_who_is_found_stands_in_the_vectors(case: dict[str, Any]) -> None:
    assert search(PEOPLE, case["typed"]) == case["found"]


@pytest.mark.parametrize(
    ("name", "year", "found"),
    [
        ("Kari Nordmann", 1958, ["kari"]),
        ("kari nordman", None, ["kari"]),
        ("Kari Nordmann", 1959, []),
        ("Aase Kjaer", 1990, ["ase"]),
        ("Lillemor", None, ["ase"]),
        ("Kari Lie", None, []),
        ("K", None, []),
    ],
)
def test_who_may_be_the_same_person(name: str, year: int | None, found: list[str]) -> None:
    assert maybe_same(PEOPLE, Findable(name, birth_year=year)) == found
