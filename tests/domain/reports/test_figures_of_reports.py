"""What the reports make of rows: hours decided, middle times, scale points, bars."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest

from fieldapp.domain.reports import contacts, events, watching
from fieldapp.domain.reports.basis import AlertRow, CaseRow, Decision, Deed, Followed, Follows, Period, Standing, Team
from fieldapp.domain.reports.chart import CHARTS, bars
from fieldapp.domain.reports.fidelity import Basis, fidelity_act, fidelity_hf, scale_point
from fieldapp.domain.reports.table import Table

OSLO = ZoneInfo("Europe/Oslo")
KARI, NORD, SOR = uuid.UUID(int=1), uuid.UUID(int=11), uuid.UUID(int=12)
BOB, CATO = uuid.UUID(int=21), uuid.UUID(int=22)
WEEK = Period(dt.date(2026, 11, 23), dt.date(2026, 11, 29))


def followed(*clients: uuid.UUID, ended: dict[uuid.UUID, dt.date] | None = None) -> Followed:
    return Followed([Follows(one, NORD, dt.date(2026, 1, 1), None) for one in clients or (KARI,)], [NORD], ended or {})


def visit(at: str, client: uuid.UUID = KARI, author: uuid.UUID = BOB, **body: object) -> Deed:
    told = {"outcome": "seen", "place": "home", **body}
    degree = "seen" if told["outcome"] == "seen" else "attempt"
    return Deed("visit_logged", client, author, degree, dt.datetime.fromisoformat(at).replace(tzinfo=OSLO), 0, told)


def cells(table: Table) -> list[tuple[object, ...]]:
    return [line.cells for line in table.lines]


# --- days -----------------------------------------------------------------------------------------------------------


def test_a_period_is_whole_norwegian_days_when_the_clocks_change_too() -> None:
    spring, autumn = (Period(on, on) for on in (dt.date(2026, 3, 29), dt.date(2026, 10, 25)))
    assert spring.ends - spring.begins == dt.timedelta(hours=23)
    assert autumn.ends - autumn.begins == dt.timedelta(hours=25)
    assert autumn.begins == dt.datetime(2026, 10, 24, 22, tzinfo=dt.UTC)


def test_weeks_are_of_the_iso_year() -> None:
    assert Period(dt.date(2026, 12, 27), dt.date(2027, 1, 4)).weeks() == ["2026-W52", "2026-W53", "2027-W01"]


def test_what_came_before_any_team_is_the_first_teams_and_after_the_end_nobodys() -> None:
    days = [
        Follows(KARI, NORD, dt.date(2026, 5, 1), dt.date(2026, 6, 1)),
        Follows(KARI, SOR, dt.date(2026, 6, 2), None),
    ]
    ended = {KARI: dt.date(2026, 7, 1)}
    nord, sor = Followed(days, [NORD], ended), Followed(days, [SOR], ended)
    assert [nord.on(KARI, dt.date(2026, month, 1)) for month in (1, 5, 6, 7)] == [True, True, True, False]
    assert [
        sor.on(KARI, dt.date(2026, 1, 1)),
        sor.on(KARI, dt.date(2026, 7, 1)),
        sor.on(KARI, dt.date(2026, 7, 2)),
    ] == [
        False,
        True,
        False,
    ]


# --- counts ---------------------------------------------------------------------------------------------------------


def test_who_was_asked_in_has_visited_and_not_entered() -> None:
    entered = Deed("home_entered", KARI, BOB, "seen", visit("2026-11-23 10:00").at, 0, {"ground": "invited"})
    assert cells(contacts.contacts([entered])) == [("visit_logged", "home", 10, 1)]
    assert cells(events.home_entries([entered])) == []


def test_continuity_counts_everybody_who_was_there() -> None:
    deeds = [
        visit("2026-11-23 10:00", with_staff=[str(CATO)]),
        visit("2026-11-24 10:00", outcome="no_answer", author=SOR),
    ]
    found = cells(contacts.continuity([KARI, uuid.UUID(int=2)], deeds))
    assert found == [("0", 1), ("1", 0), ("2", 1), ("3", 0), ("4", 0), ("5_or_more", 0)]


def test_a_decision_per_week_and_one_per_month_in_minutes() -> None:
    a_week = Decision(KARI, "Booppfølging", WEEK.from_on, None, "3.5", "week")
    assert cells(contacts.hours(WEEK, [visit("2026-11-24 10:00", duration_min=90)], [a_week], followed())) == [
        ("Booppfølging", "2026-W48", 210, 90)
    ]
    a_month = Decision(KARI, "Booppfølging", dt.date(2026, 1, 1), None, "30", "month")
    assert contacts.hours(WEEK, [], [a_month], followed()).total("decided") == 7 * 60
    as_needed = Decision(KARI, "Booppfølging", dt.date(2026, 1, 1), None, "30", "as_needed")
    assert contacts.hours(WEEK, [], [as_needed], followed()).total("decided") == 0


def test_no_hours_are_decided_after_the_end_of_follow_up() -> None:
    a_week = Decision(KARI, "Booppfølging", WEEK.from_on, None, "7", "week")
    ended = followed(ended={KARI: dt.date(2026, 11, 24)})
    assert contacts.hours(WEEK, [], [a_week], ended).total("decided") == 120


def test_a_client_with_two_services_is_counted_apart_and_one_with_none_too() -> None:
    two = [Decision(KARI, name, WEEK.from_on, None, "1", "week") for name in ("Booppfølging", "Praktisk hjelp")]
    deeds = [visit("2026-11-24 10:00", duration_min=30), visit("2026-11-24 12:00", client=SOR, duration_min=20)]
    assert cells(contacts.hours(WEEK, deeds, two, followed())) == [
        ("(none)", "2026-W48", 0, 20),
        ("(several)", "2026-W48", 120, 30),
    ]


def test_a_middle_time_is_told_of_five_and_a_line_of_fewer_is_small() -> None:
    rows = [AlertRow("not_seen", "seen_late", float(n)) for n in range(1, 6)] + [AlertRow("concern", "other", 3.0)]
    table = watching.alerts(rows)
    assert cells(table) == [("concern", "other", 1, None), ("not_seen", "seen_late", 5, 3.0)]
    assert [line.small for line in table.lines] == [True, False]


@pytest.mark.parametrize(("hours", "band"), [(23, "under_1_day"), (24, "1_to_3_days"), (30 * 24, "over_30_days")])
def test_how_long_ago_somebody_was_seen(hours: int, band: str) -> None:
    at = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    table = watching.not_seen([KARI], {KARI: at - dt.timedelta(hours=hours)}, at)
    assert [line.cells for line in table.lines if line.cells[1]] == [(band, 1)]
    assert watching.not_seen([KARI], {}, at).lines[-1].cells == ("never", 1)


def test_an_outcome_that_was_said_of_the_tenancy_goes_before_the_status() -> None:
    cases = [
        CaseRow("rent", "resolved", {"tenancy": "saved"}),
        CaseRow("rent", "open", {}),
        CaseRow("crisis", "open", {}),
    ]
    assert cells(events.tenancies(cases)) == [("open", 1), ("saved", 1)]


def test_a_complaint_about_two_things_counts_for_each() -> None:
    facts = {"what": ["noise", "theft"], "client_role": "causes"}
    assert cells(events.complaints([CaseRow("complaint", "open", facts)])) == [
        ("noise", "causes", "open", 1),
        ("theft", "causes", "open", 1),
    ]


def test_late_is_more_than_a_day() -> None:
    deeds = [visit("2026-11-24 10:00")._replace(minutes_late=minutes) for minutes in (1440, 1441)]
    assert watching.data_quality(Standing(0, 0), deeds).lines[-1].cells == ("entries_late", 1)


# --- fidelity -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "value", "point"),
    [
        ("H1_small_caseload", 10, 5),
        ("H1_small_caseload", 10.1, 4),
        ("H1_small_caseload", 50, 1),
        ("H2_team_approach", 9.9, 1),
        ("H2_team_approach", 37, 3),
        ("H2_team_approach", 90, 5),
        ("H3_program_meeting", 4, 5),
        ("H3_program_meeting", 0.25, 1),
        ("O2_intake_rate", 6, 5),
        ("O2_intake_rate", 16, 1),
        ("S1_in_vivo_services", 79.9, 4),
        ("S4_intensity_of_service", 120, 5),
        ("S5_frequency_of_contact", 0.9, 1),
        ("S5_frequency_of_contact", None, None),
        ("33_low_participant_staff_ratio", 4, None),
    ],
)
def test_scale_points_begin_where_the_published_scale_says(item: str, value: float | None, point: int | None) -> None:
    assert scale_point(item, value) == point


def basis(*deeds: Deed, clients: int = 5) -> Basis:
    ids = [KARI, *(uuid.UUID(int=100 + n) for n in range(clients - 1))]
    return Basis(WEEK, followed(*ids), deeds, board_days=16, team=Team(staff=2, peers=1))


def test_fidelity_of_act_names_every_item_and_computes_some() -> None:
    deeds = [visit("2026-11-23 10:00", duration_min=60), visit("2026-11-24 10:00", author=CATO, place="office")]
    table = fidelity_act(basis(*deeds))
    found = {line.cells[0]: line.cells[1:] for line in table.lines}
    assert len(found) == 28
    assert found["H1_small_caseload"] == (2.5, 5, "team_members")
    assert found["H2_team_approach"] == (100.0, 5, "visits")
    assert found["H3_program_meeting"] == (4.0, 5, "board_meetings")
    assert found["S1_in_vivo_services"] == (50.0, 3, "visits")
    assert found["S5_frequency_of_contact"] == (0.0, 1, "visits"), "the middle one of five was not met"
    assert found["H7_psychiatrist"] == (None, None, "not_in_sett")
    assert not any(line.small for line in table.lines)
    assert all(line.small for line in fidelity_act(basis(*deeds, clients=4)).lines)


def test_fidelity_of_housing_first_gives_values_and_no_points() -> None:
    deeds = [visit(f"2026-11-{day} 10:00") for day in (23, 24, 25, 26)]
    found = {line.cells[0]: line.cells[1:] for line in fidelity_hf(basis(*deeds)).lines}
    assert len(found) == 39, "the 38 items of the scale, one of which has two parts"
    assert found["32_contact_with_participants"] == (20.0, None, "visits")
    assert {point for _, point, _ in found.values()} == {None}


def test_of_nobody_nothing_is_computed() -> None:
    found = {
        line.cells[0]: line.cells[1]
        for line in fidelity_act(Basis(WEEK, Followed([], [NORD], {}), (), 0, Team(0, 0))).lines
    }
    assert (found["H1_small_caseload"], found["H2_team_approach"], found["S4_intensity_of_service"]) == (None,) * 3


# --- bars -----------------------------------------------------------------------------------------------------------


def test_lines_of_one_hour_are_one_bar_and_the_hours_between_are_there() -> None:
    table = contacts.contacts(
        [visit("2026-11-23 10:00"), visit("2026-11-23 10:30", place="office"), visit("2026-11-23 12:00")]
    )
    found = bars(table, CHARTS["contacts"])
    assert [(bar.label, bar.value, bar.few) for bar in found] == [(10, 2, True), (11, 0, False), (12, 1, True)]
    assert found[0].part == 1.0


def test_a_part_is_drawn_against_its_whole() -> None:
    deeds = [visit("2026-11-23 10:00"), visit("2026-11-23 11:00", outcome="not_home")]
    (bar,) = bars(contacts.missed_visits(WEEK, deeds), CHARTS["missed_visits"])
    assert (bar.value, bar.whole, bar.part, bar.of_whole) == (1, 2, 0.5, 1.0)
