"""7. Gradual discharge: Kjell comes home in steps over four months, and the watch follows each step."""

from typing import Any

from sync.ids import uuid7
from tests._world import Person
from tests.journeys._story import ALERT, SEEN, Story, at_minute, moment, watch

NO_VISIT = "Ingen besøk er planlagt det første døgnet hjemme."
NO_HOME = "Ingen bolig å komme hjem til."


def test_gradual_discharge(story: Story) -> None:
    team = story.world.team("Åpen omsorg", "tenancy_support")
    alice = story.staff("leader", team, name="Alice")
    bob = story.staff("fieldworker", team, name="Bob")
    agreed = {"mode": "interval", "interval_minutes": 720, "tighten_days": 14, "reason": "avtalt med Kjell"}
    kjell = story.client(alice, "Kjell", primary_staff_id=bob.id)
    alice.log("watch_set", agreed, client=kjell)

    # Kjell [004] is admitted;
    absence = str(uuid7())
    bob.log("absence_started", {"absence_id": absence, "kind": "admitted", "where": "DPS"}, client=kjell)
    assert paused(bob, kjell) == (None, absence)
    story.at("week 4 wed 08:00")
    assert alerts(story, alice) == [], "whoever is admitted is not looked for at home"

    # a few hours at home,
    bob.sign_in()
    hours = step(bob, kjell, absence, "week 4 wed 12:00", "week 4 wed 16:00")
    assert paused(bob, kjell) == (None, absence), "a step shorter than what is agreed asks nothing of anybody"
    story.at("week 4 wed 13:00")
    assert "hjemme nå til 16.00" in day(alice)
    story.at("week 4 wed 23:00")
    assert "hjemme nå" not in day(alice)
    assert alerts(story, alice) == []

    # then a night,
    story.at("week 8 thu 12:00")
    bob.sign_in()
    step(bob, kjell, absence, "week 8 fri 18:00", "week 8 sat 10:00")
    assert due(bob, kjell) == "week 8 sat 06:00"
    assert watch(bob, kjell)["paused_by"] == absence, "until he is home"
    assert "Kjell" not in panel(day(alice), "soon"), "nobody is to see him before he is home"
    bob.pull()
    story.at("week 8 fri 18:01")
    bob.sign_in()
    assert watch(bob, kjell)["paused_by"] is None, "a phone that follows along is told that he is home"
    assert "Kjell" in panel(day(alice), "soon")
    story.at("week 8 fri 22:30")
    bob.log("visit_logged", SEEN, client=kjell)
    assert paused(bob, kjell) == (None, absence), "seen in the evening, and back before the next is due"
    story.at("week 8 sat 13:00")
    assert alerts(story, alice) == []

    # then home over four months. The watch follows each step;
    story.at("week 12 mon 09:00")
    for person in (alice, bob):
        person.sign_in()
    step(bob, kjell, absence, "week 12 mon 12:00", "week 12 thu 12:00")
    step(bob, kjell, absence, "week 12 wed 08:00", "week 12 wed 20:00", watch="off")
    assert due(bob, kjell) == "week 12 tue 00:00"
    story.at("week 12 tue 00:05")
    (alert,) = alerts(story, alice)
    assert (alert["kind"], at_minute(alert["due_at"])) == ("not_seen", "week 12 tue 00:00")
    assert [title for when, _, title in story.told("week 12 tue 00:00")] == [ALERT]
    bob.sign_in()
    bob.log("visit_logged", SEEN, client=kjell)
    assert alerts(story, alice) == []
    story.at("week 12 tue 11:00")
    bob.log("visit_logged", SEEN, client=kjell)
    assert due(bob, kjell) == "week 12 tue 23:00"
    story.at("week 12 tue 21:00")
    bob.sign_in()
    bob.log("visit_logged", SEEN, client=kjell)
    assert due(bob, kjell) == "week 12 thu 08:00", "the step without the watch is left out"
    # What is said to be wrong is so no longer: the same step again replaces it.
    bob.log("absence_step_set", hours | span("week 12 tue 12:00", "week 12 tue 13:00"), client=kjell)
    assert due(bob, kjell) == "week 12 thu 08:00"
    story.at("week 12 wed 21:00")
    bob.sign_in()
    bob.log("visit_logged", SEEN, client=kjell)
    assert due(bob, kjell) == "week 12 thu 09:00"
    story.at("week 12 thu 07:00")
    bob.sign_in()
    bob.log("visit_logged", SEEN, client=kjell)
    assert paused(bob, kjell) == (None, absence)

    # discharge without a home warns,
    story.at("week 15 thu 09:00")
    for person in (alice, bob):
        person.sign_in()
    bob.log("discharge_planned", {"absence_id": absence, "checks": ["meeting"], "home": "no"}, client=kjell)
    assert (NO_HOME in day(alice), NO_VISIT in day(alice)) == (True, False)
    ready = {"absence_id": absence, "checks": ["meeting", "date", "home"], "home": "yes"}
    bob.log("discharge_planned", ready, client=kjell)
    bob.log("absence_confirmed", {"absence_id": absence, "expected_end_on": "2027-03-12"}, client=kjell)
    assert NO_HOME not in day(alice)
    # discharge without a booked visit within 24 hours warns.
    assert NO_VISIT in day(alice)
    late = visit(bob, "week 15 sat 13:00")
    bob.log("visit_planned", late, client=kjell)
    assert NO_VISIT in day(alice), "25 hours after"
    bob.log("visit_planned", late | {"at": moment("week 15 sat 09:00").isoformat()}, client=kjell)
    assert NO_VISIT not in day(alice)
    bob.log("visit_plan_ended", {"plan_id": late["plan_id"], "outcome": "dropped"}, client=kjell)
    assert NO_VISIT in day(alice)

    # He comes home, and still nobody is booked: until somebody has been there.
    story.at("week 15 fri 10:00")
    for person in (alice, bob):
        person.sign_in()
    bob.log("absence_ended", {"absence_id": absence}, client=kjell)
    assert NO_VISIT in day(alice)
    assert due(bob, kjell) == "week 15 fri 16:00", "half the time, the first days at home"
    story.at("week 15 fri 14:00")
    bob.log("visit_logged", SEEN, client=kjell)
    assert NO_VISIT not in day(alice)
    assert due(bob, kjell) == "week 15 fri 20:00"


