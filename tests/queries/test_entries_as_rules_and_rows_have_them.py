"""The entries of a first sync are those the access rules name, each with what its rows hold, read the slow way."""

import datetime as dt
import json
import random
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.models import Change, ClientTeam, Entry, EntryState, Staff
from fieldapp.queries.sync.changes import KEPT_DAYS
from fieldapp.services.people.sessions import viewer_of
from tests._push_service import PushService
from tests._world import World
from tests.queries.test_phones_that_follow_along import STEPS, Town

AS_SENT = (
    *("id", "device_seq", "type", "version", "case_id", "team_id", "occurred_at", "time_chosen", "clock_offset_ms"),
    *("mends", "body", "author_id", "corrected_at", "received_at", "flags"),
)


@pytest.mark.parametrize("role", ["fieldworker", "leader", "peer", "landlord", "privacy", "admin"])
def test_a_first_sync_has_the_entries_one_may_see(
    world: World, push_service: PushService, engine: str, role: str, rounds: Callable[[int, int], int]
) -> None:
    town = Town(world, push_service, role, random.Random(role))
    for _ in range(rounds(100 if engine == "sqlite" and role in access.TEAM_ROLES else 40, 200)):
        town.pick(STEPS)(town)
    town.wait(0)
    town.follower.replica, town.follower.cursor = {}, None
    got = {id_: data for (kind, id_), data in town.follower.pull().items() if kind == "entry"}
    with world.database.reading() as session:
        viewer = viewer_of(session, session.get_one(Staff, uuid.UUID(town.follower.id)), clock.now())
        expected = entries_of(session, viewer, town.now)
    assert got.keys() == expected.keys(), town.story
    assert expected or role not in access.TEAM_ROLES
    if role != "landlord":  # what it gets of its own entries: test_what_a_landlord_sees.py
        assert got == expected


def entries_of(session: Session, viewer: Viewer, now: dt.datetime) -> dict[str, dict[str, Any]]:
    """One by one, by the rules in domain/access.py."""
    query = select(Change, Entry, EntryState, Staff.name).join(Entry, Entry.id == Change.subject_id)
    query = query.join(EntryState).join(Staff, Staff.id == Entry.author_id).where(Change.kind == "entry")
    return {
        str(entry.id): as_json(entry, state, author)
        for change, entry, state, author in session.execute(query)
        if may_see(session, viewer, change, entry)
        and state.struck_as != "wrong_client"
        and entry.received_at >= now - dt.timedelta(days=KEPT_DAYS)
    }


def may_see(session: Session, viewer: Viewer, change: Change, entry: Entry) -> bool:
    if not access.receives(viewer, "entry", own=entry.author_id == viewer.staff_id):
        return False
    if change.client_id is None:
        return change.team_id in viewer.team_ids
    teams = select(ClientTeam.team_id).where(ClientTeam.client_id == change.client_id, ClientTeam.active.is_(True))
    return access.reaches(viewer, set(session.scalars(teams)))


def as_json(entry: Entry, state: EntryState, author: str) -> dict[str, Any]:
    data = entry.extra | {name: getattr(entry, name) for name in AS_SENT}
    data |= {
        "client_id": state.record_of(entry),
        "degree": state.degree,
        "struck_by": state.struck_by,
        "amended_body": state.body if state.amended_by else None,
        "amended_at": state.amended_at,
    }
    if NO_EFFECT in entry.flags:
        data["author_name"] = author
    said: dict[str, Any] = json.loads(msgspec.json.encode(data))
    return said
