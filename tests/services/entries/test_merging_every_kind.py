"""Whatever is about a client goes along into another's record and comes back from it: each kind of thing, written
before a merge, during it and after, under either id."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import inspect, select

from fieldapp import clock
from fieldapp.models import Base, Standing
from fieldapp.queries.sync.standing_data import STANDING_KINDS
from fieldapp.services.entries.rebuild import PROJECTIONS
from sync.ids import uuid7
from tests._world import World
from tests.services.entries.test_merging import TERMS, Town

pytestmark = pytest.mark.engines("sqlite")  # test_merging.py has the same moves on both

DAY = "2026-12-10"
OF_CLIENTS: tuple[type[Base], ...] = tuple(model for model in PROJECTIONS if "client_id" in inspect(model).columns)


class FullTown(Town):
    """Of Nord are also Bo, who may be blocked, and Lars, a landlord; Natt follows both clients, too."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.bo = world.staff("fieldworker", self.nord, name="Bo")
        self.lars = world.staff("landlord", self.nord, name="Lars")
        self.nights = world.team("Natt")
        for client in (self.kari, self.karin):
            self.alice.log("client_team_set", {"team_id": self.nights.id, "from_on": "2026-11-23"}, client=client)

    def check(self) -> None:
        super().check()
        for who in (self.bo, self.lars):
            followed = dict(who.pull())
            who.cursor, who.replica = None, {}
            assert who.pull() == followed, who.name

    def next_day(self) -> None:
        """Nobody has been seen since yesterday."""
        self.world.clock.shift(hours=25)
        for who in (self.alice, self.bob, self.bo, self.lars):
            who.sign_in()
        self.world.tick()


@pytest.fixture
def town(world: World) -> FullTown:
    return FullTown(world)


Write = Callable[[FullTown, str], None]


def by_bob(type_: str, body: dict[str, Any], mints: str = "") -> Write:
    """Bob writes it under a new id, where it has one of its own: a field of the body, or the case of the envelope."""

    def write(town: FullTown, client: str) -> None:
        new = {mints: str(uuid7())} if mints else {}
        envelope = new if mints == "case" else {}
        town.bob.log(type_, body if envelope else body | new, client=client, **envelope)

    return write


def absence(town: FullTown, client: str) -> None:
    of = {"absence_id": str(uuid7())}
    town.bob.log("absence_started", of | {"kind": "admitted"}, client=client)
    town.bob.log("absence_confirmed", of | {"expected_end_on": DAY}, client=client)
    town.bob.log("discharge_planned", of | {"checks": ["date"], "home": "no"}, client=client)


def visit(town: FullTown, client: str) -> None:
    back_at = (clock.now() + dt.timedelta(hours=1)).isoformat()
    town.bob.log("visit_started", {"visit_id": str(uuid7()), "expected_end_at": back_at}, client=client)


def fact(town: FullTown, client: str) -> None:
    KINDS["rent"](town, client)
    consent = {"agreement_id": str(uuid7()), "kind": "consent", "party": "Utleier", "purpose": "leie", "words": "Ja."}
    town.alice.log("agreement_recorded", consent, client=client)
    shared = {"what": "rent_owed", "to_staff_ids": [town.lars.id], "basis": "consent"}
    town.alice.log("fact_shared", shared | {"agreement_id": consent["agreement_id"]}, client=client)


def hand_over(town: FullTown, client: str) -> None:
    until_at = (clock.now() + dt.timedelta(days=2)).isoformat()
    town.alice.log("watch_handed_over", {"to_team_id": town.nights.id, "until_at": until_at}, client=client)


def agreed_watch(town: FullTown, client: str) -> None:
    town.alice.log("watch_set", TERMS | {"interval_minutes": 1500 if client == town.kari else 2000}, client=client)


def block(town: FullTown, client: str) -> None:
    town.alice.log("staff_blocked", {"staff_id": town.bo.id, "reason": "slekt"}, client=client)


def looked_for(town: FullTown, client: str) -> None:
    """Nobody saw them, and somebody says when to look again."""
    town.next_day()
    in_a_while = (clock.now() + dt.timedelta(hours=3)).isoformat()
    for alert in town.bob.alerts():
        if alert["client_id"] == town.card(client).get("merged_into", client):
            said = {"alert_id": alert["id"], "outcome": "not_found_plan_made", "reason": "leter"}
            town.bob.log("alert_resolved", said | {"next_check_at": in_a_while})


