"""One client's card for the office: who it is, the agreement, and where the clock stands."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import day_of
from fieldapp.models import Absence, Client, ClientTeam, EntryState, HandCheck, Staff, StaffTeam, Team, Watch
from fieldapp.models.access import forbids
from fieldapp.models.change import Change
from fieldapp.models.read_log import shown, shown_because
from fieldapp.queries import still_here
from fieldapp.queries.deaths import death_days
from fieldapp.queries.names import staff_names
from fieldapp.queries.visible import sees


@dataclass(frozen=True)
class WatchCard:
    """The tilsynsavtale as it stands, and its clock. `absence_kind`: what pauses it now."""

    mode: str
    interval_minutes: int
    counts: tuple[str, ...]
    shifts: tuple[str, ...]
    may_enter: bool
    key_ref: str | None
    agreed: bool
    review_on: dt.date | None
    last_seen_at: dt.datetime | None
    last_seen_as: str | None
    """seen heard reported: what the last contact that counts was."""
    due_at: dt.datetime | None
    is_paused: bool
    absence_kind: str | None
    sources: tuple[str, ...]
    tighten_days: int | None
    when_closed: str | None
    pause_with_others: bool
    is_hand_check: bool
    """`due_at` is when somebody looks again after an alert was ended by hand."""


@dataclass(frozen=True)
class Following:
    """A team that follows the client, or will. `to_on`: the last day, included."""

    team_id: UUID
    name: str
    from_on: dt.date
    to_on: dt.date | None
    active: bool


@dataclass(frozen=True)
class ClientCard:
    """What the office shows of one client."""

    id: UUID
    name: str
    alias: str | None
    birth_year: int | None
    address: str | None
    phone: str | None
    primary: str | None
    primary_staff_id: UUID | None
    primary_is_outside: bool
    """The primary contact works in no team that follows: in step 0 of an alert nobody is rung for being it."""
    following: tuple[Following, ...]
    contact_interval_days: int | None
    ended_at: dt.datetime | None
    deceased: bool
    died_on: dt.date | None
    watch: WatchCard | None
    is_masked: bool
    """The address is there, and shown for a reason only."""
    seq: int
    """The number of the card's last change: what an edit of it says it has seen."""

    @property
    def teams(self) -> tuple[str, ...]:
        """The names of the teams that follow now."""
        return tuple(one.name for one in self.following if one.active)


def one_client(session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime) -> ClientCard | None:
    """The card, or None when the client does not exist for the viewer."""
    if not (access.sees_watch(viewer.role) and sees(session, viewer, client_id)):
        return None
    shown(session, "client", client_id, opened=True)
    client = session.get_one(Client, client_id)
    watch = session.get(Watch, client_id)
    here = still_here.primaries(session, [client_id])
    primary_id = here[client_id] or client.primary_staff_id
    outside = client.primary_staff_id is not None and client.primary_staff_id not in {
        staff_id for staff_id, _ in may_be_primary(session, client_id)
    }
    return ClientCard(
        id=client.id,
        name=client.name,
        alias=client.alias,
        birth_year=client.birth_year,
        address=None if client.protected == "code7" else client.address,
        phone=client.phone,
        primary=staff_names(session, [primary_id]).get(primary_id) if primary_id else None,
        primary_staff_id=client.primary_staff_id,
        primary_is_outside=outside,
        following=_following(session, client_id, now),
        contact_interval_days=client.contact_interval_days,
        ended_at=client.ended_at,
        deceased=client.deceased,
        is_masked=client.protected == "code7" and client.address is not None,
        died_on=death_days(session, [client.id]).get(client.id) if client.deceased else None,
        watch=_watch(session, watch, now) if watch else None,
        seq=session.scalar(select(Change.seq).where(Change.kind == "client", Change.subject_id == client_id)) or 0,
    )


