"""What a correction makes of an entry: its fields one by one, its time, and whose record it stands in."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.models import SetAside
from fieldapp.services.operations import verify
from tests._world import Person, TeamOfWorld, World

SEEN = {"outcome": "seen", "place": "home"}


class Town:
    """Nord follows Kari and Even, Sør follows Even alone, too. Alice leads Nord, Bob works there, Charlie in Sør."""

    def __init__(self, world: World) -> None:
        self.world = world
        nord, sor = world.team("Nord"), world.team("Sør")
        self.alice, self.bob = world.staff("leader", nord, name="Alice"), world.staff("fieldworker", nord, name="Bob")
        self.charlie = world.staff("fieldworker", sor, name="Charlie")
        self.kari, self.even = self.bob.register("Kari"), self.bob.register("Even")
        self.siri = self.charlie.register("Siri")
        self.share(self.even, sor)
        world.clock.shift(hours=6)

    def share(self, client: str, team: TeamOfWorld) -> None:
        today = str(self.world.clock.now().date())
        self.alice.log("client_team_set", {"team_id": team.id, "from_on": today}, client=client)

    def verdict(
        self, who: Person, target: dict[str, Any], what: str, **body: Any
    ) -> tuple[str, str | None, str | None]:
        words = {"entry_id": target["id"], "what": what, "reason": "feil"} | body
        found = who.judged("entry_corrected", words, team_id=None)
        return found["verdict"], found.get("code"), found.get("field")

    def correct(self, who: Person, target: dict[str, Any], what: str = "text", **body: Any) -> None:
        assert self.verdict(who, target, what, **body)[0] == "accepted"

    def seen_at(self, client: str) -> dt.datetime | None:
        at = self.bob.pull()["client", client]["watch"]["last_seen_at"]
        return dt.datetime.fromisoformat(at) if at else None

    def is_sound(self) -> bool:
        with Session(self.world.database.engine) as session:  # what it computes anew is rolled back
            return not list(verify.differences(session, clock.now(), 86_400))


@pytest.fixture
def town(world: World) -> Town:
    return Town(world)


def test_corrections_of_different_fields_both_stand(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN | {"note": "a"}, client=town.kari)
    town.correct(town.bob, visit, body={"note": "b", "place": "street"})
    town.correct(town.alice, visit, body={"outcome": "no_answer"})
    town.correct(town.bob, visit, body={"note": None})
    read = town.bob.pull()["entry", visit["id"]]
    assert read["amended_body"] == {"outcome": "no_answer", "place": "street", "note": None}
    assert read["degree"] == "attempt"
    assert town.seen_at(town.kari) is None
    assert town.is_sound()


def test_an_older_correction_that_comes_late_undoes_no_newer_one(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    town.world.clock.shift(minutes=10)
    words = {"entry_id": visit["id"], "what": "text", "reason": "x"}
    older = town.bob.entry("entry_corrected", words | {"body": {"outcome": "heard", "note": "eldre"}})
    town.world.clock.shift(minutes=10)
    town.correct(town.bob, visit, body={"outcome": "no_answer"})
    assert town.bob.sync(older)["results"][0]["verdict"] == "accepted"
    read = town.bob.pull()["entry", visit["id"]]["amended_body"]
    assert (read["outcome"], read["note"]) == ("no_answer", "eldre")
    assert town.is_sound()


def test_a_new_text_is_a_body_of_its_type(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    found = town.verdict(town.bob, visit, "text", body={"outcome": "noe"})
    assert found == ("rejected", "invalid_body", "body.body.outcome")
    found = town.verdict(town.bob, visit, "text", body={"note": "n" * 10_001})
    assert found == ("rejected", "too_long", "body.body.note")
    for n in range(3):  # unknown fields are kept, and do not grow without end
        found = town.verdict(town.bob, visit, "text", body={f"ukjent{n}": "n" * 30_000})
    assert found == ("rejected", "too_long", "body.body")


def test_words_put_into_a_private_talk_afterwards_are_not_kept(town: Town) -> None:
    rolf = town.world.staff("peer", *town.bob.teams)
    talk = rolf.log("street_contact_logged", {"place_label": "Kaia", "people": 1, "private": True})
    assert town.verdict(rolf, talk, "text", body={"note": "fortrolig"})[:2] == ("rejected", "private_has_no_note")
    with town.world.database.reading() as session:
        assert "fortrolig" not in session.query(SetAside.raw).one().raw


def test_a_correction_is_not_itself_corrected(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    words = {"entry_id": visit["id"], "what": "text", "reason": "x", "body": {"note": "b"}}
    corrected = town.bob.log("entry_corrected", words, client=town.kari)
    for what in ("text", "retracted", "wrong_client"):
        assert town.verdict(town.bob, corrected, what) == ("rejected", "invalid_body", "body.entry_id")


# --- time ----------------------------------------------------------------------------------------------------------


def test_a_new_time_moves_the_contact_and_the_clock(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    at = town.world.clock.now() - dt.timedelta(hours=2)
    town.correct(town.bob, visit, occurred_at=at.isoformat())
    assert town.seen_at(town.kari) == at
    assert dt.datetime.fromisoformat(town.bob.replica["entry", visit["id"]]["amended_at"]) == at
    assert town.is_sound()


def test_no_time_is_later_than_when_the_entry_came(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.kari, at=town.world.clock.now() - dt.timedelta(hours=3))
    received = dt.datetime.fromisoformat(town.bob.pull()["entry", visit["id"]]["received_at"])
    town.world.clock.shift(hours=2)
    ahead = town.world.clock.now() + dt.timedelta(days=400)
    town.correct(town.bob, visit, occurred_at=ahead.isoformat())
    assert town.seen_at(town.kari) == received
    flags = [data["flags"] for (kind, _), data in town.bob.replica.items() if kind == "entry" and data["flags"]]
    assert flags == [["clock_uncertain"]]


def test_a_contact_is_not_moved_to_a_time_without_sight(town: Town) -> None:
    """Nord has had Kari since Monday: nobody there saw her last week."""
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    today = town.world.clock.now().date()
    sor = town.charlie.teams[0]
    town.share(town.kari, sor)
    last_on = str(today - dt.timedelta(days=1))
    ended = {"team_id": town.bob.teams[0].id, "from_on": last_on, "to_on": last_on}
    town.alice.log("client_team_set", ended, client=town.kari)
    week_ago = (town.world.clock.now() - dt.timedelta(days=7)).isoformat()
    found = town.verdict(town.bob, visit, "text", occurred_at=week_ago)
    assert found == ("rejected", "unknown_reference", "body.occurred_at")
    town.correct(town.bob, visit, body={"note": "selv ført"})


@pytest.mark.parametrize(("what", "field"), [("retracted", "occurred_at"), ("text", "to_client_id")])
def test_a_time_belongs_to_a_text_and_a_client_to_the_wrong_one(town: Town, what: str, field: str) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    value = town.even if field == "to_client_id" else clock.now().isoformat()
    assert town.verdict(town.bob, visit, what, **{field: value}) == ("rejected", "invalid_body", f"body.{field}")


# --- the right client ----------------------------------------------------------------------------------------------


def test_a_contact_moved_to_the_right_client_moves_both_clocks(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    town.bob.pull(), town.charlie.pull()
    town.correct(town.bob, visit, "wrong_client", to_client_id=town.even)
    assert (town.seen_at(town.kari), town.seen_at(town.even)) == (None, town.seen_at(town.even))
    assert town.seen_at(town.even) is not None
    assert town.bob.replica["entry", visit["id"]]["client_id"] == town.even
    assert town.charlie.pull()["entry", visit["id"]]["client_id"] == town.even
    assert visit["id"] in town.alice.get(f"/kontor/bruker/{town.even}").text
    assert f"entry-{visit['id']}" not in town.alice.get(f"/kontor/bruker/{town.kari}").text
    assert town.is_sound()


def test_what_leaves_a_record_leaves_the_phones_that_saw_it_there(town: Town) -> None:
    """Sør sees Even alone: what was Kari's goes from their phones, with the words that were corrected in it."""
    visit = town.bob.log("visit_logged", SEEN | {"note": "om Kari"}, client=town.even)
    town.correct(town.bob, visit, body={"note": "fortsatt om Kari"})
    assert ("entry", visit["id"]) in town.charlie.pull()
    town.correct(town.bob, visit, "wrong_client", to_client_id=town.kari)
    assert "Kari" not in str(town.charlie.pull())
    assert town.bob.pull()["entry", visit["id"]]["amended_body"]["note"] == "fortsatt om Kari"
    fresh = town.world.staff("fieldworker", *town.charlie.teams)
    assert "Kari" not in str(fresh.pull())


