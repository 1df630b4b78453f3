"""Which phones a leader has to look at."""

import datetime as dt
import uuid

from sqlalchemy import update

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.models import Device, Subscription
from fieldapp.queries.phones import PhoneTrouble, people_without_push, phones_in_trouble
from tests._world import Person, World


def as_viewer(person: Person) -> Viewer:
    return Viewer(uuid.UUID(person.id), "leader", frozenset(uuid.UUID(team.id) for team in person.teams))


def troubles(world: World, person: Person) -> dict[str, PhoneTrouble]:
    with world.database.reading() as session:
        return {one.names[0]: one for one in phones_in_trouble(session, as_viewer(person), clock.now())}


def unreached(world: World, person: Person) -> list[str]:
    with world.database.reading() as session:
        return people_without_push(session, as_viewer(person))


def subscribe(world: World, person: Person, **sent: dt.datetime) -> None:
    row = {
        "id": uuid.uuid4(),
        "device_id": uuid.UUID(person.device_id),
        "endpoint": f"https://push.example/{person.id}",
    }
    keys = {"p256dh": "x", "auth": "y", "key_id": "z", "created_at": clock.now()}
    with world.database.transaction() as session:
        session.add(Subscription(**row, **keys, **sent))


def test_a_phone_that_has_sent_everything_and_shows_its_pushes_is_no_trouble(world: World) -> None:
    alice = world.staff("leader", world.team(), name="Alice")
    assert unreached(world, alice) == ["Alice"]
    subscribe(world, alice, last_handed_over_at=clock.now(), last_receipt_at=clock.now())
    assert (troubles(world, alice), unreached(world, alice)) == ({}, [])


def test_only_those_who_are_told_of_alerts_are_named_as_unreached(world: World) -> None:
    team = world.team()
    alice = world.staff("leader", team, name="Alice")
    for role, name in (("fieldworker", "Bob"), ("peer", "Rolf"), ("landlord", "Lars")):
        world.staff(role, team, name=name, phone=False)
    assert unreached(world, alice) == ["Alice", "Bob"]


def test_a_gap_in_the_numbers_is_counted(world: World) -> None:
    alice = world.staff("leader", world.team(), name="Alice")
    subscribe(world, alice)
    with world.database.transaction() as session:
        session.execute(update(Device).values(highest_seq=7, arrived_count=5))
    assert troubles(world, alice)["Alice"].missing == 2


def test_a_push_is_given_two_minutes_to_be_shown(world: World) -> None:
    alice = world.staff("leader", world.team(), name="Alice")
    subscribe(world, alice, last_handed_over_at=clock.now())
    assert troubles(world, alice) == {}
    world.clock.shift(minutes=3)
    assert troubles(world, alice)["Alice"].silent_since_at


def test_phones_of_other_teams_and_of_those_who_have_left_are_not_named(world: World) -> None:
    alice = world.staff("leader", world.team(), name="Alice")
    world.staff("fieldworker", world.team(), name="Charlie")
    with world.database.transaction() as session:
        session.execute(update(Device).values(unsent=1))
    assert set(troubles(world, alice)) == {"Alice"}
    assert unreached(world, alice) == ["Alice"]
