"""What the channels over HTTP share: kept connections that never stray, and what a status means in the contract."""

import datetime as dt
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from fieldapp.channels.contract import Delivered, OurFault, Retry
from fieldapp.channels.deadline import WHOLE_SECONDS, connect, hung_up_after
from fieldapp.services.notify.hosts import is_loopback

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
    """Connections to one service: no redirects, short reads, an end in time, and no proxy on the way to loopback."""

    def __init__(self, host: str) -> None:
        super().__init__()
        connect_safely(self, host)

    def post(self, url: Any, data: Any = None, json: Any = None, **kwargs: Any) -> requests.Response:
        """A redirect is an answer, not a wish. Raises requests.Timeout after WHOLE_SECONDS too, with half an answer."""
        post = super().post
        return answered_in_time(
            lambda: post(url, data=data, json=json, **kwargs, allow_redirects=False, stream=True), _BODY_READ
        )


def connect_safely(session: requests.Session, host: str) -> None:
    """Let a session to `host` connect in time, and with no proxy on the way to loopback."""
    session.trust_env = not is_loopback(urlsplit(f"//{host}").hostname or "")
    adapter = _Adapter(pool_maxsize=_CONNECTIONS_PER_HOST)
    session.mount("https://", adapter)
    session.mount("http://", adapter)


def answered_in_time(
    send: Callable[[], requests.Response], most: int, seconds: float | None = None
) -> requests.Response:
    """What `send` is answered, with at most so many bytes of text. Raises requests.Timeout after `seconds`
    (WHOLE_SECONDS unless said)."""
    using: list[_InUse] = []
    _here.using = using
    with hung_up_after(seconds or WHOLE_SECONDS, lambda: using[-1].sock if using else None) as too_late:
        try:
            answer = send()
        except requests.RequestException as error:
            if too_late.is_set():
                raise requests.Timeout("half an answer") from error
            raise
        _read_a_little(answer, most)
    return answer


def _read_a_little(answer: requests.Response, most: int) -> None:
    """No more of the answer's text than is wanted; its status counts, whatever becomes of the text."""
    try:
        answer._content = answer.raw.read(most, decode_content=True)
        if answer.raw.read(1) == b"":
            answer.raw.release_conn()
        else:
            answer.close()
    except Exception:
        answer._content = b""
        answer.close()
    answer._content_consumed = True  # type: ignore[attr-defined]


class _InUse:
    """A connection made in time, which says when a thread begins to use it, so that another can hang up."""

    sock: Any
    host: Any
    _dns_host: Any
    port: Any
    timeout: Any
    socket_options: Any

    def _new_conn(self) -> socket.socket:
        """As urllib3's own, which gives each address of a name the whole time-out, one after the other."""
        try:
            host = self._dns_host.strip("[]")
            return connect(host, self.port, self.timeout or WHOLE_SECONDS, self.socket_options or ())
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error  # type: ignore[arg-type]
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "connecting took too long") from error
        except OSError as error:
            raise NewConnectionError(self, type(error).__name__) from error  # type: ignore[arg-type]

    def connect(self) -> None:
        _here.using.append(self)
        super().connect()  # type: ignore[misc]

    def request(self, *args: Any, **kwargs: Any) -> None:
        _here.using.append(self)
        super().request(*args, **kwargs)  # type: ignore[misc]


class _Connection(_InUse, HTTPConnection):
    pass


class _SafeConnection(_InUse, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


class _Adapter(requests.adapters.HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


_POOLS = {"http": _Pool, "https": _SafePool}
_here = threading.local()
