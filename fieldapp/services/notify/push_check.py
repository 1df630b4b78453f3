"""The weekly check that pushes are shown: a test push to every phone that has not proved it for seven days.

A phone goes deaf without a word: a permission taken back, an app put to sleep, a subscription the push service keeps
taking messages for. Invariant: one test a week for a subscription, whatever the number of workers: only whoever moves
`checked_at` on from what it read puts the test in line, in the same transaction.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, false, func, or_, select, update
from sqlalchemy.orm import Session

from fieldapp.domain.channels import PUSH
from fieldapp.domain.duty import ALWAYS_ON_DUTY_ROLES
from fieldapp.domain.push_health import PROOF_LASTS, in_waking_hours, in_working_hours
from fieldapp.models import Device, DeviceStaff, Duty, Staff, StaffTeam, Subscription, Team
from fieldapp.services.notify.notifications import Target, ToNotify, host_of, notify_one_device

AT_A_TIME = 20
"""Tests put in line in one run, a minute: spread out, so that they never stand in the way of an alert."""


@dataclass(frozen=True)
class _Quiet:
    subscription_id: UUID
    endpoint: str
    checked_at: dt.datetime | None
    staff_id: UUID


def check_quiet_phones(session: Session, now: dt.datetime) -> int:
    """Put one test push in line for each phone due for it whose owner may be disturbed now; how many."""
    return sum(1 for one in _due(session, now) if _check(session, one, now))


def _check(session: Session, one: _Quiet, now: dt.datetime) -> bool:
    as_read = Subscription.checked_at == one.checked_at if one.checked_at else Subscription.checked_at.is_(None)
    claimed = session.execute(
        update(Subscription)
        .where(Subscription.id == one.subscription_id, as_read, Subscription.ended_at.is_(None))
        .values(checked_at=now),
        execution_options={"synchronize_session": False},
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]
        return False
    notify_one_device(
        session, ToNotify(one.staff_id, "test"), Target(PUSH, host_of(one.endpoint), one.subscription_id), now
    )
    return True


def _due(session: Session, now: dt.datetime) -> Iterator[_Quiet]:
    """The longest without proof first; a shared phone is tested for one of those who may be disturbed."""
    seen: set[UUID] = set()
    for row in session.execute(_quiet(now)):
        if row.id not in seen and len(seen) < AT_A_TIME:
            seen.add(row.id)
            yield _Quiet(row.id, row.endpoint, row.checked_at, row.staff_id)


def _quiet(now: dt.datetime) -> Select[UUID, str, dt.datetime | None, UUID]:
    proved_at = func.coalesce(Subscription.last_receipt_at, Subscription.created_at)
    return (
        select(Subscription.id, Subscription.endpoint, Subscription.checked_at, DeviceStaff.staff_id)
        .join(Device, Device.id == Subscription.device_id)
        .join(DeviceStaff, DeviceStaff.device_id == Device.id)
        .join(Staff, Staff.id == DeviceStaff.staff_id)
        .where(
            Subscription.ended_at.is_(None),
            Device.ended_at.is_(None),
            DeviceStaff.signed_out_at.is_(None),
            Staff.ended_at.is_(None),
            _outside(proved_at, now),
            or_(Subscription.checked_at.is_(None), _outside(Subscription.checked_at, now)),
            Staff.id.in_(_may_be_disturbed(now)),
        )
        .order_by(func.coalesce(Subscription.checked_at, Subscription.created_at), Subscription.id, Staff.id)
    )


def _outside(at: SQLColumnExpression[Any], now: dt.datetime) -> ColumnElement[bool]:
    """Too old to be proof, or ahead of our clock, which was set back."""
    return or_(at <= now - PROOF_LASTS, at > now)


def _may_be_disturbed(now: dt.datetime) -> Select[UUID]:
    """Those on duty while people are awake; in working hours also leaders, and all where no duty list is kept."""
    listed = select(Duty.staff_id).where(Duty.from_at <= now, Duty.to_at > now)
    unlisted = (
        select(Staff.id)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .join(Team, Team.id == StaffTeam.team_id)
        .where(or_(Staff.role == "leader", Team.duty_ever_set.is_(False)), Staff.role.in_(ALWAYS_ON_DUTY_ROLES))
    )
    return select(Staff.id).where(
        or_(
            Staff.id.in_(listed) if in_waking_hours(now) else false(),
            Staff.id.in_(unlisted) if in_working_hours(now) else false(),
        )
    )
