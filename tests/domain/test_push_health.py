"""The hours at which a phone may be asked to prove itself."""

import datetime as dt

import pytest

from fieldapp.domain.push_health import in_waking_hours, in_working_hours


@pytest.mark.parametrize(
    ("utc", "working", "waking"),
    [
        ("2026-11-23T07:59", False, True),  # 08.59, winter
        ("2026-11-23T08:00", True, True),
        ("2026-11-23T14:00", False, True),
        ("2026-07-06T07:00", True, True),  # 09.00, summer
        ("2026-07-06T13:00", False, True),
        ("2026-05-17T10:00", False, True),  # a Sunday and the 17th of May
        ("2026-05-14T10:00", False, True),  # Ascension Day
        ("2026-11-23T22:00", False, False),
        ("2026-11-23T05:59", False, False),
        ("2026-11-23T06:00", False, True),
    ],
)
def test_working_and_waking_hours_are_those_of_norway(utc: str, working: bool, waking: bool) -> None:
    at = dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)
    assert (in_working_hours(at), in_waking_hours(at)) == (working, waking)
