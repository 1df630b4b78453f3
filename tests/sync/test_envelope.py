"""Whatever comes in is answered: an envelope, a refusal of one entry, or a refusal of the request."""

import datetime as dt
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import json_values
from sync.entry_types import ENTRY_TYPES, parse_body
from sync.envelope import (
    Change,
    Envelope,
    Refused,
    RequestError,
    SyncResponse,
    Verdict,
    content_key,
    dump,
    echo_id,
    judge_element,
    parse_request,
)
from tests.sync._json import values
from tests.sync._vectors import cases, element_of

CODES = {"invalid_envelope", "invalid_body", "too_long", "private_has_no_note", "unknown_type", "newer_version"}
READABLE = [
    element_of(case.values[0]) for case in cases("elements.json") if case.values[0]["expect"]["verdict"] is None
]
AUTHOR = uuid.UUID("01934f00-0000-7000-8000-0000000000aa")


def visit(**fields: Any) -> dict[str, Any]:
    body = {"outcome": "seen", "place": "home"}
    head = {"id": str(AUTHOR), "device_seq": 1, "type": "visit_logged", "version": 1, "client_id": str(AUTHOR)}
    return {**head, "occurred_at": "2026-11-21T09:05:00+01:00", "body": body, **fields}


def answer_to(read: Callable[[Any], Any], raw: Any) -> Any:
    """What `read` makes of `raw`, or the refusal it raises; anything else it raises is a fault."""
    try:
        return read(raw)
    except (Refused, RequestError) as refusal:
        return refusal


def read_or_refuse(raw: Any) -> None:
    """Reads an element with everything the server does to it before it looks anything up."""
    answer = answer_to(judge_element, raw)
    if isinstance(answer, Refused):
        assert answer.verdict in ("rejected", "deferred")
        assert answer.code in CODES
        (answer.field or "").encode()
    else:
        assert isinstance(answer, Envelope)
        assert len(content_key(answer, AUTHOR)) == 32
        msgspec.json.encode([answer.body, answer.extra])
    json_values.verbatim(raw).encode("ascii")
    (echo_id(raw) or "").encode()


@settings(max_examples=500, deadline=None)
@given(values)
def test_any_value_for_an_element_is_read_or_refused(raw: Any) -> None:
    read_or_refuse(raw)


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(READABLE), st.data())
def test_any_value_in_any_field_is_read_or_refused(element: dict[str, Any], data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted({*element, "mends", "clock_offset_ms", "author_id", "mood"})))
    read_or_refuse({**element, field: data.draw(values)})
    in_body = data.draw(st.sampled_from(sorted({*element["body"], "note", "mood"})))
    read_or_refuse({**element, "body": {**element["body"], in_body: data.draw(values)}})


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(sorted(ENTRY_TYPES)), st.data())
def test_any_value_in_any_known_body_field_is_read_or_refused(entry_type: str, data: st.DataObject) -> None:
    fields = ENTRY_TYPES[entry_type].body.__struct_encode_fields__
    read_or_refuse(visit(type=entry_type, body=data.draw(st.dictionaries(st.sampled_from(fields), values))))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_for_a_request_are_refused_with_a_code(raw: bytes) -> None:
    with pytest.raises(RequestError) as refusal:
        parse_request(raw)
    assert (refusal.value.status, refusal.value.code) in {(400, "malformed"), (409, "protocol_unsupported")}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_value_in_any_request_field_is_read_or_refused(data: st.DataObject) -> None:
    request = {"protocol": 1, "device_id": str(AUTHOR), "sent_at": "2026-11-21T09:05:00Z", "unsent_after": 0}
    field = data.draw(st.sampled_from([*request, "entries", "cursor", "deliver_for", "mood"]))
    raw = json.dumps({**request, "entries": [], field: data.draw(values)}).encode()
    answer = answer_to(parse_request, raw)
    if isinstance(answer, RequestError):
        assert answer.status in (400, 409, 413)
    else:
        (answer.cursor or "").encode()


def request_with(entries: str) -> bytes:
    head = '"protocol": 1, "device_id": "01934f00-0000-7000-8000-0000000000aa", "sent_at": "2026-11-21T09:05:00Z"'
    return f'{{{head}, "unsent_after": 0, "entries": {entries}}}'.encode()


