"""Bodies of the three kinds of case: rent problems, neighbour complaints, crises."""

import datetime as dt
import uuid
from typing import Annotated

from msgspec import Meta, Struct

from sync.bodies_base import About, Body, Count, Kroner, Line, Words
from sync.codes import (
    ClientRole,
    Complainant,
    ComplaintStatus,
    ComplaintWhat,
    CrisisKind,
    CrisisOutcome,
    CrisisStep,
    Judgement,
    LetterKind,
    RentCause,
    RentPlan,
    RentStatus,
    Tenancy,
)

Months = Annotated[int, Meta(ge=0, le=600)]
Complaints = Annotated[tuple[ComplaintWhat, ...], Meta(min_length=1, max_length=50)]


class Letter(Struct, frozen=True, kw_only=True):
    """A letter the client showed: the date printed on it, and when it was sent and came, if known."""

    kind: LetterKind
    dated_on: dt.date | None = None
    sent_on: dt.date | None = None
    received_on: dt.date | None = None


class CaseStep(Body, frozen=True, kw_only=True):
    """What every entry of a case may say about what happens next, and whose it is."""

    next_step: Line | None = None
    next_step_on: dt.date | None = None
    owner_id: uuid.UUID | None = None


class RentProblem(CaseStep, frozen=True, kw_only=True):
    """Reported and updated alike: what is said now; what is left out stays as it was."""

    amount_nok: Kroner | None = None
    months: Months | None = None
    cause: RentCause | None = None
    letters: Annotated[tuple[Letter, ...], Meta(max_length=50)] = ()
    plan: RentPlan | None = None
    deadline_on: dt.date | None = None
    status: RentStatus | None = None
    tenancy: Tenancy | None = None
    """What became of the home, said when the case closes."""


class RentProblemReported(RentProblem, frozen=True, kw_only=True):
    """Opens a rent case."""


class RentProblemUpdated(RentProblem, frozen=True, kw_only=True):
    """Goes on with a rent case."""


class NeighbourComplaintReceived(CaseStep, frozen=True, kw_only=True):
    """Opens a complaint case. Who complained, by name, is optional and kept apart from the rest."""

    what: Complaints
    complainant: Complainant
    client_role: ClientRole
    complainant_name: Line | None = None
    answer_given: bool | Words | None = None
    status: ComplaintStatus | None = None


class NeighbourComplaintUpdated(CaseStep, frozen=True, kw_only=True):
    """Goes on with a complaint case; what is left out stays as it was."""

    what: Complaints | None = None
    complainant: Complainant | None = None
    client_role: ClientRole | None = None
    complainant_name: Line | None = None
    answer_given: bool | Words | None = None
    status: ComplaintStatus | None = None


class CrisisOpened(Body, frozen=True, kw_only=True):
    """Starts a crisis and its clock. `about`: who it is, where nobody knows the client."""

    kind: CrisisKind
    called_by: Line | None = None
    about: About | None = None


class CrisisStepLogged(Body, frozen=True, kw_only=True):
    """One step with its time; `count` is how many doses of naloxone."""

    step: CrisisStep
    count: Count | None = None


class CrisisClosed(Body, frozen=True, kw_only=True):
    """How it ended; whether an admission was avoided is the team's own judgement."""

    outcome: CrisisOutcome
    admission_avoided: bool | Judgement | None = None
    debrief: bool | None = None
