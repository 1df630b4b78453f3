"""A device others use: who comes to be on it, who reports for it, and whose receipts count."""

import uuid

import pytest

from fieldapp.models import Delivery, Device, DeviceStaff, Subscription
from fieldapp.services.people import devices
from tests._push_service import PushService
from tests._world import DEVICE_COOKIE, Person, TeamOfWorld, World
from tests.journeys._story import SEEN

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def stranger(world: World, team: TeamOfWorld) -> Person:
    """A colleague with a phone of his own who knows the id of hers."""
    return world.staff("peer", team, name="Rolf")


def register(person: Person, device_id: str, **more: object) -> dict:
    answer = person.post("/api/devices", {"device_id": device_id, "name": "x", "platform": "y"} | more)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told: dict = answer.get_json()
    return told


def is_on(world: World, person: Person, device_id: str) -> bool:
    with world.database.reading() as session:
        return session.get(DeviceStaff, (uuid.UUID(device_id), uuid.UUID(person.id))) is not None


def device(world: World, device_id: str) -> Device:
    with world.database.reading() as session:
        return session.get_one(Device, uuid.UUID(device_id))


def test_knowing_the_id_of_a_phone_puts_nobody_on_it(world: World, alice: Person, stranger: Person) -> None:
    told = register(stranger, alice.device_id)
    assert told["device_id"] != alice.device_id
    assert register(stranger, alice.device_id) == told, "the same every time"
    assert not is_on(world, stranger, alice.device_id)
    assert device(world, alice.device_id).name == "Alices telefon"


def test_a_colleague_in_the_same_browser_joins(world: World, alice: Person, stranger: Person) -> None:
    stranger.use_phone_of(alice)
    assert is_on(world, stranger, alice.device_id)


def test_the_cookie_of_another_device_proves_nothing(world: World, alice: Person, stranger: Person) -> None:
    bob = world.staff("fieldworker", *alice.teams)
    known = bob.http.get_cookie(DEVICE_COOKIE, domain="sett.example")
    assert known is not None
    assert known.http_only
    assert known.secure
    for value in (known.value, known.value.split(".")[0], "", "x" * 500, known.value.replace(".", "..")):
        stranger.http.set_cookie(DEVICE_COOKIE, value, domain="sett.example", secure=True)
        assert register(stranger, alice.device_id)["device_id"] != alice.device_id


def test_a_mark_can_not_be_moved_to_another_browser(world: World, alice: Person, stranger: Person) -> None:
    hers, his = (one.http.get_cookie(DEVICE_COOKIE, domain="sett.example").value for one in (alice, stranger))
    mixed = ".".join([his.split(".")[0], *hers.split(".")[1:]])
    stranger.http.set_cookie(DEVICE_COOKIE, mixed, domain="sett.example", secure=True)
    assert register(stranger, alice.device_id)["device_id"] != alice.device_id


def test_a_phone_without_its_cookie_proves_itself_by_a_delivery_key(
    world: World, alice: Person, stranger: Person
) -> None:
    wrong = {"staff_id": alice.id, "key": stranger.delivery_key}
    assert register(stranger, alice.device_id, deliver_for=[wrong])["device_id"] != alice.device_id
    right = {"staff_id": alice.id, "key": alice.delivery_key}
    assert register(stranger, alice.device_id, deliver_for=[wrong, right])["device_id"] == alice.device_id


def test_ones_own_phone_needs_no_proof(world: World, alice: Person) -> None:
    alice.http.delete_cookie(DEVICE_COOKIE, domain="sett.example")
    alice.sign_in()
    assert register(alice, alice.device_id)["device_id"] == alice.device_id


def test_a_phone_from_before_there_was_a_cookie_keeps_its_id(world: World, alice: Person, stranger: Person) -> None:
    """The session it was signed in with, even run out, says which device it was."""
    stranger.use_phone_of(alice)
    alice.http.delete_cookie(DEVICE_COOKIE, domain="sett.example")
    world.clock.shift(hours=15)
    alice.sign_in()
    assert register(alice, alice.device_id)["device_id"] == alice.device_id


