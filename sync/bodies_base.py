"""What all entry bodies share: the base, and the kinds of value with their limits.

A text that is longer than its limit is `too_long`; every other breach is `invalid_body`.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
MAX_NAME = 200

Note = Annotated[str, Meta(max_length=10_000)]
Words = Annotated[str, Meta(max_length=2_000)]
Reason = Annotated[str, Meta(max_length=2_000, pattern=r"\S")]
Line = Annotated[str, Meta(max_length=500)]
Name = Annotated[str, Meta(max_length=MAX_NAME, pattern=r"\S")]
About = Annotated[str, Meta(max_length=200)]
"""Whom it is about, in words: «mann ca. 40, bak stasjonen»."""
Short = Annotated[str, Meta(max_length=100)]

Moment = Annotated[dt.datetime, Meta(tz=True)]
# The look-ahead is there because Python's `$` also matches before a last newline.
Kroner = Annotated[str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?(?!\n)$", max_length=12)]
Count = Annotated[int, Meta(ge=0, le=10_000)]
Days = Annotated[int, Meta(ge=1, le=3_650)]
IntervalMinutes = Annotated[int, Meta(ge=1, le=527_040)]
StaffIds = Annotated[tuple[uuid.UUID, ...], Meta(max_length=50)]


class Body(Struct, frozen=True, kw_only=True):
    """The body of an entry; null is the same as absent, and unknown fields are kept beside it and ignored."""

    note: Note | None = None

    def problem(self) -> str | None:
        """The field that breaks a rule between fields, or None."""
        return None


def out_of_range(value: object) -> bool:
    """Whether a date lies outside 1900–2199, where arithmetic on it could overflow."""
    return isinstance(value, dt.date) and not EARLIEST_YEAR <= value.year <= LATEST_YEAR


def dates_out_of_range(struct: Struct) -> Iterator[str]:
    """The fields of a body, by dotted path, whose dates lie outside the range."""
    for name in struct.__struct_fields__:
        value = getattr(struct, name)
        if out_of_range(value):
            yield name
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Struct):
                yield from (f"{name}.{inner}" for inner in dates_out_of_range(part))
