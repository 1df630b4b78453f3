"""Whom a client does not exist for, as those see it who decide that: no client content, not even a name."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import AccessGrant, AccessLimit, Client, ClientTeam, Entry, EntryState, Staff, StaffTeam
from fieldapp.models.access import BLOCKED, LISTED, blocked_clients, running_grants
from fieldapp.models.change import newest_seq
from fieldapp.models.read_log import shown
from fieldapp.queries.names import staff_names
from fieldapp.queries.visible import sees


@dataclass(frozen=True)
class Blocked:
    """A colleague for whom the client does not exist. `reason` is shown to leaders only."""

    staff_id: UUID
    name: str
    since_at: dt.datetime
    by: str
    reason: str | None


@dataclass(frozen=True)
class Shared:
    """A grant that stands. `ground`: shared emergency."""

    grant_id: UUID
    name: str
    ground: str
    until_at: dt.datetime
    reason: str | None


@dataclass(frozen=True)
class LimitsPage:
    """Who is blocked, and whom one may block; `client_name` only for those who see the client."""

    client_id: UUID
    client_name: str | None
    blocked: tuple[Blocked, ...]
    colleagues: tuple[tuple[UUID, str], ...]
    shared: tuple[Shared, ...]
    may_share: bool
    protected: str
    listed: frozenset[UUID]
    """Who alone sees a client of code 6."""
    seq: int
    """The number of the card's last change: what an edit of it says it has seen."""


def limits_of(session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime) -> LimitsPage | None:
    """The page, or None when the client does not exist for somebody who does not oversee.

    Invariant: of a client that is hidden as much is asked as of one that is missing, so that time tells nothing."""
    if not access.may_limit(viewer):
        return None
    client = session.get(Client, client_id)
    seen = sees(session, viewer, client_id)
    is_blocked = client_id in set(session.scalars(blocked_clients(viewer.staff_id)))
    leads = viewer.role == "leader" and _is_followed(session, viewer, client_id)
    oversees = not is_blocked and (access.oversees_all(viewer) or leads)
    if client is None or not (seen or oversees):
        return None
    shown(session, "limits", client_id, opened=True)
    of_client = AccessLimit.client_id == client_id
    blocked = _blocked(session, viewer, client_id)
    kept_out = {one.staff_id for one in blocked}
    colleagues = tuple(one for one in _colleagues(session, client_id) if one[0] not in kept_out)
    may_share = seen and access.may_share(viewer)
    return LimitsPage(
        client_id,
        client.name if seen else None,
        blocked,
        colleagues,
        _shared(session, client_id, now),
        may_share,
        client.protected,
        frozenset(session.scalars(select(AccessLimit.staff_id).where(of_client, AccessLimit.kind == LISTED))),
        newest_seq(session, "client", client_id),
    )


def _is_followed(session: Session, viewer: Viewer, client_id: UUID) -> bool:
    """A leader of a team that follows decides who sees a client of code 6, and need not be one of them."""
    follows = select(ClientTeam.team_id).where(ClientTeam.client_id == client_id, ClientTeam.active.is_(True))
    return session.scalar(follows.where(ClientTeam.team_id.in_(viewer.team_ids)).limit(1)) is not None


def _shared(session: Session, client_id: UUID, now: dt.datetime) -> tuple[Shared, ...]:
    query = (
        select(AccessGrant.id, Staff.name, AccessGrant.ground, AccessGrant.until_at, AccessGrant.reason)
        .join(Staff, Staff.id == AccessGrant.staff_id)
        .where(AccessGrant.client_id == client_id, running_grants(now))
        .order_by(AccessGrant.until_at, Staff.name)
    )
    return tuple(Shared(*row) for row in session.execute(query))


def staff_id_of(session: Session, username: str) -> UUID | None:
    """Who has this username, working here or not."""
    return session.scalar(select(Staff.id).where(Staff.username == username))


def _blocked(session: Session, viewer: Viewer, client_id: UUID) -> tuple[Blocked, ...]:
    query = (
        select(AccessLimit.staff_id, Staff.name, AccessLimit.since_at, Entry.author_id, EntryState.body)
        .join(Staff, Staff.id == AccessLimit.staff_id)
        .join(Entry, Entry.id == AccessLimit.set_by_entry_id)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(AccessLimit.client_id == client_id, AccessLimit.kind == BLOCKED)
        .order_by(Staff.name, Staff.id)
    )
    rows = session.execute(query).all()
    names = staff_names(session, [row.author_id for row in rows])
    reads = viewer.role == "leader"
    return tuple(
        Blocked(row.staff_id, row.name, row.since_at, names[row.author_id], row.body["reason"] if reads else None)
        for row in rows
    )


def _colleagues(session: Session, client_id: UUID) -> Sequence[tuple[UUID, str]]:
    query = (
        select(Staff.id, Staff.name)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .join(ClientTeam, ClientTeam.team_id == StaffTeam.team_id)
        .where(ClientTeam.client_id == client_id, ClientTeam.active.is_(True), Staff.ended_at.is_(None))
        .distinct()
        .order_by(Staff.name, Staff.id)
    )
    return [(row.id, row.name) for row in session.execute(query)]
