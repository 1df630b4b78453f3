"""What the channels over HTTP share: kept connections that never stray, and what a status means in the contract."""

import datetime as dt
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from fieldapp.channels.contract import Delivered, OurFault, Retry
from fieldapp.services.hosts import is_loopback

_BODY_READ = 512
_CONNECTIONS_PER_HOST = 24


def outcome_of(answer: requests.Response, now: dt.datetime) -> Delivered | Retry | OurFault:
    """A success is handed over; a 4xx other than 429 is our fault; all else is tried again."""
    status = answer.status_code
    if 200 <= status < 300:
        return Delivered(status)
    if status == 429 or not 400 <= status < 500:
        return Retry(status, answer.reason or "", _retry_after(answer.headers, now))
    return OurFault(status, answer.reason or "")


def no_answer(error: requests.RequestException) -> Retry:
    """Refused, torn, too slow, or no TLS that holds."""
    return Retry(None, type(error).__name__, waited=isinstance(error, requests.Timeout))


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


class Sessions:
    """One session for each `host:port`, made when first needed. Safe to share between threads."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def to(self, host: str) -> "Session":
        with self._lock:
            return self._sessions.setdefault(host, Session(host))


class Session(requests.Session):
    """Connections to one service: no redirects, short reads, and no proxy on the way to loopback."""

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
