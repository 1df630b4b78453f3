"""What /healthz answers: does the database answer, and has a worker ticked lately."""

import datetime as dt
from importlib.metadata import version
from typing import Literal

import msgspec
import structlog

from fieldapp.queries import health
from fieldapp.routes import _request_log
from fieldapp.routes._web import clock, db

VERSION = version("fieldapp")


class Worker(msgspec.Struct):
    last_tick_at: dt.datetime | None
    age_s: float | None


class Health(msgspec.Struct, omit_defaults=True):
    status: Literal["ok", "fail"]
    version: str
    database: Literal["ok", "fail"]
    worker: Worker
    problem: str | None = None


def read_health() -> Health:
    """The state now; a failing database is an answer, not an error."""
    try:
        with db().reading() as session:
            worker = health.worker_health(session, clock.now())
    except Exception as error:  # whatever it is, the database does not answer
        structlog.get_logger().error("health_unknown", exc_info=error)
        _request_log.leave_out()
        return Health("fail", VERSION, "fail", Worker(None, None), "database does not answer")
    told = Worker(worker.last_tick_at, round(worker.age.total_seconds(), 1) if worker.age is not None else None)
    if worker.is_ticking:
        return Health("ok", VERSION, "ok", told)
    problem = "the last tick lies ahead of the clock" if worker.is_ahead else "no worker has ticked for 60 s"
    return Health("fail", VERSION, "ok", told, problem)
