"""What a phone tells of which clients were opened on it, and from when until when: one report, read and judged.

A report travels sealed, in `views` of the sync request; this is what is inside. Whose it is, and whether those clients
ever came to that person's phone, is not judged here.
"""

import datetime as dt
import uuid
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from sync import json_values
from sync.bodies_base import Moment, out_of_range
from sync.entry_types import field_of
from sync.refusals import rejected

MAX_VIEWS = 200
MAX_REPORTS = 100
"""Of one request; the phone keeps the others, which get no verdict."""
_TEN_YEARS_MS = 10 * 366 * 86_400_000


class View(Struct, frozen=True):
    """One client was open, by the phone's own clock."""

    client_id: uuid.UUID
    from_at: Moment
    to_at: Moment


class ViewReport(Struct, frozen=True, kw_only=True):
    """What one person opened."""

    id: uuid.UUID
    staff_id: uuid.UUID
    views: Annotated[list[View], Meta(min_length=1, max_length=MAX_VIEWS)]
    author_key: Annotated[str, Meta(max_length=500)] | None = None
    clock_offset_ms: Annotated[int, Meta(ge=-_TEN_YEARS_MS, le=_TEN_YEARS_MS)] | None = None

    def corrected(self, at: dt.datetime) -> dt.datetime:
        """A time of the report by the server's clock."""
        return at + dt.timedelta(milliseconds=self.clock_offset_ms or 0)


def judge_report(raw: Any) -> ViewReport:
    """The report in an opened element, or Refused."""
    if not isinstance(raw, dict) or json_values.flaw(raw) is not None:
        raise rejected("invalid_envelope")
    try:
        report = msgspec.convert({name: value for name, value in raw.items() if value is not None}, ViewReport)
        for view in report.views:
            if out_of_range(view.from_at) or out_of_range(view.to_at) or view.to_at < view.from_at:
                raise rejected("invalid_envelope", "views")
            report.corrected(view.to_at)
    except (msgspec.ValidationError, OverflowError, ValueError) as error:
        raise rejected("invalid_envelope", field_of(str(error)) or None) from None
    return report
