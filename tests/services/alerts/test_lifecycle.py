"""Taking, putting off, handing over and ending: what a human does to an alert, and who is told that it is over."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.models import Alert, AlertTransition, EntryState, Watch
from fieldapp.models.alert import HANDED_STEP, OVER_STEP
from fieldapp.services.alerts import ending, holds, lifecycle
from sync.ids import uuid7
from tests._scene import NOON, Scene, minutes
from tests._world import World
from tests.services._house import EVENING, OPENS, House, office_hours, open_and_show


def test_an_acknowledgement_stops_the_ladder_for_an_hour_from_its_clock_time(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(10), clock_at=NOON + minutes(8))
    alert = house.alert()
    assert (alert.state, alert.owner_id, alert.next_at) == ("acknowledged", house.primary, NOON + minutes(68))
    house.climb(NOON + minutes(67))
    assert house.alert().state == "acknowledged"
    house.climb(NOON + minutes(68))
    alert = house.alert()
    assert (alert.state, alert.owner_id, alert.step, alert.round) == ("open", None, 0, 2)
    assert house.told(step=0, round=2) == [house.primary], "it climbs again from that step"
    house.receipt(house.primary, NOON + minutes(68))
    house.climb(NOON + minutes(83))
    assert house.alert().step == 1


def test_an_acknowledgement_that_ran_out_before_it_arrived_is_history_and_stops_nothing(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(61), clock_at=NOON + minutes(1))
    assert (house.alert().state, house.alert().owner_id) == ("open", None)
    assert events(house)[-1] == "came_late"


def test_of_those_who_took_it_the_earliest_clock_time_owns_it_and_then_the_next(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.colleague, NOON + minutes(20), clock_at=NOON + minutes(20))
    house.acknowledge(house.primary, NOON + minutes(21), clock_at=NOON + minutes(5))
    assert house.alert().owner_id == house.primary
    house.climb(NOON + minutes(65))
    assert (house.alert().state, house.alert().owner_id) == ("acknowledged", house.colleague)
    house.climb(NOON + minutes(80))
    assert house.alert().state == "open"


def test_an_owner_whose_duty_ends_loses_it_and_it_climbs_at_once(database: Database) -> None:
    scene = Scene(database)
    team = scene.team()
    mona = scene.person(team)
    scene.put_on(team, mona, "duty", NOON - minutes(60), NOON + minutes(20))
    night = scene.person(team, on="duty")
    scene.client(team)
    scene.tick(NOON)
    scene.acknowledge(mona, NOON + minutes(1))
    scene.climb(NOON + minutes(19))
    assert scene.alert().owner_id == mona
    scene.climb(NOON + minutes(20))
    assert (scene.alert().state, scene.alert().owner_id) == ("open", None)
    assert scene.told(round=2) == [night]


def test_angre_of_an_acknowledgement_gives_it_to_the_next_or_lets_it_climb(house: House) -> None:
    open_and_show(house)
    first = house.acknowledge(house.primary, NOON + minutes(3))
    second = house.acknowledge(house.colleague, NOON + minutes(4))
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert().id)
        holds.retract_hold(session, alert, entry_id=first, now=NOON + minutes(5))
    assert house.alert().owner_id == house.colleague
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert().id)
        holds.retract_hold(session, alert, entry_id=second, now=NOON + minutes(6))
    assert (house.alert().state, house.alert().owner_id) == ("open", None)


@pytest.mark.parametrize(
    ("role", "asked", "given"), [("fieldworker", 600, 240), ("leader", 600, 600), ("leader", 2000, 1440)]
)
def test_a_snooze_lasts_at_most_four_hours_and_a_leaders_a_day(
    house: House, role: str, asked: float, given: float
) -> None:
    open_and_show(house)
    who = house.leader if role == "leader" else house.primary
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert().id)
        holds.snooze(
            session, alert, staff_id=who, entry_id=uuid7(), clock_at=NOON, until=NOON + minutes(asked),
            now=NOON + minutes(1),
        )  # fmt: skip
    assert (house.alert().state, house.alert().next_at) == ("snoozed", NOON + minutes(given))
    house.climb(NOON + minutes(given))
    assert house.alert().state == "open"


def test_taking_what_a_colleague_has_put_off_ends_that_and_it_climbs_when_the_hour_is_over(house: House) -> None:
    open_and_show(house)
    snooze(house, house.leader, NOON + minutes(1), until=NOON + minutes(24 * 60))
    house.acknowledge(house.colleague, NOON + minutes(10))
    assert (house.alert().state, house.alert().owner_id) == ("acknowledged", house.colleague)
    house.climb(NOON + minutes(70))
    assert (house.alert().state, house.alert().owner_id) == ("open", None)
    assert house.told(step=0, round=2) == [house.primary]


def test_a_take_that_comes_too_late_to_hold_it_still_ends_what_was_put_off_before_it(house: House) -> None:
    open_and_show(house)
    snooze(house, house.leader, NOON + minutes(1), until=NOON + minutes(24 * 60))
    house.acknowledge(house.colleague, NOON + minutes(90), clock_at=NOON + minutes(10))
    assert (house.alert().state, house.alert().owner_id) == ("open", None)
    assert house.told(step=0, round=2) == [house.primary]


def test_who_has_taken_it_may_put_it_off_after_that(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.colleague, NOON + minutes(1))
    snooze(house, house.colleague, NOON + minutes(10), until=NOON + minutes(200))
    house.climb(NOON + minutes(61))
    assert (house.alert().state, house.alert().next_at) == ("snoozed", NOON + minutes(200))


def test_a_hand_over_tells_the_named_person_and_climbs_until_they_take_it(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(10))
    hand_over(house, house.primary, house.colleague, NOON + minutes(20))
    assert (house.alert().state, house.alert().owner_id) == ("open", None)
    assert house.told(step=HANDED_STEP) == [house.colleague]
    house.receipt(house.colleague, NOON + minutes(20))
    house.climb(NOON + minutes(34))
    assert house.alert().step == 0
    house.climb(NOON + minutes(35))
    assert house.alert().step == 1
    house.acknowledge(house.colleague, NOON + minutes(36))
    assert house.alert().owner_id == house.colleague


def test_a_hand_over_to_someone_who_cannot_be_reached_climbs_at_once(house: House) -> None:
    absent = house.person(house.team_id, phone=False)
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(10))
    hand_over(house, house.primary, absent, NOON + minutes(20))
    assert (house.alert().state, house.alert().step) == ("open", 1)


def test_a_hand_over_that_arrives_late_takes_nothing_from_who_has_taken_it_since(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(10))
    house.acknowledge(house.colleague, NOON + minutes(20))
    hand_over(house, house.primary, house.leader, NOON + minutes(30), clock_at=NOON + minutes(15))
    assert (house.alert().state, house.alert().owner_id) == ("acknowledged", house.colleague)


@pytest.mark.parametrize("minutes_before", [5, -5])
def test_taken_and_handed_over_in_whatever_order_they_arrive_it_is_the_same(world: World, minutes_before: int) -> None:
    ends = []
    for is_late in (False, True):
        team = world.team()
        alice, bob, cara = (
            world.staff("leader", team),
            world.staff("fieldworker", team),
            world.staff("fieldworker", team),
        )
        bob.log("concern_raised", {"reason": "roper"}, client=bob.register("Eva"))
        about = {"alert_id": alice.alerts()[0]["id"]}
        handed = (bob, "alert_handed_over", about | {"to_staff_id": cara.id})
        taken = (alice, "alert_acknowledged", about)
        written = []
        for who, type_, body in [handed, taken] if minutes_before > 0 else [taken, handed]:
            written.append((who, who.entry(type_, body)))
            world.clock.shift(minutes=5)
        for who, entry in written[::-1] if is_late else written:
            who.sync(entry)
        (alert,) = alice.alerts()
        ends.append((alert["state"], alert["owner"] == alice.id))
    assert ends[0] == ends[1] == (("acknowledged", True) if minutes_before > 0 else ("open", False))


def test_what_has_only_waited_goes_on_waiting_when_it_is_handed_on_at_night_and_rings_in_the_morning(
    house: House,
) -> None:
    office_hours(house, house.team_id, "wait")
    house.set_due(house.client_id, EVENING)
    house.tick(EVENING)
    house.acknowledge(house.leader, EVENING + minutes(5))
    hand_over(house, house.leader, house.colleague, EVENING + minutes(10))
    assert (house.alert().state, house.alert().next_at) == ("waiting", OPENS)
    assert house.told() == house.told(step=HANDED_STEP) == [house.colleague]
    house.acknowledge(house.colleague, EVENING + minutes(20))
    house.climb(EVENING + minutes(80))
    assert house.alert().state == "waiting"
    house.climb(OPENS)
    assert (house.alert().state, house.told(step=0)) == ("open", [house.primary])


def test_a_worry_that_was_corrected_away_and_back_rings_again(world: World) -> None:
    team = world.team()
    alice, bob = world.staff("leader", team), world.staff("fieldworker", team)
    eva = bob.register("Eva")
    concern = bob.log("concern_raised", {"reason": "roper", "urgency": "now"}, client=eva)
    correction = {"entry_id": concern["id"], "what": "text", "reason": "feil"}
    bob.log("entry_corrected", correction | {"body": {"reason": "roper", "urgency": "board"}})
    assert alice.alerts() == []
    world.clock.shift(minutes=1)
    bob.log("entry_corrected", correction | {"body": {"reason": "roper", "urgency": "now"}})
    (alert,) = alice.alerts()
    bob.log("alert_resolved", {"alert_id": alert["id"], "reason": "snakket med henne", "outcome": "other"}, client=eva)
    world.clock.shift(minutes=1)
    bob.log("entry_corrected", correction | {"body": {"reason": "roper høyt", "urgency": "now"}})
    assert alice.alerts() == [], "it was answered"


def test_the_end_is_told_to_those_who_were_told_less_its_author(house: House) -> None:
    open_and_show(house)
    house.climb(NOON + minutes(15))
    house.receipt(house.primary, NOON + minutes(15))
    house.receipt(house.colleague, NOON + minutes(15))
    resolve(house, by=house.colleague)
    assert house.told(step=OVER_STEP) == [house.primary]


def test_who_was_not_sent_anything_yet_is_not_told_that_it_is_over(house: House) -> None:
    house.tick(NOON)
    resolve(house, by=None)
    assert house.told(step=OVER_STEP) == []
    assert [row.state for row in house.deliveries()] == ["called_off"]


def test_a_death_is_pushed_to_nobody(house: House) -> None:
    open_and_show(house)
    with house.database.transaction() as session:
        watch = session.get_one(Watch, house.client_id)
        watch.due_at = None
        lifecycle.settle_not_seen(
            session, watch, resolution_if_ended="died", contact_at=None, staff_id=house.leader, entry_id=uuid7(),
            now=NOON + minutes(5),
        )  # fmt: skip
    assert house.alerts()[0].resolution == "died"
    assert house.told(step=OVER_STEP) == []


@pytest.mark.parametrize(("after_due", "resolution"), [(-10, "seen_in_time"), (0, "seen_in_time"), (1, "seen_late")])
def test_a_contact_ends_it_in_time_or_late(house: House, after_due: float, resolution: str) -> None:
    open_and_show(house)
    settle(house, due_in=600, contact_at=NOON + minutes(after_due))
    assert house.alerts()[0].resolution == resolution


def test_a_contact_that_leaves_the_clock_run_out_leaves_the_alert_with_owner_and_step(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(2))
    settle(house, due_in=-1, contact_at=NOON - minutes(5))
    assert (house.alert().state, house.alert().owner_id) == ("acknowledged", house.primary)


def test_however_a_not_seen_alert_ends_a_clock_still_run_out_alerts_again(house: House) -> None:
    """The invariant: no way of ending it leaves a silent client."""
    open_and_show(house)
    resolve(house, by=house.primary)
    house.tick(NOON + minutes(10))
    assert house.alert().state == "open"


def test_a_resolved_alert_takes_acknowledgements_as_history(house: House) -> None:
    open_and_show(house)
    alert_id = house.alert().id
    resolve(house, by=house.primary)
    with house.database.transaction() as session:
        holds.acknowledge(
            session, session.get_one(Alert, alert_id), staff_id=house.colleague, entry_id=uuid7(), clock_at=NOON,
            now=NOON + minutes(6),
        )  # fmt: skip
    assert house.alerts()[0].state == "resolved"
    assert events(house)[-1] == "came_late"


def test_every_change_is_a_row(house: House) -> None:
    open_and_show(house)
    house.climb(NOON + minutes(15))
    house.acknowledge(house.colleague, NOON + minutes(16))
    house.climb(NOON + minutes(76))
    resolve(house, by=house.primary, at=80)
    assert events(house) == ["opened", "step_began", "acknowledged", "hold_ran_out", "step_began", "resolved"]


def test_a_struck_acknowledgement_holds_nothing_after_recomputing(house: House) -> None:
    open_and_show(house)
    entry_id = house.acknowledge(house.primary, NOON + minutes(3))
    with house.database.transaction() as session:
        entry = house._registration(house.client_id, house.team_id, house.primary)
        entry.id = entry_id
        session.add(entry)
        session.flush()
        session.add(
            EntryState(
                entry_id=entry_id, client_id=house.client_id, body={}, degree="none", contact_at=NOON, struck_by=uuid7()
            )
        )
        session.flush()
        holds.recompute_holds(session, house.alert_id(), NOON + minutes(4))
    assert house.alert().state == "open"


def resolve(house: House, *, by: uuid.UUID | None, at: float = 5) -> None:
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert_id())
        ending.resolve(session, alert, resolution="other", staff_id=by, entry_id=uuid7(), now=NOON + minutes(at))


def settle(house: House, *, due_in: float, contact_at: dt.datetime) -> None:
    now = NOON + minutes(5)
    with house.database.transaction() as session:
        watch = session.get_one(Watch, house.client_id)
        watch.due_at = now + minutes(due_in)
        lifecycle.settle_not_seen(
            session, watch, resolution_if_ended="other", contact_at=contact_at, staff_id=house.primary,
            entry_id=uuid7(), now=now,
        )  # fmt: skip


def events(house: House) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(AlertTransition.event).order_by(AlertTransition.id)))


def hand_over(
    house: House, from_staff: uuid.UUID, to_staff: uuid.UUID, now: dt.datetime, *, clock_at: dt.datetime | None = None
) -> None:
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert().id)
        holds.hand_over(
            session, alert, from_staff_id=from_staff, to_staff_id=to_staff, entry_id=uuid7(),
            clock_at=clock_at or now, now=now,
        )  # fmt: skip


def snooze(house: House, staff_id: uuid.UUID, at: dt.datetime, *, until: dt.datetime) -> None:
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert().id)
        holds.snooze(
            session, alert, staff_id=staff_id, entry_id=uuid7(), clock_at=at, until=until, now=at
        )  # fmt: skip
