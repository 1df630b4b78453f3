"""The examples of sync/PROTOCOL.md hold in Python; node --test reads the same files."""

import datetime as dt
import itertools
import uuid
from typing import Any

import pytest

from sync import clocks, merge, names
from sync.entry_types import ENTRY_TYPES
from sync.envelope import Refused, RequestError, content_key, judge_element, parse_request
from tests.sync._vectors import cases, element_of, request_bytes


def judged(element: Any) -> dict[str, Any]:
    try:
        judge_element(element)
    except Refused as refused:
        return {"verdict": refused.verdict, "code": refused.code, "field": refused.field}
    return {"verdict": None}


@pytest.mark.parametrize("case", cases("elements.json"))
def test_an_element_gets_the_verdict_of_its_vector(case: dict[str, Any]) -> None:
    assert judged(element_of(case)) == case["expect"]


def test_every_entry_type_has_a_readable_vector() -> None:
    readable = [case.values[0] for case in cases("elements.json") if case.values[0]["expect"]["verdict"] is None]
    assert {case["element"]["type"] for case in readable} == set(ENTRY_TYPES)


@pytest.mark.parametrize("case", cases("requests.json"))
def test_a_request_gets_the_answer_of_its_vector(case: dict[str, Any]) -> None:
    expected = case["expect"]
    if expected["status"] == 200:
        assert parse_request(request_bytes(case)).cursor == expected.get("cursor")
        return
    with pytest.raises(RequestError) as refusal:
        parse_request(request_bytes(case))
    error = refusal.value
    assert (error.status, error.code, error.extra.get("field")) == (
        expected["status"],
        expected["code"],
        expected.get("field"),
    )


@pytest.mark.parametrize("case", cases("same_content.json"))
def test_the_same_content_has_the_same_key(case: dict[str, Any]) -> None:
    first = content_key(judge_element(case["a"]), uuid.UUID(case["author_a"]))
    second = content_key(judge_element(case["b"]), uuid.UUID(case["author_b"]))
    assert (first == second) is case["same"]
    assert len(first) == 32


@pytest.mark.parametrize("case", cases("clocks.json"))
def test_a_clock_is_corrected_as_its_vector_says(case: dict[str, Any]) -> None:
    occurred, sent, received = (
        dt.datetime.fromisoformat(case[name]) for name in ("occurred_at", "sent_at", "received_at")
    )
    corrected = clocks.corrected_at(occurred, case["clock_offset_ms"], case["time_chosen"])
    assert {
        "corrected_at": iso(corrected),
        "clock_at": iso(clocks.clock_time(corrected, occurred, sent, received)),
        "flags": clocks.flags(corrected, occurred, sent, received),
    } == case["expect"]


def iso(moment: dt.datetime) -> str:
    assert moment.utcoffset() == dt.timedelta(0)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize("case", cases("merges.json"))
def test_edits_merge_as_their_vector_says_in_every_order(case: dict[str, Any]) -> None:
    edits = [merge.edit(edit["values"], tuple(edit["stamp"])) for edit in case["edits"]]
    for order in itertools.permutations(edits):
        assert merge.values(merge.merge(order)) == case["expect"]


@pytest.mark.parametrize("case", cases("names.json"))
def test_a_name_has_the_form_of_its_vector(case: dict[str, Any]) -> None:
    assert names.clean(case["text"]) == case["clean"]
    assert names.clean(case["clean"]) == case["clean"]
    assert names.is_name(case["text"]) is case["is_name"]
