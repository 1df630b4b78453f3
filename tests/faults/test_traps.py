"""What others have fallen into, each as a small story through the API (the database's own traps: tests/test_db.py)."""

import datetime as dt
import os
import subprocess
import sys
import uuid
from zoneinfo import ZoneInfo

import pytest

from fieldapp.config import Settings
from tests._server import ROOT
from tests._world import Person, World

OSLO = ZoneInfo("Europe/Oslo")
SEEN = {"outcome": "seen", "place": "home"}
YEAR = dt.timedelta(days=365)


@pytest.fixture
def bob(world: World) -> Person:
    return world.staff("leader", world.team(), name="Bob")


def due_at(person: Person, client: str) -> dt.datetime:
    return dt.datetime.fromisoformat(person.pull()["client", client]["watch"]["due_at"])


def test_an_answer_lost_after_the_commit_is_a_duplicate_with_the_first_verdict(bob: Person) -> None:
    kari = bob.register("Kari")
    case, absence = str(uuid.uuid4()), str(uuid.uuid4())
    batch = [
        bob.entry("visit_logged", SEEN, client=kari),
        bob.entry("crisis_opened", {"kind": "overdose"}, client=kari, case=case),
        bob.entry("crisis_closed", {"outcome": "calmed_home"}, client=kari, case=case),
        bob.entry("absence_started", {"absence_id": absence, "kind": "admitted"}, client=kari),
        bob.entry("client_registered", {"name": "Ny", "team_id": bob.teams[0].id}, client=str(uuid.uuid4())),
        bob.entry("visit_logged", {"outcome": "flew", "place": "home"}, client=kari),
    ]
    request = bob.sync_request(*batch)
    bob.post("/api/sync", request)  # and the answer never comes
    before = bob.pull().copy()
    again = bob.post("/api/sync", request).get_json()["results"]
    assert [(one["verdict"], one.get("original")) for one in again] == [("duplicate", "accepted")] * 5 + [
        ("rejected", None)
    ]
    assert bob.pull() == before, "the same again changes nothing"


@pytest.mark.parametrize("wrong", [YEAR, -YEAR, dt.timedelta(minutes=40)], ids=["a year fast", "a year slow", "40 min"])
@pytest.mark.parametrize("measured", [True, False], ids=["offset known", "never measured"])
def test_a_wrong_phone_clock_never_hides_an_alert(
    world: World, bob: Person, wrong: dt.timedelta, measured: bool
) -> None:
    kari = bob.register("Kari")
    seen_at = world.clock.now() + dt.timedelta(hours=1)
    offset = -int(wrong.total_seconds() * 1000) if measured else None
    world.clock.shift(hours=3)
    by_the_phone = {"occurred_at": (seen_at + wrong).isoformat(), "clock_offset_ms": offset}
    visit = bob.entry("visit_logged", SEEN, client=kari, **by_the_phone)
    answer = bob.sync(visit, sent_at=(world.clock.now() + wrong).isoformat())
    assert answer["results"][0]["verdict"] == "accepted"
    assert due_at(bob, kari) <= seen_at + dt.timedelta(hours=24, seconds=5)
    world.clock.move_to(seen_at + dt.timedelta(hours=24, minutes=1))
    world.tick()
    bob.sign_in()
    assert [one["client_id"] for one in bob.alerts()] == [kari]


@pytest.mark.parametrize("wrong", [YEAR, -YEAR], ids=["a year fast", "a year slow"])
def test_a_wrong_phone_clock_makes_no_acknowledgement_last_longer(
    world: World, bob: Person, wrong: dt.timedelta
) -> None:
    bob.register("Kari")
    world.clock.shift(hours=25)
    world.tick()
    bob.sign_in()
    (alert,) = bob.alerts()
    taken = bob.entry("alert_acknowledged", {"alert_id": alert["id"]}, clock_offset_ms=None)
    taken["occurred_at"] = (world.clock.now() + wrong).isoformat()
    bob.sync(taken, sent_at=(world.clock.now() + wrong).isoformat())
    world.clock.shift(minutes=61)
    world.tick()
    assert [one["owner"] for one in bob.alerts()] == [None]


def test_angre_on_a_client_who_is_overdue_lets_the_alert_come_again(world: World, bob: Person) -> None:
    kari = bob.register("Kari")
    world.clock.shift(hours=25)
    world.tick()
    bob.sign_in()
    (first,) = bob.alerts()
    for _ in range(2):
        visit = bob.log("visit_logged", SEEN, client=kari)
        assert bob.alerts() == []
        bob.log("entry_corrected", {"entry_id": visit["id"], "what": "retracted", "reason": "angret"}, client=kari)
        world.tick()
        (again,) = bob.alerts()
        assert again["id"] != first["id"]
        assert again["due_at"] == first["due_at"]


