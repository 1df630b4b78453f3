"""Who is on duty: the list covering a moment, what holds for a team that never made one, and duties handed over."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

DUTY = "duty"
BACKUP = "backup"
ALWAYS_ON_DUTY_ROLES = frozenset({"fieldworker", "leader"})


@dataclass(frozen=True)
class DutySpan:
    """One person's duty or backup from a moment up to, and not at, another."""

    staff_id: UUID
    duty: str
    from_at: datetime
    to_at: datetime

    def covers(self, at: datetime) -> bool:
        """Say whether the span covers a moment."""
        return self.from_at <= at < self.to_at


class Member(Protocol):
    """Anyone with an id and a role; escalation.Person is one."""

    @property
    def staff_id(self) -> UUID:
        """The staff member."""

    @property
    def role(self) -> str:
        """The role code."""


def on_duty(
    duties: Iterable[DutySpan], members: Iterable[Member], ever_set: bool, now: datetime
) -> tuple[set[UUID], set[UUID]]:
    """Give those on duty and those on backup now, among the team's members.

    A team for which no duty was ever set: its fieldworkers and leaders, round the clock. Once one was set, an empty
    list means nobody. Who has left the team is on no list.
    """
    roles = {member.staff_id: member.role for member in members}
    if not ever_set:
        return {staff_id for staff_id, role in roles.items() if role in ALWAYS_ON_DUTY_ROLES}, set()
    running = [span for span in duties if span.staff_id in roles and span.covers(now)]
    return (
        {span.staff_id for span in running if span.duty == DUTY},
        {span.staff_id for span in running if span.duty == BACKUP},
    )


def duty_ends(staff_id: UUID, duties: Iterable[DutySpan], now: datetime) -> datetime | None:
    """Say when the person's running duty ends, spans that follow on each other taken as one; None when off duty."""
    end: datetime | None = None
    for span in sorted(duties, key=lambda span: span.from_at):
        follows_on = span.covers(now) or (end is not None and span.from_at <= end < span.to_at)
        if span.staff_id == staff_id and span.duty == DUTY and follows_on:
            end = max(end, span.to_at) if end else span.to_at
    return end


@dataclass(frozen=True)
class SetDuty:
    """A duty as the leader set it. `removed_at`: when it was taken off the list again."""

    id: UUID
    span: DutySpan
    removed_at: datetime | None = None


@dataclass(frozen=True)
class Offer:
    """Whoever holds a duty offers it to a colleague, perhaps for one of the colleague's."""

    id: UUID
    duty_id: UUID
    from_staff_id: UUID
    to_staff_id: UUID
    in_return_for: UUID | None
    made_at: datetime

    def moves(self) -> Iterator[tuple[UUID, UUID, UUID]]:
        """Give what changes hands when it is taken: (duty, from whom, to whom)."""
        yield self.duty_id, self.from_staff_id, self.to_staff_id
        if self.in_return_for is not None:
            yield self.in_return_for, self.to_staff_id, self.from_staff_id


@dataclass(frozen=True)
class Taking:
    """The colleague says yes."""

    id: UUID
    offer_id: UUID
    staff_id: UUID
    at: datetime


@dataclass(frozen=True)
class DutyList:
    """What holds after every hand-over.

    `spans` has each duty under the id of the entry that set it, and what somebody stood of a duty before it was taken
    over under the id of the hand-over. `offers` has those that were taken, with when, and those that wait, with None.
    """

    spans: Mapping[UUID, DutySpan]
    offers: Mapping[UUID, datetime | None]


def hand_over(duties: Iterable[SetDuty], offers: Iterable[Offer], takings: Iterable[Taking]) -> DutyList:
    """Let duties change hands as they were offered and taken, in the order of the clock, in whatever order given.

    An offer is void when the duty has since changed hands, was removed, is over, or was offered anew. A running duty is
    divided: who had it keeps the time until it was taken. What was removed afterwards undoes no hand-over: nobody gets
    a duty back without having heard of it.
    """
    hands = _Hands({duty.id: duty for duty in duties}, {offer.id: offer for offer in offers})
    for taking in sorted(takings, key=lambda one: (hands.taken_at(one), str(one.id))):
        hands.take(taking)
    return hands.result()


