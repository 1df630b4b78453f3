"""The access matrix, made from what there is: every route that names something of a client, every type of entry and
every kind of change, for every role and every kind of object. Forbidden looks as missing does, byte for byte less ids.

What is new and not told of here fails: an argument of a route, a query, a kind of change.
"""

import importlib
import inspect
import pkgutil
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from fieldapp import queries
from fieldapp.domain import access
from fieldapp.domain.access import ROLES, Viewer
from fieldapp.models.change import GONE_FROM, newest_seq
from fieldapp.queries.sync import change_data, changes
from sync.entry_types import ENTRY_TYPES
from sync.ids import uuid7
from tests._bodies import example
from tests._world import Person, TeamOfWorld, World

pytestmark = pytest.mark.engines("sqlite")

OBJECTS = ("own", "other", "ended", "granted", "emergency", "blocked", "code6", "code7", "missing")
SEEN_BY_ALL = {"own", "ended", "code7"}
SEEN: dict[str, set[str]] = {
    "fieldworker": SEEN_BY_ALL | {"granted", "emergency"},
    "leader": SEEN_BY_ALL | {"granted", "emergency"},
    "peer": SEEN_BY_ALL,
    "landlord": {"own", "ended"},
    "privacy": set(),
    "admin": set(),
}
"""Which objects exist for which role, in the team that follows all but «other», «granted» and «emergency»."""
OVERSEEN = {"leader": SEEN["leader"] | {"code6"}, "privacy": set(OBJECTS) - {"missing", "blocked"}}
"""Where who may see a client is decided, without reading."""
READERS = {"leader": SEEN["leader"], "privacy": OVERSEEN["privacy"]}
"""Who has read of whom."""
INNSYN = {"privacy": OVERSEEN["privacy"]}
"""Who gives innsyn; a professional who is named goes through it (test_innsyn.py)."""

NOW_AND_THEN = ("PRAGMA", "BEGIN", "SELECT destroyed_key")
"""How long a lock is waited for, to the millisecond, and which keys are gone, looked at every few seconds."""

ABOUT_CLIENT = {"client_id": "client", "case_id": "case", "alert_id": "alert", "entry_id": "entry"}
"""Arguments of routes that name something of a client."""
ABOUT_OTHERS = {
    *("team_id", "staff_id", "link_id", "grant_id", "duty_id", "offer_id", "session_id", "subscription_id"),
    *("passkey_id", "kept_id", "fact_id", "file_id", "request_id", "bar_id"),
    *("answer", "id", "name", "nr", "rest", "team", "token", "version", "what", "year"),
}
"""Arguments that name nothing of a client's."""


MINTED = {row.stands.id for row in ENTRY_TYPES.values() if row.stands and row.stands.id} - {"entry_ids"}
"""The fields of ids that phones mint for what stands."""


@dataclass
class Matrix:
    """One person of the role, and one object of every kind, each with a case and an alert."""

    world: World
    person: Person
    ids: dict[str, dict[str, str]] = field(default_factory=dict)


@pytest.fixture
def matrix(world: World, request: pytest.FixtureRequest) -> Matrix:
    return build(world, request.param)


def build(world: World, role: str) -> Matrix:
    ours, theirs = world.team("Nord"), world.team("Sør")
    head, other_head = world.staff("leader", ours, name="Hanne"), world.staff("leader", theirs, name="Odd")
    made = Matrix(world, world.staff(role, ours, name="Matrise"))
    for kind in OBJECTS[:-1]:
        leader, team = (other_head, theirs) if kind in ("other", "granted", "emergency") else (head, ours)
        made.ids[kind] = thing(leader, team, kind)
    made.ids["missing"] = {name: str(uuid7()) for name in ("client", "case", "alert", "entry")}
    head.log("staff_blocked", {"staff_id": made.person.id, "reason": "familie"}, client=made.ids["blocked"]["client"])
    for code in ("code6", "code7"):
        protect(world, head, made.ids[code]["client"], code)
    head.log("follow_up_ended", {"reason": "moved"}, client=made.ids["ended"]["client"])
    if role in access.GRANTED_ROLES:
        grant(made, other_head)
    return made


