"""Two clients that are one: merged, and taken apart again, with all that is theirs right in both directions."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.models import Alert, Client, ClientTeam, EntryState, Watch
from fieldapp.models.change import newest_seq
from fieldapp.services.operations import verify
from tests._world import Person, World

SEEN = {"outcome": "seen", "place": "home"}
TERMS = {"mode": "interval", "reason": "avtalt"}


class Town:
    """Alice leads Nord, Bob works there; Charlie works in Sør. Kari is there twice, the other time as Karin."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.nord, self.sor = world.team("Nord"), world.team("Sør")
        self.alice = world.staff("leader", self.nord, name="Alice")
        self.bob = world.staff("fieldworker", self.nord, name="Bob")
        self.charlie = world.staff("fieldworker", self.sor, name="Charlie")
        self.kari = self.alice.register("Kari Nordmann", birth_year=1980, watch={"mode": "interval"})
        self.karin = self.bob.register("Karin N", phone="900 00 000", alias="K")
        world.clock.shift(hours=1)

    def merge(self, duplicate: str, into: str, who: Person | None = None) -> dict[str, Any]:
        who = who or self.alice
        return who.log("client_merged", {"into_client_id": into, "reason": "samme person"}, client=duplicate)

    def verdict(
        self, who: Person, type_: str, body: dict[str, Any], **envelope: Any
    ) -> tuple[str, str | None, str | None]:
        found = who.judged(type_, body, **envelope)
        return found["verdict"], found.get("code"), found.get("field")

    def try_merge(self, who: Person, duplicate: str, into: str) -> tuple[str, str | None, str | None]:
        body = {"into_client_id": into, "reason": "samme person"}
        return self.verdict(who, "client_merged", body, client=duplicate)

    def take_apart(self, merge: dict[str, Any], who: Person | None = None) -> None:
        who = who or self.alice
        who.log("entry_corrected", {"entry_id": merge["id"], "what": "retracted", "reason": "angret"})

    def card(self, client: str) -> dict[str, Any]:
        return self.bob.pull()["client", client]

    def rows(self, model: Any, *where: Any) -> list[Any]:
        with self.world.database.reading() as session:
            return list(session.scalars(select(model).where(*where)))

    def check(self) -> None:
        """The database is what its entries say, and a phone that followed along holds what a new one gets."""
        with Session(self.world.database.engine) as session:  # what it computes anew is rolled back
            assert list(verify.differences(session, clock.now(), 86_400)) == []
        followed = dict(self.bob.pull())
        self.bob.cursor, self.bob.replica = None, {}
        fresh = self.bob.pull()
        assert fresh == followed


@pytest.fixture
def town(world: World) -> Town:
    return Town(world)


def test_everything_of_the_duplicate_stands_in_the_record_of_the_other(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.karin)
    town.alice.pull()
    merge = town.merge(town.karin, town.kari)
    replica = town.bob.pull()
    assert replica["client", town.karin] == {"id": town.karin, "merged_into": town.kari}
    assert replica["entry", visit["id"]]["client_id"] == town.kari
    assert replica["client", town.kari]["watch"]["last_seen_at"] is not None
    town.check()
    town.take_apart(merge)
    replica = town.bob.pull()
    assert replica["entry", visit["id"]]["client_id"] == town.karin
    assert replica["client", town.kari]["watch"]["last_seen_at"] is None
    assert replica["client", town.karin]["watch"]["last_seen_at"] is not None
    assert replica["client", town.karin]["name"] == "Karin N"
    town.check()


def test_the_one_that_stands_keeps_its_card_and_gets_what_it_lacked(town: Town) -> None:
    town.merge(town.karin, town.kari)
    card = town.card(town.kari)
    assert [card[name] for name in ("name", "alias", "birth_year", "phone")] == [
        "Kari Nordmann",
        "K",
        1980,
        "900 00 000",
    ]
    town.check()


