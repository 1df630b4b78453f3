"""Who may be one person, spelled in two ways."""

import time

import pytest

from fieldapp.domain.like_names import Person, alike


def pairs(*people: tuple[str, int | None]) -> list[tuple[str, str]]:
    listed = [Person(name, year, number) for number, (name, year) in enumerate(people)]
    return [(one.name, other.name) for one, other in alike(listed)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Aase Berg", 1970), ("Åse Berg", 1970)),
        (("Kristoffer Lie", 1970), ("Christofer Lie", 1970)),
        (("Solveig Dahl", 1970), ("Solveg Dahl", 1970)),
        (("Berg, Åse", 1970), ("Åse Berg", None)),
        (("Kari Nordmann", 1970), ("Kari Nordmann", 1971)),
        (("Kari Nordmann", 1970), ("Kari Nordmann", 1907)),
        (("Kari Nordmann", 1970), ("Kari Nordmann", None)),
    ],
)
def test_these_may_be_one(one: tuple[str, int | None], other: tuple[str, int | None]) -> None:
    assert pairs(one, other) == [(one[0], other[0])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Kari Nordmann", 1970), ("Kari Nordmann", 1953)),
        (("Kari Nordmann", 1970), ("KARI  NORDMANN", 1970)),
        (("Kari Nordmann", 1970), ("Per Nordmann", 1970)),
        (("Bo Li", 1970), ("Bo Lu", 1970)),
    ],
)
def test_these_are_two_or_exactly_one(one: tuple[str, int | None], other: tuple[str, int | None]) -> None:
    assert pairs(one, other) == []


def test_a_thousand_without_a_year_take_no_time() -> None:
    people = [(f"Fornavn{number % 70} Etternavn{number}", None) for number in range(1_000)]
    before = time.process_time()
    pairs(*people)
    assert time.process_time() - before < 2
