"""The envelope: a sync request and its answer, how each is read and written, and the limits on both.

Whether an entry may stand (who may, does it exist, was it there before) is not judged here.
"""

import datetime as dt
import hashlib
import uuid
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from sync import json_values, private_talks
from sync.bodies_base import Body, Moment, out_of_range
from sync.entry_types import (
    ENTRY_TYPES,
    field_of,
    named_badly,
    parse_body,
)
from sync.refusals import Refused, RequestError, rejected
from sync.views import MAX_REPORTS

__all__ = ["Envelope", "Refused", "RequestError", "SyncRequest", "judge_element", "parse_request"]

PROTOCOL_MIN = PROTOCOL_MAX = 1
MAX_ENTRIES = 100
MAX_REQUEST_BYTES = 256 * 1024
MAX_ENTRY_BYTES = 64 * 1024
MAX_PROOFS = 100
MAX_LOST = 1000

LOCKED = "locked"
"""The flag of an entry that was written on a locked phone, until its author has said that it is theirs."""

UNREADABLE_CURSOR = "?"
"""Stands for a cursor that is not even a text; no server ever gives it out, so it leads to a reset."""

_TEN_YEARS_MS = 10 * 366 * 86_400_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

Seq = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class DeliverFor(Struct, frozen=True):
    """The claim that this device may deliver the entries of one staff member."""

    staff_id: uuid.UUID
    key: Annotated[str, Meta(max_length=500)]


class SyncRequest(Struct, frozen=True, kw_only=True):
    """A readable request; its entries are still as they came, to be judged one by one."""

    protocol: int
    device_id: uuid.UUID
    sent_at: Moment
    unsent_after: Seq
    entries: list[Any]
    cursor: str | None = None
    pull: bool = True
    """False: send only. The answer has no changes, and the cursor as it came."""
    deliver_for: tuple[DeliverFor, ...] = ()
    views: tuple[Any, ...] = ()
    """Reports of what was opened on the phone (views.py), sealed, as they came."""
    lost_seqs: tuple[int, ...] = ()
    """Of the numbers that the server said it misses: those the phone no longer holds."""


class Head(Struct, frozen=True, kw_only=True):
    """The fields of an envelope as they are sent."""

    id: uuid.UUID
    device_seq: Seq
    type: Annotated[str, Meta(min_length=1, max_length=100)]
    version: Annotated[int, Meta(ge=1)]
    occurred_at: Moment
    body: dict[str, Any]
    client_id: uuid.UUID | None = None
    case_id: uuid.UUID | None = None
    team_id: uuid.UUID | None = None
    time_chosen: bool = False
    locked: bool = False
    """Written on a phone that nobody had unlocked; in the name of whoever used it last."""
    clock_offset_ms: Annotated[int, Meta(ge=-_TEN_YEARS_MS, le=_TEN_YEARS_MS)] | None = None
    author_id: uuid.UUID | None = None
    mends: uuid.UUID | None = None


class Envelope(Head, frozen=True, kw_only=True):
    """A readable entry: its head, its body both as sent and parsed, and whatever else came with it."""

    occurred_at_text: str
    """`occurred_at` exactly as the phone wrote it."""
    parsed: Body
    extra: dict[str, Any]
    """Envelope fields that this version does not know: kept, and ignored."""


