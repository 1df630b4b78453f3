"""Who is told through which channel, and one message in place of many: rows, and what becomes of them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.models import Alert, Delivery, DeviceStaff, Notification, OperatorAlarm, Staff
from fieldapp.queries.alerts.history import told
from fieldapp.services import operator
from fieldapp.services.alerts import ending
from fieldapp.services.notify import delivery, notifications, outcomes
from fieldapp.services.notify.messages import (
    Delivered,
    Gone,
    Message,
    OurFault,
    Outcome,
    Retry,
    Sent,
    ToDevice,
    ToGateway,
    ToMailbox,
)
from fieldapp.services.people import accounts
from tests._scene import NOON, Scene, minutes, seconds

BOBS = "bob@kommune.example"


class Told(Scene):
    """A team with Bob on duty; what is claimed and recorded is done as a worker does it."""

    team_id: uuid.UUID
    bob: uuid.UUID

    def claim(self, now: dt.datetime, room: int = 99) -> list[Message]:
        with self.database.transaction() as session:
            return delivery.claim(session, "worker", now, busy={}, room=room)

    def record(self, message: Message, outcome: Outcome, now: dt.datetime) -> None:
        with self.database.transaction() as session:
            outcomes.record(session, [Sent(message, outcome, now)], now)

    def shown(self, message: Message, now: dt.datetime) -> None:
        with self.database.transaction() as session:
            assert outcomes.receive(session, message.delivery_id, now)

    def many_run_out(self, count: int = 5) -> Message:
        """So many that one message goes in place of them; gives it, claimed."""
        self.clients(self.team_id, count, due_at=NOON - minutes(1))
        self.open(NOON)
        (message,) = self.claim(NOON)
        return message

    def carried(self) -> list[Delivery]:
        return [one for one in self.deliveries() if one.carried_by]

    def end(self, alert_id: uuid.UUID, now: dt.datetime) -> None:
        with self.database.transaction() as session:
            alert = session.get_one(Alert, alert_id)
            ending.resolve(session, alert, resolution="seen_late", staff_id=None, entry_id=None, now=now)


@pytest.fixture
def scene(database: Database) -> Told:
    return a_team(database)


@pytest.fixture
def everything(settings: Settings) -> Iterator[Told]:
    """An installation that sends e-mail and calls a gateway, too."""
    channels = {"smtp_url": "smtp://sett:hest@mail.example", "webhook_url": "https://gateway.example/ring"}
    database = Database(dataclasses.replace(settings, **channels))
    yield a_team(database)
    database.dispose()


def a_team(database: Database) -> Told:
    scene = Told(database)
    scene.team_id = scene.team()
    scene.bob = scene.person(scene.team_id, on="duty")
    return scene


def has_address(scene: Told) -> None:
    with scene.database.transaction() as session:
        session.get_one(Staff, scene.bob).email = BOBS


def channels_told(scene: Scene, kind: str = "alert") -> list[str]:
    with scene.database.reading() as session:
        return sorted(session.scalars(select(Notification.channel).where(Notification.kind == kind)))


# --- channels -----------------------------------------------------------------------------------------------------


def test_a_person_is_told_once_through_each_channel_they_have(everything: Told) -> None:
    has_address(everything)
    everything.phone(everything.bob)
    everything.client(everything.team_id)
    everything.open(NOON)
    assert channels_told(everything) == ["email", "push", "webhook"]
    sent = everything.claim(NOON)
    assert sorted((type(one.to).__name__, one.host) for one in sent) == [
        ("ToDevice", "127.0.0.1:9"),
        ("ToDevice", "127.0.0.1:9"),
        ("ToGateway", "gateway.example:443"),
        ("ToMailbox", "mail.example:25"),
    ]
    assert {one.to for one in sent} >= {ToMailbox(BOBS), ToGateway(everything.bob)}
    assert len({one.topic for one in sent}) == 1


def test_without_an_address_there_is_no_mail(everything: Told) -> None:
    everything.client(everything.team_id)
    everything.open(NOON)
    assert channels_told(everything) == ["push", "webhook"]


def test_where_nothing_else_is_set_up_there_is_only_push(scene: Told) -> None:
    has_address(scene)
    scene.client(scene.team_id)
    scene.open(NOON)
    assert channels_told(scene) == ["push"]


def test_who_works_here_no_longer_gets_nothing_through_any_channel(everything: Told) -> None:
    has_address(everything)
    everything.client(everything.team_id)
    everything.open(NOON)
    with everything.database.transaction() as session:
        session.get_one(Staff, everything.bob).ended_at = NOON
    assert everything.claim(NOON) == []
    assert {one.state for one in everything.deliveries()} == {"called_off"}


def test_a_person_without_a_phone_but_with_another_channel_has_two_minutes_to_say_that_it_came(
    everything: Told,
) -> None:
    with everything.database.transaction() as session:
        for presence in session.scalars(select(DeviceStaff)):
            presence.signed_out_at = NOON
    everything.client(everything.team_id)
    everything.open(NOON)
    (call,) = everything.claim(NOON)
    everything.record(call, Delivered(202), NOON)
    everything.climb(NOON + seconds(119))
    assert everything.alert().step == 0
    everything.climb(NOON + seconds(120))
    assert everything.alert().step > 0


def test_a_gateway_that_says_it_came_gives_the_step_its_time(everything: Told) -> None:
    with everything.database.transaction() as session:
        for presence in session.scalars(select(DeviceStaff)):
            presence.signed_out_at = NOON
    everything.client(everything.team_id)
    everything.open(NOON)
    (call,) = everything.claim(NOON)
    everything.record(call, Delivered(202), NOON)
    everything.shown(call, NOON + seconds(30))
    everything.climb(NOON + minutes(14))
    assert everything.alert().step == 0


def test_over_and_the_news_of_an_outage_go_through_every_channel(everything: Told) -> None:
    has_address(everything)
    everything.client(everything.team_id)
    everything.open(NOON)
    for message in everything.claim(NOON):
        everything.record(message, Delivered(200), NOON)
    everything.end(everything.alert_id(), NOON + minutes(1))
    assert channels_told(everything, "over") == ["email", "push", "webhook"]
    with everything.database.transaction() as session:
        notifications.notify(session, [notifications.ToNotify(everything.bob, "down")], NOON)
    assert channels_told(everything, "down") == ["email", "push", "webhook"]


def test_over_waits_for_the_alert_on_its_way_through_the_same_channel_only(everything: Told) -> None:
    everything.client(everything.team_id)
    everything.open(NOON)
    sent = {type(message.to): message for message in everything.claim(NOON)}
    everything.record(sent[ToDevice], Delivered(201), NOON)
    everything.end(everything.alert_id(), NOON + seconds(1))
    assert [(one.kind, type(one.to)) for one in everything.claim(NOON + seconds(2))] == [("over", ToDevice)]
    everything.record(sent[ToGateway], Delivered(200), NOON + seconds(3))
    assert [(one.kind, type(one.to)) for one in everything.claim(NOON + seconds(4))] == [("over", ToGateway)]


def test_a_mailbox_that_is_not_there_is_told_the_operator_and_ends_nothing(everything: Told) -> None:
    has_address(everything)
    everything.client(everything.team_id)
    everything.open(NOON)
    (mail,) = [one for one in everything.claim(NOON) if isinstance(one.to, ToMailbox)]
    everything.record(mail, Gone(550), NOON)
    with everything.database.reading() as session:
        assert session.get_one(Delivery, mail.delivery_id).state == "unreachable"
        assert session.get_one(Staff, everything.bob).email == BOBS
        alarm = session.scalars(select(OperatorAlarm)).one()
    assert (alarm.code, alarm.subject_id, alarm.detail) == ("address_refused", operator.about(BOBS), "550")


def test_the_alarm_about_a_mailbox_is_over_when_it_takes_a_message(everything: Told) -> None:
    mail_is_recorded(everything, Gone(550), NOON)
    assert uncleared(everything) == ["address_refused"]
    mail_is_recorded(everything, Delivered(250), NOON + seconds(1))
    assert uncleared(everything) == []


def test_the_alarm_about_a_mailbox_is_over_when_its_owner_has_another_address(everything: Told) -> None:
    mail_is_recorded(everything, Gone(550), NOON)
    with everything.database.transaction() as session:
        accounts.set_email(session, everything.bob, "bob.berg@kommune.example", NOON + seconds(1))
    assert uncleared(everything) == []


def mail_is_recorded(everything: Told, outcome: Outcome, now: dt.datetime) -> None:
    """A client's clock runs out now, and this is what comes of the mail about it."""
    has_address(everything)
    everything.client(everything.team_id, due_at=now)
    everything.open(now)
    (mail,) = [one for one in everything.claim(now) if isinstance(one.to, ToMailbox)]
    everything.record(mail, outcome, now)


