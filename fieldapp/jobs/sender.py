"""Sends what is due without ever making the tick wait: claims, hands to threads, and records what came of it.

Claiming and recording are transactions; sending happens between them with nothing open. Every message claimed has a
thread free for it, so a lease is never spent waiting in line.
"""

import datetime as dt
import queue
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol

import structlog

from fieldapp import clock
from fieldapp.db import Database
from fieldapp.services.notify import delivery, outcomes
from fieldapp.services.notify.messages import Delivered, Message, Outcome, Retry, Sent

THREADS = 96
_RECORD_AGAIN_S = 1.0

_log = structlog.get_logger()


class Sends(Protocol):
    """A channel (channels/contract.py)."""

    def send(self, message: Message, now: dt.datetime) -> Outcome: ...


class Sender:
    """One process's sending. `wake` is called when there may be more to claim or to climb; `clock_now` is for tests."""

    def __init__(
        self,
        database: Database,
        channel: Sends,
        name: str,
        *,
        wake: Callable[[], None] = lambda: None,
        clock_now: Callable[[], dt.datetime] = clock.now,
        about_outage: bool = False,
    ) -> None:
        self._database = database
        self._channel = channel
        self._name = name
        self._wake = wake
        self._now = clock_now
        self._about_outage = about_outage
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="send")
        self._claimed: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Sent | None] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._busy: Counter[delivery.Lane] = Counter()
        self._unrecorded = 0
        self._pause = clock.Stopper()
        self._more_is_due = False
        self._recorder = threading.Thread(target=self._keep_recording, name="record", daemon=True)
        self._recorder.start()

    def pump(self) -> int:
        """Claim and start sending all that is due and fits; how many. Raises when nobody is left to record it."""
        if not self.is_whole():
            raise RuntimeError("the recorder has ended")
        now = self._now()
        self._more_is_due = self.has_more(now)
        with self._changed:
            busy, unrecorded = dict(+self._busy), self._unrecorded
        # What is sent but not written down yet takes up room too: it is what a crash would send twice.
        room = THREADS - unrecorded
        if not self._more_is_due or room <= 0:
            return 0
        with self._database.transaction() as session:
            claimed = delivery.claim(session, self._name, now, busy=busy, room=room, about_outage=self._about_outage)
        with self._changed:
            self._busy.update(delivery.lane_of(message) for message in claimed)
            self._unrecorded += len(claimed)
        self._start(claimed)
        return len(claimed)

    def is_whole(self) -> bool:
        """Whether what is sent gets written down."""
        return self._recorder.is_alive()

    def has_more(self, now: dt.datetime) -> bool:
        """Whether something is due that nobody is sending."""
        with self._database.reading() as session:
            return delivery.any_due(session, now, about_outage=self._about_outage)

    def wait(self, seconds: float) -> bool:
        """Wait until everything started is sent and recorded; False when that took longer."""
        with self._changed:
            return self._changed.wait_for(lambda: self._unrecorded == 0, timeout=seconds)

    def stop(self, seconds: float = 25) -> None:
        """Claim no more; let what is on its way finish and be recorded."""
        self._pool.shutdown(wait=False, cancel_futures=False)
        self.wait(seconds)
        self._results.put(None)
        self._recorder.join(5)

    def _start(self, claimed: list[Message]) -> None:
        """Hand each to a thread. Where one cannot be started the rest is let go: when its lease ends it is due again.

        They are handed over beside the pool, which keeps what it failed to start, and would send it in its own time.
        """
        for at, message in enumerate(claimed):
            self._claimed.put(message)
            try:
                self._pool.submit(self._send_next)
            except Exception:
                taken_back = self._next_claimed()
                self._let_go(claimed[at + 1 :] + ([taken_back] if taken_back else []))
                raise

    def _next_claimed(self) -> Message | None:
        try:
            return self._claimed.get_nowait()
        except queue.Empty:
            return None

    def _let_go(self, messages: list[Message]) -> None:
        with self._changed:
            self._busy.subtract(delivery.lane_of(message) for message in messages)
            self._unrecorded -= len(messages)
            self._changed.notify_all()

    def _send_next(self) -> None:
        if (message := self._next_claimed()) is not None:
            self._send(message)

    def _send(self, message: Message) -> None:
        try:
            outcome = self._channel.send(message, self._now())
        except Exception as error:  # a channel's mistake must not take the worker, or the other messages, along
            _say("channel_crashed", kind=message.kind)
            # Most often it passes: a database that is away, a system without a thread to spare.
            outcome = Retry(None, type(error).__name__, ours=True)
        self._results.put(Sent(message, outcome, self._now()))
        with self._changed:
            self._busy[delivery.lane_of(message)] -= 1
        if self._more_is_due:
            self._wake()

    def _keep_recording(self) -> None:
        """Nothing ends it but `stop`: what nobody records fills the room, and then nothing is sent any more."""
        while batch := self._next_batch():
            try:
                self._record(batch)
            except Exception:
                _say("recording_given_up", messages=len(batch))
            with self._changed:
                self._unrecorded -= len(batch)
                self._changed.notify_all()
            try:
                self._wake_after(batch)
            except Exception:
                _say("waking_failed")

    def _next_batch(self) -> list[Sent]:
        """All there is, at least one; none once it is to stop."""
        batch: list[Sent] = []
        while not (batch and self._results.empty()):
            sent = self._results.get()
            if sent is None:
                if batch:
                    self._results.put(None)
                break
            batch.append(sent)
        return batch

    def _record(self, batch: list[Sent]) -> None:
        """Until it is written down, or the leases have run out and another will send it again anyway."""
        deadline = self._now() + delivery.LEASE
        while True:
            try:
                with self._database.transaction() as session:
                    outcomes.record(session, batch, self._now())
                return
            except Exception:
                if self._now() >= deadline:
                    raise
                _say("recording_failed", messages=len(batch))
                self._pause.wait(_RECORD_AGAIN_S)

    def _wake_after(self, batch: list[Sent]) -> None:
        """A refusal may let an alert climb, a failure has a time to be tried again: both shorten the worker's sleep."""
        if self._more_is_due or not all(isinstance(sent.outcome, Delivered) for sent in batch):
            self._wake()


def _say(event: str, **more: object) -> None:
    """Say what went wrong, where the log takes it: a full disk beneath it must not end a thread, too."""
    with suppress(Exception):
        _log.exception(event, **more)
