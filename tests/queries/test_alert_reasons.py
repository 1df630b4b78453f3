"""Why an alert came, told afterwards: the clock and the agreement of that time, and everything that did not count."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import update

from fieldapp.domain.access import Viewer
from fieldapp.models import Delivery, Outage, StaffVisit
from fieldapp.queries.alerts import reasons
from fieldapp.queries.alerts.reasons import AlertReasons
from fieldapp.services.alerts import outage
from tests._alerts import add_alert
from tests._scene import NOON, Scene, minutes
from tests._world import Person, TeamOfWorld, World

HOURLY = {"mode": "interval", "interval_minutes": 60}


@pytest.fixture
def team(world: World) -> TeamOfWorld:
    return world.team("FACT Nord")


@pytest.fixture
def alice(world: World, team: TeamOfWorld) -> Person:
    return world.staff("leader", team, name="Alice")


def why(world: World, person: Person, alert_id: str) -> AlertReasons:
    viewer = Viewer(uuid.UUID(person.id), "leader", frozenset(uuid.UUID(team.id) for team in person.teams))
    with world.database.deciding() as session:
        found = reasons.why(session, viewer, uuid.UUID(alert_id), world.clock.now())
    assert found is not None
    return found


def overdue(world: World, alice: Person, **watch: object) -> tuple[str, str]:
    """A client seen an hour and a quarter ago whose alert has opened: (client, alert)."""
    even = alice.register("Even B.", watch=HOURLY)
    if watch:
        alice.log("watch_set", {"reason": "Avtalt i dag", **HOURLY, **watch}, client=even)
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    world.clock.shift(minutes=75)
    world.tick()
    return even, alice.alerts()[0]["id"]


def test_the_clock_is_counted_from_the_last_contact_under_the_agreement_of_that_time(
    world: World, alice: Person
) -> None:
    even, alert_id = overdue(world, alice, counts=["seen", "heard"], may_enter=True)
    alice.log("watch_set", {"mode": "off", "reason": "Takket nei"}, client=even)

    found = why(world, alice, alert_id)

    assert found.clock is not None
    assert found.clock.counted.base == "contact"
    assert found.clock.last is not None
    assert (found.clock.last.author, found.clock.last.device) == ("Alice", "Alices telefon")
    assert found.terms is not None
    assert found.terms.clock.interval_minutes == 60
    assert found.terms.clock.counts == ("seen", "heard")
    assert found.terms.may_enter
    assert found.terms.fact is not None
    assert found.terms.fact.body["reason"] == "Avtalt i dag"
    assert found.opening is not None
    assert found.opening.id == found.clock.last.id


def test_nobody_having_asked_is_said_and_a_client_never_seen_counts_from_the_registration(
    world: World, alice: Person
) -> None:
    alice.register("Kari L.")
    world.clock.shift(hours=25)
    alice.sign_in()
    world.tick()
    found = why(world, alice, alice.alerts()[0]["id"])
    assert found.terms is not None
    assert found.terms.fact is None
    assert found.clock is not None
    assert (found.clock.counted.base, found.clock.last) == ("registration", None)


def test_what_did_not_count_is_there_with_its_reason(world: World, alice: Person) -> None:
    even = alice.register("Even B.", watch=HOURLY)
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    world.clock.shift(minutes=30)
    alice.log("call_logged", {"with": "client", "direction": "out", "outcome": "spoke"}, client=even)
    alice.log("call_logged", {"with": "nav", "direction": "out", "outcome": "spoke"}, client=even)
    alice.log("visit_logged", {"outcome": "not_home", "place": "home"}, client=even)
    wrong = alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    alice.log("entry_corrected", {"entry_id": wrong["id"], "what": "retracted", "reason": "feil dør"}, client=even)
    unsent = alice.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    world.clock.shift(minutes=45)
    world.tick()
    alert_id = alice.alerts()[0]["id"]
    alice.sync(unsent)

    found = why(world, alice, alert_id)

    assert [(one.fact.type, one.verdict) for one in found.contacts] == [
        ("call_logged", "heard"),
        ("visit_logged", "attempt"),
        ("visit_logged", "struck"),
        ("visit_logged", "arrived_after"),
    ]
    struck = found.contacts[2].fact.struck
    assert struck is not None
    assert (struck.by, struck.as_, struck.reason) == ("Alice", "retracted", "feil dør")
    assert found.alert.resolution == "seen_in_time"
    assert found.clock is not None
    assert found.clock.counted.base == "contact"


def test_an_agreement_withdrawn_before_it_opened_lets_nobody_in(world: World, alice: Person) -> None:
    even = alice.register("Even B.", watch=HOURLY)
    alice.log("watch_set", {"reason": "Avtalt", "may_enter": True, **HOURLY}, client=even)
    alice.log("agreement_withdrawn", {"kind": "watch", "how": "at_door"}, client=even)
    world.clock.shift(minutes=75)
    world.tick()
    found = why(world, alice, alice.alerts()[0]["id"])
    assert found.terms is not None
    assert found.terms.withdrawn is not None
    assert not found.terms.may_enter


def test_a_next_check_is_what_the_second_alert_was_counted_from(world: World, alice: Person) -> None:
    even, first = overdue(world, alice)
    body = {"alert_id": first, "outcome": "not_found_plan_made", "reason": "Prøver igjen"}
    alice.log("alert_resolved", body, client=even)
    world.clock.shift(minutes=61)
    world.tick()
    found = why(world, alice, alice.alerts()[0]["id"])
    assert found.clock is not None
    assert found.clock.counted.base == "hand_check"


def test_the_opening_of_a_concern_that_was_retracted_still_tells_by_whom(world: World, alice: Person) -> None:
    even = alice.register("Even B.")
    concern = alice.log("concern_raised", {"reason": "Roping i natt", "urgency": "now"}, client=even)
    alert_id = alice.alerts()[0]["id"]
    alice.log("entry_corrected", {"entry_id": concern["id"], "what": "retracted", "reason": "nabo"}, client=even)
    found = why(world, alice, alert_id)
    assert found.alert.resolution == "retracted"
    assert found.opening is not None
    assert found.opening.struck is not None
    assert found.terms is None


def test_a_concern_out_of_the_wrong_clients_record_is_out_of_sight(world: World, alice: Person) -> None:
    even, kari = alice.register("Even B."), alice.register("Kari L.")
    concern = alice.log("concern_raised", {"reason": "Roping i natt", "urgency": "now"}, client=even)
    alert_id = alice.alerts()[0]["id"]
    moved = {"entry_id": concern["id"], "what": "wrong_client", "reason": "feil", "client_id": kari}
    alice.log("entry_corrected", moved, client=even)
    assert why(world, alice, alert_id).opening is None


def test_a_call_for_help_without_a_client_belongs_to_the_team(world: World, alice: Person) -> None:
    even = alice.register("Even B.")
    entry = alice.log("concern_raised", {"reason": "Alene ute", "urgency": "today"}, client=even)
    alert_id = add_alert(world, alice, "staff_help", uuid.UUID(entry["id"]))
    found = why(world, alice, alert_id)
    assert found.alert.client_id is None
    assert found.opening is not None
    assert found.opening.id == uuid.UUID(entry["id"])


def test_an_absence_and_a_visit_are_told_as_they_were_planned(world: World, alice: Person) -> None:
    even = alice.register("Even B.")
    absence_id, visit_id = uuid.uuid4(), uuid.uuid4()
    ends_at = world.clock.now() + minutes(60)
    body = {"absence_id": str(absence_id), "kind": "admitted", "where": "DPS", "expected_end_at": ends_at.isoformat()}
    started = uuid.UUID(alice.log("absence_started", body, client=even)["id"])
    with world.database.transaction() as session:
        visit = {"staff_id": uuid.UUID(alice.id), "with_staff": [], "team_id": uuid.UUID(alice.teams[0].id)}
        times = {"started_at": world.clock.now(), "expected_end_at": ends_at}
        session.add(StaffVisit(id=visit_id, started_entry_id=started, **visit, **times))

    absence = why(world, alice, add_alert(world, alice, "absence_overdue", absence_id, client=even)).subject
    out = why(world, alice, add_alert(world, alice, "staff_overdue", visit_id)).subject

    assert absence is not None
    assert (absence.code, absence.place, absence.expected_at) == ("admitted", "DPS", ends_at)
    assert out is not None
    assert (out.name, out.expected_at, out.ended_at) == ("Alice", ends_at, None)


def test_a_deadline_is_told_by_the_entry_that_set_it(world: World, alice: Person) -> None:
    even, case_id = alice.register("Even B."), str(uuid.uuid4())
    entry = alice.log("rent_problem_reported", {"amount_nok": "100.00"}, client=even, case=case_id)
    alert_id = add_alert(world, alice, "case_deadline", uuid.uuid4(), client=even, episode=uuid.UUID(entry["id"]))
    found = why(world, alice, alert_id)
    assert found.subject is not None
    assert found.subject.case_id == uuid.UUID(case_id)
    assert found.opening is not None
    assert found.opening.id == uuid.UUID(entry["id"])


def test_a_crisis_leads_to_its_case_and_the_entry_that_opened_it(world: World, alice: Person) -> None:
    even = alice.register("Even B.")
    alice.log("crisis_opened", {"kind": "fire"}, client=even, case=str(uuid.uuid4()))
    found = why(world, alice, alice.alerts()[0]["id"])
    assert found.subject is not None
    assert (found.subject.sort, found.subject.code) == ("case", "crisis")
    assert found.opening is not None
    assert found.opening.type == "crisis_opened"


def test_the_story_follows_the_client_to_another_team(world: World, alice: Person) -> None:
    even, alert_id = overdue(world, alice)
    other = world.team("FACT Sør")
    bob = world.staff("leader", other, name="Bob")
    both = world.staff("leader", *alice.teams, other, name="Begge")
    today = dt.date(2026, 11, 23)
    both.log("client_team_set", {"team_id": other.id, "from_on": str(today)}, client=even)
    left = {"team_id": alice.teams[0].id, "from_on": "2026-01-01", "to_on": str(today - dt.timedelta(days=1))}
    both.log("client_team_set", left, client=even)
    assert why(world, bob, alert_id).opening is not None
    viewer = Viewer(uuid.UUID(alice.id), "leader", frozenset({uuid.UUID(alice.teams[0].id)}))
    with world.database.deciding() as session:
        assert reasons.why(session, viewer, uuid.UUID(alert_id), world.clock.now()) is None


def test_duties_and_holds_of_that_time_and_a_late_answer(world: World, alice: Person) -> None:
    even, alert_id = overdue(world, alice)
    alice.log("alert_acknowledged", {"alert_id": alert_id}, client=even)
    late = alice.entry("alert_acknowledged", {"alert_id": alert_id}, client=even)
    world.clock.shift(hours=3)
    world.tick()
    alice.sync(late)
    found = why(world, alice, alert_id)
    assert not found.duty_list
    assert [one.kind for one in found.holds] == ["acknowledged", "acknowledged"]
    assert "came_late" in [one.event for one in found.alert.history]
    assert "hold_expired" in [one.event for one in found.alert.history]


def test_an_outage_and_a_late_opening_are_told(database) -> None:
    scene = Scene(database)
    team = scene.team()
    mona = scene.person(team, on="duty")
    scene.client(team)
    with database.transaction() as session:
        for hours in (48, 1):
            at = NOON - dt.timedelta(hours=hours)
            session.add(Outage(heartbeat_at=at, claimed_at=at + minutes(1), told=3))
    scene.tick(NOON + minutes(90))
    viewer = Viewer(mona, "leader", frozenset({team}))
    with database.deciding() as session:
        found = reasons.why(session, viewer, scene.alert_id(), NOON + minutes(91))
    assert found is not None
    assert found.opened_late_by == minutes(90)
    assert [one.heartbeat_at for one in found.down] == [NOON - dt.timedelta(hours=1)]
    assert [(one.duty, one.name[:11]) for one in found.duties] == [("duty", "fieldworker")]


def test_of_an_outage_only_those_it_was_sent_to_count_as_told(database) -> None:
    scene = Scene(database)
    team = scene.team()
    mona, _ = scene.person(team, on="duty"), scene.person(team, on="duty", phone=False)
    scene.client(team)
    scene.tick(NOON + minutes(1))

    def told() -> list[int]:
        with database.deciding() as session:
            viewer = Viewer(mona, "leader", frozenset({team}))
            found = reasons.why(session, viewer, scene.alert_id(), NOON + minutes(91))
            assert found is not None
            return [one.told for one in found.down]

    with database.transaction() as session:
        assert outage.claim_and_tell(session, NOON + minutes(1), NOON + minutes(3)) == 2
    assert told() == [0]
    with database.transaction() as session:
        session.execute(update(Delivery).values(state="handed_over"))
    assert told() == [1]


@pytest.mark.parametrize("role", ["landlord", "admin", "privacy"])
def test_it_does_not_exist_for_roles_beside_the_team(database, role: str) -> None:
    scene = Scene(database)
    team = scene.team()
    bob = scene.person(team, on="duty")
    scene.client(team)
    scene.tick(NOON)
    with database.deciding() as session:
        viewer = Viewer(bob, role, frozenset({team}))
        assert reasons.why(session, viewer, scene.alert_id(), NOON) is None
