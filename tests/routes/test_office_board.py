"""`/kontor/tavle`: reading and moving a team's board at the office, for whom, and as it stood on an earlier morning."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass

import pytest

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.models.change import newest_seq
from fieldapp.queries import board
from fieldapp.queries.board import Board
from tests._read_log import told
from tests._world import Person, TeamOfWorld, World

PLACED = {"column": "crisis", "review_on": "2026-12-07", "reasons": ["crisis", "medication"], "goal": "Sove om natta"}


@dataclass
class House:
    world: World
    nord: TeamOfWorld
    alice: Person
    bob: Person
    kari: str
    even: str

    def page(self, who: Person | None = None, **query: str) -> str:
        asked = "&".join(f"{name}={value}" for name, value in ({"team": self.nord.id} | query).items())
        answer = (who or self.bob).get(f"/kontor/tavle?{asked}")
        assert answer.status_code == 200
        return answer.text

    def columns(self, text: str) -> dict[str, list[str]]:
        """The names on the page, column by column."""
        parts = re.split(r'data-column="([a-z_0-9-]+)"', text)[1:]
        keys, pages = parts[::2], parts[1::2]
        found = {key: re.findall(r"<h3>[^<]*<a[^>]*>([^<]+)</a>", html) for key, html in zip(keys, pages, strict=True)}
        return {key: names for key, names in found.items() if names}

    def viewer(self, person: Person) -> Viewer:
        teams = frozenset(uuid.UUID(team.id) for team in person.teams)
        return Viewer(uuid.UUID(person.id), "leader", teams)

    def at(self, when: dt.datetime | None = None) -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
        """The board as it is, or was then: by column who, since when, and why."""
        with self.world.database.deciding() as session:
            asked = session, self.viewer(self.alice), uuid.UUID(self.nord.id)
            found: Board = board.board_at(*asked, when) if when else board.team_board(*asked, self.world.clock.now())
        return {
            key: [(card.client, card.since_at.isoformat(), card.reasons) for card in cards]
            for key, cards in found.cards.items()
        } | {"columns": [(one.key, str(one.name), ()) for one in found.columns]}


@pytest.fixture
def house(world: World) -> House:
    nord = world.team("Nord")
    alice, bob = world.staff("leader", nord, name="Alice"), world.staff("fieldworker", nord, name="Bob")
    return House(world, nord, alice, bob, alice.register("Kari Nes", nord), alice.register("Even Li", nord))


def test_the_board_says_who_is_up_and_why_and_who_is_not(house: House) -> None:
    house.bob.log("board_placed", PLACED, client=house.kari)
    house.bob.log("rent_problem_reported", {}, client=house.kari, case=str(uuid.uuid4()))
    house.bob.log("plan_noted", {"kind": "crisis", "green": "Rolig"}, client=house.kari)
    house.world.clock.shift(minutes=2)
    house.bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=house.kari)
    text = house.page()
    assert house.columns(text) == {"crisis": ["Kari Nes"]}
    for words in ("Krise eller forverring", "Sove om natta", "kriseplan: ja", "åpne saker: 1", "depot eller medisin"):
        assert words in text
    assert "Hjemmebesøk, traff" in text
    assert "bør vurderes" not in text
    others = text.split('id="others"')[1]
    assert "Even Li" in others
    assert "Kari Nes" not in others
    house.world.clock.shift(minutes=2)
    house.bob.log("concern_raised", {"reason": "tynn", "urgency": "board"}, client=house.kari)
    assert "bekymring til tavla" in house.page()


def test_somebody_is_put_up_moved_and_taken_down_with_angre(house: House) -> None:
    path = f"/kontor/tavle/bruker/{house.kari}"
    assert house.bob.get(path).status_code == 200
    sent = {"column": "tight", "reason": ["lar", "somatic"], "goal": "Hente selv", "review_on": "2026-12-01"}
    answer = house.bob.http.post(path, data=sent)
    assert answer.status_code == 303
    assert house.columns(house.page()) == {"tight": ["Kari Nes"]}
    moved = house.bob.http.post(f"{path}/flytt", data={"column": "new"})
    assert moved.status_code == 303
    text = house.page()
    assert house.columns(text) == {"new": ["Kari Nes"]}
    assert "Hente selv" in text, "moved, it says what it said"
    (undo,) = re.findall(r"angre=([0-9a-f-]+)", moved.headers["Location"])
    assert house.bob.http.post("/kontor/angre", data={"entry_id": undo, "tilbake": "/kontor/tavle"}).status_code == 303
    assert house.columns(house.page()) == {"tight": ["Kari Nes"]}
    assert house.bob.http.post(f"{path}/ned", data={"reason": "målet er nådd"}).status_code == 303
    assert house.columns(house.page()) == {}
    assert house.bob.http.post(f"{path}/flytt", data={"column": "new"}).status_code == 404, "nobody to move"


def test_a_form_that_is_refused_says_why_and_keeps_what_was_written(house: House) -> None:
    path = f"/kontor/tavle/bruker/{house.kari}"
    sent = {"column": "tight", "reason": ["lar"], "goal": "Hente selv", "review_on": ""}
    answer = house.bob.http.post(path, data=sent)
    assert answer.status_code == 422
    assert "Hente selv" in answer.text
    assert "Må fylles ut." in answer.text
    assert re.search(r'value="lar" checked', answer.text)


def test_a_leader_sets_the_columns_and_what_has_none_is_other(house: House) -> None:
    house.bob.log("board_placed", PLACED, client=house.kari)
    path = f"/kontor/tavle/kolonner/{house.nord.id}"
    names = {"name-0": "Akutt", "key-0": "akutt", "name-1": "Rolig", "key-1": ""}
    assert house.bob.http.post(path, data=names).status_code == 403
    assert house.alice.http.post(path, data={"name-0": " "}).status_code == 422
    assert house.alice.http.post(path, data=names).status_code == 303
    text = house.page()
    assert [word for word in ("Akutt", "Rolig", "Annet") if word not in text] == []
    assert house.columns(text) == {"other": ["Kari Nes"]}


def test_who_does_not_see_the_client_is_not_shown_the_card(house: House) -> None:
    house.alice.log("board_placed", PLACED, client=house.kari)
    assert "Kari Nes" in house.page()
    house.alice.log("staff_blocked", {"staff_id": house.bob.id, "reason": "slekt"}, client=house.kari)
    assert "Kari Nes" not in house.page()
    assert house.bob.get(f"/kontor/tavle/bruker/{house.kari}").status_code == 404
    assert house.bob.http.post(f"/kontor/tavle/bruker/{house.kari}/ned", data={}).status_code == 404
    yesterday = house.page(dag=str(day_of(house.world.clock.now())))
    assert "Kari Nes" not in yesterday
    peer = house.world.staff("peer", house.nord, name="Rolf")
    assert peer.get("/kontor/tavle").status_code == 403
    other = house.world.staff("leader", house.world.team("Sør"), name="Carla")
    assert "Kari Nes" not in other.get(f"/kontor/tavle?team={house.nord.id}").text


def test_of_code_6_the_listed_alone_are_shown_the_card(house: House) -> None:
    house.alice.log("board_placed", PLACED, client=house.kari)
    with house.world.database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(house.kari))
    house.alice.log("client_updated", {"base_seq": seq, "fields": {"protected": "code6"}}, client=house.kari)
    house.alice.log("client_access_listed", {"staff_ids": [house.alice.id]}, client=house.kari)
    assert "Kari Nes" in house.page(house.alice)
    assert "Kari Nes" not in house.page(house.bob)


def test_who_is_not_followed_any_more_is_gone_from_the_board(house: House) -> None:
    house.alice.log("board_placed", PLACED, client=house.kari)
    house.alice.log("follow_up_ended", {"reason": "moved"}, client=house.kari)
    assert "Kari Nes" not in house.page()


def test_an_earlier_morning_equals_the_board_recorded_then(house: House) -> None:
    recorded = {}
    undo = {"what": "retracted", "reason": "angret"}

    def record() -> None:
        house.world.clock.shift(minutes=1)
        recorded[house.world.clock.now()] = house.at()
        house.world.clock.shift(minutes=1)

    record()
    first = house.bob.log("board_placed", PLACED, client=house.kari)
    record()
    house.bob.log("board_placed", PLACED | {"column": "new"}, client=house.even)
    named = {"team_id": house.nord.id, "columns": [{"key": "crisis", "name": "Akutt"}]}
    house.alice.log("board_columns_set", named)
    record()
    fix = {"entry_id": first["id"], "what": "text", "reason": "feil", "body": {"reasons": ["overdose"]}}
    house.bob.log("entry_corrected", fix, client=house.kari)
    record()
    moved = house.alice.log("board_placed", PLACED | {"column": "tight", "reasons": []}, client=house.kari)
    record()
    house.alice.log("entry_corrected", {"entry_id": moved["id"], **undo}, client=house.kari)
    record()
    late = house.world.clock.now() - dt.timedelta(hours=5)
    house.bob.log("board_placed", PLACED | {"column": "away"}, client=house.even, at=late)
    record()
    house.bob.log("board_removed", {}, client=house.kari)
    record()
    for at, then in recorded.items():
        assert house.at(at) == then


def test_the_page_of_an_earlier_morning_has_no_forms(house: House) -> None:
    house.bob.log("board_placed", PLACED, client=house.kari)
    house.world.clock.shift(days=2)
    house.bob.sign_in()
    house.alice.sign_in()
    house.bob.log("board_removed", {}, client=house.kari)
    assert house.columns(house.page()) == {}
    yesterday = day_of(house.world.clock.now()) - dt.timedelta(days=1)
    text = house.page(dag=str(yesterday))
    assert house.columns(text) == {"crisis": ["Kari Nes"]}
    assert "/flytt" not in text
    tomorrow = yesterday + dt.timedelta(days=5)
    assert house.columns(house.page(dag=str(tomorrow))) == {}, "what has not come is not shown"
    assert at_wall_time(yesterday, dt.time(8)) < house.world.clock.now()


def test_cards_are_in_the_read_log(house: House) -> None:
    house.bob.log("board_placed", PLACED, client=house.kari)
    house.page()
    assert any(client == house.kari and "board" in what for _, _, client, what in told(house.world, house.bob))


def test_moving_somebody_is_no_read_of_them(house: House) -> None:
    house.bob.log("board_placed", PLACED, client=house.kari)
    before = len(told(house.world, house.bob))
    moved = house.bob.http.post(f"/kontor/tavle/bruker/{house.kari}/flytt", data={"column": "away"})
    assert moved.status_code == 303
    assert len(told(house.world, house.bob)) == before
