"""Is the alerting alive, and what is waiting: for /healthz, the banner on every screen, and the metrics."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from fieldapp.domain.channels import covers_night
from fieldapp.models import Alert, Delivery, Device, Duty, Entry, Heartbeat, OperatorAlarm, SetAside, Team
from fieldapp.queries.phones.push_health import silent_phones

SILENT_AFTER = dt.timedelta(seconds=60)
"""No good tick for this long means that the alerting is down, and that people are told."""


@dataclass(frozen=True)
class WorkerHealth:
    """The last good tick of any worker."""

    last_tick_at: dt.datetime | None
    age: dt.timedelta | None

    @property
    def is_ahead(self) -> bool:
        """Ahead of our clock by more than machines differ: it was set back, and the tick proves nothing."""
        return self.age is not None and self.age < -SILENT_AFTER

    @property
    def is_ticking(self) -> bool:
        return self.age is not None and not self.is_ahead and self.age <= SILENT_AFTER


_LAST_TICK = select(func.max(Heartbeat.ticked_at))


def worker_health(session: Session, now: dt.datetime) -> WorkerHealth:
    """When a worker last ticked. Clocks of two machines may differ a little: up to a minute ahead is an age of 0."""
    ticked_at = session.scalar(_LAST_TICK)
    age = now - ticked_at if ticked_at else None
    return WorkerHealth(ticked_at, max(age, dt.timedelta(0)) if age and age >= -SILENT_AFTER else age)


def counts(session: Session, now: dt.datetime) -> dict[str, dict[str, int]]:
    """What the metrics show: name -> label -> number. Only totals, never anything about a person."""
    return {
        "entries": {"accepted": session.scalar(select(func.count()).select_from(Entry)) or 0}
        | _by(session, select(SetAside.verdict, func.count()).group_by(SetAside.verdict)),
        "alerts": _by(
            session,
            select(Alert.state, func.count()).where(Alert.state != "resolved").group_by(Alert.state),
        ),
        "deliveries": _by(session, select(Delivery.state, func.count()).group_by(Delivery.state)),
        "unsent_on_phones": {
            "": session.scalar(select(func.sum(Device.unsent)).where(Device.replaced_at.is_(None))) or 0
        },
        "silent_phones": {"": silent_phones(session, now)},
        "operator_alarms": {
            "": session.scalar(
                select(func.count()).select_from(OperatorAlarm).where(OperatorAlarm.cleared_at.is_(None))
            )
            or 0
        },
    }


def _by(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {label: number for label, number in session.execute(query)}  # noqa: C416 (rows are not pairs to mypy)


def teams_on_duty_at_night(session: Session, now: dt.datetime) -> int:
    """How many teams may be alerted at night: those without a duty list, and those with a duty that covers a night."""
    round_the_clock = set(
        session.scalars(select(Team.id).where(Team.duty_ever_set.is_(False), Team.ended_at.is_(None)))
    )
    duties = session.execute(select(Duty.team_id, Duty.from_at, Duty.to_at).where(Duty.to_at > now))
    return len(round_the_clock | {team_id for team_id, from_at, to_at in duties if covers_night(from_at, to_at)})


def open_alarms(session: Session) -> list[tuple[str, dt.datetime]]:
    """What only an operator can mend: (code, since)."""
    rows = select(OperatorAlarm.code, OperatorAlarm.at).where(OperatorAlarm.cleared_at.is_(None))
    return [(code, at) for code, at in session.execute(rows.order_by(OperatorAlarm.at))]


def alerting_ok(session: Session, now: dt.datetime) -> bool:
    """Whether a worker ticks: what the phones' banner goes by."""
    return worker_health(session, now).is_ticking
