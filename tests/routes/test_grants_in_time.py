"""Access in time: a client shared until a date, a vikar for one shift, a student with a veileder; and what ends."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass

import pytest

from fieldapp.services.people import accounts, grants, staffing
from tests._client import CheckedClient
from tests._world import Person, TeamOfWorld, World

pytestmark = pytest.mark.engines("sqlite")

SEEN = {"outcome": "seen", "place": "home"}


@dataclass
class Town:
    """Alice leads Nord, where Bob works; Cato works in Sør."""

    world: World
    north: TeamOfWorld
    south: TeamOfWorld
    alice: Person
    bob: Person
    cato: Person
    kari: str

    def share(self, who: Person, day: str = "2026-11-30", by: Person | None = None):
        sent = {"username": who.username, "until_on": day, "reason": "samarbeid om bolig"}
        return (by or self.alice).http.post(f"/kontor/bruker/{self.kari}/tilgang/del", data=sent)


@pytest.fixture
def town(world: World) -> Town:
    north, south = world.team("Nord"), world.team("Sør")
    alice, bob = world.staff("leader", north, name="Alice"), world.staff("fieldworker", north, name="Bob")
    cato = world.staff("fieldworker", south, name="Cato")
    return Town(world, north, south, alice, bob, cato, alice.register("Kari Nordmann", north))


def sees(person: Person, client: str) -> tuple[bool, bool]:
    person.pull()
    return ("client", client) in person.replica, person.get(f"/kontor/bruker/{client}").status_code == 200


def test_a_client_is_shared_with_one_colleague_until_the_end_of_a_day(town: Town) -> None:
    town.cato.pull()
    assert town.share(town.cato).status_code == 303
    assert sees(town.cato, town.kari) == (True, True)
    town.cato.log("visit_logged", SEEN, client=town.kari)
    town.world.clock.move_to(dt.datetime(2026, 11, 30, 22, 50, tzinfo=dt.UTC))
    town.cato.sign_in()
    assert sees(town.cato, town.kari) == (True, True)
    town.world.clock.shift(minutes=11)
    assert sees(town.cato, town.kari) == (False, False)


def test_it_is_ended_before_its_time(town: Town) -> None:
    town.share(town.cato)
    assert sees(town.cato, town.kari) == (True, True)
    page = town.alice.get(f"/kontor/bruker/{town.kari}/tilgang").text
    (path,) = re.findall(r'action="(/kontor/bruker/[^"]*/avslutt/[^"]*)"', page)
    assert town.cato.http.post(path).status_code == 403
    assert town.alice.http.post(path).status_code == 303
    assert sees(town.cato, town.kari) == (False, False)
    assert town.alice.http.post(path).status_code == 404


def test_only_a_leader_of_a_team_that_follows_shares(town: Town) -> None:
    assert town.share(town.cato, by=town.bob).status_code == 403
    assert town.share(town.cato, by=town.world.staff("leader", town.south)).status_code == 404
    assert town.share(town.cato, by=town.world.staff("privacy")).status_code == 403
    assert sees(town.cato, town.kari) == (False, False)


@pytest.mark.parametrize("role", ["peer", "landlord", "privacy", "admin"])
def test_it_is_not_shared_with_those_who_may_not_have_it(town: Town, role: str) -> None:
    assert town.share(town.world.staff(role, town.south)).status_code == 422


def test_sharing_with_a_blocked_colleague_says_no_more_than_any_refusal(town: Town) -> None:
    town.alice.log("staff_blocked", {"staff_id": town.cato.id, "reason": "familie"}, client=town.kari)
    refused = town.share(town.cato)
    other = town.share(town.world.staff("peer", town.south))
    sentence = "Brukeren kan ikke deles med denne kollegaen."
    assert (refused.status_code, sentence in refused.text, sentence in other.text) == (422, True, True)
    assert sees(town.cato, town.kari) == (False, False)


@pytest.mark.parametrize("day", ["2026-11-22", "2027-06-01"])
def test_the_day_lies_within_three_months(town: Town, day: str) -> None:
    assert town.share(town.cato, day).status_code == 422


def test_shared_it_still_rings_the_teams_that_follow_alone(town: Town) -> None:
    town.share(town.cato)
    town.cato.log("concern_raised", {"reason": "uro", "urgency": "now"}, client=town.kari)
    (alert,) = town.bob.alerts()
    assert alert["team_id"] == town.north.id


def take_on(person: Person, team: TeamOfWorld, **given: str):
    return person.http.post(f"/kontor/team/{team.id}/vikar", data={"name": "Vera Vikar", "phone": "40000000"} | given)


def enrolled(town: Town, answer) -> CheckedClient:
    """Somebody who has chosen a password with what stood on the screen."""
    username, code = re.search(r"\((vikar-\w+|student-\w+)\)", answer.text)[1], code_in(answer)
    http = CheckedClient.of(town.world.app)
    told = {"username": username, "code": code, "password": "en lang setning om havet"}
    assert http.post("/api/enrolment", json=told).status_code == 200
    return http


def code_in(answer) -> str:
    return re.search(r'class="code-text">([A-Z0-9-]+)<', answer.text)[1]


def test_whoever_is_on_duty_takes_on_a_vikar_with_a_name_and_a_number(town: Town) -> None:
    vera = enrolled(town, take_on(town.bob, town.north))
    assert vera.get(f"/kontor/bruker/{town.kari}").status_code == 200
    assert "Vera Vikar" in town.alice.get("/kontor/team").text


def test_the_vikars_access_ends_by_itself(town: Town) -> None:
    vera = enrolled(town, take_on(town.bob, town.north))
    town.world.clock.shift(hours=10, seconds=1)  # before the worker has come by
    assert vera.get(f"/kontor/bruker/{town.kari}").status_code == 404
    assert vera.get("/api/alerts").get_json() == {"alerts": []}
    with town.world.database.transaction() as session:
        assert grants.any_due(session, town.world.clock.now())
        assert grants.end_due(session, town.world.clock.now()) == 1
    answer = vera.get("/api/session")
    assert (answer.status_code, answer.get_json().get("ended")) == (401, True)
    town.alice.sign_in()
    assert "Vera Vikar" not in town.alice.get("/kontor/team").text


def test_it_ends_with_the_shift_where_the_list_says_when_that_is(town: Town) -> None:
    now = town.world.clock.now()
    ends = now + dt.timedelta(hours=3)
    duty = {"team_id": town.north.id, "staff_id": town.bob.id, "duty": "duty"}
    town.alice.log("duty_set", duty | {"from_at": now.isoformat(), "to_at": ends.isoformat()})
    vera = enrolled(town, take_on(town.bob, town.north))
    town.world.clock.shift(hours=2, minutes=59)
    assert vera.get(f"/kontor/bruker/{town.kari}").status_code == 200
    town.world.clock.shift(minutes=2)
    assert vera.get(f"/kontor/bruker/{town.kari}").status_code == 404


def test_who_is_not_on_duty_or_not_of_the_team_takes_on_nobody(town: Town) -> None:
    now = town.world.clock.now()
    duty = {"team_id": town.north.id, "staff_id": town.alice.id, "duty": "duty", "from_at": now.isoformat()}
    town.alice.log("duty_set", duty | {"to_at": (now + dt.timedelta(hours=3)).isoformat()})
    assert take_on(town.bob, town.north).status_code == 403
    assert take_on(town.cato, town.north).status_code == 404
    assert take_on(town.alice, town.north, phone="").status_code == 422
    assert take_on(town.alice, town.north, phone="x").status_code == 422


def test_a_student_has_a_named_veileder_on_each_entry(town: Town) -> None:
    sent = {"name": "Siri Student", "supervisor_id": town.bob.id, "until_on": "2026-12-18"}
    path = f"/kontor/team/{town.north.id}/student"
    assert town.bob.http.post(path, data=sent).status_code == 403
    assert town.alice.http.post(path, data=sent | {"supervisor_id": town.cato.id}).status_code == 422
    siri = enrolled(town, town.alice.http.post(path, data=sent))
    device = str(uuid.uuid4())
    siri.post("/api/devices", json={"device_id": device})
    entry = town.bob.entry("visit_logged", SEEN, client=town.kari)
    request = town.bob.sync_request(entry, device_id=device, cursor=None)
    assert siri.post("/api/sync", json=request).get_json()["results"][0]["verdict"] == "accepted"
    assert "Siri Student (veileder: Bob)" in town.alice.get(f"/kontor/bruker/{town.kari}").text


def test_a_changed_team_and_an_ended_account_count_from_the_next_request(town: Town) -> None:
    town.bob.pull()
    with town.world.database.transaction() as session:
        staffing.edit_person(
            session, uuid.UUID(town.bob.id), name="Bob", role="fieldworker", title="",
            team_ids=[uuid.UUID(town.south.id)], now=town.world.clock.now(),
        )  # fmt: skip
    assert town.bob.get(f"/kontor/bruker/{town.kari}").status_code == 404
    assert sees(town.bob, town.kari) == (False, False)
    with town.world.database.transaction() as session:
        accounts.end_staff(session, town.bob.username, town.world.clock.now())
    for answer in (town.bob.get("/api/alerts"), town.bob.post("/api/sync", town.bob.sync_request())):
        assert (answer.status_code, answer.get_json().get("ended")) == (401, True)
    assert town.bob.get("/kontor").status_code == 302
