"""Who stands behind what is imported: the person whom the command names, else the system author «Import».

The author «Import» is an account that has ended and works nowhere: nobody can sign in as it, and nothing is sent to it.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.errors import CannotDo
from fieldapp.models import Staff, StaffTeam, Team
from fieldapp.models.change import mark_changed
from fieldapp.services.people import accounts
from sync.ids import uuid7

USERNAME = "sett-import"
NAME = "Import"


def author_of_clients(session: Session, username: str | None, now: dt.datetime) -> Viewer:
    """Who registers the clients: a person with the rights they have, or «Import», who may in every team that runs."""
    if username is not None:
        person = _working(session, username)
        teams = session.scalars(select(StaffTeam.team_id).where(StaffTeam.staff_id == person.id))
        return Viewer(person.id, person.role, frozenset(teams), person.name)
    running = session.scalars(select(Team.id).where(Team.ended_at.is_(None)))
    return Viewer(_system_author(session, now), "leader", frozenset(running), NAME)


def check_administers(session: Session, username: str | None) -> None:
    """Staff and teams are added by whoever runs the command, or in the name of an administrator. Raises CannotDo."""
    if username is not None:
        person = _working(session, username)
        if not access.may_administer(Viewer(person.id, person.role, frozenset(), person.name)):
            raise CannotDo(f"{username} er ikke systemadministrator, og kan ikke legge til team eller ansatte.")


def _working(session: Session, username: str) -> Staff:
    staff_id = accounts.id_of(session, username)
    if staff_id is None:
        raise CannotDo(f"Fant ingen aktiv ansatt med brukernavn {username}.")
    return session.get_one(Staff, staff_id)


def _system_author(session: Session, now: dt.datetime) -> UUID:
    known = session.scalar(select(Staff.id).where(Staff.username == USERNAME))
    if known is not None:
        return known
    author = Staff(id=uuid7(), username=USERNAME, name=NAME, role="admin", created_at=now, ended_at=now)
    session.add(author)
    session.flush()
    mark_changed(session, "staff", author.id)
    return author.id
