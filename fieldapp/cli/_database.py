"""The database as a command opens it: a missing or old schema is a sentence, not a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from fieldapp import driver_errors
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.errors import CannotDo


@contextmanager
def writing(settings: Settings) -> Iterator[Session]:
    """One transaction on the database of these settings. Raises CannotDo."""
    with opened(settings) as database, database.transaction() as session:
        yield session


@contextmanager
def reading(settings: Settings) -> Iterator[Session]:
    """Reads from the database of these settings. Raises CannotDo."""
    with opened(settings) as database, database.reading() as session:
        yield session


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database of these settings. Raises CannotDo where its schema is missing or old."""
    database = Database(settings)
    try:
        yield database
    except (OperationalError, ProgrammingError, InterfaceError) as error:
        raise CannotDo(driver_errors.said_plainly(error)) from error
    finally:
        database.dispose()
