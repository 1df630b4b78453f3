"""Nødtilgang: sight of one client for an hour at most, asked for by name and birth year, and told to a leader at once.

Invariants:
- Whoever asks learns of nobody whom a limit keeps from them: forbidden ones are taken out before anybody is counted,
  and all that is not found is the same answer after the same steps.
- Hits and misses count alike towards the limits, and both are told.
"""

import datetime as dt
import math
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.models import AccessGrant, Client, EmergencyAsked, Staff, StaffTeam
from fieldapp.models.access import forbidden_clients
from fieldapp.services.casefile import case_file
from fieldapp.services.following import following_teams
from fieldapp.services.notify.notifications import ToNotify, notify
from fieldapp.services.people import grants
from sync.folding import folded
from sync.ids import uuid7

LASTS = dt.timedelta(minutes=60)
MOST = ((3, dt.timedelta(hours=1)), (6, dt.timedelta(days=1)))
"""Questions in a time, of one person."""
ACCESS = "access"
"""The kind of its message: a constant title, without names."""


def ask(
    session: Session, viewer: Viewer, name: str, birth_year: int, reason: str, now: dt.datetime
) -> AccessGrant | None:
    """The grant when exactly one person fits whom nothing forbids, else None: commit it in both cases.

    Raises AppError not_permitted, slow_down.
    """
    if not access.may_ask_for_emergency(viewer):
        raise AppError("not_permitted")
    session.get_one(Staff, viewer.staff_id, with_for_update=True)  # questions in parallel are counted too
    _check_limits(session, viewer, now)
    found = _fitting(session, viewer, name, birth_year)
    asked = EmergencyAsked(
        id=uuid7(), staff_id=viewer.staff_id, at=now, name=name, birth_year=birth_year, reason=reason
    )
    session.add(asked)
    grant = None
    if len(found) == 1:
        grant = grants.give_client(
            session, found[0], viewer.staff_id, "emergency", now + LASTS, viewer.staff_id, reason, now
        )
        asked.grant_id = grant.id
    session.flush()
    told = _whom_to_tell(session, viewer, found[0] if grant else None)
    notify(session, [ToNotify(staff_id, ACCESS) for staff_id in told], now)
    return grant


def _check_limits(session: Session, viewer: Viewer, now: dt.datetime) -> None:
    waits = [_wait(session, viewer, most, within, now) for most, within in MOST]
    if max(waits) > 0:
        raise AppError("slow_down", headers={"Retry-After": str(max(waits))})


def _wait(session: Session, viewer: Viewer, most: int, within: dt.timedelta, now: dt.datetime) -> int:
    """Seconds until there are fewer than `most` in the time; 0 when that is so now."""
    mine = select(EmergencyAsked.at).where(EmergencyAsked.staff_id == viewer.staff_id, EmergencyAsked.at > now - within)
    oldest = session.scalar(mine.order_by(EmergencyAsked.at.desc()).offset(most - 1).limit(1))
    return 0 if oldest is None else math.ceil(min(oldest + within - now, within).total_seconds())


def _fitting(session: Session, viewer: Viewer, name: str, birth_year: int) -> list[UUID]:
    """Those who are followed up, of exactly this name as it is folded for search, and this year."""
    allowed = Client.id.not_in(forbidden_clients(viewer.staff_id)), Client.protected != "code6"
    followed_up = Client.ended_at.is_(None), Client.deceased.is_(False), Client.merged_into.is_(None)
    query = select(Client.id, Client.name).where(Client.birth_year == birth_year, *allowed, *followed_up)
    wanted = folded(name)
    return [row.id for row in session.execute(query) if wanted and folded(row.name) == wanted]


def _whom_to_tell(session: Session, viewer: Viewer, client_id: UUID | None) -> list[UUID]:
    """The asker's leaders, or privacy where the asker leads or nobody leads them; of a client that was found, the
    leaders of the teams that follow it, too."""
    leaders = [] if viewer.role == "leader" else _leaders(session, viewer.team_ids)
    told = dict.fromkeys(leaders or _privacy(session))
    if client_id is not None:
        limits = case_file(session).limits(client_id)
        of_client = _leaders(session, following_teams(session, client_id))
        told |= dict.fromkeys(one for one in of_client if not access.forbids(limits, one))
    return [one for one in told if one != viewer.staff_id]


def _leaders(session: Session, team_ids: Collection[UUID]) -> list[UUID]:
    query = (
        select(Staff.id)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .where(StaffTeam.team_id.in_(team_ids), Staff.role == "leader", Staff.ended_at.is_(None))
    )
    return list(session.scalars(query.distinct().order_by(Staff.id)))


def _privacy(session: Session) -> list[UUID]:
    query = select(Staff.id).where(Staff.role == "privacy", Staff.ended_at.is_(None))
    return list(session.scalars(query.order_by(Staff.id)))
