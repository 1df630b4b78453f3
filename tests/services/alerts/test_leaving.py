"""Nothing waits for a person who has left: what they held climbs at once, and what was theirs is somebody else's."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import AlertTransition, Delivery, Notification, StaffTeam
from fieldapp.queries import duty
from fieldapp.services.alerts import leaving
from fieldapp.services.operations import verify
from fieldapp.services.people import accounts
from tests._push_service import PushService
from tests._world import Person, World


@pytest.fixture
def people(world: World) -> tuple[Person, Person, Person]:
    """A leader and two fieldworkers of one team without a duty list: all are on duty."""
    team = world.team("Nord")
    return world.staff("leader", team), world.staff("fieldworker", team), world.staff("fieldworker", team)


def end(world: World, person: Person) -> None:
    with world.database.transaction() as session:
        accounts.end_staff(session, person.username, world.clock.now())


def only(person: Person) -> dict[str, Any]:
    (alert,) = person.alerts()
    return alert


def told(world: World, alert_id: str) -> list[str]:
    """Who was told of the alert, the last first."""
    query = select(Notification.staff_id).where(Notification.alert_id == uuid.UUID(alert_id))
    with world.database.reading() as session:
        return [str(one) for one in session.scalars(query.order_by(Notification.created_at.desc()))]


def on_duty(leader: Person, person: Person, world: World, duty_kind: str = "duty") -> None:
    from_at = world.clock.now() - dt.timedelta(hours=1)
    span = {"from_at": from_at.isoformat(), "to_at": (from_at + dt.timedelta(hours=9)).isoformat()}
    leader.log("duty_set", {"team_id": leader.teams[0].id, "staff_id": person.id, "duty": duty_kind} | span)


def assert_sound(world: World) -> None:
    world.tick()
    with Session(world.database.engine) as session:
        assert list(verify.differences(session, world.clock.now(), 5.0)) == []


def test_an_alert_taken_by_somebody_who_leaves_climbs_at_once(world: World, people: tuple) -> None:
    leader, bob, anne = people
    kari = leader.register("Kari")
    anne.log("concern_raised", {"reason": "svarer ikke"}, client=kari)
    alert = only(bob)
    bob.log("alert_acknowledged", {"alert_id": alert["id"]})
    assert only(anne)["owner"] == bob.id
    end(world, bob)
    now = only(anne)
    assert (now["state"], now["owner"]) == ("open", None)
    query = select(AlertTransition.event).where(AlertTransition.alert_id == uuid.UUID(alert["id"]))
    with world.database.reading() as session:
        assert session.scalars(query.order_by(AlertTransition.id)).all()[-2:] == ["hold_ran_out", "step_began"]
    assert_sound(world)


def test_the_admin_page_ends_a_hold_too(world: World, people: tuple) -> None:
    leader, bob, anne = people
    anne.log("concern_raised", {"reason": "svarer ikke"}, client=leader.register("Kari"))
    bob.log("alert_acknowledged", {"alert_id": only(bob)["id"]})
    admin = world.staff("admin")
    answer = admin.http.post(f"/admin/ansatte/{bob.id}/avslutt", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    assert only(anne)["owner"] is None


def test_a_day_put_off_by_a_leader_who_leaves_is_over(world: World, people: tuple) -> None:
    leader, _, anne = people
    kari = leader.register("Kari")
    world.clock.shift(hours=25)
    for person in (leader, anne):
        person.sign_in()
    world.tick()
    until = (world.clock.now() + dt.timedelta(hours=23)).isoformat()
    leader.log("alert_snoozed", {"alert_id": only(leader)["id"], "until": until, "reason": "venter"})
    end(world, leader)
    assert (only(anne)["client_id"], only(anne)["state"]) == (kari, "open")
    assert_sound(world)


def test_the_next_in_line_owns_what_two_had_taken(world: World, people: tuple) -> None:
    leader, bob, anne = people
    leader.log("concern_raised", {"reason": "svarer ikke"}, client=leader.register("Kari"))
    for person in (bob, anne):
        person.log("alert_acknowledged", {"alert_id": only(person)["id"]})
    end(world, bob)
    assert (only(leader)["state"], only(leader)["owner"]) == ("acknowledged", anne.id)


def test_a_hand_over_to_somebody_who_leaves_climbs_at_once(
    world: World, people: tuple, push_service: PushService
) -> None:
    leader, bob, anne = people
    on_duty(leader, leader, world)
    for person in people:
        person.subscribe(push_service)
    leader.log("concern_raised", {"reason": "svarer ikke"}, client=leader.register("Kari"))
    alert = only(leader)
    world.tick()
    handed = {"alert_id": alert["id"], "to_staff_id": anne.id}
    leader.log("alert_handed_over", handed)
    world.tick()
    show(world, push_service, anne)
    world.clock.shift(minutes=3)
    world.tick()
    assert only(bob)["step"] == 0, "it is on Anne's screen: she has the step's time"
    end(world, anne)
    assert only(bob)["step"] == 1


def test_a_step_that_only_somebody_who_left_has_heard_is_over(
    world: World, people: tuple, push_service: PushService
) -> None:
    leader, bob, anne = people
    on_duty(leader, anne, world)
    for person in people:
        person.subscribe(push_service)
    bob.log("concern_raised", {"reason": "svarer ikke"}, client=leader.register("Kari"))
    world.tick()
    show(world, push_service, anne)
    world.clock.shift(minutes=5)
    world.tick()
    alert = only(leader)
    assert (alert["step"], told(world, alert["id"])) == (0, [anne.id])
    end(world, anne)
    assert only(leader)["step"] == 2, "nobody is on duty any more, so the leader at once"
    assert leader.id in told(world, alert["id"])
    assert_sound(world)


def show(world: World, service: PushService, person: Person) -> None:
    """The person's phone has shown everything it was sent."""
    with world.database.transaction() as session:
        of_person = select(Notification.id).where(Notification.staff_id == uuid.UUID(person.id))
        for delivery in session.scalars(select(Delivery).where(Delivery.notification_id.in_(of_person))):
            delivery.shown_at = world.clock.now()


