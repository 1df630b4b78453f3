"""Where people work and what they are called, and how a team is renamed and ends.

Accounts and teams are not facts about clients, so not entries: an administrator changes them, who sees no client.

Invariants:
- Whoever leaves a team, or a role that follows up clients, holds none of its alerts any more: they climb at once.
- What somebody logged while they worked in a team is taken after they have left it (FormerMember, ADR 0004 and 0016).
- A team that ends follows nobody, has no alert that is not over, and nobody out on a visit: it can be silent.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import ROLES
from fieldapp.errors import CannotDo
from fieldapp.models import (
    Alert,
    Client,
    ClientTeam,
    FormerMember,
    HandOver,
    Staff,
    StaffTeam,
    StaffVisit,
    Team,
    TeamHours,
)
from fieldapp.models.change import mark_changed
from fieldapp.services.alerts import leaving
from fieldapp.services.people import accounts
from fieldapp.texts import N_, gettext

LONGEST_TITLE = 60


def edit_person(
    session: Session,
    staff_id: UUID,
    *,
    name: str,
    role: str,
    title: str,
    team_ids: Collection[UUID],
    now: dt.datetime,
) -> None:
    """Give the person this name, role, title and these teams. Raises CannotDo."""
    person = session.get_one(Staff, staff_id)
    name = accounts.checked_person_name(name)
    if role not in ROLES:
        raise CannotDo(f"Ukjent rolle: {role}. Velg en av {', '.join(ROLES)}.")
    if len(title.strip()) > LONGEST_TITLE:
        raise CannotDo(gettext(N_("Tittelen kan ha høyst %(n)s tegn.")) % {"n": LONGEST_TITLE})
    for team_id in team_ids:
        accounts.check_team_runs(session, team_id)
    has_new_rights = person.role != role
    person.name, person.role, person.title = name, role, title.strip() or None
    has_new_rights |= _move(session, staff_id, set(team_ids), now)
    mark_changed(session, "staff", staff_id)
    if has_new_rights:
        leaving.let_go(session, staff_id, now)


def bring_back(session: Session, staff_id: UUID, now: dt.datetime) -> str:
    """Somebody who had left works here again, in those of their teams that still run; the code to choose a password."""
    person = session.get_one(Staff, staff_id)
    if person.ended_at is None:
        raise CannotDo(gettext(N_("Personen har tilgang alt.")))
    person.ended_at = person.password_hash = None
    running = select(Team.id).where(Team.ended_at.is_(None))
    gone = select(StaffTeam).where(StaffTeam.staff_id == staff_id, StaffTeam.team_id.not_in(running))
    for membership in session.scalars(gone).all():
        session.delete(membership)
    mark_changed(session, "staff", staff_id)
    return accounts.new_enrolment_code(session, staff_id, now)


def free_username(session: Session, staff_id: UUID) -> str:
    """Let somebody new have the username of a person who has left; the person keeps what they logged. The username."""
    person = session.get_one(Staff, staff_id)
    if person.ended_at is None:
        raise CannotDo(gettext(N_("Brukernavnet er i bruk av en som har tilgang.")))
    freed, person.username = person.username, f"{person.username[:80]}~{staff_id.hex[-12:]}"
    return freed


def rename_team(session: Session, team_id: UUID, name: str) -> None:
    """The team is called this from now on, also on what it did before. Raises CannotDo."""
    team = session.get_one(Team, team_id)
    name = accounts.checked_team_name(name)
    accounts.check_team_name(session, name, team_id)
    team.name = name
    mark_changed(session, "team", team_id, team_id=team_id)
    _touch_hours_that_name(session, team_id)


def end_team(session: Session, team_id: UUID, now: dt.datetime) -> None:
    """Nobody works in it any longer. Raises CannotDo with what must be given to another team first."""
    team = session.get_one(Team, team_id, with_for_update=True)
    if team.ended_at is not None:
        raise CannotDo(gettext(N_("Teamet %(name)s er avsluttet.")) % {"name": team.name})
    in_the_way = list(_in_the_way(session, team_id, now))
    if in_the_way:
        raise CannotDo(" ".join([gettext(N_("Teamet kan ikke avsluttes ennå.")), *in_the_way]))
    team.ended_at = now
    for staff_id in session.scalars(select(StaffTeam.staff_id).where(StaffTeam.team_id == team_id)).all():
        _leave(session, staff_id, {team_id}, now)
        mark_changed(session, "staff", staff_id)
    mark_changed(session, "team", team_id, team_id=team_id)


def _in_the_way(session: Session, team_id: UUID, now: dt.datetime) -> Iterator[str]:
    """One sentence for each kind of thing that would be left without anybody. Counts: an admin sees no names."""
    today = now.date()
    follows = or_(ClientTeam.active.is_(True), ClientTeam.to_on.is_(None), ClientTeam.to_on >= today)
    of_team = select(func.count()).select_from(ClientTeam).join(Client, Client.id == ClientTeam.client_id)
    of_team = of_team.where(ClientTeam.team_id == team_id, follows)
    if clients := _count(session, of_team.where(Client.ended_at.is_(None))):
        yield gettext(
            N_("Brukere det følger: %(n)s. Lederen gir dem til et annet team på brukernes sider, og setter siste dag.")
        ) % {"n": clients}
    if ended := _count(session, of_team.where(Client.ended_at.is_not(None))):
        yield gettext(N_("Avsluttede brukere som ingen andre ville sett: %(n)s.")) % {"n": ended}
    unresolved = select(func.count()).select_from(Alert).where(Alert.team_id == team_id, Alert.state != "resolved")
    if alerts := _count(session, unresolved):
        yield gettext(N_("Varsler som ikke er avsluttet: %(n)s.")) % {"n": alerts}
    running = select(func.count()).select_from(StaffVisit)
    if visits := _count(session, running.where(StaffVisit.team_id == team_id, StaffVisit.ended_at.is_(None))):
        yield gettext(N_("%(n)s er ute på besøk.")) % {"n": visits}
    handed = select(func.count()).select_from(HandOver).where(HandOver.until_at > now)
    if _count(session, handed.where(or_(HandOver.to_team_id == team_id, HandOver.from_team_id == team_id))):
        yield gettext(N_("Det har et tilsyn som er overlevert, og som ikke er over."))
    others = select(Team.name).join(TeamHours, TeamHours.team_id == Team.id)
    takers = session.scalars(others.where(TeamHours.to_team_id == team_id, Team.ended_at.is_(None))).all()
    if takers:
        yield gettext(N_("%(teams)s overleverer til det når de stenger. Lederne der endrer åpningstiden først.")) % {
            "teams": ", ".join(takers)
        }


def _count(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0


def _move(session: Session, staff_id: UUID, wanted: set[UUID], now: dt.datetime) -> bool:
    """Whether the person's teams are others than they were."""
    present = set(session.scalars(select(StaffTeam.team_id).where(StaffTeam.staff_id == staff_id)))
    session.add_all(StaffTeam(staff_id=staff_id, team_id=team_id) for team_id in wanted - present)
    _leave(session, staff_id, present - wanted, now)
    return present != wanted


def _leave(session: Session, staff_id: UUID, team_ids: Collection[UUID], now: dt.datetime) -> None:
    for team_id in team_ids:
        session.delete(session.get_one(StaffTeam, (staff_id, team_id)))
        session.merge(FormerMember(staff_id=staff_id, team_id=team_id, left_at=now))
    session.flush()


def _touch_hours_that_name(session: Session, team_id: UUID) -> None:
    """The phones of teams that hand over to this one show its name."""
    for other in session.scalars(select(TeamHours.team_id).where(TeamHours.to_team_id == team_id)):
        mark_changed(session, "hours", other, team_id=other)
