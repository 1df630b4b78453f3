"""Which clients exist for a viewer: the one condition that every read of client content stands on."""

import uuid
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, false, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import ClientTeam, FormerMember, StaffTeam


def whoever(role: str) -> Viewer:
    """Anybody of this role: a statement made for them is made once, and asked with `who` it is for."""
    team_ids, staff_id = bindparam("team_ids", type_=Uuid(), expanding=True), bindparam("staff_id", type_=Uuid())
    return Viewer(cast(Any, staff_id), role, cast(Any, team_ids))


def who(viewer: Viewer) -> dict[str, Any]:
    """The parameters of a statement made for `whoever` has this person's role."""
    return {"team_ids": list(viewer.team_ids), "staff_id": viewer.staff_id}


def visible_clients(viewer: Viewer) -> Select[uuid.UUID]:
    """The ids of the clients this person sees now, as a sub-query."""
    query = select(ClientTeam.client_id)
    if not access.sees_clients(viewer.role):
        return query.where(false())
    return query.where(ClientTeam.team_id.in_(viewer.team_ids), ClientTeam.active.is_(True))


def sees(session: Session, viewer: Viewer, client_id: uuid.UUID) -> bool:
    """Whether the client exists for this person."""
    wanted: ColumnElement[bool] = ClientTeam.client_id == client_id
    return session.execute(visible_clients(viewer).where(wanted).limit(1)).first() is not None


def colleagues(viewer: Viewer) -> Select[uuid.UUID]:
    """The ids of everybody who shares a team with this person, as a sub-query."""
    return select(StaffTeam.staff_id).where(StaffTeam.team_id.in_(viewer.team_ids))


def former_colleagues(viewer: Viewer) -> Select[uuid.UUID]:
    """The ids of everybody who has left a team of this person's: their phones must let go of them."""
    return select(FormerMember.staff_id).where(FormerMember.team_id.in_(viewer.team_ids))
