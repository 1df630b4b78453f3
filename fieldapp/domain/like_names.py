"""Whether two people in a list may be one, spelled in two ways: for a warning, never for a decision.

Norwegian names are written down by ear: Kristoffer and Christopher, Aase and Åse, Solveig and Solveg. Two are alike
when they sound the same, or are one letter apart after that; and the years of birth do not say otherwise.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

_SOUNDS = (
    *(("aa", "a"), ("ae", "e"), ("oe", "o"), ("ch", "k"), ("ck", "k"), ("ph", "f"), ("th", "t"), ("kj", "k")),
    *(("hj", "j"), ("gj", "j"), ("q", "k"), ("c", "k"), ("w", "v"), ("z", "s"), ("x", "ks"), ("d ", " "), ("h ", " ")),
)
_LETTERS = str.maketrans("æøåðþł", "eoadtl")
_SHORTEST = 5
"""Letters. One letter makes «Bo» and «Bø» two people."""

_MOST_ALIKE = 30
"""More than that with one spelling are numbered («Bruker 17»), and say nothing of each other."""


@dataclass(frozen=True)
class Person:
    """Somebody in a list; `where` is the caller's own."""

    name: str
    birth_year: int | None
    where: Any


def exactly(name: str, birth_year: int | None) -> tuple[str, int | None]:
    """What is the same for the same person: how a name is typed makes no difference."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()), birth_year


def sound_of(name: str) -> str:
    """The name as it sounds, its parts in order of the alphabet: «Berg, Åse» is «Aase Berg»."""
    plain = unicodedata.normalize("NFD", name.casefold().translate(_LETTERS))
    said = re.sub(r"[^a-z0-9]+", " ", "".join(char for char in plain if not unicodedata.combining(char))) + " "
    for written, heard in _SOUNDS:
        said = said.replace(written, heard)
    return "".join(sorted(re.sub(r"(.)\1", r"\1", part) for part in said.split()))


def alike(people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    """The pairs that may be one person, those that are exactly alike left out; each pair once."""
    near: dict[str, list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        sound = sound_of(person.name)
        letters = range(len(sound)) if len(sound) >= _SHORTEST else ()
        for spelled in {sound, *(sound[:at] + sound[at + 1 :] for at in letters)}:
            near[spelled].append(number)
    groups = [numbers for numbers in near.values() if len(numbers) <= _MOST_ALIKE]
    pairs = {pair for numbers in groups for pair in combinations(numbers, 2)}
    for first, second in sorted(pairs):
        one, other = people[first], people[second]
        same = exactly(one.name, one.birth_year) == exactly(other.name, other.birth_year)
        if not same and _years_agree(one.birth_year, other.birth_year):
            yield one, other


def _years_agree(one: int | None, other: int | None) -> bool:
    """Whether a slip of the finger explains the difference: one digit, or two that changed places."""
    if one is None or other is None:
        return True
    a, b = str(one), str(other)
    wrong = sum(x != y for x, y in zip(a, b, strict=True)) if len(a) == len(b) else 4
    return wrong <= 1 or (wrong == 2 and sorted(a) == sorted(b))
