"""For a blocked colleague the client does not exist: every way in which they could see, count, be told or infer."""

import re
import uuid
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from fieldapp.domain.access import Viewer
from fieldapp.models import Alert, Delivery, Notification
from fieldapp.queries.alerts.figures import alert_figures
from fieldapp.services.alerts import overdue
from fieldapp.services.entries.rebuild import rebuild
from fieldapp.services.people import staffing
from sync.ids import uuid7
from tests._push_service import Phone, PushService
from tests._world import Person, TeamOfWorld, World

pytestmark = pytest.mark.engines("sqlite")

SEEN = {"outcome": "seen", "place": "home"}
HOURLY = {"watch": {"mode": "interval", "interval_minutes": 60}}
UNKNOWN = str(uuid7())
"""No client has this id."""


@dataclass
class Town:
    """Alice leads, Bob is to be blocked from Kari, Cato sees all. Even is there for comparison."""

    world: World
    team: TeamOfWorld
    alice: Person
    bob: Person
    cato: Person
    kari: str
    even: str
    phones: dict[str, Phone] = field(default_factory=dict)

    def block(self, who: Person | None = None, by: Person | None = None, client: str | None = None) -> None:
        body = {"staff_id": (who or self.bob).id, "reason": "nær familie"}
        (by or self.alice).log("staff_blocked", body, client=client or self.kari)

    def unblock(self) -> None:
        self.alice.log("staff_unblocked", {"staff_id": self.bob.id, "reason": "feil person"}, client=self.kari)

    def duty(self, *people: Person) -> None:
        now = self.world.clock.now()
        for person in people:
            times = {"from_at": now.isoformat(), "to_at": now.replace(year=now.year + 1).isoformat()}
            body = {"team_id": self.team.id, "staff_id": person.id, "duty": "duty"} | times
            self.alice.log("duty_set", body, client=None)

    def told(self, kind: str | None = None) -> dict[str, int]:
        """How many notifications each person has of alerts about Kari."""
        query = select(Notification.staff_id).join(Alert, Alert.id == Notification.alert_id)
        query = query.where(Alert.client_id == uuid.UUID(self.kari))
        if kind:
            query = query.where(Notification.kind == kind)
        with self.world.database.reading() as session:
            ids = [str(one) for one in session.scalars(query)]
        return {person.name: ids.count(person.id) for person in (self.alice, self.bob, self.cato) if person.id in ids}


@pytest.fixture
def town(world: World) -> Town:
    team = world.team("Team Nord")
    alice = world.staff("leader", team, name="Alice")
    bob, cato = world.staff("fieldworker", team, name="Bob"), world.staff("fieldworker", team, name="Cato")
    kari = alice.register("Kari Nordmann", team, **HOURLY)
    even = alice.register("Even Eksempel", team)
    return Town(world, team, alice, bob, cato, kari, even)


def verdict(person: Person, *entry: dict) -> tuple[str, str | None, str | None]:
    found = person.sync(*entry)["results"][-1]
    return found["verdict"], found.get("code"), found.get("field")


def test_the_client_leaves_the_phone_at_the_next_pull_with_all_about_it(town: Town) -> None:
    town.cato.log("visit_logged", SEEN | {"note": "hemmelig"}, client=town.kari)
    town.bob.pull()
    assert ("client", town.kari) in town.bob.replica
    town.block()
    assert {"kind": "client", "id": town.kari, "removed": True} in [
        {name: value for name, value in change.items() if name != "seq"} for change in town.bob.sync()["changes"]
    ]
    town.bob.pull()
    assert town.kari not in str(town.bob.replica)
    assert "hemmelig" not in str(town.bob.replica)


def test_a_new_phone_of_theirs_never_hears_of_the_client(town: Town) -> None:
    town.cato.log("visit_logged", SEEN, client=town.kari)
    town.block()
    town.bob.cursor = None
    answers = [town.bob.sync()]
    while answers[-1]["more"]:
        answers.append(town.bob.sync())
    assert town.kari not in str(answers)
    assert town.even in str(answers)


