"""Who is up on a board, by the vectors that the phone reads too, in whatever order the entries came."""

import datetime as dt
import itertools
from typing import Any
from uuid import UUID

import pytest

from fieldapp.domain.board import Move, cards, column_of
from tests.sync._vectors import cases


@pytest.mark.parametrize("case", cases("board.json"))
def test_the_cards_stand_as_their_vector_says_in_every_order(case: dict[str, Any]) -> None:
    moves = [
        Move(dt.datetime.fromisoformat(one["at"]), UUID(one["id"]), UUID(one["team_id"]), one["column"])
        for one in case["moves"]
    ]
    wanted = [
        (one["id"], one["entry_id"], one["team_id"], one["column"], dt.datetime.fromisoformat(one["since_at"]))
        for one in case["cards"]
    ]
    for order in itertools.permutations(moves):
        found = [(str(one.id), str(one.entry_id), str(one.team_id), one.column, one.since_at) for one in cards(order)]
        assert found == wanted


def test_a_column_the_board_does_not_have_is_other() -> None:
    assert column_of("crisis", ("crisis", "other")) == "crisis"
    assert column_of("gone", ("crisis", "other")) == "other"
