"""An entry before and after each of its corrections, as it can be told to whoever reads it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Fix:
    """One correction of the text or the time; `has_effect` False: it changes nothing."""

    id: UUID
    fields: Mapping[str, Any]
    at: dt.datetime | None = None
    has_effect: bool = True


@dataclass(frozen=True)
class Change:
    """What one correction made of the entry."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at_before: dt.datetime
    at_after: dt.datetime


def changes(body: Mapping[str, Any], at: dt.datetime, fixes: Iterable[Fix]) -> Iterator[tuple[UUID, Change]]:
    """Fold the corrections, given oldest first, into the entry as it was written: field by field, the newest wins.

    The same rule as services/projections/states.py has for what counts.
    """
    now, now_at = dict(body), at
    for fix in fixes:
        after, after_at = ({**now, **fix.fields}, fix.at or now_at) if fix.has_effect else (now, now_at)
        yield fix.id, Change(now, after, now_at, after_at)
        now, now_at = after, after_at
