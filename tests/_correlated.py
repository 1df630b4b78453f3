"""No statement joins tables by a comma: such a subquery was to ask about its enclosing row, and asks about any.

SQLAlchemy correlates a subquery with the query next to it by itself, and no further out. Two subqueries of ours asked
about every alert and every visit for that reason, and answered yes far too often.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

_JOINED_BY_COMMA = re.compile(r"\bFROM \w+( AS \w+)?, \w")
_found: list[str] = []


def watch_statements() -> None:
    """Look at all that any engine of this process runs."""
    event.listen(Engine, "before_cursor_execute", _look)


@contextmanager
def all_correlated() -> Iterator[None]:
    """Fails when a statement meanwhile joined tables by a comma."""
    _found.clear()
    yield
    assert _found == [], "a subquery needs .correlate(...)"


def _look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    if _JOINED_BY_COMMA.search(statement):
        _found.append(statement)
