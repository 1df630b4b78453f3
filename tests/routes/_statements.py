"""What a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tests._world import World

NOW_AND_THEN = ("PRAGMA", "BEGIN", "SELECT destroyed_key")
"""How long a lock is waited for, and which keys are gone: looked at every few seconds."""


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """The statements of what is done within, without their values."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(NOW_AND_THEN):
            asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)
