"""Is the alerting alive, and what is waiting: for /healthz, the banner on every screen, and the metrics."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.models import Alert, Delivery, Device, Entry, Heartbeat, OperatorAlarm, SetAside

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


def _by(session: Session, query: object) -> dict[str, int]:
    return {label: number for label, number in session.execute(query)}  # type: ignore[call-overload]
