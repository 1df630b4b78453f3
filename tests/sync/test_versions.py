"""Which versions stand where people wrote without having seen each other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.versions import Version, standing_versions, united
from tests.sync._vectors import cases


def version(given: dict[str, Any]) -> Version:
    replaces = given.get("replaces")
    return Version(given["id"], given["at"], given["author_id"], None if replaces is None else tuple(replaces))


@pytest.mark.parametrize("case", cases("versions.json"))
def test_those_stand_that_the_vector_says(case: dict[str, Any]) -> None:
    assert [one.id for one in standing_versions(map(version, case["versions"]))] == case["stand"]


ids = st.sampled_from("abcdef")
versions = st.lists(
    st.builds(
        Version, ids, st.sampled_from("123"), st.sampled_from("xy"), st.none() | st.lists(ids, max_size=3).map(tuple)
    ),
    unique_by=lambda one: one.id,
    min_size=1,
)


@given(versions, st.randoms())
def test_the_newest_stands_whatever_the_order(given: list[Version], dice: Any) -> None:
    shuffled = dice.sample(given, len(given))
    stand = standing_versions(given)
    assert standing_versions(shuffled) == stand
    assert stand[0] == max(given, key=lambda one: (one.at, one.id))


@given(versions)
def test_what_was_replaced_brings_back_nothing(given: list[Version]) -> None:
    # So a phone that has only those that stand comes to the same with one more.
    stand = standing_versions(given)
    new = Version("z", "9", "z", ("a", "c"))
    assert standing_versions([*given, new]) == standing_versions([*stand, new])


def test_what_must_not_be_done_is_of_all_versions() -> None:
    assert united(["Politi", None, " Politi ", "Mor"]) == "Politi\nMor"
    assert united([None, ""]) is None