def thing(leader: Person, team: TeamOfWorld, kind: str) -> dict[str, str]:
    client, case = leader.register(f"Navn {kind}", team, birth_year=1980, address=f"Veien {kind}"), str(uuid7())
    leader.log("rent_problem_reported", {"amount_nok": "1200", "note": f"notat {kind}"}, client=client, case=case)
    worry = leader.log("concern_raised", {"reason": f"uro {kind}", "urgency": "now"}, client=client)
    alert = next(one["id"] for one in leader.alerts() if one["client_id"] == client)
    return {"client": client, "case": case, "alert": alert, "entry": worry["id"]}


def protect(world: World, leader: Person, client: str, code: str) -> None:
    with world.database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(client))
    leader.log("client_updated", {"base_seq": seq, "fields": {"protected": code}}, client=client)


def grant(made: Matrix, giver: Person) -> None:
    sent = {"username": made.person.username, "until_on": "2026-12-24", "reason": "samarbeid"}
    path = f"/kontor/bruker/{made.ids['granted']['client']}/tilgang/del"
    assert giver.http.post(path, data=sent).status_code == 303
    asked = {"name": "Navn emergency", "birth_year": 1980, "reason": "haster"}
    assert made.person.post("/api/access/emergency", asked).status_code == 200


def of_clients(app: Flask) -> list[tuple[Rule, str, str]]:
    """(rule, method, access) of every route that names something of a client."""
    found = []
    for rule in app.url_map.iter_rules():
        assert rule.arguments <= set(ABOUT_CLIENT) | ABOUT_OTHERS, f"{rule}: say what its argument is about"
        if rule.arguments & set(ABOUT_CLIENT):
            level = app.view_functions[rule.endpoint].access
            found += [(rule, method, level) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return found


def address(rule: Rule, ids: dict[str, str]) -> str:
    text = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule).replace("<int:year>", "2026")
    for argument, kind in ABOUT_CLIENT.items():
        text = re.sub(rf"<(?:\w+:)?{argument}>", ids[kind], text)
    return re.sub(r"<(?:\w+:)?\w+>", str(uuid.UUID(int=7)), text)


def less_ids(answer: TestResponse) -> tuple[int, str, list[str]]:
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", answer.get_data(as_text=True))
    return answer.status_code, text, sorted(answer.headers.keys())


@contextmanager
def statements_of(world: World) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, without the values: as many and the same take as long."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(NOW_AND_THEN):
            asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(world.database.engine, "before_cursor_execute", note)


def exists(role: str, level: str, kind: str, endpoint: str) -> bool:
    if endpoint in ("read_log.of_client", "client_history.readers_of"):
        return kind in READERS.get(role, ())
    if endpoint.startswith(("erasing.", "innsyn.", "record_requests.")):
        return kind in INNSYN.get(role, ())
    if endpoint.startswith(("client_merge.", "journal_bundle.")):
        return role == "leader" and kind in SEEN[role]
    if endpoint.startswith("board.") and kind in ("granted", "emergency"):
        return False  # whoever sees a client by a grant works at another board
    return kind in (OVERSEEN if level == "oversight" else SEEN)[role]


def allowed(role: str, level: str) -> bool:
    if level == "readers":
        return role in READERS
    return level != "office" or role in ("fieldworker", "leader") if level != "oversight" else role in OVERSEEN


@pytest.mark.parametrize("matrix", ROLES, indirect=True)
def test_every_route_of_every_object(matrix: Matrix, request: pytest.FixtureRequest) -> None:
    role = request.node.callspec.params["matrix"]
    for rule, method, level in of_clients(matrix.world.app):
        answers, asked = {}, {}
        for kind, ids in matrix.ids.items():
            with statements_of(matrix.world) as asked[kind]:
                answer = matrix.person.http.open(address(rule, ids), method=method, data=_sent(method))
            answers[kind] = less_ids(answer)
        assert answers["missing"][0] == (404 if allowed(role, level) else 403), (rule, answers["missing"][0])
        for kind in OBJECTS:
            where = role, method, rule.rule, kind
            if not (allowed(role, level) and exists(role, level, kind, rule.endpoint)):
                assert answers[kind] == answers["missing"], where
                assert asked[kind] == asked["missing"], where
            elif method == "GET":
                assert answers[kind][0] == 200, where


def _sent(method: str) -> dict[str, str] | None:
    """A form with something in it, so that no answer stops at an empty field where the client is not looked for."""
    return {"reason": "x", "name": "x", "to_on": "2026-12-01"} if method == "POST" else None


