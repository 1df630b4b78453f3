"""14. Before the weekend: Friday 14:30 the FACT team's last shift gets one message about three whose clock runs out."""

from fieldapp.services.notify.messages import TITLES
from tests.journeys._story import ALERT, SEEN, Story, at_minute, moment

OFFICE = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CLOSING = TITLES["closing"]


def test_one_is_seen_one_handed_to_the_night_team_and_one_has_agreed_to_wait(story: Story) -> None:
    fact, nights = story.world.team("FACT Nord", "fact"), story.world.team("Nattevakta", "night")
    alice = story.staff("leader", fact, name="Alice")
    mona, per = (story.staff("fieldworker", fact, name=name) for name in ("Mona", "Per"))
    siri, tor = (story.staff("fieldworker", nights, name=name) for name in ("Siri", "Tor"))
    for person in (mona, per):
        story.duty(alice, person, "fri 08:00", "fri 15:30")
        story.duty(alice, person, "next mon 08:00", "next mon 15:30")
    hours = {"team_id": fact.id, "hours": OFFICE, "when_closed": "wait", "to_team_id": nights.id}
    alice.log("team_hours_set", hours)
    story.at("thu 09:00")
    for person in (alice, mona, per, siri, tor):
        person.sign_in()
    aina = story.client(mona, "Aina", watch={"mode": "interval", "interval_minutes": 3 * 1440})
    story.at("fri 09:00")
    for person in (alice, mona, per, siri, tor):
        person.sign_in()
    jonny, kari = (story.client(mona, name, watch={"mode": "interval"}) for name in ("Jonny", "Kari"))

    # Friday 14:30 the FACT team's last shift gets one message: three whose clock runs out before Monday.
    story.at("fri 14:29")
    assert story.told() == []
    story.at("fri 14:31")
    assert story.told() == [("fri 14:30", name, CLOSING) for name in ("Mona", "Per")]
    opens = mona.pull()["hours", fact.id]["open_spans"]
    assert at_minute(next(span for span in opens if at_minute(span[0]).startswith("next mon"))[0]) == "next mon 08:00"

    # One is seen,
    story.at("fri 15:00")
    mona.log("visit_logged", SEEN, client=aina)
    # one handed to the night team
    asked = mona.log(
        "watch_handed_over", {"to_team_id": nights.id, "until_at": moment("next mon 08:00").isoformat()}, client=jonny
    )
    assert siri.pull()["hand_over", asked["id"]]["taken_by"] is None
    assert ("client", kari) not in siri.replica, "only the one that was handed over"
    # and accepted by name,
    siri.log("watch_taken_over", {"handed_over_id": asked["id"]}, client=jonny)
    assert mona.pull()["hand_over", asked["id"]]["taken_by"] == siri.id
    # one has agreed to wait.

    # On Saturday no phone of the team rings.
    story.at("sat 09:05")
    assert story.told("fri 15:01") == [("sat 09:00", name, ALERT) for name in ("Siri", "Tor")]
    for person in (alice, siri):
        person.sign_in()
    (handed,) = siri.alerts()
    assert (handed["client_id"], handed["team_id"], handed["state"]) == (jonny, nights.id, "open")
    siri.log("visit_logged", SEEN, client=jonny)
    (waiting,) = alice.alerts()
    assert (waiting["client_id"], waiting["state"]) == (kari, "waiting")
    waits_until_at = story.alert(alice, waiting["id"]).waits_until_at
    assert waits_until_at == moment("next mon 08:00")
    story.at("sun 09:00")
    siri.sign_in()
    siri.log("visit_logged", SEEN, client=jonny)

    # Monday 08:00: one alert.
    story.at("next mon 08:01")
    rung = [one for one in story.told("sat 09:06") if one[2] == ALERT]
    assert rung == [("next mon 08:00", name, ALERT) for name in ("Mona", "Per")]
    alice.sign_in()
    assert [(alert["client_id"], alert["state"]) for alert in alice.alerts()] == [(kari, "open")]
    siri.sign_in()
    assert siri.alerts() == []
