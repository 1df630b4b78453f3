"""The degrees of contact and what counts, by the examples that the phone is held to as well."""

from typing import Any

import pytest

from fieldapp.domain.contact import counts, degree_of, dies
from sync.entry_types import parse_body
from tests.sync._vectors import cases


@pytest.mark.parametrize("case", cases("contacts.json", "degrees"))
def test_an_entry_has_the_degree_of_its_vector(case: dict[str, Any]) -> None:
    body = parse_body(case["type"], case["body"])
    assert degree_of(case["type"], body).value == case["degree"]
    assert dies(case["type"], body) is case.get("dies", False)


@pytest.mark.parametrize("case", cases("contacts.json", "counting"))
def test_a_contact_counts_as_its_vector_says(case: dict[str, Any]) -> None:
    degree = degree_of(case["type"], parse_body(case["type"], case["body"]))
    assert counts(degree, case["body"].get("source"), case["counts"], case["sources"]) is case["stops"]
