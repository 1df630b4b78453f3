"""15. Sover han? What looks like sleep is a crisis; it is not «sett»."""

import uuid

from tests.journeys._story import CRISIS, OVER, Story, at_minute, timeline, watch


def test_is_he_asleep(story: Story) -> None:
    house = story.world.team("Granstua", "staffed_housing")
    alice = story.staff("leader", house, name="Alice")
    nina, ola, bak = (story.staff("fieldworker", house, name=name) for name in ("Nina", "Ola", "Bakvakt"))
    even = story.client(nina, "Even")
    for person in (nina, ola):
        story.duty(alice, person, "mon 22:30", "tue 07:30")
    story.duty(alice, bak, "mon 15:00", "tue 07:30", kind="backup")
    due_before = watch(nina, even)["due_at"]

    # The nattevakt sees Even snore on the sofa and is about to press Sett; the text says what sett means;
    # he can't be woken: crisis,
    story.at("tue 02:10")
    nina.sign_in(), alice.sign_in(), ola.sign_in()
    crisis = str(uuid.uuid4())
    nina.log("crisis_opened", {"kind": "overdose"}, client=even, case=crisis)
    story.tick()
    # everyone on duty and the leader at once (the bakvakt only when the steps reach that far),
    assert story.told() == [("tue 02:10", name, CRISIS) for name in ("Alice", "Nina", "Ola")]
    (alert,) = ola.alerts()
    assert (alert["kind"], alert["client_id"]) == ("crisis", even)
    # 113,
    story.at("tue 02:11")
    nina.log("crisis_step_logged", {"step": "called_113"}, client=even, case=crisis)
    nina.log("alert_acknowledged", {"alert_id": alert["id"]})
    # nalokson twice.
    story.at("tue 02:12")
    nina.log("crisis_step_logged", {"step": "naloxone", "count": 1}, client=even, case=crisis)
    story.at("tue 02:15")
    nina.log("crisis_step_logged", {"step": "naloxone", "count": 1}, client=even, case=crisis)

    # Nobody has been logged as seen: the clock stands where it stood.
    clock = watch(ola, even)
    assert (clock["last_seen_at"], clock["due_at"]) == (None, due_before)
    assert timeline(ola, even)[1:] == [
        ("tue 02:10", "crisis_opened"),
        ("tue 02:11", "crisis_step_logged"),
        ("tue 02:12", "crisis_step_logged"),
        ("tue 02:15", "crisis_step_logged"),
    ]
    assert ola.replica["case", crisis]["status"] == "open"

    # The ambulance takes him along: now he has been seen, and those who were told hear that it is over.
    story.at("tue 02:40")
    nina.log("crisis_closed", {"outcome": "emergency_clinic", "debrief": True}, client=even, case=crisis)
    story.tick()
    assert alice.alerts() == []
    assert at_minute(watch(ola, even)["last_seen_at"]) == "tue 02:40"
    assert story.told("tue 02:16") == [("tue 02:40", name, OVER) for name in ("Alice", "Ola")]
    case = alice.pull()["case", crisis]
    assert (case["status"], case["next_step"]) == ("closed", "hold_debrief")


def test_a_crisis_nobody_takes_reaches_the_bakvakt_and_begins_again(story: Story) -> None:
    house = story.world.team("Granstua", "staffed_housing")
    alice = story.staff("leader", house, name="Alice")
    nina, bak = (story.staff("fieldworker", house, name=name) for name in ("Nina", "Bakvakt"))
    even = story.client(nina, "Even")
    story.duty(alice, nina, "mon 07:00", "mon 22:30")
    story.duty(alice, bak, "mon 07:00", "mon 22:30", kind="backup")
    story.at("mon 10:00")
    nina.log("crisis_opened", {"kind": "psychosis"}, client=even, case=str(uuid.uuid4()))
    story.at("mon 11:20")
    both = [("Alice", CRISIS), ("Nina", CRISIS)]
    assert story.told() == [
        *(("mon 10:00", *one) for one in both),
        ("mon 10:45", "Bakvakt", CRISIS),
        *(("mon 11:15", *one) for one in both),
    ]


def test_a_crisis_that_ends_in_death_rings_no_phone(story: Story) -> None:
    house = story.world.team("Granstua", "staffed_housing")
    alice = story.staff("leader", house, name="Alice")
    nina = story.staff("fieldworker", house, name="Nina")
    even = story.client(nina, "Even")
    crisis = str(uuid.uuid4())
    story.at("mon 10:00")
    nina.log("crisis_opened", {"kind": "overdose"}, client=even, case=crisis)
    story.at("mon 10:05")
    assert ("mon 10:00", "Alice", CRISIS) in story.told()
    nina.log("crisis_closed", {"outcome": "died"}, client=even, case=crisis)
    story.at("mon 10:10")
    assert alice.alerts() == []
    assert OVER not in {title for _, _, title in story.told()}