class Verdict(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one entry."""

    id: str | None
    verdict: Literal["accepted", "duplicate", "rejected", "deferred"]
    original: Literal["accepted"] | None = None
    code: str | None = None
    field: str | None = None
    message: str | None = None


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is new to the reader: its data, or that it is gone for them."""

    kind: str
    id: str
    seq: int
    data: dict[str, Any] | None = None
    removed: bool = False


class SyncResponse(Struct, frozen=True, kw_only=True):
    """The answer to a request that was taken."""

    protocol: int = PROTOCOL_MAX
    server_time: dt.datetime
    alerting_ok: bool
    results: list[Verdict]
    changes: list[Change]
    cursor: str | None
    more: bool = False
    reset: bool = False
    epoch: str | msgspec.UnsetType = msgspec.UNSET
    """The name of the server's log. Another one than before: it was put back from a backup."""
    sealing_key_id: str | msgspec.UnsetType = msgspec.UNSET
    """What entries are to be sealed to from now on (`GET /api/sealing/key`)."""
    view_results: list[Verdict] | msgspec.UnsetType = msgspec.UNSET
    """One verdict for each of `views`, in order."""
    signed_out: bool | msgspec.UnsetType = msgspec.UNSET
    """True: nobody's session stood behind the request, so that `changes` says nothing of what is new."""
    missing_seqs: list[int] | msgspec.UnsetType = msgspec.UNSET
    """Numbers of this phone that have not arrived; sent again, or answered with `lost_seqs`."""


def dump(response: SyncResponse) -> bytes:
    """The answer as JSON."""
    return msgspec.json.encode(response)


def parse_request(raw: bytes) -> SyncRequest:
    """The request in `raw`, or RequestError: 413 too_large, 400 malformed, 409 protocol_unsupported."""
    if len(raw) > MAX_REQUEST_BYTES:
        raise RequestError(413, "too_large")
    fields = _request_fields(raw)
    if not PROTOCOL_MIN <= fields["protocol"] <= PROTOCOL_MAX:
        raise RequestError(409, "protocol_unsupported", min=PROTOCOL_MIN, max=PROTOCOL_MAX)
    fields["cursor"] = _cursor(fields.get("cursor"))
    fields["deliver_for"] = _proofs(fields.get("deliver_for"))
    fields["pull"] = fields.get("pull") is not False
    fields["views"] = tuple(fields["views"][:MAX_REPORTS]) if isinstance(fields.get("views"), list) else ()
    fields["lost_seqs"] = _numbers(fields.get("lost_seqs"))
    try:
        request = msgspec.convert(fields, SyncRequest)
    except (msgspec.ValidationError, OverflowError, ValueError) as error:
        raise _malformed(field_of(str(error))) from None
    if out_of_range(request.sent_at):
        raise _malformed("sent_at")
    if len(request.entries) > MAX_ENTRIES:
        raise RequestError(413, "too_large")
    return request


def _malformed(field: str) -> RequestError:
    return RequestError(400, "malformed", field=field) if field else RequestError(400, "malformed")


def _request_fields(raw: bytes) -> dict[str, Any]:
    try:
        fields = json_values.read(raw)
    except ValueError:
        raise RequestError(400, "malformed") from None
    if not isinstance(fields, dict):
        raise RequestError(400, "malformed")
    protocol = fields.get("protocol")
    if isinstance(protocol, bool) or not isinstance(protocol, int):
        raise _malformed("protocol")
    return fields


def _cursor(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and json_values.is_clean(value)):
        return value
    return UNREADABLE_CURSOR


def _proofs(value: Any) -> tuple[DeliverFor, ...]:
    """The proofs that can be read: one that can't proves nothing, and its entries are told so."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_PROOFS:
        raise _malformed("deliver_for")
    proofs = []
    for item in value:
        try:
            proofs.append(msgspec.convert(item, DeliverFor))
        except msgspec.ValidationError:
            continue
    return tuple(proof for proof in proofs if json_values.is_clean(proof.key))


def _numbers(value: Any) -> tuple[int, ...]:
    """What can be read of a list of numbers: it only ever says what is gone, so the rest is left unsaid."""
    listed = value if isinstance(value, list) else []
    return tuple(seq for seq in listed[:MAX_LOST] if type(seq) is int and 1 <= seq < 2**53)


def judge_element(raw: Any) -> Envelope:
    """The entry in one element of `entries`, or Refused with verdict, code and field."""
    if not isinstance(raw, dict):
        raise rejected("invalid_envelope")
    _refuse_private_content(raw)
    _refuse_flaw(raw)
    if json_values.size(raw) > MAX_ENTRY_BYTES:
        raise rejected("too_long")
    head = _head(raw)
    if head.type not in ENTRY_TYPES:
        raise Refused("deferred", "unknown_type")
    if head.version > ENTRY_TYPES[head.type].version:
        raise Refused("deferred", "newer_version")
    _refuse_missing_references(head)
    return _envelope(raw, head)


def _refuse_private_content(raw: dict[str, Any]) -> None:
    """First of all: whatever else is wrong, the answer to content in a private talk is about the content."""
    if private_talks.is_private_talk(raw) and private_talks.talk_says_too_much(raw):
        raise rejected("private_has_no_note", "body")


def _refuse_flaw(raw: dict[str, Any]) -> None:
    path = json_values.flaw(raw)
    if path is None:
        return
    is_body = path[:1] == ("body",)
    named = [name for name in path if name.isidentifier() and name.isascii() and len(name) <= 100]
    raise rejected("invalid_body" if is_body else "invalid_envelope", ".".join(named) or None)


def _head(raw: dict[str, Any]) -> Head:
    given = {name: value for name, value in raw.items() if value is not None}
    try:
        head = msgspec.convert(given, Head)
    except (msgspec.ValidationError, OverflowError, ValueError) as error:
        field = field_of(str(error))
        is_body = field == "body" and raw.get("body") is not None
        raise rejected("invalid_body" if is_body else "invalid_envelope", field or None) from None
    if out_of_range(head.occurred_at):
        raise rejected("invalid_envelope", "occurred_at")
    return head


def _refuse_missing_references(head: Head) -> None:
    row = ENTRY_TYPES[head.type]
    if head.client_id is None and row.about == "client":
        raise rejected("invalid_envelope", "client_id")
    if head.client_id is None and head.team_id is None and row.about == "client_or_team":
        raise rejected("invalid_envelope", "team_id")
    if head.case_id is None and row.case:
        raise rejected("invalid_envelope", "case_id")


def _envelope(raw: dict[str, Any], head: Head) -> Envelope:
    parsed = parse_body(head.type, head.body)
    nameless = named_badly(head.type, head.body)
    if nameless is not None:
        raise rejected("invalid_body", nameless)
    return Envelope(
        **msgspec.structs.asdict(head),
        occurred_at_text=raw["occurred_at"],
        parsed=parsed,
        extra={name: value for name, value in raw.items() if name not in Head.__struct_fields__},
    )


def echo_id(raw: Any) -> str | None:
    """The `id` of an element as it can be echoed in its verdict, or None."""
    value = raw.get("id") if isinstance(raw, dict) else None
    return value if isinstance(value, str) and len(value) <= 100 and json_values.is_clean(value) else None


def content_key(envelope: Envelope, author_id: uuid.UUID) -> bytes:
    """32 bytes, equal when two entries say the same: author, type, version, client, case, instant and body."""
    microseconds = (envelope.occurred_at - _EPOCH) // dt.timedelta(microseconds=1)
    ids = [str(value) if value else None for value in (author_id, envelope.client_id, envelope.case_id)]
    content = [*ids, envelope.type, envelope.version, microseconds, envelope.body]
    return hashlib.sha256(json_values.canonical(content)).digest()
