"""When a team's alerts are too many or too untrue: exactly at, and just past, the two limits."""

import datetime as dt

import pytest

from fieldapp.domain.truer_alerts import AlertLoad, proposals, shifts_in

MORNING = dt.datetime(2026, 11, 23, 7, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("opened", "shifts", "reasons"), [(20, 20, ()), (21, 20, ("too_many",)), (1, 0, ("too_many",))]
)
def test_more_than_one_alert_per_person_and_shift_is_too_many(
    opened: int, shifts: float, reasons: tuple[str, ...]
) -> None:
    assert proposals(AlertLoad(opened, shifts, ended=opened, not_logged=0)) == reasons


@pytest.mark.parametrize(
    ("ended", "not_logged", "reasons"),
    [(10, 5, ()), (10, 6, ("not_logged",)), (5, 3, ("not_logged",)), (4, 4, ()), (0, 0, ())],
)
def test_more_than_half_not_logged_is_too_untrue_of_at_least_five(
    ended: int, not_logged: int, reasons: tuple[str, ...]
) -> None:
    assert proposals(AlertLoad(ended, 100, ended, not_logged)) == reasons


def test_both_may_hold_and_no_alerts_are_nothing_to_propose_about() -> None:
    assert proposals(AlertLoad(12, 6, 10, 9)) == ("too_many", "not_logged")
    assert proposals(AlertLoad(0, 0, 0, 0)) == ()


@pytest.mark.parametrize(("hours", "shifts"), [(3, 1), (8, 1), (12, 1.5), (24, 3), (168, 21)])
def test_eight_hours_of_duty_are_one_shift_and_a_short_one_is_one_too(hours: int, shifts: float) -> None:
    assert shifts_in(MORNING, MORNING + dt.timedelta(hours=hours)) == shifts
