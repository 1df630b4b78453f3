"""Who still answers for a client or a case: whoever was named, while they work in a team that follows the client."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fieldapp.domain.access import TEAM_ROLES, Viewer
from fieldapp.models import Case, Client, ClientTeam, Staff, StaffTeam
from fieldapp.models.access import forbids
from fieldapp.models.read_log import shown
from fieldapp.queries.json_columns import IDS, read
from fieldapp.queries.visible import visible_clients

CLOSED = ("resolved", "evicted", "handled", "closed")


@dataclass(frozen=True)
class LeftBehind:
    """A client without a primary contact, or a case without an owner, since whoever it was has left."""

    client_id: UUID
    client: str
    who: str
    case_id: UUID | None = None
    kind: str | None = None


def primaries(session: Session, client_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """The primary contact of each of these clients; None where there is none, or none any more."""
    return _who(session, client_ids, Client.id, Client.primary_staff_id, Client.id)


def owners(session: Session, case_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """Who owns the next step of each of these cases; None where that person has left: then it is the leader's."""
    return _who(session, case_ids, Case.id, Case.owner_id, Case.client_id)


def _who(session: Session, ids: Collection[UUID], *columns: InstrumentedAttribute) -> dict[UUID, UUID | None]:
    rows = read(session, _named(*columns), {"ids": list(ids)})
    return dict.fromkeys(ids) | {id_: staff_id for id_, staff_id in rows}  # noqa: C416


@cache
def _named(
    row_id: InstrumentedAttribute, staff_id: InstrumentedAttribute, client_id: InstrumentedAttribute
) -> Select[UUID, UUID | None]:
    return select(row_id, staff_id).where(row_id.in_(IDS), _answers(staff_id, client_id))


def left_behind(session: Session, viewer: Viewer) -> list[LeftBehind]:
    """What a leader must give to somebody else, by client: for the leader alone."""
    if viewer.role != "leader":
        return []
    clients = (
        select(Client.id, Client.name, Staff.name)
        .join(Staff, Staff.id == Client.primary_staff_id)
        .where(Client.id.in_(visible_clients(viewer)), Client.ended_at.is_(None), Client.deceased.is_(False))
        .where(~_answers(Client.primary_staff_id, Client.id))
    )
    cases = (
        select(Client.id, Client.name, Staff.name, Case.id, Case.kind)
        .join(Case, Case.client_id == Client.id)
        .join(Staff, Staff.id == Case.owner_id)
        .where(Client.id.in_(visible_clients(viewer)), Case.status.not_in(CLOSED))
        .where(~_answers(Case.owner_id, Case.client_id))
    )
    found = [LeftBehind(*row) for query in (clients, cases) for row in session.execute(query)]
    for line in found:
        shown(session, "case" if line.case_id else "client", line.client_id, line.case_id)
    return sorted(found, key=lambda line: (line.client, line.client_id.bytes, line.case_id is not None))


@cache
def _answers(staff_id: InstrumentedAttribute, client_id: InstrumentedAttribute) -> ColumnElement[bool]:
    return (
        select(Staff.id)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .join(ClientTeam, ClientTeam.team_id == StaffTeam.team_id)
        .where(Staff.id == staff_id, Staff.ended_at.is_(None), Staff.role.in_(TEAM_ROLES))
        .where(ClientTeam.client_id == client_id, ClientTeam.active.is_(True))
        .where(~forbids(client_id, Staff.id, client_id.class_, Staff))
        .exists()
    )
