"""What is shared of a client with landlords: as the team sees it, and as those see it who are told."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import Client, ClientTeam, EntryState, SharedFact, Staff, StaffTeam, Standing
from fieldapp.models.access import forbids
from fieldapp.models.fact import still_told
from fieldapp.models.read_log import shown
from fieldapp.queries.visible import hidden_facts, sees, visible_clients
from sync.shared_facts import Told


@dataclass(frozen=True)
class FactRow:
    """One fact that somebody is told."""

    id: UUID
    client_id: UUID
    client: str
    what: str
    staff_id: UUID
    to: str
    by: str
    shared_at: dt.datetime
    until_on: dt.date | None
    basis: str | None
    """What gives the right to tell it (`share_basis`); None of what was shared before that was asked."""
    says: Told


def client_name(session: Session, viewer: Viewer, client_id: UUID) -> str | None:
    """Whose facts they are; None for a client out of sight."""
    client = session.get(Client, client_id) if sees(session, viewer, client_id) else None
    if client is None or not access.sees_watch(viewer.role):
        return None
    shown(session, "client", client_id, opened=True)
    return client.name


def may_tell(session: Session, viewer: Viewer, client_id: UUID) -> bool:
    """Whether the viewer shares facts of this client, and stops it."""
    client = session.get(Client, client_id) if sees(session, viewer, client_id) else None
    if client is None:
        return False
    # Of somebody who has died a landlord hears from the leader.
    return access.may_tell(viewer, client.primary_staff_id == viewer.staff_id and not client.deceased)


def has_died(session: Session, viewer: Viewer, client_id: UUID) -> bool:
    """Whether it is a client within sight who has died."""
    return sees(session, viewer, client_id) and session.get_one(Client, client_id).deceased


def lives_in(session: Session, viewer: Viewer, client_id: UUID) -> str:
    """How the client is known to live: the `housing` code that stands, `unknown` where nothing is written down."""
    if not sees(session, viewer, client_id):
        return "unknown"
    newest = (
        select(EntryState.body)
        .join(Standing, EntryState.entry_id == Standing.id)
        .where(Standing.kind == "housing", Standing.client_id == client_id)
    )
    body = session.scalars(newest.limit(1)).first()
    return str(body["situation"]) if body else "unknown"


def facts_of_client(session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime) -> list[FactRow]:
    """What is told of the client now, by fact and name; none for a client out of sight."""
    if not (access.sees_watch(viewer.role) and sees(session, viewer, client_id)):
        return []
    seen = SharedFact.id.not_in(hidden_facts(viewer))
    return _told(session, _facts(now).where(SharedFact.client_id == client_id, seen))


def facts_of_record(session: Session, client_id: UUID, now: dt.datetime) -> list[FactRow]:
    """The same for innsyn, whose right is judged before."""
    return _told(session, _facts(now).where(SharedFact.client_id == client_id))


def told_to(session: Session, viewer: Viewer, now: dt.datetime) -> list[FactRow]:
    """What this person is told, of clients they still see, by the client's name."""
    mine = and_(SharedFact.staff_id == viewer.staff_id, SharedFact.id.not_in(hidden_facts(viewer)))
    rows = _told(session, _facts(now).where(mine, SharedFact.client_id.in_(visible_clients(viewer))))
    return sorted(rows, key=lambda row: (row.client, row.what))


def landlords(session: Session, viewer: Viewer, client_id: UUID) -> list[tuple[UUID, str]]:
    """Who can be told something of this client, by name."""
    client = session.get(Client, client_id) if sees(session, viewer, client_id) else None
    if client is None or not access.may_be_told("landlord", client.protected):
        return []
    query = (
        select(Staff.id, Staff.name)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .join(ClientTeam, ClientTeam.team_id == StaffTeam.team_id)
        .where(ClientTeam.client_id == client_id, ClientTeam.active.is_(True), Staff.role == "landlord")
        .where(Staff.ended_at.is_(None), ~forbids(ClientTeam.client_id, Staff.id, ClientTeam, Staff))
        .distinct()
        .order_by(Staff.name, Staff.id)
    )
    return [(row.id, row.name) for row in session.execute(query)]


_teller = aliased(Staff)


def _facts(now: dt.datetime) -> Select[SharedFact, str, str, str]:
    return (
        select(SharedFact, Client.name, Staff.name, _teller.name)
        .join(Client, Client.id == SharedFact.client_id)
        .join(Staff, Staff.id == SharedFact.staff_id)
        .join(_teller, _teller.id == SharedFact.shared_by)
        .where(SharedFact.stands.is_(True), still_told(now))
        .order_by(SharedFact.what, Staff.name, SharedFact.id)
    )


def _told(session: Session, query: Select[SharedFact, str, str, str]) -> list[FactRow]:
    rows = session.execute(query).all()
    for fact, *_ in rows:
        shown(session, "fact", fact.client_id, fact.id)
    return [
        FactRow(
            fact.id, fact.client_id, client, fact.what, fact.staff_id, to, by, fact.shared_at, fact.until_on,
            session.get_one(EntryState, fact.set_by_entry_id).body.get("basis"),
            Told(fact.amount_nok, fact.on, fact.by_on, fact.handled),
        )
        for fact, client, to, by in rows
    ]  # fmt: skip
