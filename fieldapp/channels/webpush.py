"""Web push: encrypted (RFC 8291), signed with our VAPID key (RFC 8292), declarative JSON that still wakes the worker.

Plaintext and headers are exactly the contract's. Every send has fresh claims: pywebpush writes `aud` and `exp` into the
dict it is given, and with a kept one the next push service answers 403.
"""

import datetime as dt
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from py_vapid import Vapid02, VapidException
from pywebpush import WebPushException, webpush

from fieldapp.channels.contract import Delivered, Gone, Message, OurFault, Outcome, Retry, TooLarge
from fieldapp.services.hosts import is_loopback
from fieldapp.services.messages import TITLES

TTL_SECONDS = 14_400
TIMEOUT_SECONDS = 10
CLAIMS_LAST = dt.timedelta(hours=12)
LONGEST_PLAINTEXT = 3993
_BODY_READ = 512
_CONNECTIONS_PER_HOST = 24

KeyOf = Callable[[str], str | None]
"""From a key id to the private VAPID key (base64url), None when there is no such key any more."""


class WebPush:
    """Sends to push services; connections to each are kept and reused. Safe to share between threads."""

    def __init__(self, public_url: str, subject: str, key_of: KeyOf) -> None:
        self._public_url = public_url
        self._subject = subject
        self._key_of = key_of
        self._vapid: dict[str, Vapid02] = {}
        self._sessions: dict[str, _Session] = {}
        self._lock = threading.Lock()

    def send(self, message: Message, now: dt.datetime) -> Outcome:
        """Send it once; what the push service answered, in the words of the contract."""
        try:
            vapid = self._signer(message.key_id)
            if vapid is None:
                return OurFault(None, "the subscription's VAPID key is gone")
            answer = self._post(message, vapid, now)
        except requests.RequestException as error:
            return Retry(None, type(error).__name__, waited=isinstance(error, requests.Timeout))
        except (WebPushException, VapidException, ValueError, TypeError) as error:
            return OurFault(None, f"{type(error).__name__}: {error}"[:200])
        return outcome_of(answer, now)

    def _post(self, message: Message, vapid: Vapid02, now: dt.datetime) -> requests.Response:
        """pywebpush raises for everything above 202, the answer inside; without one it could not even ask."""
        try:
            return webpush(
                {"endpoint": message.endpoint, "keys": {"p256dh": message.p256dh, "auth": message.auth}},
                data=plaintext(message, self._public_url),
                vapid_private_key=vapid,
                vapid_claims={"sub": self._subject, "exp": int((now + CLAIMS_LAST).timestamp())},
                ttl=TTL_SECONDS,
                timeout=TIMEOUT_SECONDS,
                headers={"Urgency": "high", "Topic": message.topic},
                requests_session=self._session(message.host),
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

    def _session(self, host: str) -> "_Session":
        with self._lock:
            return self._sessions.setdefault(host, _Session(host))


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
    """The table of answers. What is neither success nor named here is our fault when 4xx, and tried again otherwise."""
    status = answer.status_code
    if 200 <= status < 300:
        return Delivered(status)
    if status in (404, 410):
        return Gone(status)
    if status == TooLarge.status:
        return TooLarge()
    if status == 429 or not 400 <= status < 500:
        return Retry(status, answer.reason or "", _retry_after(answer.headers, now))
    return OurFault(status, f"{answer.reason}: {answer.text[:120]}")


def _retry_after(headers: Mapping[str, str], now: dt.datetime) -> float | None:
    """Seconds, whether the header gave seconds or a date; None when it gave neither."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        at = dt.datetime.strptime(value, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return max(0.0, (at - now).total_seconds())


class _Session(requests.Session):
    """Connections to one push service: no redirects, short reads, and no proxy on the way to loopback."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self.trust_env = not is_loopback(urlsplit(f"//{host}").hostname or "")
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=_CONNECTIONS_PER_HOST)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def post(self, url: Any, data: Any = None, json: Any = None, **kwargs: Any) -> requests.Response:
        """A redirect is an answer, not a wish. Of the answer's text only as much is read as a log line holds."""
        answer = super().post(url, data=data, json=json, **kwargs, allow_redirects=False, stream=True)
        try:
            answer._content = answer.raw.read(_BODY_READ, decode_content=True)
            if answer.raw.read(1) == b"":
                answer.raw.release_conn()
            else:
                answer.close()
        except Exception:
            answer._content = b""
            answer.close()
        answer._content_consumed = True  # type: ignore[attr-defined]
        return answer
