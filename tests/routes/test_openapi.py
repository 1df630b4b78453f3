"""The OpenAPI document: valid, whole, and true to the routes."""

import re

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from fieldapp.routes._openapi import ENDPOINTS, document

BESIDE_API = {"/healthz", "/metrics"}
DOCUMENT = document("1")


def test_every_machine_endpoint_is_described_and_nothing_else() -> None:
    described = {(endpoint.method.upper(), endpoint.path) for endpoint in ENDPOINTS}
    assert len(described) == len(ENDPOINTS)


@pytest.mark.engines("sqlite")
def test_the_table_and_the_routes_are_the_same(app: Flask) -> None:
    routed = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.rule in BESIDE_API
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(endpoint.method.upper(), endpoint.path) for endpoint in ENDPOINTS} == routed


def test_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    names = set(re.findall(r"'#/components/schemas/(\w+)'", str(DOCUMENT)))
    assert names <= set(schemas)
    assert "#/$defs/" not in str(DOCUMENT)


def test_every_schema_is_one() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_says_what_it_answers() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            assert operation["responses"], (method, path)
            assert set(operation["responses"]) & {"200", "202", "204"}, (method, path)