def same_duties(duties: Iterable[SetDuty]) -> dict[UUID, UUID]:
    """Give for each duty the one it is the same as: of those with the same person, task and time, the least id.

    One that was removed is the same as itself alone: what became of it is over when the leader sets it anew.
    """
    named = list(duties)
    least: dict[DutySpan, UUID] = {}
    for duty in sorted(named, key=lambda duty: str(duty.id)):
        if duty.removed_at is None:
            least.setdefault(duty.span, duty.id)
    return {duty.id: duty.id if duty.removed_at is not None else least[duty.span] for duty in named}


def as_one(duties: Iterable[SetDuty], offers: Iterable[Offer]) -> tuple[list[SetDuty], list[Offer]]:
    """Leave each duty that was set twice in once, and let every offer be about the one that is left."""
    named = list(duties)
    one = same_duties(named)
    about = [
        replace(offer, duty_id=one.get(offer.duty_id, offer.duty_id), in_return_for=_one(one, offer.in_return_for))
        for offer in offers
    ]
    return [duty for duty in named if one[duty.id] == duty.id], about


def _one(same: Mapping[UUID, UUID], duty_id: UUID | None) -> UUID | None:
    return same.get(duty_id, duty_id) if duty_id is not None else None


class _Hands:
    def __init__(self, duties: dict[UUID, SetDuty], offers: dict[UUID, Offer]) -> None:
        self._duties = duties
        self._offers = offers
        self._spans = {duty.id: duty.span for duty in duties.values()}
        self._past: dict[UUID, tuple[UUID, DutySpan]] = {}
        self._moved_at: dict[UUID, datetime] = {}
        self._taken: dict[UUID, datetime | None] = {}
        self._of_duty: dict[UUID, list[Offer]] = {}
        for offer in offers.values():
            self._of_duty.setdefault(offer.duty_id, []).append(offer)

    def taken_at(self, taking: Taking) -> datetime:
        """A yes before the question is a clock that is slow."""
        offer = self._offers.get(taking.offer_id)
        return max(taking.at, offer.made_at) if offer else taking.at

    def take(self, taking: Taking) -> None:
        offer, at = self._offers.get(taking.offer_id), self.taken_at(taking)
        if offer is None or taking.staff_id != offer.to_staff_id or offer.id in self._taken:
            return
        if not self._stands(offer, at):
            return
        for (duty_id, _, to), part_id in zip(offer.moves(), (taking.id, offer.id), strict=False):
            self._move(duty_id, to, at, part_id)
        self._taken[offer.id] = at

    def result(self) -> DutyList:
        gone = {duty.id for duty in self._duties.values() if duty.removed_at is not None}
        standing = {duty_id: span for duty_id, span in self._spans.items() if duty_id not in gone}
        past = {part_id: span for part_id, (duty_id, span) in self._past.items() if duty_id not in gone}
        waiting = {
            offer.id: None
            for offer in self._offers.values()
            if offer.id not in self._taken
            and self._stands(offer, offer.made_at)
            and gone.isdisjoint(duty_id for duty_id, _, _ in offer.moves())
            and not self._offered_anew(offer, None)
        }
        return DutyList(standing | past, self._taken | waiting)

    def _stands(self, offer: Offer, at: datetime) -> bool:
        return not self._offered_anew(offer, at) and all(
            self._may_move(duty_id, holder, offer.made_at, at) for duty_id, holder, _ in offer.moves()
        )

    def _may_move(self, duty_id: UUID, holder: UUID, made_at: datetime, at: datetime) -> bool:
        duty = self._duties.get(duty_id)
        if duty is None or (duty.removed_at is not None and duty.removed_at <= at):
            return False
        span, moved_at = self._spans[duty_id], self._moved_at.get(duty_id)
        return span.staff_id == holder and at < span.to_at and (moved_at is None or moved_at <= made_at)

    def _offered_anew(self, offer: Offer, by: datetime | None) -> bool:
        return any(
            other.from_staff_id == offer.from_staff_id
            and (other.made_at, str(other.id)) > (offer.made_at, str(offer.id))
            and (by is None or other.made_at <= by)
            for other in self._of_duty[offer.duty_id]
        )

    def _move(self, duty_id: UUID, to: UUID, at: datetime, part_id: UUID) -> None:
        span = self._spans[duty_id]
        if span.from_at < at:
            self._past[part_id] = duty_id, replace(span, to_at=at)
        self._spans[duty_id] = replace(span, staff_id=to, from_at=max(span.from_at, at))
        self._moved_at[duty_id] = at
