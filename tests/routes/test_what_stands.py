"""What stands until a newer entry or an ending, as phones are told of it: the newest, two versions, endings, reach."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from sync.ids import uuid7
from tests._world import Person, TeamOfWorld, World

RISK = {"advice": ["two_together", "dog"], "reason": "Hunden biter", "review_on": "2027-02-01"}
RING = {"role": "next_of_kin", "name": "Anne", "call_if_not_found": "yes"}


def new_id() -> str:
    return str(uuid7())


@dataclass
class House:
    world: World
    nord: TeamOfWorld
    sor: TeamOfWorld
    alice: Person
    bob: Person
    charlie: Person
    kari: str
    """Nord's."""

    def stands(self, kind: str, who: Person | None = None) -> list[dict[str, Any]]:
        who = who or self.bob
        return [data for (of, _), data in who.pull().items() if of == kind]

    def only(self, kind: str, who: Person | None = None) -> dict[str, Any]:
        (found,) = self.stands(kind, who)
        return found

    def later(self) -> None:
        self.world.clock.shift(minutes=1)


@pytest.fixture
def house(world: World) -> House:
    nord, sor = world.team("Nord"), world.team("Sør")
    alice, bob = world.staff("leader", nord, name="Alice"), world.staff("fieldworker", nord, name="Bob")
    charlie = world.staff("fieldworker", sor, name="Charlie")
    return House(world, nord, sor, alice, bob, charlie, alice.register("Kari", nord))


def code(person: Person, *entry: Any, **envelope: Any) -> tuple[str, str | None]:
    verdict = person.judged(*entry, **envelope)
    return verdict.get("code") or verdict["verdict"], verdict.get("field")


# --- risk ---


def test_a_risk_is_reviewed_changed_and_ended(house: House) -> None:
    risk_id = new_id()
    noted = house.alice.log("risk_noted", {"risk_id": risk_id, **RISK}, client=house.kari)
    risk = house.only("risk")
    assert risk["id"] == risk_id
    assert (risk["advice"], risk["reason"], risk["review_on"]) == (RISK["advice"], "Hunden biter", "2027-02-01")
    assert (risk["entry_id"], risk["author_id"], risk["client_id"]) == (noted["id"], house.alice.id, house.kari)
    house.later()
    review = {"risk_id": risk_id, "outcome": "changed", "advice": ["phone_first"], "review_on": "2027-04-01"}
    house.bob.log("risk_reviewed", review, client=house.kari)
    risk = house.only("risk", house.alice)
    assert (risk["advice"], risk["reason"], risk["review_on"]) == (["phone_first"], "Hunden biter", "2027-04-01")
    assert risk["reviewed_by"] == house.bob.id
    house.later()
    house.bob.log("risk_reviewed", {"risk_id": risk_id, "outcome": "ended"}, client=house.kari)
    assert house.stands("risk") == []
    assert ("risk", risk_id) not in house.alice.pull()


def test_a_risk_past_its_day_stays(house: House) -> None:
    house.bob.log("risk_noted", {"risk_id": new_id(), **RISK, "review_on": "2026-11-24"}, client=house.kari)
    house.world.clock.shift(days=60)
    house.bob.sign_in()
    house.bob.cursor = None
    house.bob.replica.clear()
    assert house.only("risk")["review_on"] == "2026-11-24"


def test_a_risk_is_looked_at_again_within_half_a_year(house: House) -> None:
    refused = ("invalid_body", "body.review_on")
    far = {"risk_id": new_id(), **RISK, "review_on": "2027-05-24"}
    assert code(house.bob, "risk_noted", far, client=house.kari) == refused
    near = far | {"review_on": "2027-05-23"}
    assert code(house.bob, "risk_noted", near, client=house.kari) == ("accepted", None)
    review = {"risk_id": far["risk_id"], "outcome": "kept", "review_on": "2027-05-24"}
    assert code(house.bob, "risk_reviewed", review, client=house.kari) == refused


def test_the_half_year_is_counted_from_when_it_was_written(house: House) -> None:
    written = house.world.clock.now() - dt.timedelta(days=20)
    late = {"risk_id": new_id(), **RISK, "review_on": "2027-05-20"}
    assert code(house.alice, "risk_noted", late, client=house.kari, at=written)[0] == "invalid_body"


