"""What was to happen soon by a clock that is then set back happens soon all the same."""

import datetime as dt

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.domain.operator_alarms import Alarm
from fieldapp.models import Alert, AlertHold, Delivery
from fieldapp.services import operator
from fieldapp.services.notify import delivery
from fieldapp.services.operations import clock_set_back
from fieldapp.services.operations.clock_set_back import CLOCKS_DIFFER
from tests._scene import NOON, Scene, minutes, seconds
from tests.services._house import EVENING, OPENS, office_hours

DAY = dt.timedelta(days=1)
YESTERDAY = NOON - DAY


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def mend(scene: Scene, now: dt.datetime) -> int:
    """As the worker does: it looks first, and must see all there is to mend."""
    with scene.database.reading() as session:
        seen = clock_set_back.any_ahead(session, now)
    with scene.database.transaction() as session:
        mended = clock_set_back.mend(session, now)
    assert seen == bool(mended)
    return mended


def test_an_alert_goes_on_climbing_from_where_it_was(scene: Scene) -> None:
    team = scene.team(duty_list=False)
    bob = scene.person(team)
    leader = scene.person(team, "leader")
    scene.client(team)
    scene.tick(NOON)
    scene.receipt(bob, NOON)
    mend(scene, YESTERDAY)
    scene.climb(YESTERDAY)
    assert scene.alert().step == 0
    scene.climb(YESTERDAY + minutes(15))
    assert scene.alert().step == 1
    scene.receipt(bob, YESTERDAY + minutes(15))
    scene.climb(YESTERDAY + minutes(30))
    assert leader in scene.told(step=2)


def test_a_hold_lasts_as_long_as_it_was_meant_to(scene: Scene) -> None:
    team = scene.team(duty_list=False)
    bob = scene.person(team)
    scene.client(team)
    scene.tick(NOON)
    scene.acknowledge(bob, NOON)
    mend(scene, YESTERDAY)
    scene.climb(YESTERDAY)
    assert scene.alert().owner_id == bob
    scene.climb(YESTERDAY + minutes(59))
    assert scene.alert().owner_id == bob
    scene.climb(YESTERDAY + minutes(60))
    assert (scene.alert().owner_id, scene.alert().state) == (None, "open")


@pytest.mark.parametrize(
    "values",
    [
        {"next_attempt_at": NOON + minutes(300)},
        {"claimed_until": NOON + delivery.LEASE, "claimed_by": "dead"},
        {"first_attempt_at": NOON},
    ],
)
def test_a_message_is_tried_again_now(scene: Scene, values: dict[str, object]) -> None:
    team = scene.team(duty_list=False)
    scene.person(team)
    scene.client(team)
    scene.open(YESTERDAY + DAY)
    with scene.database.transaction() as session:
        session.execute(update(Delivery).values({"next_attempt_at": YESTERDAY} | values))
    mend(scene, YESTERDAY)
    with scene.database.reading() as session:
        assert delivery.any_due(session, YESTERDAY)


def test_what_lies_ahead_as_it_should_is_left_alone(scene: Scene) -> None:
    team = scene.team(duty_list=False)
    bob = scene.person(team)
    scene.client(team)
    scene.tick(NOON)
    scene.acknowledge(bob, NOON)
    with scene.database.transaction() as session:
        session.execute(update(Delivery).values(next_attempt_at=NOON + minutes(240), claimed_until=NOON + seconds(60)))
    for now in (NOON, NOON - CLOCKS_DIFFER):
        assert mend(scene, now) == 0
    with scene.database.reading() as session:
        assert session.scalars(select(Alert.next_at)).all() == session.scalars(select(AlertHold.until_at)).all()


def test_what_waits_for_its_team_to_open_opens_when_that_opens(scene: Scene) -> None:
    team = scene.team()
    office_hours(scene, team, "wait")
    scene.client(team, due_at=EVENING)
    scene.tick(EVENING + 2 * DAY)
    assert scene.alert().next_at == OPENS + 2 * DAY
    assert mend(scene, EVENING) == 1
    scene.climb(EVENING)
    assert (scene.alert().state, scene.alert().next_at) == ("waiting", OPENS)
    scene.climb(OPENS)
    assert scene.alert().state == "open"


def test_whoever_was_quarantined_for_a_minute_is_tried_again(scene: Scene) -> None:
    client = scene.client(scene.team())
    with scene.database.transaction() as session:
        operator.quarantine(session, Alarm.CLIENT_ASIDE, client, ValueError(), NOON + DAY)
    scene.tick(NOON)
    assert scene.alerts() == []
    assert mend(scene, NOON) == 1
    scene.tick(NOON)
    assert scene.alert().client_id == client


def test_an_alert_that_was_quarantined_climbs_again(scene: Scene) -> None:
    team = scene.team(duty_list=False)
    scene.person(team)
    scene.client(team)
    scene.tick(NOON)
    with scene.database.transaction() as session:
        operator.quarantine(session, Alarm.ALERT_ASIDE, scene.alert().id, ValueError(), NOON + DAY)
        session.execute(update(Alert).values(next_at=NOON + DAY + operator.QUARANTINE))
    assert mend(scene, NOON + minutes(2)) == 1
    scene.climb(NOON + minutes(2))
    assert scene.alert().step == 1
