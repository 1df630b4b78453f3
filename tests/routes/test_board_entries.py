"""The entries of a team's board, columns and settings: taken, refused, out of order, corrected, and for whom."""

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from fieldapp.cli import _copies
from fieldapp.models.change import newest_seq
from fieldapp.services.entries.rebuild import rebuild
from fieldapp.services.operations.verify import differences
from tests._sealing import Seal
from tests._world import Person, TeamOfWorld, World

PLACED = {"column": "crisis", "review_on": "2026-12-07", "reasons": ["crisis", "medication"], "goal": "Sove om natta"}


@dataclass
class House:
    world: World
    nord: TeamOfWorld
    sor: TeamOfWorld
    alice: Person
    bob: Person
    charlie: Person
    kari: str
    """Nord's."""

    def cards(self, who: Person | None = None) -> list[dict[str, Any]]:
        replica = (who or self.bob).pull()
        return [data for (kind, _), data in replica.items() if kind == "board" and "column" in data]

    def card(self, who: Person | None = None) -> dict[str, Any]:
        (found,) = self.cards(who)
        return found

    def later(self, minutes: int = 1) -> None:
        self.world.clock.shift(minutes=minutes)

    def is_whole(self) -> None:
        """A rebuild finds the same rows, and `verify` finds nothing; what it computes anew is thrown away."""
        with _copies.scratch(self.world.database) as session:
            assert list(differences(session, self.world.clock.now(), 86_400)) == []


@pytest.fixture
def house(world: World) -> House:
    nord, sor = world.team("Nord"), world.team("Sør")
    alice, bob = world.staff("leader", nord, name="Alice"), world.staff("fieldworker", nord, name="Bob")
    charlie = world.staff("fieldworker", sor, name="Charlie")
    return House(world, nord, sor, alice, bob, charlie, alice.register("Kari", nord))


def code(person: Person, *entry: Any, **envelope: Any) -> tuple[str, str | None]:
    verdict = person.judged(*entry, **envelope)
    return verdict.get("code") or verdict["verdict"], verdict.get("field")


# --- the board ---


def test_who_is_placed_is_up_until_taken_down(house: House) -> None:
    placed = house.bob.log("board_placed", PLACED, client=house.kari)
    card = house.card(house.alice)
    assert (card["id"], card["column"], card["review_on"]) == (placed["id"], "crisis", "2026-12-07")
    assert (card["reasons"], card["goal"]) == (["crisis", "medication"], "Sove om natta")
    assert (card["client_id"], card["team_id"], card["author_id"]) == (house.kari, house.nord.id, house.bob.id)
    since = card["since_at"]
    house.later(60)
    moved = house.alice.log("board_placed", {"column": "tight", "review_on": "2026-12-01"}, client=house.kari)
    card = house.card()
    assert (card["id"], card["entry_id"], card["column"]) == (placed["id"], moved["id"], "tight")
    assert card["since_at"] == since, "moved, they have been up as long"
    assert "goal" not in card, "what is not said again is not there"
    house.later()
    house.alice.log("board_removed", {"reason": "Målet er nådd"}, client=house.kari)
    assert house.cards() == []
    house.is_whole()


def test_the_same_entry_again_is_a_duplicate(house: House) -> None:
    placed = house.bob.log("board_placed", PLACED, client=house.kari)
    assert house.bob.sync(placed)["results"][0]["verdict"] == "duplicate"
    assert len(house.cards()) == 1


def test_it_is_the_same_whatever_order_it_comes_in(house: House) -> None:
    start = house.world.clock.now()
    at = [start - dt.timedelta(hours=hours) for hours in (5, 4, 3, 2)]
    for n, order in enumerate(itertools.permutations(range(4))):
        if n % 5:
            continue
        client = house.alice.register(f"Even {n}", house.nord)
        with_times = [
            house.bob.entry("board_placed", PLACED, client=client, at=at[0]),
            house.bob.entry("board_removed", {}, client=client, at=at[1]),
            house.bob.entry("board_placed", PLACED | {"column": "new"}, client=client, at=at[2]),
            house.bob.entry("board_placed", PLACED | {"column": "away"}, client=client, at=at[3]),
        ]
        for index in order:
            house.bob.sync(with_times[index])
        (card,) = [one for one in house.cards() if one["client_id"] == client]
        assert (card["id"], card["column"]) == (with_times[2]["id"], "away")
        assert dt.datetime.fromisoformat(card["since_at"]) == at[2]
    house.is_whole()


def test_two_who_place_at_once_lose_nothing(house: House) -> None:
    at = house.world.clock.now()
    dora = house.world.staff("leader", house.nord, name="Dora")
    first = house.alice.log("board_placed", PLACED, client=house.kari, at=at)
    second = dora.log("board_placed", PLACED | {"column": "tight"}, client=house.kari, at=at)
    assert house.card()["entry_id"] == max(first["id"], second["id"])
    replica = house.bob.pull()
    assert {("entry", first["id"]), ("entry", second["id"])} <= replica.keys(), "both stand in the history"


