"""Which teams follow a client, and what changes on the phones when somebody gains or loses sight."""

import datetime as dt
import uuid

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.norway import day_of
from fieldapp.domain.operator_alarms import Alarm
from fieldapp.models import Client, ClientTeam, HandOver, StaffTeam
from fieldapp.models.change import lose_sight, touch, touch_all_of_clients
from fieldapp.services import alerts, operator
from fieldapp.services.projections.states import body_of, standing
from fieldapp.services.projections.watch import lock_clock, refresh_watch
from fieldapp.services.writing import Stumbled, apart

_Days = tuple[dt.date, dt.date | None]
"""From and to, the last day included."""
_Wanted = dict[uuid.UUID, _Days]


def refresh_client_teams(session: Session, client_id: uuid.UUID, now: dt.datetime) -> None:
    """Compute which teams follow this client: the registering team, then the newest `client_team_set` for each team.

    A team asked to watch over the client meanwhile sees whom it is about until the hand-over ends. The last team there
    is stays until another has come, whatever its date says: a clock that rings people who can't see whom it is about
    would ring for ever.
    """
    wanted: _Wanted = {}
    for entry, state in standing(session, "client_registered", "client_team_set", client_id=client_id):
        body = body_of(entry, state)
        if entry.type == "client_registered":
            wanted.setdefault(body.team_id, (day_of(entry.clock_at), None))
        else:
            wanted[body.team_id] = (body.from_on, body.to_on)
    for hand_over in _hand_overs(session, client_id):
        meanwhile = day_of(hand_over.asked_at), day_of(hand_over.until_at)
        wanted[hand_over.to_team_id] = _also(wanted.get(hand_over.to_team_id), meanwhile)
    today = day_of(now)
    seen_by = who_sees(session, client_id)
    following = _following(session, client_id, wanted, today)
    session.execute(delete(ClientTeam).where(ClientTeam.client_id == client_id))
    for team_id, (from_on, to_on) in wanted.items():
        active = team_id in following
        session.add(ClientTeam(client_id=client_id, team_id=team_id, from_on=from_on, to_on=to_on, active=active))
    session.flush()
    _tell_phones(session, client_id, seen_by, now)


def _following(session: Session, client_id: uuid.UUID, wanted: _Wanted, today: dt.date) -> set[uuid.UUID]:
    """The teams whose days these are; while the client is followed up and there is none, the one that left last."""
    following = {team_id for team_id, days in wanted.items() if _follows(*days, today)}
    client = session.get(Client, client_id)
    if following or client is None or client.ended_at is not None:
        return following
    left = [(to_on, team_id) for team_id, (from_on, to_on) in wanted.items() if to_on is not None and from_on <= today]
    return {max(left)[1]} if left else set()


def _also(known: _Days | None, meanwhile: tuple[dt.date, dt.date]) -> _Days:
    """Both periods as one; a period that had ended before the other began is over and done with."""
    from_on, to_on = meanwhile
    if known is None or (known[1] is not None and known[1] < from_on):
        return meanwhile
    return min(known[0], from_on), None if known[1] is None else max(known[1], to_on)


def _hand_overs(session: Session, client_id: uuid.UUID) -> list[HandOver]:
    """The oldest first, so that the newest of a team's decides."""
    query = select(HandOver).where(HandOver.client_id == client_id)
    return list(session.scalars(query.order_by(HandOver.until_at, HandOver.id)))


def turn_dates(session: Session, now: dt.datetime) -> int:
    """Turn on and off what a date has decided since the last time; the number of clients whose teams changed.

    A client that cannot be turned is put aside for a minute, alone.
    """
    aside = ClientTeam.client_id.not_in(operator.aside(Alarm.TEAMS_ASIDE, now))
    query = select(ClientTeam.client_id).where(_to_turn(now), aside).distinct().order_by(ClientTeam.client_id)
    turned = 0
    for client_id in session.scalars(query).all():
        try:
            with apart(session):
                turned += _turn(session, client_id, now)
        except Stumbled as error:
            operator.put_aside(session, Alarm.TEAMS_ASIDE, client_id, error, now)
    return turned


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
    watch = lock_clock(session, client_id)
    query = select(ClientTeam).where(ClientTeam.client_id == client_id)
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    wanted = {row.team_id: (row.from_on, row.to_on) for row in rows}
    following = _following(session, client_id, wanted, day_of(now))
    if all(row.active == (row.team_id in following) for row in rows):
        return False
    seen_by = who_sees(session, client_id)
    for row in rows:
        row.active = row.team_id in following
    session.flush()
    _tell_phones(session, client_id, seen_by, now)
    if watch is not None and refresh_watch(session, client_id, watch.episode) is not None:
        alerts.follow_watch(session, watch, now)
    return True


def who_sees(session: Session, client_id: uuid.UUID) -> set[uuid.UUID]:
    """The staff members who see this client now."""
    query = (
        select(StaffTeam.staff_id)
        .join(ClientTeam, ClientTeam.team_id == StaffTeam.team_id)
        .where(ClientTeam.client_id == client_id, ClientTeam.active.is_(True))
    )
    return set(session.scalars(query))


def _follows(from_on: dt.date, to_on: dt.date | None, today: dt.date) -> bool:
    return from_on <= today and (to_on is None or today <= to_on)


def _tell_phones(session: Session, client_id: uuid.UUID, seen_by: set[uuid.UUID], now: dt.datetime) -> None:
    """Those who gained sight fetch everything about the client; those who lost it are told `removed`."""
    sees = who_sees(session, client_id)
    if session.get(Client, client_id) is not None:
        touch(session, "client", client_id, client_id=client_id)
    if sees - seen_by:
        touch_all_of_clients(session, [client_id])
    for staff_id in seen_by - sees:
        lose_sight(session, staff_id, [client_id], now)
    alerts.follow_client(session, client_id, now)