def test_colleagues_see_the_client_as_before_and_nothing_of_the_block(town: Town) -> None:
    town.cato.pull()
    town.block()
    town.cato.pull()
    assert ("client", town.kari) in town.cato.replica
    assert "nær familie" not in str(town.cato.replica)
    town.alice.pull()
    assert "nær familie" in str(town.alice.replica)


def test_what_corrects_a_block_is_shown_to_leaders_only(town: Town) -> None:
    entry = town.alice.log("staff_blocked", {"staff_id": town.bob.id, "reason": "nær familie"}, client=town.kari)
    back = {"entry_id": entry["id"], "what": "retracted", "reason": "Bob er ikke i slekt"}
    town.alice.log("entry_corrected", back, client=town.kari)
    town.cato.pull()
    assert "i slekt" not in str(town.cato.replica)
    town.bob.pull()
    assert ("client", town.kari) in town.bob.replica, "taken back, the client is there again"


def test_unblocked_the_client_comes_back_whole(town: Town) -> None:
    visit = town.cato.log("visit_logged", SEEN, client=town.kari)
    town.block()
    town.bob.pull()
    town.unblock()
    town.bob.pull()
    assert ("client", town.kari) in town.bob.replica
    assert ("entry", visit["id"]) in town.bob.replica


@pytest.mark.parametrize("role", ["privacy", "leader"])
def test_privacy_and_leaders_block_and_nobody_else(town: Town, role: str) -> None:
    who = town.world.staff(role, *([town.team] if role == "leader" else []))
    town.block(by=who)
    town.bob.pull()
    assert ("client", town.kari) not in town.bob.replica


def test_a_colleague_may_not_block_and_a_leader_elsewhere_has_no_such_client(town: Town) -> None:
    body = {"staff_id": town.bob.id, "reason": "x"}
    assert verdict(town.cato, town.cato.entry("staff_blocked", body, client=town.kari))[1] == "not_permitted"
    other = town.world.staff("leader", town.world.team())
    assert verdict(other, other.entry("staff_blocked", body, client=town.kari)) == verdict(
        other, other.entry("staff_blocked", body, client=UNKNOWN)
    )


def test_privacy_learns_nothing_of_the_client_by_blocking(town: Town) -> None:
    privacy = town.world.staff("privacy", town.team)
    town.block(by=privacy)
    privacy.pull()
    assert town.kari not in str(privacy.replica)
    page = privacy.get(f"/kontor/bruker/{town.kari}/tilgang")
    assert page.status_code == 200
    assert "Kari" not in page.text
    assert "nær familie" not in page.text
    assert privacy.get(f"/kontor/bruker/{UNKNOWN}/tilgang").status_code == 404


def without_ids(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}", "ID", text)


OFFICE = (
    "/kontor/bruker/{}", "/kontor/bruker/{}/lenker", "/kontor/bruker/{}/tilgang", "/api/clients/{}/entries",
)  # fmt: skip


@pytest.mark.parametrize("path", OFFICE)
def test_every_page_of_the_client_is_as_of_one_who_does_not_exist(town: Town, path: str) -> None:
    leader = town.world.staff("leader", town.team, name="Dina")
    town.block(leader, by=town.alice)
    forbidden, missing = leader.get(path.format(town.kari)), leader.get(path.format(UNKNOWN))
    assert (forbidden.status_code, without_ids(forbidden.text)) == (404, without_ids(missing.text))
    assert dict(forbidden.headers).keys() == dict(missing.headers).keys()


def test_no_page_of_the_office_names_or_counts_the_client(town: Town) -> None:
    leader = town.world.staff("leader", town.team, name="Dina")
    case = str(uuid7())
    town.cato.log("rent_problem_reported", {"amount_nok": "1200"}, client=town.kari, case=case)
    town.cato.log("concern_raised", {"reason": "uro", "urgency": "now"}, client=town.kari)
    town.world.clock.shift(minutes=61)
    town.world.tick()
    town.block(leader)
    pages = ("/kontor", "/kontor/varsler", "/kontor/saker", "/kontor/vakt", "/kontor/team", "/kontor/varsler/tall")
    for path in pages:
        text = leader.get(path).text
        assert "Kari" not in text, path
        assert town.kari not in text, path
    assert leader.alerts() == []
    assert leader.get(f"/kontor/saker/{case}").status_code == 404


