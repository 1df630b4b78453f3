"""Bodies of checks on people: the steps before anybody enters, coming home in steps, and what a client says itself."""

import uuid
from typing import Annotated

from msgspec import Meta

from sync.bodies_base import Body, Moment
from sync.codes_checks import CheckIn, CheckStep, DischargeCheck, HomeToGoTo, StepWatch


class CheckStepLogged(Body, frozen=True, kw_only=True):
    """One step of the check on an alert, for everybody who sees it. `contact_id`: whom they asked or rang."""

    alert_id: uuid.UUID
    step: CheckStep
    contact_id: uuid.UUID | None = None


class AbsenceStepSet(Body, frozen=True, kw_only=True):
    """A step home while somebody is away: some hours, a night; whether the watch runs meanwhile. The same `step_id`
    again replaces."""

    absence_id: uuid.UUID
    step_id: uuid.UUID
    from_at: Moment
    to_at: Moment
    watch: StepWatch

    def problem(self) -> str | None:
        """It lasts a while."""
        return "to_at" if self.to_at <= self.from_at else None


class DischargePlanned(Body, frozen=True, kw_only=True):
    """What is ready for somebody to come home, and whether there is a home; the newest of an absence stands."""

    absence_id: uuid.UUID
    checks: Annotated[tuple[DischargeCheck, ...], Meta(max_length=50)]
    home: HomeToGoTo


class ClientCheckedIn(Body, frozen=True, kw_only=True):
    """The client's own word, through the client's own link: well, or please ring."""

    what: CheckIn
