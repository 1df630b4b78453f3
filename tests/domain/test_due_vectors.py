"""When a clock runs out, by the examples that the phone is held to as well."""

import datetime as dt
import uuid
from typing import Any

import pytest

from fieldapp.domain.absence import watched_times
from fieldapp.domain.watch import AbsenceSpan, Agreement, HandCheck, due, expected_end, tightened_until
from tests.sync._vectors import cases


def moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def span(row: dict[str, Any]) -> AbsenceSpan:
    on = row.get("expected_end_on")
    ends = (moment(row.get("ended_at")), expected_end(dt.date.fromisoformat(on) if on else None, None))
    began = dt.datetime.fromisoformat(row["started_at"])
    at_home = () if row.get("ended_at") else tuple(watched_times(row.get("steps", ())))
    return AbsenceSpan(uuid.UUID(row["id"]), row["kind"], began, min((at for at in ends if at), default=None), at_home)


@pytest.mark.parametrize("case", cases("due.json"))
def test_a_clock_runs_out_as_its_vector_says(case: dict[str, Any]) -> None:
    since = dt.datetime.fromisoformat(case["since_at"])
    agreement = Agreement(
        mode=case.get("mode", "interval"),
        interval_minutes=case["interval_minutes"],
        counts=frozenset({"seen"}),
        sources=None,
        shifts=(),
        pause_with_others=case.get("pause_with_others", False),
        since=since,
        tighten_days=case.get("tighten_days", 0),
    )
    absences = [span(row) for row in case["absences"]]
    check = HandCheck(**{name: moment(at) for name, at in case["next_check"].items()}) if "next_check" in case else None
    found = due(
        agreement, since, moment(case["last_contact_at"]), absences, check,
        case.get("ended", False), case.get("deceased", False), dt.datetime.fromisoformat(case["now"]),
    )  # fmt: skip
    expected = case["expect"]
    assert (found.due_at, str(found.paused_by) if found.paused_by else None, tightened_until(agreement, absences)) == (
        moment(expected["due_at"]), expected["paused_by"], moment(expected["tightened_until"])
    )  # fmt: skip