def test_only_the_phone_itself_says_what_is_unsent_on_it(world: World, alice: Person, stranger: Person) -> None:
    alice.sync(unsent_after=2)
    before = device(world, alice.device_id).last_sync_at
    world.clock.shift(minutes=1)
    kari = alice.register("Kari")
    alice.sync(unsent_after=2)
    visit = stranger.entry("visit_logged", SEEN, client=kari, device_seq=999)
    answer = stranger.sync(visit, device_id=alice.device_id)
    assert answer["results"][0]["verdict"] == "accepted", "nothing is lost"
    found = device(world, alice.device_id)
    assert (found.unsent, found.highest_seq, found.arrived_count) == (2, 1, 1)
    assert found.last_sync_at != before
    # The phone itself, in the hands of a colleague, does say so.
    stranger.use_phone_of(alice)
    stranger.sync(unsent_after=0)
    assert device(world, alice.device_id).unsent == 0


def test_a_delivery_key_speaks_for_its_phone(world: World, alice: Person, stranger: Person) -> None:
    alice.sync(unsent_after=2)
    proof = [{"staff_id": alice.id, "key": alice.delivery_key}]
    stranger.sync(device_id=alice.device_id, deliver_for=proof, unsent_after=1)
    assert device(world, alice.device_id).unsent == 1


def test_a_subscription_never_comes_to_be_on_a_device_of_others(
    world: World, alice: Person, stranger: Person, push_service: PushService
) -> None:
    alice.subscribe(push_service)
    phone = push_service.subscribe()
    key_id = stranger.get("/api/push/key").get_json()["key_id"]
    assert stranger.post("/api/push/subscriptions", phone.body(alice.device_id, key_id)).status_code == 200
    alice.register("Kari", watch={"mode": "interval", "interval_minutes": 600})
    world.clock.shift(hours=11)
    world.tick()
    assert push_service.messages(phone) == []
    with world.database.reading() as session:
        row = session.query(Subscription).filter_by(endpoint=phone.endpoint).one()
        assert row.device_id == devices.device_of(
            session,
            world.app.extensions["settings"].secret_key,
            uuid.UUID(alice.device_id),
            uuid.UUID(stranger.id),
            is_proven=False,
        )


def test_a_receipt_counts_for_the_person_it_was_sent_to(
    world: World, alice: Person, stranger: Person, push_service: PushService
) -> None:
    phone = alice.subscribe(push_service)
    alice.register("Kari", watch={"mode": "interval", "interval_minutes": 600})
    world.clock.shift(hours=11)
    world.tick()
    (told,) = {one.json["notification_id"] for one in push_service.messages(phone)}

    def is_shown() -> bool:
        with world.database.reading() as session:
            return session.get_one(Delivery, told).shown_at is not None

    assert stranger.post("/api/push/receipts", {"notification_id": told}).status_code == 404
    assert not is_shown()
    # Shown on her phone, though a colleague is signed in on it now.
    stranger.use_phone_of(alice)
    assert stranger.post("/api/push/receipts", {"notification_id": told}).status_code == 204
    assert is_shown()


def test_no_device_id_goes_to_a_phone(world: World, alice: Person, stranger: Person) -> None:
    bob = world.staff("fieldworker", *alice.teams, name="Bob")
    kari = alice.register("Kari", watch={"mode": "interval", "interval_minutes": 600})
    bob.log("concern_raised", {"reason": "roper"}, client=kari)
    bob.sync(unsent_after=2)
    world.clock.shift(hours=11)
    world.tick()
    answers = [str(person.pull()) for person in (alice, stranger, bob)]
    answers += [alice.get(path).get_data(as_text=True) for path in ("/api/alerts", "/kontor", "/kontor/varsler")]
    assert "'unsent': 2" in answers[0]
    for person in (alice, bob, stranger):
        assert not any(person.device_id in answer for answer in answers)


def test_a_person_has_so_many_devices_and_the_one_opened_longest_ago_is_signed_out(world: World, alice: Person) -> None:
    waiting = alice.entry("follow_up_ended", {"reason": "other"})
    first, key = alice.device_id, alice.delivery_key
    for _ in range(devices.MOST_PER_PERSON):
        world.clock.shift(seconds=1)
        register(alice, str(uuid.uuid4()))
    with world.database.reading() as session:
        live = session.query(DeviceStaff).filter_by(staff_id=uuid.UUID(alice.id), signed_out_at=None)
        assert live.count() == devices.MOST_PER_PERSON
        presence = session.get_one(DeviceStaff, (uuid.UUID(first), uuid.UUID(alice.id)))
        assert presence.signed_out_at is not None
    # What waits on it is not lost by that.
    proof = [{"staff_id": alice.id, "key": key}]
    alice.sign_out()
    (result,) = alice.sync(waiting | {"author_id": alice.id}, deliver_for=proof, device_id=first)["results"]
    assert result.get("code") != "author_unproven"
