"""A few unusual reads, for whoever looks for them in the read log: many clients in the middle of the night."""

import datetime as dt

import msgspec
from sqlalchemy.orm import Session

from fieldapp.demo.people import Municipality
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.domain.read_log import MANY_CLIENTS, OPENED, TEAM
from fieldapp.models.read_log import LOG_IN_SESSION, Line, append

_APART = dt.timedelta(minutes=2)


def add(session: Session, town: Municipality) -> None:
    """Somebody who was not at work has opened one client after the other."""
    team = town.team("fact")
    if team is None or len(town.clients_of(team)) < MANY_CLIENTS:
        return
    reader = town.members(team, "fieldworker")[-1]
    night = at_wall_time(day_of(town.now), dt.time(2, 40))
    began = night if night < town.now - dt.timedelta(hours=1) else night - dt.timedelta(days=1)
    lines = [
        Line(
            kind=OPENED,
            at=began + number * _APART,
            from_at=began + number * _APART,
            to_at=None,
            staff_id=reader.id.hex,
            role=reader.role,
            team_id=team.id.hex,
            employer=session.info[LOG_IN_SESSION].employer,
            ground=TEAM,
            surface="office",
            device_id=None,
            client_id=client.id.hex,
            report_id=None,
            what=msgspec.json.encode({"client": []}).decode(),
        )
        for number, client in enumerate(town.clients_of(team)[: MANY_CLIENTS + 2])
    ]
    append(session, lines)