@pytest.mark.parametrize(
    ("type_", "body", "minted"),
    [
        ("risk_noted", RISK, "risk_id"),
        ("agreement_recorded", {"kind": "service", "words": "Mandag og torsdag"}, "agreement_id"),
        ("meeting_held", {"kind": "support_group"}, "meeting_id"),
    ],
)
def test_a_second_opening_already_exists(house: House, type_: str, body: dict[str, Any], minted: str) -> None:
    first = house.bob.log(type_, {minted: new_id(), **body}, client=house.kari)
    again = {**body, minted: first["body"][minted]}
    assert code(house.bob, type_, again, client=house.kari) == ("already_exists", f"body.{minted}")
    # Nor when the first was taken back: order must not matter.
    house.bob.log(
        "entry_corrected", {"entry_id": first["id"], "what": "retracted", "reason": "angret"}, client=house.kari
    )
    assert code(house.bob, type_, again, client=house.kari) == ("already_exists", f"body.{minted}")


FOLLOWERS = [
    ("risk_noted", RISK, "risk_reviewed", {"outcome": "ended"}, "risk_id"),
    ("decision_recorded", {"service": "Bo", "ground": "treatment", "from_on": "2026-11-01"}, "decision_ended",
     {"on": "2026-12-01"}, "decision_id"),
    ("task_set", {"what": "Ringe"}, "task_done", {"outcome": "done"}, "task_id"),
    ("visit_planned", {"at": "2026-11-24T10:00:00Z"}, "visit_plan_ended", {"outcome": "done"}, "plan_id"),
]  # fmt: skip


@pytest.mark.parametrize(("opens", "body", "follows", "said", "minted"), FOLLOWERS)
def test_what_follows_names_what_is_there_of_the_same_client(
    house: House, opens: str, body: dict[str, Any], follows: str, said: dict[str, Any], minted: str
) -> None:
    even = house.alice.register("Even", house.nord)
    id_ = new_id()
    missing = ("unknown_reference", f"body.{minted}")
    assert code(house.bob, follows, {minted: id_, **said}, client=house.kari) == missing
    house.bob.log(opens, {minted: id_, **body}, client=house.kari)
    assert code(house.bob, follows, {minted: id_, **said}, client=even) == missing
    assert code(house.bob, opens, {minted: id_, **body}, client=even) == (
        "already_exists",
        f"body.{minted}",
    )
    assert code(house.bob, follows, {minted: id_, **said}, client=house.kari) == ("accepted", None)


# --- versions ---


def test_the_newest_plan_of_a_kind_stands(house: House) -> None:
    first = house.alice.log("plan_noted", {"kind": "crisis", "red_avoid": "Politi"}, client=house.kari)
    house.bob.log("plan_noted", {"kind": "goals", "goals": [{"text": "Egen nøkkel"}]}, client=house.kari)
    house.later()
    seen = {"kind": "crisis", "red_avoid": "Uniform", "replaces": [first["id"]]}
    second = house.bob.log("plan_noted", seen, client=house.kari)
    plans = {plan["kind"]: plan for plan in house.stands("plan")}
    assert plans.keys() == {"crisis", "goals"}
    assert plans["crisis"]["id"] == plans["crisis"]["entry_id"] == second["id"]
    assert plans["crisis"]["red_avoid"] == "Uniform"
    assert "beside" not in plans["crisis"]
    # Taken back, the one before stands again.
    house.bob.log(
        "entry_corrected", {"entry_id": second["id"], "what": "retracted", "reason": "angret"}, client=house.kari
    )
    assert {plan["kind"]: plan["id"] for plan in house.stands("plan")}["crisis"] == first["id"]


def test_two_versions_stand_until_someone_merges(house: House) -> None:
    one = house.alice.log("plan_noted", {"kind": "crisis", "red_avoid": "Politi", "green": "Sover"}, client=house.kari)
    house.later()
    other = house.bob.log("plan_noted", {"kind": "crisis", "red_avoid": "Uniform"}, client=house.kari)
    plan = house.only("plan")
    assert plan["red_avoid"] == "Uniform\nPoliti"
    assert [(two["entry_id"], two["red_avoid"], two["green"]) for two in plan["beside"]] == [
        (one["id"], "Politi", "Sover")
    ]
    house.later()
    merged = {"kind": "crisis", "red_avoid": "Politi i uniform", "replaces": [one["id"], other["id"]]}
    house.alice.log("plan_noted", merged, client=house.kari)
    plan = house.only("plan")
    assert (plan["red_avoid"], plan.get("beside")) == ("Politi i uniform", None)


