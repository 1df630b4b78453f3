"""The steps of a check on an alert: shared by everybody who sees it, whatever phone they were tapped on."""

import uuid
from dataclasses import dataclass

import pytest

from tests._world import Person, World


@dataclass
class Check:
    """Kari's clock has run out; Bob and Cato of the team go to look, Dina is of another."""

    world: World
    bob: Person
    cato: Person
    dina: Person
    kari: str
    alert: str


@pytest.fixture
def check(world: World) -> Check:
    team, other = world.team(), world.team()
    bob, cato = world.staff("leader", team, name="Bob"), world.staff("fieldworker", team, name="Cato")
    dina = world.staff("leader", other, name="Dina")
    kari = bob.register("Kari")
    world.clock.shift(hours=25)
    world.tick()
    for person in (bob, cato, dina):
        person.sign_in()
    return Check(world, bob, cato, dina, kari, bob.alerts()[0]["id"])


def test_a_step_is_on_every_phone_that_sees_the_alert(check: Check) -> None:
    entry = check.bob.log("check_step_logged", {"alert_id": check.alert, "step": "rang"}, client=check.kari)
    found = check.cato.pull()["entry", entry["id"]]
    assert (found["client_id"], found["body"]["step"], found["degree"]) == (check.kari, "rang", "none")
    assert ("entry", entry["id"]) not in check.dina.pull()


def test_it_names_neither_client_nor_team_and_is_shared_all_the_same(check: Check) -> None:
    entry = check.bob.log("check_step_logged", {"alert_id": check.alert, "step": "phoned"}, team_id=None)
    assert check.cato.pull()["entry", entry["id"]]["client_id"] == check.kari


def test_a_step_does_not_stop_the_clock(check: Check) -> None:
    check.bob.log("check_step_logged", {"alert_id": check.alert, "step": "called_out"}, client=check.kari)
    assert check.bob.alerts()[0]["state"] == "open"


def test_the_office_shows_the_steps_and_logs_them(check: Check) -> None:
    check.cato.log("check_step_logged", {"alert_id": check.alert, "step": "asked_base"}, client=check.kari)
    page = f"/kontor/varsler/{check.alert}"
    answer = check.bob.http.post(f"{page}/steg", data={"step": "left_note", "note": "under døra"})
    assert answer.status_code == 303
    text = check.bob.get(page).text
    assert "Spurte basen" in text
    assert "La igjen lapp" in text
    assert "under døra" in text


def test_it_is_not_refused_for_lost_sight_of_the_client(check: Check) -> None:
    other = check.world.team()
    last = {"team_id": check.cato.teams[0].id, "from_on": "2026-11-01", "to_on": "2026-11-23"}
    check.bob.log("client_team_set", {"team_id": other.id, "from_on": "2026-11-01"}, client=check.kari)
    check.bob.log("client_team_set", last, client=check.kari)
    assert check.cato.alerts() == []
    entry = check.cato.log("check_step_logged", {"alert_id": check.alert, "step": "waited"}, client=check.kari)
    assert ("entry", entry["id"]) not in check.cato.pull()
    check.world.staff("fieldworker", other, name="Eva").pull()["entry", entry["id"]]


def test_whoever_never_saw_it_is_told_what_is_told_of_a_missing_one(check: Check) -> None:
    verdicts = [
        check.dina.judged("check_step_logged", {"alert_id": alert, "step": "rang"})
        for alert in (check.alert, str(uuid.uuid4()))
    ]
    assert {(one["code"], one["field"]) for one in verdicts} == {("unknown_reference", "body.alert_id")}


def test_a_step_beside_a_colleague_in_need_is_their_teams(world: World) -> None:
    team, other = world.team(), world.team()
    bob, cato = world.staff("leader", team), world.staff("fieldworker", team)
    dina = world.staff("fieldworker", other)
    kari = bob.register("Kari")
    bob.log("client_team_set", {"team_id": other.id, "from_on": "2026-11-20"}, client=kari)
    help_ = bob.log("help_requested", {}, client=kari, team_id=team.id)
    alert = next(one for one in cato.alerts() if one["kind"] == "staff_help")
    assert help_["client_id"] == kari
    step = cato.log("check_step_logged", {"alert_id": alert["id"], "step": "phoned"})
    assert ("entry", step["id"]) in bob.pull()
    assert ("entry", step["id"]) not in dina.pull()
