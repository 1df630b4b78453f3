"""Who is out alone: the visit that does not end in time, and «Be om hjelp»."""

import pytest

from fieldapp.services.notify.messages import TITLES
from sync.ids import uuid7
from tests.journeys._story import Story, moment

CHECK, HELP, OVER = TITLES["check"], TITLES["help"], TITLES["over"]


def test_a_visit_that_does_not_end_is_asked_about_and_then_the_team_is_told(story: Story) -> None:
    team = story.world.team("FACT Nord", "fact", (0, 60, 120, 180))
    alice = story.staff("leader", team, name="Alice")
    mona, per, off = (story.staff("fieldworker", team, name=name) for name in ("Mona", "Per", "Odd"))
    for person in (mona, per):
        story.duty(alice, person, "mon 08:00", "mon 22:00")
    kari = story.client(mona, "Kari", watch={"mode": "off"})
    story.at("mon 12:00")
    visit = str(uuid7())
    ends = moment("mon 13:00").isoformat()
    mona.log("visit_started", {"visit_id": visit, "expected_end_at": ends}, client=kari)
    assert ("visit", visit) in per.pull()

    # The phone of the one who is out is asked first,
    story.at("mon 13:01")
    assert story.told() == [("mon 13:00", "Mona", CHECK)]
    (alert,) = per.alerts()
    assert (alert["kind"], alert["client_id"]) == ("staff_overdue", kari)
    # and after five minutes all others on duty and the leader, though the team's own times are longer.
    story.at("mon 13:05")
    story.at("mon 13:06")
    assert story.told("mon 13:02") == [("mon 13:05", name, HELP) for name in ("Alice", "Per")]

    # She is out again: everybody told hears that it is over.
    mona.log("visit_ended", {"visit_id": visit}, team_id=team.id)
    story.tick()
    assert {(name, title) for _, name, title in story.told("mon 13:06")} == {("Alice", OVER), ("Per", OVER)}
    assert per.alerts() == []
    assert ("visit", visit) not in per.pull()
    # Taken back, she is still inside, and is asked anew.
    story.at("mon 13:08")
    ended = next(data for (kind, _), data in mona.pull().items() if kind == "entry" and data["type"] == "visit_ended")
    mona.log("entry_corrected", {"entry_id": ended["id"], "what": "retracted", "reason": "angret"})
    story.tick()
    assert story.told("mon 13:08") == [("mon 13:08", "Mona", CHECK)]
    assert off.id not in {one.staff_id for one in story.alert(alice, alert["id"]).told}


def test_a_visit_whose_end_was_mistyped_by_years_is_asked_about_after_a_day(story: Story) -> None:
    team = story.world.team("FACT Nord", "fact")
    mona = story.staff("fieldworker", team, name="Mona")
    story.at("mon 12:00")
    mona.log("visit_started", {"visit_id": str(uuid7()), "expected_end_at": "2199-11-23T13:00:00Z"}, team_id=team.id)
    story.at("tue 11:59")
    assert story.told() == []
    story.at("tue 12:01")
    assert story.told() == [("tue 12:00", "Mona", CHECK)]


def test_help_is_heard_at_once_by_all_on_duty_and_the_leader_and_again_every_two_minutes(story: Story) -> None:
    team = story.world.team("FACT Nord", "fact")
    alice = story.staff("leader", team, name="Alice")
    mona, per = (story.staff("fieldworker", team, name=name) for name in ("Mona", "Per"))
    for person in (mona, per):
        story.duty(alice, person, "mon 08:00", "mon 22:00")
    hours = {"mon": [["08:00", "09:00"]]}
    alice.log("team_hours_set", {"team_id": team.id, "hours": hours, "when_closed": "wait"})
    story.at("mon 12:00")  # the team is closed; help never waits
    mona.log("help_requested", {"place_label": "Havna"}, team_id=team.id)
    story.tick()
    heard = [("mon 12:00", name, HELP) for name in ("Alice", "Per")]
    assert story.told() == heard
    story.at("mon 12:05")
    again = [(f"mon 12:0{minute}", name, HELP) for minute in (2, 4) for name in ("Alice", "Per")]
    assert story.told() == heard + again
    (alert,) = per.alerts()
    per.log("alert_acknowledged", {"alert_id": alert["id"]})
    story.at("mon 12:30")
    assert story.told("mon 12:06") == []


def test_where_nobody_hears_the_one_who_asked_reads_so_in_the_answer(story: Story) -> None:
    team = story.world.team("Uteteamet", "outreach")
    alone = story.staff("fieldworker", team, name="Mona")
    asked = alone.entry("help_requested", {}, team_id=team.id)
    alone.sync(asked)
    (alert,) = [data for (kind, _), data in alone.replica.items() if kind == "alert"]
    assert (alert["kind"], alert["nobody_told"]) == ("staff_help", True)


@pytest.mark.parametrize("has_phone", [False, True])
def test_a_worry_that_can_be_on_nobodys_screen_is_said_to_its_author(story: Story, has_phone: bool) -> None:
    """A leader without a phone that takes alerts is a row in the list of who was told, and hears nothing."""
    team = story.world.team("Uteteamet", "outreach")
    mona = story.staff("fieldworker", team, name="Mona")
    (story.staff if has_phone else story.world.staff)("leader", team, name="Alice")
    eva = story.client(mona, "Eva", watch={"mode": "off"})
    mona.sync(mona.entry("concern_raised", {"reason": "Svarer ikke", "urgency": "now"}, client=eva))
    (alert,) = [data for (kind, _), data in mona.replica.items() if kind == "alert"]
    assert alert["nobody_told"] is not has_phone
