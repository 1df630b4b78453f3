"""The JSON Schema says what the parser does."""

import json
from typing import Any

import jsonschema
import pytest

from sync.codes import LISTS
from sync.entry_types import ENTRY_TYPES
from sync.schema import request_schema
from tests.sync._vectors import VECTORS, cases, element_of

BETWEEN_FIELDS = {
    "a private talk with a note",
    "a private talk with words in an unknown field",
    "duty that ends before it begins",
    "duty that ends as it begins, in another zone",
    "a team that ends before it begins",
    "was seen, but not when",
    "duty_handed_over in return for itself",
    "team_hours_set with a span that is empty",
    "team_hours_set that hands over to nobody",
    "team_hours_set that hands over to itself",
    "risk_reviewed that keeps it without a day to look again",
    "plan_noted individual without lines",
    "plan_noted goals without goals",
    "agreement_recorded, a consent to nobody",
    "agreement_recorded, a consent for nothing",
    "decision_recorded that ends before it begins",
    "a concern for today without a reason",
    "a concern for board without a reason",
    "a concern for today with a blank reason",
    "subject_client_set of two things",
    "a step home that ends before it begins",
    "board_columns_set with two of one key",
    "team_setting_set with a number that is none",
    "team_setting_set with too many days",
}
"""Rules between fields, which PROTOCOL.md has in words."""

BEYOND_SCHEMA = ("in year 9999", "out of range", "without an offset", "beyond 64 bits", "levels deep", "with a time")
ELEMENTS = cases("elements.json")


def expected(case: Any) -> dict[str, Any]:
    """What a case, as a pytest parameter, expects."""
    expectation: dict[str, Any] = case.values[0]["expect"]
    return expectation


def is_a_matter_of_shape(case: Any) -> bool:
    """Whether an element is refused for something that JSON Schema has words for."""
    name, has_broken_text = case.id, "\\u" in json.dumps(case.values[0]["element"])
    in_body = (expected(case).get("field") or "").startswith("body.")
    return in_body and not has_broken_text and name not in BETWEEN_FIELDS and not name.endswith(BEYOND_SCHEMA)


@pytest.fixture(scope="module")
def entry_validator() -> jsonschema.Draft202012Validator:
    schema = {**request_schema(), "$ref": "#/$defs/Entry"}
    for name in ("type", "properties", "required"):
        schema.pop(name)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["uuid", "date"]))


def test_the_schema_is_a_schema_and_plain_json() -> None:
    jsonschema.Draft202012Validator.check_schema(request_schema())
    assert json.loads(json.dumps(request_schema())) == request_schema()


def test_every_entry_type_has_its_branch() -> None:
    branches = request_schema()["$defs"]["Entry"]["oneOf"]
    assert [branch["properties"]["type"]["const"] for branch in branches] == list(ENTRY_TYPES)


@pytest.mark.parametrize("case", [case for case in ELEMENTS if expected(case)["verdict"] is None])
def test_a_readable_element_fits_the_schema(
    case: dict[str, Any], entry_validator: jsonschema.Draft202012Validator
) -> None:
    entry_validator.validate(without_nulls(element_of(case)))


@pytest.mark.parametrize("case", [case for case in ELEMENTS if is_a_matter_of_shape(case)])
def test_an_element_refused_for_a_body_field_does_not_fit_the_schema(
    case: dict[str, Any], entry_validator: jsonschema.Draft202012Validator
) -> None:
    assert not entry_validator.is_valid(element_of(case))


def without_nulls(element: dict[str, Any]) -> dict[str, Any]:
    """Null is the same as absent to the parser; the schema leaves it out where a field has a default of its own."""
    body = {name: value for name, value in element["body"].items() if value is not None}
    return {name: value for name, value in {**element, "body": body}.items() if value is not None}


def test_every_code_list_has_codes_of_plain_letters() -> None:
    for codes in LISTS.values():
        assert len(codes) > 1
        assert all(code.value.replace("_", "a").isalnum() and code.value.islower() for code in codes)


def test_an_entry_may_be_sealed() -> None:
    sealed = json.loads((VECTORS / "sealed.json").read_text())
    element = {"id": sealed["made"][0]["aad"], "device_seq": 1, "key_id": sealed["key"]["key_id"], "sealed": "AAAA"}
    request = {
        "protocol": 1,
        "device_id": element["id"],
        "sent_at": "2026-11-21T09:14:03Z",
        "unsent_after": 0,
        "entries": [element],
    }
    validator = jsonschema.Draft202012Validator(request_schema())
    validator.validate(request)
    for name in element:
        missing = [{other: value for other, value in element.items() if other != name}]
        assert not validator.is_valid(request | {"entries": missing}), name
