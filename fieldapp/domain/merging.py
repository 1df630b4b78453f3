"""Clients that are one: in whose record each stands, by the merges that stand. Pure rules, the same in any order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

STRICTEST_LAST = ("none", "code7", "code6")


@dataclass(frozen=True)
class Merge:
    """Somebody has said that two clients are one; `entry_id` orders those of the same moment."""

    client_id: UUID
    """The duplicate."""
    into_client_id: UUID
    at: datetime
    entry_id: UUID


def records(merges: Iterable[Merge]) -> dict[UUID, UUID]:
    """In whose record each duplicate stands; of the others nothing. One that would close a loop has no effect."""
    into: dict[UUID, UUID] = {}
    for merge in in_order(merges):
        duplicate, other = end_of(into, merge.client_id), end_of(into, merge.into_client_id)
        if duplicate != other:
            into[duplicate] = other
    return {client_id: end_of(into, client_id) for client_id in into}


def in_order(merges: Iterable[Merge]) -> list[Merge]:
    """The oldest first."""
    return sorted(merges, key=lambda one: (one.at, one.entry_id.hex))


def end_of(into: dict[UUID, UUID], client_id: UUID) -> UUID:
    """Where one gets from this client."""
    while client_id in into:
        client_id = into[client_id]
    return client_id


def strictest(one: str, other: str) -> str:
    """The protection that wins."""
    return max(one, other, key=STRICTEST_LAST.index)