def test_a_retraction_gives_the_card_back_as_it_was(house: House) -> None:
    first = house.bob.log("board_placed", PLACED, client=house.kari)
    house.later()
    second = house.bob.log("board_placed", PLACED | {"column": "tight"}, client=house.kari)
    undo = {"what": "retracted", "reason": "angret"}
    house.bob.log("entry_corrected", {"entry_id": second["id"], **undo}, client=house.kari)
    assert (house.card()["entry_id"], house.card()["column"]) == (first["id"], "crisis")
    house.bob.log("entry_corrected", {"entry_id": first["id"], **undo}, client=house.kari)
    assert house.cards() == []
    assert ("board", first["id"]) not in house.alice.pull()
    house.is_whole()


def test_a_correction_moves_the_card(house: House) -> None:
    placed = house.bob.log("board_placed", PLACED, client=house.kari)
    fix = {"entry_id": placed["id"], "what": "text", "reason": "feil kolonne"}
    house.bob.log("entry_corrected", {**fix, "body": {"column": "new"}}, client=house.kari)
    assert house.card()["column"] == "new"
    wrong = house.bob.entry("entry_corrected", {**fix, "body": {"review_on": "i morgen"}}, client=house.kari)
    assert house.bob.sync(wrong)["results"][0]["code"] == "invalid_body"
    house.is_whole()


def test_each_team_has_a_board_of_its_own(house: House) -> None:
    house.alice.log("client_team_set", {"team_id": house.sor.id, "from_on": "2026-11-20"}, client=house.kari)
    house.bob.log("board_placed", PLACED, client=house.kari)
    house.charlie.log("board_placed", PLACED | {"column": "new"}, client=house.kari)
    boards = {card["team_id"]: card["column"] for card in house.cards()}
    assert boards == {house.nord.id: "crisis", house.sor.id: "new"}
    other = code(house.bob, "board_placed", PLACED | {"team_id": house.sor.id}, client=house.kari)
    assert other == ("unknown_reference", "body.team_id"), "nobody places on a board they do not work at"


def test_the_board_of_a_team_that_does_not_follow_is_refused(house: House) -> None:
    both = house.world.staff("leader", house.nord, house.sor, name="Begge")
    wrong = code(both, "board_placed", PLACED | {"team_id": house.sor.id}, client=house.kari)
    assert wrong == ("unknown_reference", "body.team_id")
    assert code(both, "board_placed", PLACED | {"team_id": house.nord.id}, client=house.kari) == ("accepted", None)


def test_who_does_not_follow_neither_places_nor_sees(house: House) -> None:
    assert code(house.charlie, "board_placed", PLACED, client=house.kari) == ("unknown_reference", "client_id")
    house.bob.log("board_placed", PLACED, client=house.kari)
    assert house.cards(house.charlie) == []


@pytest.mark.parametrize("role", ["peer", "landlord"])
def test_a_peer_and_a_landlord_have_no_part_in_it(house: House, role: str) -> None:
    outsider = house.world.staff(role, house.nord, name="Rolf")
    assert code(outsider, "board_placed", PLACED, client=house.kari) == ("not_permitted", None)
    assert code(outsider, "board_removed", {}, client=house.kari) == ("not_permitted", None)
    placed = house.bob.log("board_placed", PLACED, client=house.kari)
    house.alice.log("board_columns_set", columns(house.nord), client=None)
    replica = outsider.pull()
    assert house.cards(outsider) == []
    assert ("entry", placed["id"]) not in replica
    assert ("board", house.nord.id) not in replica


def test_a_blocked_colleague_is_not_told_and_of_code_6_no_phone_is(house: House) -> None:
    house.bob.log("board_placed", PLACED, client=house.kari)
    assert len(house.cards()) == 1
    house.alice.log("staff_blocked", {"staff_id": house.bob.id, "reason": "slekt"}, client=house.kari)
    assert house.cards() == []
    even = house.alice.register("Even", house.nord)
    house.alice.log("board_placed", PLACED, client=even)
    with house.world.database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(even))
    house.alice.log("client_updated", {"base_seq": seq, "fields": {"protected": "code6"}}, client=even)
    house.alice.log("client_access_listed", {"staff_ids": [house.alice.id]}, client=even)
    house.alice.cursor = None
    house.alice.replica.clear()
    assert all(card["client_id"] != even for card in house.cards(house.alice))


def test_a_sealed_placing_is_taken(house: House) -> None:
    entry = house.bob.entry("board_placed", PLACED, client=house.kari)
    assert house.bob.sync(Seal(house.bob).by(house.bob, entry))["results"][0]["verdict"] == "accepted"
    assert house.card()["column"] == "crisis"


