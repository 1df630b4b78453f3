"""Could an alert that opened now reach anybody: team by team, for `fieldapp doctor`. No names, only whether."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import duty as rules
from fieldapp.domain.escalation import ALERTED_ROLES
from fieldapp.models import Device, DeviceStaff, Duty, Staff, StaffTeam, Subscription, Team
from fieldapp.queries.phones.push_health import silent_since


@dataclass(frozen=True)
class _Member:
    staff_id: uuid.UUID
    role: str


@dataclass(frozen=True)
class TeamReach:
    """One team now. `reached`: anybody in any step of the ladder has a phone that shows pushes."""

    name: str
    has_duty_list: bool
    on_duty: bool
    on_duty_reached: bool
    reached: bool


def team_reach(session: Session, now: dt.datetime) -> list[TeamReach]:
    """Every team that has people who may be told, by name."""
    reachable = _reachable(session, now)
    teams = session.scalars(select(Team).order_by(Team.name, Team.id)).all()
    found = [_reach(session, team, reachable, now) for team in teams]
    return [one for one in found if one]


def _reach(session: Session, team: Team, reachable: set[uuid.UUID], now: dt.datetime) -> TeamReach | None:
    query = (
        select(Staff.id, Staff.role)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .where(StaffTeam.team_id == team.id, Staff.ended_at.is_(None))
    )
    members = [_Member(staff_id, role) for staff_id, role in session.execute(query)]
    if not any(one.role in ALERTED_ROLES for one in members):
        return None
    spans = [
        rules.DutySpan(row.staff_id, row.duty, row.from_at, row.to_at)
        for row in session.scalars(select(Duty).where(Duty.team_id == team.id, Duty.from_at <= now, Duty.to_at > now))
    ]
    on_duty, on_backup = rules.on_duty(spans, members, team.duty_ever_set, now)
    leaders = {one.staff_id for one in members if one.role == "leader"}
    told = on_duty | on_backup | leaders
    return TeamReach(
        team.name, team.duty_ever_set, bool(on_duty), bool(on_duty & reachable), bool(told & reachable)
    )  # fmt: skip


def _reachable(session: Session, now: dt.datetime) -> set[uuid.UUID]:
    """Everybody signed in on a phone with a subscription that is not silent, and that does not say it may show none."""
    query = (
        select(DeviceStaff.staff_id)
        .join(Device, Device.id == DeviceStaff.device_id)
        .join(Subscription, Subscription.device_id == Device.id)
        .where(
            DeviceStaff.signed_out_at.is_(None),
            Device.ended_at.is_(None),
            Subscription.ended_at.is_(None),
            Subscription.id.not_in(silent_since(session, now)),
            or_(Device.permission.is_(None), Device.permission == "granted"),
        )
    )
    return set(session.scalars(query))
