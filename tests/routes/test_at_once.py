"""The same form of the office sent several times at the same moment, on the engine that lets several write."""

import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.models import CalendarLink, Duty, Entry, MeetingDraft
from fieldapp.services.entries import ingest
from sync.ids import uuid7
from tests._world import Person, World

pytestmark = pytest.mark.engines("postgresql")
AT_ONCE = 4


def sent(world: World, person: Person, path: str, form: Mapping[str, Any]) -> list[int]:
    """The statuses of the answers."""
    together, cookie = Barrier(AT_ONCE), person.http.get_cookie("__Host-sett", domain="sett.example")
    assert cookie is not None

    def once(_: int) -> int:
        client = FlaskClient(world.app, world.app.response_class, use_cookies=True)
        client.set_cookie("__Host-sett", cookie.value, domain="sett.example", secure=True)
        together.wait()
        return client.post(path, data=form, base_url="https://sett.example").status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(once, range(AT_ONCE)))


def count(world: World, *wanted: Any) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).where(*wanted)) or 0


def test_the_same_duty_from_two_at_once_stands_once(world: World, alice: Person, bob: Person) -> None:
    team_id = uuid.UUID(alice.teams[0].id)
    viewer = Viewer(uuid.UUID(alice.id), "leader", frozenset({team_id}), alice.name)
    times = {"from_at": "2026-11-24T08:00:00+01:00", "to_at": "2026-11-24T15:30:00+01:00"}
    body = {"team_id": str(team_id), "staff_id": bob.id, "duty": "duty"} | times
    alice.log("duty_set", body | {"duty": "backup"})

    def set_duty(session: Any) -> None:
        ingest.submit_all(session, viewer, [("duty_set", body)], {"team_id": team_id}, clock.now())
        session.flush()

    def meanwhile() -> None:
        with world.database.transaction() as session:
            set_duty(session)

    with ThreadPoolExecutor(1) as threads:
        with world.database.transaction() as session:
            set_duty(session)
            other = threads.submit(meanwhile)
            wait([other], timeout=1)
        other.result()
    assert count(world, Duty.team_id == team_id) == 2


def test_one_merge_is_written_and_undone(world: World, alice: Person, kari: str) -> None:
    form = {"other_id": alice.register("Kari To"), "stands_id": kari, "reason": "samme", "form_id": str(uuid7())}
    assert set(sent(world, alice, f"/kontor/bruker/{kari}/sla-sammen", form)) == {303}
    assert count(world, Entry.type == "client_merged") == 1


def test_one_calendar_link_stands(world: World, alice: Person) -> None:
    assert set(sent(world, alice, "/konto/kalender", {})) == {200}
    assert count(world, CalendarLink.ended_at.is_(None)) == 1


def test_one_meeting_begins_and_is_held(world: World, alice: Person, kari: str) -> None:
    alice.log("board_placed", {"column": "tight", "reasons": ["new"], "review_on": "2026-12-07"}, client=kari)
    assert set(sent(world, alice, "/kontor/tavle/mote", {})) == {303}
    assert count(world, MeetingDraft.staff_id == uuid.UUID(alice.id)) == 1
    with world.database.reading() as session:
        meeting_id = session.scalars(select(MeetingDraft.id)).one()
    note = {"meeting_id": str(meeting_id), "client_id": kari, "words": "Sover bedre"}
    assert set(sent(world, alice, "/kontor/tavle/mote/1/referat", note)) == {303}
    assert set(sent(world, alice, "/kontor/tavle/mote/slutt", {"meeting_id": str(meeting_id)})) == {303}
    assert count(world, Entry.type == "meeting_held") == 1
