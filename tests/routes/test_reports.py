"""`/kontor/rapporter`: who may read the figures, whom they are about, and the files they are taken away in."""

import csv
import datetime as dt
import io
import uuid
from typing import Any

import openpyxl
import pytest

from fieldapp.models.change import newest_seq
from fieldapp.queries.reports.read import REPORTS
from tests._read_log import told
from tests._world import Person, TeamOfWorld, World

ALL = "/kontor/rapporter"
SEEN = {"outcome": "seen", "place": "home", "duration_min": 30}
STRUCK = {"kinds": ["threats"], "by": "client"}


@pytest.fixture
def nord(world: World) -> TeamOfWorld:
    return world.team("FACT Nord")


@pytest.fixture
def alice(world: World, nord: TeamOfWorld) -> Person:
    return world.staff("leader", nord, world.team("ACT Sør"), name="Alice")


@pytest.fixture
def bob(world: World, alice: Person) -> Person:
    return world.staff("fieldworker", alice.teams[0], name="Bob")


def lines(person: Person, name: str, query: str = "") -> list[dict[str, str]]:
    answer = person.get(f"{ALL}/{name}.csv{query}")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def total(person: Person, name: str, column: str, query: str = "") -> int:
    return sum(int(line[column]) for line in lines(person, name, query))


# --- what is there --------------------------------------------------------------------------------------------------


COLUMNS = {
    "contacts": "kind,place,hour,count",
    "people_seen": "week,people",
    "continuity": "client_band,clients",
    "hours": "service,week,decided,given",
    "missed_visits": "week,attempts,missed",
    "not_seen": "band,clients",
    "alerts": "kind,outcome,count,median_minutes_to_taken",
    "tenancies": "outcome,count",
    "complaints": "what,client_role,status,count",
    "crises": "kind,outcome,admission_avoided,count",
    "home_entries": "ground,count,not_told",
    "staff_incidents": "kind,by,count",
    "street": "week,contacts,people,equipment",
    "board": "week,placed,removed,days_median",
    "fidelity_act": "item,value,scale_point,source",
    "fidelity_hf": "item,value,scale_point,source",
    "data_quality": "what,count",
}
"""The outside contract: other programs read these."""


def test_every_report_has_its_columns_its_page_and_its_words(alice: Person) -> None:
    assert set(COLUMNS) == set(REPORTS)
    index = alice.get(ALL).text
    for name, columns in COLUMNS.items():
        first = alice.get(f"{ALL}/{name}.csv").get_data(as_text=True).splitlines()[0]
        assert first == f"{columns},small"
        assert f'href="{ALL}/{name}?' in index
        assert alice.get(f"{ALL}/{name}").status_code == 200


