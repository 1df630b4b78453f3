"""One client's card for the office: who it is, the agreement, and where the clock stands."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import Absence, Client, ClientTeam, HandCheck, Team, Watch
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
    due_at: dt.datetime | None
    is_paused: bool
    absence_kind: str | None
    is_hand_check: bool
    """`due_at` is when somebody looks again after an alert was ended by hand."""


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
    teams: tuple[str, ...]
    contact_interval_days: int | None
    ended_at: dt.datetime | None
    deceased: bool
    watch: WatchCard | None


def one_client(session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime) -> ClientCard | None:
    """The card, or None when the client does not exist for the viewer."""
    if not (access.sees_watch(viewer.role) and sees(session, viewer, client_id)):
        return None
    client = session.get_one(Client, client_id)
    teams = select(Team.name).join(ClientTeam, ClientTeam.team_id == Team.id)
    watch = session.get(Watch, client_id)
    return ClientCard(
        id=client.id,
        name=client.name,
        alias=client.alias,
        birth_year=client.birth_year,
        address=client.address,
        phone=client.phone,
        primary=staff_names(session, [client.primary_staff_id]).get(client.primary_staff_id or client.id),
        teams=tuple(
            session.scalars(
                teams.where(ClientTeam.client_id == client_id, ClientTeam.active.is_(True)).order_by(Team.name)
            )
        ),
        contact_interval_days=client.contact_interval_days,
        ended_at=client.ended_at,
        deceased=client.deceased,
        watch=_watch(session, watch, now) if watch else None,
    )


def _watch(session: Session, watch: Watch, now: dt.datetime) -> WatchCard:
    paused = watch.paused_by is not None and (watch.paused_until is None or watch.paused_until > now)
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
        due_at=watch.due_at,
        is_paused=paused,
        absence_kind=_absence_kind(session, watch.paused_by) if paused else None,
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
