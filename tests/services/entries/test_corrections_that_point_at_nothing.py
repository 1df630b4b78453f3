"""A new text that names what is not there is refused alone: what was sent with it is taken, a call for help first."""

import uuid
from typing import Any

import pytest

from tests._world import Person, World

HOURS = {"hours": {"mon": [["08:00", "15:00"]]}, "when_closed": "wait"}


@pytest.fixture
def alice(world: World) -> Person:
    return world.staff("leader", world.team("Nord"))


def correct(alice: Person, wrong: dict[str, Any], body: dict[str, Any], client: str | None = None) -> dict[str, Any]:
    """The verdict on this correction, sent before a call for help, which must be taken."""
    text = {"entry_id": wrong["id"], "what": "text", "reason": "x", "body": body}
    correction = alice.entry("entry_corrected", text, client=client)
    verdict, of_help = alice.sync(correction, alice.entry("help_requested", {"place_label": "Storgata 1"}))["results"]
    assert of_help["verdict"] == "accepted"
    assert [alert["kind"] for alert in alice.alerts()] == ["staff_help"]
    found: dict[str, Any] = verdict
    return found


def refused(verdict: dict[str, Any]) -> bool:
    return (verdict["verdict"], verdict["code"], verdict["field"]) == ("rejected", "unknown_reference", "body")


def test_hours_handed_to_a_team_that_is_not_there(alice: Person) -> None:
    hours = alice.log("team_hours_set", {"team_id": alice.teams[0].id, **HOURS})
    assert refused(correct(alice, hours, {"to_team_id": str(uuid.uuid4())}))


def test_an_absence_with_the_id_of_anothers(alice: Person) -> None:
    kari, per = alice.register("Kari"), alice.register("Per")
    of_kari, of_per = (
        alice.log("absence_started", {"absence_id": str(uuid.uuid4()), "kind": "travel"}, client=client)
        for client in (kari, per)
    )
    assert refused(correct(alice, of_per, {"absence_id": of_kari["body"]["absence_id"]}, per))


def test_a_watch_given_to_a_team_that_is_not_there_when_nobody_follows_the_client_any_longer(
    world: World, alice: Person
) -> None:
    """Only when the request is settled does the clock find out."""
    kari = alice.register("Kari")
    watch = alice.log("watch_set", {"mode": "interval", "interval_minutes": 600, "reason": "x"}, client=kari)
    gone = {"team_id": alice.teams[0].id, "from_on": "2026-01-01", "to_on": "2026-11-22"}
    alice.log("client_team_set", gone, client=kari)
    assert refused(correct(alice, watch, {"team_id": str(uuid.uuid4())}))


def test_a_duty_offered_to_somebody_who_is_not_there(world: World, alice: Person) -> None:
    bob = world.staff("fieldworker", *alice.teams)
    span = {"from_at": "2026-11-23T12:00:00+01:00", "to_at": "2026-11-23T20:00:00+01:00"}
    team_id = alice.teams[0].id
    duty = alice.log("duty_set", {"team_id": team_id, "staff_id": alice.id, "duty": "duty", **span})
    offer = alice.log("duty_handed_over", {"duty_id": duty["id"], "to_staff_id": bob.id})
    assert refused(correct(alice, offer, {"to_staff_id": str(uuid.uuid4())}))


def test_a_new_text_that_points_at_what_is_there_is_taken(alice: Person) -> None:
    kari = alice.register("Kari")
    watch = alice.log("watch_set", {"mode": "interval", "interval_minutes": 600, "reason": "x"}, client=kari)
    assert correct(alice, watch, {"interval_minutes": 120}, kari)["verdict"] == "accepted"