@pytest.mark.parametrize("matrix", ROLES, indirect=True)
def test_what_a_phone_and_the_lists_hold(matrix: Matrix, request: pytest.FixtureRequest) -> None:
    role = request.node.callspec.params["matrix"]
    matrix.person.pull()
    on_phone, listed = str(matrix.person.replica), str(matrix.person.alerts())
    pages = (
        "/kontor",
        "/kontor/brukere",
        "/kontor/brukere?vis=avsluttet",
        "/kontor/oppgaver",
        "/kontor/tavle",
        "/kontor/tavle/vegg",
        "/kontor/tavle/mote",
        "/kontor/overlevering",
        "/kontor/til-journal",
        "/kontor/varsler",
        "/kontor/saker",
        "/kontor/vakt",
        "/kontor/team",
        "/kontor/varsler/tall",
    )
    shown = "".join(matrix.person.get(path).get_data(as_text=True) for path in pages)
    for kind in OBJECTS[:-1]:
        client = matrix.ids[kind]["client"]
        assert (client in on_phone) == (kind in SEEN[role]), (role, kind)
        if kind not in SEEN[role]:
            for text in (on_phone, listed, shown):
                assert client not in text, (role, kind)
                assert f"Navn {kind}" not in text, (role, kind)
                assert f"Veien {kind}" not in text, (role, kind)
                assert f"notat {kind}" not in text, (role, kind)
                assert f"uro {kind}" not in text, (role, kind)
    assert "Veien code7" not in on_phone + shown
    if role not in access.TEAM_ROLES:
        assert "notat" not in on_phone + listed + shown


@pytest.mark.parametrize("matrix", ["fieldworker", "leader", "peer", "landlord"], indirect=True)
def test_every_type_of_entry_about_what_is_hidden_gets_what_is_missing(
    matrix: Matrix, request: pytest.FixtureRequest
) -> None:
    role = request.node.callspec.params["matrix"]
    hidden = {kind for kind in OBJECTS[:-1] if kind not in SEEN[role]}
    for name, row in ENTRY_TYPES.items():
        if row.registers or row.about == "team":
            continue
        overseen = hidden - (OVERSEEN["leader"] if role == "leader" and row.limits else set())
        verdicts = {kind: _verdict(matrix, name, matrix.ids[kind]) for kind in sorted(overseen | {"missing"})}
        assert len(set(verdicts.values())) == 1, (role, name, verdicts)


def _verdict(matrix: Matrix, name: str, ids: dict[str, str]) -> tuple[str, str | None, str | None]:
    """Judged and taken back with all it did: the next is judged as this one was."""
    row = ENTRY_TYPES[name]
    given = {"alert_id": ids["alert"], "staff_id": matrix.person.id, "team_id": matrix.person.teams[0].id}
    for minted in ("absence_id", "visit_id", "entry_id", "entry_ids", *MINTED):
        given[minted] = [str(uuid7())] if minted == "entry_ids" else str(uuid7())
    body = example(name, given)
    team = matrix.person.teams[0].id if row.about == "client_or_team" else None
    about = ids["client"] if row.about != "subject" else None
    case = (str(uuid7()) if row.opens_case else ids["case"]) if row.case else None
    entry = matrix.person.entry(name, body, client=about, case=case, team_id=team)
    (result,) = matrix.person.sync(entry)["results"]
    return result["verdict"], result.get("code"), result.get("field")


# --- what is new must be told of ----------------------------------------------------------------------------------

RECEIVED: dict[str, tuple[str, ...]] = {
    "client": ("fieldworker", "leader", "peer", "landlord"),
    "entry": ("fieldworker", "leader", "peer"),
    **dict.fromkeys(GONE_FROM, ("fieldworker", "leader", "peer")),
    "case": ("fieldworker", "leader", "peer"),
    "alert": ("fieldworker", "leader", "peer"),
    "absence": ("fieldworker", "leader", "peer"),
    "agreement": ("fieldworker", "leader", "peer"),
    "risk": ("fieldworker", "leader", "peer"),
    "plan": ("fieldworker", "leader", "peer"),
    "task": ("fieldworker", "leader", "peer"),
    "hand_over": ("fieldworker", "leader", "peer"),
    "visit": ("fieldworker", "leader", "peer"),
    "fact": ("fieldworker", "leader", "peer"),
    "contact_person": ("fieldworker", "leader", "peer"),
    "housing": ("fieldworker", "leader", "peer"),
    "decision": ("fieldworker", "leader", "peer"),
    "handover": ("fieldworker", "leader", "peer"),
    "planned": ("fieldworker", "leader", "peer"),
    "board": ("fieldworker", "leader"),
    "staff": ROLES,
    "team": ROLES,
    "duty": ("fieldworker", "leader", "peer", "privacy", "admin"),
    "hours": ("fieldworker", "leader", "peer", "privacy", "admin"),
}
"""Which kinds of change travel to whom; of what a landlord wrote itself: tests/queries/test_what_a_landlord_sees.py."""


