"""One alert whole: what happened, and who was told and how that went."""

import uuid

import pytest

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.queries.alerts import unresolved
from tests._scene import NOON, Scene, minutes, seconds


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def detail(scene: Scene, viewer: Viewer, alert_id: uuid.UUID) -> unresolved.AlertDetail | None:
    with scene.database.reading() as session:
        return unresolved.one_alert(session, viewer, alert_id, NOON + minutes(20))


def test_the_whole_line_with_times(scene: Scene) -> None:
    team = scene.team()
    mona, per, absent = scene.person(team, on="duty"), scene.person(team, on="duty"), scene.person(team, phone=False)
    scene.put_on(team, absent, "duty", NOON - minutes(60), NOON + minutes(60))
    scene.client(team, primary=mona)
    scene.tick(NOON)
    scene.receipt(mona, NOON + seconds(4))
    scene.climb(NOON + minutes(15))
    scene.answer(per, "handed_over")
    scene.acknowledge(per, NOON + minutes(16))

    found = detail(scene, Viewer(mona, "leader", frozenset({team})), scene.alert_id())

    assert found is not None
    assert [(one.event, one.at) for one in found.history] == [
        ("opened", NOON),
        ("escalated", NOON + minutes(15)),
        ("acknowledged", NOON + minutes(16)),
    ]
    assert found.owner == per
    how = {(one.staff_id, one.step): one.how for one in found.told}
    assert how == {(mona, 0): "shown", (mona, 1): "pending", (per, 1): "handed_over", (absent, 1): "no_device"}
    assert next(one.shown_at for one in found.told if one.step == 0) == NOON + seconds(4)


@pytest.mark.parametrize("role", ["landlord", "admin", "privacy"])
def test_it_does_not_exist_for_roles_beside_the_team(scene: Scene, role: str) -> None:
    team = scene.team()
    bob = scene.person(team, on="duty")
    scene.client(team)
    scene.tick(NOON)
    assert detail(scene, Viewer(bob, role, frozenset({team})), scene.alert_id()) is None


def test_it_does_not_exist_for_another_team(scene: Scene) -> None:
    team, other = scene.team(), scene.team()
    charlie = scene.person(other)
    scene.client(team)
    scene.tick(NOON)
    viewer = Viewer(charlie, "leader", frozenset({other}))
    assert detail(scene, viewer, scene.alert_id()) is None
    with scene.database.reading() as session:
        assert unresolved.unresolved_alerts(session, viewer) == []
        assert unresolved.alert_data(session, viewer, [scene.alert_id()], NOON) == {}