def test_the_shortest_clock_wins_and_nobody_may_enter_until_it_is_agreed_anew(town: Town) -> None:
    town.alice.log(
        "watch_set", TERMS | {"interval_minutes": 600, "may_enter": True, "key_ref": "14"}, client=town.karin
    )
    town.alice.log("watch_set", TERMS | {"interval_minutes": 2880, "counts": ["seen", "heard"]}, client=town.kari)
    merge = town.merge(town.karin, town.kari)
    (watch,) = town.rows(Watch)
    assert (watch.interval_minutes, watch.counts, watch.may_enter, watch.key_ref) == (600, ["seen"], False, None)
    town.check()
    town.alice.log("watch_set", TERMS | {"interval_minutes": 900, "may_enter": True}, client=town.karin)
    (watch,) = town.rows(Watch)
    assert (watch.interval_minutes, watch.may_enter) == (900, True)
    town.check()
    town.take_apart(merge)
    terms = {str(watch.client_id): (watch.interval_minutes, watch.may_enter) for watch in town.rows(Watch)}
    assert terms == {town.kari: (2880, False), town.karin: (900, True)}
    town.check()


def test_a_clock_that_is_off_does_not_stop_the_other(town: Town) -> None:
    town.alice.log("watch_set", TERMS | {"mode": "off"}, client=town.kari)
    town.merge(town.karin, town.kari)
    (watch,) = town.rows(Watch)
    assert (watch.mode, watch.due_at is not None) == ("interval", True)
    town.check()


def test_who_is_followed_up_under_one_id_is_followed_up(town: Town) -> None:
    town.alice.log("follow_up_ended", {"reason": "moved"}, client=town.kari)
    merge = town.merge(town.karin, town.kari)
    (watch,) = town.rows(Watch)
    assert watch.due_at is not None
    town.check()
    town.alice.log("follow_up_ended", {"reason": "moved"}, client=town.karin)
    (watch,) = town.rows(Watch)
    assert watch.due_at is None
    town.take_apart(merge)
    town.check()


def test_an_alert_goes_on_about_the_one_that_stands(town: Town) -> None:
    town.world.clock.shift(hours=25)
    for who in (town.alice, town.bob):
        who.sign_in()
    town.bob.log("visit_logged", SEEN, client=town.kari)
    town.world.tick()
    (alert,) = town.bob.alerts()
    assert alert["client_id"] == town.karin
    town.bob.log("alert_acknowledged", {"alert_id": alert["id"]})
    merge = town.merge(town.karin, town.kari)
    assert town.bob.alerts() == [], "she was seen"
    town.check()
    town.take_apart(merge)
    town.world.tick()
    assert [alert["client_id"] for alert in town.bob.alerts()] == [town.karin]
    town.check()


def test_of_two_alerts_one_is_left_and_keeps_its_owner(town: Town) -> None:
    town.world.clock.shift(hours=26)
    for who in (town.alice, town.bob):
        who.sign_in()
    town.world.tick()
    assert len(town.bob.alerts()) == 2
    of_kari = next(alert for alert in town.bob.alerts() if alert["client_id"] == town.kari)
    town.bob.log("alert_acknowledged", {"alert_id": of_kari["id"]})
    merge = town.merge(town.karin, town.kari)
    (left,) = town.bob.alerts()
    assert (left["id"], left["state"]) == (of_kari["id"], "acknowledged")
    town.check()
    town.take_apart(merge)
    town.world.tick()
    assert {alert["client_id"] for alert in town.bob.alerts()} == {town.kari, town.karin}
    town.check()


def test_an_alert_that_has_not_been_answered_is_taken_over(town: Town) -> None:
    town.alice.log("watch_set", TERMS | {"interval_minutes": 60}, client=town.karin)
    town.world.clock.shift(hours=2)
    town.world.tick()
    (before,) = town.bob.alerts()
    town.merge(town.karin, town.kari)
    (after,) = town.bob.alerts()
    assert (after["id"], after["client_id"]) == (before["id"], town.kari)
    town.world.tick()
    assert len(town.bob.alerts()) == 1
    town.check()


