"""Malformed, huge, foreign, ancient, future: never a 5xx, and always an answer in the shape that was promised."""

import copy
import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from fieldapp.errors import STATUS, VERDICTS
from fieldapp.models import DeviceStaff, Staff
from fieldapp.services.alerts import escalation, overdue
from fieldapp.services.people import devices
from sync.entry_types import ENTRY_TYPES
from tests._bodies import example
from tests._client import CheckedClient
from tests._sealing import Seal
from tests._world import Person, World

Json = Any
KEYS = {"code", "message", "field", "min", "max"}
SHORT = {"sqlite": 100, "postgresql": 40}
"""Examples of the short round. What is refused is refused before the database is asked."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
STRANGE_TEXTS = (
    "", " ", "\0", "a\0b", "\ud800", "x" * 501, "x" * 10_001, "å" * 70_000, "null",
    "../../etc/passwd", "'; DROP TABLE entry; --",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1899-12-31T23:59:59+00:00", "2199-12-31T23:59:59-23:59",
    "2026-02-30", "2026-03-29T02:30:00+01:00", "2026-11-23T10:00:00", "2026-11-23", "24:00", "+00:00",
    "01900000-0000-7000-8000-000000000000", "01900000000070008000000000000000", "NaN", "1e999",
)  # fmt: skip
STRANGE_NUMBERS = (0, -1, 1, 2**31, 2**53 - 1, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**40, 0.5, -0.0, 1e308, 5e-324)

strange = st.one_of(
    st.sampled_from((None, True, False, *STRANGE_NUMBERS, *STRANGE_TEXTS)),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
        max_leaves=8,
    ),
    st.integers(30, 200).map(lambda depth: nested(depth)),
)


def nested(depth: int) -> Json:
    value: Json = "deep"
    for _ in range(depth):
        value = [value]
    return value


def test_a_request_that_was_almost_right_gets_an_answer_for_each_entry(
    door: "Door", engine: str, rounds: Callable[[int, int], int]
) -> None:
    @tries(rounds(SHORT[engine], 20_000))
    @given(data=st.data())
    def offer(data: st.DataObject) -> None:
        drawn = data.draw(st.lists(st.sampled_from(sorted(door.good)), min_size=1, max_size=3))
        entries = [door.fresh(name) for name in drawn]
        request = door.person.sync_request(*entries, cursor=door.person.cursor)
        for _ in range(data.draw(st.integers(1, 4))):
            spoil(data, request, door.ids)
        door.sync(json.dumps(request).encode())

    offer()
    door.still_works()


def test_a_sealed_entry_that_was_almost_right_gets_an_answer(
    door: "Door", engine: str, rounds: Callable[[int, int], int]
) -> None:
    seal = Seal(door.person)
    keys = (door.reader.delivery_key, key_of_before_a_restore(door.world, door.reader), "wrong", None)

    @tries(rounds(SHORT[engine], 20_000))
    @given(data=st.data())
    def offer(data: st.DataObject) -> None:
        entry = door.fresh(data.draw(st.sampled_from(sorted(door.good))))
        inner = entry | {"author_id": door.reader.id, "author_key": data.draw(st.sampled_from(keys))}
        for _ in range(data.draw(st.integers(0, 3))):
            spoil(data, inner, door.ids)
        element: Json = seal.text(json.dumps(inner), id=entry["id"], device_seq=entry["device_seq"])
        request = door.person.sync_request(element, device_id=door.reader.device_id, cursor=door.person.cursor)
        for _ in range(data.draw(st.integers(0, 2))):
            spoil(data, request, door.ids)
        door.sync(json.dumps(request).encode())

    offer()
    door.still_works()


def key_of_before_a_restore(world: World, person: Person) -> str:
    """What the server gives out for the next generation of this person on their phone, and has forgotten."""
    with world.database.transaction() as session:
        presence = session.get_one(DeviceStaff, (uuid.UUID(person.device_id), uuid.UUID(person.id)))
        presence.generation += 1
        secret = world.app.extensions["settings"].secret_key
        key = devices._key(secret, presence, session.get_one(Staff, presence.staff_id))
        presence.generation -= 1
    return key


def test_a_request_with_bytes_knocked_over_is_refused_or_taken(
    door: "Door", engine: str, rounds: Callable[[int, int], int]
) -> None:
    @tries(rounds(SHORT[engine] // 2, 5_000))
    @given(data=st.data())
    def offer(data: st.DataObject) -> None:
        request = door.person.sync_request(door.fresh(data.draw(st.sampled_from(sorted(door.good)))))
        raw = bytearray(json.dumps(request, ensure_ascii=False).encode())
        for place in data.draw(st.lists(st.floats(0, 1, exclude_max=True), max_size=4)):
            raw[int(place * len(raw))] = data.draw(st.integers(0, 255))
        cut = data.draw(st.sampled_from([1, 1, 1, 0.99, 0.5, 0]))
        door.sync(bytes(raw[: int(cut * len(raw))]))

    offer()
    door.still_works()


def test_every_machine_endpoint_answers_anything(
    app: Flask, world: World, door: "Door", engine: str, rounds: Callable[[int, int], int]
) -> None:
    paths = sorted({rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")})
    good = {
        "/api/devices": {"device_id": door.person.device_id, "name": "telefon", "platform": "ios"},
        "/api/session": {"username": "nobody", "password": "x"},
        "/api/enrolment": {"username": "nobody", "code": "AAAA", "password": "x" * 12},
        "/api/push/receipts": {"notification_id": "0" * 32},
        "/api/push/subscriptions": {
            "device_id": door.person.device_id, "endpoint": "https://fcm.googleapis.com/x", "key_id": "k",
            "keys": {"p256dh": "B" * 87, "auth": "A" * 22},
        },
    }  # fmt: skip
    anybody = CheckedClient.of(app)

    @tries(rounds(SHORT[engine], 20_000))
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        path, method = data.draw(st.sampled_from(paths)), data.draw(st.sampled_from(METHODS + ("POST",) * 8))
        ends_the_session = (method, path) == ("DELETE", "/api/session")
        http = anybody if ends_the_session or data.draw(st.integers(0, 4)) == 0 else door.person.http
        body: Json = copy.deepcopy(good.get(path, {}))
        for _ in range(data.draw(st.integers(0, 3))):
            spoil(data, body, door.ids)
        raw = data.draw(st.one_of(st.just(dumped(body)), st.just(dumped(body)), st.binary(max_size=60), st.just(b"")))
        answer = http.open(
            data.draw(st.sampled_from([filled(path, data, door.ids)])),
            method=method,
            data=raw if data.draw(st.integers(0, 30)) else raw.ljust(300_000),
            headers=data.draw(headers),
            query_string=data.draw(queries),
        )
        well_formed(answer, method)

    ask()
    door.still_works()


headers = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(
            [
                "application/json",
                "application/json; charset=utf-8",
                "APPLICATION/JSON",
                "text/plain",
                "",
                "\xff",
                ";;",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded",
            ]
        ),
        "Origin": st.sampled_from(["https://sett.example", "https://evil.example", "null", "http://[", ""]),
        "Sec-Fetch-Site": st.sampled_from(["same-origin", "none", "cross-site", "\xe5"]),
        "Cookie": st.sampled_from(["__Host-sett=x", "sett=\xff", "=", "__Host-sett=" + "a" * 5000]),
        "Accept-Language": st.sampled_from(["nn", "*", "\xe5", "en;q=x"]),
        "X-Forwarded-For": st.sampled_from(["1.2.3.4", "::1", "nonsense", ","]),
    },
)
queries = st.one_of(
    st.just(""),
    st.builds(
        lambda name, value: {name: value},
        st.sampled_from(["before", "x", "\0"]),
        st.one_of(st.integers().map(str), st.sampled_from([str(10**30), "-1", "", "\0", "å", "1.5", str(2**63)])),
    ),
    st.sampled_from(["%ff", "%00=%00", "before=%ff", "&&&=", "before=1&before=x"]),
)


class Door:
    """One person's way in, with a world behind it that every kind of entry can be about."""

    def __init__(self, world: World) -> None:
        self.world = world
        team = world.team()
        self.person = world.staff("leader", team, name="Alice")
        self.reader = world.staff("fieldworker", team, name="Bob")
        self.other = world.staff("fieldworker", team, name="Carol").id
        self.client = self.person.register("Kari", team)
        self.rent, self.crisis, self.complaint, self.absence = (str(uuid.uuid4()) for _ in range(4))
        self.person.log("rent_problem_reported", {"amount_nok": "9"}, client=self.client, case=self.rent)
        self.person.log("crisis_opened", {"kind": "other"}, client=self.client, case=self.crisis)
        complaint = {"what": ["noise"], "complainant": "neighbour", "client_role": "unclear"}
        self.person.log("neighbour_complaint_received", complaint, client=self.client, case=self.complaint)
        self.person.log("absence_started", {"absence_id": self.absence, "kind": "unknown"}, client=self.client)
        self.visit = self.person.log("visit_logged", {"outcome": "seen", "place": "home"}, client=self.client)["id"]
        self.person.log("concern_raised", {"reason": "stille"}, client=self.client)
        self.alert = self.person.alerts()[0]["id"]
        self.nights = world.team("Nattevakta", "night").id
        self.out = str(uuid.uuid4())
        later = (world.clock.now() + dt.timedelta(hours=8)).isoformat()
        hours = {"team_id": team.id, "hours": {}, "when_closed": "hand_over", "to_team_id": self.nights}
        self.person.log("team_hours_set", hours)
        duty = {"team_id": team.id, "staff_id": self.person.id, "duty": "duty"}
        self.duty = self.person.log("duty_set", duty | {"from_at": world.clock.now().isoformat(), "to_at": later})["id"]
        self.worry = self.person.log("concern_raised", {"reason": "?", "urgency": "today"}, client=self.client)["id"]
        self.person.log("visit_started", {"visit_id": self.out, "expected_end_at": later}, client=self.client)
        self.good = bodies(self, team.id)
        self.ids = (self.client, self.rent, self.crisis, self.alert, self.visit, self.person.id, team.id, self.absence)

    def fresh(self, type: str) -> dict[str, Any]:
        """A good entry of this type, new each time."""
        body = copy.deepcopy(self.good[type])
        case = {"rent": self.rent, "neighbour": self.complaint, "crisis": self.crisis}.get(type.split("_")[0])
        client: str | None = self.client
        if type in ("rent_problem_reported", "neighbour_complaint_received", "crisis_opened"):
            case = str(uuid.uuid4())
        if type == "absence_started":
            body["absence_id"] = str(uuid.uuid4())
        if type == "visit_started":
            body["visit_id"] = str(uuid.uuid4())
        if type == "client_registered":
            client = str(uuid.uuid4())
        return self.person.entry(type, body, client=None if ENTRY_TYPES[type].about == "team" else client, case=case)

    def sync(self, raw: bytes) -> None:
        answer = self.person.http.post("/api/sync", data=raw, content_type="application/json")
        well_formed(answer, "POST")
        if answer.status_code != 200:
            return
        taken = answer.get_json()
        results = taken["results"]
        if not taken["reset"]:
            self.person.cursor = taken["cursor"]
        assert len(results) == len(json.loads(raw)["entries"])
        for one in results:
            assert one["verdict"] in ("accepted", "duplicate", "rejected", "deferred")
            assert (one["verdict"] in ("rejected", "deferred")) == ("code" in one)
            assert one.get("code") in (None, *VERDICTS)

    def still_works(self) -> None:
        """Nothing that was taken makes trouble for who reads it, or for the worker, now or later."""
        self.reader.cursor = None
        self.reader.replica.clear()
        assert ("client", self.client) in self.reader.pull()
        pages = [f"/kontor/bruker/{self.client}", f"/kontor/saker/{self.rent}", f"/kontor/saker/{self.complaint}"]
        for path in (*PAGES, *pages, f"/kontor/saker/{self.crisis}", f"/kontor/varsler/{self.alert}"):
            assert self.person.get(path).status_code == 200, path
        for _ in range(3):
            now = self.world.clock.now()
            with self.world.database.transaction() as session:
                overdue.open_overdue(session, now)
            with self.world.database.transaction() as session:
                escalation.escalate(session, now)
            with self.world.database.reading() as session:
                assert not overdue.any_overdue(session, now), "a client was quarantined"
            self.world.clock.shift(days=400)


