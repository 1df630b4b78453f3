"""How the processes log: structured, to stderr, one line an event. Owns the set-up; nothing personal is ever logged."""

import logging
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

from fieldapp import driver_errors

_QUIET = ("werkzeug", "apscheduler", "urllib3", "alembic")
_SILENT = ("waitress.queue",)
"""That requests wait for a thread is no event: /metrics has it."""
_SAY_AGAIN_S = 60.0
_HERE = str(Path(__file__).parent)


def configure(log_format: str) -> None:
    """Send structlog's and the libraries' logs to stderr as `json` or `text`."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = structlog.processors.JSONRenderer(ensure_ascii=False) if log_format == "json" else _text_renderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                last,
            ],
        )
    )
    handler.addFilter(_DatabaseAway())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _text_renderer() -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


class _DatabaseAway(logging.Filter):
    """Of a database that does not answer a process writes one line a minute, whoever stumbles over it, and never the
    driver's own words: every stage of every tick, every request and every thread would write its traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._silent_until = 0.0
        self._held_back = 0

    def filter(self, record: logging.LogRecord) -> bool:
        error = driver_errors.find(_error_of(record))
        if error is None:
            return True
        now = time.monotonic()
        if now < self._silent_until:
            self._held_back += 1
            return False
        self._silent_until = now + _SAY_AGAIN_S
        about = {"during": _event_of(record), "error": driver_errors.code_of(error), "held_back": self._held_back}
        self._held_back = 0
        _say_instead(record, about | {"at": _our_line(error.__traceback__)})
        return True


def _error_of(record: logging.LogRecord) -> BaseException | None:
    told = record.msg.get("exc_info") if isinstance(record.msg, dict) else record.exc_info
    if told is True:
        return sys.exc_info()[1]
    if isinstance(told, tuple):
        return told[1] if len(told) > 1 and isinstance(told[1], BaseException) else None
    return told if isinstance(told, BaseException) else None


def _event_of(record: logging.LogRecord) -> str:
    return str(record.msg.get("event")) if isinstance(record.msg, dict) else record.name


def _say_instead(record: logging.LogRecord, about: dict[str, Any]) -> None:
    if isinstance(record.msg, dict):
        kept = {name: value for name, value in record.msg.items() if name in ("level", "timestamp")}
        record.msg = kept | {"event": "database_unavailable"} | about
        return
    record.msg = "database_unavailable " + " ".join(f"{name}={value}" for name, value in about.items())
    record.args, record.exc_info, record.exc_text = (), None, None


def _our_line(trace: TracebackType | None) -> str:
    """Where in our own code it came up: all that is left of the traceback."""
    ours = [frame for frame in traceback.extract_tb(trace) if frame.filename.startswith(_HERE)]
    return f"{Path(ours[-1].filename).relative_to(_HERE)}:{ours[-1].lineno}" if ours else ""