def test_a_merged_client_takes_the_card_along_and_back(house: House) -> None:
    even = house.alice.register("Even", house.nord)
    house.bob.log("board_placed", PLACED, client=house.kari)
    said = {"into_client_id": even, "reason": "samme person"}
    merge = house.alice.log("client_merged", said, client=house.kari)
    assert house.card()["client_id"] == even
    house.is_whole()
    house.alice.log("entry_corrected", {"entry_id": merge["id"], "what": "retracted", "reason": "angret"})
    assert house.card()["client_id"] == house.kari
    house.is_whole()


# --- columns ---


def columns(team: TeamOfWorld, *names: str) -> dict[str, Any]:
    named = names or ("Akutt", "Annet")
    return {"team_id": team.id, "columns": [{"key": f"k{n}", "name": name} for n, name in enumerate(named)]}


def columns_of(person: Person, team: TeamOfWorld) -> list[str] | None:
    found = person.pull().get(("board", team.id))
    return [one["name"] for one in found["columns"]] if found else None


def test_the_newest_columns_hold_and_a_retraction_gives_the_usual_ones(house: House) -> None:
    assert columns_of(house.bob, house.nord) is None
    first = house.alice.log("board_columns_set", columns(house.nord))
    late = house.alice.entry("board_columns_set", columns(house.nord, "Gammel"))
    late["occurred_at"] = (house.world.clock.now() - dt.timedelta(hours=2)).isoformat()
    house.alice.sync(late)
    assert columns_of(house.bob, house.nord) == ["Akutt", "Annet"]
    undo = {"what": "retracted", "reason": "angret"}
    for entry in (first, late):
        house.alice.log("entry_corrected", {"entry_id": entry["id"], **undo}, team_id=house.nord.id)
    assert columns_of(house.bob, house.nord) is None
    house.is_whole()


def test_a_leader_of_the_team_sets_them_and_nobody_else(house: House) -> None:
    assert code(house.bob, "board_columns_set", columns(house.nord))[0] == "not_permitted"
    other = code(house.alice, "board_columns_set", columns(house.sor), team_id=house.sor.id)
    assert other[0] == "unknown_reference"


# --- settings ---


def setting(team: TeamOfWorld, key: str, value: str) -> dict[str, Any]:
    return {"team_id": team.id, "key": key, "value": value, "reason": "Nytt"}


def team_of(person: Person, team: TeamOfWorld) -> dict[str, Any]:
    found: dict[str, Any] = person.pull()["team", team.id]
    return found


def test_a_setting_reaches_those_it_is_for(house: House) -> None:
    peer, landlord = house.world.staff("peer", house.nord), house.world.staff("landlord", house.nord)
    house.alice.log("team_setting_set", setting(house.nord, "aat_phone", "55 00 00 01"))
    house.alice.log("team_setting_set", setting(house.nord, "duty_phone", "900 00 000"))
    house.later()
    house.alice.log("team_setting_set", setting(house.nord, "review_days", "7"))
    told = team_of(house.bob, house.nord)
    assert (told["aat_phone"], told["duty_phone"], told["review_days"]) == ("55 00 00 01", "900 00 000", "7")
    assert team_of(peer, house.nord)["duty_phone"] == "900 00 000"
    assert "duty_phone" not in team_of(landlord, house.nord)
    assert "aat_phone" not in team_of(landlord, house.nord)
    house.later()
    house.alice.log("team_setting_set", setting(house.nord, "duty_phone", ""))
    assert team_of(house.bob, house.nord)["duty_phone"] is None
    house.is_whole()


def test_a_setting_is_the_leader_s(house: House) -> None:
    assert code(house.bob, "team_setting_set", setting(house.nord, "review_days", "7"))[0] == "not_permitted"
    assert code(house.alice, "team_setting_set", setting(house.nord, "coffee", "7")) == ("invalid_body", "body.key")
    other = code(house.alice, "team_setting_set", setting(house.sor, "review_days", "7"), team_id=house.sor.id)
    assert other[0] == "unknown_reference"


def test_a_rebuild_finds_the_same(house: House) -> None:
    house.bob.log("board_placed", PLACED, client=house.kari)
    house.alice.log("board_columns_set", columns(house.nord))
    house.alice.log("team_setting_set", setting(house.nord, "review_days", "7"))
    with house.world.database.transaction() as session:
        rebuild(session, house.world.clock.now())
    house.bob.cursor = None
    house.bob.replica.clear()
    assert house.card()["column"] == "crisis"
    assert columns_of(house.bob, house.nord) == ["Akutt", "Annet"]
    assert team_of(house.bob, house.nord)["review_days"] == "7"
