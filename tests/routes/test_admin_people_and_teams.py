"""`/admin`: people move, change name, role and title; teams are renamed and end; nobody and nothing is left silent."""

import datetime as dt
import re
import uuid

import pytest
from werkzeug.test import TestResponse

from fieldapp.services.entries.sight import turn_dates
from tests._client import CheckedClient
from tests._world import PASSWORD, Person, TeamOfWorld, World


@pytest.fixture
def ada(world: World) -> Person:
    return world.staff("admin", name="Ada", phone=False)


def edit(ada: Person, who: Person, *teams: TeamOfWorld, **form: str) -> TestResponse:
    given = {"name": who.name, "role": "fieldworker", "title": "", "team_id": [team.id for team in teams]}
    return ada.http.post(f"/admin/ansatte/{who.id}", data=given | form)


# --- people -------------------------------------------------------------------------------------------------------


def test_somebody_is_put_into_another_team_and_sees_its_clients_at_once(world: World, ada: Person) -> None:
    north, south = world.team("Nord"), world.team("Sør")
    alice, olga = world.staff("leader", north, name="Alice"), world.staff("leader", south, name="Olga")
    bob = world.staff("fieldworker", north, name="Bob")
    kari, even = alice.register("Kari"), olga.register("Even")
    assert ("client", kari) in bob.pull()
    assert edit(ada, bob, south).status_code == 303
    assert bob.sync()["reset"], "another place sees other things: the phone begins again"
    replica = bob.pull()
    assert ("client", even) in replica
    assert ("client", kari) not in replica
    assert ("team", south.id) in replica
    alice.pull()
    assert alice.replica["staff", bob.id] == {"id": bob.id, "name": "Bob", "team_ids": []}, "no more than his name"
    assert ("staff", bob.id) in olga.pull()


def test_a_phone_whose_person_stays_put_goes_on_where_it_was(world: World, ada: Person) -> None:
    north = world.team("Nord")
    bob = world.staff("fieldworker", north, name="Bob")
    bob.pull()
    edit(ada, bob, north, name="Bob Berg", title="booppfølger")
    answer = bob.sync()
    assert not answer["reset"]
    assert [one["data"]["name"] for one in answer["changes"] if one["kind"] == "staff"] == ["Bob Berg"]
    assert "booppfølger" in ada.get("/admin").text


def test_what_was_logged_before_the_move_is_taken_after_it(world: World, ada: Person) -> None:
    north, south = world.team("Nord"), world.team("Sør")
    alice, bob = world.staff("leader", north, name="Alice"), world.staff("fieldworker", north, name="Bob")
    kari = alice.register("Kari")
    world.clock.shift(hours=1)
    seen = bob.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    street = bob.entry("street_contact_logged", {"place_label": "Kaia", "people": 2})
    world.clock.shift(minutes=30)
    edit(ada, bob, south)
    assert [one["verdict"] for one in bob.sync(seen, street)["results"]] == ["accepted", "accepted"]
    world.clock.shift(minutes=30)
    late = bob.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    off = bob.entry("watch_set", {"mode": "off", "counts": ["seen"], "reason": "x"}, client=kari, at=seen_at(seen))
    assert [one["code"] for one in bob.sync(late, off)["results"]] == ["unknown_reference"] * 2


def seen_at(entry: dict) -> dt.datetime:
    return dt.datetime.fromisoformat(entry["occurred_at"])


def test_the_alerts_of_whoever_leaves_climb_at_once(world: World, ada: Person) -> None:
    north, south = world.team("Nord"), world.team("Sør")
    alice, bob = world.staff("leader", north, name="Alice"), world.staff("fieldworker", north, name="Bob")
    kari = alice.register("Kari")
    alice.log("concern_raised", {"reason": "stille"}, client=kari)
    bob.log("alert_acknowledged", {"alert_id": alice.alerts()[0]["id"]})
    assert alice.alerts()[0]["owner"] == bob.id
    edit(ada, bob, north, south)
    assert alice.alerts()[0]["owner"] == bob.id, "he still sees it"
    edit(ada, bob, south)
    assert (alice.alerts()[0]["owner"], alice.alerts()[0]["state"]) == (None, "open")


def test_another_role_counts_at_once(world: World, ada: Person) -> None:
    north = world.team("Nord")
    alice, bob = world.staff("leader", north, name="Alice"), world.staff("fieldworker", north, name="Bob")
    alice.register("Kari")
    bob.pull()
    edit(ada, bob, north, role="leader")
    assert bob.get("/api/session").get_json()["staff"]["role"] == "leader"
    assert bob.sync()["reset"]
    bob.pull()
    edit(ada, bob, north, role="landlord")
    assert bob.get("/kontor").status_code == 403
    assert bob.sync()["reset"]


