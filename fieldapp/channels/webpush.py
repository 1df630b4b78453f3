"""Web push: encrypted (RFC 8291), signed with our VAPID key (RFC 8292), declarative JSON that still wakes the worker.

Plaintext and headers are exactly the contract's. Every send has fresh claims: pywebpush writes `aud` and `exp` into the
dict it is given, and with a kept one the next push service answers 403.
"""

import datetime as dt
import json
import threading
from collections.abc import Callable

import requests
from py_vapid import Vapid02, VapidException
from pywebpush import WebPushException, webpush

from fieldapp.channels import http
from fieldapp.channels.contract import TIMEOUT_SECONDS, Gone, Message, OurFault, Outcome, ToDevice, TooLarge
from fieldapp.services.notify.messages import TITLES

TTL_SECONDS = 14_400
CLAIMS_LAST = dt.timedelta(hours=12)
LONGEST_PLAINTEXT = 3993

KeyOf = Callable[[str], str | None]
"""From a key id to the private VAPID key (base64url), None when there is no such key any more."""


class WebPush:
    """Sends to push services; connections to each are kept and reused. Safe to share between threads."""

    def __init__(self, public_url: str, subject: str, key_of: KeyOf) -> None:
        self._public_url = public_url
        self._subject = subject
        self._key_of = key_of
        self._vapid: dict[str, Vapid02] = {}
        self._web = http.Sessions()
        self._lock = threading.Lock()

    def send(self, message: Message, now: dt.datetime) -> Outcome:
        """Send it once; what the push service answered, in the words of the contract."""
        assert isinstance(message.to, ToDevice)
        try:
            vapid = self._signer(message.to.key_id)
            if vapid is None:
                return OurFault(None, "the subscription's VAPID key is gone")
            answer = self._post(message, message.to, vapid, now)
        except requests.RequestException as error:
            return http.no_answer(error)
        except (WebPushException, VapidException, ValueError, TypeError) as error:
            return OurFault(None, f"{type(error).__name__}: {error}"[:200])
        return outcome_of(answer, now)

    def _post(self, message: Message, to: ToDevice, vapid: Vapid02, now: dt.datetime) -> requests.Response:
        """pywebpush raises for everything above 202, the answer inside; without one it could not even ask."""
        try:
            return webpush(
                {"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}},
                data=plaintext(message, self._public_url),
                vapid_private_key=vapid,
                vapid_claims={"sub": self._subject, "exp": int((now + CLAIMS_LAST).timestamp())},
                ttl=TTL_SECONDS,
                timeout=TIMEOUT_SECONDS,
                headers={"Urgency": "high", "Topic": message.topic},
                requests_session=self._web.to(message.host),
            )
        except WebPushException as error:
            if error.response is None:
                raise
            return error.response

    def _signer(self, key_id: str) -> Vapid02 | None:
        with self._lock:
            if key_id not in self._vapid:
                private_key = self._key_of(key_id)
                if private_key is None:
                    return None
                self._vapid[key_id] = Vapid02.from_string(private_key)
            return self._vapid[key_id]


def plaintext(message: Message, public_url: str) -> str:
    """What the phone gets: a constant title and opaque ids. Shortened after a 413: without what can be done without."""
    notification = {"title": TITLES[message.kind], "lang": "nb", "navigate": public_url + message.path}
    if not message.shortened:
        notification["tag"] = message.topic
    said = {
        "web_push": 8030,
        "mutable": True,
        "notification": notification,
        "kind": message.kind,
        "notification_id": message.delivery_id,
    }
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) > LONGEST_PLAINTEXT:
        raise ValueError("longer than one record of RFC 8291 holds")
    return text


def outcome_of(answer: requests.Response, now: dt.datetime) -> Outcome:
    """The table of answers: what only a push service means by them, and else as for every service over HTTP."""
    if answer.status_code in (404, 410):
        return Gone(answer.status_code)
    if answer.status_code == TooLarge.status:
        return TooLarge()
    outcome = http.outcome_of(answer, now)
    if isinstance(outcome, OurFault):
        return OurFault(outcome.status, f"{outcome.reason}: {answer.text[:120]}")
    return outcome