def test_a_visit_written_about_the_wrong_client_lets_the_right_clock_run_out(world: World, bob: Person) -> None:
    kari = bob.register("Kari")
    world.clock.shift(hours=10)
    visit = bob.log("visit_logged", SEEN, client=kari)
    world.clock.shift(hours=13)
    bob.sign_in()
    bob.log("entry_corrected", {"entry_id": visit["id"], "what": "wrong_client", "reason": "feil"}, client=kari)
    assert ("entry", visit["id"]) not in bob.pull()
    world.clock.shift(hours=2)
    world.tick()
    assert [one["client_id"] for one in bob.alerts()] == [kari]


@pytest.mark.parametrize(
    ("seen", "due"),
    [
        ("2026-10-24T12:30:00+02:00", "2026-10-25T11:30:00+01:00"),
        ("2027-03-27T12:30:00+01:00", "2027-03-28T13:30:00+02:00"),
    ],
    ids=["an hour twice", "an hour missing"],
)
def test_24_hours_are_24_hours_also_when_norway_moves_its_clocks(
    world: World, bob: Person, seen: str, due: str
) -> None:
    seen_at = dt.datetime.fromisoformat(seen)
    world.clock.move_to(seen_at - dt.timedelta(hours=2))
    bob.sign_in()
    kari = bob.register("Kari")
    world.clock.move_to(seen_at + dt.timedelta(seconds=1))
    bob.log("visit_logged", SEEN, client=kari, at=seen_at)
    assert due_at(bob, kari) == dt.datetime.fromisoformat(due)


@pytest.mark.parametrize("night", [dt.date(2026, 10, 24), dt.date(2027, 3, 27)], ids=["25 hours", "23 hours"])
def test_a_night_shift_over_the_change_of_clocks_ends_at_half_past_seven_on_the_wall(
    world: World, bob: Person, night: dt.date
) -> None:
    evening = dt.datetime.combine(night, dt.time(22, 45), OSLO)
    world.clock.move_to(evening)
    bob.sign_in()
    kari = bob.register("Kari")
    agreed = {"mode": "each_shift", "shifts": ["night"], "reason": "avtalt"}
    bob.log("watch_set", agreed, client=kari)
    morning = dt.datetime.combine(night + dt.timedelta(days=1), dt.time(7, 30), OSLO)
    assert due_at(bob, kari) == morning
    world.clock.move_to(morning + dt.timedelta(minutes=1))
    world.tick()
    assert [one["client_id"] for one in bob.alerts()] == [kari]


def test_the_next_check_is_the_same_whatever_came_first(world: World, bob: Person) -> None:
    """An alert ended without a time is looked at again after one interval, also when the agreement arrives later."""
    late, early = bob.register("Kari"), bob.register("Even")
    world.clock.shift(hours=25)
    world.tick()
    bob.sign_in()
    alerts = {one["client_id"]: one["id"] for one in bob.alerts()}
    now = world.clock.now()

    def entries(client: str) -> list[dict]:
        agreed = {"mode": "interval", "interval_minutes": 120, "reason": "avtalt"}
        ended = {"alert_id": alerts[client], "reason": "ikke funnet"}
        return [
            bob.entry("watch_set", agreed, client=client, at=now - dt.timedelta(minutes=30)),
            bob.entry("alert_resolved", ended, client=client, at=now - dt.timedelta(minutes=10)),
        ]

    bob.sync(*entries(early))
    bob.sync(*reversed(entries(late)))
    assert due_at(bob, late) == due_at(bob, early)


FIRST_REQUESTS_TOGETHER = """
import os, sys, threading
import msgspec
from fieldapp.app import create_app
from fieldapp.config import Settings

def below(parent):
    for kind in parent.__subclasses__():
        yield kind
        yield from below(kind)

def read():
    for kind in kinds:
        together.wait()
        try:
            msgspec.convert(dict.fromkeys(kind.__struct_fields__, 1), kind)
        except msgspec.ValidationError:
            pass

create_app(Settings.from_env(os.environ))
kinds = list(below(msgspec.Struct))
assert len(kinds) > 50
sys.setswitchinterval(1e-6)
together = threading.Barrier(8, timeout=120)
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not together.broken
"""


@pytest.mark.engines("sqlite")
def test_the_first_requests_may_all_come_at_once(settings: Settings) -> None:
    """Two threads that let msgspec read the same type for the first time could take the whole process along; without
    what `create_app` does about it, three of four runs of this die."""
    env = os.environ | {
        "FIELDAPP_DATABASE_URL": settings.database_url,
        "FIELDAPP_DATA_DIR": str(settings.data_dir),
        "FIELDAPP_SECRET_KEY": settings.secret_key,
        "FIELDAPP_PUBLIC_URL": settings.public_url,
    }
    for _ in range(2):
        command = [sys.executable, "-c", FIRST_REQUESTS_TOGETHER]
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, timeout=300)
        assert done.returncode == 0, done.stderr.decode()
