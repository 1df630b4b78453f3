"""Which teams follow a client, and what changes on the phones when somebody gains or loses sight."""

import datetime as dt
import uuid

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.norway import day_of
from fieldapp.domain.operator_alarms import Alarm
from fieldapp.models import Case, ClientTeam
from fieldapp.models.change import lose_sight, mark_all_of_client, mark_changed
from fieldapp.services import operator
from fieldapp.services.alerts import lifecycle
from fieldapp.services.casefile import case_file, hold
from fieldapp.services.followers import team_days
from fieldapp.services.following import following_teams
from fieldapp.services.projections.limits import refresh_limits
from fieldapp.services.projections.watch import refresh_watch


def refresh_client_teams(session: Session, client_id: uuid.UUID, now: dt.datetime) -> bool:
    """Compute which teams follow this client (followers.py); whether anything is otherwise than it was."""
    days, following = team_days(session, client_id, day_of(now))
    file = case_file(session)
    wanted = {(team_id, from_on, to_on, team_id in following) for team_id, (from_on, to_on) in days.items()}
    if wanted == {(row.team_id, row.from_on, row.to_on, row.active) for row in file.rows(ClientTeam, client_id)}:
        return False
    seen_by = _on_whose_phones(session, client_id)
    teams = {
        team_id: ClientTeam(client_id=client_id, team_id=team_id, from_on=from_on, to_on=to_on, active=active)
        for team_id, from_on, to_on, active in wanted
    }
    file.replace(ClientTeam, client_id, teams, key="team_id")
    _tell_phones(session, client_id, seen_by, now)
    return True


def refresh_client_limits(session: Session, client_id: uuid.UUID, now: dt.datetime) -> None:
    """Compute for whom the client does not exist, and let their phones drop it; alerts are settled with the request."""
    _let_go_of_protected(session, client_id, now)
    seen_by = _on_whose_phones(session, client_id)
    if not refresh_limits(session, client_id):
        return
    for case in case_file(session).rows(Case, client_id):  # whoever owned one may see it no longer
        mark_changed(session, "case", case.id, client_id=client_id)
    _tell_phones(session, client_id, seen_by, now)


def _let_go_of_protected(session: Session, client_id: uuid.UUID, now: dt.datetime) -> None:
    """Landlords are shown no client with a code: a phone of theirs that has one, with what it was told, drops it, and
    gets it whole when the code is taken back."""
    file = case_file(session)
    client = file.client(client_id)
    if client is None or (client.protected == "none" and not _was_protected(session, client_id)):
        return
    members = file.members(following_teams(session, client_id)).items()
    landlords = [staff_id for staff_id, member in members if access.sees_only_housing(member.role)]
    if landlords and client.protected == "none":
        mark_all_of_client(session, client_id)
    known_as = file.ids_of(client_id) if landlords and client.protected != "none" else []
    for staff_id in landlords if known_as else ():
        lose_sight(session, staff_id, known_as, now)


def _was_protected(session: Session, client_id: uuid.UUID) -> bool:
    edits = (state.body.get("fields") or {} for _, state in case_file(session).pairs(client_id))
    return any(fields.get("protected", "none") != "none" for fields in edits)


def turn_dates(session: Session, now: dt.datetime) -> int:
    """Turn on and off what a date has decided since the last time; the number of clients whose teams changed.

    A client that cannot be turned is quarantined for a minute, alone.
    """
    aside = ClientTeam.client_id.not_in(operator.quarantined(Alarm.TEAMS_ASIDE, now))
    query = select(ClientTeam.client_id).where(_to_turn(now), aside).distinct().order_by(ClientTeam.client_id)
    return operator.each_apart(
        session,
        Alarm.TEAMS_ASIDE,
        now,
        items=[(client_id, client_id) for client_id in session.scalars(query).all()],
        one=lambda client_id: _turn(session, client_id, now),
    )


def _to_turn(now: dt.datetime) -> ColumnElement[bool]:
    today = day_of(now)
    return or_(
        ClientTeam.active.is_(True) & (ClientTeam.to_on < today),
        ClientTeam.active.is_(False)
        & (ClientTeam.from_on <= today)
        & (ClientTeam.to_on.is_(None) | (ClientTeam.to_on >= today)),
    )


def _turn(session: Session, client_id: uuid.UUID, now: dt.datetime) -> bool:
    """Whether anything is otherwise than it was once the clock was had: an entry may have turned it meanwhile, and the
    last team there is stays."""
    watch = hold(session, [client_id]).watch(client_id)
    if not refresh_client_teams(session, client_id, now):
        return False
    if watch is not None and refresh_watch(session, client_id, watch.episode) is not None:
        lifecycle.follow_watch(session, watch, now)
    return True


def who_sees(session: Session, client_id: uuid.UUID) -> set[uuid.UUID]:
    """The staff members who see this client now."""
    file = case_file(session)
    limits = file.limits(client_id)
    of_teams = file.members(following_teams(session, client_id))
    return {staff_id for staff_id in of_teams if not access.forbids(limits, staff_id)}


def _on_whose_phones(session: Session, client_id: uuid.UUID) -> set[uuid.UUID]:
    """Those who see the client, unless it is of code 6: then it is on nobody's phone."""
    return set() if case_file(session).limits(client_id).listed else who_sees(session, client_id)


def _tell_phones(session: Session, client_id: uuid.UUID, seen_by: set[uuid.UUID], now: dt.datetime) -> None:
    """Those who gained sight fetch everything about the client; those who lost it are told `removed`."""
    sees = _on_whose_phones(session, client_id)
    file = case_file(session)
    if file.client(client_id) is not None:
        mark_changed(session, "client", client_id, client_id=client_id)
    if sees - seen_by:
        mark_all_of_client(session, client_id)
    lost = seen_by - sees
    known_as = file.ids_of(client_id) if lost else []
    for staff_id in lost:
        lose_sight(session, staff_id, known_as, now)
    if not file.is_held(client_id) or file.has_alert(client_id):
        lifecycle.follow_client(session, client_id, now)


def settle_sight(session: Session, client_id: uuid.UUID, now: dt.datetime) -> None:
    """After alerts have opened or ended: of a client who is not followed up they decide who sees the client."""
    client = case_file(session).client(client_id)
    if client is not None and client.ended_at is not None:
        _turn(session, client_id, now)