@pytest.mark.parametrize(
    "before", ["1" + "0" * 30, "-1" + "0" * 30, str(2**63), "-1", "0", "1.5", "x", "", "%00", "%ff"]
)
def test_older_entries_can_be_asked_for_from_any_number(door: Door, before: str) -> None:
    well_formed(door.person.get(f"/api/clients/{door.client}/entries?before={before}"), "GET")


PAGES = ("/kontor", "/kontor/bekreft", "/konto", "/kontor/varsler", "/kontor/saker", "/kontor/vakt", "/kontor/team")


def bodies(door: Door, team_id: str) -> dict[str, dict[str, Any]]:
    """A good body of every type, made from its Struct where nothing more is to be told than its fields hold."""
    now, later = "2026-11-23T10:00:00+01:00", "2026-11-24T09:00:00+01:00"
    visit = {
        "outcome": "declined", "place": "home", "contact": "seen", "medication": "declined", "children_present": True,
        "with_staff": [door.person.id], "duration_min": 30, "condition": "usual", "client_said": "Bra",
        "topics": ["health"], "agreed": "Ringes", "next_contact_on": "2026-12-01", "note": "notat",
    }  # fmt: skip
    watch = {
        "mode": "each_shift", "interval_minutes": 600, "counts": ["seen", "reported"], "sources": ["police"],
        "shifts": ["day", "night"], "may_enter": True, "key_ref": "14", "tighten_days": 3, "review_on": "2027-01-01",
        "reason": "avtalt", "team_id": team_id,
    }  # fmt: skip
    letter = {"kind": "eviction_notice", "dated_on": "2026-11-01", "sent_on": "2026-11-03", "received_on": "2026-11-04"}
    rent = {
        "amount_nok": "14250.00", "months": 2, "cause": "other", "letters": [letter], "plan": "instalments",
        "deadline_on": "2026-12-01", "status": "agreed", "next_step": "Ring", "next_step_on": "2026-11-30",
    }  # fmt: skip
    complaint = {
        "what": ["noise"], "complainant": "neighbour", "client_role": "suffers", "complainant_name": "Fru Nabo",
        "answer_given": True, "status": "answered",
    }  # fmt: skip
    ids = {
        "team_id": team_id, "staff_id": door.person.id, "to_staff_id": door.reader.id, "with_staff": [door.reader.id],
        "primary_staff_id": door.person.id, "owner_id": door.person.id, "to_team_id": door.nights,
        "alert_id": door.alert, "visit_id": door.out, "absence_id": door.absence, "duty_id": door.duty,
        "in_return_for": str(uuid.uuid4()), "handed_over_id": door.duty, "entry_id": door.visit,
        "from_at": now, "to_at": later, "until": later, "until_at": later, "expected_end_at": later, "seen_at": now,
    }  # fmt: skip
    told = {
        "client_registered": {"name": "Ny", "team_id": team_id, "birth_year": 1980, "phone": "1",
                              "watch": {"mode": "interval", "interval_minutes": 60}, "contact_interval_days": 7},
        "client_updated": {"base_seq": 0, "fields": {"name": "Kari", "phone": None, "birth_year": 1970}},
        "team_hours_set": {"team_id": team_id, "hours": {"mon": [["08:00", "15:30"]], "sat": [["22:30", "07:30"]]},
                           "shifts": {"day": ["07:00", "15:00"]}, "closed_days": ["2026-12-24"],
                           "when_closed": "hand_over", "to_team_id": door.nights},
        "concern_answered": {"entry_id": door.worry},
        "watch_taken_over": {"handed_over_id": door.worry},
        "visit_logged": visit,
        "street_contact_logged": {"place_label": "Havna", "people": 2, "offered": ["doctor"], "equipment": {"foil": 2}},
        "call_logged": {"direction": "in", "outcome": "message", "with": "client"},
        "sighting_reported": {"source": "police", "what": "worried"},
        "rent_problem_reported": rent,
        "rent_problem_updated": rent,
        "neighbour_complaint_received": complaint,
        "neighbour_complaint_updated": {"client_role": "causes"},
        "crisis_opened": {"kind": "overdose", "called_by": "nabo"},
        "crisis_step_logged": {"step": "naloxone", "count": 2},
        "crisis_closed": {"outcome": "not_found", "admission_avoided": True, "debrief": True},
        "home_entered": {"ground": "agreement", "reason": "stille", "found": "nobody", "tried": ["rang"],
                         "left_at": later, "with_staff": [door.person.id], "told": "note", "key_back": True},
        "absence_started": {"absence_id": door.absence, "kind": "admitted", "expected_end_on": "2026-12-01"},
        "absence_ended": {"absence_id": door.absence, "outcome": "released"},
        "watch_set": watch,
        "entry_corrected": {"entry_id": door.visit, "what": "text", "reason": "feil", "body": visit},
        "staff_blocked": {"staff_id": door.other, "reason": "familie"},  # Alice and Bob read all the time
    }  # fmt: skip
    return {name: told.get(name) or example(name, ids) for name in ENTRY_TYPES}


