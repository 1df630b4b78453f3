"""The ground every test stands on: an empty migrated database on both engines, the app, and a small world of people.

A test that asks for `database`, `settings`, `app`, `client` or `world` runs once on SQLite and once on PostgreSQL;
`@pytest.mark.engines("sqlite")` narrows that where the engine can't matter. Routes and journeys run on SQLite alone
(README.md has the reasons), and on both with `--long`.
"""

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from flask import Flask

from fieldapp import assets
from fieldapp.assets import Assets
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.migrations import migrate
from tests._client import CheckedClient
from tests._correlated import all_correlated, watch_statements
from tests._postgres import OneForAll, PostgreSQL
from tests._push_service import PushService
from tests._warm import share_routes, share_statements, share_templates
from tests._world import World

ENGINES = ("sqlite", "postgresql")
ON_SQLITE = ("routes", "journeys")
"""Folders whose tests run on it alone."""
FIRST = ("browser", "webkit", "faults", "journeys")
"""Folders with the longest tests: what comes last must be short, or one worker waits for the other."""

# The same examples every time, however long a busy machine takes for one: what is found is found by who changed it.
hypothesis.settings.register_profile(
    "sett", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("sett")
share_statements()
watch_statements()
share_routes()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="long counts, and routes and journeys on both engines")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "engines(*names): run on these database engines only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", engines_of(metafunc.definition))


def engines_of(test: pytest.Item) -> tuple[str, ...]:
    marker = test.get_closest_marker("engines")
    if marker:
        return marker.args
    is_long = test.config.getoption("--long")
    return ("sqlite",) if folder_of(test) in ON_SQLITE and not is_long else ENGINES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders with the longest tests first; all else stays in order."""
    items.sort(key=lambda item: FIRST.index(folder) if (folder := folder_of(item)) in FIRST else len(FIRST))


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among what was imported: it was a seventh of the CPU of a test of the app."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def folder_of(test: pytest.Item) -> str:
    """`faults` of tests/faults/test_traps.py."""
    return test.path.relative_to(Path(__file__).parent).parts[0]


@pytest.fixture(autouse=True)
def _correlated() -> Iterator[None]:
    with all_correlated():
        yield


@pytest.fixture
def settings(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """An installation of its own; a test that asks for `push_service` may push to it."""
    pushes = "push_service" in request.fixturenames
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        secret_key="a secret for the tests only, thirty-two long",
        public_url="https://sett.example",
        vapid_subject="mailto:drift@sett.example",
        push_hosts=(request.getfixturevalue("push_service").host,) if pushes else (),
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An empty database with the newest schema."""
    database = Database(settings)
    yield database
    database.dispose()


@pytest.fixture
def app(settings: Settings, static_files: Assets, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The whole web application on an empty database; its test client checks every answer."""
    from fieldapp.app import create_app  # tests of rules alone must not need the web

    monkeypatch.setattr("fieldapp.app.assets.read", lambda: static_files)
    app = create_app(settings)
    app.testing = True
    share_templates(app)
    app.test_client_class = CheckedClient
    yield app
    app.extensions["db"].dispose()


@pytest.fixture(scope="session")
def static_files() -> Assets:
    """The static tree, read once: every app would read all of it again."""
    return assets.read()


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """Somebody who has not signed in."""
    return CheckedClient.of(app)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """Teams and signed-in people to tell a story with, and a clock that can be moved."""
    with World.on(app) as world:
        yield world


@pytest.fixture
def push_service() -> Iterator[PushService]:
    """A push service of the tests' own; every message it takes must be signed and sealed as the standards say."""
    with PushService() as service:
        yield service
        assert service.faults == []


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """`rounds(30, 300)`: how often to repeat a fault, in the ordinary suite and in `make faults`."""
    return lambda short, long: long if request.config.getoption("--long") else short


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine == "sqlite":
        file = tmp_path / "sett.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    one_for_all: OneForAll = request.getfixturevalue("postgresql_database")
    yield one_for_all.url
    one_for_all.empty()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, made once and copied for each test."""
    file = tmp_path_factory.mktemp("template") / "sett.db"
    migrate_url(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One PostgreSQL server for this process's tests, with a migrated template database."""
    server = PostgreSQL()
    server.make_template(migrate_url)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgresql_database(postgresql: PostgreSQL) -> Iterator[OneForAll]:
    """The database that every test of this process on PostgreSQL is given in turn."""
    one_for_all = OneForAll(postgresql)
    yield one_for_all
    one_for_all.close()


def migrate_url(url: str) -> None:
    database = Database(SimpleNamespace(database_url=url))
    migrate(database)
    database.dispose()
