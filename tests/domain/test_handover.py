"""What the next shift is told: since when, whom first, and what is said aloud."""

import datetime as dt
from uuid import UUID

import pytest

from fieldapp.domain.handover import SPOKEN, Happening, blocks, since_last_shift, spoken
from fieldapp.domain.norway import at_wall_time

SHIFTS = {"day": (dt.time(7, 30), dt.time(15)), "evening": (dt.time(14, 45), dt.time(22))}
NIGHT = {"night": (dt.time(22), dt.time(7, 30))}
MONDAY = dt.date(2026, 11, 23)


def at(clock: str, day: dt.date = MONDAY) -> dt.datetime:
    return at_wall_time(day, dt.time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("now", "shifts", "since"),
    [
        ("15:10", SHIFTS, at("07:30")),  # the evening is on: what the day had
        ("08:00", SHIFTS, at("14:45", MONDAY - dt.timedelta(days=1))),  # the day is on: what the evening before had
        ("23:00", SHIFTS, at("14:45")),  # nobody is on: what the evening had
        ("08:00", SHIFTS | NIGHT, at("22:00", MONDAY - dt.timedelta(days=1))),
        ("02:00", SHIFTS | NIGHT, at("14:45", MONDAY - dt.timedelta(days=1))),
        ("08:00", {}, at("08:00", MONDAY - dt.timedelta(days=1))),
    ],
)
def test_since_the_last_shift(now: str, shifts: dict[str, tuple[dt.time, dt.time]], since: dt.datetime) -> None:
    assert since_last_shift(at(now), shifts) == since


def happening(kind: str, client: int, clock: str = "10:00", *, important: bool = False) -> Happening:
    return Happening(kind, UUID(int=client), f"Bruker {client}", at(clock), kind, important=important)


def test_the_most_urgent_client_stands_first_with_all_of_theirs() -> None:
    told = [
        happening("task", 1),
        happening("missed", 2, "09:00"),
        happening("crisis", 3),
        happening("missed", 4, "11:00"),
        happening("absence", 1),
    ]
    assert [block.client for block in blocks(told)] == ["Bruker 3", "Bruker 1", "Bruker 4", "Bruker 2"]
    assert [one.kind for one in blocks(told)[1].happenings] == ["absence", "task"]


def test_what_is_called_important_stands_before_a_crisis() -> None:
    told = [happening("crisis", 1), happening("note", 2, important=True)]
    assert [block.client for block in blocks(told)] == ["Bruker 2", "Bruker 1"]


def test_the_order_does_not_hang_on_the_order_of_reading() -> None:
    told = [happening(kind, i) for i, kind in enumerate(("task", "alert", "note", "concern"))]
    assert blocks(told) == blocks(reversed(told))


def test_no_more_is_said_aloud_than_two_minutes_hold() -> None:
    said, left = spoken(blocks(happening("task", i) for i in range(SPOKEN + 3)))
    assert (len(said), left) == (SPOKEN, 3)
    assert spoken([]) == ([], 0)
