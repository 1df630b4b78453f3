"""Merging forgets neither an edit nor that it has seen one, in whatever order they come."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sync import merge

stamps = st.tuples(st.sampled_from(["2026-11-21T08:00:00.000000Z", "2026-11-21T08:00:00.000001Z"]), st.uuids().map(str))
values = st.none() | st.booleans() | st.integers(0, 3) | st.text(max_size=2) | st.lists(st.integers(0, 2), max_size=2)
edits = st.lists(st.tuples(st.dictionaries(st.sampled_from("abc"), values, max_size=3), stamps), max_size=8)

Edits = list[tuple[dict[str, Any], merge.Stamp]]


def made(pairs: Edits) -> list[dict[str, Any]]:
    return [merge.edit(fields, stamp) for fields, stamp in pairs]


@settings(max_examples=500)
@given(edits, st.randoms(use_true_random=False))
def test_any_order_gives_the_same(pairs: Edits, dice: random.Random) -> None:
    shuffled = dice.sample(pairs, len(pairs))
    assert merge.merge(made(pairs)) == merge.merge(made(shuffled))


@settings(max_examples=500)
@given(edits, st.integers(0, 8))
def test_merging_in_parts_or_twice_gives_the_same(pairs: Edits, cut: int) -> None:
    whole = merge.merge(made(pairs))
    parts = [merge.merge(made(pairs[:cut])), merge.merge(made(pairs[cut:])), whole]
    assert merge.merge(parts) == whole


@given(edits)
def test_every_field_holds_the_value_of_its_latest_edit(pairs: Edits) -> None:
    merged = merge.merge(made(pairs))
    assert set(merged) == {name for fields, _ in pairs for name in fields}
    for name, (_, stamp) in merged.items():
        assert stamp == max(stamp for fields, stamp in pairs if name in fields)


def test_two_values_under_one_stamp_still_have_one_outcome() -> None:
    stamp = ("2026-11-21T08:00:00.000000Z", "x")
    one, other = merge.edit({"a": 1}, stamp), merge.edit({"a": "1"}, stamp)
    assert merge.merge([one, other]) == merge.merge([other, one])
