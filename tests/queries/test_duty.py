"""Who takes alerts for a team: now, next, and through a week with its gaps."""

import datetime as dt
import uuid

import pytest

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.queries import duty
from tests._world import Person, World

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture
def alice(world: World) -> Person:
    return world.staff("leader", world.team(), name="Alice")


def put_on(alice: Person, person: Person, kind: str, from_at: str, to_at: str) -> None:
    body = {"team_id": alice.teams[0].id, "staff_id": person.id, "duty": kind, "from_at": from_at, "to_at": to_at}
    alice.log("duty_set", body)


def the_week(world: World, alice: Person, monday: dt.date = MONDAY) -> list[duty.DutyDay]:
    with world.database.reading() as session:
        return duty.week(session, uuid.UUID(alice.teams[0].id), monday, clock.now())


def hours(gaps: tuple[duty.Gap, ...]) -> list[float]:
    return [(gap.to_at - gap.from_at).total_seconds() / 3600 for gap in gaps]


def test_a_backup_covers_no_gap_and_the_past_has_none(world: World, alice: Person) -> None:
    put_on(alice, alice, "backup", "2026-11-22T00:00:00+01:00", "2026-11-30T00:00:00+01:00")
    put_on(alice, alice, "duty", "2026-11-23T12:00:00+01:00", "2026-11-24T12:00:00+01:00")
    monday, tuesday, *_ = the_week(world, alice)
    assert [round(long) for long in hours(monday.gaps)] == [2]  # 10.00 is now
    assert hours(tuesday.gaps) == [12]
    last_week = the_week(world, alice, MONDAY - dt.timedelta(days=7))
    assert [day.gaps for day in last_week] == [()] * 7


def test_a_duty_stands_on_every_day_it_covers(world: World, alice: Person) -> None:
    put_on(alice, alice, "duty", "2026-11-20T08:00:00+01:00", "2026-11-24T08:00:00+01:00")
    days = the_week(world, alice)
    assert [len(day.rows) for day in days] == [1, 1, 0, 0, 0, 0, 0]


def test_two_shifts_that_meet_leave_no_gap_and_two_that_overlap_count_once(world: World, alice: Person) -> None:
    put_on(alice, alice, "duty", "2026-11-24T00:00:00+01:00", "2026-11-24T15:00:00+01:00")
    put_on(alice, alice, "duty", "2026-11-24T15:00:00+01:00", "2026-11-24T20:00:00+01:00")
    put_on(alice, alice, "duty", "2026-11-24T09:00:00+01:00", "2026-11-24T12:00:00+01:00")
    assert hours(the_week(world, alice)[1].gaps) == [4]


def test_the_day_the_clock_goes_back_has_twenty_five_hours(world: World, alice: Person) -> None:
    put_on(alice, alice, "duty", "2027-11-01T00:00:00+01:00", "2027-11-02T00:00:00+01:00")
    sunday = the_week(world, alice, dt.date(2027, 10, 25))[6]
    assert hours(sunday.gaps) == [25]


def test_now_names_who_is_on_duty_and_who_is_next(world: World, alice: Person) -> None:
    bob = world.staff("fieldworker", *alice.teams, name="Bob")
    put_on(alice, alice, "duty", "2026-11-23T08:00:00+01:00", "2026-11-23T15:30:00+01:00")
    put_on(alice, bob, "duty", "2026-11-23T15:00:00+01:00", "2026-11-23T22:30:00+01:00")
    put_on(alice, bob, "backup", "2026-11-23T08:00:00+01:00", "2026-11-23T15:00:00+01:00")
    viewer = Viewer(uuid.UUID(alice.id), "leader", frozenset({uuid.UUID(alice.teams[0].id)}))
    with world.database.reading() as session:
        (team,) = duty.teams_now(session, viewer, clock.now())
    assert (team.on_duty, team.backup) == (("Alice",), ("Bob",))
    assert team.next_shift
    assert team.next_shift.names == ("Bob",)