def spoil(data: st.DataObject, root: Json, ids: tuple[str, ...]) -> None:
    """Change something somewhere in this JSON: another value, a field gone or added, a list grown."""
    at = root
    while True:
        inner = [
            value for value in (at.values() if isinstance(at, dict) else at) if isinstance(value, dict | list) and value
        ]
        if not inner or data.draw(st.integers(0, 3)) == 0:
            break
        at = data.draw(st.sampled_from(inner))
    value = data.draw(st.one_of(strange, st.sampled_from(ids)))
    if isinstance(at, list):
        at[:] = data.draw(st.sampled_from([[*at, value], [value], at * 60, []]))
    elif at and data.draw(st.integers(0, 5)):
        name = data.draw(st.sampled_from(sorted(at)))
        if data.draw(st.integers(0, 4)):
            at[name] = value
        else:
            del at[name]
    else:
        at[data.draw(st.sampled_from(["unknown", "note", "\0", "\ud800", "mends", "author_id", "deliver_for"]))] = value


def dumped(body: Json) -> bytes:
    return json.dumps(body).encode()


def filled(path: str, data: st.DataObject, ids: tuple[str, ...]) -> str:
    """The path with something in the place of its arguments."""
    head, argument, tail = path.partition("<")
    if not argument:
        return path
    value = data.draw(st.sampled_from([*ids, str(uuid.uuid4()), "x", "%00", "%ff", "..", "å"]))
    return head + value + tail.partition(">")[2]


def well_formed(answer: TestResponse, method: str) -> None:
    """No crash; an error is JSON with a known code and a sentence, and with nothing that is not promised."""
    assert answer.status_code < 500, answer.get_data(as_text=True)
    if answer.status_code < 400 or method == "HEAD":
        return
    assert answer.mimetype == "application/json", answer.get_data(as_text=True)
    error = answer.get_json()
    assert set(error) <= KEYS
    assert STATUS[error["code"]] == answer.status_code
    assert isinstance(error["message"], str)
    assert error["message"]


def tries(count: int) -> settings:
    phases = [Phase.explicit, Phase.generate]  # the world behind the door moves on: what is tried again may pass
    health = list(HealthCheck)
    return settings(max_examples=count, deadline=None, derandomize=True, suppress_health_check=health, phases=phases)


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)
