"""One step of an alert's ladder: who is told in it, its transition row, and when to look at the alert next."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from fieldapp.domain import escalation as rules
from fieldapp.domain.alert_states import Event, after, title_of
from fieldapp.models import Alert, AlertTransition
from fieldapp.models.change import touch
from fieldapp.services.teams_now import TeamsNow
from fieldapp.services.telling import Telling, tell
from fieldapp.services.writing import chunks

FIRST_ROUND = 1
NO_RECEIPT = dt.timedelta(seconds=rules.NO_RECEIPT_SECONDS)


@dataclass(frozen=True)
class Opened:
    """What beginning an alert's step 0 needs to know of it."""

    id: uuid.UUID
    kind: str
    team_id: uuid.UUID
    client_id: uuid.UUID | None
    staff_id: uuid.UUID | None = None
    """Whose safety it is about."""


def begin_steps(session: Session, opened: Sequence[Opened], now: dt.datetime) -> None:
    """Begin step 0 of newly inserted alerts: their transition, their notifications, and when to look at them next."""
    if not opened:
        return
    teams = TeamsNow(session, now)
    for part in chunks([alert.client_id for alert in opened if alert.client_id]):
        teams.know_primaries(part)
    note_opened(session, [alert.id for alert in opened], now)
    tellings = [
        Telling(staff_id, title_of(alert.kind, 0), alert.id, 0, FIRST_ROUND)
        for alert in opened
        for staff_id in teams.recipients(alert.kind, 0, alert.team_id, alert.client_id, alert.staff_id)
    ]
    tried = tell(session, tellings, now)
    looks: dict[dt.datetime, list[uuid.UUID]] = {}
    for alert in opened:
        at = _first_look(alert, teams, now) if alert.id in tried else now
        looks.setdefault(at, []).append(alert.id)
    for at, ids in looks.items():
        for some in chunks(ids):
            session.execute(
                update(Alert).where(Alert.id.in_(some)).values(next_at=at), execution_options=_UNSYNCHRONISED
            )


_UNSYNCHRONISED = {"synchronize_session": False}


def _first_look(alert: Opened, teams: TeamsNow, now: dt.datetime) -> dt.datetime:
    following = rules.next_step(alert.kind, 0)
    by_clock = teams.step_at(alert.kind, now, following, alert.team_id) if following else now + NO_RECEIPT
    return min(by_clock, now + NO_RECEIPT)


def note_opened(
    session: Session, alert_ids: Sequence[uuid.UUID], now: dt.datetime, event: Event = Event.opened
) -> None:
    """The first transition of newly inserted alerts."""
    row = {
        "at": now,
        "event": event.value,
        "from_state": None,
        "to_state": after(None, event).value,
        "step": 0,
        "round": FIRST_ROUND,
    }
    if alert_ids:
        table = cast(Table, AlertTransition.__table__)
        session.execute(insert(table), [{"alert_id": alert_id, **row} for alert_id in alert_ids])


def begin_step(session: Session, alert: Alert, teams: TeamsNow, now: dt.datetime, *, event: str = "step_began") -> None:
    """Tell everyone of the alert's present step and round, from now."""
    alert.step_began_at = now
    note(session, alert, event=event, from_state=alert.state, now=now)
    begin_together(session, [alert], teams, now)
    touch(session, "alert", alert.id, client_id=alert.client_id, team_id=alert.team_id)


def begin_together(session: Session, alerts: Sequence[Alert], teams: TeamsNow, now: dt.datetime) -> None:
    """Tell everyone of the present step and round of each; who has many of them is told once."""
    tellings = [
        Telling(staff_id, title_of(alert.kind, alert.step), alert.id, alert.step, alert.round)
        for alert in alerts
        for staff_id in teams.recipients(alert.kind, alert.step, alert.team_id, alert.client_id, alert.staff_id)
    ]
    tell(session, tellings, now)


def note(
    session: Session,
    alert: Alert,
    *,
    event: str,
    from_state: str | None,
    now: dt.datetime,
    staff_id: uuid.UUID | None = None,
    entry_id: uuid.UUID | None = None,
    reason: str | None = None,
) -> None:
    """One row for one change of an alert, or one step of its ladder. The alert carries its new state already."""
    session.add(
        AlertTransition(
            alert_id=alert.id,
            at=now,
            event=str(event),
            from_state=from_state,
            to_state=alert.state,
            step=alert.step,
            round=alert.round,
            staff_id=staff_id,
            entry_id=entry_id,
            reason=reason,
        )
    )
    session.flush()