def test_the_words_of_a_wrong_clients_entry_leave_with_it(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.even)
    town.correct(town.bob, visit, body={"note": "om Kari"})
    assert "om Kari" in str(town.charlie.pull())
    town.correct(town.bob, visit, "wrong_client")
    assert "om Kari" not in str(town.charlie.pull())
    assert "om Kari" not in town.alice.get(f"/kontor/bruker/{town.even}").text


@pytest.mark.parametrize("client", ["siri", "nobody"])
def test_nothing_is_moved_to_a_client_one_does_not_follow(town: Town, client: str) -> None:
    to = {"siri": town.siri, "nobody": str(uuid.uuid4())}[client]
    watch = {"mode": "off", "reason": "x"}
    for who, type_, body in ((town.bob, "visit_logged", SEEN), (town.alice, "watch_set", watch)):
        entry = who.log(type_, body, client=town.kari)
        found = town.verdict(who, entry, "wrong_client", to_client_id=to)
        assert found == ("rejected", "unknown_reference", "body.to_client_id")
    assert town.charlie.pull()["client", town.siri]["watch"]["mode"] == "interval"


def test_a_watch_is_moved_by_those_who_may_set_it_there(town: Town) -> None:
    base = next(one["seq"] for one in town.alice.sync(cursor=None)["changes"] if one["id"] == town.kari)
    body = {"base_seq": base, "fields": {"primary_staff_id": town.bob.id}}
    town.alice.log("client_updated", body, client=town.kari)
    watch = town.bob.log("watch_set", {"mode": "off", "reason": "x"}, client=town.kari)
    found = town.verdict(town.bob, watch, "wrong_client", to_client_id=town.even)
    assert found[:2] == ("rejected", "not_permitted"), "Kari's primary contact is not Even's"
    town.correct(town.alice, watch, "wrong_client", to_client_id=town.even)
    replica = town.bob.pull()
    modes = [replica["client", one]["watch"]["mode"] for one in (town.kari, town.even)]
    assert modes == ["interval", "off"]
    assert replica["agreement", watch["id"]]["client_id"] == town.even
    assert town.is_sound()


