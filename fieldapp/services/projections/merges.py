"""Clients that were merged: whose record each stands in, and what the entries of both make together.

What was said under each id is put together as it stood when somebody said that they are one, and goes on as one from
then. Computed from what stands, so the order in which things came in does not matter, and a merge that is taken back
leaves nothing behind.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from fieldapp.domain import merging
from fieldapp.domain.merging import Merge, end_of
from fieldapp.models.merged import two_of
from fieldapp.services.casefile import Pair
from sync.entry_types import ENTRY_TYPES


class Takes(Protocol):
    """What the entries of one id amount to."""

    def take(self, pair: Pair) -> None:
        """Count one more, the oldest first."""


Part = TypeVar("Part", bound=Takes)


def records(pairs: Iterable[Pair]) -> dict[uuid.UUID, uuid.UUID]:
    """In whose record each duplicate stands, by the entries that say so; the struck among them say nothing."""
    standing = ((entry, state) for entry, state in pairs if state.struck_by is None)
    return merging.records(Merge(*two_of(entry), state.happened_at(entry), entry.id) for entry, state in standing)


def fold(
    client_id: uuid.UUID,
    pairs: Iterable[Pair],
    begin: Callable[[uuid.UUID], Part],
    joined: Callable[[Part, Part, dt.datetime], Part],
) -> Part:
    """What a client's entries, the oldest first, amount to: those of each id by themselves until they were merged.

    `joined`: of a duplicate, and of the client it was merged into, then.
    """
    parts: dict[uuid.UUID, Part] = {}
    into: dict[uuid.UUID, uuid.UUID] = {}

    def part(id_: uuid.UUID) -> Part:
        return parts[id_] if id_ in parts else parts.setdefault(id_, begin(id_))

    for entry, state in pairs:
        if ENTRY_TYPES[entry.type].merges:
            duplicate, other = (end_of(into, id_) for id_ in two_of(entry))
            if duplicate != other:
                into[duplicate] = other
                parts[other] = joined(part(duplicate), part(other), state.happened_at(entry))
        else:
            part(end_of(into, state.own_client_id or client_id)).take((entry, state))
    return part(end_of(into, client_id))