def test_no_figure_counts_the_client(town: Town) -> None:
    leader = town.world.staff("leader", town.team, name="Dina")
    town.world.clock.shift(minutes=61)
    town.world.tick()
    town.block(leader)
    today = town.world.clock.now().date()
    with town.world.database.reading() as session:
        counted = {}
        for person in (town.alice, leader):
            viewer = Viewer(uuid.UUID(person.id), "leader", frozenset({uuid.UUID(town.team.id)}))
            found = alert_figures(session, viewer, uuid.UUID(town.team.id), today)
            counted[person.name] = found.total.alerts, found.total.clients, found.steps[0].began
    assert counted == {"Alice": (1, 2, 1), "Dina": (0, 1, 0)}


def test_every_entry_about_the_client_gets_what_a_missing_client_gets(town: Town) -> None:
    town.block()
    tries = (
        ("visit_logged", SEEN),
        ("concern_raised", {"reason": "x", "urgency": "now"}),
        ("client_updated", {"base_seq": 0, "fields": {"alias": "x"}}),
        ("absence_started", {"absence_id": UNKNOWN, "kind": "admitted"}),
        ("watch_set", {"mode": "off", "counts": ["seen"], "reason": "x"}),
        ("agreement_withdrawn", {"kind": "watch", "how": "told"}),
        ("visit_started", {"visit_id": None, "expected_end_at": "2026-11-23T12:00:00+01:00"}),
        ("help_requested", {"place_label": "Storgata"}),
        ("client_registered", {"name": "Kari Nordmann", "team_id": town.team.id}),
        ("staff_blocked", {"staff_id": town.cato.id, "reason": "x"}),
        ("follow_up_ended", {"reason": "died"}),
    )
    for type_, body in tries:
        verdicts = []
        for client in (town.kari, UNKNOWN if type_ != "client_registered" else None):
            if client is None:
                continue
            given = body | ({"visit_id": str(uuid7())} if type_ == "visit_started" else {})
            team = town.team.id if type_ in ("visit_started", "help_requested") else None
            verdicts.append(verdict(town.bob, town.bob.entry(type_, given, client=client, team_id=team)))
        assert len(set(verdicts)) == 1, (type_, verdicts)


def test_help_asked_for_beside_them_is_taken_without_the_client(town: Town) -> None:
    """Nobody is left without help; and nobody learns by it."""
    town.block()
    town.bob.log("help_requested", {"place_label": "Storgata"}, client=town.kari, team_id=town.team.id)
    with town.world.database.reading() as session:
        (alert,) = session.scalars(select(Alert).where(Alert.kind == "staff_help"))
        assert alert.client_id is None


def test_what_was_written_before_the_block_and_comes_later_is_taken(town: Town) -> None:
    """ADR 0004: a lost entry is worse than a late one, and it reveals nothing that its author did not know."""
    before = town.bob.entry("visit_logged", SEEN, client=town.kari)
    town.world.clock.shift(minutes=5)
    town.block()
    town.world.clock.shift(minutes=5)
    after = town.bob.entry("visit_logged", SEEN, client=town.kari)
    assert verdict(town.bob, before)[0] == "accepted"
    assert verdict(town.bob, after) == ("rejected", "unknown_reference", "client_id")
    town.bob.pull()
    assert town.kari not in str(town.bob.replica), "taken, and still out of sight"


def test_a_back_dated_entry_of_theirs_steers_nothing(town: Town) -> None:
    earlier = town.world.clock.now()
    town.world.clock.shift(minutes=5)
    town.block()
    off = town.bob.entry("watch_set", {"mode": "off", "counts": ["seen"], "reason": "x"}, client=town.kari, at=earlier)
    assert verdict(town.bob, off)[1] == "unknown_reference"
    away = {"absence_id": str(uuid7()), "kind": "admitted"}
    town.bob.sync(town.bob.entry("absence_started", away, client=town.kari, at=earlier))
    town.world.clock.shift(minutes=61)
    town.world.tick()
    assert town.alice.alerts()[0]["client_id"] == town.kari, "the clock ran on"


