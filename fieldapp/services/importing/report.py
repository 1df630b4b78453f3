"""What came of taking a sheet in, or would: counts, who was there before, and what somebody must look at."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from fieldapp.domain.import_columns import Remark
from fieldapp.errors import CannotDo


@dataclass
class Report:
    """What was taken in, row by row where somebody needs to know."""

    added: int = 0
    there_before: list[Remark] = field(default_factory=list)
    """Left as they were, each named."""
    warnings: list[Remark] = field(default_factory=list)
    tells_of: set[UUID] = field(default_factory=set)
    """The clients whom it says are there."""
    codes: list[tuple[str, str]] = field(default_factory=list)
    """Of new staff: username and one-time code."""


class Faulty(CannotDo):
    """The sheet has faults, and nothing of it is taken in: every one of them, in the order of the rows."""

    def __init__(self, faults: Iterable[Remark]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))