def test_who_must_not_be_told_is_of_both_versions(house: House) -> None:
    contact_id = new_id()
    told = {"contact_id": contact_id, **RING, "must_not_be_told": "At hun er innlagt"}
    house.alice.log("contact_person_noted", told, client=house.kari)
    house.later()
    house.bob.log("contact_person_noted", {"contact_id": contact_id, **RING, "phone": "400 00 000"}, client=house.kari)
    person = house.only("contact_person")
    assert (person["id"], person["phone"], person["must_not_be_told"]) == (
        contact_id,
        "400 00 000",
        "At hun er innlagt",
    )
    # Nor does one who ends it without having seen the other take it away.
    house.later()
    house.bob.log("contact_person_noted", {"contact_id": contact_id, **RING, "ended": True}, client=house.kari)
    assert house.only("contact_person")["must_not_be_told"] == "At hun er innlagt"


def test_a_person_around_goes_when_it_ends(house: House) -> None:
    contact_id = new_id()
    noted = house.alice.log("contact_person_noted", {"contact_id": contact_id, **RING}, client=house.kari)
    assert house.only("contact_person")["name"] == "Anne"
    house.later()
    ended = {"contact_id": contact_id, **RING, "ended": True, "replaces": [noted["id"]]}
    house.bob.log("contact_person_noted", ended, client=house.kari)
    assert house.stands("contact_person") == []


def test_housing_is_where_the_client_lives_now(house: House) -> None:
    house.alice.log("housing_changed", {"situation": "night_shelter", "from_on": "2026-10-01"}, client=house.kari)
    house.later()
    lives = {"situation": "municipal_rent", "from_on": "2026-11-20", "safe": "yes", "contract_end_on": "2027-01-31"}
    house.alice.log("housing_changed", lives, client=house.kari)
    housing = house.only("housing")
    assert (housing["situation"], housing["contract_end_on"]) == ("municipal_rent", "2027-01-31")


# --- agreements ---


def test_an_agreement_stands_in_the_client_s_words_until_it_is_withdrawn(house: House) -> None:
    agreement_id = new_id()
    said = {"agreement_id": agreement_id, "kind": "consent", "words": "Dere kan snakke med legen",
            "party": "Fastlegen", "purpose": "Medisin"}  # fmt: skip
    house.bob.log("agreement_recorded", said, client=house.kari)
    agreement = house.only("agreement")
    assert (agreement["id"], agreement["words"], agreement["party"]) == (agreement_id, said["words"], "Fastlegen")
    assert agreement["withdrawn_at"] is None
    house.later()
    house.alice.log(
        "agreement_withdrawn", {"kind": "consent", "how": "told", "agreement_id": agreement_id}, client=house.kari
    )
    agreement = house.only("agreement")
    assert agreement["withdrawn_at"] is not None
    assert agreement["withdrawn_how"] == "told"


def test_a_withdrawal_holds_though_it_comes_before_the_agreement(house: House) -> None:
    agreement_id = new_id()
    said = {"kind": "service", "how": "at_door", "agreement_id": agreement_id}
    assert code(house.bob, "agreement_withdrawn", said, client=house.kari) == ("accepted", None)
    house.later()
    house.alice.log(
        "agreement_recorded", {"agreement_id": agreement_id, "kind": "service", "words": "Mandager"}, client=house.kari
    )
    assert house.only("agreement")["withdrawn_how"] == "at_door"


def test_a_withdrawal_without_an_id_ends_what_was_made_before(house: House) -> None:
    old, new, other = new_id(), new_id(), new_id()
    house.bob.log(
        "agreement_recorded", {"agreement_id": old, "kind": "service", "words": "Mandager"}, client=house.kari
    )
    house.bob.log(
        "agreement_recorded", {"agreement_id": other, "kind": "follow_up", "words": "Ukentlig"}, client=house.kari
    )
    house.later()
    house.bob.log("agreement_withdrawn", {"kind": "service", "how": "told"}, client=house.kari)
    house.later()
    house.bob.log(
        "agreement_recorded", {"agreement_id": new, "kind": "service", "words": "Fredager"}, client=house.kari
    )
    withdrawn = {one["id"]: one["withdrawn_how"] for one in house.stands("agreement")}
    assert withdrawn == {old: "told", new: None, other: None}


