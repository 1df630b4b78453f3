"""«Må bekreftes»: what came under a key that was right only once is kept, and taken when somebody confirms it."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from fieldapp.models import Device, DeviceStaff, Entry, SetAside, Staff, StaffTeam
from fieldapp.queries import to_confirm
from fieldapp.services.entries import refused
from fieldapp.services.people import accounts, devices, sessions
from tests._client import CheckedClient
from tests._sealing import Seal
from tests._world import Person, TeamOfWorld, World

SEEN = {"outcome": "seen", "place": "home"}


@pytest.fixture
def vera(world: World, team: TeamOfWorld) -> Person:
    """A vikar, whose phone is offline."""
    return world.staff("fieldworker", team, name="Vera")


@pytest.fixture
def seal(alice: Person) -> Seal:
    return Seal(alice)


@pytest.fixture
def nobody(world: World, vera: Person) -> Person:
    """Vera's phone, signed out."""
    return Person("", "", "", CheckedClient.of(world.app), (), device_id=vera.device_id)


def deliver(by: Person, element: dict[str, Any]) -> tuple[str, str | None]:
    verdict = by.sync(element)["results"][0]
    return verdict["verdict"], verdict.get("code")


def end(world: World, person: Person) -> None:
    with world.database.transaction() as session:
        accounts.end_staff(session, person.username, world.clock.now())


def take_off(world: World, person: Person) -> None:
    with world.database.transaction() as session:
        devices.take_off(session, uuid.UUID(person.device_id), uuid.UUID(person.id), world.clock.now())


def end_device(world: World, person: Person) -> None:
    with world.database.transaction() as session:
        session.get_one(Device, uuid.UUID(person.device_id)).ended_at = world.clock.now()


def restore_to_before_the_phone(world: World, person: Person) -> None:
    """The backup was taken before this phone was known."""
    with world.database.transaction() as session:
        session.delete(session.get_one(DeviceStaff, (uuid.UUID(person.device_id), uuid.UUID(person.id))))


def restore_to_an_older_key(world: World, person: Person) -> None:
    """The phone was taken off and signed in again since the backup: its key is two generations newer."""
    with world.database.transaction() as session:
        presence = session.get_one(DeviceStaff, (uuid.UUID(person.device_id), uuid.UUID(person.id)))
        secret = world.app.extensions["settings"].secret_key
        presence.generation += 2
        session.flush()
        person.delivery_key = devices._key(secret, presence, session.get_one(Staff, uuid.UUID(person.id)))
        presence.generation -= 2


def taken(world: World, entry: dict[str, Any]) -> Entry | None:
    with world.database.reading() as session:
        return session.get(Entry, uuid.UUID(entry["id"]))


def kept_id(world: World, entry: dict[str, Any]) -> int:
    with world.database.reading() as session:
        return session.scalars(select(SetAside.id).where(SetAside.entry_id == uuid.UUID(entry["id"]))).one()


def answer(person: Person, world: World, entry: dict[str, Any], said: str = "ja", where: str = "kontor") -> int:
    path = f"/{where}/bekreft/{kept_id(world, entry)}"
    return person.http.post(path, data={"svar": said}, headers={"Sec-Fetch-Site": "same-origin"}).status_code


@pytest.mark.parametrize("happens", [end, take_off, end_device, restore_to_before_the_phone, restore_to_an_older_key])
@pytest.mark.parametrize("by", ["nobody", "alice"])
def test_what_was_written_outlives_the_access(
    world: World, request: pytest.FixtureRequest, alice: Person, vera: Person, kari: str, seal: Seal,
    happens: Callable[[World, Person], None], by: str,
) -> None:  # fmt: skip
    bearer: Person = request.getfixturevalue(by)
    bearer.device_id = vera.device_id
    visit = vera.entry("visit_logged", SEEN | {"note": "Sov"}, client=kari)
    happens(world, vera)
    element = seal.by(vera, visit)
    assert deliver(bearer, element) == ("deferred", "author_unproven")
    assert taken(world, visit) is None
    alices = world.staff("leader", *alice.teams, name="Astrid")
    page = alices.get("/kontor/bekreft").text
    assert "Vera" in page
    assert "Kari" in page
    assert "Sov" in page
    assert answer(alices, world, visit) == 303
    row = taken(world, visit)
    assert row is not None
    assert str(row.author_id) == vera.id
    assert deliver(bearer, element) == ("duplicate", None), "so it leaves the outbox"
    assert "Vera" not in alices.get("/kontor/bekreft").text