def test_own_entries_about_the_client_are_not_corrected_any_more(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    town.world.clock.shift(minutes=1)
    town.block()
    town.world.clock.shift(minutes=1)
    for what in ("retracted", "text"):
        correction = {"what": what, "reason": "x", "body": {"note": "y"} if what == "text" else None}
        given = verdict(town.bob, town.bob.entry("entry_corrected", correction | {"entry_id": visit["id"]}))
        assert given == verdict(town.bob, town.bob.entry("entry_corrected", correction | {"entry_id": UNKNOWN}))


def test_the_ladder_skips_the_blocked_at_every_step(town: Town, push_service: PushService) -> None:
    for person in (town.alice, town.bob, town.cato):
        person.subscribe(push_service)
    town.alice.log("client_updated", {"base_seq": 0, "fields": {"primary_staff_id": town.bob.id}}, client=town.kari)
    town.block()
    town.world.clock.shift(minutes=61)
    for _ in range(12):
        town.world.tick()
        town.world.clock.shift(minutes=16)
    told = town.told()
    assert "Bob" not in told, told
    assert told["Cato"], told
    assert town.bob.alerts() == []


def test_with_nobody_else_on_duty_it_climbs_at_once(town: Town, push_service: PushService) -> None:
    leader_phone, bobs = town.alice.subscribe(push_service), town.bob.subscribe(push_service)
    town.duty(town.bob)
    town.block()
    town.world.clock.shift(minutes=61)
    town.world.tick()
    assert len(push_service.messages(leader_phone)) == 1, "the leader, at once: no step waits for nobody"
    assert push_service.messages(bobs) == []


def test_blocked_while_the_alert_rings_them_it_climbs_at_once(town: Town, push_service: PushService) -> None:
    leader_phone, bobs = town.alice.subscribe(push_service), town.bob.subscribe(push_service)
    town.duty(town.bob)
    town.world.clock.shift(minutes=61)
    town.world.tick()
    assert len(push_service.messages(bobs)) == 1
    assert push_service.messages(leader_phone) == []
    town.block()
    town.world.tick()
    assert len(push_service.messages(leader_phone)) == 1


def test_an_alert_they_have_taken_climbs_again(town: Town, push_service: PushService) -> None:
    town.cato.subscribe(push_service)
    town.world.clock.shift(minutes=61)
    town.world.tick()
    alert_id = town.bob.alerts()[0]["id"]
    town.bob.log("alert_acknowledged", {"alert_id": alert_id}, client=town.kari)
    assert town.cato.alerts()[0]["owner"] == town.bob.id
    town.block()
    assert (town.cato.alerts()[0]["owner"], town.cato.alerts()[0]["state"]) == (None, "open")
    late = town.bob.entry("alert_acknowledged", {"alert_id": alert_id})
    assert verdict(town.bob, late) == verdict(town.bob, town.bob.entry("alert_acknowledged", {"alert_id": UNKNOWN}))


def test_nobody_tells_them_that_it_is_over(town: Town, push_service: PushService) -> None:
    bobs = town.bob.subscribe(push_service)
    town.world.clock.shift(minutes=61)
    town.world.tick()
    town.block()
    before = len(push_service.messages(bobs))
    town.cato.log("visit_logged", SEEN, client=town.kari)
    town.world.tick()
    assert len(push_service.messages(bobs)) == before
    assert "Bob" not in town.told("over")


def test_what_waits_to_be_sent_to_them_is_called_off(town: Town, push_service: PushService) -> None:
    bobs = town.bob.subscribe(push_service)
    town.cato.log("concern_raised", {"reason": "uro", "urgency": "now"}, client=town.kari)
    town.block()
    town.world.tick()
    assert push_service.messages(bobs) == []
    with town.world.database.reading() as session:
        waits = select(Delivery.state).join(Notification).where(Notification.staff_id == uuid.UUID(town.bob.id))
        assert set(session.scalars(waits)) == {"called_off"}


def test_no_bundle_in_which_only_that_client_stands(town: Town, push_service: PushService) -> None:
    bobs = town.bob.subscribe(push_service)
    others = [town.alice.register(f"Per {n}", town.team, **HOURLY) for n in range(6)]
    for client in (*others, town.kari):
        town.block(client=client)
    town.world.clock.shift(minutes=61)
    town.world.tick()
    assert push_service.messages(bobs) == []


def test_a_bundle_of_others_comes_all_the_same(town: Town, push_service: PushService) -> None:
    bobs = town.bob.subscribe(push_service)
    for n in range(6):
        town.alice.register(f"Per {n}", town.team, **HOURLY)
    town.block()
    town.world.clock.shift(minutes=61)
    town.world.tick()
    assert len(push_service.messages(bobs)) == 1
    assert "Bob" not in town.told()


def test_a_bundle_is_not_sent_when_all_it_stood_for_was_hidden_meanwhile(town: Town, push_service: PushService) -> None:
    bobs = town.bob.subscribe(push_service)
    clients = [town.alice.register(f"Per {n}", town.team, **HOURLY) for n in range(6)]
    clients.append(town.kari)
    town.world.clock.shift(minutes=61)
    with town.world.database.transaction() as session:
        overdue.open_overdue(session, town.world.clock.now())
    for client in clients:
        town.block(client=client)
    town.world.tick()
    assert push_service.messages(bobs) == []


def test_a_colleague_in_trouble_there_is_not_told_to_them(town: Town, push_service: PushService) -> None:
    bobs = town.bob.subscribe(push_service)
    town.bob.pull()
    town.block()
    town.bob.pull()
    visit = {"visit_id": str(uuid7()), "expected_end_at": town.world.clock.now().isoformat()}
    town.cato.log("visit_started", visit, client=town.kari, team_id=town.team.id)
    town.cato.log("help_requested", {"visit_id": visit["visit_id"]}, client=town.kari, team_id=town.team.id)
    for _ in range(4):
        town.world.tick()
        town.world.clock.shift(minutes=6)
    assert push_service.messages(bobs) == []
    assert town.bob.alerts() == []
    assert town.bob.sync()["changes"] == [], "not even that something of somebody's has changed"
    assert len(town.alice.alerts()) == 2


def test_out_at_the_client_themselves_they_are_asked_whether_all_is_well(town: Town, push_service: PushService) -> None:
    bobs = town.bob.subscribe(push_service)
    visit = {"visit_id": str(uuid7()), "expected_end_at": town.world.clock.now().isoformat()}
    town.bob.log("visit_started", visit, client=town.kari, team_id=town.team.id)
    town.block()
    town.world.clock.shift(minutes=1)
    town.world.tick()
    assert len(push_service.messages(bobs)) == 1
    (alert,) = town.bob.alerts()
    assert (alert["kind"], alert["client_id"]) == ("staff_overdue", None)


def test_nothing_about_the_client_is_given_to_them(town: Town) -> None:
    town.block()
    case = str(uuid7())
    named = (
        ("client_updated", {"base_seq": 0, "fields": {"primary_staff_id": town.bob.id}}, None),
        ("rent_problem_reported", {"owner_id": town.bob.id}, case),
    )
    for type_, body, case_id in named:
        entry = town.alice.entry(type_, body, client=town.kari, case=case_id)
        assert verdict(town.alice, entry)[1] == "unknown_reference", type_
    town.world.clock.shift(minutes=61)
    town.world.tick()
    handed = {"alert_id": town.alice.alerts()[0]["id"], "to_staff_id": town.bob.id}
    assert verdict(town.alice, town.alice.entry("alert_handed_over", handed))[1] == "unknown_reference"
    assert "Bob" not in str(re.findall(r"<option[^>]*>([^<]*)", town.alice.get(f"/kontor/bruker/{town.kari}").text))


def test_as_primary_contact_they_leave_the_client_to_somebody_else(town: Town) -> None:
    town.alice.log("client_updated", {"base_seq": 0, "fields": {"primary_staff_id": town.bob.id}}, client=town.kari)
    town.block()
    town.cato.pull()
    assert town.cato.replica["client", town.kari]["primary_staff_id"] is None
    assert "Kari" in town.alice.get("/kontor").text


def test_the_closing_list_is_not_told_when_it_is_empty_for_them(town: Town, push_service: PushService) -> None:
    bobs, catos = town.bob.subscribe(push_service), town.cato.subscribe(push_service)
    hours = {day: [["08:00", "11:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    town.alice.log("team_hours_set", {"team_id": town.team.id, "hours": hours, "when_closed": "wait"})
    town.alice.log(
        "watch_set", {"mode": "interval", "interval_minutes": 300, "counts": ["seen"], "reason": "x"}, client=town.kari
    )
    town.alice.log("watch_set", {"mode": "off", "counts": ["seen"], "reason": "x"}, client=town.even)
    town.block()
    town.world.clock.shift(minutes=45)
    town.world.tick()
    assert [one.json["kind"] for one in push_service.messages(catos)] == ["closing"]
    assert push_service.messages(bobs) == []


def test_a_block_follows_the_client_into_other_teams_and_the_person_into_them(town: Town, app: Flask) -> None:
    other = town.world.team("Team Sør")
    town.block()
    town.alice.log("client_team_set", {"team_id": other.id, "from_on": "2026-11-23"}, client=town.kari)
    with town.world.database.transaction() as session:
        staffing.edit_person(
            session, uuid.UUID(town.bob.id), name="Bob", role="leader", title="",
            team_ids=[uuid.UUID(town.team.id), uuid.UUID(other.id)], now=town.world.clock.now(),
        )  # fmt: skip
    town.bob.pull()
    assert town.kari not in str(town.bob.replica)
    assert town.bob.get(f"/kontor/bruker/{town.kari}").status_code == 404


def test_somebody_who_works_elsewhere_can_be_blocked_before_they_come(town: Town) -> None:
    stranger = town.world.staff("fieldworker", town.world.team())
    town.block(stranger)
    assert verdict(
        town.alice, town.alice.entry("staff_blocked", {"staff_id": UNKNOWN, "reason": "x"}, client=town.kari)
    ) == ("rejected", "unknown_reference", "body.staff_id")


def test_a_rebuild_finds_the_same_blocks(town: Town) -> None:
    town.block()
    town.block(town.cato)
    town.unblock()
    with town.world.database.transaction() as session:
        rebuild(session, town.world.clock.now())
    town.cato.pull()
    town.bob.pull()
    assert ("client", town.kari) not in town.cato.replica
    assert ("client", town.kari) in town.bob.replica


def test_the_leader_is_told_beforehand_that_the_person_can_notice(town: Town) -> None:
    path = f"/kontor/bruker/{town.kari}/tilgang"
    page = town.alice.get(path)
    assert "Den som sperres, kan merke det" in page.text
    refused = town.alice.http.post(f"{path}/sperr", data={"staff_id": town.bob.id, "reason": "nær familie"})
    assert (refused.status_code, "Les dette først" in refused.text) == (422, True)
    assert "nær familie" in refused.text, "what was typed stands there still"
    sent = {"staff_id": town.bob.id, "reason": "nær familie", "understood": "1"}
    assert town.alice.http.post(f"{path}/sperr", data=sent).status_code == 303
    assert "Bob" in town.alice.get(path).text
    town.bob.pull()
    assert ("client", town.kari) not in town.bob.replica
    lifted = town.alice.http.post(f"{path}/opphev/{town.bob.id}", data={"reason": "feil"})
    assert lifted.status_code == 303
    town.bob.pull()
    assert ("client", town.kari) in town.bob.replica


def test_anybody_is_blocked_by_username(town: Town) -> None:
    stranger = town.world.staff("fieldworker", town.world.team())
    path = f"/kontor/bruker/{town.kari}/tilgang/sperr"
    sent = {"username": stranger.username, "reason": "nær familie", "understood": "1"}
    assert town.alice.http.post(path, data=sent).status_code == 303
    assert town.alice.http.post(path, data=sent | {"username": "ingen"}).status_code == 422