def test_an_agreement_leaves_the_phones_that_saw_it_in_the_wrong_record(town: Town) -> None:
    watch = town.alice.log("watch_set", {"mode": "off", "reason": "x"}, client=town.even)
    assert ("agreement", watch["id"]) in town.charlie.pull()
    town.correct(town.alice, watch, "wrong_client", to_client_id=town.kari)
    assert ("agreement", watch["id"]) not in town.charlie.pull()
    assert town.alice.pull()["agreement", watch["id"]]["client_id"] == town.kari
    assert town.is_sound()


def test_a_worry_moved_to_the_right_client_rings_for_that_one(town: Town) -> None:
    worry = town.bob.log("concern_raised", {"reason": "stille"}, client=town.kari)
    town.correct(town.bob, worry, "wrong_client", to_client_id=town.even)
    assert [(one["kind"], one["client_id"]) for one in town.alice.alerts()] == [("concern", town.even)]
    assert town.is_sound()


def test_what_others_hang_on_is_not_moved(town: Town) -> None:
    case, absence = str(uuid.uuid4()), str(uuid.uuid4())
    opened = town.bob.log("rent_problem_reported", {}, client=town.kari, case=case)
    away = town.bob.log("absence_started", {"absence_id": absence, "kind": "travel"}, client=town.kari)
    for entry in (opened, away):
        found = town.verdict(town.bob, entry, "wrong_client", to_client_id=town.even)
        assert found == ("rejected", "invalid_body", "body.to_client_id")


def test_a_retracted_entry_stays_so_where_it_is_moved(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    town.correct(town.bob, visit, "retracted")
    town.correct(town.alice, visit, "wrong_client", to_client_id=town.even)
    assert (town.seen_at(town.kari), town.seen_at(town.even)) == (None, None)
    assert town.is_sound()
