"""Is the alerting alive, and what is waiting: for /healthz, the banner on every screen, and the metrics."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from fieldapp.models import (
    Alert,
    Delivery,
    Device,
    DeviceStaff,
    Entry,
    Heartbeat,
    OperatorAlarm,
    SetAside,
    Staff,
    StaffTeam,
    Subscription,
    Team,
)

SILENT_AFTER = dt.timedelta(seconds=60)
"""No good tick for this long means that the alerting is down, and that people are told."""


@dataclass(frozen=True)
class WorkerHealth:
    """The last good tick of any worker."""

    last_tick_at: dt.datetime | None
    age: dt.timedelta | None

    @property
    def is_ticking(self) -> bool:
        return self.age is not None and self.age <= SILENT_AFTER


def worker_health(session: Session, now: dt.datetime) -> WorkerHealth:
    """When a worker last ticked. A tick ahead of our clock is no reason for alarm: its age is 0."""
    ticked_at = session.scalar(select(func.max(Heartbeat.ticked_at)))
    age = max(now - ticked_at, dt.timedelta(0)) if ticked_at else None
    return WorkerHealth(ticked_at, age)


def counts(session: Session) -> dict[str, dict[str, int]]:
    """What the metrics show: name -> label -> number. Only totals, never anything about a person."""
    return {
        "entries": {"accepted": session.scalar(select(func.count()).select_from(Entry)) or 0}
        | _by(session, select(SetAside.verdict, func.count()).group_by(SetAside.verdict)),
        "alerts": _by(
            session,
            select(Alert.state, func.count()).where(Alert.state != "resolved").group_by(Alert.state),
        ),
        "deliveries": _by(session, select(Delivery.state, func.count()).group_by(Delivery.state)),
        "unsent_on_phones": {"": session.scalar(select(func.sum(Device.unsent))) or 0},
        "operator_alarms": {
            "": session.scalar(
                select(func.count()).select_from(OperatorAlarm).where(OperatorAlarm.cleared_at.is_(None))
            )
            or 0
        },
    }


def _by(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {label: number for label, number in session.execute(query)}  # noqa: C416 (rows are not pairs to mypy)


def teams_without_duty(session: Session) -> int:
    """How many teams have never had a duty list: there everybody is told, round the clock."""
    return session.scalar(select(func.count()).select_from(Team).where(Team.duty_ever_set.is_(False))) or 0


def open_alarms(session: Session) -> list[tuple[str, dt.datetime]]:
    """What only an operator can mend: (code, since)."""
    rows = select(OperatorAlarm.code, OperatorAlarm.at).where(OperatorAlarm.cleared_at.is_(None))
    return [(code, at) for code, at in session.execute(rows.order_by(OperatorAlarm.at))]


def alerting_ok(session: Session, now: dt.datetime) -> bool:
    """Whether a worker ticks: what the phones' banner goes by."""
    return worker_health(session, now).is_ticking


@dataclass(frozen=True)
class PushHealth:
    """What is known of one live subscription: handed over is not shown, only a receipt is."""

    subscription_id: uuid.UUID
    device_id: uuid.UUID
    device_name: str
    staff_names: tuple[str, ...]
    since: dt.datetime
    last_handed_over_at: dt.datetime | None
    last_receipt_at: dt.datetime | None

    @property
    def is_silent(self) -> bool:
        """Something was handed over, and no receipt has come since."""
        handed, shown = self.last_handed_over_at, self.last_receipt_at
        return handed is not None and (shown is None or shown < handed)


def push_health(session: Session, team_ids: Collection[uuid.UUID]) -> list[PushHealth]:
    """The live subscriptions of these teams' people on the devices where they are signed in."""
    query = (
        select(Subscription, Device.name, Staff.name)
        .join(Device, Device.id == Subscription.device_id)
        .join(DeviceStaff, DeviceStaff.device_id == Device.id)
        .join(Staff, Staff.id == DeviceStaff.staff_id)
        .where(
            Staff.id.in_(select(StaffTeam.staff_id).where(StaffTeam.team_id.in_(team_ids))),
            DeviceStaff.signed_out_at.is_(None),
            Device.ended_at.is_(None),
            Subscription.ended_at.is_(None),
        )
        .order_by(Staff.name, Subscription.id)
    )
    rows: dict[uuid.UUID, tuple[Subscription, str, list[str]]] = {}
    for subscription, device_name, staff_name in session.execute(query):
        rows.setdefault(subscription.id, (subscription, device_name, []))[2].append(staff_name)
    return [_push_health(subscription, device, names) for subscription, device, names in rows.values()]


def _push_health(row: Subscription, device_name: str, names: list[str]) -> PushHealth:
    return PushHealth(
        row.id, row.device_id, device_name, tuple(names), row.created_at, row.last_handed_over_at, row.last_receipt_at
    )
