"""Nødtilgang: who is found, what is told to whom, and how it ends by itself."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from fieldapp.models import AccessGrant, EmergencyAsked, Notification
from tests._push_service import PushService
from tests._world import Person, TeamOfWorld, World

pytestmark = pytest.mark.engines("sqlite")

PATH = "/api/access/emergency"
SEEN = {"outcome": "seen", "place": "home"}
KARI = {"name": "Kari Nordmann", "birth_year": 1980, "reason": "Hun er funnet bevisstløs"}


@dataclass
class Town:
    """Alice leads Nord, which follows Kari; Bob works in Sør, which Dina leads. Petra is privacy."""

    world: World
    north: TeamOfWorld
    south: TeamOfWorld
    alice: Person
    bob: Person
    dina: Person
    petra: Person
    kari: str

    def told(self) -> list[str]:
        with self.world.database.reading() as session:
            ids = session.scalars(select(Notification.staff_id).where(Notification.kind == "access")).all()
        return sorted(
            one.name for one in (self.alice, self.bob, self.dina, self.petra) for id_ in ids if str(id_) == one.id
        )


@pytest.fixture
def town(world: World) -> Town:
    north, south = world.team("Nord"), world.team("Sør")
    alice, dina = world.staff("leader", north, name="Alice"), world.staff("leader", south, name="Dina")
    bob, petra = world.staff("fieldworker", south, name="Bob"), world.staff("privacy", name="Petra")
    kari = alice.register("Kari Nordmann", north, birth_year=1980)
    alice.log("visit_logged", SEEN | {"note": "hemmelig"}, client=kari)
    return Town(world, north, south, alice, bob, dina, petra, kari)


def ask(person: Person, **given: object):
    return person.post(PATH, KARI | given)


def test_exactly_one_person_is_shown_for_an_hour_in_office_and_on_the_phone(town: Town) -> None:
    town.bob.pull()
    assert town.bob.get(f"/kontor/bruker/{town.kari}").status_code == 404
    answer = ask(town.bob)
    assert answer.status_code == 200
    assert set(answer.get_json()) == {"client_id", "until_at"}
    assert answer.get_json()["client_id"] == town.kari
    assert town.bob.get(f"/kontor/bruker/{town.kari}").status_code == 200
    town.bob.pull()
    assert "hemmelig" in str(town.bob.replica)
    town.world.clock.shift(minutes=61)  # with no worker at work
    assert town.bob.get(f"/kontor/bruker/{town.kari}").status_code == 404
    assert town.bob.get(f"/api/clients/{town.kari}/entries").status_code == 404
    town.bob.pull()
    assert town.kari not in str(town.bob.replica)
    town.bob.cursor = None
    town.bob.pull()
    assert town.kari not in str(town.bob.replica)


def test_what_stood_in_the_clients_record_goes_with_it(town: Town) -> None:
    karin = town.alice.register("Karin N", town.north)
    town.alice.log("client_merged", {"into_client_id": town.kari, "reason": "samme person"}, client=karin)
    town.bob.pull()
    assert ask(town.bob).status_code == 200
    assert town.bob.pull()["client", karin] == {"id": karin, "merged_into": town.kari}
    town.world.clock.shift(minutes=61)
    town.bob.pull()
    assert karin not in str(town.bob.replica)


def test_it_lasts_an_hour_at_most(town: Town) -> None:
    ask(town.bob)
    with town.world.database.reading() as session:
        grant = session.scalars(select(AccessGrant)).one()
        assert (grant.until_at - grant.from_at).total_seconds() == 3600
        assert grant.ground == "emergency"


@pytest.mark.parametrize("name", ["kari nordmann", "KARI  NORDMANN", "Kári Nordmann"])
def test_the_name_is_folded_and_whole(town: Town, name: str) -> None:
    assert ask(town.bob, name=name).status_code == 200


@pytest.mark.parametrize(
    "given",
    [{"name": "Kari"}, {"name": "Nordmann"}, {"name": "Kari Nord"}, {"birth_year": 1981}, {"name": "Ola Nordmann"}],
)
def test_what_is_not_whole_finds_nobody(town: Town, given: dict) -> None:
    answer = ask(town.bob, **given)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


def test_two_of_one_name_and_year_are_nobody_and_a_forbidden_one_is_not_counted(town: Town) -> None:
    other = town.alice.register("Kari Nordmann", town.north, birth_year=1980)
    assert ask(town.bob).status_code == 404
    town.alice.log("staff_blocked", {"staff_id": town.bob.id, "reason": "familie"}, client=other)
    assert ask(town.bob).get_json()["client_id"] == town.kari


def test_a_block_defeats_it_and_looks_like_nobody(town: Town) -> None:
    town.alice.log("staff_blocked", {"staff_id": town.bob.id, "reason": "familie"}, client=town.kari)
    forbidden, missing = ask(town.bob), ask(town.bob, name="Ola Nordmann")
    assert (forbidden.status_code, forbidden.data) == (missing.status_code, missing.data) == (404, missing.data)
    assert town.told() == ["Dina", "Dina"], "and is told in the same way"
    assert "Kari Nordmann" in town.dina.get("/kontor/nodtilgang/spurt").text


def test_a_block_during_it_ends_it_at_once(town: Town) -> None:
    ask(town.bob)
    town.bob.pull()
    town.alice.log("staff_blocked", {"staff_id": town.bob.id, "reason": "familie"}, client=town.kari)
    assert town.bob.get(f"/kontor/bruker/{town.kari}").status_code == 404
    town.world.clock.shift(minutes=61)
    town.bob.pull()
    assert town.kari not in str(town.bob.replica)


def test_hits_and_misses_count_alike_and_both_wait_afterwards(town: Town) -> None:
    assert [ask(town.bob).status_code, ask(town.bob, name="Ola Hansen").status_code, ask(town.bob).status_code] == [
        200, 404, 200,
    ]  # fmt: skip
    for given in ({}, {"name": "Ola Hansen"}):
        answer = ask(town.bob, **given)
        assert (answer.status_code, answer.get_json()["code"]) == (429, "slow_down")
        assert 0 < int(answer.headers["Retry-After"]) <= 3600
    town.world.clock.shift(minutes=61)
    assert [ask(town.bob).status_code for _ in range(4)] == [200, 200, 200, 429]
    town.world.clock.shift(minutes=61)
    assert ask(town.bob).status_code == 429, "six a day"
    town.bob.sign_in()
    town.world.clock.shift(hours=23)
    town.bob.sign_in()
    assert ask(town.bob).status_code == 200


def test_what_cannot_be_read_counts_for_nothing_and_names_the_field(town: Town) -> None:
    for given, field in (({"name": " "}, "name"), ({"reason": ""}, "reason"), ({"birth_year": "80"}, "birth_year")):
        answer = ask(town.bob, **given)
        assert (answer.status_code, answer.get_json()["code"], answer.get_json()["field"]) == (
            422,
            "invalid_field",
            field,
        )
    with town.world.database.reading() as session:
        assert session.scalars(select(EmergencyAsked)).all() == []


@pytest.mark.parametrize("role", ["peer", "landlord", "privacy", "admin"])
def test_only_those_who_follow_up_ask(town: Town, role: str) -> None:
    assert ask(town.world.staff(role, town.south)).status_code == 403


def test_the_askers_leader_and_the_clients_are_told_at_once_with_constant_words(
    town: Town, push_service: PushService
) -> None:
    phones = town.alice.subscribe(push_service), town.dina.subscribe(push_service)
    ask(town.bob)
    town.world.tick()
    for phone in phones:
        (message,) = push_service.messages(phone)
        assert message.json["notification"]["title"] == "Nødtilgang i Sett"
        assert "Kari" not in str(message.json)
        assert town.kari not in str(message.json)
    page = town.dina.get("/kontor/nodtilgang/spurt").text
    assert "Bob" in page
    assert "bevisstløs" in page
    assert f"/kontor/bruker/{town.kari}" not in page, "a leader of another team does not see the client by that"
    assert f"/kontor/bruker/{town.kari}" in town.alice.get("/kontor/nodtilgang/spurt").text


def test_a_miss_is_told_to_the_askers_leader(town: Town) -> None:
    ask(town.bob, name="Ola Hansen")
    assert town.told() == ["Dina"]
    page = town.dina.get("/kontor/nodtilgang/spurt").text
    assert "Ola Hansen" in page
    assert "fant ingen" in page


def test_a_leaders_own_is_told_to_privacy(town: Town) -> None:
    ask(town.dina, name="Ola Hansen")
    assert town.told() == ["Petra"]
    assert "Ola Hansen" in town.petra.get("/kontor/nodtilgang/spurt").text


def test_a_leader_whom_the_client_is_hidden_from_is_told_of_a_miss(town: Town) -> None:
    town.alice.log("staff_blocked", {"staff_id": town.dina.id, "reason": "familie"}, client=town.kari)
    ask(town.bob)
    page = town.dina.get("/kontor/nodtilgang/spurt").text
    assert "fant ingen" in page
    assert town.kari not in page


def test_others_do_not_read_what_was_asked(town: Town) -> None:
    ask(town.bob)
    assert town.bob.get("/kontor/nodtilgang/spurt").status_code == 403
    elsewhere = town.world.staff("leader", town.world.team())
    assert "Bob" not in elsewhere.get("/kontor/nodtilgang/spurt").text


def test_while_it_lasts_they_log_and_steer_nothing(town: Town) -> None:
    ask(town.bob)
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    town.alice.pull()
    assert ("entry", visit["id"]) in town.alice.replica
    for type_, body in (
        ("client_updated", {"base_seq": 0, "fields": {"alias": "x"}}),
        ("contact_interval_set", {"days": 7}),
        ("follow_up_ended", {"reason": "other"}),
    ):
        refused = town.bob.judged(type_, body, client=town.kari)
        assert refused["code"] == "not_permitted", type_


def test_what_was_logged_in_that_hour_and_comes_later_is_taken(town: Town) -> None:
    ask(town.bob)
    in_time = town.bob.entry("visit_logged", SEEN, client=town.kari)
    town.world.clock.shift(minutes=90)
    after = town.bob.entry("visit_logged", SEEN, client=town.kari)
    assert [one["verdict"] for one in town.bob.sync(in_time, after)["results"]] == ["accepted", "rejected"]


def test_an_alert_they_have_taken_climbs_when_it_ends(town: Town, push_service: PushService) -> None:
    town.alice.log("concern_raised", {"reason": "uro", "urgency": "now"}, client=town.kari)
    ask(town.bob)
    (alert,) = town.bob.alerts()
    town.bob.log("alert_acknowledged", {"alert_id": alert["id"]})
    assert town.alice.alerts()[0]["owner"] == town.bob.id
    town.world.clock.shift(minutes=61)
    town.world.tick()
    assert town.alice.alerts()[0]["owner"] is None
    assert town.bob.alerts() == []


def test_the_form_at_the_office_asks_the_same(town: Town) -> None:
    sent = {"name": "Kari Nordmann", "birth_year": "1980", "reason": "Hun er funnet bevisstløs"}
    miss = town.bob.http.post("/kontor/nodtilgang", data=sent | {"name": "Ola"})
    assert (miss.status_code, "Fant ikke én bruker" in miss.text, "bevisstløs" in miss.text) == (404, True, True)
    hit = town.bob.http.post("/kontor/nodtilgang", data=sent)
    assert hit.status_code == 303
    page = town.bob.get(hit.location)
    assert "Kari Nordmann" in page.text
    assert "Nødtilgang:" in page.text
    town.bob.http.post("/kontor/nodtilgang", data=sent)
    assert town.bob.http.post("/kontor/nodtilgang", data=sent).status_code == 429


def test_a_grant_changed_by_hand_is_found(town: Town) -> None:
    from sqlalchemy import text

    from fieldapp.services.operations.verify_rows import broken_seals

    ask(town.bob)
    with town.world.database.transaction() as session:
        assert list(broken_seals(session, [])) == []
        session.execute(text("UPDATE access_grant SET until_at = '2036-01-01 00:00:00.000000'"))
        assert [found for found in broken_seals(session, []) if "access_grant" in found]


def test_nobody_is_found_who_is_not_followed_up(town: Town) -> None:
    town.alice.log("follow_up_ended", {"reason": "moved"}, client=town.kari)
    assert ask(town.bob).status_code == 404
