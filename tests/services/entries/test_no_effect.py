"""What stops a clock counts only from somebody whose team follows when it arrives; else those who follow see it."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.services.operations import verify
from tests._world import Person, TeamOfWorld, World

DEAD = {"ground": "danger_to_life", "reason": "lukt", "found": "dead"}
DIED = {"outcome": "died"}


class Town:
    """Nord had Kari until yesterday, Sør follows her. Bob works in Nord, Alice leads it; Charlie works in Sør."""

    def __init__(self, world: World) -> None:
        self.world = world
        nord, sor = world.team("Nord"), world.team("Sør")
        self.alice, self.bob = world.staff("leader", nord, name="Alice"), world.staff("fieldworker", nord, name="Bob")
        self.berit = world.staff("leader", sor, name="Berit")
        self.charlie = world.staff("fieldworker", sor, name="Charlie")
        self.kari = self.bob.register("Kari", nord)
        self.absence = self.started(self.bob, kind="unknown")
        self.crisis = str(uuid.uuid4())
        self.bob.log("crisis_opened", {"kind": "fire"}, client=self.kari, case=self.crisis)
        self.entered = self.bob.log("home_entered", DEAD | {"found": "ok"}, client=self.kari)
        world.clock.shift(days=5)
        self.wake()
        self.hand_on(nord, sor)

    def wake(self) -> None:
        for person in (self.alice, self.bob, self.berit, self.charlie):
            person.sign_in()

    def hand_on(self, nord: TeamOfWorld, sor: TeamOfWorld) -> None:
        today = self.world.clock.now().date()
        self.alice.log("client_team_set", {"team_id": sor.id, "from_on": str(today)}, client=self.kari)
        last_on = str(today - dt.timedelta(days=1))
        ended = {"team_id": nord.id, "from_on": "2026-11-23", "to_on": last_on}
        self.alice.log("client_team_set", ended, client=self.kari)

    def started(self, who: Person, at: dt.datetime | None = None, **body: Any) -> dict[str, Any]:
        words = {"absence_id": str(uuid.uuid4()), "kind": "admitted"} | body
        return who.log("absence_started", words, client=self.kari, at=at)

    def back_dated(self, who: Person, type: str, body: dict[str, Any], **envelope: Any) -> dict[str, Any]:
        return who.log(type, body, client=self.kari, at=self.world.clock.now() - dt.timedelta(days=3), **envelope)

    def correct(self, who: Person, entry: dict[str, Any], **body: Any) -> dict[str, Any]:
        return who.log("entry_corrected", {"entry_id": entry["id"], "what": "text", "reason": "x"} | body)

    def watch(self) -> dict[str, Any]:
        found: dict[str, Any] = self.charlie.pull()["client", self.kari]["watch"]
        return found

    def runs(self) -> bool:
        """Whether Kari's clock goes on, and everything in the database says so."""
        kari, watch = self.charlie.pull()["client", self.kari], self.watch()
        with Session(self.world.database.engine) as session:  # what it computes anew is rolled back
            assert list(verify.differences(session, clock.now(), 86_400 * 30)) == []
        return watch["due_at"] is not None and watch["paused_by"] is None and not kari["deceased"]

    def flags(self, entry: dict[str, Any]) -> list[str]:
        found: list[str] = self.charlie.pull()["entry", entry["id"]]["flags"]
        return found

    def today(self) -> str:
        return self.charlie.get("/kontor").text


@pytest.fixture
def town(world: World) -> Town:
    return Town(world)


def test_a_back_dated_death_ends_no_clock(town: Town) -> None:
    dead = town.back_dated(town.bob, "home_entered", DEAD)
    assert town.runs()
    assert town.flags(dead) == ["no_effect"]
    assert "Låste oss inn, død. Uten virkning: teamet" in town.today()


def test_a_back_dated_absence_pauses_no_clock(town: Town) -> None:
    away = town.started(town.bob, town.world.clock.now() - dt.timedelta(days=3))
    assert town.runs()
    assert town.flags(away) == ["no_effect"]
    assert not [one for kind, one in town.charlie.replica if kind == "absence" and one == away["body"]["absence_id"]]
    assert "Fravær, innlagt. Uten virkning" in town.today()


def test_a_crisis_that_ended_in_death_ends_no_clock(town: Town) -> None:
    closed = town.back_dated(town.bob, "crisis_closed", DIED, case=town.crisis)
    assert town.runs()
    assert town.charlie.replica["case", town.crisis]["status"] == "open"
    assert [one["kind"] for one in town.charlie.alerts() if one["kind"] == "crisis"], "and the crisis rings on"
    assert town.flags(closed) == ["no_effect"]


