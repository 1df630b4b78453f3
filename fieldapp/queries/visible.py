"""Which clients exist for a viewer: the one condition that every read of client content stands on."""

import uuid
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, CompoundSelect, Select, Uuid, and_, bindparam, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import Case, Client, ClientTeam, Entry, FormerMember, SharedFact, StaffTeam
from fieldapp.models.access import forbidden_clients, listed_clients
from fieldapp.models.record_key import erased_clients
from fieldapp.models.record_request import barred_cases, barred_entries, with_what_is_beside

_made_once = lru_cache(maxsize=512)
"""A condition for a viewer or role, kept: making it takes longer than asking it. It holds nobody's data."""


def whoever(role: str) -> Viewer:
    """Anybody of this role: a statement made for them is made once, and asked with `who` it is for."""
    staff_id = bindparam("staff_id", type_=Uuid())
    team_ids, granted = (bindparam(name, type_=Uuid(), expanding=True) for name in ("team_ids", "granted"))
    return Viewer(cast(Any, staff_id), role, cast(Any, team_ids), granted=cast(Any, granted))


def who(viewer: Viewer) -> dict[str, Any]:
    """The parameters of a statement made for `whoever` has this person's role."""
    return {"team_ids": list(viewer.team_ids), "staff_id": viewer.staff_id, "granted": list(viewer.granted)}


@_made_once
def visible_clients(viewer: Viewer) -> Select[uuid.UUID]:
    """The ids of the clients this person sees now, as a sub-query."""
    query = select(ClientTeam.client_id)
    if not access.sees_clients(viewer.role):
        return query.where(false())
    followed = and_(ClientTeam.team_id.in_(viewer.team_ids), ClientTeam.active.is_(True))
    reached = or_(followed, ClientTeam.client_id.in_(viewer.granted))
    query = query.where(reached, ClientTeam.client_id.not_in(hidden_clients(viewer)))
    query = query.where(ClientTeam.client_id.not_in(erased_clients()))
    if access.sees_only_housing(viewer.role):
        query = query.where(ClientTeam.client_id.not_in(select(Client.id).where(Client.protected != "none")))
    return query


@_made_once
def clients_on_phones(viewer: Viewer) -> Select[uuid.UUID]:
    """Those of them that phones keep: none of code 6."""
    return visible_clients(viewer).where(ClientTeam.client_id.not_in(listed_clients()))


@_made_once
def hidden_clients(viewer: Viewer) -> Select[uuid.UUID]:
    """The ids of the clients that do not exist for this person whatever team follows them, as a sub-query: what counts
    or lists by team alone leaves these out."""
    return forbidden_clients(viewer.staff_id)


def about_hidden(viewer: Viewer, client_id: Any) -> ColumnElement[bool]:
    """Whether something of the person's team is about such a client; False where it is about none."""
    return and_(client_id.is_not(None), client_id.in_(hidden_clients(viewer)))


@_made_once
def hidden_entries(viewer: Viewer) -> CompoundSelect[Any]:
    """The ids of the entries that are barred for this person, as a sub-query."""
    return barred_entries(viewer.staff_id, viewer.team_ids)


@_made_once
def hidden_cases(viewer: Viewer) -> Select[uuid.UUID | None]:
    """The ids of the cases that say what a barred entry said, as a sub-query."""
    return barred_cases(viewer.staff_id, viewer.team_ids)


@_made_once
def hidden_facts(viewer: Viewer) -> Select[uuid.UUID]:
    """The ids of the shared facts of clients one of whose cases says what a barred entry said, as a sub-query."""
    of_cases = select(Case.client_id).where(Case.client_id.is_not(None), Case.id.in_(hidden_cases(viewer)))
    return select(SharedFact.id).where(SharedFact.client_id.in_(of_cases))


@_made_once
def is_shown(viewer: Viewer) -> ColumnElement[bool]:
    """Which entries are shown to this person, of those they would see: to their role, and not barred for them."""
    return and_(is_read_by(viewer.role), or_(Entry.id.is_(None), Entry.id.not_in(hidden_entries(viewer))))


@_made_once
def is_read_by(role: str) -> ColumnElement[bool]:
    """Which entries are shown to this role, of those it would see (of a query that has `Entry`, or has none there)."""
    if not access.unread_types(role):
        return true()
    return or_(Entry.id.is_(None), Entry.id.not_in(unread_entries(role)))


@_made_once
def unread_entries(role: str) -> CompoundSelect[Any]:
    """The ids of the entries that are not shown to this role, whoever the client is, and of what stands beside them."""
    unread = aliased(Entry)
    return with_what_is_beside(select(unread.id).where(unread.type.in_(sorted(access.unread_types(role)))))


def sees(session: Session, viewer: Viewer, client_id: uuid.UUID) -> bool:
    """Whether the client exists for this person."""
    wanted: ColumnElement[bool] = ClientTeam.client_id == client_id
    return session.execute(visible_clients(viewer).where(wanted).limit(1)).first() is not None


def keeps_on_phone(session: Session, viewer: Viewer, client_id: uuid.UUID) -> bool:
    """Whether the client exists for this person's phone."""
    wanted: ColumnElement[bool] = ClientTeam.client_id == client_id
    return session.execute(clients_on_phones(viewer).where(wanted).limit(1)).first() is not None


def colleagues(viewer: Viewer) -> Select[uuid.UUID]:
    """The ids of everybody who shares a team with this person, as a sub-query."""
    return select(StaffTeam.staff_id).where(StaffTeam.team_id.in_(viewer.team_ids))


def former_colleagues(viewer: Viewer) -> Select[uuid.UUID]:
    """The ids of everybody who has left a team of this person's: their phones must let go of them."""
    return select(FormerMember.staff_id).where(FormerMember.team_id.in_(viewer.team_ids))
