"""Webhook: one signed JSON call to a gateway that rings or sends an SMS (docs/webhook.md).

No name and no number leaves: the gateway knows the person by an opaque id and holds the numbers itself. Nothing a
gateway answers ends anything: a 404 is our address that is wrong, not a person who has left.
"""

import datetime as dt
import hashlib
import hmac
import json

import requests

from fieldapp.channels import http
from fieldapp.channels.contract import TIMEOUT_SECONDS, Message, Outcome, ToGateway
from fieldapp.services.notify.messages import TITLES

SIGNATURE = "Sett-Signature"


class Webhook:
    """Calls the gateway; connections are kept and reused. Safe to share between threads."""

    def __init__(self, url: str, signing_key: str, public_url: str) -> None:
        self._url = url
        self._key = signing_key.encode()
        self._public_url = public_url
        self._web = http.Sessions()

    def send(self, message: Message, now: dt.datetime) -> Outcome:
        """Call it once; what the gateway answered, in the words of the contract. Its text is not kept."""
        assert isinstance(message.to, ToGateway)
        body = body_of(message, message.to, self._public_url, now)
        headers = {"Content-Type": "application/json", SIGNATURE: signature(self._key, body, now)}
        try:
            answer = self._web.to(message.host).post(self._url, data=body, headers=headers, timeout=TIMEOUT_SECONDS)
        except requests.RequestException as error:
            return http.no_answer(error)
        return http.outcome_of(answer, now)


def body_of(message: Message, to: ToGateway, public_url: str, now: dt.datetime) -> bytes:
    """What the gateway gets: a constant title and opaque ids."""
    said = {
        "title": TITLES[message.kind],
        "kind": message.kind,
        "link": public_url + message.path,
        "notification_id": message.delivery_id,
        "recipient_id": str(to.staff_id),
        "sent_at": now.isoformat(timespec="seconds"),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signature(key: bytes, body: bytes, now: dt.datetime) -> str:
    """When it was sent, and HMAC-SHA256 over that time, a full stop and the body."""
    at = str(int(now.timestamp()))
    return f"t={at},v1={hmac.new(key, at.encode() + b'.' + body, hashlib.sha256).hexdigest()}"
