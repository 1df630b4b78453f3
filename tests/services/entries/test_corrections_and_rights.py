"""Nobody gains by a correction, a back-dated time or an edit what they may not do directly."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.services.operations import verify
from tests._world import Person, TeamOfWorld, World

OFF = {"mode": "off", "reason": "ro"}
INTERVAL = {"mode": "interval", "interval_minutes": 1440, "reason": "avtalt"}


@dataclass
class Town:
    """Nord had Kari, Sør has her now. Alice leads Nord, Bob works there; Berit leads Sør, Charlie works there."""

    world: World
    nord: TeamOfWorld
    sor: TeamOfWorld
    alice: Person
    bob: Person
    berit: Person
    charlie: Person
    kari: str
    registered: dict[str, Any]
    watched: dict[str, Any]
    added: dict[str, Any]
    ended: dict[str, Any]

    def verdict(self, who: Person, what: str, target: dict[str, Any], **more: Any) -> tuple[str, str | None]:
        """The answer to a correction that somebody sends now, dated `at` or now."""
        at = more.pop("at", None)
        body = {"entry_id": target["id"], "what": what, "reason": "x"} | more
        found = who.judged("entry_corrected", body, at=at, team_id=None)
        return found["verdict"], found.get("code")

    def text(self, who: Person, target: dict[str, Any], **fields: Any) -> tuple[str, str | None]:
        return self.verdict(who, "text", target, body=fields)

    def kari_now(self, who: Person | None = None) -> dict[str, Any]:
        return (who or self.berit).pull()["client", self.kari]

    def days_ago(self, days: int) -> dt.datetime:
        return self.world.clock.now() - dt.timedelta(days=days)

    def wake(self) -> None:
        for person in (self.alice, self.bob, self.berit, self.charlie):
            person.sign_in()

    def is_sound(self) -> bool:
        with Session(self.world.database.engine) as session:  # what it computes anew is rolled back
            found = list(verify.differences(session, clock.now(), 86_400))
        assert found == []
        return True


REFUSED = ("rejected", "unknown_reference")
FORBIDDEN = ("rejected", "not_permitted")
ACCEPTED = ("accepted", None)


@pytest.fixture
def town(world: World) -> Town:
    nord, sor = world.team("Nord"), world.team("Sør")
    alice, bob = world.staff("leader", nord, name="Alice"), world.staff("fieldworker", nord, name="Bob")
    berit, charlie = world.staff("leader", sor, name="Berit"), world.staff("fieldworker", sor, name="Charlie")
    kari = str(uuid.uuid4())
    body = {"name": "Kari", "team_id": nord.id, "primary_staff_id": bob.id, "watch": {"mode": "interval"}}
    registered = bob.log("client_registered", body, client=kari)
    watched = alice.log("watch_set", INTERVAL, client=kari)
    world.clock.shift(days=5)
    for person in (alice, bob, berit, charlie):
        person.sign_in()
    today = world.clock.now().date()
    added = alice.log("client_team_set", {"team_id": sor.id, "from_on": str(today)}, client=kari)
    last_on = str(today - dt.timedelta(days=1))
    ended = alice.log("client_team_set", {"team_id": nord.id, "from_on": "2026-11-23", "to_on": last_on}, client=kari)
    return Town(world, nord, sor, alice, bob, berit, charlie, kari, registered, watched, added, ended)


def test_a_leader_does_not_take_a_client_back_by_retracting(town: Town) -> None:
    assert town.verdict(town.alice, "retracted", town.ended) == REFUSED
    assert town.verdict(town.alice, "retracted", town.ended, at=town.days_ago(3)) == REFUSED
    assert town.kari_now()["team_ids"] == [town.sor.id]


def test_a_leader_does_not_take_a_client_back_by_a_new_end(town: Town) -> None:
    assert town.text(town.alice, town.ended, to_on="2030-01-01") == REFUSED
    assert town.kari_now()["team_ids"] == [town.sor.id]


def test_a_back_dated_correction_does_not_reach_what_others_write_now(town: Town) -> None:
    theirs = town.berit.log("watch_set", INTERVAL, client=town.kari)
    seen = town.charlie.log("visit_logged", {"outcome": "seen", "place": "home"}, client=town.kari)
    for target in (theirs, seen):
        for what in ("retracted", "wrong_client"):
            assert town.verdict(town.alice, what, target, at=town.days_ago(3)) == REFUSED
        assert town.verdict(town.alice, "text", target, at=town.days_ago(3), body={"note": "x"}) == REFUSED
    assert town.kari_now()["watch"]["last_seen_entry_id"] == seen["id"]


def test_a_leader_does_not_turn_another_teams_days_into_her_own(town: Town) -> None:
    assert town.text(town.alice, town.added, team_id=town.nord.id, from_on="2026-11-23", to_on=None) == REFUSED
    assert town.kari_now()["team_ids"] == [town.sor.id]


def test_what_a_team_wrote_before_it_left_no_longer_steers(town: Town) -> None:
    """Her old registration, watch and interval: whoever has left neither ends nor changes anything by them."""
    for who, target in ((town.bob, town.registered), (town.alice, town.registered), (town.alice, town.watched)):
        for what in ("retracted", "wrong_client"):
            assert town.verdict(who, what, target) == REFUSED
    assert town.text(town.alice, town.watched, mode="off") == REFUSED
    assert town.text(town.bob, town.registered, watch={"mode": "off"}) == REFUSED
    assert town.text(town.bob, town.registered, name="Noen andre") == REFUSED
    kari = town.kari_now()
    assert (kari["name"], kari["ended_at"], kari["watch"]["mode"]) == ("Kari", None, "interval")
    assert kari["watch"]["due_at"] is not None
    assert town.is_sound()


def test_the_leader_of_the_team_that_follows_corrects_them(town: Town) -> None:
    assert town.text(town.berit, town.watched, interval_minutes=600) == ACCEPTED
    assert town.kari_now()["watch"]["interval_minutes"] == 600
    assert town.verdict(town.berit, "retracted", town.watched) == ACCEPTED
    assert town.kari_now()["watch"]["interval_minutes"] == 1440
    assert town.is_sound()


# --- a text correction is admitted as the type it amends --------------------------------------------------------


@dataclass
class Home:
    """Nord follows Per. Bob registered him; Dina is his primary contact, Rolf a peer, Alice leads."""

    town: Town
    per: str
    registered: dict[str, Any]
    dina: Person
    rolf: Person


@pytest.fixture
def home(town: Town) -> Home:
    dina = town.world.staff("fieldworker", town.nord, name="Dina")
    rolf = town.world.staff("peer", town.nord, name="Rolf")
    per = str(uuid.uuid4())
    body = {"name": "Per", "team_id": town.nord.id, "primary_staff_id": dina.id}
    return Home(town, per, town.bob.log("client_registered", body, client=per), dina, rolf)


@pytest.mark.parametrize(
    "fields",
    [
        lambda home: {"team_id": home.town.sor.id},
        lambda _: {"watch": {"mode": "off"}},
        lambda home: {"primary_staff_id": home.town.bob.id},
        lambda _: {"primary_staff_id": None},
        lambda _: {"protected": "code6"},
    ],
    ids=["team", "watch", "primary contact", "no primary contact", "protected"],
)
def test_correcting_a_registration_takes_the_right_to_change_it(
    home: Home, fields: Callable[[Home], dict[str, Any]]
) -> None:
    town = home.town
    assert town.text(town.bob, home.registered, **fields(home)) == FORBIDDEN
    assert town.text(town.bob, home.registered, alias="P") == ACCEPTED
    per = town.bob.pull()["client", home.per]
    assert (per["alias"], per["team_ids"], per["primary_staff_id"]) == ("P", [town.nord.id], home.dina.id)
    assert per["watch"]["mode"] == "interval"


def test_a_registration_never_names_a_contact_or_team_that_is_not_there(home: Home) -> None:
    town = home.town
    assert town.text(town.alice, home.registered, primary_staff_id=str(uuid.uuid4())) == REFUSED
    assert town.text(town.alice, home.registered, primary_staff_id=town.charlie.id) == REFUSED
    assert town.text(town.alice, home.registered, team_id=str(uuid.uuid4())) == REFUSED
    assert town.is_sound()


def test_who_may_change_it_directly_may_correct_it(home: Home) -> None:
    town = home.town
    assert town.text(town.alice, home.registered, watch={"mode": "off"}) == ACCEPTED
    assert town.text(town.alice, home.registered, primary_staff_id=town.bob.id) == ACCEPTED
    assert town.text(town.bob, home.registered, watch={"mode": "interval", "interval_minutes": 600}) == ACCEPTED
    assert town.bob.pull()["client", home.per]["watch"]["interval_minutes"] == 600
    assert town.text(town.alice, home.registered, team_id=town.sor.id) == ACCEPTED
    assert town.berit.pull()["client", home.per]["team_ids"] == [town.sor.id]
    assert town.is_sound()


def test_a_former_primary_contact_does_not_turn_off_the_watch(home: Home) -> None:
    town = home.town
    watch = home.dina.log("watch_set", INTERVAL, client=home.per)
    base = next(one["seq"] for one in town.alice.sync()["changes"] if one["id"] == home.per)
    town.alice.log("client_updated", {"base_seq": base, "fields": {"primary_staff_id": town.bob.id}}, client=home.per)
    assert town.text(home.dina, watch, mode="off") == FORBIDDEN
    assert town.verdict(home.dina, "retracted", watch) == FORBIDDEN
    assert town.text(town.bob, home.registered, watch={"mode": "off"}) == ACCEPTED, "the present one may"
    assert town.bob.pull()["client", home.per]["watch"]["mode"] == "interval", "and the newer agreement stands"


# --- appointing a primary contact ---------------------------------------------------------------------------------


def appoint(who: Person, home: Home, staff_id: str | None, base_seq: int | None = None) -> tuple[str, str | None]:
    changes = {one["id"]: one["seq"] for one in who.sync(cursor=None)["changes"]}
    body = {"base_seq": changes[home.per] if base_seq is None else base_seq, "fields": {"primary_staff_id": staff_id}}
    found = who.judged("client_updated", body, client=home.per)
    return found["verdict"], found.get("code")


def test_nobody_makes_himself_primary_contact_in_anothers_place(home: Home) -> None:
    for who in (home.town.bob, home.rolf):
        assert appoint(who, home, who.id) == FORBIDDEN
        assert appoint(who, home, None) == FORBIDDEN
    assert home.town.bob.pull()["client", home.per]["primary_staff_id"] == home.dina.id


def test_the_leader_and_the_present_one_appoint_and_anybody_a_first_one(home: Home) -> None:
    assert appoint(home.dina, home, None) == ACCEPTED
    assert appoint(home.town.bob, home, home.town.bob.id) == ACCEPTED
    assert appoint(home.town.bob, home, home.dina.id) == ACCEPTED
    assert appoint(home.town.bob, home, home.town.bob.id) == FORBIDDEN
    assert appoint(home.town.alice, home, home.town.bob.id) == ACCEPTED


def test_nobody_has_seen_what_is_to_come(home: Home) -> None:
    for who in (home.town.alice, home.dina):
        assert appoint(who, home, home.town.bob.id, 10**9) == ("rejected", "stale_base")
    plain = {"base_seq": 10**9, "fields": {"phone": "900 00 000"}}
    assert home.town.bob.log("client_updated", plain, client=home.per), "an edit that merges has no base to be wrong"


def test_taking_an_appointment_back_takes_the_right_to_appoint(home: Home) -> None:
    changes = {one["id"]: one["seq"] for one in home.dina.sync(cursor=None)["changes"]}
    body = {"base_seq": changes[home.per], "fields": {"primary_staff_id": home.town.bob.id}}
    given = home.dina.log("client_updated", body, client=home.per)
    assert home.town.verdict(home.dina, "retracted", given) == FORBIDDEN
    assert home.town.text(home.dina, given, fields={"primary_staff_id": home.dina.id}) == FORBIDDEN
    assert home.town.verdict(home.town.alice, "retracted", given) == ACCEPTED
    assert home.dina.pull()["client", home.per]["primary_staff_id"] == home.dina.id


# --- ids of nothing --------------------------------------------------------------------------------------------------


def test_an_entry_is_done_for_a_team_that_is_there(home: Home) -> None:
    town = home.town
    body = {"team_id": town.sor.id, "from_on": "2026-11-28"}
    for team_id in (str(uuid.uuid4()), town.sor.id):
        given = town.alice.entry("client_team_set", body, client=home.per, team_id=team_id)
        found = town.alice.sync(given)["results"][0]
        assert (found["verdict"], found["code"], found["field"]) == ("rejected", "unknown_reference", "team_id")
    nowhere = town.alice.entry("client_team_set", body | {"team_id": str(uuid.uuid4())}, client=home.per)
    found = town.alice.sync(nowhere)["results"][0]
    assert (found["code"], found["field"]) == ("unknown_reference", "body.team_id")
    undone = {"entry_id": home.registered["id"], "what": "text", "reason": "x", "body": {"alias": "P"}}
    found = town.bob.judged("entry_corrected", undone, team_id=str(uuid.uuid4()))
    assert (found["code"], found["field"]) == ("unknown_reference", "team_id")
    assert town.is_sound()


def test_a_correction_is_told_to_those_who_see_what_it_corrects(town: Town, home: Home) -> None:
    """Kari's name in the reason of a correction must not come down to those who follow Per."""
    seen = town.alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=home.per)
    lisa = town.bob.register("Lisa")
    body = {"entry_id": seen["id"], "what": "retracted", "reason": "x"}
    found = town.alice.judged("entry_corrected", body, client=lisa)
    assert (found["code"], found["field"]) == ("unknown_reference", "client_id")


def test_registering_another_teams_client_tells_nobody_that_there_is_one(town: Town) -> None:
    body = {"name": "Noen", "team_id": town.nord.id}
    codes = [
        town.bob.judged(type_, words, client=town.kari)["code"]
        for type_, words in (("client_registered", body), ("watch_set", OFF))
    ]
    assert codes == ["unknown_reference", "unknown_reference"]
    again = town.charlie.entry("client_registered", body | {"team_id": town.sor.id}, client=town.kari)
    assert town.charlie.sync(again)["results"][0]["code"] == "already_exists"
