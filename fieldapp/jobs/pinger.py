"""Tells the outside monitor (FIELDAPP_HEARTBEAT_URL, Healthchecks-compatible) of good ticks and operator's alarms.

On a thread of its own, newest news first and older forgotten: a slow monitor never holds up a tick.
"""

import threading

import requests
import structlog

_TIMEOUT_S = 5
_log = structlog.get_logger()


class Pinger:
    """Pings in the background; without an address it does nothing."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._news = threading.Condition()
        self._good = False
        self._alarms: list[str] = []
        self._stopping = False
        if self._url:
            threading.Thread(target=self._keep_pinging, name="ping", daemon=True).start()

    def good(self) -> None:
        """A tick went well."""
        with self._news:
            self._good = True
            self._news.notify()

    def alarm(self, codes: list[str]) -> None:
        """The operator is needed: these codes."""
        with self._news:
            self._alarms = sorted({*self._alarms, *codes})
            self._news.notify()

    def stop(self) -> None:
        with self._news:
            self._stopping = True
            self._news.notify()

    def _keep_pinging(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._good or self._alarms or self._stopping)
                if self._stopping:
                    return
                good, alarms, self._good, self._alarms = self._good, self._alarms, False, []
            if good:
                self._ping(self._url, "")
            if alarms:
                self._ping(f"{self._url}/fail", "\n".join(alarms))

    def _ping(self, url: str, text: str) -> None:
        try:
            requests.post(url, data=text, timeout=_TIMEOUT_S)
        except requests.RequestException as error:
            _log.warning("monitor_not_reached", error=type(error).__name__)
