"""A vikar's shift: somebody was taken on by whoever is on duty, for today, and it ends by itself."""

import datetime as dt

from sqlalchemy.orm import Session

from fieldapp.demo.people import PASSWORDS, Municipality, StaffPlan
from fieldapp.models import AccessGrant, Staff, StaffTeam
from fieldapp.models.change import mark_changed
from fieldapp.services.people import accounts

USERNAME, NAME, ROLE = "vera", "Vera Vikås", "fieldworker"
_SINCE, _LONG = dt.timedelta(hours=1), dt.timedelta(hours=8)


def add(session: Session, town: Municipality, giver: StaffPlan | None) -> None:
    """Into the house, where there is one; `giver`: who is on duty there."""
    team = town.team("staffed_housing")
    if team is None or giver is None:
        return
    dice = town.dice("vikar")
    from_at = town.now - _SINCE
    person = Staff(id=dice.id_at(from_at), username=USERNAME, name=NAME, role=ROLE, title="Vikar", created_at=from_at)
    person.password_hash = accounts.hash_password(PASSWORDS[ROLE])
    session.add(person)
    session.flush()
    session.add(StaffTeam(staff_id=person.id, team_id=team.id))
    grant = AccessGrant(
        id=dice.id_at(from_at), staff_id=person.id, team_id=team.id, ground="vikar", from_at=from_at,
        until_at=from_at + _LONG, given_by=giver.id,
    )  # fmt: skip
    session.add(grant)
    mark_changed(session, "staff", person.id)
    session.flush()
