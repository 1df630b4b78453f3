"""Subscriptions, test pushes and receipts through the real HTTP API; and the list of open alerts."""

import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from fieldapp.channels.webpush import WebPush
from fieldapp.config import Settings
from fieldapp.jobs import tasks
from fieldapp.jobs.sender import Sender
from fieldapp.services.people import keys
from sync.ids import uuid7
from tests._push_service import Phone, PushService
from tests._world import Person, World

TEN_HOURS = {"mode": "interval", "interval_minutes": 600}
"""Shorter than a session lasts."""


@pytest.fixture
def push() -> Iterator[PushService]:
    with PushService() as service:
        yield service
        assert service.faults == []


@pytest.fixture
def settings(settings: Settings, push: PushService) -> Settings:
    return dataclasses.replace(settings, push_hosts=(push.host,))


@pytest.fixture
def bob(world: World) -> Person:
    return world.staff("fieldworker", world.team(), name="Bob")


def key_id(person: Person) -> str:
    answer = person.get("/api/push/key")
    assert answer.status_code == 200
    return str(answer.get_json()["key_id"])


def subscribe(person: Person, phone: Phone) -> str:
    answer = person.post("/api/push/subscriptions", phone.body(person.device_id, key_id(person)))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_json()["id"])


def work(world: World) -> None:
    """What a worker does, once."""
    settings: Settings = world.app.extensions["settings"]

    def key_of(_: str) -> str:
        with world.database.reading() as session:
            return keys.read(session, settings.secret_key).vapid.private_key

    sender = Sender(world.database, WebPush(settings.public_url, settings.vapid_subject, key_of), "test")
    assert tasks.tick_until_quiet(world.database, sender, "test")
    sender.stop()


def test_a_test_push_reaches_the_phone_signed_with_the_key_it_was_told(
    world: World, bob: Person, push: PushService
) -> None:
    phone = push.subscribe()
    id = subscribe(bob, phone)
    assert bob.post(f"/api/push/subscriptions/{id}/test", {}).status_code == 202
    work(world)
    (received,) = push.messages(phone)
    assert received.json["kind"] == "test"
    assert received.json["notification"]["title"] == "Test fra Sett"
    assert received.json["notification"]["navigate"] == "https://sett.example/felt/mer"
    assert received.public_key == bob.get("/api/push/key").get_json()["public_key"]


def test_the_receipt_needs_no_session(world: World, bob: Person, push: PushService) -> None:
    phone = push.subscribe()
    bob.post(f"/api/push/subscriptions/{subscribe(bob, phone)}/test", {})
    work(world)
    notification_id = push.messages(phone)[0].json["notification_id"]
    bob.http.delete_cookie("__Host-sett", domain="sett.example")
    assert bob.post("/api/push/receipts", {"notification_id": notification_id}).status_code == 204
    assert bob.post("/api/push/receipts", {"notification_id": notification_id}).status_code == 204
    assert bob.post("/api/push/receipts", {"notification_id": "gjettet"}).status_code == 404
    assert bob.post("/api/push/receipts", {"notification_id": 7}).status_code == 422


def test_posting_the_same_endpoint_again_is_the_same_subscription(bob: Person, push: PushService) -> None:
    phone = push.subscribe()
    first = subscribe(bob, phone)
    assert bob.http.delete(f"/api/push/subscriptions/{first}").status_code == 204
    assert subscribe(bob, phone) == first


def test_an_unknown_device_is_registered_for_the_person(world: World, push: PushService) -> None:
    ada = world.staff("leader", world.team(), phone=False)
    phone = push.subscribe()
    id = subscribe(ada, phone)
    assert ada.post(f"/api/push/subscriptions/{id}/test", {}).status_code == 202
    work(world)
    assert len(push.messages(phone)) == 1


def test_a_signed_out_person_gets_nothing_more_there(world: World, bob: Person, push: PushService) -> None:
    phone = push.subscribe()
    bob.post(f"/api/push/subscriptions/{subscribe(bob, phone)}/test", {})
    bob.sign_out()
    work(world)
    assert push.messages(phone) == []


