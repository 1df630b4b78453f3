"""A town of its own and one WebKit, in which a test opens what it needs. All of it is made once for these tests."""

import os
import unittest
from collections.abc import Iterator

import pytest

from tests._push_service import PushService
from tests.browser._town import Town
from tests.webkit._iphone import Iphone, lacking


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A test makes its own team, people and clients in it; servers it stops it starts again."""
    with PushService() as push, Town.started(tmp_path_factory.mktemp("town"), push) as town:
        yield town
        assert push.faults == []


@pytest.fixture
def iphone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iphone]:
    """A phone that nobody has used. Put away after the test, and then judged."""
    if lacking() and "CI" not in os.environ:
        raise unittest.SkipTest(
            f"WebKit is not on this machine: no {', '.join(lacking())} (apt: webkit2gtk-driver, xvfb)"
        )
    with Iphone.started(tmp_path_factory.mktemp("iphone")) as iphone:
        yield iphone
        assert iphone.problems() == []
