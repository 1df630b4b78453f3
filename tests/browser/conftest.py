"""Phones and a town to use them in. A test that moves the clock asks for `moving_town`; the others share one."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests import _browser
from tests._push_service import PushService
from tests.browser._phone import Phone
from tests.browser._town import Town

NewPhone = Callable[..., Phone]
NewDesk = Callable[..., Page]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    os.environ.setdefault("PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS", "1")  # what the worker asks for, too
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Shared: a test makes its own team, people and clients in it, and moves nothing."""
    with PushService() as push, Town.started(tmp_path_factory.mktemp("town"), push) as town:
        yield town
        assert push.faults == []


@pytest.fixture
def moving_town(tmp_path: Path, push_service: PushService) -> Iterator[Town]:
    """One of its own for this test: its clock may be moved, its servers stopped and replaced."""
    with Town.started(tmp_path / "town", push_service, movable_clock=True) as town:
        yield town


@pytest.fixture
def own_town(tmp_path: Path, push_service: PushService) -> Iterator[Town]:
    """One of its own on the real clock, whose servers may be stopped and replaced."""
    with Town.started(tmp_path / "town", push_service) as town:
        yield town


@pytest.fixture
def new_desk(playwright: Playwright, town: Town, tmp_path: Path) -> Iterator[NewDesk]:
    """`new_desk()`: a screen with a mouse and a keyboard, with what else the browser is to be; no page may throw."""
    desks: list[BrowserContext] = []
    problems: list[str] = []

    def new(device: dict[str, Any] = _browser.WIDE, **options: Any) -> Page:
        at = tmp_path / f"desk-{len(desks)}"
        desks.append(_browser.launch(playwright, at, device, base_url=town.url, reduced_motion="reduce", **options))
        desks[-1].on("weberror", lambda error: problems.append(str(error.error)))
        return desks[-1].pages[0]

    yield new
    for desk in desks:
        desk.close()
    assert problems == []


@pytest.fixture
def desk(new_desk: NewDesk) -> Page:
    """A desk in the shared town."""
    return new_desk()


@pytest.fixture
def new_phone(playwright: Playwright, tmp_path: Path) -> Iterator[NewPhone]:
    """`new_phone(town)`: a phone that nobody has used, still off. Put away after the test, and then judged."""
    phones: list[Phone] = []

    def new(town: Town, **options: Any) -> Phone:
        phones.append(Phone(playwright, town, tmp_path / f"phone-{len(phones)}", **options))
        return phones[-1]

    yield new
    for phone in phones:
        phone.stop()
    assert [problem for phone in phones for problem in phone.problems] == []


@pytest.fixture
def phone(town: Town, new_phone: NewPhone) -> Phone:
    """A phone in the shared town."""
    return new_phone(town)
