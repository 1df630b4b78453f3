"""Alerts about a client reach no blocked colleague, and wait for none: somebody else has them at once."""

import uuid

import pytest
from sqlalchemy import select

from fieldapp.models import Delivery, Notification
from fieldapp.services.alerts import overdue
from sync.ids import uuid7
from tests._push_service import PushService
from tests._world import World
from tests.routes._blocked import HOURLY, SEEN, UNKNOWN, Town, build, verdict

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def town(world: World) -> Town:
    return build(world)


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