def masked_address(session: Session, viewer: Viewer, client_id: UUID, reason: str) -> str | None:
    """The address behind code 7, for whoever sees the client and says why. None where there is none to show."""
    client = session.get(Client, client_id) if sees(session, viewer, client_id) else None
    if client is None or client.protected != "code7" or client.address is None:
        return None
    shown_because(session, "address", client_id, reason)
    return client.address


def may_be_primary(session: Session, client_id: UUID) -> list[tuple[UUID, str]]:
    """Whom a client's primary contact can be: those who follow up clients in a team that follows this one, by name."""
    return may_be_primary_each(session, [client_id]).get(client_id, [])


def may_be_primary_each(session: Session, client_ids: Collection[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """The same of several clients, of whom anybody can be."""
    query = (
        select(ClientTeam.client_id, Staff.id, Staff.name)
        .join(StaffTeam, StaffTeam.team_id == ClientTeam.team_id)
        .join(Staff, Staff.id == StaffTeam.staff_id)
        .where(ClientTeam.client_id.in_(client_ids), ClientTeam.active.is_(True))
        .where(Staff.ended_at.is_(None), Staff.role.in_(access.TEAM_ROLES))
        .where(~forbids(ClientTeam.client_id, Staff.id, ClientTeam, Staff))
        .distinct()
        .order_by(Staff.name, Staff.id)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for client_id, staff_id, name in session.execute(query) if client_ids else ():
        found.setdefault(client_id, []).append((staff_id, name))
    return found


def other_teams(session: Session, card: ClientCard) -> list[tuple[UUID, str]]:
    """The municipality's teams that do not follow the client, by name."""
    known = [one.team_id for one in card.following]
    rows = session.execute(
        select(Team.id, Team.name).where(Team.id.not_in(known), Team.ended_at.is_(None)).order_by(Team.name, Team.id)
    )
    return [(team_id, name) for team_id, name in rows]


def _following(session: Session, client_id: UUID, now: dt.datetime) -> tuple[Following, ...]:
    """Those that follow now or will; a team whose time is over is not named."""
    query = (
        select(ClientTeam.team_id, Team.name, ClientTeam.from_on, ClientTeam.to_on, ClientTeam.active)
        .join(Team, Team.id == ClientTeam.team_id)
        .where(ClientTeam.client_id == client_id)
        .where(or_(ClientTeam.active.is_(True), ClientTeam.to_on.is_(None), ClientTeam.to_on >= day_of(now)))
        .order_by(Team.name)
    )
    return tuple(Following(*row) for row in session.execute(query))


def _watch(session: Session, watch: Watch, now: dt.datetime) -> WatchCard:
    paused = watch.paused_by is not None and (watch.paused_until is None or watch.paused_until > now)
    last = session.get(EntryState, watch.last_seen_entry_id) if watch.last_seen_entry_id else None
    return WatchCard(
        mode=watch.mode,
        interval_minutes=watch.interval_minutes,
        counts=_codes(watch.counts),
        shifts=_codes(watch.shifts),
        may_enter=watch.may_enter,
        key_ref=watch.key_ref,
        agreed=watch.agreed,
        review_on=watch.review_on,
        last_seen_at=watch.last_seen_at,
        last_seen_as=last.degree if last else None,
        due_at=watch.due_at,
        is_paused=paused,
        absence_kind=_absence_kind(session, watch.paused_by) if paused else None,
        sources=_codes(watch.sources or []),
        tighten_days=watch.tighten_days,
        when_closed=watch.when_closed,
        pause_with_others=watch.pause_with_others,
        is_hand_check=_is_hand_check(session, watch),
    )


def _is_hand_check(session: Session, watch: Watch) -> bool:
    by_hand = select(HandCheck.entry_id).where(HandCheck.client_id == watch.client_id)
    return session.scalar(by_hand.where(HandCheck.next_check_at == watch.due_at).limit(1)) is not None


def _absence_kind(session: Session, paused_by: str | None) -> str | None:
    """None when it is a death that pauses the clock."""
    try:
        absence = session.get(Absence, UUID(paused_by or ""))
    except ValueError:
        return None
    return absence.kind if absence else None


def _codes(values: list[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
