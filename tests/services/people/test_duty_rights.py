"""Who may offer a duty, to whom, and who may answer; and that what is taken back is as if it had not been."""

import uuid
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.services.operations import verify
from tests._world import Person, World


class Team:
    """Alice leads, Bob has Tuesday and Kaia Wednesday."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.team = world.team("FACT Nord")
        self.alice, self.bob, self.kaia = (
            world.staff(role, self.team, name=name)
            for role, name in (("leader", "Alice"), ("fieldworker", "Bob"), ("fieldworker", "Kaia"))
        )
        self.tuesday, self.wednesday = self.duty(self.bob, 24), self.duty(self.kaia, 25)

    def duty(self, person: Person, day: int) -> str:
        times = {"from_at": f"2026-11-{day}T08:00:00+01:00", "to_at": f"2026-11-{day}T16:00:00+01:00"}
        body = {"team_id": self.team.id, "staff_id": person.id, "duty": "duty"} | times
        entry: dict[str, Any] = self.alice.log("duty_set", body)
        return str(entry["id"])

    def offer(self, by: Person, duty_id: str, to: Person, **body: str) -> dict[str, Any]:
        return self.verdict(by, "duty_handed_over", {"duty_id": duty_id, "to_staff_id": to.id} | body)

    def take(self, by: Person, offer: dict[str, Any]) -> dict[str, Any]:
        return self.verdict(by, "duty_taken_over", {"handed_over_id": offer["id"]})

    def undo(self, by: Person, verdict: dict[str, Any]) -> dict[str, Any]:
        body = {"entry_id": verdict["id"], "what": "retracted", "reason": "angret"}
        return self.verdict(by, "entry_corrected", body)

    def verdict(self, by: Person, type_: str, body: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = by.judged(type_, body, team_id=None)
        return answer

    def holders(self) -> tuple[str, str]:
        """Who has the Tuesday and the Wednesday, as a phone sees it."""
        replica = self.alice.pull()
        return tuple(self._name(replica["duty", id_]["staff_id"]) for id_ in (self.tuesday, self.wednesday))  # type: ignore[return-value]

    def _name(self, staff_id: str) -> str:
        return next(person.name for person in (self.alice, self.bob, self.kaia) if person.id == staff_id)


@pytest.fixture
def team(world: World) -> Team:
    return Team(world)


def code(verdict: dict[str, Any]) -> tuple[str | None, str | None]:
    return verdict.get("code"), verdict.get("field")


def test_a_swap_is_offered_and_taken_and_both_phones_see_it(team: Team) -> None:
    offer = team.offer(team.bob, team.tuesday, team.kaia, in_return_for=team.wednesday)
    assert team.kaia.pull()["duty", team.tuesday]["offer"]["in_return_for"] == team.wednesday
    assert team.holders() == ("Bob", "Kaia")
    assert team.take(team.kaia, offer)["verdict"] == "accepted"
    assert team.holders() == ("Kaia", "Bob")
    assert "offer" not in team.kaia.pull()["duty", team.tuesday]


def test_the_entries_of_a_hand_over_reach_the_whole_team(team: Team) -> None:
    offer = team.offer(team.bob, team.tuesday, team.kaia)
    assert team.alice.pull()["entry", offer["id"]]["team_id"] == team.team.id


def test_nobody_offers_what_is_not_theirs_or_out_of_sight(team: Team, world: World) -> None:
    charlie = world.staff("fieldworker", world.team(), name="Charlie")
    lars = world.staff("landlord", team.team, name="Lars")
    rolf = world.staff("peer", team.team, name="Rolf")
    assert code(team.offer(team.kaia, team.tuesday, team.bob)) == ("not_permitted", "body.duty_id")
    assert code(team.offer(team.alice, team.tuesday, team.kaia)) == ("not_permitted", "body.duty_id")
    assert code(team.offer(lars, team.tuesday, team.kaia))[0] == "not_permitted"
    assert code(team.offer(charlie, team.tuesday, team.kaia)) == ("unknown_reference", "body.duty_id")
    assert code(team.offer(team.bob, str(uuid.uuid4()), team.kaia)) == ("unknown_reference", "body.duty_id")
    for stranger in (charlie, lars, rolf):
        assert code(team.offer(team.bob, team.tuesday, stranger)) == ("unknown_reference", "body.to_staff_id")
    assert code(team.offer(team.bob, team.tuesday, team.bob)) == ("invalid_body", "body.to_staff_id")
    mine_back = team.offer(team.bob, team.tuesday, team.alice, in_return_for=team.wednesday)
    assert code(mine_back) == ("unknown_reference", "body.in_return_for")


def test_a_peer_takes_part_once_the_leader_has_put_them_on_the_list(team: Team, world: World) -> None:
    rolf = world.staff("peer", team.team, name="Rolf")
    team.duty(rolf, 27)
    assert team.offer(team.bob, team.tuesday, rolf)["verdict"] == "accepted"


def test_only_the_one_who_was_asked_answers(team: Team, world: World) -> None:
    offer = team.offer(team.bob, team.tuesday, team.kaia)
    charlie = world.staff("fieldworker", world.team(), name="Charlie")
    assert code(team.take(team.alice, offer)) == ("not_permitted", "body.handed_over_id")
    assert code(team.take(team.bob, offer)) == ("not_permitted", "body.handed_over_id")
    assert code(team.take(charlie, offer)) == ("unknown_reference", "body.handed_over_id")
    dawn = world.staff("fieldworker", team.team, name="Dawn")
    assert code(team.undo(dawn, offer))[0] == "not_permitted"


def test_who_was_asked_says_no_and_a_yes_after_that_is_void(team: Team) -> None:
    offer = team.offer(team.bob, team.tuesday, team.kaia)
    assert team.undo(team.kaia, offer)["verdict"] == "accepted"
    assert "offer" not in team.bob.pull()["duty", team.tuesday]
    team.take(team.kaia, offer)
    assert team.holders() == ("Bob", "Kaia")


def test_what_was_taken_over_is_offered_on(team: Team) -> None:
    team.take(team.kaia, team.offer(team.bob, team.tuesday, team.kaia))
    assert team.offer(team.kaia, team.tuesday, team.alice)["verdict"] == "accepted"
    # It was once Bob's, so his late offer is no forgery; but it is not his any more, and void.
    team.take(team.alice, team.offer(team.bob, team.tuesday, team.alice))
    assert team.holders()[0] == "Kaia"


def test_a_yes_that_is_taken_back_leaves_all_as_it_was_and_a_rebuild_says_the_same(team: Team) -> None:
    yes = team.take(team.kaia, team.offer(team.bob, team.tuesday, team.kaia, in_return_for=team.wednesday))
    team.undo(team.kaia, yes)
    assert team.holders() == ("Bob", "Kaia")
    assert team.kaia.pull()["duty", team.tuesday]["offer"]
    team.take(team.alice, team.offer(team.bob, team.tuesday, team.alice))
    with Session(team.world.database.engine) as session:  # what it computes anew is rolled back
        assert list(verify.differences(session, clock.now(), 5)) == []


def test_a_correction_puts_nobody_on_the_list_who_could_not_be_set_there(team: Team, world: World) -> None:
    lars = world.staff("landlord", team.team, name="Lars")
    fix = {"entry_id": team.tuesday, "what": "text", "reason": "feil navn"}
    for staff_id in (lars.id, str(uuid.uuid4()), "noe"):
        refused = team.verdict(team.alice, "entry_corrected", fix | {"body": {"staff_id": staff_id}})
        assert refused["verdict"] == "rejected"
    assert (
        team.verdict(team.alice, "entry_corrected", fix | {"body": {"staff_id": team.kaia.id}})["verdict"] == "accepted"
    )
    assert team.holders()[0] == "Kaia"
