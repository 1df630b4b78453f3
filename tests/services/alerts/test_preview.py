"""What the preview of the ladder says is what the engine would do: opening hours, who can be reached, and the clock."""

import datetime as dt
import uuid

import pytest

from fieldapp import clock
from fieldapp.models import Notification, Staff
from fieldapp.services.alerts.preview import LadderThen, preview
from tests._push_service import PushService
from tests._world import Person, World

SUNDAY_NIGHT = dt.datetime(2026, 11, 29, 2, 0, tzinfo=dt.UTC)
MONDAY_AT_EIGHT = dt.datetime(2026, 11, 30, 7, 0, tzinfo=dt.UTC)


@pytest.fixture
def alice(world: World, push_service: PushService) -> Person:
    leader = world.staff("leader", world.team("FACT Nord"), name="Alice")
    leader.subscribe(push_service)
    return leader


@pytest.fixture
def bob(world: World, alice: Person, push_service: PushService) -> Person:
    person = world.staff("fieldworker", *alice.teams, name="Bob")
    person.subscribe(push_service)
    return person


def office_hours(alice: Person, when_closed: str, to_team_id: str | None = None) -> None:
    week = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    body = {"team_id": alice.teams[0].id, "hours": week, "shifts": {}, "closed_days": [], "when_closed": when_closed}
    alice.log("team_hours_set", body | ({"to_team_id": to_team_id} if to_team_id else {}))


def on_duty(alice: Person, person: Person, from_at: str, to_at: str) -> None:
    body = {"team_id": person.teams[0].id, "staff_id": person.id, "duty": "duty", "from_at": from_at, "to_at": to_at}
    alice.log("duty_set", body)


def look(
    world: World, alice: Person, kind: str, at: dt.datetime | None = None, times: tuple[float, ...] | None = None
) -> LadderThen:
    with world.database.reading() as session:
        return preview(session, uuid.UUID(alice.teams[0].id), kind, at or clock.now(), times)


def told(then: LadderThen) -> list[tuple[float, tuple[str, ...]]]:
    return [(step.minutes, tuple(one.name for one in step.people)) for step in then.steps]


def test_the_ladder_is_who_would_be_told_now(world: World, alice: Person, bob: Person) -> None:
    on_duty(alice, bob, "2026-11-23T08:00:00+01:00", "2026-11-23T15:30:00+01:00")
    then = look(world, alice, "not_seen")
    assert told(then) == [(0, ("Bob",)), (15, ("Bob",)), (30, ("Alice",)), (45, ())]
    assert (then.waits_until_at, then.is_closed) == (None, False)


def test_what_waits_for_the_team_counts_its_steps_from_when_it_opens(world: World, alice: Person, bob: Person) -> None:
    office_hours(alice, "wait")
    then = look(world, alice, "not_seen", SUNDAY_NIGHT)
    assert then.waits_until_at == MONDAY_AT_EIGHT
    assert [step.at - MONDAY_AT_EIGHT for step in then.steps] == [dt.timedelta(minutes=n) for n in (0, 15, 30, 45)]
    assert told(then)[0] == (0, ("Alice", "Bob"))
    assert look(world, alice, "crisis", SUNDAY_NIGHT).waits_until_at is None


def test_a_closed_team_that_does_not_wait_rings_its_leaders_when_nobody_keeps_watch(
    world: World, alice: Person, bob: Person
) -> None:
    office_hours(alice, "on_call")
    then = look(world, alice, "not_seen", SUNDAY_NIGHT)
    assert (then.waits_until_at, then.is_closed) == (None, True)
    assert told(then)[:3] == [(0, ()), (0, ()), (0, ("Alice",))]
    assert told(look(world, alice, "concern", SUNDAY_NIGHT))[0] == (0, ("Alice",))


def test_a_worry_while_closed_goes_to_those_on_duty_in_the_team_handed_to(
    world: World, alice: Person, bob: Person
) -> None:
    nights = world.team("Nattevakta", "night")
    nina = world.staff("fieldworker", nights, name="Nina")
    office_hours(alice, "hand_over", nights.id)
    first = look(world, alice, "concern", SUNDAY_NIGHT).steps[0]
    assert [one.name for one in first.people] == [nina.name]
    assert first.unless_shared == ("Alice",)
    crisis = look(world, alice, "crisis", SUNDAY_NIGHT)
    assert (crisis.to_team, told(crisis)[0]) == ("Nattevakta", (0, ("Alice", "Nina")))


def test_the_preview_tells_whom_the_engine_then_tells(world: World, alice: Person, bob: Person) -> None:
    office_hours(alice, "on_call")
    even = alice.register("Even B.")
    world.clock.move_to(SUNDAY_NIGHT)
    alice.sign_in()
    bob.sign_in()
    expected = {one.name for one in look(world, alice, "concern").steps[0].people}
    bob.log("concern_raised", {"reason": "Roping i natt", "urgency": "now"}, client=even)
    with world.database.reading() as session:
        rows = session.query(Staff.name).join(Notification, Notification.staff_id == Staff.id)
        assert {row.name for row in rows} == expected


def test_the_first_step_is_at_once_whatever_its_number(world: World, alice: Person, bob: Person) -> None:
    then = look(world, alice, "not_seen", times=(10, 20, 30, 40))
    assert [step.minutes for step in then.steps][:3] == [0, 20, 30]


def test_where_nobody_can_be_reached_the_next_step_begins_with_it(world: World, alice: Person) -> None:
    world.staff("fieldworker", *alice.teams, name="Bob")
    on_duty(alice, alice, "2026-11-24T08:00:00+01:00", "2026-11-24T15:30:00+01:00")
    then = look(world, alice, "not_seen")
    assert told(then) == [(0, ()), (0, ()), (0, ("Alice",)), (45, ())]
    assert [step.is_reached for step in then.steps] == [False, False, True, False]


def test_whoever_is_out_is_asked_first_and_the_others_after_five_minutes(
    world: World, alice: Person, bob: Person
) -> None:
    first, second, _ = look(world, alice, "staff_overdue", times=(0, 20, 30, 40)).steps
    assert (first.asks_who_is_out, first.is_reached, first.people) == (True, True, ())
    assert (second.minutes, [one.name for one in second.people]) == (5, ["Alice", "Bob"])