def test_a_removed_subscription_and_somebody_elses_do_not_exist(world: World, bob: Person, push: PushService) -> None:
    id = subscribe(bob, push.subscribe())
    charlie = world.staff("fieldworker", world.team(), name="Charlie")
    assert charlie.post(f"/api/push/subscriptions/{id}/test", {}).status_code == 404
    assert charlie.http.delete(f"/api/push/subscriptions/{id}").status_code == 404
    assert bob.http.delete(f"/api/push/subscriptions/{id}").status_code == 204
    assert bob.post(f"/api/push/subscriptions/{id}/test", {}).status_code == 404


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/QGx",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
        "https://web.push.apple.com:443/QGx",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA-_~%3D=",
    ],
)
def test_the_known_services_are_talked_to(bob: Person, endpoint: str) -> None:
    body = Phone(endpoint, "").body(bob.device_id, key_id(bob))
    assert bob.post("/api/push/subscriptions", body).status_code == 200


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "ikke en adresse",
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm",
        "https://fcm.googleapis.com@evil.example/",
        "https://evil.example/?fcm.googleapis.com",
        "https://fcm.googleapis.com.evil.example/",
        "https://push.apple.com.evil.example/",
        "https://evilpush.apple.com.example/",
        "http://127.0.0.1:1/push",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1]/push",
        "file:///etc/passwd",
        "https://web.push.apple.com\t.evil.example/",
        "https://fcm.googleapis.com:99999/",
        "https://fcm.googleapis.com/" + "a" * 3000,
        "https://127.0.0.1%2f.push.apple.com/x",
        "https://127.0.0.1%2F.push.apple.com/x",
        "https://127.0.0.1%00.push.apple.com/x",
        "https://127.0.0.1%23.push.apple.com/x",
        "https://127.0.0.1\\.push.apple.com/x",
        "https://127.0.0.1#.push.apple.com/x",
        "https://127.0.0.1?.push.apple.com/x",
        "https://127.0.0.1/.push.apple.com",
        "https://127.0.0.1;.push.apple.com/x",
        "https://user@web.push.apple.com/x",
        "https://user:word@web.push.apple.com/x",
        "https://@web.push.apple.com/x",
        "https://web.push.apple.com./x",
        "https://.push.apple.com/x",
        "https://a..push.apple.com/x",
        "https://-.push.apple.com/x",
        "https://web_.push.apple.com/x",
        "https://web.push.apple.com:/x",
        "https://web.push.apple.com:0443/x",
        "https://web.push.apple.com:0/x",
        "https://web.push.apple.com:\u0664\u0664\u0663/x",
        "https://web.push\u3002apple.com/x",
        "https://w\uff45b.push.apple.com/x",
        "https://web.push.apple.com\u2025/x",
        "https:/web.push.apple.com/x",
        "https:web.push.apple.com/x",
        "//web.push.apple.com/x",
        " https://web.push.apple.com/x",
        "https://web.push.apple.com/x\n",
        "https://web.push.apple.com/\\@127.0.0.1",
        "https://web.push.apple.com/\x7f",
        "https://[::1%25eth0]/push",
    ],
)
def test_no_other_address_is(bob: Person, endpoint: str) -> None:
    answer = bob.post("/api/push/subscriptions", Phone(endpoint, "").body(bob.device_id, key_id(bob)))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "push_host_not_allowed")


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"keys": {"p256dh": "AAAA", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}, "keys.p256dh"),
        ({"keys": {"p256dh": "B" + "A" * 86, "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}, "keys.p256dh"),
        ({"keys": {"p256dh": "BÆØÅ", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}, "keys.p256dh"),
        ({"keys": {"p256dh": None, "auth": "AAAA"}}, "keys.p256dh"),
        ({"key_id": "ukjent"}, "key_id"),
        ({"device_id": "ikke-uuid"}, "device_id"),
        ({"endpoint": 7}, "endpoint"),
    ],
)
def test_a_wrong_field_is_named(bob: Person, push: PushService, change: dict[str, Any], field: str) -> None:
    body = push.subscribe().body(bob.device_id, key_id(bob)) | change
    answer = bob.post("/api/push/subscriptions", body)
    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["field"]) == (422, "invalid_field", field)


@pytest.mark.engines("sqlite")
def test_a_wrong_auth_secret_is_named(bob: Person, push: PushService) -> None:
    body = push.subscribe().body(bob.device_id, key_id(bob))
    body["keys"]["auth"] = "AAAA"
    assert bob.post("/api/push/subscriptions", body).get_json()["field"] == "keys.auth"


def test_open_alerts_are_listed_newest_first_for_those_who_see_the_client_only(world: World) -> None:
    team, elsewhere = world.team(), world.team()
    alice, bob = world.staff("leader", team), world.staff("fieldworker", team)
    outsiders = [world.staff("fieldworker", elsewhere), world.staff("landlord", team), world.staff("admin")]
    kari, per = alice.register("Kari", watch=TEN_HOURS), alice.register("Per", watch=TEN_HOURS)
    world.clock.shift(hours=11)
    work(world)
    bob.log("concern_raised", {"reason": "roper"}, client=kari)
    listed = bob.alerts()
    assert [one["kind"] for one in listed] == ["concern", "not_seen", "not_seen"]
    assert {one["client_id"] for one in listed} == {kari, per}
    assert set(listed[0]) == {
        "id", "kind", "client_id", "team_id", "state", "step", "opened_at", "due_at", "owner"
    }  # fmt: skip
    assert listed[0]["owner"] is None
    assert [person.alerts() for person in outsiders] == [[], [], []]


def test_an_alert_travels_to_the_phone_with_its_history_and_leaves_when_it_ends(world: World) -> None:
    team = world.team()
    alice, bob = world.staff("leader", team), world.staff("fieldworker", team)
    kari = alice.register("Kari", watch=TEN_HOURS)
    world.clock.shift(hours=11)
    work(world)
    (alert,) = [data for (kind, _), data in bob.pull().items() if kind == "alert"]
    assert {one["staff_id"] for one in alert["told"]} == {alice.id, bob.id}
    bob.log("alert_acknowledged", {"alert_id": alert["id"]})
    assert bob.pull()[("alert", alert["id"])]["owner"] == bob.id
    bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    assert ("alert", alert["id"]) not in bob.pull()
    assert bob.alerts() == []


def test_a_foreign_or_malformed_id_is_no_crash(bob: Person) -> None:
    assert bob.post(f"/api/push/subscriptions/{uuid7()}/test", {}).status_code == 404
    assert bob.http.delete(f"/api/push/subscriptions/{uuid.uuid4()}").status_code == 404
    assert bob.http.delete("/api/push/subscriptions/tull").status_code == 404


def test_a_phone_is_told_with_the_key_it_subscribed_under_until_it_has_subscribed_anew(
    world: World, push: PushService
) -> None:
    alice = world.staff("fieldworker", world.team())
    old = alice.subscribe(push)
    before = alice.get("/api/push/key").get_json()
    with world.database.transaction() as session:
        keys.rotate_vapid(session, world.app.extensions["settings"].secret_key, world.clock.now())
    after = alice.get("/api/push/key").get_json()
    assert after["key_id"] != before["key_id"]
    alice.register("Kari")
    world.clock.shift(hours=25)
    world.tick()
    assert {one.public_key for one in push.messages(old)} == {before["public_key"]}
    alice.sign_in()
    new = alice.subscribe(push)
    told_before = len(push.messages(old))
    world.clock.shift(hours=1)
    world.tick()
    assert {one.public_key for one in push.messages(new)} == {after["public_key"]}
    assert len(push.messages(old)) == told_before, "a browser has one subscription: the old has ended"