def test_a_gateway_that_refuses_everybody_is_one_alarm(everything: Told) -> None:
    everything.person(everything.team_id, on="duty")
    everything.client(everything.team_id)
    everything.open(NOON)
    for message in everything.claim(NOON):
        if isinstance(message.to, ToGateway):
            everything.record(message, OurFault(404, "Not Found"), NOON)
    with everything.database.reading() as session:
        alarm = session.scalars(select(OperatorAlarm)).one()
    assert (alarm.code, alarm.count) == ("webhook_refused", 2)


def test_the_operators_alarm_is_over_when_the_same_service_takes_a_message_again(everything: Told) -> None:
    everything.client(everything.team_id)
    everything.open(NOON)
    push, call = sorted(everything.claim(NOON), key=lambda one: isinstance(one.to, ToGateway))
    for message in (push, call):
        everything.record(message, OurFault(403, "Forbidden"), NOON)
    assert uncleared(everything) == ["push_refused", "webhook_refused"]
    everything.climb(NOON)
    call = next(one for one in everything.claim(NOON + seconds(1)) if isinstance(one.to, ToGateway))
    everything.record(call, Delivered(200), NOON + seconds(1))
    assert uncleared(everything) == ["push_refused"], "the phone's own service has taken nothing yet"


def uncleared(scene: Scene) -> list[str]:
    with scene.database.reading() as session:
        codes = select(OperatorAlarm.code).where(OperatorAlarm.cleared_at.is_(None)).order_by(OperatorAlarm.code)
        return list(session.scalars(codes))


