"""The worker process. APScheduler is only the tick: what is due is data, so nothing is kept in a job store.

Between two ticks the worker sleeps until the next thing is due, or `tick_seconds`, whichever is sooner; a glance every
second notices what web processes have written. Any number of workers may run.
"""

import datetime as dt
import logging
import os
import socket
import threading
from collections.abc import Callable
from functools import partial

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from fieldapp import clock
from fieldapp.db import Database
from fieldapp.jobs import tasks
from fieldapp.jobs.pinger import Pinger
from fieldapp.jobs.sender import Sender, Sends

_SHORTEST_SLEEP_S = 0.02
_LOOK_EVERY_S = 1.0
"""A few indexed reads: a crisis from a phone need not wait for the longest sleep to end."""
_LONGEST_SLEEP_S = 20.0
"""Whatever the setting says: after 60 s without a tick people are told that the alerting is down."""
_ALARMS_COME_IN = dt.timedelta(minutes=5)
"""Longer than any transaction lasts, or a database is away."""

_log = structlog.get_logger()


class Every(BaseTrigger):
    """Fires at an interval, and once for all it has missed.

    APScheduler lists every run that was missed before it throws all but one away: after a clock that jumped a year that
    is half a minute and 400 MB, and meanwhile nobody is alerted. Here the next run is never one that is missed already.
    """

    def __init__(self, seconds: float) -> None:
        self.interval = dt.timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: dt.datetime | None, now: dt.datetime) -> dt.datetime:
        following = now if previous is None else previous + self.interval
        return following if previous is None or following > now else now + self.interval


class Worker:
    """Ticks until it is stopped."""

    def __init__(self, database: Database, channel: Sends, *, tick_seconds: float, heartbeat_url: str = "") -> None:
        self.name = f"{socket.gethostname()[:20]}:{os.getpid()}"
        self._database = database
        longest_s = min(tick_seconds, _LONGEST_SLEEP_S)
        self._longest = dt.timedelta(seconds=longest_s)
        self._sender = Sender(database, channel, self.name, wake=self.wake)
        self._pinger = Pinger(heartbeat_url)
        self._started_at = clock.now()
        self._alarms_known: set[tuple[int, int]] = set()
        self._stopping = clock.Stopper()
        self._turn = threading.Lock()
        self._ticking = False
        self._woken = False
        self._scheduler = self._make_scheduler(longest_s)

    def _make_scheduler(self, tick_seconds: float) -> BackgroundScheduler:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler = BackgroundScheduler(
            timezone=dt.UTC,
            executors={"default": ThreadPoolExecutor(2), tasks.ALERTS: ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._add(scheduler, tasks.ALERTS, self._tick, tick_seconds, executor=tasks.ALERTS)
        for job in tasks.JOBS:
            self._add(scheduler, job.name, partial(self._run, job), job.every_s)
        return scheduler

    def _add(
        self, scheduler: BackgroundScheduler, name: str, work: Callable[[], None], every_s: float, **more: object
    ) -> None:
        scheduler.add_job(work, Every(max(1, round(every_s))), id=name, next_run_time=clock.now(), **more)

    def run(self) -> None:
        """Tick until `stop`; then let what is being sent finish."""
        self._scheduler.start()
        while not self._stopping.wait(min(_LOOK_EVERY_S, self._longest.total_seconds())):
            self._mend_schedule()
            self._scheduler.wakeup()  # it sleeps by an Event, which a shifted clock may stretch: see clock.Stopper
            if tasks.anything_due(self._database, clock.now()):
                self.wake()
        self._scheduler.pause()
        self._scheduler.shutdown(wait=True)
        self._sender.stop()
        self._pinger.stop()

    def stop(self, *_: object) -> None:
        """End `run` (also a signal handler)."""
        self._stopping.set()

    def wake(self) -> None:
        """There may be something to do before the next tick."""
        with self._turn:
            self._woken = True
            if not self._ticking:
                self._tick_at(clock.now())

    def _tick(self) -> None:
        with self._turn:
            self._ticking, self._woken = True, False
        looked_at = clock.now()
        try:
            if tasks.tick(self._database, self._sender, self.name):
                self._pinger.good()
            self._pass_on_alarms()
        finally:
            at = self._next_tick_at(looked_at)
            with self._turn:
                self._ticking = False
                self._tick_at(clock.now() if self._woken else at)

    def _next_tick_at(self, looked_at: dt.datetime) -> dt.datetime:
        """The next moment there is something to do; what fell due while the tick was at work is next at once."""
        now = clock.now()
        try:
            due_at = tasks.next_due_at(self._database, looked_at)
        except Exception:
            _log.exception("next_due_unknown")
            due_at = None
        longest = now + self._longest
        return max(now + dt.timedelta(seconds=_SHORTEST_SLEEP_S), min(due_at, longest) if due_at else longest)

    def _tick_at(self, at: dt.datetime) -> None:
        if not self._stopping.is_set() and self._scheduler.running:
            self._scheduler.modify_job(tasks.ALERTS, next_run_time=at)

    def _pass_on_alarms(self) -> None:
        """Look back a while each time: an alarm is seen when its transaction ends, later than the time it carries."""
        try:
            found = tasks.alarms_since(self._database, max(self._started_at, clock.now() - _ALARMS_COME_IN))
        except Exception:
            _log.exception("alarms_unknown")
            return
        if found - self._alarms_known:
            self._pinger.alarm()
        self._alarms_known = found

    def _mend_schedule(self) -> None:
        """The clock was set back: APScheduler would sleep until the old time comes again."""
        latest = clock.now() + 2 * self._longest
        for job in self._scheduler.get_jobs():
            every = job.trigger.interval
            if job.next_run_time is not None and job.next_run_time > max(latest, clock.now() + 2 * every):
                job.modify(next_run_time=clock.now())

    def _run(self, job: tasks.Job) -> None:
        try:
            tasks.run_job(self._database, job, clock.now())
        except Exception:
            _log.exception("job_failed", job=job.name)
