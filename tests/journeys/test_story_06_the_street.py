"""6. The street: Rolf meets three people by the harbour, and one of them is known."""

from tests.journeys._story import ALERT, Story, at_minute, watch


def test_the_street(story: Story) -> None:
    team = story.world.team("Uteteamet", "outreach", escalation=(0, 15, 30, 45))
    alice, bob = (story.staff(role, team, name=name) for role, name in (("leader", "Alice"), ("fieldworker", "Bob")))
    rolf = story.staff("peer", team, name="Rolf")
    even = story.client(bob, "Even", watch={"mode": "interval", "interval_minutes": 1440})
    assert at_minute(watch(bob, even)["due_at"]) == "tue 07:00"

    # Erfaringskonsulent Rolf meets three people by the harbour, gives out equipment, one of them is known and worn out.
    story.at("mon 20:30")
    # Two street contacts;
    unknown = rolf.entry(
        "street_contact_logged", {"place_label": "Havna", "people": 2, "equipment": {"syringes": 4, "naloxone": 1}}
    )
    known = rolf.entry("street_contact_logged", {"place_label": "Havna", "people": 1, "private": True}, client=even)
    assert [one["verdict"] for one in rolf.sync(unknown, known)["results"]] == ["accepted", "accepted"]
    # the known one counts as seen;
    assert at_minute(watch(bob, even)["last_seen_at"]) == "mon 20:30"
    assert at_minute(watch(bob, even)["due_at"]) == "tue 20:30"

    # their talk stays private;
    private = bob.pull()["entry", known["id"]]["body"]
    assert private == {"place_label": "Havna", "people": 1, "private": True}
    talked = {"place_label": "Havna", "people": 1, "private": True, "note": "Det vi snakket om"}
    (refused,) = rolf.sync(rolf.entry("street_contact_logged", talked, client=even))["results"]
    assert (refused["verdict"], refused["code"]) == ("rejected", "private_has_no_note")
    assert "snakket om" not in str(alice.pull())

    # Rolf is never asked to escalate.
    story.at("tue 22:30")
    told = story.told()
    assert {name for _, name, _ in told} == {"Alice", "Bob"}
    assert told[0] == ("tue 20:30", "Alice", ALERT)
    rolf.sign_in()
    assert len(rolf.alerts()) == 1, "he may see it, nobody asks him"
