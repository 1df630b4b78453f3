"""Small cells are marked, and neither shares nor percentiles give them away."""

import datetime as dt

import pytest

from fieldapp.domain.figures import is_small, percentile, share


def minutes(*counts: int) -> list[dt.timedelta]:
    return [dt.timedelta(minutes=count) for count in counts]


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_to_four_are_small(count: int, small: bool) -> None:
    assert is_small(count) is small


@pytest.mark.parametrize(
    ("part", "whole", "per_cent"),
    [(5, 10, 50), (0, 5, 0), (5, 5, 100), (4, 10, None), (6, 10, None), (1, 1, None), (0, 4, None), (7, 21, 33)],
)
def test_a_share_that_would_tell_of_fewer_than_five_is_not_shown(part: int, whole: int, per_cent: int | None) -> None:
    assert share(part, whole) == per_cent


def test_the_middle_and_nine_of_ten_by_nearest_rank() -> None:
    values = minutes(9, 1, 10, 2, 8, 3, 7, 4, 6, 5)
    assert (percentile(values, 50), percentile(values, 90)) == tuple(minutes(5, 9))
    assert percentile(minutes(1, 2, 3, 4), 50) is None
    assert percentile(minutes(1, 2, 3, 4, 50), 90) == dt.timedelta(minutes=50)
