"""What is logged when the database does not answer: one line a minute and process, and none of the driver's words."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from fieldapp import logs

SECRET = "kanin4713"
AWAY = (
    OperationalError("SELECT 1", None, Exception(f'could not translate host name "{SECRET}@db.example"')),
    InterfaceError("SELECT 1", None, Exception(f"the connection to {SECRET} is closed")),
    NoConnection(f"QueuePool limit of {SECRET} reached"),
)


@pytest.mark.parametrize("error", AWAY, ids=["operational", "interface", "pool"])
def test_a_database_that_is_away_is_one_flat_line(said: Callable[[], list[dict]], error: Exception) -> None:
    for attempt in range(50):
        log_crash(error, attempt)
        logging.getLogger("sqlalchemy.pool").error("Exception during reset", exc_info=error)
    (line,) = said()
    assert line["event"] == "database_unavailable"
    assert line["during"] == "tick_stage_failed"
    assert SECRET not in json.dumps(line)
    assert "exception" not in line


def test_after_a_minute_it_says_so_again_and_how_often(
    said: Callable[[], list[dict]], monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [1000.0]
    monkeypatch.setattr("fieldapp.logs.time.monotonic", lambda: passed[0])
    for seconds in (0, 1, 30, 59.9, 60.1):
        passed[0] = 1000.0 + seconds
        log_crash(AWAY[0], 0)
    assert [line["held_back"] for line in said()] == [0, 3]


def test_what_comes_from_a_database_error_counts_too_and_all_else_is_told_whole(said: Callable[[], list[dict]]) -> None:
    wrapped = RuntimeError("the recorder")
    wrapped.__cause__ = AWAY[0]
    log_crash(wrapped, 0)
    log_crash(ValueError("something else"), 0)
    away, other = said()
    assert away["event"] == "database_unavailable"
    assert "something else" in other["exception"]


def log_crash(error: Exception, number: int) -> None:
    try:
        raise error
    except Exception:
        structlog.get_logger().exception("tick_stage_failed", stage=number)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict]]]:
    """The lines logged so far, as JSON."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure("json")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, _ = before[0], root.setLevel(before[1])