def test_an_id_of_another_kind_or_client_ends_nothing(house: House) -> None:
    even = house.alice.register("Even", house.nord)
    agreement_id = new_id()
    house.bob.log(
        "agreement_recorded", {"agreement_id": agreement_id, "kind": "service", "words": "Mandager"}, client=house.kari
    )
    house.later()
    wrong = {"kind": "consent", "how": "told", "agreement_id": agreement_id}
    assert code(house.bob, "agreement_withdrawn", wrong, client=house.kari)[0] == "accepted"
    assert code(house.bob, "agreement_withdrawn", wrong | {"kind": "service"}, client=even)[0] == "accepted"
    assert house.only("agreement")["withdrawn_at"] is None


def test_a_no_to_the_watch_closes_the_door_whatever_id_it_names(house: House) -> None:
    agreed = {"mode": "interval", "interval_minutes": 600, "may_enter": True, "key_ref": "14", "reason": "avtalt"}
    house.alice.log("watch_set", agreed, client=house.kari)
    house.later()
    house.bob.log(
        "agreement_withdrawn", {"kind": "watch", "how": "at_door", "agreement_id": new_id()}, client=house.kari
    )
    watch = house.bob.pull()["client", house.kari]["watch"]
    assert (watch["may_enter"], watch["key_ref"]) == (False, None)


# --- decisions, tasks, planned visits ---


def test_a_decision_is_recorded_anew_and_ended(house: House) -> None:
    decision_id = new_id()
    said = {"decision_id": decision_id, "service": "Booppfølging", "ground": "hol_3_2_6a", "from_on": "2026-11-01",
            "hours": "3.5", "per": "week", "coordinator_id": house.bob.id}  # fmt: skip
    first = house.alice.log("decision_recorded", said, client=house.kari)
    house.later()
    house.alice.log("decision_recorded", said | {"hours": "5", "replaces": [first["id"]]}, client=house.kari)
    assert (house.only("decision")["hours"], house.only("decision")["ended_on"]) == ("5", None)
    house.later()
    house.bob.log("decision_ended", {"decision_id": decision_id, "on": "2026-12-31"}, client=house.kari)
    assert house.only("decision")["ended_on"] == "2026-12-31"


def test_a_task_is_done_and_set_again(house: House) -> None:
    task_id = new_id()
    task = {"task_id": task_id, "what": "Ringe boligkontoret", "owner_id": house.bob.id, "due_on": "2026-11-27"}
    house.alice.log("task_set", task, client=house.kari)
    told = house.only("task")
    assert (told["id"], told["what"], told["owner_id"], told["due_on"]) == (task_id, *list(task.values())[1:])
    house.later()
    house.bob.log("task_done", {"task_id": task_id, "outcome": "done"}, client=house.kari)
    assert house.stands("task") == []
    house.later()
    house.alice.log("task_set", task | {"what": "Ringe igjen"}, client=house.kari)
    assert house.only("task")["what"] == "Ringe igjen"


def test_a_task_done_needs_to_name_neither_client_nor_team(house: House) -> None:
    task_id = new_id()
    house.alice.log("task_set", {"task_id": task_id, "what": "Ringe"}, client=house.kari)
    house.later()
    done = house.bob.log("task_done", {"task_id": task_id, "outcome": "done"}, team_id=None)
    assert house.stands("task") == []
    assert house.alice.pull()["entry", done["id"]]["client_id"] == house.kari
    assert ("entry", done["id"]) not in house.charlie.pull()


def test_a_task_of_the_team_is_the_team_s(house: House) -> None:
    task = {"task_id": new_id(), "what": "Bestille kaffe"}
    house.bob.log("task_set", task)
    assert house.only("task", house.alice)["team_id"] == house.nord.id
    assert house.stands("task", house.charlie) == []
    missing = ("unknown_reference", "body.task_id")
    assert code(house.charlie, "task_done", {"task_id": task["task_id"], "outcome": "done"}, team_id=None) == missing
    again = code(house.charlie, "task_set", task, team_id=house.sor.id)
    assert again == ("already_exists", "body.task_id")
    house.later()
    house.alice.log("task_done", {"task_id": task["task_id"], "outcome": "dropped"}, team_id=None)
    assert house.stands("task") == []