def test_a_colleague_who_was_out_is_asked_about_of_the_team_at_once(world: World, people: tuple) -> None:
    leader, bob, anne = people
    kari = leader.register("Kari")
    until = (world.clock.now() + dt.timedelta(hours=2)).isoformat()
    visit = bob.log("visit_started", {"visit_id": str(uuid.uuid4()), "expected_end_at": until}, client=kari)
    end(world, bob)
    alert = only(anne)
    assert alert["kind"] == "staff_overdue"
    assert alert["step"] >= 1, "his own phone is not asked"
    assert set(told(world, alert["id"])) == {leader.id, anne.id}
    assert_sound(world)
    anne.log("visit_ended", {"visit_id": visit["body"]["visit_id"]}, client=kari)
    assert anne.alerts() == []
    assert_sound(world)


def test_the_question_to_a_phone_that_is_closed_goes_to_the_team_at_once(
    world: World, people: tuple, push_service: PushService
) -> None:
    leader, bob, anne = people
    bob.subscribe(push_service)
    kari = leader.register("Kari")
    until = (world.clock.now() + dt.timedelta(hours=1)).isoformat()
    bob.log("visit_started", {"visit_id": str(uuid.uuid4()), "expected_end_at": until}, client=kari)
    world.clock.shift(minutes=61)
    world.tick()
    show(world, push_service, bob)
    assert only(anne)["step"] == 0
    end(world, bob)
    assert only(anne)["step"] >= 1
    assert anne.id in told(world, only(anne)["id"])


def test_a_duty_of_somebody_who_left_counts_for_nobody(world: World, people: tuple) -> None:
    leader, bob, anne = people
    on_duty(leader, bob, world)
    on_duty(leader, anne, world)
    end(world, bob)
    anne.log("concern_raised", {"reason": "svarer ikke"}, client=leader.register("Kari"))
    assert bob.id not in told(world, only(anne)["id"])
    page = leader.get("/kontor/vakt").text
    assert "ikke lenger i teamet" in page


