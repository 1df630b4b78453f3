"""Bodies about who is followed up, by whom, and corrections: clients, teams, duty, agreements."""

import datetime as dt
import uuid
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from sync.bodies_base import Body, Days, IntervalMinutes, Line, Moment, Name, Reason, Short
from sync.bodies_facts import Shares
from sync.codes import AgreementKind, Correction, Duty, FollowUpReason, Protected, WatchMode, WithdrawnHow

BirthYear = Annotated[int, Meta(ge=1900, le=2100)]


class FirstWatch(Struct, frozen=True, kw_only=True):
    """What the registration form answers about the watch; an interval without minutes is 24 hours."""

    mode: WatchMode
    interval_minutes: IntervalMinutes | None = None


class ClientRegistered(Body, frozen=True, kw_only=True):
    """A new client; the phone mints `client_id`."""

    name: Name
    team_id: uuid.UUID
    primary_staff_id: uuid.UUID | None = None
    alias: Line | None = None
    birth_year: BirthYear | None = None
    address: Line | None = None
    phone: Short | None = None
    protected: Protected = Protected.none
    watch: FirstWatch | None = None
    contact_interval_days: Days | None = None


class ClientFields(Struct, frozen=True, kw_only=True):
    """The fields of a client that can be edited; null empties a field, an absent one is untouched."""

    name: Name | UnsetType = UNSET
    alias: Line | UnsetType | None = UNSET
    birth_year: BirthYear | UnsetType | None = UNSET
    address: Line | UnsetType | None = UNSET
    phone: Short | UnsetType | None = UNSET
    primary_staff_id: uuid.UUID | UnsetType | None = UNSET
    protected: Protected | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """The fields that were sent, as parsed values."""
        pairs = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return {name: value for name, value in pairs if value is not UNSET}


class ClientUpdated(Body, frozen=True, kw_only=True):
    """An edit, merged field by field; `base_seq` is the client's seq the author saw, 0 for one not synced yet."""

    base_seq: Annotated[int, Meta(ge=0)]
    fields: ClientFields


class ClientTeamSet(Shares, frozen=True, kw_only=True):
    """One more team for the client, or the end of one; what gives a team of another service the right to know."""

    team_id: uuid.UUID
    from_on: dt.date
    to_on: dt.date | None = None

    def problem(self) -> str | None:
        """It does not end before it begins."""
        return "to_on" if self.to_on is not None and self.to_on < self.from_on else super().problem()


class StaffBlocked(Body, frozen=True, kw_only=True):
    """For this person the client does not exist from now on: a relative, somebody who was close to them."""

    staff_id: uuid.UUID
    reason: Reason


class StaffUnblocked(Body, frozen=True, kw_only=True):
    """The client exists for this person again, where a team or a grant says so."""

    staff_id: uuid.UUID
    reason: Reason


class ClientAccessListed(Body, frozen=True, kw_only=True):
    """Who alone may see a client of code 6; never nobody."""

    staff_ids: Annotated[tuple[uuid.UUID, ...], Meta(min_length=1, max_length=50)]


class ClientMerged(Body, frozen=True, kw_only=True):
    """Two clients are one person: the client of the envelope is the duplicate, the other one stands."""

    into_client_id: uuid.UUID
    reason: Reason


class DutySet(Body, frozen=True, kw_only=True):
    """Who is on duty from when to when."""

    team_id: uuid.UUID
    staff_id: uuid.UUID
    duty: Duty
    from_at: Moment
    to_at: Moment

    def problem(self) -> str | None:
        """It ends after it begins."""
        return None if self.from_at < self.to_at else "to_at"


class DutyHandedOver(Body, frozen=True, kw_only=True):
    """Somebody offers a colleague a duty of their own, perhaps for one of the colleague's; nothing changes yet."""

    duty_id: uuid.UUID
    to_staff_id: uuid.UUID
    in_return_for: uuid.UUID | None = None

    def problem(self) -> str | None:
        """A duty is not its own return."""
        return "in_return_for" if self.in_return_for == self.duty_id else None


class DutyTakenOver(Body, frozen=True, kw_only=True):
    """The colleague says yes: now the duty is theirs, and what was asked in return the other's."""

    handed_over_id: uuid.UUID


class ContactIntervalSet(Body, frozen=True, kw_only=True):
    """Planned contact: a line on I dag, never an alert."""

    days: Days


class AgreementWithdrawn(Body, frozen=True, kw_only=True):
    """The client takes an agreement back, by saying so to anyone: the one named, or all of the kind made before."""

    kind: AgreementKind
    how: WithdrawnHow
    agreement_id: uuid.UUID | None = None


class FollowUpEnded(Body, frozen=True, kw_only=True):
    """Follow-up ends: clock, tasks and planned contacts stop."""

    reason: FollowUpReason
    on: dt.date | None = None
    handed_to: Line | None = None


class FollowUpResumed(Body, frozen=True, kw_only=True):
    """Follow-up begins again."""

    reason: FollowUpReason | None = None
    on: dt.date | None = None
    handed_to: Line | None = None


class EntryCorrected(Body, frozen=True, kw_only=True):
    """Points at an entry and says what was wrong and why; the old text stays.

    `body` has the fields that were wrong, `occurred_at` the right time; `to_client_id` is whose record it belongs in.
    """

    entry_id: uuid.UUID
    what: Correction
    reason: Reason
    body: dict[str, Any] | None = None
    occurred_at: Moment | None = None
    to_client_id: uuid.UUID | None = None

    def problem(self) -> str | None:
        """A new time belongs to a new text, another client to the wrong one."""
        if self.occurred_at is not None and self.what != Correction.text:
            return "occurred_at"
        return "to_client_id" if self.to_client_id is not None and self.what != Correction.wrong_client else None