def test_every_kind_of_change_is_told_of() -> None:
    assert set(changes._KINDS) == set(RECEIVED)
    assert set(change_data._LOADERS) | {"entry"} <= set(RECEIVED)
    for kind, roles in RECEIVED.items():
        got = {role for role in ROLES if access.receives(Viewer(uuid.uuid4(), role, frozenset()), kind)}
        assert got == set(roles), kind


WITHOUT_VIEWER = {
    "accounts": "accounts and teams, no client content",
    "merged.stands_for": "whom an address leads to, of which the page then asks",
    "merged.was_of": "a condition on the log of a client the caller has checked",
    "names": "the names of what the caller was shown",
    "health": "whether the alerting works",
    "duty": "duty lists of a team the caller has checked",
    "duty_feed.duties_in": "duties of a team whose link the caller has found by its token",
    "duty_feed.duties_of": "duties of a person whose link the caller has found by its token",
    "duty_feed.team_name": "what a team is called",
    "opening": "opening hours",
    "board.columns_of": "what a team calls its columns",
    "board.review_days": "a number of days",
    "phones.missing_seqs": "a phone's own numbers",
    "phones.push_health": "whether pushes reach a phone",
    "phones.reach": "which phones take pushes",
    "phones.unsent": "which phones may hold what has not come in, of alerts the caller was shown",
    "json_columns": "how columns are read",
    "sync.cursors": "a text",
    "deaths": "days, of clients the caller was shown",
    "entries.note": "what the caller was shown",
    "readers.opened_entry": "of an entry the caller was shown, for who may ask",
    "entries.whole_record": "of the client whose innsyn the caller has checked",
    "readers.readers": "of the client or the teams the caller has checked",
    "facts.facts_of_record": "of the client whose innsyn the caller has checked",
    "still_here": "who still answers for clients the caller was shown",
    "alerts.history": "the course of alerts the caller was shown",
    "alerts.notified": "the course of an alert the caller was shown",
    "alerts.facts": "what an alert the caller was shown rests on",
    "alerts.clock": "the clock of an alert the caller was shown",
    "alerts.reasons": "why an alert the caller was shown is there",
    "clients.may_be_primary": "colleagues, of a client the caller was shown",
    "clients.may_be_primary_each": "colleagues, of clients the caller was shown",
    "clients.other_teams": "teams, of a card the caller was shown",
    "client_limits.staff_id_of": "an account",
    "overview.mark": "a mark of the newest change, no content",
    "to_confirm.without_room": "of those whose entries the caller was shown",
    "visible.whoever": "a role",
    "visible.is_read_by": "a role",
    "sync.changes.current_epoch": "the name of the log",
    "sync.changes.bounded": "what was read for a viewer",
    "reports.deeds.last_seen": "times, of clients the caller found for a viewer",
    "sync.standing_data": "of the things whose changes the caller is sent",
}
"""Modules and functions of queries that take no viewer (a report's is in what was `asked`), and why they need none."""


def test_every_query_takes_a_viewer_or_says_why_not() -> None:
    silent = []
    for found in pkgutil.walk_packages(queries.__path__, "fieldapp.queries."):
        module = importlib.import_module(found.name)
        room = found.name.removeprefix("fieldapp.queries.")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != found.name or name.startswith("_") or not _reads(function):
                continue
            if not {"viewer", "person", "partner", "asked"} & set(inspect.signature(function).parameters):
                silent += [] if {room, f"{room}.{name}"} & set(WITHOUT_VIEWER) else [f"{room}.{name}"]
    assert silent == []


def _reads(function: Any) -> bool:
    return "session" in inspect.signature(function).parameters
