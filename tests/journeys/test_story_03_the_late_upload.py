"""3. The late upload: Per was seen, by a colleague whose phone died."""

from tests.journeys._story import ALERT, OVER, SEEN, Story, at_minute, watch


def test_the_late_upload(story: Story) -> None:
    house = story.world.team("Granstua", "staffed_housing")
    alice = story.staff("leader", house, name="Alice")
    kaia, mona, jonas = (story.staff("fieldworker", house, name=name) for name in ("Kaia", "Mona", "Jonas"))
    per = story.client(kaia, "Per")
    for person in (kaia, mona):
        story.duty(alice, person, "mon 07:30", "mon 15:00")
        story.duty(alice, person, "tue 07:30", "tue 15:00")
    story.duty(alice, jonas, "mon 15:00", "mon 22:30")
    story.at("mon 08:00")
    kaia.log("visit_logged", SEEN, client=per)

    # Per was seen at 20:00 by a colleague whose phone died.
    story.at("mon 15:00")
    kaia.sync(), mona.sync()
    story.at("mon 17:30")
    jonas.sync()
    story.at("mon 20:00")
    story.turn_off(jonas)
    seen = jonas.entry("visit_logged", SEEN, client=per)

    # The alert opens next day at 08:00
    story.at("tue 07:40")
    for person in (alice, kaia, mona):
        person.sign_in()
        person.sync()
    assert mona.alerts() == []
    story.at("tue 08:01")
    assert story.told() == [("tue 08:00", "Kaia", ALERT), ("tue 08:00", "Mona", ALERT)]
    (alert,) = mona.alerts()
    # and says "Jonas' telefon har ikke synket siden 17:30".
    (phone,) = mona.pull()["alert", alert["id"]]["unsent_phones"]
    assert (phone["name"], at_minute(phone["last_sync_at"])) == ("Jonas", "mon 17:30")

    # He charges it,
    story.at("tue 08:12")
    refused = jonas.post("/api/sync", jonas.sync_request(seen))
    assert (refused.status_code, refused.get_json()["code"]) == (401, "sign_in"), "his session ended in the night"
    jonas.sign_in()
    # the entry arrives,
    assert jonas.sync(seen)["results"][0]["verdict"] == "accepted"
    # the alert closes as seen in time,
    assert alice.alerts() == []
    assert ("alert", alert["id"]) not in mona.pull()
    assert story.alert(alice, alert["id"]).resolution == "seen_in_time"
    assert at_minute(watch(mona, per)["due_at"]) == "tue 20:00"
    # those notified are told.
    story.tick()
    assert story.told("tue 08:02") == [("tue 08:12", "Kaia", OVER), ("tue 08:12", "Mona", OVER)]
    story.at("tue 19:00")
    assert len(story.told()) == 4, "and then it is quiet"


def test_a_phone_that_says_it_holds_something_is_named_first(story: Story) -> None:
    """The line never replaces the check, but it says where to ask."""
    house = story.world.team("Granstua", "staffed_housing")
    kaia, jonas = (story.staff("fieldworker", house, name=name) for name in ("Kaia", "Jonas"))
    per = story.client(kaia, "Per")
    story.at("mon 12:00")
    jonas.entry("visit_logged", SEEN, client=per)  # number 1 never arrives
    jonas.sync(jonas.entry("visit_logged", {"outcome": "no_answer", "place": "home"}, client=per), unsent_after=2)
    story.at("tue 07:05")
    kaia.sign_in()
    (alert,) = kaia.alerts()
    phones = kaia.pull()["alert", alert["id"]]["unsent_phones"]
    assert [(one["name"], one["unsent"], one["missing"]) for one in phones] == [("Jonas", 2, 1)]
