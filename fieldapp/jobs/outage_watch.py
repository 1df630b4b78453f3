"""Every web process watches the worker: after 60 s without a tick one of them tells the people, by itself.

Silence is counted from when this process began to watch, too: at start-up the worker gets its 60 s before anyone is
told that it is down. When the whole machine has stood still, or its clock was moved, the worker has done no wrong, and
gets some seconds. A heartbeat ahead of our clock, which was set back, proves nothing by its time: only by changing.
"""

import datetime as dt
import threading
import time
from collections.abc import Callable

import structlog

from fieldapp import clock
from fieldapp.db import Database
from fieldapp.jobs.sender import Sender
from fieldapp.queries.health import SILENT_AFTER, worker_health
from fieldapp.services.alerts import outage
from fieldapp.services.notify import delivery

LOOK_EVERY_S = 5.0
_SLEPT_S = 20.0
"""Between two looks that should be 5 s apart: then the machine was asleep, or its clock was moved."""
_TO_WAKE_UP = dt.timedelta(seconds=15)

_log = structlog.get_logger()


class OutageWatch:
    """Looks at the heartbeat again and again."""

    def __init__(self, database: Database, sender: Sender, clock_now: Callable[[], dt.datetime] = clock.now) -> None:
        self._database = database
        self._sender = sender
        self._now = clock_now
        self._watching_since = clock_now()
        self._ahead: tuple[dt.datetime, dt.datetime] | None = None
        self._claimed: set[dt.datetime | None] = set()  # the last tick before the silence it has told of
        self._news_may_wait = True  # that of a web process before this one
        self._stopping = clock.Stopper()

    def start(self) -> None:
        """Watch on a thread of its own until the process ends."""
        threading.Thread(target=self._keep_looking, name="outage-watch", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def look(self) -> bool:
        """Look once; whether the alerting is down. Claims and tells when it is, and keeps trying what was not sent."""
        now = self._now()
        with self._database.reading() as session:
            last_tick_at = worker_health(session, now).last_tick_at
        sign_of_life = self._sign_of_life(last_tick_at, now)
        if now - max(sign_of_life or self._watching_since, self._watching_since) <= SILENT_AFTER:
            # A silence whose minute is not over yet proves nothing either way: only a tick does.
            if sign_of_life is not None and now - sign_of_life <= SILENT_AFTER:
                self._is_up()
            return False
        if last_tick_at not in self._claimed:
            self._claim(last_tick_at, now)
        self._sender.pump()
        return True

    def _sign_of_life(self, last_tick_at: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
        """When the worker ticked by our clock; a tick ahead of it, when we first saw that one."""
        if last_tick_at is None or last_tick_at <= now:
            return last_tick_at
        if self._ahead is None or self._ahead[0] != last_tick_at or self._ahead[1] > now:
            self._ahead = last_tick_at, now
        return self._ahead[1]

    def _claim(self, last_tick_at: dt.datetime | None, now: dt.datetime) -> None:
        with self._database.transaction() as session:
            told = outage.claim_and_tell(session, last_tick_at, now)
        self._claimed, self._news_may_wait = {last_tick_at}, True
        if told is not None:
            _log.error("alerting_is_down", last_tick_at=str(last_tick_at), told=told)

    def _is_up(self) -> None:
        if self._news_may_wait:
            with self._database.transaction() as session:
                delivery.call_off_outage_news(session)
        self._news_may_wait = False

    def _keep_looking(self) -> None:
        steady, wall = time.monotonic(), self._now()
        while not self._stopping.wait(LOOK_EVERY_S):
            slept_s, went_s = time.monotonic() - steady, (self._now() - wall).total_seconds()
            if slept_s > _SLEPT_S or abs(went_s - slept_s) > _SLEPT_S:
                self._watching_since = self._now() - SILENT_AFTER + _TO_WAKE_UP
            steady, wall = time.monotonic(), self._now()
            try:
                self.look()
            except Exception:
                _log.exception("outage_watch_failed")
