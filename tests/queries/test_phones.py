"""Which phones a leader has to look at."""

import datetime as dt
import uuid

from sqlalchemy import select, update

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.models import Device, Subscription
from fieldapp.queries.phones.for_leader import PhoneRow, Unreachable, phones_in_trouble, unreachable
from fieldapp.services.people.subscriptions import send_test
from tests._world import Person, World


def as_viewer(person: Person) -> Viewer:
    return Viewer(uuid.UUID(person.id), "leader", frozenset(uuid.UUID(team.id) for team in person.teams))


def troubles(world: World, person: Person) -> dict[str, PhoneRow]:
    with world.database.reading() as session:
        return {one.names[0]: one for one in phones_in_trouble(session, as_viewer(person), clock.now())}


def unreached(world: World, person: Person) -> list[str]:
    return [one.name for one in not_reached(world, person)]


def not_reached(world: World, person: Person) -> list[Unreachable]:
    with world.database.reading() as session:
        return unreachable(session, as_viewer(person), clock.now())


def put_on_duty(leader: Person, person: Person, *, hours: float, duty: str = "duty") -> None:
    """For eight hours, from so many hours ahead."""
    from_at = clock.now() + dt.timedelta(hours=hours)
    span = {"from_at": from_at.isoformat(), "to_at": (from_at + dt.timedelta(hours=8)).isoformat()}
    leader.log("duty_set", {"team_id": leader.teams[0].id, "staff_id": person.id, "duty": duty} | span)


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
    assert troubles(world, alice)["Alice"].unshown_since_at


def test_phones_of_other_teams_and_of_those_who_have_left_are_not_named(world: World) -> None:
    alice = world.staff("leader", world.team(), name="Alice")
    world.staff("fieldworker", world.team(), name="Charlie")
    with world.database.transaction() as session:
        session.execute(update(Device).values(unsent=1))
    assert set(troubles(world, alice)) == {"Alice"}
    assert unreached(world, alice) == ["Alice"]


def test_those_on_duty_now_come_first_then_those_on_duty_within_a_day_then_the_others(world: World) -> None:
    team = world.team()
    alice = world.staff("leader", team, name="Alice")
    subscribe(world, alice)
    bob, charlie, dina, eli = (world.staff("fieldworker", team, name=name) for name in ("Bob", "Cato", "Dina", "Eli"))
    put_on_duty(alice, eli, hours=-1)
    put_on_duty(alice, dina, hours=-2, duty="backup")
    put_on_duty(alice, charlie, hours=23)
    put_on_duty(alice, bob, hours=25)
    found = not_reached(world, alice)
    assert [one.name for one in found] == ["Dina", "Eli", "Cato", "Bob"]
    assert [one.duty_from_at is not None for one in found] == [True, True, True, False]
    subscribe(world, eli)
    assert unreached(world, alice) == ["Dina", "Cato", "Bob"]


def test_without_a_duty_list_everybody_in_the_team_is_on_duty_now(world: World) -> None:
    team = world.team()
    alice = world.staff("leader", team, name="Alice")
    assert [one.duty_from_at for one in not_reached(world, alice)] != [None]


def test_it_is_said_why_somebody_cannot_be_reached(world: World) -> None:
    team = world.team()
    alice = world.staff("leader", team, name="Alice")
    subscribe(world, alice)
    world.staff("fieldworker", team, name="Bob", phone=False)
    world.staff("fieldworker", team, name="Cato")
    dina, eli = (world.staff("fieldworker", team, name=name) for name in ("Dina", "Eli"))
    subscribe(world, dina)
    with world.database.transaction() as session:
        session.get_one(Device, uuid.UUID(dina.device_id)).permission = "denied"
    subscribe(world, eli)
    ask_for_a_test(world, eli)
    assert {one.name: one.why for one in not_reached(world, alice)} == {"Bob": "no_phone", "Cato": "off", "Dina": "off"}
    world.clock.shift(hours=24)
    assert {one.name: one.why for one in not_reached(world, alice)}["Eli"] == "silent"
    assert troubles(world, alice)["Eli"].silent_since_at


def ask_for_a_test(world: World, person: Person) -> None:
    with world.database.transaction() as session:
        of_device = select(Subscription.id).where(Subscription.device_id == uuid.UUID(person.device_id))
        send_test(session, session.scalars(of_device).one(), uuid.UUID(person.id), clock.now())


def test_one_subscription_that_shows_what_it_gets_is_enough(world: World) -> None:
    alice = world.staff("leader", world.team(), name="Alice")
    subscribe(world, alice)
    ask_for_a_test(world, alice)
    world.clock.shift(hours=25)
    with world.database.transaction() as session:
        keys = {"p256dh": "x", "auth": "y", "key_id": "z", "created_at": clock.now(), "last_receipt_at": clock.now()}
        session.add(
            Subscription(
                id=uuid.uuid4(), device_id=uuid.UUID(alice.device_id), endpoint="https://push.example/new", **keys
            )
        )
    assert (troubles(world, alice), unreached(world, alice)) == ({}, [])