def test_who_is_given_a_task_follows_the_client_or_works_in_the_team(house: House) -> None:
    refused = ("unknown_reference", "body.owner_id")
    both = house.world.staff("fieldworker", house.nord, house.sor, name="Eva")
    task = {"what": "Ringe", "owner_id": house.charlie.id}
    assert code(both, "task_set", {"task_id": new_id(), **task}, client=house.kari) == refused
    assert code(both, "task_set", {"task_id": new_id(), **task}, team_id=house.nord.id) == refused
    assert code(both, "task_set", {"task_id": new_id(), **task}, team_id=house.sor.id) == ("accepted", None)
    task["owner_id"] = house.bob.id
    assert code(both, "task_set", {"task_id": new_id(), **task}, client=house.kari) == ("accepted", None)
    assert code(both, "task_set", {"task_id": new_id(), **task}, team_id=house.sor.id) == refused


def test_a_planned_visit_is_moved_and_ended_and_goes_when_it_is_long_past(house: House) -> None:
    plan_id = new_id()
    planned = {"plan_id": plan_id, "at": "2026-11-24T10:00:00Z", "staff_ids": [house.bob.id], "what": "Til legen"}
    house.alice.log("visit_planned", planned, client=house.kari)
    house.later()
    house.alice.log("visit_planned", planned | {"at": "2026-11-25T10:00:00Z"}, client=house.kari)
    told = house.only("planned")
    assert (told["id"], told["at"], told["staff_ids"]) == (plan_id, "2026-11-25T10:00:00Z", [house.bob.id])
    house.later()
    house.bob.log("visit_plan_ended", {"plan_id": plan_id, "outcome": "done"}, client=house.kari)
    assert house.stands("planned") == []
    house.later()
    house.alice.log("visit_planned", planned, client=house.kari)
    assert len(house.stands("planned")) == 1
    house.world.clock.shift(days=16)
    house.bob.sign_in()
    assert house.stands("planned") == []


# --- hand-overs ---


def test_a_note_is_handed_over_until_it_is_read(house: House) -> None:
    note = house.alice.log("handover_noted", {"what": "Legen ringer i kveld", "important": True}, client=house.kari)
    told = house.only("handover")
    assert (told["id"], told["what"], told["important"], told["read_by"]) == (
        note["id"],
        note["body"]["what"],
        True,
        [],
    )
    house.later()
    read = house.bob.log("handover_read", {"entry_ids": [note["id"]]}, team_id=None)
    assert [one["staff_id"] for one in house.only("handover", house.alice)["read_by"]] == [house.bob.id]
    house.bob.log("entry_corrected", {"entry_id": read["id"], "what": "retracted", "reason": "angret"})
    assert house.only("handover", house.alice)["read_by"] == []


def test_a_note_to_another_team_reaches_it(house: House) -> None:
    refused = ("unknown_reference", "body.to_team_id")
    to_sor = {"what": "Se til Kari i natt", "to_team_id": house.sor.id}
    assert code(house.bob, "handover_noted", to_sor, client=house.kari) == refused
    assert code(house.bob, "handover_noted", to_sor) == refused
    house.alice.log("client_team_set", {"team_id": house.sor.id, "from_on": "2026-11-20"}, client=house.kari)
    note = house.bob.log("handover_noted", to_sor, client=house.kari)
    assert house.only("handover", house.charlie)["team_id"] == house.sor.id
    house.charlie.log("handover_read", {"entry_ids": [note["id"]]}, client=house.kari)


def test_nobody_reads_what_they_do_not_see(house: House) -> None:
    note = house.alice.log("handover_noted", {"what": "Legen ringer"}, client=house.kari)
    of_team = house.bob.log("handover_noted", {"what": "Bilen står på verksted"})
    for entry in (note, of_team):
        missing = code(house.charlie, "handover_read", {"entry_ids": [entry["id"]]}, team_id=None)
        assert missing == ("unknown_reference", "body.entry_ids")
    assert code(house.bob, "handover_read", {"entry_ids": [note["id"], of_team["id"]]}, team_id=None)[0] == "accepted"


def test_a_note_goes_when_its_time_is_over(house: House) -> None:
    until = (house.world.clock.now() + dt.timedelta(hours=2)).isoformat()
    house.alice.log("handover_noted", {"what": "Legen ringer", "until_at": until}, client=house.kari)
    assert len(house.stands("handover")) == 1
    house.world.clock.shift(hours=3)
    assert house.stands("handover") == []


