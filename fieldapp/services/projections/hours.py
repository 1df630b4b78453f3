"""A team's opening hours: whole, from its newest `team_hours_set`."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import State
from fieldapp.models import Alert, Entry, EntryState, Team, TeamHours, Watch
from fieldapp.models.change import mark_changed
from fieldapp.models.entry import HAPPENED_AT


def refresh_team_hours(session: Session, team_id: uuid.UUID) -> None:
    """Compute one team's hours anew; a team whose last word was retracted is open round the clock again."""
    # Whoever computes a clock by the team's shifts waits for this, or is waited for and found by `clients_on_shifts`.
    session.execute(select(Team.id).where(Team.id == team_id).with_for_update(key_share=True)).all()
    entry, state = _newest(session, team_id) or (None, None)
    row = session.get(TeamHours, team_id)
    if entry is None or state is None:
        if row is None:
            return
        session.delete(row)
    else:
        row = row or TeamHours(team_id=team_id)
        _fill(row, entry, state.body)
        session.add(row)
    session.flush()
    mark_changed(session, "hours", team_id, team_id=team_id)


def clients_on_shifts(session: Session, team_id: uuid.UUID) -> list[uuid.UUID]:
    """Whose clocks go by this team's shifts, each clock locked, in the order everybody takes them in."""
    query = select(Watch.client_id).where(Watch.team_id == team_id, Watch.mode == "each_shift")
    return list(session.scalars(query.order_by(Watch.client_id).with_for_update()))


def look_at_waiting(session: Session, team_id: uuid.UUID, now: dt.datetime) -> None:
    """What waits for the team to open is looked at again: its hours have changed."""
    session.execute(
        update(Alert).where(Alert.team_id == team_id, Alert.state == State.waiting.value).values(next_at=now),
        execution_options={"synchronize_session": False},
    )


def _newest(session: Session, team_id: uuid.UUID) -> tuple[Entry, EntryState] | None:
    query = (
        select(Entry, EntryState)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.type == "team_hours_set", Entry.subject_id == team_id, EntryState.struck_by.is_(None))
        .order_by(HAPPENED_AT.desc(), Entry.id.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found else None


def _fill(row: TeamHours, entry: Entry, body: dict[str, Any]) -> None:
    row.hours = body["hours"]
    row.shifts = {name: span for name, span in (body.get("shifts") or {}).items() if span}
    row.closed_days = sorted(body.get("closed_days") or [])
    row.when_closed = body["when_closed"]
    row.to_team_id = uuid.UUID(body["to_team_id"]) if body.get("to_team_id") else None
    row.set_by_entry_id = entry.id