def test_concerns_crises_cases_visits_absences_and_what_stands_move_and_come_back(town: Town) -> None:
    bob, day = town.bob, str(clock.now().date())
    ids = {name: str(uuid.uuid4()) for name in ("crisis", "rent", "absence", "visit", "risk", "task", "consent")}
    about = {"client": town.karin}
    bob.log("concern_raised", {"reason": "stille", "urgency": "now"}, **about)
    bob.log("crisis_opened", {"kind": "overdose"}, case=ids["crisis"], **about)
    bob.log("rent_problem_reported", {"amount_nok": "100.00", "deadline_on": day}, case=ids["rent"], **about)
    bob.log("absence_started", {"absence_id": ids["absence"], "kind": "travel"}, **about)
    back_at = (clock.now() + dt.timedelta(minutes=5)).isoformat()
    bob.log("visit_started", {"visit_id": ids["visit"], "expected_end_at": back_at}, **about)
    bob.log(
        "risk_noted", {"risk_id": ids["risk"], "advice": ["dog"], "reason": "hund", "review_on": "2027-01-10"}, **about
    )
    bob.log("task_set", {"task_id": ids["task"], "what": "Ringe"}, **about)
    bob.log("plan_noted", {"kind": "crisis", "red_need": "ro"}, **about)
    bob.log("housing_changed", {"situation": "rough", "from_on": "2026-11-01"}, **about)
    town.world.clock.shift(minutes=20)
    town.world.tick()
    before = standing_of(town, town.karin)
    assert len(before) > 8
    merge = town.merge(town.karin, town.kari)
    assert standing_of(town, town.karin) == set()
    assert standing_of(town, town.kari) >= before
    town.check()
    bob.log("rent_problem_updated", {"status": "resolved"}, case=ids["rent"], client=town.kari)
    bob.log("risk_reviewed", {"risk_id": ids["risk"], "outcome": "ended"}, client=town.kari)
    bob.log("task_done", {"task_id": ids["task"], "outcome": "done"}, client=town.karin)
    bob.log("absence_ended", {"absence_id": ids["absence"]}, client=town.karin)
    bob.log("crisis_closed", {"outcome": "calmed_home"}, case=ids["crisis"], client=town.karin)
    town.check()
    town.take_apart(merge)
    town.world.tick()
    assert standing_of(town, town.karin) >= {one for one in before if one[0] in ("case", "absence", "plan", "housing")}
    town.check()


def standing_of(town: Town, client: str) -> set[tuple[str, str]]:
    """What Bob's phone has of a client, besides the card and entries."""
    replica = town.bob.pull()
    return {key for key, data in replica.items() if data.get("client_id") == client and key[0] != "entry"}


def test_late_entries_for_either_id_count(town: Town) -> None:
    seen_at = clock.now()
    late = [town.bob.entry("visit_logged", SEEN, client=client, at=seen_at) for client in (town.karin, town.kari)]
    merge = town.merge(town.karin, town.kari)
    assert [one["verdict"] for one in town.bob.sync(*late)["results"]] == ["accepted", "accepted"]
    assert [one["verdict"] for one in town.bob.sync(*late)["results"]] == ["duplicate", "duplicate"]
    replica = town.bob.pull()
    assert {replica["entry", one["id"]]["client_id"] for one in late} == {town.kari}
    town.check()
    town.take_apart(merge)
    replica = town.bob.pull()
    assert [replica["entry", one["id"]]["client_id"] for one in late] == [town.karin, town.kari]
    town.check()


def test_who_may_say_that_two_clients_are_one(town: Town) -> None:
    siri = town.charlie.register("Siri")
    assert town.try_merge(town.bob, town.karin, town.kari) == ("rejected", "not_permitted", None)
    assert town.try_merge(town.charlie, town.karin, town.kari)[1] == "unknown_reference"
    assert town.try_merge(town.alice, siri, town.kari) == ("rejected", "unknown_reference", "client_id")
    assert town.try_merge(town.alice, town.kari, siri) == ("rejected", "unknown_reference", "body.into_client_id")
    missing = str(uuid.uuid4())
    assert town.try_merge(town.alice, town.kari, missing) == ("rejected", "unknown_reference", "body.into_client_id")
    assert town.rows(Client, Client.merged_into.is_not(None)) == []


def test_a_team_that_follows_one_alone_forbids_it(town: Town) -> None:
    town.alice.log("client_team_set", {"team_id": town.sor.id, "from_on": "2026-11-23"}, client=town.kari)
    refused = ("rejected", "not_permitted", "body.into_client_id")
    assert town.try_merge(town.alice, town.karin, town.kari) == refused
    town.alice.log("client_team_set", {"team_id": town.sor.id, "from_on": "2026-11-23"}, client=town.karin)
    assert town.try_merge(town.alice, town.karin, town.kari)[0] == "accepted"


def test_a_block_of_one_alone_forbids_it(town: Town) -> None:
    blocked = {"staff_id": town.bob.id, "reason": "slektning"}
    town.alice.log("staff_blocked", blocked, client=town.karin)
    assert town.try_merge(town.alice, town.karin, town.kari)[1] == "not_permitted"
    town.alice.log("staff_blocked", blocked, client=town.kari)
    assert town.try_merge(town.alice, town.karin, town.kari)[0] == "accepted"
    assert not {key for key in town.bob.pull() if key[1] in (town.kari, town.karin)}
    town.check()