def test_a_duty_of_somebody_who_left_is_a_gap_on_the_list(world: World, people: tuple) -> None:
    leader, bob, _ = people
    on_duty(leader, bob, world)
    team_id, monday = uuid.UUID(leader.teams[0].id), world.clock.now().date()

    def first_gap() -> dt.datetime:
        with world.database.reading() as session:
            return duty.week(session, team_id, monday, world.clock.now())[0].gaps[0].from_at

    assert first_gap() > world.clock.now() + dt.timedelta(hours=7)
    end(world, bob)
    assert first_gap() <= world.clock.now()


def test_what_was_theirs_is_the_leaders(world: World, people: tuple) -> None:
    """A case's next step and a client's primary contact: nobody's on the phones, on the leader's list in the office."""
    leader, bob, anne = people
    kari = leader.register("Kari", primary_staff_id=bob.id)
    case = str(uuid.uuid4())
    anne.log("rent_problem_reported", {"amount_nok": "9000.00", "owner_id": bob.id}, client=kari, case=case)
    assert anne.pull()["case", case]["owner_id"] == bob.id
    assert "Etter noen som har sluttet" not in leader.get("/kontor").text
    end(world, bob)
    replica = anne.pull()
    assert replica["case", case]["owner_id"] is None
    assert replica["client", kari]["primary_staff_id"] is None
    page = leader.get("/kontor").text
    assert "Etter noen som har sluttet" in page
    assert page.count("Mangler primærkontakt") == 1
    assert page.count("Neste steg mangler eier") == 1
    assert "Etter noen som har sluttet" not in anne.get("/kontor").text
    anne.cursor = None
    anne.replica.clear()
    assert anne.pull()["case", case]["owner_id"] is None, "a fresh phone and one that followed along know the same"
    leader.log(
        "client_updated", {"base_seq": newest_seq(leader, kari), "fields": {"primary_staff_id": anne.id}}, client=kari
    )
    leader.log("rent_problem_updated", {"owner_id": anne.id}, client=kari, case=case)
    assert "Etter noen som har sluttet" not in leader.get("/kontor").text


def test_anybody_in_the_team_appoints_after_a_primary_contact_who_left(world: World) -> None:
    team = world.team()
    alice, bob, eva = (world.staff(role, team) for role in ("leader", "fieldworker", "fieldworker"))
    kari = alice.register("Kari", primary_staff_id=bob.id)
    appoint = {"base_seq": newest_seq(eva, kari), "fields": {"primary_staff_id": eva.id}}
    assert eva.judged("client_updated", appoint, client=kari)["code"] == "not_permitted"
    with world.database.transaction() as session:
        accounts.end_staff(session, bob.username, world.clock.now())
    eva.log("client_updated", appoint | {"base_seq": newest_seq(eva, kari)}, client=kari)
    assert eva.pull()["client", kari]["primary_staff_id"] == eva.id


def newest_seq(person: Person, client: str) -> int:
    """The number of the client's last change, as a new phone reads it."""
    changes = person.sync(cursor=None)["changes"]
    return max(change["seq"] for change in changes if change["id"] == client)


def test_an_end_of_membership_lets_go_like_an_end_of_employment(world: World) -> None:
    nord, sor = world.team("Nord"), world.team("Sør")
    leader, bob, anne = (
        world.staff("leader", nord),
        world.staff("fieldworker", nord, sor),
        world.staff("fieldworker", nord),
    )
    kari = leader.register("Kari", primary_staff_id=bob.id)
    anne.log("concern_raised", {"reason": "svarer ikke"}, client=kari)
    bob.log("alert_acknowledged", {"alert_id": only(bob)["id"]})
    with world.database.transaction() as session:
        session.delete(session.get_one(StaffTeam, (uuid.UUID(bob.id), uuid.UUID(nord.id))))
        leaving.let_go(session, uuid.UUID(bob.id), world.clock.now())
    assert (only(anne)["state"], only(anne)["owner"]) == ("open", None)
    assert anne.pull()["client", kari]["primary_staff_id"] is None
    assert_sound(world)
