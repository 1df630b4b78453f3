"""Signing in and out, and registering the device, as a phone does it."""

import datetime as dt
import uuid

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from fieldapp.models import Device, DeviceStaff, Subscription
from fieldapp.services.people import accounts
from tests._client import CheckedClient
from tests._push_service import PushService
from tests._world import PASSWORD, Person, World


def sign_in(client: CheckedClient, username: str, password: str = PASSWORD):
    return client.post("/api/session", json={"username": username, "password": password})


def test_signing_in_tells_who_one_is_and_sets_a_cookie_no_script_can_read(world: World, client: CheckedClient) -> None:
    team = world.team("Nord", "fact")
    alice = world.staff("leader", team, name="Alice Berg", phone=False)
    answer = sign_in(client, alice.username)
    assert answer.status_code == 200
    told = answer.get_json()
    teams = [{"id": team.id, "name": "Nord", "kind": "fact"}]
    assert told["staff"] == {"id": alice.id, "name": "Alice Berg", "role": "leader", "teams": teams}
    assert dt.datetime.fromisoformat(told["server_time"]).tzinfo is not None
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sett=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie
    assert client.get("/api/session").get_json()["staff"] == told["staff"]


def test_an_unknown_user_and_a_wrong_password_are_answered_alike(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader", phone=False)
    wrong, unknown = sign_in(client, alice.username, "wrong"), sign_in(client, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.data == unknown.data
    assert wrong.get_json() == {"code": "bad_credentials", "message": "Feil brukernavn eller passord."}


def test_without_a_session_one_is_asked_to_sign_in(client: CheckedClient) -> None:
    answer = client.get("/api/session")
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "sign_in"


def test_the_sixth_failure_is_slowed_down_and_time_helps(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader", phone=False)
    assert [sign_in(client, alice.username, "wrong").status_code for _ in range(5)] == [401] * 5
    slowed = sign_in(client, alice.username, "wrong")
    assert slowed.status_code == 429
    assert slowed.get_json()["code"] == "slow_down"
    assert 0 < int(slowed.headers["Retry-After"]) <= 900
    world.clock.shift(minutes=15, seconds=1)
    assert sign_in(client, alice.username).status_code == 200


def test_a_browser_one_has_signed_in_on_is_not_locked_out_by_what_others_guess(
    world: World, client: CheckedClient
) -> None:
    alice = world.staff("leader", phone=False)
    assert sign_in(alice.http, alice.username).status_code == 200
    assert alice.http.delete("/api/session").status_code == 204
    assert {sign_in(client, alice.username, "wrong").status_code for _ in range(60)} == {401, 429}
    assert sign_in(client, alice.username).status_code == 429, "nobody has signed in there"
    assert sign_in(alice.http, alice.username).status_code == 200
    # Its own mistakes count.
    assert [sign_in(alice.http, alice.username, "wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert sign_in(alice.http, alice.username).status_code == 429


def test_a_browser_is_known_for_who_has_signed_in_on_it_only(world: World, client: CheckedClient) -> None:
    alice, bob = world.staff("leader", phone=False), world.staff("leader", phone=False)
    assert sign_in(bob.http, bob.username).status_code == 200
    assert [sign_in(client, alice.username, "wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert sign_in(bob.http, alice.username).status_code == 429


def test_after_a_clock_error_nobody_waits_for_a_year(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader", phone=False)
    world.clock.shift(days=365)
    assert [sign_in(client, alice.username, "wrong").status_code for _ in range(5)] == [401] * 5
    world.clock.shift(days=-365)
    assert sign_in(client, alice.username).status_code == 200


def test_enrolment_is_slowed_down_before_anything_is_hashed(
    world: World, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = world.staff("leader", phone=False)
    hashed: list[str] = []
    monkeypatch.setattr(accounts, "hash_password", lambda password: hashed.append(password) or "hash")
    told = {"username": alice.username, "code": "AAAA-AAAA-AAAA", "password": PASSWORD}
    assert [client.post("/api/enrolment", json=told).status_code for _ in range(8)] == [401] * 5 + [429] * 3
    assert hashed == []


def test_signing_in_rightly_is_never_slowed_down(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader", phone=False)
    assert {sign_in(client, alice.username).status_code for _ in range(8)} == {200}


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (b"{", 400, "malformed", None),
        (b"[]", 400, "malformed", None),
        (b"", 400, "malformed", None),
        (b"\xff", 400, "malformed", None),
        (b'{"username": "\\ud800", "password": "x"}', 400, "malformed", None),
        (b"[" * 100_000, 400, "malformed", None),
        (b'{"username": "alice"}', 422, "invalid_field", "password"),
        (b'{"username": 1, "password": "x"}', 422, "invalid_field", "username"),
        (b'{"username": "a\\u0000", "password": "x"}', 422, "invalid_field", "username"),
    ],
)
@pytest.mark.engines("sqlite")
def test_a_body_that_cannot_be_read_is_named(
    client: CheckedClient, body: bytes, status: int, code: str, field: str | None
) -> None:
    answer = client.post("/api/session", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.get_json().get("field") == field


def test_a_session_ends_after_a_shift_and_its_cookie_still_signs_out(world: World) -> None:
    alice = world.staff("fieldworker", world.team())
    world.clock.shift(hours=14, minutes=1)
    assert alice.get("/api/session").status_code == 401
    assert alice.http.delete("/api/session").status_code == 204
    assert signed_out(world, alice.device_id, alice.id)
    assert alice.http.delete("/api/session").status_code == 401


def test_signing_out_ends_the_session_and_the_pushes_of_that_person_on_that_device(world: World) -> None:
    team = world.team()
    alice, bob = world.staff("fieldworker", team), world.staff("fieldworker", team, phone=False)
    bob.use_phone_of(alice)
    token = alice.http.get_cookie("__Host-sett", domain="sett.example").value
    answer = alice.http.delete("/api/session")
    assert answer.status_code == 204
    assert answer.data == b""
    assert alice.http.get_cookie("__Host-sett", domain="sett.example") is None
    alice.http.set_cookie("__Host-sett", token, domain="sett.example", secure=True)
    assert alice.get("/api/session").status_code == 401
    assert signed_out(world, alice.device_id, alice.id)
    assert not signed_out(world, bob.device_id, bob.id)


def test_registering_the_device_again_gives_the_same_key_and_starts_pushes_again(world: World) -> None:
    alice = world.staff("fieldworker", world.team())
    key = alice.delivery_key
    alice.sign_out()
    assert sign_in(alice.http, alice.username).status_code == 200
    alice.register_device()
    assert alice.delivery_key == key
    assert not signed_out(world, alice.device_id, alice.id)


def test_a_person_who_ended_is_out_with_the_next_request(world: World) -> None:
    alice = world.staff("fieldworker", world.team())
    with world.database.transaction() as session:
        accounts.end_staff(session, alice.username, world.clock.now())
    assert alice.get("/api/session").status_code == 401


@pytest.mark.parametrize("told", [{}, {"device_id": "x"}, {"device_id": str(uuid.UUID(int=1)), "name": "n" * 201}])
def test_a_device_that_tells_nonsense_is_refused(world: World, told: dict) -> None:
    alice = world.staff("fieldworker", phone=False)
    answer = alice.post("/api/devices", told)
    assert answer.status_code == 422
    assert answer.get_json()["field"] in ("device_id", "name")


HEALTH = {"permission": "granted", "installed": True, "persistent": False}


def notify(alice: Person, health: object) -> TestResponse:
    return alice.post("/api/devices", {"device_id": alice.device_id, "name": "Telefon", "health": health})


def test_a_phone_tells_of_itself_and_silence_leaves_it_as_it_was(world: World) -> None:
    alice = world.staff("fieldworker", world.team())
    assert notify(alice, HEALTH).status_code == 200
    told_at = world.clock.now()
    world.clock.shift(hours=1)
    alice.register_device()
    assert alice.post("/api/devices", {"device_id": alice.device_id, "health": None}).status_code == 200
    with world.database.reading() as session:
        device = session.get_one(Device, uuid.UUID(alice.device_id))
    assert (device.permission, device.installed, device.persistent) == ("granted", True, False)
    assert device.told_of_itself_at is not None
    assert abs(device.told_of_itself_at - told_at) < dt.timedelta(seconds=5)


@pytest.mark.parametrize(
    ("health", "field"),
    [
        (HEALTH | {"permission": "maybe"}, "health.permission"),
        (HEALTH | {"installed": "yes"}, "health.installed"),
        (HEALTH | {"persistent": None}, "health.persistent"),
        ({"permission": "granted", "installed": True}, "health.persistent"),
        ("granted", "health"),
    ],
)
@pytest.mark.engines("sqlite")
def test_a_phone_that_tells_nonsense_of_itself_is_refused(world: World, health: object, field: str) -> None:
    alice = world.staff("fieldworker", world.team())
    answer = notify(alice, health)
    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["field"]) == (422, "invalid_field", field)


def test_the_phone_is_told_what_the_server_knows_of_its_pushes(world: World, push_service: PushService) -> None:
    alice = world.staff("fieldworker", world.team())
    nothing = {"subscribed": False, "last_handed_over_at": None, "last_receipt_at": None, "silent_since_at": None}
    assert notify(alice, HEALTH).get_json()["push"] == alice.get("/api/session").get_json()["push"] == nothing
    alice.subscribe(push_service)
    assert alice.get("/api/session").get_json()["push"] == nothing | {"subscribed": True}
    at = world.clock.now()
    with world.database.transaction() as session:
        row = session.scalars(select(Subscription)).one()
        row.last_handed_over_at = row.last_receipt_at = at
    pushed = alice.get("/api/session").get_json()["push"]
    assert dt.datetime.fromisoformat(pushed["last_receipt_at"]) == at
    assert notify(alice, HEALTH).get_json()["push"] == pushed


def test_a_session_on_no_device_has_no_pushes_to_tell_of(world: World) -> None:
    assert world.staff("fieldworker", phone=False).get("/api/session").get_json()["push"] is None


def test_a_code_chooses_a_password_and_signs_in(world: World, app: Flask, client: CheckedClient) -> None:
    with world.database.transaction() as session:
        added = accounts.add_staff(session, "bob", "Bob", "peer", [], None, world.clock.now())
    told = {"username": "bob", "code": added.enrolment_code, "password": "kort"}
    short = client.post("/api/enrolment", json=told)
    assert (short.status_code, short.get_json()["field"]) == (422, "password")
    told["password"] = "en hel setning"
    assert client.post("/api/enrolment", json=told).status_code == 200
    assert client.get("/api/session").get_json()["staff"]["name"] == "Bob"
    again = client.post("/api/enrolment", json=told)
    assert (again.status_code, again.get_json()["code"]) == (401, "bad_enrolment")
    assert sign_in(CheckedClient.of(app), "bob", "en hel setning").status_code == 200


def test_codes_cannot_be_guessed_for_long(client: CheckedClient) -> None:
    told = {"username": "bob", "code": "AAAA", "password": "en hel setning"}
    statuses = [client.post("/api/enrolment", json=told).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def signed_out(world: World, device_id: str, staff_id: str) -> bool:
    with world.database.reading() as session:
        row = session.get_one(DeviceStaff, (uuid.UUID(device_id), uuid.UUID(staff_id)))
        return row.signed_out_at is not None