# --- one in place of many -----------------------------------------------------------------------------------------


def test_three_alerts_at_once_are_three_messages_and_four_are_one(scene: Told) -> None:
    scene.clients(scene.team_id, 3, due_at=NOON - minutes(1))
    scene.open(NOON)
    assert [one.kind for one in scene.claim(NOON)] == ["alert"] * 3
    scene.clients(scene.team_id, 4, due_at=NOON)
    scene.open(NOON + seconds(1))
    (bundle,) = scene.claim(NOON + seconds(1))
    assert (bundle.kind, bundle.path) == ("bundle", "/felt")
    assert bundle.topic not in {alert.topic for alert in scene.alerts()}


def test_each_is_still_an_alert_and_a_notification_of_its_own(scene: Told) -> None:
    scene.phone(scene.bob)
    scene.clients(scene.team_id, 5, due_at=NOON - minutes(1))
    scene.open(NOON)
    assert len(scene.alerts()) == 5
    assert channels_told(scene) == ["push"] * 5
    assert [one.kind for one in scene.claim(NOON)] == ["bundle", "bundle"], "one to each phone"
    assert len(scene.carried()) == 10


def test_the_others_on_duty_get_theirs_as_usual(scene: Told) -> None:
    carol = scene.person(scene.team_id, on="duty")
    scene.clients(scene.team_id, 4, due_at=NOON - minutes(1), primary=scene.bob)
    scene.clients(scene.team_id, 2, due_at=NOON - minutes(1), primary=carol)
    scene.open(NOON)
    assert sorted(one.kind for one in scene.claim(NOON)) == ["alert", "alert", "bundle"]