@pytest.mark.parametrize("depth", [100, 900, 20_000])
def test_however_deep_a_request_is_nested_it_is_answered(depth: int) -> None:
    raw = request_with("[" + '{"body":' * depth + "1" + "}" * depth + "]")
    request = answer_to(parse_request, raw)
    if isinstance(request, RequestError):
        assert (request.status, request.code) == (400, "malformed")
        return
    assert isinstance(answer_to(judge_element, request.entries[0]), Refused)
    assert json_values.verbatim(request.entries[0]).count("{") == depth


def test_a_number_of_many_thousand_digits_rejects_its_own_entry_only() -> None:
    request = parse_request(request_with(f'[{json.dumps(visit())}, {{"id": {"9" * 5000}}}]'))
    assert judge_element(request.entries[0])
    with pytest.raises(Refused, match="invalid_envelope id"):
        judge_element(request.entries[1])


@pytest.mark.parametrize("broken", [b"\\ud800", b"\\u0000", b"\xed\xa0\x80", b"\\ude00\\ud83d", b"1e999"])
def test_a_broken_text_rejects_its_own_entry_only(broken: bytes) -> None:
    good = json.dumps(visit()).encode()
    bad = good.replace(b'"home"', b'"home", "note": "%b"' % broken if broken[:1] != b"1" else b'"home", "mood": 1e999')
    request = parse_request(request_with("[GOOD, BAD]").replace(b"GOOD", good).replace(b"BAD", bad))
    assert judge_element(request.entries[0])
    with pytest.raises(Refused, match="invalid_body body"):
        judge_element(request.entries[1])


def test_an_envelope_keeps_what_was_sent_beside_what_was_understood() -> None:
    envelope = judge_element(visit(mood="fin", occurred_at="2026-11-21T09:05:00.5+01:00"))
    assert envelope.extra == {"mood": "fin"}
    assert envelope.occurred_at_text == "2026-11-21T09:05:00.5+01:00"
    assert envelope.occurred_at == dt.datetime(2026, 11, 21, 8, 5, 0, 500_000, tzinfo=dt.UTC)
    assert envelope.parsed == parse_body("visit_logged", {"outcome": "seen", "place": "home"})


@given(values)
def test_what_was_refused_is_written_back_as_it_was(raw: Any) -> None:
    assert json_values.verbatim(raw) == json.dumps(raw, separators=(",", ":"))


def test_a_correction_names_the_field_of_the_body_inside_it() -> None:
    with pytest.raises(Refused, match=r"invalid_body body\.body\.place"):
        parse_body("visit_logged", {"outcome": "seen"}, prefix="body.body")


def test_1_and_1_point_0_are_not_the_same_content() -> None:
    whole, decimal = (judge_element(visit(body={"outcome": "seen", "place": "home", "mood": n})) for n in (1, 1.0))
    assert content_key(whole, AUTHOR) != content_key(decimal, AUTHOR)


def test_an_answer_leaves_out_what_it_has_no_word_for() -> None:
    answer = SyncResponse(
        server_time=dt.datetime(2026, 11, 21, 8, 14, tzinfo=dt.UTC),
        alerting_ok=True,
        results=[Verdict(id=None, verdict="rejected", code="invalid_envelope"), Verdict(id="a", verdict="accepted")],
        changes=[
            Change(kind="client", id="c", seq=812, data={}),
            Change(kind="client", id="c", seq=813, removed=True),
        ],
        cursor="opaque",
    )
    assert json.loads(dump(answer)) == {
        "protocol": 1,
        "server_time": "2026-11-21T08:14:00Z",
        "alerting_ok": True,
        "results": [
            {"id": None, "verdict": "rejected", "code": "invalid_envelope"},
            {"id": "a", "verdict": "accepted"},
        ],
        "changes": [
            {"kind": "client", "id": "c", "seq": 812, "data": {}},
            {"kind": "client", "id": "c", "seq": 813, "removed": True},
        ],
        "cursor": "opaque",
        "more": False,
        "reset": False,
    }


def test_a_full_request_is_read_in_well_under_a_second() -> None:
    entries = [visit(body={"outcome": "seen", "place": "home", "note": "å" * 1000}) for _ in range(100)]
    raw = request_with(json.dumps(entries, ensure_ascii=False))
    started = time.process_time()
    for element in parse_request(raw).entries:
        content_key(judge_element(element), AUTHOR)
    assert time.process_time() - started < 0.5
