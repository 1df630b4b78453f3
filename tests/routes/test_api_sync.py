"""POST /api/sync as a phone meets it: verdicts, limits, what comes down, and what bad input gets."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest

from tests._client import CheckedClient
from tests._world import Person, World

VISIT = {"outcome": "seen", "place": "home"}


def verdict(answer: dict[str, Any], number: int = 0) -> dict[str, Any]:
    result: dict[str, Any] = answer["results"][number]
    return result


def test_an_entry_is_accepted_once_and_a_duplicate_for_ever_after(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    visit = bob.entry("visit_logged", VISIT, client=kari)
    assert verdict(bob.sync(visit)) == {"id": visit["id"], "verdict": "accepted"}
    again = visit | {"device_seq": 9, "clock_offset_ms": 40}
    assert verdict(bob.sync(again)) == {"id": visit["id"], "verdict": "duplicate", "original": "accepted"}
    bob.pull()
    assert [id for kind, id in bob.replica if kind == "entry"].count(visit["id"]) == 1


def test_another_content_under_an_accepted_id_is_refused_and_the_first_stays(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    visit = bob.log("visit_logged", VISIT, client=kari)
    other = visit | {"body": VISIT | {"note": "noe annet"}}
    assert verdict(bob.sync(other))["code"] == "id_reused"
    broken = visit | {"body": {"outcome": "flew"}}
    assert verdict(bob.sync(broken))["code"] == "id_reused"
    assert "note" not in bob.pull()[("entry", visit["id"])]["body"]


def test_a_refused_entry_never_blocks_the_others_and_is_judged_afresh_when_mended(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    good = bob.entry("visit_logged", VISIT, client=kari)
    bad = bob.entry("visit_logged", {"outcome": "flew", "place": "home"}, client=kari)
    answer = bob.sync(bad, good)
    assert [one["verdict"] for one in answer["results"]] == ["rejected", "accepted"]
    assert verdict(answer)["code"] == "invalid_body"
    assert verdict(answer)["field"] == "body.outcome"
    assert verdict(answer)["message"]
    assert verdict(bob.sync(bad | {"body": VISIT}))["verdict"] == "accepted"


def test_types_and_versions_to_come_are_deferred_and_kept(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    later = bob.entry("coffee_drunk", {"cups": 2}, client=kari)
    newer = bob.entry("visit_logged", VISIT, client=kari, version=2)
    found = [(one["verdict"], one["code"]) for one in bob.sync(later, newer)["results"]]
    assert found == [("deferred", "unknown_type"), ("deferred", "newer_version")]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"id": "not-a-uuid"}, "invalid_envelope", "id"),
        ({"occurred_at": "2026-11-21T09:05:00"}, "invalid_envelope", "occurred_at"),
        ({"occurred_at": "yesterday"}, "invalid_envelope", "occurred_at"),
        ({"version": 0}, "invalid_envelope", "version"),
        ({"device_seq": "41"}, "invalid_envelope", "device_seq"),
        ({"client_id": None}, "invalid_envelope", "client_id"),
        ({"body": []}, "invalid_body", "body"),
        ({"body": VISIT | {"note": "a" * 10_001}}, "too_long", "body.note"),
        ({"body": VISIT | {"note": "x\u0000y"}}, "invalid_body", "body.note"),
        ({"body": VISIT | {"note": "\ud800"}}, "invalid_body", "body.note"),
        ({"body": VISIT | {"padding": "p" * 70_000}}, "too_long", None),
        ({"client_id": "01900000-0000-7000-8000-00000000dead"}, "unknown_reference", "client_id"),
        (
            {"body": VISIT | {"with_staff": ["01900000-0000-7000-8000-00000000dead"]}},
            "unknown_reference",
            "body.with_staff",
        ),
        ({"author_id": "01900000-0000-7000-8000-00000000dead"}, "author_unproven", None),
    ],
)
def test_each_fault_in_an_entry_gets_its_code_and_the_good_one_beside_it_is_taken(
    world: World, change: dict[str, Any], code: str, field: str | None
) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    bad = bob.entry("visit_logged", VISIT, client=kari) | change
    good = bob.entry("visit_logged", VISIT, client=kari)
    first, second = bob.sync(bad, good)["results"]
    assert (first["verdict"], first["code"], first.get("field")) == ("rejected", code, field)
    assert second["verdict"] == "accepted"


@pytest.mark.parametrize("element", [None, 7, "text", [], {}, True, {"id": {}}, [[[]]]])
def test_an_element_that_is_no_entry_is_refused_alone(world: World, element: Any) -> None:
    bob = world.staff("fieldworker", world.team())
    answer = bob.sync(element)
    assert verdict(answer)["verdict"] == "rejected"
    assert verdict(answer)["code"] == "invalid_envelope"
    assert verdict(answer)["id"] is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"protocol":1}',
        b"\xff\xfe",
        b"[" * 90_000,
        b'{"protocol":1,"device_id":"x","sent_at":"y","unsent_after":0,"entries":[]}',
        b'{"protocol":NaN}',
    ],
)
def test_a_request_that_can_not_be_read_is_malformed_and_nothing_is_taken(world: World, raw: bytes) -> None:
    bob = world.staff("fieldworker", world.team())
    answer = bob.http.post("/api/sync", data=raw, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed")


def test_too_many_entries_or_bytes_is_too_large_and_an_unknown_protocol_says_which_it_knows(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    many = bob.post("/api/sync", bob.sync_request(*[{} for _ in range(101)]))
    assert (many.status_code, many.get_json()["code"]) == (413, "too_large")
    heavy = bob.post("/api/sync", bob.sync_request({"padding": "x" * 300_000}))
    assert (heavy.status_code, heavy.get_json()["code"]) == (413, "too_large")
    newer = bob.post("/api/sync", bob.sync_request(protocol=2))
    assert newer.status_code == 409
    assert {"code": "protocol_unsupported", "min": 1, "max": 1}.items() <= newer.get_json().items()


def test_without_a_session_the_answer_is_sign_in(client: CheckedClient) -> None:
    asked = {
        "protocol": 1, "device_id": str(uuid.uuid4()), "sent_at": "2026-11-21T09:00:00Z",
        "unsent_after": 0, "entries": [],
    }  # fmt: skip
    answer = client.post("/api/sync", json=asked)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "sign_in")


def test_a_foreign_an_unreadable_or_a_future_cursor_is_a_reset(world: World) -> None:
    team = world.team()
    bob, rolf = world.staff("fieldworker", team), world.staff("peer", team)
    bob.register("Kari")
    ahead = bob.cursor.rsplit(".", 1)[0] + ".999999" if bob.cursor else ""
    for cursor in ("nonsense", ahead, rolf.sync()["cursor"], 17, "a.b.c"):
        answer = bob.post("/api/sync", bob.sync_request(cursor=cursor)).get_json()
        assert answer["reset"] is True, cursor
        assert answer["changes"] == []


def test_a_first_sync_brings_everything_one_may_see_in_pages_of_at_most_500(world: World) -> None:
    team = world.team()
    bob = world.staff("fieldworker", team)
    kari = bob.register("Kari")
    for _ in range(6):
        bob.sync(*[bob.entry("visit_logged", VISIT, client=kari) for _ in range(90)])
    rolf = world.staff("peer", team)
    first = rolf.sync()
    assert len(first["changes"]) == 500
    assert first["more"] is True
    rolf.pull()
    assert sum(1 for kind, _ in rolf.replica if kind == "entry") == 541
    assert [change["seq"] for change in first["changes"]] == sorted(change["seq"] for change in first["changes"])


def test_somebody_of_another_team_sees_nothing_and_gets_the_same_answer_as_for_what_is_not_there(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    charlie = world.staff("fieldworker", world.team())
    kari = bob.register("Hemmelige Kari")
    bob.log("visit_logged", VISIT, client=kari)
    assert "Hemmelige" not in json.dumps(charlie.sync())
    assert not any(kind in ("client", "entry") for kind, _ in charlie.pull())
    theirs = charlie.entry("visit_logged", VISIT, client=kari)
    nobodys = charlie.entry("visit_logged", VISIT, client=str(uuid.uuid4()))
    one, other = charlie.sync(theirs, nobodys)["results"]
    assert {**one, "id": None} == {**other, "id": None}
    guesses = [charlie.get(f"/api/clients/{id}/entries") for id in (kari, uuid.uuid4())]
    assert guesses[0].status_code == guesses[1].status_code == 404
    assert guesses[0].get_json() == guesses[1].get_json()


def test_access_lost_comes_down_as_removed_and_access_gained_brings_it_all(world: World) -> None:
    nord, sor = world.team("Nord"), world.team("Sør")
    alice = world.staff("leader", nord, sor)
    bob, charlie = world.staff("fieldworker", nord), world.staff("fieldworker", sor)
    kari = bob.register("Kari")
    bob.log("visit_logged", VISIT, client=kari)
    bob.pull(), charlie.pull()
    today = world.clock.now().date()
    alice.log("client_team_set", {"team_id": sor.id, "from_on": today.isoformat()}, client=kari)
    charlie.pull()
    assert ("client", kari) in charlie.replica
    assert sum(1 for kind, _ in charlie.replica if kind == "entry") >= 2
    ended = {"team_id": nord.id, "from_on": "2026-01-01", "to_on": (today - dt.timedelta(days=1)).isoformat()}
    alice.log("client_team_set", ended, client=kari)
    removed = [change for change in bob.sync()["changes"] if change.get("removed")]
    assert [(change["kind"], change["id"]) for change in removed] == [("client", kari)]
    assert "data" not in removed[0]
    assert verdict(bob.sync(bob.entry("visit_logged", VISIT, client=kari)))["code"] == "unknown_reference"


def test_a_landlord_gets_what_it_logged_itself_and_no_care_notes(world: World) -> None:
    team = world.team()
    bob, lars = world.staff("fieldworker", team), world.staff("landlord", team)
    kari = bob.register("Kari")
    bob.log("visit_logged", VISIT | {"note": "omsorg"}, client=kari)
    case = str(uuid.uuid4())
    bob.log("crisis_opened", {"kind": "overdose"}, client=kari, case=case)
    own = lars.log("rent_problem_reported", {"amount_nok": "900.00"}, client=kari, case=str(uuid.uuid4()))
    lars.pull()
    assert [id for kind, id in lars.replica if kind == "entry"] == [own["id"]]
    assert [id for kind, id in lars.replica if kind == "case"] == [own["case_id"]]
    assert not [id for kind, id in lars.replica if kind == "alert"]
    assert "watch" not in lars.replica[("client", kari)]
    assert lars.alerts() == []
    assert verdict(lars.sync(lars.entry("visit_logged", VISIT, client=kari)))["code"] == "not_permitted"


def test_a_client_or_a_case_is_given_only_to_those_who_follow_up_clients(world: World) -> None:
    team = world.team()
    bob, lars = world.staff("fieldworker", team), world.staff("landlord", team)
    kari = bob.register("Kari")
    together = bob.entry("visit_logged", VISIT | {"with_staff": [lars.id]}, client=kari)
    owner = bob.entry("rent_problem_reported", {"owner_id": lars.id}, client=kari, case=str(uuid.uuid4()))
    primary = bob.entry("client_updated", {"base_seq": 9**9, "fields": {"primary_staff_id": lars.id}}, client=kari)
    found = [(one["verdict"], one.get("field")) for one in bob.sync(together, owner, primary)["results"]]
    refused = ["body.owner_id", "body.fields.primary_staff_id"]
    assert found == [("accepted", None), *(("rejected", field) for field in refused)]


def test_a_protected_address_is_not_taken_in_before_it_can_be_kept(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    body = {"name": "Kari", "team_id": bob.teams[0].id, "protected": "code6"}
    found = verdict(bob.sync(bob.entry("client_registered", body, client=str(uuid.uuid4()))))
    assert (found["code"], found["field"]) == ("not_permitted", "body.protected")


def test_words_of_a_private_talk_are_refused_and_not_even_kept(world: World) -> None:
    rolf = world.staff("peer", world.team())
    secret = rolf.entry(
        "street_contact_logged", {"place_label": "Kaia", "people": 1, "private": True, "note": "fortrolig"}
    )
    assert verdict(rolf.sync(secret))["code"] == "private_has_no_note"
    with world.database.reading() as session:
        from fieldapp.models import SetAside

        assert "fortrolig" not in session.query(SetAside.raw).one().raw


def test_follow_up_cannot_end_ahead_of_its_day(world: World) -> None:
    """The clock stops at once: nobody may be silent while they are still followed up."""
    alice = world.staff("leader", world.team())
    kari = alice.register("Kari")
    tomorrow = (world.clock.now() + dt.timedelta(days=1)).date().isoformat()
    refused = verdict(alice.sync(alice.entry("follow_up_ended", {"reason": "moved", "on": tomorrow}, client=kari)))
    assert (refused["verdict"], refused["code"], refused["field"]) == ("rejected", "invalid_body", "body.on")
    assert alice.pull()["client", kari]["watch"]["due_at"] is not None


def test_two_edits_of_different_fields_both_stand_and_a_safety_field_needs_a_fresh_base(world: World) -> None:
    team = world.team()
    alice, bob = world.staff("leader", team), world.staff("fieldworker", team)
    kari = bob.register("Kari")
    base = next(c["seq"] for c in alice.sync()["changes"] if c["kind"] == "client")
    alice.log("client_updated", {"base_seq": base, "fields": {"phone": "900 00 000"}}, client=kari)
    bob.log("client_updated", {"base_seq": base, "fields": {"address": "Storgata 1"}}, client=kari)
    alice.log("client_updated", {"base_seq": base, "fields": {"primary_staff_id": bob.id}}, client=kari)
    stale = bob.entry("client_updated", {"base_seq": base, "fields": {"primary_staff_id": alice.id}}, client=kari)
    assert verdict(bob.sync(stale))["code"] == "stale_base"
    data = bob.pull()[("client", kari)]
    assert (data["phone"], data["address"], data["primary_staff_id"]) == ("900 00 000", "Storgata 1", bob.id)


def test_a_wrong_clock_is_corrected_and_flagged_and_a_chosen_time_stands(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    now = world.clock.now()
    slow = bob.entry("visit_logged", VISIT, client=kari, occurred_at=(now - dt.timedelta(minutes=40)).isoformat(),
                     clock_offset_ms=40 * 60_000)  # fmt: skip
    chosen = bob.entry("visit_logged", VISIT, client=kari, at=now - dt.timedelta(hours=2), clock_offset_ms=40 * 60_000)
    ancient = bob.entry("visit_logged", VISIT, client=kari, at=now - dt.timedelta(days=400))
    future = bob.entry("visit_logged", VISIT, client=kari, at=now + dt.timedelta(days=365))
    bob.sync(slow, chosen, ancient, future, sent_at=(now - dt.timedelta(minutes=40)).isoformat())
    entries = {id: data for (kind, id), data in bob.pull().items() if kind == "entry"}
    corrected = dt.datetime.fromisoformat(entries[slow["id"]]["corrected_at"])
    assert abs(corrected - now) < dt.timedelta(seconds=5)
    assert entries[slow["id"]]["flags"] == []
    assert dt.datetime.fromisoformat(entries[chosen["id"]]["corrected_at"]) == now - dt.timedelta(hours=2)
    assert entries[ancient["id"]]["flags"] == entries[future["id"]]["flags"] == ["clock_uncertain"]
    seen_at = dt.datetime.fromisoformat(bob.replica[("client", kari)]["watch"]["last_seen_at"])
    assert seen_at <= world.clock.now(), "a time to come never hides an alert"


def test_a_missing_number_of_a_phone_is_known_until_it_arrives(world: World) -> None:
    from fieldapp.models import Device

    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    first = bob.entry("visit_logged", VISIT, client=kari)
    second = bob.entry("visit_logged", VISIT, client=kari)
    bob.sync(second, unsent_after=1)

    def device() -> Device:
        with world.database.reading() as session:
            return session.get_one(Device, uuid.UUID(bob.device_id))

    assert (device().highest_seq, device().arrived_count, device().unsent) == (3, 2, 1)
    bob.sync(first)
    assert (device().highest_seq, device().arrived_count, device().unsent) == (3, 3, 0)


def test_older_entries_come_on_demand_newest_first(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    old = bob.log("visit_logged", VISIT, client=kari)
    world.clock.shift(days=40)
    rolf: Person = world.staff("peer", bob.teams[0])
    assert ("entry", old["id"]) not in rolf.pull()
    page = rolf.get(f"/api/clients/{kari}/entries").get_json()
    assert page["changes"][0]["id"] == old["id"]
    assert (page["more"], page["before"]) == (False, None)


def test_older_entries_page_by_time_whatever_their_change_numbers(world: World) -> None:
    team, other = world.team(), world.team()
    alice = world.staff("leader", team)
    kari = alice.register("Kari")
    start = world.clock.now()
    logged = [
        alice.entry("visit_logged", VISIT, client=kari, at=start - dt.timedelta(hours=hour)) for hour in range(450)
    ]
    for part in range(0, 450, 50):
        alice.sync(*logged[part : part + 50])
    world.clock.shift(days=40)
    alice.sign_in()
    # Everything about the client gets new change numbers, in an order of its own.
    alice.log("client_team_set", {"team_id": other.id, "from_on": "2026-11-01"}, client=kari)
    rolf = world.staff("peer", other)
    rolf.pull()
    found, before = [], ""
    for _ in range(4):
        page = rolf.get(f"/api/clients/{kari}/entries?before={before}").get_json()
        found += [change["data"] for change in page["changes"]]
        before = page["before"]
        if not page["more"]:
            break
    visits = [entry["id"] for entry in found if entry["type"] == "visit_logged"]
    assert visits == [entry["id"] for entry in logged]
    assert before is None


def test_older_entries_before_a_number_no_log_can_reach_are_the_newest(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    for before in (str(10**20), "-1", "zz"):
        answer = bob.get(f"/api/clients/{kari}/entries?before={before}")
        assert answer.status_code == 200, before


def test_an_accepted_id_in_a_newer_version_or_unknown_type_is_reused_and_not_deferred(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    entry = bob.log("visit_logged", VISIT, client=bob.register("Kari"))
    for other in ({"version": 2}, {"type": "from_the_future"}):
        found = verdict(bob.sync(entry | other))
        assert (found["verdict"], found["code"]) == ("rejected", "id_reused")


def test_a_wrong_key_without_a_session_proves_nothing_and_nothing_is_kept(world: World, client: CheckedClient) -> None:
    team = world.team()
    bob, rolf = world.staff("fieldworker", team), world.staff("peer", team)
    entry = bob.entry("visit_logged", VISIT, client=bob.register("Kari")) | {"author_id": bob.id}
    asked = bob.sync_request(entry, cursor="as it was", deliver_for=[{"staff_id": bob.id, "key": "guessed"}])
    answer = client.post("/api/sync", json=asked)
    assert answer.status_code == 200
    assert answer.get_json()["results"] == [{"id": entry["id"], "verdict": "rejected", "code": "author_unproven"}]
    assert (answer.get_json()["changes"], answer.get_json()["cursor"]) == ([], "as it was")
    assert ("entry", entry["id"]) not in rolf.pull()


def test_an_accepted_entry_offered_again_without_a_proof_is_unproven_and_not_reused(world: World) -> None:
    team = world.team()
    bob, rolf = world.staff("fieldworker", team), world.staff("peer", team)
    entry = bob.log("visit_logged", VISIT, client=bob.register("Kari"))
    assert verdict(rolf.sync(entry | {"author_id": bob.id}))["code"] == "author_unproven"


@pytest.mark.engines("sqlite")
def test_a_client_s_name_comes_down_in_its_one_form(world: World) -> None:
    alice = world.staff("leader", world.team())
    kari = alice.register("  A\u030ase \u00a0 No\u00adrd ", alias=" A\u030as\u200be ")
    found = alice.pull()["client", kari]
    assert (found["name"], found["alias"]) == ("\u00c5se Nord", "\u00c5se")
    edit = {"base_seq": 0, "fields": {"name": "Kari\u2003Nord"}}
    alice.log("client_updated", edit, client=kari)
    assert alice.pull()["client", kari]["name"] == "Kari Nord"


@pytest.mark.engines("sqlite")
def test_a_client_without_a_name_that_can_be_read_is_refused_by_its_field(world: World) -> None:
    alice = world.staff("leader", world.team())
    bad = alice.entry("client_registered", {"name": "\u200b", "team_id": alice.teams[0].id}, client=str(uuid.uuid4()))
    (verdict,) = alice.sync(bad)["results"]
    assert (verdict["verdict"], verdict["code"], verdict["field"]) == ("rejected", "invalid_body", "body.name")