@pytest.mark.parametrize(
    ("form", "says"),
    [({"name": " "}, "Må fylles ut."), ({"name": "x" * 101}, "100 tegn"), ({"role": "sjef"}, "Ukjent rolle"),
     ({"title": "t" * 61}, "høyst 60 tegn")],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused_with_what_was_typed(
    world: World, ada: Person, form: dict[str, str], says: str
) -> None:
    north = world.team("Nord")
    bob = world.staff("fieldworker", north, name="Bob")
    refused = edit(ada, bob, north, **form)
    assert refused.status_code == 422
    assert says in refused.text
    assert bob.get("/api/session").get_json()["staff"]["name"] == "Bob"


def test_an_administrator_keeps_her_own_role(ada: Person) -> None:
    refused = edit(ada, ada, role="leader")
    assert refused.status_code == 422
    assert "Du kan ikke endre din egen rolle." in refused.text


def test_who_does_not_exist_or_has_left_is_not_changed(world: World, ada: Person) -> None:
    bob = world.staff("fieldworker", world.team(), name="Bob")
    ada.http.post(f"/admin/ansatte/{bob.id}/avslutt")
    assert edit(ada, bob).status_code == 404
    assert ada.http.post(f"/admin/ansatte/{uuid.uuid4()}", data={"name": "X", "role": "peer"}).status_code == 404


# --- a username that is taken -------------------------------------------------------------------------------------


def add(ada: Person, username: str) -> TestResponse:
    return ada.http.post("/admin/ansatte", data={"name": "Ny Berg", "username": username, "role": "fieldworker"})


def test_the_username_of_somebody_who_left_can_be_freed(world: World, ada: Person) -> None:
    bob = world.staff("fieldworker", world.team("Nord"), name="Bob Dal")
    ada.http.post(f"/admin/ansatte/{bob.id}/avslutt")
    refused = add(ada, bob.username)
    assert refused.status_code == 422
    assert "det hører til Bob Dal, som sluttet 23. nov." in refused.text
    assert "frigi brukernavnet" in refused.text
    freed = ada.http.post(f"/admin/ansatte/{bob.id}/frigi", follow_redirects=True)
    assert "Brukernavnet er fritt." in freed.text
    assert "Bob Dal" in freed.text
    assert add(ada, bob.username).status_code == 200


def test_somebody_who_left_is_brought_back_with_a_code_and_no_old_password(world: World, ada: Person) -> None:
    north = world.team("Nord")
    bob = world.staff("fieldworker", north, name="Bob Dal")
    ada.http.post(f"/admin/ansatte/{bob.id}/avslutt")
    page = ada.http.post(f"/admin/ansatte/{bob.id}/hent-tilbake").text
    code = re.search(r'class="code-text">([^<]+)<', page)
    assert code
    somebody = CheckedClient.of(world.app)
    old = somebody.post("/logg-inn", data={"username": bob.username, "password": PASSWORD})
    assert old.status_code == 401
    entry = {"username": bob.username, "code": code[1], "password": "en lang og god setning"}
    assert somebody.post("/kom-i-gang", data=entry).status_code == 302
    assert [one["id"] for one in somebody.get("/api/session").get_json()["staff"]["teams"]] == [north.id]


def test_nobody_who_works_here_is_freed_or_brought_back(world: World, ada: Person) -> None:
    bob = world.staff("fieldworker", world.team(), name="Bob")
    assert ada.http.post(f"/admin/ansatte/{bob.id}/frigi").status_code == 422
    assert ada.http.post(f"/admin/ansatte/{bob.id}/hent-tilbake").status_code == 422
    assert bob.get("/api/session").status_code == 200


# --- teams --------------------------------------------------------------------------------------------------------


SAME = ("FACT Åsen", "fact åsen", " FACT  Åsen ", "FACT A\u030asen", "FACT\u00a0Åsen", "FACT \u200bÅsen")


@pytest.mark.parametrize("name", SAME)
def test_two_teams_with_one_name_are_refused_however_it_is_typed(world: World, ada: Person, name: str) -> None:
    world.team("FACT Åsen")
    other = world.team("Sør")
    refused = ada.http.post("/admin/team", data={"name": name, "kind": "fact"})
    assert refused.status_code == 422
    assert "Det finnes alt et team som heter FACT Åsen." in refused.text
    renamed = ada.http.post(f"/admin/team/{other.id}", data={"name": name})
    assert renamed.status_code == 422
    assert "Det finnes alt et team som heter FACT Åsen." in renamed.text


def test_a_team_is_renamed_also_to_its_name_in_other_letters(world: World, ada: Person) -> None:
    north = world.team("FACT nord")
    alice = world.staff("leader", north, name="Alice")
    alice.pull()
    assert ada.http.post(f"/admin/team/{north.id}", data={"name": "FACT Nord"}).status_code == 303
    assert "FACT Nord" in alice.get("/kontor/team").text
    assert alice.pull()[("team", north.id)]["name"] == "FACT Nord"
    assert ada.http.post(f"/admin/team/{uuid.uuid4()}", data={"name": "X"}).status_code == 404


def end(ada: Person, team: TeamOfWorld) -> TestResponse:
    return ada.http.post(f"/admin/team/{team.id}/avslutt")


def test_a_team_that_follows_somebody_cannot_end(world: World, ada: Person) -> None:
    north, south = world.team("Nord"), world.team("Sør")
    alice, olga = world.staff("leader", north, name="Alice"), world.staff("leader", south, name="Olga")
    kari = alice.register("Kari L.")
    refused = end(ada, north)
    assert refused.status_code == 422
    assert "Brukere det følger: 1." in refused.text
    assert "Kari" not in refused.text
    form = {"team_id": south.id, "from_on": "2026-11-23", "ends_team_id": north.id, "basis": "same_service"}
    alice.http.post(f"/kontor/bruker/{kari}/team", data=form)
    assert end(ada, north).status_code == 422, "it follows her today"
    world.clock.shift(days=1)
    with world.database.transaction() as session:
        turn_dates(session, world.clock.now())
    for person in (ada, alice, olga):
        token_again(world, person)
    assert end(ada, north).status_code == 303
    assert "Kari L." in olga.get(f"/kontor/bruker/{kari}").text
    assert alice.get("/api/session").get_json()["staff"]["teams"] == []
    page = ada.get("/admin").text
    assert f'value="{north.id}"' not in page, "nobody is put into it any more"
    assert "Nord" in page


def token_again(world: World, person: Person) -> None:
    person.http.post("/api/session", json={"username": person.username, "password": PASSWORD})


def test_what_is_not_over_stands_in_the_way_of_a_teams_end(world: World, ada: Person) -> None:
    north, south = world.team("Nord"), world.team("Sør")
    alice, olga = world.staff("leader", north, name="Alice"), world.staff("leader", south, name="Olga")
    bob = world.staff("fieldworker", north, name="Bob")
    visit = str(uuid.uuid4())
    ends_at = (world.clock.now() + dt.timedelta(hours=1)).isoformat()
    bob.log("visit_started", {"visit_id": visit, "expected_end_at": ends_at})
    assert "1 er ute på besøk." in end(ada, north).text
    bob.log("visit_ended", {"visit_id": visit})
    bob.log("help_requested", {"place_label": "Kaia"})
    assert "Varsler som ikke er avsluttet: 1." in end(ada, north).text
    alice.log("alert_resolved", {"alert_id": alice.alerts()[0]["id"], "outcome": "other", "reason": "ok"})
    hours = {"team_id": south.id, "hours": {"mon": [["08:00", "15:30"]]}, "when_closed": "hand_over"}
    olga.log("team_hours_set", hours | {"to_team_id": north.id})
    assert "Sør overleverer til det når de stenger." in end(ada, north).text
    olga.log("team_hours_set", hours | {"when_closed": "wait"})
    assert end(ada, north).status_code == 303
    assert end(ada, north).status_code == 404


def test_a_client_whose_follow_up_has_ended_is_not_left_to_nobody(world: World, ada: Person) -> None:
    north = world.team("Nord")
    alice = world.staff("leader", north, name="Alice")
    kari = alice.register("Kari")
    alice.log("follow_up_ended", {"reason": "moved"}, client=kari)
    assert "Avsluttede brukere som ingen andre ville sett: 1." in end(ada, north).text


def test_nothing_is_given_to_a_team_that_has_ended(world: World, ada: Person) -> None:
    north, south = world.team("Nord"), world.team("Sør")
    alice, bob = world.staff("leader", south, name="Alice"), world.staff("fieldworker", north, name="Bob")
    kari = alice.register("Kari")
    end(ada, north)
    given = alice.entry("client_team_set", {"team_id": north.id, "from_on": "2026-11-23"}, client=kari)
    assert alice.sync(given)["results"][0]["field"] == "body.team_id"
    assert north.id not in alice.get(f"/kontor/bruker/{kari}").text
    assert north.id not in alice.get(f"/kontor/team/{south.id}/apningstid").text
    assert edit(ada, bob, north).status_code == 422
    assert ada.http.post("/admin/team", data={"name": "Nord", "kind": "fact"}).status_code == 303, "the name is free"


def test_what_was_logged_for_a_team_before_it_ended_is_taken(world: World, ada: Person) -> None:
    north = world.team("Nord")
    bob = world.staff("fieldworker", north, name="Bob")
    street = bob.entry("street_contact_logged", {"place_label": "Kaia", "people": 1})
    world.clock.shift(hours=1)
    end(ada, north)
    assert bob.sync(street)["results"][0]["verdict"] == "accepted"


# --- the alerting -------------------------------------------------------------------------------------------------


def test_the_administrator_sees_that_the_alerting_is_down(world: World, ada: Person) -> None:
    assert "Varslingen i Sett er nede." in ada.get("/admin").text
    world.tick()
    assert "Varslingen i Sett er nede." not in ada.get("/admin").text
    assert "Varslingen i Sett er nede." not in ada.get("/admin/varslingen").text
    world.clock.shift(minutes=2)
    assert "Varslingen i Sett er nede." in ada.get("/admin/varslingen").text
    assert 'hx-get="/admin/varslingen"' in ada.get("/admin").text
