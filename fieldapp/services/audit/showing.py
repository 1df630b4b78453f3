"""One read that is shown to somebody: read and logged in one transaction, or not shown at all."""

import datetime as dt
from collections.abc import Callable
from typing import Protocol, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.models.read_log import Reader, Shown
from fieldapp.services.audit import anchors

Result = TypeVar("Result")
_log = structlog.get_logger()


class Shows(anchors.Reads, Protocol):
    """What is needed of a database."""

    def showing(self, read: Callable[[Session], Result], to: Shown) -> Result: ...


def show(
    database: Shows,
    read: Callable[[Session], Result],
    viewer: Viewer,
    surface: str,
    device_id: UUID | None,
    now: dt.datetime,
    ground: str = "team",
) -> Result:
    """What `read` returns, once its rows are committed. Raises AppError `unavailable` where they can't be written."""
    to = Shown(Reader(viewer, surface, now, device_id, ground))
    try:
        result = database.showing(read, to)
    except OperationalError:
        raise
    except DBAPIError as error:
        _log.error("read_not_logged", surface=surface, exc_info=error)
        raise AppError("unavailable", headers={"Retry-After": "5"}) from error
    before, after = to.appended
    if before // anchors.EVERY_ROWS != after // anchors.EVERY_ROWS:
        anchors.try_write(database, "rows", now)
    return result
