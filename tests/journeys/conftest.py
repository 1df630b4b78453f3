"""Stories are told with a push service of their own, in a world whose clock moves."""

from collections.abc import Iterator

import pytest

from fieldapp.cli._alerting import web_push
from fieldapp.config import Settings
from fieldapp.jobs.sender import Sender
from tests._push_service import PushService
from tests._world import World
from tests.journeys._story import Story, moment


@pytest.fixture
def story(world: World, push_service: PushService, settings: Settings) -> Iterator[Story]:
    """Monday 07:00, everybody at work."""
    world.clock.move_to(moment("mon 07:00"))
    sender = Sender(world.database, web_push(settings, world.database), "story")
    yield Story(world, push_service, sender)
    sender.stop()