def test_its_clock_is_that_of_when_it_first_came(
    world: World, alice: Person, vera: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    visit = vera.entry("visit_logged", SEEN, client=kari)
    visit["clock_offset_ms"] = None
    end(world, vera)
    world.clock.shift(hours=2)
    sent_at = (world.clock.now() - dt.timedelta(minutes=90)).isoformat()
    first = nobody.sync(seal.by(vera, visit), sent_at=sent_at)["results"][0]
    assert first["code"] == "author_unproven"
    came_at = world.clock.now()
    for _ in range(3):
        world.clock.shift(days=1)
        assert deliver(nobody, seal.by(vera, visit)) == ("deferred", "author_unproven")
    answered = world.staff("leader", *alice.teams)
    assert answer(answered, world, visit) == 303
    row = taken(world, visit)
    assert row is not None
    assert abs(row.clock_at - dt.datetime.fromisoformat(visit["occurred_at"])) < dt.timedelta(seconds=5)
    assert row.received_at - came_at > dt.timedelta(days=2)
    with world.database.reading() as session:
        kept = session.get_one(SetAside, kept_id(world, visit))
        assert (kept.answer, str(kept.answered_by)) == ("confirmed", answered.id)


def test_a_clock_is_set_by_what_is_confirmed(
    world: World, alice: Person, vera: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    world.clock.shift(hours=10)
    visit = vera.entry("visit_logged", SEEN, client=kari)
    end(world, vera)
    deliver(nobody, seal.by(vera, visit))
    alice.pull()
    assert alice.replica["client", kari]["watch"]["last_seen_at"] is None
    answer(alice, world, visit)
    alice.pull()
    assert alice.replica["client", kari]["watch"]["last_seen_at"] is not None


def test_its_author_confirms_it_too(world: World, team: TeamOfWorld, kari: str, seal: Seal, nobody: Person) -> None:
    peer = world.staff("peer", team, name="Per")
    visit = peer.entry("visit_logged", SEEN, client=kari)
    old = peer.delivery_key
    take_off(world, peer)
    nobody.device_id = peer.device_id
    assert deliver(nobody, seal(visit, key=old, author_id=peer.id)) == ("deferred", "author_unproven")
    with world.database.transaction() as session:  # on another phone
        token = sessions.open_session(session, uuid.UUID(peer.id), "tests", world.clock.now())
    peer.http.set_cookie("__Host-sett", token, domain="sett.example", secure=True)
    page = peer.get("/konto").text
    assert "Må bekreftes" in page
    assert answer(peer, world, visit, where="kontor") == 403, "a peer has no lists"
    assert answer(peer, world, visit, where="konto") == 303
    assert taken(world, visit) is not None
    assert "Må bekreftes" not in peer.get("/konto").text


def test_its_author_sends_it_again_when_signed_in(
    world: World, vera: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    visit = vera.entry("visit_logged", SEEN, client=kari)
    restore_to_before_the_phone(world, vera)
    element = seal.by(vera, visit)
    assert deliver(nobody, element) == ("deferred", "author_unproven")
    assert deliver(vera, element) == ("accepted", None)
    assert "Må bekreftes" not in vera.get("/konto").text


def test_who_declines_keeps_it_out(
    world: World, alice: Person, vera: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    visit = vera.entry("visit_logged", SEEN, client=kari)
    end(world, vera)
    deliver(nobody, seal.by(vera, visit))
    assert "Må bekreftes" in alice.get("/kontor").text
    assert answer(alice, world, visit, "nei") == 303
    assert taken(world, visit) is None
    assert deliver(nobody, seal.by(vera, visit)) == ("deferred", "author_unproven")
    assert "Vera" not in alice.get("/kontor/bekreft").text
    assert answer(alice, world, visit) == 404, "it is answered once"


def test_whoever_may_not_see_it_may_not_answer_it(
    world: World, team: TeamOfWorld, vera: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    visit = vera.entry("visit_logged", SEEN, client=kari)
    end(world, vera)
    deliver(nobody, seal.by(vera, visit))
    colleague, elsewhere = world.staff("fieldworker", team), world.staff("leader", world.team())
    for person in (colleague, elsewhere):
        assert "Kari" not in person.get("/kontor/bekreft").text
        assert answer(person, world, visit) == 404
        assert answer(person, world, visit, where="konto") == 404
    for role in ("landlord", "privacy", "admin", "peer"):
        person = world.staff(role, team)
        assert "Må bekreftes" not in person.get("/konto").text
        assert answer(person, world, visit, where="konto") == 404
    assert taken(world, visit) is None


def test_a_leader_sees_nothing_about_a_client_of_others(
    world: World, alice: Person, vera: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    """Vera works in two teams; what she wrote about the client of one is not for the leader of the other."""
    other = world.team()
    with world.database.transaction() as session:
        session.add(StaffTeam(staff_id=uuid.UUID(vera.id), team_id=uuid.UUID(other.id)))
    leader = world.staff("leader", other)
    visit = vera.entry("visit_logged", SEEN, client=kari)
    deliver(vera, visit | {"author_id": vera.id})
    said = {"entry_id": visit["id"], "what": "text", "reason": "feil", "body": {"note": "Hemmelig"}}
    corrected = vera.entry("entry_corrected", said)
    corrected["team_id"] = None
    end(world, vera)
    assert deliver(nobody, seal.by(vera, corrected)) == ("deferred", "author_unproven")
    assert "Hemmelig" not in leader.get("/kontor/bekreft").text
    assert answer(leader, world, corrected) == 404
    assert answer(alice, world, corrected) == 303


def test_what_the_door_refuses_stays_and_says_why(
    world: World, alice: Person, vera: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    closing = vera.entry("crisis_closed", {"outcome": "calmed_home"}, client=kari, case=str(uuid.uuid4()))
    end(world, vera)
    assert deliver(nobody, seal.by(vera, closing)) == ("deferred", "author_unproven")
    page = alice.http.post(
        f"/kontor/bekreft/{kept_id(world, closing)}", data={"svar": "ja"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert page.status_code == 422
    assert "Vi finner ikke det dette gjelder." in page.text
    assert "Vera" in alice.get("/kontor/bekreft").text


def test_what_is_wrong_is_refused_before_anybody_is_asked(
    world: World, alice: Person, vera: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    wrong = vera.entry("visit_logged", {"outcome": "hm", "place": "home"}, client=kari)
    end(world, vera)
    assert deliver(nobody, seal.by(vera, wrong)) == ("rejected", "invalid_body")
    assert "Vera" not in alice.get("/kontor/bekreft").text


def test_an_answer_that_is_none_is_refused(
    world: World, alice: Person, vera: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    visit = vera.entry("visit_logged", SEEN, client=kari)
    end(world, vera)
    deliver(nobody, seal.by(vera, visit))
    assert answer(alice, world, visit, "kanskje") == 422
    assert alice.http.post("/kontor/bekreft/999999", data={"svar": "ja"}).status_code == 404
    assert taken(world, visit) is None


def test_a_client_who_is_registered_by_it_is_confirmed_by_the_team(
    world: World, alice: Person, vera: Person, team: TeamOfWorld, seal: Seal, nobody: Person
) -> None:
    client_id = str(uuid.uuid4())
    registered = vera.entry("client_registered", {"name": "Ny Bruker", "team_id": team.id}, client=client_id)
    end(world, vera)
    deliver(nobody, seal.by(vera, registered))
    assert "Ny Bruker" in alice.get("/kontor/bekreft").text
    assert answer(alice, world, registered) == 303
    alice.pull()
    assert ("client", client_id) in alice.replica


def test_a_key_that_was_right_once_fills_no_database_and_nothing_is_lost(
    world: World, alice: Person, vera: Person, kari: str, seal: Seal, nobody: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refused, "MOST_TO_CONFIRM", 3_000)
    monkeypatch.setattr(to_confirm, "MOST_TO_CONFIRM", 3_000 + to_confirm.MAX_ENTRY_BYTES - 1_000)
    visits = [vera.entry("visit_logged", SEEN | {"note": f"{number} " + "x" * 800}, client=kari) for number in range(4)]
    end(world, vera)
    for visit in visits:
        assert deliver(nobody, seal.by(vera, visit)) == ("deferred", "author_unproven"), "the phone keeps it"
    with world.database.reading() as session:
        kept = set(session.scalars(select(SetAside.entry_id).where(SetAside.claimed_by == uuid.UUID(vera.id))))
    assert 1 <= len(kept) < 4
    assert deliver(nobody, seal.by(vera, visits[0])) == ("deferred", "author_unproven"), "what is there stays"
    astrid = world.staff("leader", *alice.teams, name="Astrid")
    assert "Det er ikke plass til mer fra Vera" in astrid.get("/kontor/bekreft").text
    for visit in visits:
        deliver(nobody, seal.by(vera, visit))
        assert answer(astrid, world, visit) == 303
        assert taken(world, visit) is not None, "offered again, there is room once something is answered"


def test_what_is_kept_already_has_room_when_all_is_full(
    world: World, vera: Person, kari: str, seal: Seal, nobody: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = {"id": str(uuid.uuid4()), "type": "visit_logged", "body": {"note": "kanari"}}
    with world.database.transaction() as session:
        device_id, author_id = uuid.UUID(int=7), uuid.UUID(vera.id)
        refused.keep(session, raw, None, None, "deferred", "author_unproven", None, world.clock.now())
        monkeypatch.setattr(refused, "MOST_TO_CONFIRM", 0)
        assert refused.has_room(session, raw, None, author_id)
        assert not refused.has_room(session, raw, device_id, author_id)
