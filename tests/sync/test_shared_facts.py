"""What a landlord is told, by the examples that the phone's preview is held to as well."""

import datetime as dt
from dataclasses import asdict
from typing import Any

import pytest

from fieldapp.texts.fact_words import fact_words
from sync.shared_facts import CaseThen, told
from tests.sync._vectors import cases


@pytest.mark.parametrize("case", cases("facts.json"))
def test_a_landlord_is_told_what_the_vector_says(case: dict[str, Any]) -> None:
    then = [CaseThen(**one | {"opened_at": dt.datetime.fromisoformat(one["opened_at"])}) for one in case["cases"]]
    found = told(case["what"], then, case["contract_end_on"])
    said = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in asdict(found).items()}
    assert said == case["expect"]
    assert fact_words(case["what"], found) == case["words"]