def step(by: Person, client: str, absence: str, from_: str, to: str, watch: str = "on") -> dict[str, Any]:
    body = {"absence_id": absence, "step_id": str(uuid7()), "watch": watch} | span(from_, to)
    by.log("absence_step_set", body, client=client)
    return body


def span(from_: str, to: str) -> dict[str, str]:
    return {"from_at": moment(from_).isoformat(), "to_at": moment(to).isoformat()}


def visit(by: Person, at: str) -> dict[str, Any]:
    return {"plan_id": str(uuid7()), "at": moment(at).isoformat(), "staff_ids": [by.id]}


def paused(person: Person, client: str) -> tuple[str | None, str | None]:
    clock = watch(person, client)
    return clock["due_at"], clock["paused_by"]


def due(person: Person, client: str) -> str | None:
    return at_minute(watch(person, client)["due_at"])


def alerts(story: Story, person: Person) -> list[dict[str, Any]]:
    """What rings; that an absence without an end is asked about now and then is a line on a list."""
    person.sign_in()
    return [one for one in person.alerts() if one["kind"] != "absence_overdue"]


def day(leader: Person) -> str:
    leader.sign_in()
    return " ".join(leader.get("/kontor").text.split())


def panel(page: str, name: str) -> str:
    return page.partition(f'aria-labelledby="{name}-head"')[2].partition("</section>")[0]
