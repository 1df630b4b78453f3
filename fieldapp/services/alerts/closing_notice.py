"""«Se lista før dere stenger»: one message to the last shift, an hour before a team closes, if anybody is on its list.

Invariant: one telling per team and closing time, whatever the number of workers: whoever inserts the row tells.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import ClosingNotice, Watch
from fieldapp.services.alerts.opening_hours import OpeningHours
from fieldapp.services.alerts.recipients import TeamsNow
from fieldapp.services.notify.notifications import ToNotify, notify
from fieldapp.services.writing import insert_new

CLOSING = "closing"


def tell_all(session: Session, now: dt.datetime) -> int:
    """Tell the last shift of every team that closes within the hour and has somebody due before it opens; how many."""
    return sum(_tell(session, *notice, now) for notice in _untold(session, now))


def any_closing(session: Session, now: dt.datetime) -> bool:
    """Whether `tell_all` has anything to do."""
    return any(_untold(session, now))


def _untold(session: Session, now: dt.datetime) -> Iterator[tuple[uuid.UUID, dt.datetime, Sequence[uuid.UUID]]]:
    for team_id, closes_at, opens_at in OpeningHours(session, now).notices():
        if session.get(ClosingNotice, (team_id, closes_at)) is None:
            client_ids = _run_out(session, team_id, now, opens_at)
            if client_ids:
                yield team_id, closes_at, client_ids


def _run_out(session: Session, team_id: uuid.UUID, now: dt.datetime, opens_at: dt.datetime) -> Sequence[uuid.UUID]:
    """Whose clock runs out before the team opens again. What has run out already has its alert."""
    due = Watch.team_id == team_id, Watch.due_at > now, Watch.due_at < opens_at
    return session.scalars(select(Watch.client_id).where(*due)).all()


def _tell(
    session: Session,
    team_id: uuid.UUID,
    closes_at: dt.datetime,
    client_ids: Sequence[uuid.UUID],
    now: dt.datetime,
) -> int:
    row = {"team_id": team_id, "closes_at": closes_at, "told_at": now, "told": 0}
    if not insert_new(session, ClosingNotice, [row], [ClosingNotice.__table__.c.team_id]):
        return 0
    teams = TeamsNow(session, now)
    # Nobody is told of a list that is empty for them.
    staff_ids = [one for one in teams.on_duty(team_id) if teams.exists_for(one, client_ids)]
    notify(session, [ToNotify(staff_id, CLOSING) for staff_id in staff_ids], now)
    session.get_one(ClosingNotice, (team_id, closes_at)).told = len(staff_ids)
    session.flush()
    return len(staff_ids)
