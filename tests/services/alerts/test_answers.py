"""Undoing what was done to an alert."""

import datetime as dt

from tests._world import World


def test_a_concern_that_was_ended_by_mistake_rings_again_when_that_is_undone(world: World) -> None:
    team = world.team()
    alice, bob = world.staff("leader", team), world.staff("fieldworker", team)
    eva = bob.register("Eva")
    bob.log("concern_raised", {"reason": "roper og gråter"}, client=eva)
    alert = alice.alerts()[0]
    ended = bob.log("alert_resolved", {"alert_id": alert["id"], "reason": "feil knapp", "outcome": "mistake"})
    assert alice.alerts() == []
    bob.log("entry_corrected", {"entry_id": ended["id"], "what": "retracted", "reason": "angret"})
    again = alice.alerts()[0]
    assert (again["id"], again["state"]) == (alert["id"], "open")


def test_a_retracted_acknowledgement_lets_the_alert_climb_again(world: World) -> None:
    team = world.team()
    alice, bob = world.staff("leader", team), world.staff("fieldworker", team)
    eva = bob.register("Eva")
    bob.log("concern_raised", {"reason": "roper og gråter"}, client=eva)
    alert = alice.alerts()[0]
    taken = bob.log("alert_acknowledged", {"alert_id": alert["id"]})
    assert alice.alerts()[0]["owner"] == bob.id
    bob.log("entry_corrected", {"entry_id": taken["id"], "what": "retracted", "reason": "angret"})
    assert (alice.alerts()[0]["state"], alice.alerts()[0]["owner"]) == ("open", None)


def test_an_acknowledgement_that_comes_an_hour_late_is_history(world: World) -> None:
    team = world.team()
    alice, bob = world.staff("leader", team), world.staff("fieldworker", team)
    eva = bob.register("Eva")
    bob.log("concern_raised", {"reason": "roper og gråter"}, client=eva)
    alert = alice.alerts()[0]
    world.clock.shift(hours=2)
    bob.log("alert_acknowledged", {"alert_id": alert["id"]}, at=world.clock.now() - dt.timedelta(minutes=61))
    assert alice.alerts()[0]["owner"] is None


def test_an_alert_is_handed_to_a_peer_only_while_he_is_on_the_duty_list(world: World) -> None:
    team = world.team()
    alice, rolf = world.staff("leader", team), world.staff("peer", team)
    eva = alice.register("Eva")
    alice.log("concern_raised", {"reason": "roper og gråter"}, client=eva)
    handed = {"alert_id": alice.alerts()[0]["id"], "to_staff_id": rolf.id}
    (refused,) = alice.sync(alice.entry("alert_handed_over", handed))["results"]
    assert (refused["code"], refused["field"]) == ("unknown_reference", "body.to_staff_id")
    now = world.clock.now()
    on = {"from_at": now.isoformat(), "to_at": (now + dt.timedelta(hours=8)).isoformat()}
    alice.log("duty_set", {"team_id": team.id, "staff_id": rolf.id, "duty": "duty", **on})
    world.clock.shift(minutes=1)
    alice.log("alert_handed_over", handed)
