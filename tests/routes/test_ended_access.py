"""A 401 says whether a person ended the access, for the phone to drop what it holds, or the session only ran out."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import delete, select

from fieldapp import clock
from fieldapp.models import EndedSession, LoginSession
from fieldapp.services.operations import heartbeat
from fieldapp.services.people import accounts, devices, sessions
from tests._client import CheckedClient
from tests._world import Person, World


def by_the_employment(world: World, person: Person) -> None:
    with world.database.transaction() as session:
        accounts.end_staff(session, person.username, clock.now())


def by_taking_the_phone_off_the_list(world: World, person: Person) -> None:
    with world.database.transaction() as session:
        devices.take_off(session, uuid.UUID(person.device_id), uuid.UUID(person.id), clock.now())


def from_afar(world: World, person: Person) -> None:
    with world.database.transaction() as session:
        row = session.scalars(select(LoginSession).where(LoginSession.staff_id == uuid.UUID(person.id))).one()
        sessions.revoke(session, uuid.UUID(person.id), row.id, clock.now())


def before_any_phone_was_registered(world: World, person: Person) -> None:
    with world.database.transaction() as session:
        row = session.scalars(select(LoginSession).where(LoginSession.staff_id == uuid.UUID(person.id))).one()
        row.device_id = None
    from_afar(world, person)


def after_it_had_run_out(world: World, person: Person) -> None:
    world.clock.shift(hours=20)
    by_the_employment(world, person)


ENDINGS = [
    by_the_employment,
    by_taking_the_phone_off_the_list,
    from_afar,
    before_any_phone_was_registered,
    after_it_had_run_out,
]


@pytest.mark.parametrize("end", ENDINGS, ids=lambda end: end.__name__)
def test_an_access_a_person_ended_says_so(world: World, end: Callable[[World, Person], None]) -> None:
    bob = world.staff("fieldworker", world.team("Nord", "fact"), name="Bob")
    end(world, bob)
    for answer in (
        bob.get("/api/session"),
        bob.post("/api/sync", json=bob.sync_request()),
        bob.get("/api/alerts"),
        bob.post("/api/devices", json={"device_id": bob.device_id}),
    ):
        assert answer.status_code == 401
        told = answer.get_json()
        assert (told["code"], told["ended"], told["staff_id"]) == ("sign_in", True, bob.id)


def test_what_ran_out_was_purged_or_is_unknown_says_nothing(world: World, client: CheckedClient) -> None:
    team = world.team("Nord", "fact")
    bob, eva = world.staff("fieldworker", team, name="Bob"), world.staff("fieldworker", team, name="Eva")
    world.clock.shift(hours=15)
    with world.database.transaction() as session:
        session.execute(delete(LoginSession).where(LoginSession.staff_id == uuid.UUID(eva.id)))
    for person in (bob, eva):
        assert "ended" not in person.get("/api/session").get_json()
    assert "ended" not in client.get("/api/session").get_json()


def test_signing_out_oneself_and_a_newer_session_on_the_phone_mark_nothing(world: World) -> None:
    bob = world.staff("fieldworker", world.team("Nord", "fact"), name="Bob")
    bob.sign_in()
    bob.sign_out()
    with world.database.reading() as session:
        assert session.scalars(select(EndedSession)).all() == []


def test_the_marks_go_when_no_browser_can_name_them(world: World) -> None:
    bob = world.staff("fieldworker", world.team("Nord", "fact"), name="Bob")
    by_the_employment(world, bob)
    for days, left in ((59, 1), (2, 0)):
        world.clock.shift(days=days)
        with world.database.transaction() as session:
            heartbeat.forget_sign_ins(session, clock.now())
            assert len(session.scalars(select(EndedSession)).all()) == left