def test_a_small_line_says_so_and_keeps_its_number(alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    for _ in range(4):
        bob.log("visit_logged", SEEN, client=kari)
    assert lines(alice, "contacts") == [
        {"kind": "visit_logged", "place": "home", "hour": "10", "count": "4", "small": "1"}
    ]
    page = alice.get(f"{ALL}/contacts").text
    assert "&lt;5" in page
    assert "stiplet: færre enn fem" in page
    bob.log("visit_logged", SEEN, client=kari)
    assert lines(alice, "contacts")[0]["small"] == "0"
    assert "&lt;5" not in alice.get(f"{ALL}/contacts").text


def test_the_days_are_oslo_days_and_both_are_included(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    midnight = dt.datetime(2026, 11, 21, 23, 0, tzinfo=dt.UTC)  # the 22nd begins in Oslo
    for at in (midnight - dt.timedelta(seconds=1), midnight, midnight + dt.timedelta(days=1, seconds=-1)):
        bob.log("visit_logged", SEEN, client=kari, at=at)
    assert total(alice, "contacts", "count", "?from=2026-11-22&to=2026-11-22") == 2
    assert total(alice, "contacts", "count", "?from=2026-11-21&to=2026-11-22") == 3
    assert [line["week"] for line in lines(alice, "people_seen", "?from=2026-11-22&to=2026-11-23")] == [
        "2026-W47",
        "2026-W48",
    ]


def test_what_was_undone_counts_nowhere_and_what_was_corrected_as_corrected(alice: Person, bob: Person) -> None:
    kari, even = alice.register("Kari"), alice.register("Even")
    gone = bob.log("visit_logged", SEEN, client=kari)
    bob.log("entry_corrected", {"entry_id": gone["id"], "what": "retracted", "reason": "angret"}, client=kari)
    wrong = bob.log("visit_logged", SEEN, client=kari)
    fix = {"entry_id": wrong["id"], "what": "text", "reason": "feil", "body": {"outcome": "not_home"}}
    bob.log("entry_corrected", fix, client=kari)
    assert [(line["attempts"], line["missed"]) for line in lines(alice, "missed_visits")][-1] == ("1", "1")
    assert total(alice, "people_seen", "people") == 0
    other = bob.log("visit_logged", SEEN, client=kari)
    alice.log("entry_corrected",
              {"entry_id": other["id"], "what": "wrong_client", "reason": "feil", "to_client_id": even},
              client=kari)  # fmt: skip
    assert total(alice, "people_seen", "people") == 1


def test_agreements_that_are_missing_are_counted(alice: Person) -> None:
    alice.register("Kari")
    alice.register("Even", watch={"mode": "interval", "interval_minutes": 60})
    found = {line["what"]: line["count"] for line in lines(alice, "data_quality")}
    assert found["agreements_missing"] == "1"


def test_a_drill_or_an_alert_whose_cause_was_undone_is_in_no_figure(alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    gone = bob.log("concern_raised", {"reason": "stille", "urgency": "now"}, client=kari)
    bob.log("concern_raised", {"reason": "stille", "urgency": "now"}, client=kari)
    bob.log("entry_corrected", {"entry_id": gone["id"], "what": "retracted", "reason": "angret"}, client=kari)
    assert [(line["kind"], line["outcome"], line["count"]) for line in lines(alice, "alerts")] == [
        ("concern", "unresolved", "1")
    ]


# --- who may see it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["fieldworker", "peer", "landlord", "admin", "privacy"])
def test_only_a_leader_reads_reports(world: World, nord: TeamOfWorld, role: str) -> None:
    person = world.staff(role, nord)
    for path in (ALL, f"{ALL}/contacts", f"{ALL}/contacts.csv", f"{ALL}/contacts.xlsx"):
        assert person.get(path).status_code == 403
    assert ALL not in person.get("/kontor").text


def test_another_team_is_as_good_as_missing(world: World, alice: Person, bob: Person) -> None:
    bob.log("visit_logged", SEEN, client=alice.register("Kari"))
    charlie = world.staff("leader", world.team("Uteteam"), name="Charlie")
    for team in (alice.teams[0].id, str(uuid.uuid4()), "nord"):
        for path in (ALL, f"{ALL}/contacts", f"{ALL}/contacts.csv", f"{ALL}/contacts.xlsx"):
            assert charlie.get(f"{path}?team={team}").status_code == 404
    assert lines(charlie, "contacts") == []
    assert total(alice, "contacts", "count", f"?team={alice.teams[0].id}") == 1
    assert lines(alice, "contacts", f"?team={alice.teams[1].id}") == []


def everything(person: Person) -> list[str]:
    return [person.get(f"{ALL}/{name}.csv").get_data(as_text=True) for name in REPORTS]


def live_through_much(bob: Person, client: str) -> None:
    """Something for every report that counts what is written of a client."""
    cases: list[tuple[str, dict[str, Any]]] = [
        ("rent_problem_reported", {}),
        ("neighbour_complaint_received", {"what": ["noise"], "complainant": "other", "client_role": "unclear"}),
        ("crisis_opened", {"kind": "overdose"}),
    ]
    told: list[tuple[str, dict[str, Any]]] = [
        ("visit_logged", SEEN),
        ("call_logged", {"direction": "in", "outcome": "spoke"}),
        ("street_contact_logged", {"place_label": "Kaia", "people": 2}),
        ("home_entered", {"ground": "agreement", "reason": "x", "found": "ok"}),
        ("staff_incident_logged", STRUCK),
        ("concern_raised", {"reason": "x", "urgency": "now"}),
        ("decision_recorded", {"decision_id": str(uuid.uuid4()), "service": "Booppfølging", "ground": "treatment",
                               "from_on": "2026-11-01", "hours": "4", "per": "week"}),
    ]  # fmt: skip
    for type_, body in cases:
        bob.log(type_, body, client=client, case=str(uuid.uuid4()))
    for type_, body in told:
        bob.log(type_, body, client=client)


def test_a_client_the_leader_is_blocked_from_is_in_none_of_it(world: World, alice: Person, bob: Person) -> None:
    before = everything(alice)
    kari = alice.register("Kari")
    live_through_much(bob, kari)
    assert sum(now != was for now, was in zip(everything(alice), before, strict=True)) >= 14
    dina = world.staff("leader", alice.teams[0], name="Dina")
    dina.log("staff_blocked", {"staff_id": alice.id, "reason": "familie"}, client=kari)
    now = dict(zip(REPORTS, everything(alice), strict=True))
    was = dict(zip(REPORTS, before, strict=True))
    staff = {"fidelity_act", "fidelity_hf"}  # one more works there
    assert {name for name in REPORTS if now[name] != was[name]} - staff == set()
    assert len(lines(dina, "contacts")) == 3


def test_a_client_of_code_6_is_in_no_count_and_no_file(world: World, alice: Person, bob: Person) -> None:
    before = everything(alice)
    kari = alice.register("Kari")
    live_through_much(bob, kari)
    with world.database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(kari))
    alice.log("client_updated", {"base_seq": seq, "fields": {"protected": "code6"}}, client=kari)
    assert everything(alice) == before


def test_after_follow_up_has_ended_nothing_more_is_counted(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    bob.log("visit_logged", SEEN, client=kari)
    alice.log("follow_up_ended", {"reason": "moved"}, client=kari)
    world.clock.shift(days=1)
    alice.sign_in()
    bob.sign_in()
    bob.log("visit_logged", SEEN, client=kari)
    assert total(alice, "contacts", "count") == 1
    assert total(alice, "not_seen", "clients") == 0


def test_staff_incidents_are_the_teams_own(world: World, alice: Person, bob: Person) -> None:
    """Another team that follows the client is told that something happened, and nothing to count it by."""
    sor = world.team("Sør")
    dina = world.staff("leader", sor, name="Dina")
    kari = alice.register("Kari")
    alice.log("client_team_set", {"team_id": sor.id, "from_on": "2026-11-20"}, client=kari)
    bob.log("staff_incident_logged", STRUCK, client=kari)
    bob.log("staff_incident_logged", STRUCK)
    assert total(alice, "staff_incidents", "count") == 2
    assert lines(dina, "staff_incidents") == []


def test_a_read_is_logged_a_file_as_paper(world: World, alice: Person) -> None:
    kari = alice.register("Kari")
    alice.get(f"{ALL}/contacts")
    alice.get(f"{ALL}/people_seen")
    alice.get(f"{ALL}/contacts.xlsx")
    found = [(kind, surface, client) for kind, surface, client, what in told(world, alice) if "report" in what]
    assert found == [("transferred", "office", kari), ("transferred", "print", kari)]


# --- files ----------------------------------------------------------------------------------------------------------


def decide(alice: Person, service: str) -> str:
    kari = alice.register("Kari")
    body = {"decision_id": str(uuid.uuid4()), "service": service, "ground": "treatment", "from_on": "2026-11-20"}
    alice.log("decision_recorded", body | {"hours": "3.5", "per": "week"}, client=kari)
    return kari


@pytest.mark.parametrize("service", ["=1+1", "+47", "-x", "@sum", "\tfane", '=HYPERLINK("x")'])
def test_no_cell_begins_a_formula(alice: Person, service: str) -> None:
    decide(alice, service)
    shown = f"'{service.strip()}" if service.strip()[0] in "=+-@" else service.strip()
    assert {line["service"] for line in lines(alice, "hours")} == {shown}
    sheet = opened(alice, "hours")["Tall"]
    assert [cell.data_type for cell in sheet["A"][1:]] == ["s"] * (sheet.max_row - 1)
    assert sheet["A2"].value == shown


def opened(person: Person, name: str, query: str = "") -> openpyxl.Workbook:
    answer = person.get(f"{ALL}/{name}.xlsx{query}")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def test_a_workbook_has_types_definitions_and_the_filter(alice: Person, bob: Person) -> None:
    bob.log("visit_logged", SEEN, client=decide(alice, "Booppfølging"))
    book = opened(alice, "hours", f"?from=2026-11-20&to=2026-11-23&team={alice.teams[0].id}")
    rows = [[cell.value for cell in row] for row in book["Tall"]]
    assert rows[0] == ["service", "week", "decided", "given", "small"]
    assert rows[1:] == [["Booppfølging", "2026-W47", 90, 0, 1], ["Booppfølging", "2026-W48", 30, 30, 1]]
    assert [cell.data_type for cell in book["Tall"][2]] == ["s", "s", "n", "n", "n"]
    said = [[cell.value or "" for cell in row] for row in book["Definisjoner"]]
    text = "\n".join("|".join(map(str, row)) for row in said)
    for words in (
        "2026-11-20",
        "2026-11-23",
        "FACT Nord",
        "Får folk timene de har vedtak om?",
        "decided|Vedtatt|minutter",
    ):
        assert words in text


def test_decimals_have_a_point(alice: Person) -> None:
    for name in ("Kari", "Even", "Odd"):
        alice.register(name)
    bob = alice  # nobody else works in the team
    bob.log("visit_logged", SEEN, client=alice.register("Ann"))
    values = {line["item"]: line["value"] for line in lines(alice, "fidelity_act")}
    assert values["H1_small_caseload"] == "4.0"
    assert values["H4_practicing_leader"] == ""


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=i+dag", "from"),
        ("?to=2026-13-01", "to"),
        ("?from=2026-11-23&to=2026-11-22", "to"),
        ("?from=2020-01-01&to=2026-11-22", "from"),
    ],
)
def test_a_period_that_is_none_is_refused_in_a_file_and_explained_on_the_page(
    alice: Person, query: str, field: str
) -> None:
    assert alice.get(f"{ALL}/contacts.csv{query}").status_code == 422
    page = alice.get(f"{ALL}/contacts{query}")
    assert page.status_code == 200
    assert f'aria-describedby="{field}-error"' in page.text


def test_what_is_no_report_is_not_there(alice: Person) -> None:
    for path in ("ansatte", "ansatte.csv", "contacts.pdf"):
        assert alice.get(f"{ALL}/{path}").status_code == 404


@pytest.mark.parametrize(("language", "words"), [("nn", "Kor mange møtte vi?"), ("en", "How many did we meet?")])
def test_it_is_there_in_every_language(alice: Person, language: str, words: str) -> None:
    alice.http.post("/konto/sprak", data={"language": language})
    assert words in alice.get(ALL).text
    assert words in alice.get(f"{ALL}/people_seen").text


def test_no_file_names_a_person(alice: Person, bob: Person) -> None:
    kari = alice.register("Kari Nordmann")
    live_through_much(bob, kari)
    for text in everything(alice):
        assert not [word for word in ("Kari", "Alice", "Bob", kari, alice.id, bob.id) if word in text]
