"""What a client, or who acts for them, asks to have corrected or barred in the record, and what was decided. Pure.

A case is its steps; none is changed, and how it stands follows from them. A bar keeps an entry from a person, a unit or
everybody; the entry itself stays as it is, and so do the clock and the numbers that rest on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sync.entry_type import EntryType

ASKED, ANSWERED, BARRED, LIFTED = "asked", "answered", "barred", "lifted"
CORRECTION, BARRING = "correction", "barring"
KINDS = (CORRECTION, BARRING)
ASKERS = ("client", "guardian", "representative", "next_of_kin")
ANSWERS = ("granted", "partly", "refused")
LAWS = {
    CORRECTION: ("pbrl_5_2", "hpl_42", "pvf_16"),
    BARRING: ("pbrl_5_3", "pjl_17", "pvf_18"),
}
"""Which rules an answer may rest on."""


@dataclass(frozen=True)
class Step:
    """One thing that was done in a case. Of a bar: whom it is for; all three None, everybody."""

    id: UUID
    what: str
    by_staff_id: UUID
    at: datetime
    kind: str | None = None
    asker: str | None = None
    answer: str | None = None
    law: str | None = None
    entry_id: UUID | None = None
    staff_id: UUID | None = None
    team_id: UUID | None = None
    lifts: UUID | None = None
    note: str | None = None


@dataclass
class Case:
    """How a case stands. `bars`: those that hold."""

    id: UUID
    client_id: UUID
    asked: Step
    answered: Step | None = None
    bars: list[Step] = field(default_factory=list)

    @property
    def may_bar(self) -> bool:
        """Whether a bar can follow: it was asked for, and granted at least in part."""
        granted = self.answered is not None and self.answered.answer != "refused"
        return granted and self.asked.kind == BARRING and self.asked.entry_id is not None


def case_of(case_id: UUID, client_id: UUID, steps: Iterable[Step]) -> Case | None:
    """How the case stands after these steps, oldest first."""
    case: Case | None = None
    for step in steps:
        if case is None:
            case = Case(case_id, client_id, step)
        elif step.what == ANSWERED:
            case.answered = step
        elif step.what == BARRED:
            case.bars.append(step)
        elif step.what == LIFTED:
            case.bars = [bar for bar in case.bars if bar.id != step.lifts]
    return case


def can_be_barred(row: EntryType) -> bool:
    """Say whether entries of this type can be kept from somebody one by one. What makes the card, the agreement or who
    follows can't: whoever may not see that may not see the client, and is blocked from them."""
    steers = row.steering == "always" or row.makes_client_rows or row.points_at == "alert"
    return row.timeline == "client" and not steers
