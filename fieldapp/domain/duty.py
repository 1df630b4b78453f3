"""Who is on duty: the duty list covering a moment, and what holds for a team that never made one."""

from collections.abc import Iterable
from dataclasses import dataclass
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
