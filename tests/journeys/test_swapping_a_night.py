"""Mona gives Per her Friday night for his Saturday night. Until he has said yes, the alerts are hers."""

from typing import Any

from tests._world import Person
from tests.journeys._story import ALERT, Story, moment

FRIDAY_NIGHT = ("fri 22:30", "sat 07:30")
SATURDAY_NIGHT = ("sat 22:30", "sun 07:30")


def duty_of(leader: Person, person: Person, from_: str, to: str) -> str:
    span = {"from_at": moment(from_).isoformat(), "to_at": moment(to).isoformat()}
    body = {"team_id": leader.teams[0].id, "staff_id": person.id, "duty": "duty"}
    entry: dict[str, Any] = leader.log("duty_set", body | span)
    return str(entry["id"])


def test_before_per_has_said_yes_alerts_go_to_mona_and_after_to_per(story: Story) -> None:
    team = story.world.team("Bakkehuset", kind="staffed_housing")
    lise = story.staff("leader", team, name="Lise")
    mona = story.staff("fieldworker", team, name="Mona")
    per = story.staff("fieldworker", team, name="Per")
    friday, saturday = duty_of(lise, mona, *FRIDAY_NIGHT), duty_of(lise, per, *SATURDAY_NIGHT)

    story.at("fri 21:00")
    for person in (lise, mona, per):
        person.sign_in()
    offer = mona.log("duty_handed_over", {"duty_id": friday, "to_staff_id": per.id, "in_return_for": saturday})
    assert per.pull()["duty", friday]["offer"]["to_staff_id"] == per.id

    story.at("fri 23:00")
    mona.log("concern_raised", {"reason": "stille"}, client=story.client(mona, "Kari", watch={"mode": "off"}))
    story.tick()
    assert ("fri 23:00", "Mona", ALERT) in story.told("fri 22:00")
    assert "Per" not in [name for _, name, _ in story.told("fri 22:00")]

    # Per says yes at midnight, without coverage; it reaches the server at a quarter past.
    story.at("fri 23:55")
    yes = per.entry("duty_taken_over", {"handed_over_id": offer["id"]})
    story.at("sat 00:15")
    assert per.sync(yes)["results"][0]["verdict"] == "accepted"
    per.log("concern_raised", {"reason": "roper"}, client=story.client(per, "Even", watch={"mode": "off"}))
    story.tick()
    assert {name for at, name, _ in story.told("sat 00:15") if at == "sat 00:15"} == {"Per"}

    # Who was on duty stays true, and the Saturday is Mona's.
    duties = {key[1]: data for key, data in lise.pull().items() if key[0] == "duty"}
    stood = duties[yes["id"]]
    assert (stood["staff_id"], stood["from_at"]) == (mona.id, "2026-11-27T21:30:00Z")
    assert stood["to_at"].startswith("2026-11-27T22:55:0")
    assert (duties[friday]["staff_id"], duties[saturday]["staff_id"]) == (per.id, mona.id)
    assert "offer" not in duties[friday]
