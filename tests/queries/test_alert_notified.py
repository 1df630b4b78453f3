"""Who was told step by step, what came of each device, and why a step began before its time."""

import pytest

from fieldapp.db import Database
from fieldapp.models import Alert
from fieldapp.queries.alerts.notified import StepStory, first_shown_at, step_stories
from tests._scene import NOON, Scene, minutes, seconds


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def stories(scene: Scene) -> list[StepStory]:
    (alert,) = scene.alerts()
    with scene.database.reading() as session:
        return step_stories(session, alert.id, alert.team_id)


def test_each_person_once_with_all_their_devices_and_the_first_times(scene: Scene) -> None:
    team = scene.team()
    mona = scene.person(team, on="duty")
    scene.phone(mona)
    scene.person(team, on="duty", phone=False)
    scene.client(team, primary=mona)
    scene.tick(NOON)
    scene.receipt(mona, NOON + seconds(4))
    scene.climb(NOON + minutes(15))

    first, second = stories(scene)

    assert (first.sort, first.step, first.round, first.at) == ("step", 0, 1, NOON)
    (told,) = first.notified
    assert told.devices == (("shown", 2),)
    assert told.shown_at == NOON + seconds(4)
    assert first.reached
    assert first.early is None
    assert {one.devices for one in second.notified} == {(("pending", 2),), ()}
    assert first_shown_at([first, second]) == NOON + seconds(4)


def test_a_step_nobody_confirmed_makes_the_next_one_early_and_says_why(scene: Scene) -> None:
    team = scene.team()
    scene.person(team, on="duty")
    scene.person(team, "leader")
    scene.client(team)
    scene.tick(NOON)
    scene.climb(NOON + seconds(120))
    assert [one.early for one in stories(scene)][:1] == ["no_receipt"]


def test_nobody_on_duty_and_no_phone_are_told_apart(scene: Scene) -> None:
    team = scene.team()
    scene.person(team, "leader", phone=False)
    scene.client(team)
    scene.tick(NOON)
    told = stories(scene)
    assert [(one.step, len(one.notified), one.early) for one in told[:3]] == [
        (0, 0, "nobody"),
        (1, 0, "nobody"),
        (2, 1, "no_device"),
    ]


def test_phones_that_refuse_are_said_to_have_refused(scene: Scene) -> None:
    team = scene.team()
    mona = scene.person(team, on="duty")
    scene.client(team)
    scene.tick(NOON)
    scene.answer(mona, "unreachable")
    with scene.database.transaction() as session:
        session.get_one(Alert, scene.alert_id()).next_at = NOON + seconds(10)
    scene.climb(NOON + seconds(10))
    assert stories(scene)[0].early == "refused"
