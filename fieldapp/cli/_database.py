"""The database as a command opens it: a missing or old schema is a sentence, not a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

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
    except (OperationalError, ProgrammingError) as error:
        raise CannotDo(said_plainly(error)) from error
    finally:
        database.dispose()


def said_plainly(error: OperationalError | ProgrammingError) -> str:
    """One sentence about a database that is away, or whose schema is missing or old."""
    reason = (str(error.orig).splitlines() or [type(error.orig).__name__])[0]
    if error.connection_invalidated or "connect" in reason or "locked" in reason:
        return f"Databasen svarer ikke ({reason}). Se FIELDAPP_DATABASE_URL."
    return f"Databasen svarer ikke som ventet ({reason}). Kjør «fieldapp migrate» først."
