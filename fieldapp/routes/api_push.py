"""Push subscriptions and receipts for machines. A receipt needs no session: a session ends before a duty does, and the
message's id, 128 random bits that only the device was sent, is the secret. With somebody else's session on another
device it does not count."""

from typing import Annotated
from uuid import UUID

import msgspec
from flask import Blueprint, Response

from fieldapp.errors import AppError
from fieldapp.routes._devices import is_from
from fieldapp.routes._web import body, clock, db, json_answer, settings, signed_in, viewer
from fieldapp.security import access, current
from fieldapp.services.notify import outcomes
from fieldapp.services.people import keys, subscriptions

bp = Blueprint("api_push", __name__, url_prefix="/api/push")

Short = Annotated[str, msgspec.Meta(max_length=200)]


class PushKey(msgspec.Struct):
    public_key: str
    key_id: str


class BrowserKeys(msgspec.Struct):
    p256dh: Short
    auth: Short


class SubscriptionTold(msgspec.Struct):
    device_id: UUID
    endpoint: str
    keys: BrowserKeys
    key_id: Short


class SubscriptionAnswer(msgspec.Struct):
    id: UUID


class Receipt(msgspec.Struct):
    notification_id: Short


@bp.get("/key")
@access("signed_in")
def key() -> Response:
    with db().reading() as session:
        vapid = keys.read(session, settings().secret_key).vapid
    return json_answer(PushKey(vapid.public_key, vapid.key_id))


@bp.post("/subscriptions")
@access("signed_in")
def subscribe() -> Response:
    told, person = body(SubscriptionTold), signed_in()
    offered = subscriptions.Offered(told.device_id, told.endpoint, told.keys.p256dh, told.keys.auth, told.key_id)
    owner = subscriptions.Owner(person.viewer.staff_id, person.session_id, is_from(told.device_id))
    with db().transaction() as session:
        id = subscriptions.subscribe(session, offered, owner, settings().push_hosts, settings().secret_key, clock.now())
    return json_answer(SubscriptionAnswer(id))


@bp.delete("/subscriptions/<uuid:subscription_id>")
@access("signed_in")
def unsubscribe(subscription_id: UUID) -> Response:
    with db().transaction() as session:
        subscriptions.unsubscribe(session, subscription_id, viewer().staff_id, clock.now())
    return Response(status=204)


@bp.post("/subscriptions/<uuid:subscription_id>/test")
@access("signed_in")
def send_test(subscription_id: UUID) -> Response:
    with db().transaction() as session:
        subscriptions.send_test(session, subscription_id, viewer().staff_id, clock.now())
    return Response(status=202)


@bp.post("/receipts")
@access("token")
def receive() -> Response:
    told, person = body(Receipt), current()
    sent_by = outcomes.ReceiptFrom(person.viewer.staff_id, is_from) if person else None
    with db().transaction() as session:
        known = outcomes.receive(session, told.notification_id, clock.now(), sent_by)
    if not known:
        raise AppError("not_found")
    return Response(status=204)