def test_on_every_channel(everything: Told) -> None:
    has_address(everything)
    everything.clients(everything.team_id, 5, due_at=NOON - minutes(1))
    everything.open(NOON)
    assert [one.kind for one in everything.claim(NOON)] == ["bundle"] * 3


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Delivered(201), "handed_over"),
        (Gone(410), "unreachable"),
        (OurFault(403, "Forbidden"), "our_fault"),
        (Retry(503, "x"), "pending"),
    ],
)
def test_what_becomes_of_the_carrier_becomes_of_all_it_carries(scene: Told, outcome: Outcome, state: str) -> None:
    scene.record(scene.many_run_out(), outcome, NOON + seconds(1))
    assert {(one.state, one.attempts, one.claimed_until) for one in scene.deliveries()} == {(state, 1, None)}
    if state != "pending":
        assert {one.last_status for one in scene.carried()} == {outcome.status}


def test_a_carrier_that_reaches_nobody_lets_every_alert_climb(scene: Told) -> None:
    scene.record(scene.many_run_out(), Gone(410), NOON + seconds(1))
    scene.climb(NOON + seconds(1))
    assert {alert.step > 0 for alert in scene.alerts()} == {True}


def test_given_up_it_is_given_up_for_all(scene: Told) -> None:
    message, now = scene.many_run_out(), NOON
    while True:
        scene.record(message, Retry(503, "x"), now)
        if not scene.deliveries("pending"):
            break
        now = scene.deliveries("pending")[0].next_attempt_at
        (message,) = scene.claim(now)
    assert {one.state for one in scene.deliveries()} == {"given_up"}


def test_a_receipt_is_one_for_all_it_carries(scene: Told) -> None:
    message = scene.many_run_out()
    scene.record(message, Delivered(201), NOON)
    scene.shown(message, NOON + seconds(9))
    assert {one.shown_at for one in scene.deliveries()} == {NOON + seconds(9)}
    scene.climb(NOON + minutes(14))
    assert {alert.step for alert in scene.alerts()} == {0}


def test_the_history_of_each_alert_shows_how_it_went(scene: Told) -> None:
    message = scene.many_run_out()
    scene.record(message, Delivered(201), NOON)
    scene.shown(message, NOON + seconds(9))
    ids = [alert.id for alert in scene.alerts()]
    with scene.database.reading() as session:
        histories = told(session, ids)
    assert [(one.kind, one.how, one.shown_at) for history in histories.values() for one in history] == [
        ("alert", "shown", NOON + seconds(9))
    ] * 5


def test_it_goes_as_long_as_one_of_its_alerts_is_not_over_and_not_longer(scene: Told) -> None:
    scene.clients(scene.team_id, 4, due_at=NOON - minutes(1))
    scene.open(NOON)
    *some, last = [alert.id for alert in scene.alerts()]
    for alert_id in some:
        scene.end(alert_id, NOON)
    (message,) = scene.claim(NOON)
    scene.record(message, Retry(503, "x"), NOON)
    scene.end(last, NOON + seconds(1))
    assert [one.kind for one in scene.claim(NOON + minutes(1))] == ["over"], "about the last, which may have come"
    assert {one.state for one in scene.deliveries() if one.id == message.delivery_id} == {"called_off"}


def test_what_ends_while_its_carrier_is_on_its_way_is_told_over_afterwards(scene: Told) -> None:
    message = scene.many_run_out()
    ended = scene.alerts()[0]
    scene.end(ended.id, NOON + seconds(1))
    assert scene.claim(NOON + seconds(2)) == [], "not before the carrier has come"
    scene.record(message, Delivered(201), NOON + seconds(3))
    (over,) = scene.claim(NOON + seconds(4))
    assert (over.kind, over.topic) == ("over", ended.topic)


def test_a_worker_that_dies_with_it_leaves_it_all_to_be_sent_again(scene: Told) -> None:
    lost = scene.many_run_out()
    assert scene.claim(NOON + seconds(59)) == []
    (again,) = scene.claim(NOON + delivery.LEASE)
    assert again.delivery_id == lost.delivery_id
    scene.record(again, Delivered(201), NOON + minutes(2))
    assert {one.state for one in scene.deliveries()} == {"handed_over"}


def test_an_alert_never_waits_for_a_bundle_and_later_steps_come_one_by_one(scene: Told) -> None:
    scene.record(scene.many_run_out(4), Delivered(201), NOON)
    scene.climb(NOON + minutes(15))
    assert {one.kind for one in scene.claim(NOON + minutes(15))} == {"alert"}