def test_an_absence_is_not_made_longer_from_outside(town: Town) -> None:
    away = town.started(town.charlie, expected_end_on="2026-12-01")
    absence_id = away["body"]["absence_id"]
    paused_until = town.watch()["due_at"]
    ended = {"absence_id": absence_id, "expected_end_on": "2030-01-01"}
    longer = town.back_dated(town.bob, "absence_confirmed", ended)
    assert town.flags(longer) == ["no_effect"]
    assert town.watch()["due_at"] == paused_until
    assert town.back_dated(town.bob, "absence_ended", {"absence_id": absence_id}), "it may say that she is back"
    assert town.runs()


@pytest.mark.parametrize("target", ["entered", "absence"])
def test_a_correction_from_outside_stops_no_clock(town: Town, target: str) -> None:
    fields = {"entered": {"found": "dead", "note": "ny"}, "absence": {"kind": "prison", "note": "ny"}}[target]
    corrected = town.correct(town.bob, getattr(town, target), body=fields)
    assert town.runs()
    assert town.flags(corrected) == ["no_effect"]
    assert town.charlie.replica["entry", getattr(town, target)["id"]]["amended_body"] is None
    assert "Retting av «" in town.today()


def test_a_correction_from_outside_that_stops_nothing_has_effect(town: Town) -> None:
    corrected = town.correct(town.bob, town.absence, body={"note": "ny"})
    assert town.flags(corrected) == []
    assert town.charlie.replica["entry", town.absence["id"]]["amended_body"]["note"] == "ny"


def test_a_later_end_holds_the_clock_no_longer(town: Town) -> None:
    """The end of an absence is where the clock starts: to move it is to move the clock."""
    away = town.started(town.charlie)
    absence_id = away["body"]["absence_id"]
    ended = town.back_dated(town.bob, "absence_ended", {"absence_id": absence_id})
    due_at = town.watch()["due_at"]
    yesterday = town.world.clock.now() - dt.timedelta(days=1)
    later = town.correct(town.bob, ended, occurred_at=yesterday.isoformat())
    assert town.flags(later) == ["no_effect"]
    assert town.watch()["due_at"] == due_at
    assert town.runs()


def test_retracting_what_started_the_clock_takes_somebody_who_follows(town: Town) -> None:
    away = town.started(town.charlie)
    back = town.back_dated(town.bob, "absence_ended", {"absence_id": away["body"]["absence_id"]})
    retracted = {"entry_id": back["id"], "what": "retracted", "reason": "x"}
    verdict = town.bob.judged("entry_corrected", retracted)
    assert (verdict["verdict"], verdict["code"]) == ("rejected", "unknown_reference")
    assert town.runs()


def test_the_team_that_follows_answers_and_writes_what_is_true(town: Town) -> None:
    dead = town.back_dated(town.bob, "home_entered", DEAD)
    town.charlie.log("concern_answered", {"entry_id": dead["id"]}, client=town.kari)
    assert "Uten virkning" not in town.today()
    assert town.flags(town.charlie.log("home_entered", DEAD, client=town.kari)) == []
    assert town.watch()["paused_by"] == "deceased"


def test_the_leader_takes_it_back_and_it_is_off_the_list(town: Town) -> None:
    dead = town.back_dated(town.bob, "home_entered", DEAD)
    town.berit.log("entry_corrected", {"entry_id": dead["id"], "what": "retracted", "reason": "feil"})
    assert "Uten virkning" not in town.today()


def test_only_what_has_no_effect_is_answered_like_a_concern(town: Town) -> None:
    answer = town.charlie.entry("concern_answered", {"entry_id": town.entered["id"]}, client=town.kari)
    assert town.charlie.sync(answer)["results"][0]["code"] == "unknown_reference"


def test_meeting_her_answers_it_unless_that_was_before_it_came(town: Town) -> None:
    town.charlie.log("visit_logged", {"outcome": "seen", "place": "home"}, client=town.kari)
    town.world.clock.shift(minutes=1)
    town.back_dated(town.bob, "home_entered", DEAD)
    assert "Uten virkning" in town.today()
    town.world.clock.shift(minutes=1)
    town.charlie.log("visit_logged", {"outcome": "seen", "place": "home"}, client=town.kari)
    assert "Uten virkning" not in town.today()


def test_a_team_that_follows_stops_the_clock_as_before(town: Town) -> None:
    assert town.flags(town.started(town.charlie)) == []
    assert town.watch()["paused_by"] is not None
