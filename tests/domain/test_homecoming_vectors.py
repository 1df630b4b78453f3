"""What is missing for coming home, by the examples that the phone is held to as well."""

import datetime as dt
from typing import Any

import pytest

from fieldapp.domain.absence import Homecoming, missing_for_home
from tests.sync._vectors import cases


def moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


@pytest.mark.parametrize("case", cases("homecoming.json"))
def test_what_is_missing_is_what_its_vector_says(case: dict[str, Any]) -> None:
    one = Homecoming(case["kind"], moment(case["ended_at"]), moment(case["expected_end_at"]), case["home"])
    visits = [dt.datetime.fromisoformat(at) for at in case["visits_at"]]
    now = dt.datetime.fromisoformat(case["now"])
    assert list(missing_for_home(one, visits, moment(case["seen_at"]), now)) == case["expect"]
