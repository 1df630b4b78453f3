"""The digest at 07:30: who gets it, on which days, once, late when the worker was down, and by which channels."""

import dataclasses
import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from fieldapp.config import Settings
from fieldapp.domain.norway import OSLO
from fieldapp.jobs import tasks
from fieldapp.models import MorningDigest, Notification
from fieldapp.services.alerts import morning_digest
from fieldapp.services.notify.messages import TITLES
from tests._mail_server import MailServer
from tests._push_service import Phone, PushService
from tests._world import Person, TeamOfWorld, World

OFFICE = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
EVERY_DAY = OFFICE | {day: [["10:00", "14:00"]] for day in ("sat", "sun")}
TITLE = TITLES["digest"]


@pytest.fixture
def team(world: World) -> TeamOfWorld:
    return world.team("FACT Nord", "fact")


@pytest.fixture
def alice(world: World, team: TeamOfWorld) -> Person:
    return world.staff("leader", team, name="Alice")


@pytest.fixture
def phone(alice: Person, push_service: PushService) -> Phone:
    return alice.subscribe(push_service)


def at(text: str) -> dt.datetime:
    """A moment on the wall clock in Oslo."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=OSLO)


def opening(leader: Person, hours: dict[str, list[list[str]]], closed_days: tuple[str, ...] = ()) -> None:
    body = {"team_id": leader.teams[0].id, "hours": hours, "closed_days": list(closed_days), "when_closed": "wait"}
    leader.log("team_hours_set", body)


def sent(service: PushService, phone: Phone) -> int:
    return [one.json["notification"]["title"] for one in service.messages(phone)].count(TITLE)


def tick_at(world: World, text: str) -> None:
    world.clock.move_to(at(text))
    world.tick()


def test_the_leader_is_told_once_with_a_link_to_the_hand_over(
    world: World, alice: Person, phone: Phone, push_service: PushService
) -> None:
    tick_at(world, "2026-11-24T07:29:50")
    assert sent(push_service, phone) == 0
    tick_at(world, "2026-11-24T07:30:01")
    tick_at(world, "2026-11-24T07:31")
    tick_at(world, "2026-11-24T11:59")
    (message,) = push_service.messages(phone)
    assert message.json["kind"] == "digest"
    assert message.json["notification"]["title"] == TITLE
    assert message.json["notification"]["navigate"] == "https://sett.example/kontor/overlevering"
    tick_at(world, "2026-11-25T07:30:01")
    assert sent(push_service, phone) == 2


def test_the_worker_wakes_for_it(world: World, alice: Person) -> None:
    due_at = tasks.next_due_at(world.database, at("2026-11-24T07:00").astimezone(dt.UTC))
    assert due_at == at("2026-11-24T07:30")


def test_the_worker_that_was_down_sends_it_late_but_not_after_noon(
    world: World, phone: Phone, push_service: PushService
) -> None:
    tick_at(world, "2026-11-24T09:00")
    tick_at(world, "2026-11-24T09:01")
    assert sent(push_service, phone) == 1
    tick_at(world, "2026-11-25T12:00")
    tick_at(world, "2026-11-25T15:00")
    assert sent(push_service, phone) == 1


def test_a_team_made_in_the_morning_waits_for_the_next(world: World, phone: Phone, push_service: PushService) -> None:
    world.tick()  # Monday 10:00, and the team was made just now
    assert sent(push_service, phone) == 0


@pytest.mark.parametrize(
    ("hours", "closed_days", "day", "count"),
    [
        (None, (), "2026-11-28", 0),  # a Saturday, and nobody has said when the team is open
        (None, (), "2026-12-25", 0),
        (OFFICE, (), "2026-11-27", 1),
        (OFFICE, (), "2026-11-28", 0),
        (OFFICE, (), "2026-12-25", 0),
        (OFFICE, ("2026-12-28",), "2026-12-28", 0),
        (EVERY_DAY, (), "2026-11-28", 1),
    ],
)
def test_it_is_never_sent_on_a_day_the_team_is_closed(
    world: World, alice: Person, phone: Phone, push_service: PushService, hours, closed_days, day, count
) -> None:
    if hours is not None:
        opening(alice, hours, closed_days)
    for time in ("07:30:01", "08:30", "11:30"):
        tick_at(world, f"{day}T{time}")
    assert sent(push_service, phone) == count


@pytest.mark.parametrize(
    ("before", "after", "utc"),
    [
        ("2027-03-26T07:30:01", "2027-03-29T07:30:01", "05:30"),  # the Monday after clocks go forward is in Easter
        ("2027-10-29T07:30:01", "2027-11-01T07:30:01", "06:30"),
    ],
)
def test_half_past_seven_is_wall_time_on_both_sides_of_a_change_of_clocks(
    world: World, alice: Person, phone: Phone, push_service: PushService, before: str, after: str, utc: str
) -> None:
    always = {day: [["00:00", "24:00"]] for day in EVERY_DAY}
    opening(alice, always)
    tick_at(world, before)
    tick_at(world, after.replace("07:30", "07:29"))
    assert sent(push_service, phone) == 1
    tick_at(world, after)
    assert sent(push_service, phone) == 2
    assert at(after).astimezone(dt.UTC).strftime("%H:%M") == utc


def test_only_leaders_are_told_whoever_is_on_duty(
    world: World, alice: Person, team: TeamOfWorld, phone: Phone, push_service: PushService
) -> None:
    bob = world.staff("fieldworker", team, name="Bob")
    bobs, charlies = bob.subscribe(push_service), world.staff("fieldworker", team, name="C").subscribe(push_service)
    span = {"from_at": at("2026-11-24T07:00").isoformat(), "to_at": at("2026-11-24T15:00").isoformat()}
    alice.log("duty_set", {"team_id": team.id, "staff_id": bob.id, "duty": "duty"} | span)
    tick_at(world, "2026-11-24T07:30:01")
    assert [sent(push_service, one) for one in (phone, bobs, charlies)] == [1, 0, 0]


def test_a_leader_of_two_teams_gets_one(world: World, team: TeamOfWorld, push_service: PushService) -> None:
    olga = world.staff("leader", team, world.team("ACT"), name="Olga")
    phone = olga.subscribe(push_service)
    opening(olga, {"sun": [["08:00", "15:00"]]})  # the first team is closed until its hours are set anew
    tick_at(world, "2026-11-24T07:30:01")
    olga.sign_in()
    opening(olga, OFFICE)
    tick_at(world, "2026-11-24T09:00")
    assert sent(push_service, phone) == 1
    with world.database.reading() as session:
        assert len(session.scalars(select(MorningDigest)).all()) == 2


def test_two_workers_at_the_same_moment_tell_once(world: World, phone: Phone, push_service: PushService) -> None:
    world.clock.move_to(at("2026-11-24T07:30:01"))
    both = threading.Barrier(2)

    def work(_: int) -> int:
        both.wait()
        with world.database.transaction() as session:
            return morning_digest.tell_all(session, at("2026-11-24T07:30:01").astimezone(dt.UTC))

    with ThreadPoolExecutor(2) as workers:
        assert sorted(workers.map(work, range(2))) == [0, 1]
    world.tick()
    assert sent(push_service, phone) == 1


class TestByMail:
    """With every channel set up: e-mail as well, and never the gateway, which rings."""

    @pytest.fixture
    def mails(self) -> Iterator[MailServer]:
        with MailServer() as server:
            yield server

    @pytest.fixture
    def settings(self, settings: Settings, mails: MailServer) -> Settings:
        gateway = "http://127.0.0.1:9/ring"
        return dataclasses.replace(settings, smtp_url=mails.url(), webhook_url=gateway)

    def test_the_mail_names_nobody(self, world: World, alice: Person, phone: Phone, mails: MailServer) -> None:
        alice.register("Kari Nordmann")
        alice.http.post("/konto/epost", data={"email": "alice@kommune.example"})
        mails.mails.clear()  # the one that says that the address was chosen, where there is one
        tick_at(world, "2026-11-24T07:30:01")
        (mail,) = mails.mails
        assert mail.recipient == "alice@kommune.example"
        assert mail.message["Subject"] == TITLE
        said = mail.message.get_content().splitlines()
        assert said == [TITLE, "", "Åpne Sett: https://sett.example/kontor/overlevering"]
        with world.database.reading() as session:
            channels = session.scalars(select(Notification.channel).where(Notification.kind == "digest")).all()
        assert sorted(channels) == ["email", "push"]
