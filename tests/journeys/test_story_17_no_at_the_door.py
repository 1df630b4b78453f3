"""17. Nei i døra: a no at the door beats a yes on paper."""

from tests.journeys._story import ALERT, Story, at_minute, watch


def test_no_at_the_door(story: Story) -> None:
    house = story.world.team("Granstua", "staffed_housing")
    alice, mona, per = (
        story.staff(role, house, name=name)
        for role, name in (("leader", "Alice"), ("fieldworker", "Mona"), ("fieldworker", "Per"))
    )
    # Kari has agreed to entry;
    kari = story.client(mona, "Kari", primary_staff_id=mona.id)
    agreed = {
        "mode": "interval",
        "interval_minutes": 1440,
        "may_enter": True,
        "key_ref": "14",
        "reason": "avtalt med Kari",
    }
    mona.log("watch_set", agreed, client=kari)
    assert (watch(per, kari)["may_enter"], watch(per, kari)["key_ref"]) == (True, "14")
    (agreement,) = [data for (kind, _), data in per.replica.items() if kind == "agreement"]
    assert agreement["withdrawn_at"] is None

    # today she shouts no. Mona logs «hørt, sa nei»:
    story.at("mon 12:10")
    heard = {"outcome": "declined", "contact": "heard", "place": "home", "next_contact_on": "2026-11-26"}
    mona.sync(
        visit := mona.entry("visit_logged", heard, client=kari),
        mona.entry("agreement_withdrawn", {"kind": "watch", "how": "at_door"}, client=kari),
    )
    # nobody enters, the agreement is over,
    for person in (alice, per, mona):
        clock = watch(person, kari)
        assert (clock["may_enter"], clock["key_ref"]) == (False, None)
    (agreement,) = [data for (kind, _), data in per.replica.items() if kind == "agreement"]
    assert (at_minute(agreement["withdrawn_at"]), agreement["withdrawn_how"]) == ("mon 12:10", "at_door")
    # a talk about a new one is set for Thursday.
    assert per.replica["entry", visit["id"]]["body"]["next_contact_on"] == "2026-11-26"

    # Heard is not seen, and the clock runs on until there is a new agreement: «ikke sett», never «kan låse seg inn».
    assert at_minute(watch(per, kari)["due_at"]) == "tue 07:00"
    story.at("tue 07:05")
    assert ("tue 07:00", "Mona", ALERT) in story.told()
    per.sign_in()
    assert [one["kind"] for one in per.alerts()] == ["not_seen"]
    assert watch(per, kari)["may_enter"] is False

    # She agrees to be looked for, not to be entered upon.
    story.at("tue 08:00")
    mona.sign_in()
    mona.sync(
        mona.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=kari),
        mona.entry("watch_set", agreed | {"may_enter": False, "reason": "ny avtale"}, client=kari),
    )
    clock = watch(per, kari)
    assert (clock["may_enter"], clock["key_ref"], at_minute(clock["due_at"])) == (False, None, "wed 08:00")
    assert per.alerts() == []
