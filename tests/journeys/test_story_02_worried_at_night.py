"""2. Worried at night: seen by the day shift, and still the night shift is heard at once."""

from tests.journeys._story import ALERT, OVER, SEEN, Story, at_minute, watch


def test_worried_at_night(story: Story) -> None:
    # Same house.
    house = story.world.team("Granstua", "staffed_housing")
    alice = story.staff("leader", house, name="Alice")
    kaia, nina, ola = (story.staff("fieldworker", house, name=name) for name in ("Kaia", "Nina", "Ola"))
    eva = story.client(kaia, "Eva", primary_staff_id=kaia.id)
    story.duty(alice, kaia, "mon 07:30", "mon 15:00")
    for person in (nina, ola):
        story.duty(alice, person, "mon 22:30", "tue 07:30")

    # Day shift saw Eva at 14:00.
    story.at("mon 14:00")
    kaia.log("visit_logged", SEEN, client=eva)
    assert at_minute(watch(kaia, eva)["due_at"]) == "tue 14:00"

    # Night staff hear shouting at 23:00: concern_raised alerts at once although she was seen nine hours ago.
    story.at("mon 22:30")
    nina.sign_in(), ola.sign_in(), alice.sign_in()
    assert story.told() == []
    story.at("mon 23:00")
    concern = nina.log("concern_raised", {"reason": "Roping fra leiligheten", "urgency": "now"}, client=eva)
    story.tick()
    assert story.told() == [("mon 23:00", "Nina", ALERT), ("mon 23:00", "Ola", ALERT)]
    (alert,) = ola.alerts()
    assert (alert["kind"], alert["client_id"], at_minute(alert["opened_at"])) == ("concern", eva, "mon 23:00")
    assert ola.pull()["entry", concern["id"]]["body"]["reason"] == "Roping fra leiligheten"
    assert at_minute(watch(ola, eva)["due_at"]) == "tue 14:00", "her clock is not what this is about"

    # To have seen her does not end it; somebody says how it ended.
    story.at("mon 23:10")
    ola.log("alert_acknowledged", {"alert_id": alert["id"]})
    ola.log("visit_logged", SEEN, client=eva)
    assert [one["id"] for one in alice.alerts()] == [alert["id"]]
    story.at("mon 23:20")
    ola.log("alert_resolved", {"alert_id": alert["id"], "reason": "Krangel med besøkende, roet", "outcome": "other"})
    story.tick()
    assert alice.alerts() == []
    assert story.told("mon 23:01") == [("mon 23:20", "Nina", OVER)]


def test_worried_but_not_now_rings_nobody(story: Story) -> None:
    house = story.world.team("Granstua", "staffed_housing")
    kaia = story.staff("fieldworker", house, name="Kaia")
    eva = story.client(kaia, "Eva")
    for urgency in ("today", "board"):
        kaia.log("concern_raised", {"reason": "Stille siden helga", "urgency": urgency}, client=eva)
    story.at("mon 12:00")
    assert kaia.alerts() == []
    assert story.told() == []
