"""OpenAPI 3.1 of the machine endpoints: a small table of endpoints, and schemas generated from the types they parse and
answer with. The entry types come from `sync`.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec

from fieldapp.routes import api_access, api_alerts, api_files, api_push, api_sealing, api_session, read_log
from fieldapp.routes._health import Health
from fieldapp.routes._web import ErrorAnswer
from sync.envelope import Change, SyncResponse
from sync.schema import request_schema

_REF = "#/components/schemas/{name}"
_UNSAFE = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Endpoint:
    """One method of one path. `errors` are the statuses that answer with an error body."""

    method: str
    path: str
    summary: str
    takes: type[msgspec.Struct] | str | None = None
    """A type, or the name of a schema that is not generated from one type alone."""
    gives: dict[int, type[msgspec.Struct] | str | None] = field(default_factory=dict)
    errors: tuple[int, ...] = ()
    needs_session: bool = True
    query: dict[str, str] = field(default_factory=dict)
    """Optional query parameters and their JSON types."""


class OlderEntries(msgspec.Struct):
    """What `GET /api/clients/<id>/entries` answers."""

    changes: list[Change]
    more: bool
    before: str | None


_CREDENTIALS = (400, 401, 422, 429)
_TOLD = (400, 401, 422)

ENDPOINTS = (
    Endpoint(
        "post", "/api/session", "Sign in; sets the session cookie",
        api_session.Credentials, {200: api_session.SessionAnswer}, _CREDENTIALS, needs_session=False,
    ),
    Endpoint("get", "/api/session", "Who am I", gives={200: api_session.SessionAnswer}),
    Endpoint("delete", "/api/session", "Sign out, and end this person's pushes to this device", gives={204: None}),
    Endpoint(
        "post", "/api/enrolment", "Choose a first password with a one-time code, and sign in",
        api_session.Enrolment, {200: api_session.SessionAnswer}, _CREDENTIALS, needs_session=False,
    ),
    Endpoint(
        "post", "/api/devices", "Register the device that signed in; the answer names its id, the same every time",
        api_session.DeviceTold, {200: api_session.DeviceAnswer}, _TOLD,
    ),
    Endpoint(
        "post", "/api/sync", "One round trip: entries up; verdicts, changes and server time down",
        "SyncRequest", {200: SyncResponse}, (400, 401, 409, 429),
    ),
    Endpoint(
        "get", "/api/clients/{client_id}/entries", "Entries older than a phone keeps, newest first",
        gives={200: OlderEntries}, errors=(404,), query={"before": "string"},
    ),
    Endpoint(
        "get", "/api/clients/{client_id}/readers", "Who has read this client's record: for privacy and leaders",
        gives={200: read_log.ReadersAnswer}, errors=(404,),
    ),
    Endpoint("get", "/api/alerts", "Every unresolved alert I may see", gives={200: api_alerts.AlertsAnswer}),
    Endpoint(
        "post", "/api/access/emergency", "Sight of one client for an hour, by name and birth year; a leader is told",
        api_access.EmergencyAsked, {200: api_access.EmergencyAnswer}, (400, 401, 404, 422, 429),
    ),
    Endpoint(
        "post", "/api/files", "Announce a photo, or ask how much of it is here",
        api_files.FileAnnounced, {200: api_files.FileOffset}, (400, 401, 404, 409, 413, 415, 422), needs_session=False,
    ),
    Endpoint(
        "put", "/api/files/{file_id}", "The bytes of a photo from an offset, as they are or sealed",
        "Bytes", {200: api_files.FileOffset}, (400, 401, 404, 409, 413, 415, 422), needs_session=False,
        query={"offset": "integer"},
    ),
    Endpoint("get", "/api/files/{file_id}", "A photo, to whoever reads its entry", gives={200: None}, errors=(404,)),
    Endpoint(
        "get", "/api/sealing/key", "The key to seal entries to (HPKE)",
        gives={200: api_sealing.SealingKey}, needs_session=False,
    ),
    Endpoint("get", "/api/push/key", "The key to subscribe with (VAPID)", gives={200: api_push.PushKey}),
    Endpoint(
        "post", "/api/push/subscriptions", "Add or renew this device's subscription",
        api_push.SubscriptionTold, {200: api_push.SubscriptionAnswer}, _TOLD,
    ),
    Endpoint(
        "delete", "/api/push/subscriptions/{subscription_id}", "End a subscription", gives={204: None}, errors=(404,)
    ),
    Endpoint(
        "post", "/api/push/subscriptions/{subscription_id}/test", "Ask for a test push",
        gives={202: None}, errors=(404,),
    ),
    Endpoint(
        "post", "/api/push/receipts", "The device showed a message; its id is the secret",
        api_push.Receipt, {204: None}, (400, 404, 422), needs_session=False,
    ),
    Endpoint("get", "/api/schema", "JSON Schema of the sync request", gives={200: "JsonSchema"}, needs_session=False),
    Endpoint("get", "/api/openapi.json", "This document", gives={200: "OpenApi"}, needs_session=False),
    Endpoint("get", "/healthz", "Is everything alive", gives={200: Health, 503: Health}, needs_session=False),
    Endpoint(
        "get", "/metrics", "Prometheus text; only with the metrics token as bearer",
        gives={200: None}, errors=(404,), needs_session=False,
    ),
)  # fmt: skip


@cache
def document(version: str) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sett", "version": version, "description": "What a phone or another machine may call."},
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "sett"}},
        },
    }


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method] = _operation(endpoint)
    return paths


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "responses": {str(status): _answer(kind) for status, kind in endpoint.gives.items()},
    }
    for status in sorted({*endpoint.errors, *_always(endpoint)} - set(endpoint.gives)):
        operation["responses"][str(status)] = _answer(ErrorAnswer, "Error")
    if endpoint.takes:
        operation["requestBody"] = {"required": True, "content": _json(endpoint.takes)}
    parameters = [_path_parameter(name) for name in re.findall(r"{(\w+)}", endpoint.path)]
    parameters += [{"name": name, "in": "query", "schema": {"type": kind}} for name, kind in endpoint.query.items()]
    if parameters:
        operation["parameters"] = parameters
    operation["security"] = [{"session": []}] if endpoint.needs_session else []
    return operation


def _always(endpoint: Endpoint) -> set[int]:
    """What every endpoint of its kind may answer."""
    return (
        ({401} if endpoint.needs_session else set())
        | ({403} if endpoint.method in _UNSAFE else set())
        | ({413, 415} if endpoint.takes else set())
        | {503}
    )


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


def _answer(kind: type[msgspec.Struct] | str | None, description: str = "OK") -> dict[str, Any]:
    return {"description": description} | ({"content": _json(kind)} if kind else {})


def _json(kind: type[msgspec.Struct] | str) -> dict[str, Any]:
    if kind == "Bytes":
        return {"application/octet-stream": {}}
    name = kind if isinstance(kind, str) else kind.__name__
    return {"application/json": {"schema": {"$ref": _REF.format(name=name)}}}


def _schemas() -> dict[str, Any]:
    kinds = {kind for endpoint in ENDPOINTS for kind in (endpoint.takes, *endpoint.gives.values())}
    types = sorted((kind for kind in kinds if isinstance(kind, type)), key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components([ErrorAnswer, *types], ref_template=_REF)
    return {**schemas, **_sync_schemas(), "JsonSchema": {"type": "object"}, "OpenApi": {"type": "object"}}


def _sync_schemas() -> dict[str, Any]:
    """The sync request as `sync` describes it, its definitions moved to where this document keeps schemas."""
    moved = msgspec.json.decode(msgspec.json.encode(request_schema()).replace(b"#/$defs/", b"#/components/schemas/"))
    definitions: dict[str, Any] = moved.pop("$defs")
    moved.pop("$schema")
    return {**definitions, "SyncRequest": moved}