# --- reach ---


def test_the_landlord_and_the_other_team_get_none_of_it(house: House) -> None:
    lars = house.world.staff("landlord", house.nord, name="Lars")
    house.alice.log("risk_noted", {"risk_id": new_id(), **RISK}, client=house.kari)
    house.alice.log("plan_noted", {"kind": "crisis", "green": "Sover"}, client=house.kari)
    house.alice.log("contact_person_noted", {"contact_id": new_id(), **RING}, client=house.kari)
    house.alice.log("task_set", {"task_id": new_id(), "what": "Ringe"}, client=house.kari)
    house.alice.log("handover_noted", {"what": "Legen ringer"})
    for person in (lars, house.charlie):
        kinds = {kind for kind, _ in person.pull()}
        assert kinds.isdisjoint({"risk", "plan", "contact_person", "task", "handover", "entry"})


def test_what_is_about_a_client_goes_with_sight_and_comes_with_it(house: House) -> None:
    house.alice.log("risk_noted", {"risk_id": new_id(), **RISK}, client=house.kari)
    house.alice.log("plan_noted", {"kind": "crisis", "green": "Sover"}, client=house.kari)
    house.alice.log("client_team_set", {"team_id": house.sor.id, "from_on": "2026-11-20"}, client=house.kari)
    assert {kind for kind, _ in house.charlie.pull()} >= {"risk", "plan"}
    last = {"team_id": house.sor.id, "from_on": "2026-11-20", "to_on": "2026-11-22"}
    house.alice.log("client_team_set", last, client=house.kari)
    assert {kind for kind, _ in house.charlie.pull()}.isdisjoint({"risk", "plan"})


def test_a_plan_in_the_wrong_record_moves_with_its_entry(house: House) -> None:
    even = house.alice.register("Even", house.nord)
    plan = house.alice.log("plan_noted", {"kind": "crisis", "green": "Sover"}, client=house.kari)
    moved = {"entry_id": plan["id"], "what": "wrong_client", "to_client_id": even, "reason": "feil bruker"}
    house.alice.log("entry_corrected", moved, client=house.kari)
    assert house.only("plan")["client_id"] == even


def test_a_text_is_corrected_where_it_stands(house: House) -> None:
    risk = house.bob.log("risk_noted", {"risk_id": new_id(), **RISK}, client=house.kari)
    text = {"entry_id": risk["id"], "what": "text", "reason": "feil", "body": {"reason": "Hunden er borte"}}
    house.bob.log("entry_corrected", text, client=house.kari)
    assert house.only("risk")["reason"] == "Hunden er borte"
    far = text | {"body": {"review_on": "2028-01-01"}}
    assert code(house.bob, "entry_corrected", far, client=house.kari) == ("invalid_body", "body.body.review_on")
    other = text | {"body": {"risk_id": new_id()}}
    assert code(house.bob, "entry_corrected", other, client=house.kari)[0] == "unknown_reference"


def test_unknown_fields_of_a_body_are_not_taken_for_ours(house: House) -> None:
    even = house.alice.register("Even", house.nord)
    body = {"risk_id": new_id(), **RISK, "client_id": even, "id": new_id(), "beside": [1], "team_id": house.sor.id}
    house.bob.log("risk_noted", body, client=house.kari)
    risk = house.only("risk")
    assert (risk["id"], risk["client_id"], risk.get("beside")) == (body["risk_id"], house.kari, None)


def test_what_was_shown_is_in_the_read_log(house: House) -> None:
    from sqlalchemy import select

    from fieldapp.models import ReadLog

    house.alice.log("risk_noted", {"risk_id": new_id(), **RISK}, client=house.kari)
    house.bob.pull()
    house.world.clock.shift(minutes=90)
    risk_id = house.only("risk")["id"]
    house.alice.log(
        "risk_reviewed", {"risk_id": risk_id, "outcome": "kept", "review_on": "2027-01-01"}, client=house.kari
    )
    house.bob.pull()
    with house.world.database.reading() as session:
        said = [row.what for row in session.scalars(select(ReadLog)) if str(row.staff_id) == house.bob.id]
    assert any(risk_id in str(what) for what in said)
