"""1. Even lives in a staffed house with a 24-hour agreement (may enter). Nobody sees him for a day."""

import uuid

from tests.journeys._story import ALERT, CRISIS, OVER, SEEN, Story, at_minute, minute, timeline, watch


def test_twenty_four_hours(story: Story) -> None:
    house = story.world.team("Granstua", "staffed_housing")
    alice = story.staff("leader", house, name="Alice")
    kaia, mona, per = (story.staff("fieldworker", house, name=name) for name in ("Kaia", "Mona", "Per"))
    charlie = story.staff("fieldworker", story.world.team("Et annet team"), name="Charlie")
    even = story.client(kaia, "Even", primary_staff_id=kaia.id, watch={"mode": "interval", "interval_minutes": 1440})
    agreed = {"mode": "interval", "interval_minutes": 1440, "may_enter": True, "key_ref": "14", "reason": "avtalt"}
    alice.log("watch_set", agreed, client=even)
    for person in (kaia, mona, per):
        story.duty(alice, person, "mon 07:30", "mon 15:00")
        story.duty(alice, person, "tue 07:30", "tue 15:00")

    # Day shift logs "Sett" at 09:10 on her phone in the cellar without coverage, surfaces at 09:40.
    story.at("mon 09:10")
    seen = kaia.entry("visit_logged", SEEN, client=even)
    story.at("mon 09:40")
    assert kaia.sync(seen)["results"][0]["verdict"] == "accepted"
    assert at_minute(watch(mona, even)["due_at"]) == "tue 09:10"

    # Nobody sees him. At 09:10 next day the primary contact, on duty, gets a push with no name in it; no answer;
    story.at("tue 09:09")
    for person in (alice, kaia, mona, per, charlie):
        person.sign_in()
        assert person.alerts() == []
    assert story.told() == []
    story.at("tue 09:24")
    assert story.told() == [("tue 09:10", "Kaia", ALERT)]
    (alert,) = alice.alerts()
    assert (alert["kind"], alert["client_id"], alert["state"], alert["step"]) == ("not_seen", even, "open", 0)
    assert at_minute(alert["due_at"]) == at_minute(alert["opened_at"]) == "tue 09:10"

    # 15 minutes later all on duty;
    story.at("tue 09:26")
    assert story.told("tue 09:25") == [("tue 09:25", name, ALERT) for name in ("Kaia", "Mona", "Per")]
    # Mona presses "Jeg tar den".
    mona.log("alert_acknowledged", {"alert_id": alert["id"]})
    for person in (alice, kaia, per):
        (shown,) = person.alerts()
        assert (shown["state"], shown["owner"]) == ("acknowledged", mona.id)
        assert person.pull()["alert", alert["id"]]["owner"] == mona.id
    assert charlie.alerts() == []

    # She rings the bell, phones him, asks the base;
    story.at("tue 09:30")
    mona.log("visit_logged", {"outcome": "no_answer", "place": "home"}, client=even)
    story.at("tue 09:32")
    mona.log("call_logged", {"direction": "out", "outcome": "no_answer"}, client=even)
    assert at_minute(watch(per, even)["due_at"]) == "tue 09:10", "bomtur stops no clock"
    assert len(alice.alerts()) == 1

    # Per comes; they call out and unlock: ground agreement, found needs help, in 09:41, Even told on the spot.
    assert watch(mona, even)["may_enter"] is True
    assert watch(mona, even)["key_ref"] == "14"
    story.at("tue 09:41")
    entered = {
        "ground": "agreement", "reason": "Svarte ikke på ringeklokke eller telefon", "found": "needs_help",
        "tried": ["rang", "phoned", "asked_base"], "with_staff": [per.id], "decided_by": "Mona", "told": "in_person",
    }  # fmt: skip
    mona.log("home_entered", entered, client=even)
    assert alice.alerts() == []
    assert ("alert", alert["id"]) not in kaia.pull()
    story.at("tue 09:42")
    assert story.told("tue 09:27") == [("tue 09:41", "Kaia", OVER), ("tue 09:41", "Per", OVER)]

    # The crisis clock starts from the same screen; 113; admitted;
    crisis = str(uuid.uuid4())
    mona.log("crisis_opened", {"kind": "somatic"}, client=even, case=crisis)
    story.tick()
    assert story.told("tue 09:42") == [("tue 09:42", name, CRISIS) for name in ("Alice", "Kaia", "Mona", "Per")]
    story.at("tue 09:43")
    mona.log("crisis_step_logged", {"step": "called_113"}, client=even, case=crisis)
    story.at("tue 10:20")
    absence = str(uuid.uuid4())
    mona.sync(
        mona.entry("crisis_closed", {"outcome": "admitted_voluntary"}, client=even, case=crisis),
        mona.entry("absence_started", {"absence_id": absence, "kind": "admitted"}, client=even),
    )
    assert alice.alerts() == []
    # the watch pauses.
    paused = watch(kaia, even)
    assert (paused["due_at"], paused["paused_by"]) == (None, absence)

    # The leader sees the whole line with times.
    assert timeline(alice, even)[2:] == [
        ("mon 09:10", "visit_logged"),
        ("tue 09:30", "visit_logged"),
        ("tue 09:32", "call_logged"),
        ("tue 09:41", "home_entered"),
        ("tue 09:42", "crisis_opened"),
        ("tue 09:43", "crisis_step_logged"),
        ("tue 10:20", "crisis_closed"),
        ("tue 10:20", "absence_started"),
    ]
    assert story.alert_line(alice, alert["id"]) == [
        ("tue 09:10", "opened"),
        ("tue 09:25", "escalated"),
        ("tue 09:26", "acknowledged"),
        ("tue 09:41", "resolved"),
    ]
    ended = story.alert(alice, alert["id"])
    assert ended.resolution == "seen_late"
    assert [(minute(one.at), one.how) for one in ended.told][:1] == [("tue 09:10", "shown")]
    story.at("thu 23:00")
    alice.sign_in()
    assert alice.alerts() == [], "whoever is admitted is not looked for at home"
