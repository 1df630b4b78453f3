"""What the worker does, as functions that can be run once: the alert tick, and the small periodic jobs as a table."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from fieldapp import clock
from fieldapp.db import Database
from fieldapp.jobs.sender import Sender
from fieldapp.services import meetings, operator
from fieldapp.services.alerts import closing_notice, escalation, morning_digest, overdue, reminders
from fieldapp.services.alerts.staff_safety import any_overdue_visit, ask_all
from fieldapp.services.audit import anchors, destroyed
from fieldapp.services.entries import files
from fieldapp.services.entries.sight import turn_dates
from fieldapp.services.notify import delivery, push_check
from fieldapp.services.operations import clock_set_back, heartbeat, retention
from fieldapp.services.people import grants

ALERTS = "alerts"
_SETTLES_AFTER = 12
"""Rounds of sending and climbing in one call of `tick_until_quiet`: more than any ladder has steps."""
_SENDING_S = 30.0

_log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """One periodic job: a function of a session and the time, run in a transaction of its own, if `is_due` says so."""

    name: str
    every_s: float
    run: Callable[[Any, dt.datetime], int]
    is_due: Callable[[Any, dt.datetime], bool] | None = None


JOBS = (
    Job("team_dates", 60, turn_dates),
    Job("grants", 5, grants.end_due, grants.any_due),
    Job("operator_alarms", 300, heartbeat.clear_quiet_alarms),
    Job("clock_set_back", 5, clock_set_back.mend, clock_set_back.any_ahead),
    Job("push_check", 60, push_check.check_quiet_phones),
    Job("sign_ins", 3600, heartbeat.forget_sign_ins),
    Job("street_contacts", 3600, retention.forget_street_contacts, retention.any_street_contact_due),
    Job("meetings", 3600, meetings.drop_forgotten),
    Job("files", 3600, files.sweep_folder),
    Job("read_log_anchor", 3600, anchors.hourly),
    Job("destroyed_keys", 3600, destroyed.write_missing),
)


def run_job(database: Database, job: Job, now: dt.datetime) -> int:
    """Run one periodic job once; how much it did."""
    if job.is_due is not None:
        return _when_due(database, job.is_due, job.run, now)
    with database.transaction() as session:
        return job.run(session, now)


def tick(database: Database, sender: Sender, worker: str, clock_now: Callable[[], dt.datetime] = clock.now) -> bool:
    """Open what has run out, let climb what is due, start sending; True, and a heartbeat, when all of it went well.

    A stage that fails never keeps the next from being tried. Most often one look finds nothing for any of them.
    """
    if sender.is_whole() and _all_is_quiet(database, clock_now()):
        return _stage("heartbeat", lambda: _beat(database, worker, clock_now()))
    went_well = [
        _stage("open", lambda: _open_all(database, sender, clock_now)),
        _stage("visits", lambda: _when_due(database, any_overdue_visit, ask_all, clock_now())),
        _stage("lines", lambda: _when_due(database, reminders.any_reminder_due, reminders.open_reminders, clock_now())),
        _stage("climb", lambda: _climb_all(database, sender, clock_now)),
        _stage(
            "closing", lambda: _when_due(database, closing_notice.any_closing, closing_notice.tell_all, clock_now())
        ),
        _stage("digest", lambda: _when_due(database, morning_digest.any_due, morning_digest.tell_all, clock_now())),
        _stage("send", sender.pump),
    ]
    return all(went_well) and _stage("heartbeat", lambda: _beat(database, worker, clock_now()))


def tick_until_quiet(
    database: Database, sender: Sender, worker: str, clock_now: Callable[[], dt.datetime] = clock.now
) -> bool:
    """Tick, wait for what was sent, and tick again while the answers let alerts climb: `fieldapp tick`, and tests."""
    for _ in range(_SETTLES_AFTER):
        good = tick(database, sender, worker, clock_now)
        sender.wait(_SENDING_S)
        with database.reading() as session:
            quiet = not (escalation.any_due(session, clock_now()) or sender.has_more(clock_now()))
        if not good or quiet:
            return good
    return True


def next_due_at(database: Database, now: dt.datetime) -> dt.datetime | None:
    """When there is next something to do."""
    with database.reading() as session:
        return heartbeat.next_due_at(session, now)


def anything_due(database: Database, now: dt.datetime) -> bool:
    """Whether something is due that can't wait for the next tick; False when the database does not answer (the tick
    will say so)."""
    try:
        return _is_so(database, _any_cannot_wait, now)
    except Exception:
        _log.exception("glance_failed")
        return False


def alarms_since(database: Database, since: dt.datetime) -> set[tuple[int, int]]:
    """The operator's alarms raised after `since`: (which, how many times so far)."""
    with database.reading() as session:
        return operator.raised_since(session, since)


def _all_is_quiet(database: Database, now: dt.datetime) -> bool:
    """Whether no stage has anything to do. When the look fails: no, and each says so itself."""
    try:
        return not _is_so(database, _any_stage_is_due, now)
    except Exception:
        return False


def _any_stage_is_due(session: Any, now: dt.datetime) -> bool:
    """What the stages of `tick` ask, one after the other; a new stage's question belongs here too."""
    return (
        _any_cannot_wait(session, now)
        or reminders.any_reminder_due(session, now)
        or closing_notice.any_closing(session, now)
        or morning_digest.any_due(session, now)
    )


def _any_cannot_wait(session: Any, now: dt.datetime) -> bool:
    return (
        delivery.any_due(session, now)
        or escalation.any_due(session, now)
        or overdue.any_overdue(session, now)
        or any_overdue_visit(session, now)
    )


def _stage(name: str, work: Callable[[], object]) -> bool:
    try:
        work()
    except Exception:
        _log.exception("tick_stage_failed", stage=name)
        return False
    return True


def _open_all(database: Database, sender: Sender, clock_now: Callable[[], dt.datetime]) -> None:
    """Batch after batch, the most overdue first; what is opened is on its way before the next batch."""
    now = clock_now()
    while _is_so(database, overdue.any_overdue, now):
        with database.transaction() as session:
            opened = overdue.open_overdue(session, now)
        if not opened:  # another worker has them
            return
        sender.pump()


def _climb_all(database: Database, sender: Sender, clock_now: Callable[[], dt.datetime]) -> None:
    """Batch after batch, the longest due first; those told in one are on their way before the next."""
    now = clock_now()
    while _is_so(database, escalation.any_due, now):
        with database.transaction() as session:
            looked_at = escalation.escalate(session, now)
        if not looked_at:  # another worker has them
            return
        sender.pump()


def _is_so(database: Database, question: Callable[[Any, dt.datetime], bool], now: dt.datetime) -> bool:
    with database.reading() as session:
        return question(session, now)


def _when_due(
    database: Database,
    is_due: Callable[[Any, dt.datetime], bool],
    work: Callable[[Any, dt.datetime], int],
    now: dt.datetime,
) -> int:
    """Look first: where there is nothing to do no writer waits for it."""
    if not _is_so(database, is_due, now):
        return 0
    with database.transaction() as session:
        return work(session, now)


def _beat(database: Database, worker: str, now: dt.datetime) -> None:
    with database.transaction() as session:
        heartbeat.beat(session, worker, now)
