"""Tells the outside monitor (FIELDAPP_HEARTBEAT_URL, Healthchecks-compatible) of good ticks and operator's alarms.

On a thread of its own, newest news first and older forgotten: a slow monitor never holds up a tick.
"""

import threading
from urllib.parse import urlsplit

import requests
import structlog

from fieldapp.services.notify.hosts import is_loopback

_TIMEOUT_S = 5
_log = structlog.get_logger()


class Pinger:
    """Pings in the background; without an address it does nothing."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._web = requests.Session()
        self._web.trust_env = not is_loopback(urlsplit(self._url).hostname or "")  # no proxy on the way to loopback
        self._news = threading.Condition()
        self._good = False
        self._alarm = False
        self._stopping = False
        if self._url:
            threading.Thread(target=self._keep_pinging, name="ping", daemon=True).start()

    def good(self) -> None:
        """A tick went well."""
        with self._news:
            self._good = True
            self._news.notify()

    def alarm(self) -> None:
        """The operator is needed; why is in the log and in `fieldapp doctor`."""
        with self._news:
            self._alarm = True
            self._news.notify()

    def stop(self) -> None:
        with self._news:
            self._stopping = True
            self._news.notify()

    def _keep_pinging(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._good or self._alarm or self._stopping)
                if self._stopping:
                    return
                good, alarm, self._good, self._alarm = self._good, self._alarm, False, False
            if good:
                self._ping(self._url)
            if alarm:
                self._ping(f"{self._url}/fail")

    def _ping(self, url: str) -> None:
        try:
            self._web.get(url, timeout=_TIMEOUT_S)
        except requests.RequestException as error:
            _log.warning("monitor_not_reached", error=type(error).__name__)