def test_the_strictest_protection_wins(town: Town) -> None:
    town.alice.pull()
    with town.world.database.reading() as session:
        seq = {"base_seq": newest_seq(session, "client", uuid.UUID(town.karin))}
    town.alice.log(
        "client_updated", seq | {"fields": {"protected": "code7", "address": "Skjult vei 1"}}, client=town.karin
    )
    merge = town.merge(town.karin, town.kari)
    (kari,) = town.rows(Client, Client.id == uuid.UUID(town.kari))
    assert kari.protected == "code7"
    assert town.card(town.kari)["address"] is None
    town.check()
    town.take_apart(merge)
    assert {str(c.id): c.protected for c in town.rows(Client)} == {town.kari: "none", town.karin: "code7"}
    town.check()


def test_a_merge_that_would_close_a_loop_has_no_effect(town: Town) -> None:
    first = town.merge(town.karin, town.kari)
    town.merge(town.kari, town.karin)
    assert town.rows(Client.merged_into, Client.id == uuid.UUID(town.karin)) == [uuid.UUID(town.kari)]
    town.check()
    town.take_apart(first)
    assert town.rows(Client.merged_into, Client.id == uuid.UUID(town.kari)) == [uuid.UUID(town.karin)]
    town.check()


def test_three_that_are_one_stand_in_one_record(town: Town) -> None:
    third = town.bob.register("Kaja")
    visit = town.bob.log("visit_logged", SEEN, client=third)
    first = town.merge(third, town.karin)
    second = town.merge(town.karin, town.kari)
    replica = town.bob.pull()
    assert replica["client", third] == {"id": third, "merged_into": town.kari}
    assert replica["entry", visit["id"]]["client_id"] == town.kari
    town.check()
    town.take_apart(second)
    assert town.bob.pull()["client", third]["merged_into"] == town.karin
    town.check()
    town.take_apart(first)
    assert town.bob.pull()["entry", visit["id"]]["client_id"] == third
    town.check()


def test_only_who_may_merge_may_take_apart(town: Town) -> None:
    merge = town.merge(town.karin, town.kari)
    back = {"entry_id": merge["id"], "what": "retracted", "reason": "feil"}
    assert town.verdict(town.bob, "entry_corrected", back)[:2] == ("rejected", "not_permitted")
    assert town.verdict(town.charlie, "entry_corrected", back, team_id=None)[:2] == ("rejected", "unknown_reference")
    moved = back | {"what": "wrong_client", "to_client_id": town.karin}
    assert town.verdict(town.alice, "entry_corrected", moved)[:2] == ("rejected", "invalid_body")
    other = back | {"what": "text", "body": {"into_client_id": town.karin}}
    assert town.verdict(town.alice, "entry_corrected", other)[0] == "rejected"
    words = back | {"what": "text", "body": {"reason": "samme fødselsnummer"}}
    assert town.verdict(town.alice, "entry_corrected", words)[0] == "accepted"
    town.check()


def test_a_duplicate_is_in_no_team_and_has_no_clock(town: Town) -> None:
    town.merge(town.karin, town.kari)
    assert {str(one) for one in town.rows(ClientTeam.client_id)} == {town.kari}
    assert {str(one) for one in town.rows(Watch.client_id)} == {town.kari}
    assert not town.rows(EntryState, EntryState.client_id == uuid.UUID(town.karin))
    assert not town.rows(Alert, Alert.client_id == uuid.UUID(town.karin))


@pytest.mark.parametrize("turned", [False, True])
def test_each_thing_is_told_for_whom_it_is_whichever_of_the_two_stands(town: Town, turned: bool) -> None:
    duplicate, into = (town.kari, town.karin) if turned else (town.karin, town.kari)
    placed = {"column": "crisis", "reasons": ["crisis"], "review_on": "2026-12-01"}
    for client in (town.kari, town.karin):
        town.bob.log("absence_started", {"absence_id": str(uuid.uuid4()), "kind": "travel"}, client=client)
        town.bob.log("plan_noted", {"kind": "crisis", "red_need": "ro"}, client=client)
        town.alice.log("watch_set", TERMS | {"interval_minutes": 600}, client=client)
        town.bob.log("board_placed", placed, client=client)
    merge = town.merge(duplicate, into)
    town.check()
    assert len([key for key in town.bob.pull() if key[0] == "board"]) <= 2
    town.take_apart(merge)
    town.check()
