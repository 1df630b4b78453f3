"""No read of client content without a row: who, of whom, on which surface, and what; and nothing shown without it."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule

from fieldapp.services.people import sessions
from tests._read_log import rows, told
from tests._world import Person, World

CANARY = "Kanarina Gulfjær"


def test_a_sync_is_a_row_for_each_client(world: World, alice: Person, bob: Person) -> None:
    kari, ola = alice.register("Kari"), alice.register("Ola")
    bob.pull()
    logged = {row[2]: row for row in told(world, bob)}
    assert logged.keys() == {kari, ola}
    kind, surface, _, what = logged[kari]
    assert (kind, surface, set(what)) == ("transferred", "phone", {"all"})
    since, until, _ = what["all"]
    assert dt.datetime.fromisoformat(until) - dt.datetime.fromisoformat(since) == dt.timedelta(days=30)
    row = rows(world, client_id=uuid.UUID(kari), staff_id=uuid.UUID(bob.id))[0]
    assert (row.role, row.ground, row.employer) == ("fieldworker", "team", "kommunen")
    assert (str(row.team_id), str(row.device_id)) == (bob.teams[0].id, bob.device_id)


def test_an_idle_sync_writes_nothing(world: World, alice: Person, bob: Person) -> None:
    alice.register("Kari")
    bob.pull()
    before = len(rows(world))
    for _ in range(3):
        bob.sync()
    bob.sync(pull=False)
    assert len(rows(world)) == before


def test_a_colleagues_entry_is_a_row_and_ones_own_is_none(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    bob.pull()
    before = len(told(world, bob))
    bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    assert len(told(world, bob)) == before
    visit = alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    bob.pull()
    assert told(world, bob)[before:] == [("transferred", "phone", kari, {"client": [], "entry": [visit["id"]]})]


def test_the_page_of_a_client_is_opened_once_an_hour(world: World, alice: Person) -> None:
    kari = alice.register("Kari")
    before = len(told(world, alice))
    for _ in range(3):
        assert alice.get(f"/kontor/bruker/{kari}").status_code == 200
    new = told(world, alice)[before:]
    assert [(kind, surface, client) for kind, surface, client, _ in new] == [("opened", "office", kari)]
    world.clock.shift(minutes=61)
    alice.get(f"/kontor/bruker/{kari}")
    assert len(told(world, alice)) == before + 2


def test_something_new_on_the_page_is_a_further_row(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    alice.get(f"/kontor/bruker/{kari}")
    before = len(told(world, alice))
    visit = bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    alice.get(f"/kontor/bruker/{kari}")
    assert told(world, alice)[before:] == [("opened", "office", kari, {"entry": [visit["id"]]})]


def test_a_list_transfers_and_does_not_open(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    bob.log("concern_raised", {"reason": "Svarer ikke", "urgency": "now"}, client=kari)
    before = len(told(world, alice))
    alice.get("/kontor")
    alice.get("/kontor/varsler")
    new = told(world, alice)[before:]
    assert {(kind, surface, client) for kind, surface, client, _ in new} == {("transferred", "office", kari)}
    assert len(new) == 1, "the second list shows nothing that the first has not shown"
    alert = alice.alerts()[0]["id"]
    alice.get(f"/kontor/varsler/{alert}")
    kinds = [(kind, surface) for kind, surface, *_ in told(world, alice)[before + 1 :]]
    assert kinds == [("transferred", "api"), ("opened", "office")]


def test_what_cannot_be_logged_is_not_shown(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register(CANARY)
    bob.log("concern_raised", {"reason": "Svarer ikke", "urgency": "now"}, client=kari)
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    world.clock.shift(minutes=61)
    with no_row_can_be_written(world):
        for path in (f"/kontor/bruker/{kari}", "/kontor", "/api/alerts", f"/api/clients/{kari}/entries"):
            answer = alice.get(path)
            assert answer.status_code == 503, path
            assert CANARY not in answer.text, path
        synced = bob.post("/api/sync", bob.sync_request())
        assert (synced.status_code, synced.get_json()["code"]) == (503, "unavailable")
        assert kari not in synced.text
    assert bob.sync()["changes"], "the cursor has not moved: it all comes now"


def test_an_entry_is_kept_though_the_answer_cannot_be_shown(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    visit = bob.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    with no_row_can_be_written(world):
        assert bob.post("/api/sync", bob.sync_request(visit)).status_code == 503
    assert bob.sync(visit)["results"][0]["verdict"] == "duplicate"


class no_row_can_be_written:  # noqa: N801 - reads as a sentence
    def __init__(self, world: World) -> None:
        self._engine = world.database.engine

    def __enter__(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                text("CREATE TRIGGER full BEFORE INSERT ON read_log BEGIN SELECT RAISE(ABORT, 'no room'); END")
            )

    def __exit__(self, *_: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(text("DROP TRIGGER full"))


def test_a_missing_client_leaves_no_row_for_whoever_asks(world: World, alice: Person) -> None:
    kari = alice.register("Kari")
    charlie = world.staff("leader", world.team(), name="Charlie")
    assert charlie.get(f"/kontor/bruker/{kari}").status_code == 404
    assert charlie.get(f"/api/clients/{kari}/entries").status_code == 404
    charlie.pull()
    assert told(world, charlie) == []


def test_whoever_works_in_several_teams_reads_through_the_one_that_follows(world: World, alice: Person) -> None:
    kari = alice.register("Kari")
    dina = world.staff("fieldworker", world.team(), *alice.teams, name="Dina")
    dina.pull()
    assert {str(row.team_id) for row in rows(world, client_id=uuid.UUID(kari), staff_id=uuid.UUID(dina.id))} == {
        alice.teams[0].id
    }


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def test_no_route_shows_a_client_without_a_row(app: Flask, world: World, alice: Person, bob: Person) -> None:
    """Every route, with ids of things that exist, in every role that has the client in sight."""
    team = alice.teams[0]
    kari = alice.register(CANARY, address="Fjærgata 1")
    bob.log("concern_raised", {"reason": f"{CANARY} svarer ikke", "urgency": "now"}, client=kari)
    case = str(uuid.uuid4())
    alice.log("crisis_opened", {"kind": "overdose"}, client=kari, case=case)
    alert = alice.alerts()[0]["id"]
    ids = {"client_id": kari, "alert_id": alert, "case_id": case, "team_id": team.id, "staff_id": bob.id}
    readers = [alice, bob, *(world.staff(role, team) for role in ("peer", "landlord", "privacy", "admin"))]
    seen_anywhere = set()
    for rule, method in routes(app):
        path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: ids.get(m[1], kari), path)
        if method == "DELETE" or "logg-ut" in path:
            continue
        for person in readers:
            world.clock.shift(minutes=61)
            open_session(world, person)
            before = len(told(world, person))
            body = {"json": person.sync_request()} if path == "/api/sync" else {}
            answer = person.http.open(path, method=method, follow_redirects=False, **body)
            shown = answer.get_data().decode(
                errors="replace"
            )  # a workbook is no text, and its reading is a test of its own
            if CANARY in shown or kari in shown.replace(path, ""):
                seen_anywhere.add(rule.endpoint)
                assert app.view_functions[rule.endpoint].reads, f"{rule.endpoint} shows a client and declares nothing"
                assert len(told(world, person)) > before, (method, path, person.name)
    assert {"office.client", "office.day", "api_sync.sync", "api_alerts.list_alerts", "cases.one"} <= seen_anywhere


def open_session(world: World, person: Person) -> None:
    """Sign in without a password: some of what the walk sends makes a new one."""
    with world.database.transaction() as session:
        token = sessions.open_session(session, uuid.UUID(person.id), "tests", world.clock.now())
    person.http.set_cookie("__Host-sett", token, domain="sett.example", secure=True)


READS = {
    "account.account": "office",
    "account.change_password": "office",
    "account.choose_email": "office",
    "account.choose_phone": "office",
    "alert_drills.index": "office",
    "alert_drills.start": "office",
    "alert_figures.index": "office",
    "alert_reasons.why": "office",
    "alerts.answer": "office",
    "alerts.index": "office",
    "alerts.one": "office",
    "api_alerts.list_alerts": "api",
    "api_sync.older_entries": "phone",
    "api_sync.sync": "phone",
    "board.card": "office",
    "board.index": "office",
    "board.move": "office",
    "board.place": "office",
    "board.set_columns": "office",
    "board.take_down": "office",
    "board.wall": "office",
    "meetings.about": "office",
    "meetings.decide": "office",
    "meetings.held": "office",
    "meetings.hold": "office",
    "meetings.index": "office",
    "meetings.one": "office",
    "cases.crisis": "office",
    "cases.index": "office",
    "cases.one": "office",
    "cases.update": "office",
    "client_teams.end": "office",
    "client_teams.give": "office",
    "client_teams.primary": "office",
    "client_limits.block": "office",
    "client_limits.end_share": "office",
    "client_limits.index": "office",
    "client_limits.list_access": "office",
    "client_limits.protect": "office",
    "client_limits.share": "office",
    "client_limits.unblock": "office",
    "calendar.make_for_team": "office",
    "calendar.make_own": "office",
    "client_merge.index": "office",
    "client_merge.merge": "office",
    "client_history.index": "office",
    "client_history.readers_of": "office",
    "client_history.tenancy": "office",
    "client_history.year": "print",
    "entry.correct": "office",
    "entry.one": "office",
    "entry.retract": "office",
    "entry.wrong_client": "office",
    "duty.add": "office",
    "duty.add_many": "office",
    "duty.offer": "office",
    "duty.put_back": "office",
    "duty.week": "office",
    "api_files.read": "phone",
    "reports.csv": "print",
    "reports.index": "office",
    "reports.one": "office",
    "reports.xlsx": "print",
    "incidents.file": "print",
    "incidents.index": "office",
    "erasing.erase": "office",
    "erasing.show": "office",
    "innsyn.ask": "print",
    "innsyn.show": "print",
    "record_requests.answer": "print",
    "record_requests.ask": "print",
    "record_requests.bar": "print",
    "record_requests.index": "print",
    "record_requests.lift": "print",
    "text_reviews.index": "office",
    "facts.index": "office",
    "facts.share": "office",
    "facts.stop": "office",
    "facts.told": "office",
    "emergency.ask": "office",
    "emergency.index": "office",
    "emergency.log": "office",
    "client_forms.save": "office",
    "tasks.add": "office",
    "tasks.change": "office",
    "tasks.end": "office",
    "tasks.index": "office",
    "handover.index": "office",
    "handover.note": "office",
    "import_clients.index": "office",
    "import_clients.post": "office",
    "journal.index": "office",
    "journal.tick": "office",
    "journal_bundle.fhir": "print",
    "client_list.file": "print",
    "client_list.index": "office",
    "client_list.new": "office",
    "client_list.register": "office",
    "office.client": "office",
    "office.photo": "office",
    "office.show_address": "office",
    "office.day": "office",
    "oidc.begin_link": "office",
    "oidc.come_back": "office",
    "oidc.unlink": "office",
    "opening.save": "office",
    "opening.show": "office",
    "partner_links.index": "office",
    "partner_links.make": "office",
    "partner_links.make_own": "office",
    "read_log.index": "office",
    "read_log.of_client": "api",
    "passkeys.add": "office",
    "passkeys.remove": "office",
    "team.index": "office",
    "team.make_code": "office",
    "team.set_duty_phone": "office",
    "team.set_settings": "office",
    "team.take_on_student": "office",
    "team.take_on_vikar": "office",
    "team.set_times": "office",
    "to_confirm.answer": "office",
    "to_confirm.index": "office",
}


def test_the_table_of_what_routes_show_is_whole(app: Flask) -> None:
    declared = {
        rule.endpoint: surface
        for rule in app.url_map.iter_rules()
        if (surface := app.view_functions[rule.endpoint].reads) is not None
    }
    assert declared == READS


def test_content_read_in_a_session_that_does_not_log_is_an_error(world: World, alice: Person) -> None:
    from fieldapp.domain.access import Viewer
    from fieldapp.models.read_log import Unlogged
    from fieldapp.queries import clients

    kari = uuid.UUID(alice.register("Kari"))
    viewer = Viewer(uuid.UUID(alice.id), "leader", frozenset({uuid.UUID(alice.teams[0].id)}))
    with world.database.reading() as session, pytest.raises(Unlogged):
        clients.one_client(session, viewer, kari, world.clock.now())
    with world.database.deciding() as session:
        assert clients.one_client(session, viewer, kari, world.clock.now())