def end_of_follow_up(town: FullTown, client: str) -> None:
    """Tasks and planned visits end with it."""
    KINDS["task"](town, client)
    KINDS["planned"](town, client)
    town.alice.log("follow_up_ended", {"reason": "moved"}, client=client)


KINDS: dict[str, Write] = {
    "hand_check": looked_for,
    "board": by_bob("board_placed", {"column": "crisis", "reasons": ["crisis"], "review_on": DAY}),
    "risk": by_bob("risk_noted", {"advice": ["dog"], "reason": "hund", "review_on": DAY}, "risk_id"),
    "plan": by_bob("plan_noted", {"kind": "crisis", "red_need": "ro"}),
    "contact_person": by_bob(
        "contact_person_noted", {"role": "gp", "name": "Lege", "call_if_not_found": "yes"}, "contact_id"
    ),
    "agreement": by_bob("agreement_recorded", {"kind": "service", "words": "Tre dager."}, "agreement_id"),
    "housing": by_bob("housing_changed", {"situation": "rough", "from_on": "2026-11-01"}),
    "decision": by_bob(
        "decision_recorded", {"service": "Bo", "ground": "treatment", "from_on": "2026-11-01"}, "decision_id"
    ),
    "task": by_bob("task_set", {"what": "Ringe"}, "task_id"),
    "handover": by_bob("handover_noted", {"what": "Ring legen"}),
    "planned": by_bob("visit_planned", {"at": "2026-12-01T10:00:00+01:00"}, "plan_id"),
    "rent": by_bob("rent_problem_reported", {"amount_nok": "100.00", "deadline_on": DAY}, "case"),
    "crisis": by_bob("crisis_opened", {"kind": "overdose"}, "case"),
    "absence": absence,
    "visit": visit,
    "fact": fact,
    "hand_over": hand_over,
    "watch": agreed_watch,
    "block": block,
    "end": end_of_follow_up,
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_goes_along_and_comes_back(town: FullTown, kind: str) -> None:
    for duplicate, into in ((town.karin, town.kari), (town.kari, town.karin)):
        write(town, kind)
        merge = town.merge(duplicate, into)
        town.check()
        write(town, kind)
        town.take_apart(merge)
        town.check()


def write(town: FullTown, kind: str) -> None:
    """Of both, so that neither has a limit alone: then nobody could merge them."""
    for client in (town.kari, town.karin):
        town.world.clock.shift(minutes=1)
        KINDS[kind](town, client)
    town.check()


@pytest.mark.parametrize("ended", ["kari", "karin"])
def test_what_ends_with_the_follow_up_of_one_stands_while_the_other_is_followed(town: FullTown, ended: str) -> None:
    KINDS["end"](town, getattr(town, ended))
    merge = town.merge(town.karin, town.kari)
    assert {kind for kind, _ in town.bob.pull()} >= {"task", "planned"}
    town.check()
    town.take_apart(merge)
    assert not {kind for kind, _ in town.bob.pull()} & {"task", "planned"}
    town.check()


def test_a_duplicate_has_no_row_of_any_table_until_it_is_taken_apart(town: FullTown) -> None:
    """A new table about clients must be written in `KINDS`, and be known to merging.py."""
    block(town, town.kari)
    for kind, write_it in KINDS.items():
        if kind != "end":
            write_it(town, town.karin)
    before = rows_of(town, town.karin)
    assert {name for name, rows in before.items() if not rows} == set(), "no kind makes a row of it"
    assert {row[0] for row in before[Standing.__tablename__]} == set(STANDING_KINDS), "no kind is of it"
    merge = town.merge(town.karin, town.kari)
    assert {name: rows for name, rows in rows_of(town, town.karin).items() if rows} == {}
    moved = rows_of(town, town.kari)
    of_client = {name for name, rows in before.items() if not rows <= moved[name]}
    assert of_client <= {"client_team", "watch", "access_limit"}, "these have their own for each client"
    town.take_apart(merge)
    after = rows_of(town, town.karin)
    said = after.pop("entry_state") - before.pop("entry_state")
    assert len(said) == 2, "the merge and its retraction"
    assert after == before
    town.check()


def rows_of(town: FullTown, client: str) -> dict[str, set[tuple[Any, ...]]]:
    """The keys of the client's rows in each table."""
    with town.world.database.reading() as session:
        return {
            model.__tablename__: {
                tuple(map(str, row))
                for row in session.execute(
                    select(*inspect(model).primary_key).where(inspect(model).columns["client_id"] == uuid.UUID(client))
                )
            }
            for model in OF_CLIENTS
        }
