"""What becomes of what falls due while a team is closed, and of what never waits."""

import pytest

from fieldapp.services.notify.messages import TITLES
from fieldapp.services.people import accounts
from tests._world import Person, TeamOfWorld
from tests.journeys._story import ALERT, CRISIS, SEEN, Story, moment

OFFICE = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}


class Closed:
    """A FACT team that is closed at night, its leader Alice, Mona who works days, and a night team with Siri."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.fact, self.nights = story.world.team("FACT Nord", "fact"), story.world.team("Nattevakta", "night")
        self.alice = story.staff("leader", self.fact, name="Alice")
        self.mona, self.per = (story.staff("fieldworker", self.fact, name=name) for name in ("Mona", "Per"))
        self.siri = story.staff("fieldworker", self.nights, name="Siri")

    def hours(self, rule: str, to: TeamOfWorld | None = None) -> dict[str, object]:
        body = {"team_id": self.fact.id, "hours": OFFICE, "when_closed": rule, "to_team_id": to.id if to else None}
        return self.alice.log("team_hours_set", body)

    def due_at_night(self, **agreed: object) -> str:
        """A client whose clock runs out on Monday at 20:00."""
        client = self.story.client(self.mona, "Kari")
        terms = {"mode": "interval", "interval_minutes": 13 * 60, "reason": "avtalt", **agreed}
        self.alice.log("watch_set", terms, client=client)
        return client

    def told(self) -> list[tuple[str, str, str]]:
        return [one for one in self.story.told() if one[2] in (ALERT, CRISIS)]

    def state(self, person: Person) -> list[str]:
        person.sign_in()
        return [alert["state"] for alert in person.alerts()]


@pytest.fixture
def closed(story: Story) -> Closed:
    return Closed(story)


def test_on_call_rings_whoever_is_on_the_duty_list_at_night(story: Story, closed: Closed) -> None:
    closed.hours("on_call")
    story.duty(closed.alice, closed.per, "mon 15:30", "tue 08:00")
    closed.due_at_night()
    story.at("mon 20:01")
    assert closed.told() == [("mon 20:00", "Per", ALERT)]


@pytest.mark.parametrize("rule", ["on_call", "hand_over"])
def test_where_nobody_is_there_and_nobody_has_taken_it_the_leader_is_told_at_once(
    story: Story, closed: Closed, rule: str
) -> None:
    closed.hours(rule, closed.nights)
    client = closed.due_at_night()
    if rule == "hand_over":
        until = moment("tue 08:00").isoformat()
        closed.mona.log("watch_handed_over", {"to_team_id": closed.nights.id, "until_at": until}, client=client)
    story.at("mon 20:01")
    assert closed.told() == [("mon 20:00", "Alice", ALERT)], "until someone accepts, it stays the first team's"
    assert closed.state(closed.mona) == ["open"]


def test_an_alert_that_is_taken_over_late_rings_the_team_that_took_it_and_comes_back_when_it_ends(
    story: Story, closed: Closed
) -> None:
    closed.hours("hand_over", closed.nights)
    client = closed.due_at_night()
    until = moment("tue 08:00").isoformat()
    asked = closed.mona.log("watch_handed_over", {"to_team_id": closed.nights.id, "until_at": until}, client=client)
    story.at("mon 21:00")
    closed.siri.sign_in()
    closed.siri.log("watch_taken_over", {"handed_over_id": asked["id"]}, client=client)
    story.tick()
    assert ("mon 21:00", "Siri", ALERT) in closed.told()
    assert [alert["team_id"] for alert in closed.siri.alerts()] == [closed.nights.id]
    story.at("tue 08:01")
    rung = {name for at, name, _ in closed.told() if at >= "tue 08:00"}
    assert rung == {"Alice", "Mona", "Per"}, "no duty list: everybody who is there when they open"
    closed.alice.sign_in()
    assert [alert["team_id"] for alert in closed.alice.alerts()] == [closed.fact.id]


def test_a_team_that_only_follows_can_not_give_away_a_clock_that_is_not_its_own(story: Story, closed: Closed) -> None:
    closed.hours("on_call")
    client = closed.due_at_night()
    for team in (closed.nights, other := story.world.team("Uteteamet", "outreach")):
        closed.alice.log("client_team_set", {"team_id": team.id, "from_on": "2026-11-23"}, client=client)
    odd = story.staff("fieldworker", other, name="Odd")
    until = moment("tue 08:00").isoformat()
    asked = odd.log("watch_handed_over", {"to_team_id": closed.nights.id, "until_at": until}, client=client)
    closed.siri.log("watch_taken_over", {"handed_over_id": asked["id"]}, client=client)
    story.at("mon 20:01")
    assert closed.told() == [("mon 20:00", "Alice", ALERT)]


def test_the_clients_own_agreement_goes_before_the_teams(story: Story, closed: Closed) -> None:
    closed.hours("on_call")
    closed.due_at_night(when_closed="wait")
    story.at("mon 20:01")
    assert (closed.told(), closed.state(closed.alice)) == ([], ["waiting"])
    story.at("tue 08:01")
    assert {name for _, name, _ in closed.told()} == {"Alice", "Mona", "Per"}


def test_what_waits_opens_when_the_hours_or_the_agreement_change(story: Story, closed: Closed) -> None:
    hours = closed.hours("wait")
    client = closed.due_at_night()
    story.at("mon 20:01")
    assert closed.state(closed.alice) == ["waiting"]
    closed.alice.log("entry_corrected", {"entry_id": hours["id"], "what": "retracted", "reason": "angret"})
    story.tick()
    assert closed.state(closed.alice) == ["open"]
    assert {name for _, name, _ in closed.told()} == {"Alice", "Mona", "Per"}
    closed.alice.log("visit_logged", SEEN, client=client)
    assert closed.state(closed.alice) == []


def test_a_taken_alert_that_only_ever_waited_waits_on_when_the_hour_is_over(story: Story, closed: Closed) -> None:
    closed.hours("wait")
    closed.due_at_night()
    story.at("mon 20:01")
    closed.mona.sign_in()
    (alert,) = closed.mona.alerts()
    closed.mona.log("alert_acknowledged", {"alert_id": alert["id"]})
    assert closed.state(closed.alice) == ["acknowledged"]
    story.at("mon 21:05")
    assert (closed.state(closed.alice), closed.told()) == (["waiting"], [])
    story.at("tue 08:01")
    assert closed.state(closed.alice) == ["open"]


def test_a_worry_never_waits_it_rings_the_team_handed_to_when_it_may_see_the_person_else_the_leader(
    story: Story, closed: Closed
) -> None:
    closed.hours("wait", closed.nights)
    client = closed.due_at_night()
    story.at("mon 16:00")
    closed.mona.log("concern_raised", {"reason": "Svarer ikke", "urgency": "now"}, client=client)
    story.tick()
    assert closed.told() == [("mon 16:00", "Alice", ALERT)], "Siri may not see who it is"
    closed.alice.log("client_team_set", {"team_id": closed.nights.id, "from_on": "2026-11-23"}, client=client)
    closed.mona.log("concern_raised", {"reason": "Fortsatt stille", "urgency": "now"}, client=client)
    story.tick()
    assert ("mon 16:00", "Siri", ALERT) in closed.told()


def test_a_worry_that_nobody_hears_is_said_to_the_one_who_has_it(story: Story) -> None:
    team = story.world.team("Uteteamet", "outreach")
    mona = story.staff("fieldworker", team, name="Mona")
    charlie = story.staff("leader", team, name="Charlie")
    charlie.log("team_hours_set", {"team_id": team.id, "hours": OFFICE, "when_closed": "wait"})
    client = story.client(mona, "Kari", watch={"mode": "off"})
    leave(story, charlie)
    story.at("mon 16:00")
    concern = mona.entry("concern_raised", {"reason": "Svarer ikke", "urgency": "now"}, client=client)
    mona.sync(concern)
    (alert,) = [data for (kind, _), data in mona.replica.items() if kind == "alert"]
    assert (alert["kind"], alert["nobody_told"]) == ("concern", True)


def leave(story: Story, person: Person) -> None:
    """The person has left the municipality."""
    with story.world.database.transaction() as session:
        accounts.end_staff(session, person.username, story.world.clock.now())


def test_many_that_waited_for_the_same_morning_are_one_message_each_person(story: Story, closed: Closed) -> None:
    closed.hours("wait")
    for _ in range(5):
        closed.due_at_night()
    story.at("tue 08:01")
    assert story.told("tue 08:00") == [("tue 08:00", name, TITLES["bundle"]) for name in ("Alice", "Mona", "Per")]
    assert closed.state(closed.alice) == ["open"] * 5
    closed.alice.log("alert_acknowledged", {"alert_id": closed.alice.alerts()[0]["id"]})
    story.at("tue 08:10")
    assert len(story.told("tue 08:00")) == 3, "shown to them all: nobody is told twice before the next step"
