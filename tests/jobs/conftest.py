"""A push service, a scene whose phones subscribe there, and one worker's tick."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from fieldapp.db import Database
from fieldapp.jobs import tasks
from fieldapp.jobs.sender import Sender
from tests._push_service import PushService
from tests._scene import NOON, Scene
from tests.jobs._tick import channel


@pytest.fixture
def push() -> Iterator[PushService]:
    with PushService() as service:
        yield service
        assert service.faults == []


@pytest.fixture
def scene(database: Database, push: PushService) -> Scene:
    return Scene(database, push)


@pytest.fixture
def tick(scene: Scene) -> Iterator[Callable[[dt.datetime], bool]]:
    """`tick(now)`: one worker's tick and all it sends, at that time."""
    times = [NOON]
    sender = Sender(scene.database, channel(scene), "test", clock_now=lambda: times[-1])

    def run(now: dt.datetime) -> bool:
        times.append(now)
        return tasks.tick_until_quiet(scene.database, sender, "test", lambda: times[-1])

    yield run
    sender.stop()
