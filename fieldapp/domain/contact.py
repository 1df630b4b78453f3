"""Degrees of contact: what each entry says about having met the client, and whether that stops this client's clock.

The lines stand in the row of each type (sync/entry_types.py) and are those of the protocol, "Degree of contact each
gives"; a type without lines gives none. The phone reads the same lines (static/js/core/replica/contact.js).
Whose contact it is (an entry without a client concerns nobody's clock) is for the caller.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache

from msgspec import Struct
from msgspec.structs import fields

from sync.entry_types import ENTRY_TYPES


class Degree(StrEnum):
    """How surely somebody was met, strongest first."""

    seen = "seen"
    heard = "heard"
    reported = "reported"
    attempt = "attempt"
    none = "none"


def degree_of(entry_type: str, body: Struct) -> Degree:
    """Give the degree of contact of one entry; none for every type that is not about meeting somebody."""
    row = ENTRY_TYPES[entry_type]
    if not row.contact:
        return Degree.none
    said = _attributes(row.body)
    fits = (
        line.degree
        for line in row.contact
        if all(getattr(body, said[name]) in codes for name, codes in line.when.items())
    )
    return Degree(next(fits, Degree.none))


@cache
def _attributes(body: type[Struct]) -> dict[str, str]:
    """By the field's name in the contract, which may be a word that Python keeps."""
    return {field.encode_name: field.name for field in fields(body)}


def dies(entry_type: str, body: Struct) -> bool:
    """Say whether the entry tells that the client is dead, which stops every clock until follow-up is ended."""
    row = ENTRY_TYPES[entry_type]
    return bool(row.contact) and row.death is not None and getattr(body, row.death[0]) == row.death[1]


def contact_time(entry_type: str, body: Struct, clock_at: datetime) -> datetime:
    """Give when the client was met: the entry's clock time, or the earlier moment told of by «var sett, ikke ført»."""
    met_at = ENTRY_TYPES[entry_type].met_at
    told_at: datetime | None = getattr(body, met_at) if met_at and degree_of(entry_type, body) != Degree.none else None
    return min(told_at.astimezone(UTC), clock_at) if told_at else clock_at


def counts(degree: str, source: str | None, counts: Collection[str], sources: Collection[str] | None) -> bool:
    """Say whether a contact stops this client's clock under the agreement.

    Having been seen always does; `heard` and `reported` only when `counts` names them. A report counts from the
    sources the client has said yes to; where the agreement gives no list of sources (None), from any.
    """
    if degree == Degree.seen:
        return True
    if degree not in (Degree.heard, Degree.reported) or degree not in counts:
        return False
    return degree == Degree.heard or sources is None or source in sources
