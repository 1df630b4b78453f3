"""The demo municipality: the same twice, believable in its shares, and sound as if it had been lived."""

import datetime as dt
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.db import Database
from fieldapp.demo import fill
from fieldapp.demo.people import CAST, PASSWORDS, Wish
from fieldapp.models import (
    Absence,
    Alert,
    AlertTransition,
    Base,
    Case,
    Client,
    Delivery,
    Duty,
    Entry,
    EntryState,
    SetAside,
    Staff,
    Subscription,
    Team,
    Watch,
)
from fieldapp.services.operations.verify import differences
from fieldapp.services.people import accounts

NOW = dt.datetime(2026, 11, 24, 10, 7, 31, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
Make = Callable[..., Session]


def test_the_same_seed_at_the_same_moment_gives_the_same_data(make: Make) -> None:
    wish = Wish(clients=18, staff=10, days=7, seed=5)
    assert told(make(wish)) == told(make(wish))


def test_another_seed_gives_other_people(make: Make) -> None:
    one, other = (set(scalars(make(Wish(clients=20, staff=10, days=1, seed=seed)), Client.name)) for seed in (1, 2))
    assert len(one & other) < 10


def test_a_fifth_of_fact_clients_are_watched_the_others_planned(demo: Session) -> None:
    fact = demo.scalars(select(Team.id).where(Team.kind == "fact")).one()
    rows = demo.execute(
        select(Watch.mode, Client.contact_interval_days).join(Client, Client.id == Watch.client_id)
        .where(Watch.team_id == fact)
    ).all()  # fmt: skip
    watched = [row for row in rows if row.mode != "off"]
    assert 0.15 <= len(watched) / len(rows) <= 0.25
    assert all(row.contact_interval_days for row in rows if row.mode == "off")


def test_everybody_in_the_staffed_house_is_watched(demo: Session) -> None:
    house = select(Team.id).where(Team.kind == "staffed_housing").scalar_subquery()
    assert set(demo.scalars(select(Watch.mode).where(Watch.team_id == house))) == {"interval", "each_shift"}


def test_some_visits_meet_nobody(demo: Session) -> None:
    degrees = scalars(
        demo, EntryState.degree, EntryState.entry_id.in_(select(Entry.id).where(Entry.type == "visit_logged"))
    )
    assert 0.12 <= degrees.count("attempt") / len(degrees) <= 0.23


def test_ambulant_visits_are_made_on_weekdays_between_nine_and_three(demo: Session) -> None:
    fact = select(Team.id).where(Team.kind == "fact").scalar_subquery()
    times = scalars(demo, Entry.clock_at, Entry.type == "visit_logged", Entry.team_id == fact)
    in_hours = [at for at in times if at.weekday() < 5 and 7 <= at.hour <= 14]
    assert len(in_hours) / len(times) > 0.85


def test_one_has_run_out_and_one_is_about_to(demo: Session) -> None:
    states = sorted(scalars(demo, Alert.state, Alert.kind == "not_seen", Alert.state != "resolved"))
    assert states == ["acknowledged", "open"]
    due = sorted(scalars(demo, Watch.due_at, Watch.due_at > NOW))
    assert due[0] - NOW < dt.timedelta(minutes=2)
    assert 3 <= len([at for at in due if at - NOW < 4 * HOUR]) <= 8


def test_alerts_of_the_past_were_taken_within_the_hour_and_ended(demo: Session) -> None:
    past = scalars(demo, Alert.id, Alert.opened_at < NOW - 3 * HOUR)
    assert len(past) >= 5
    taken = set(scalars(demo, AlertTransition.alert_id, AlertTransition.event == "acknowledged"))
    assert set(past) <= taken
    assert scalars(demo, Alert.state, Alert.id.in_(past), Alert.state != "resolved") == []


def test_there_are_two_rent_cases_two_complaints_and_three_crises(demo: Session) -> None:
    cases = demo.scalars(select(Case)).all()
    rent = {case.status: case.facts for case in cases if case.kind == "rent"}
    assert [letter["kind"] for letter in rent["open"]["letters"]] == ["reminder", "eviction_notice"]
    assert rent["agreed"]["plan"] == "instalments"
    complaints = {case.facts["client_role"] for case in cases if case.kind == "complaint"}
    assert complaints == {"causes", "suffers"}
    crises = [case for case in cases if case.kind == "crisis"]
    assert sorted(case.status for case in crises) == ["closed", "closed", "open"]
    assert "yes" in {case.facts.get("admission_avoided") for case in crises}


def test_somebody_is_admitted_and_somebody_is_back(demo: Session) -> None:
    absences = demo.scalars(select(Absence)).all()
    assert [one.expected_end_at > NOW for one in absences if one.kind == "admitted" and one.expected_end_at] == [True]
    assert any(one.ended_at for one in absences)


def test_somebody_is_on_duty_in_every_team_now(demo: Session) -> None:
    on_duty = set(scalars(demo, Duty.team_id, Duty.duty == "duty", Duty.from_at <= NOW, Duty.to_at > NOW))
    assert on_duty == set(scalars(demo, Team.id))


def test_no_entry_was_refused_and_nothing_waits_to_be_sent(demo: Session) -> None:
    for model in (SetAside, Subscription, Delivery):
        assert demo.scalar(select(func.count()).select_from(model)) == 0


def test_a_demo_is_what_its_entries_say_and_says_that_it_is_a_demo(demo: Session) -> None:
    assert fill.is_demo(demo)
    assert list(differences(demo, NOW, tick_seconds=5)) == []


def test_those_whose_sign_ins_are_shown_can_sign_in(demo: Session) -> None:
    for username, _, role, _ in CAST:
        who = accounts.candidate(demo, username)
        assert accounts.prove(who, PASSWORDS[role]) is not None
        assert demo.get_one(Staff, who.staff_id).role == role


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("2026-11-28T22:55:00Z", id="saturday night"),
        pytest.param("2026-11-30T06:01:00Z", id="before monday begins"),
        pytest.param("2026-03-29T01:30:00Z", id="the night summer time begins"),
        pytest.param("2027-01-01T00:00:30Z", id="new year's night"),
    ],
)
def test_it_can_be_made_at_any_hour(moment: str, make: Make) -> None:
    now = dt.datetime.fromisoformat(moment)
    session = make(Wish(clients=36, staff=14, days=4), now)
    assert list(differences(session, now, tick_seconds=5)) == []


@pytest.mark.parametrize("wish", [Wish(clients=0, days=2), Wish(1, 2, 1, 1), Wish(teams=9, clients=30, days=2)])
def test_it_can_be_small_or_odd(wish: Wish, make: Make) -> None:
    session = make(wish)
    assert len(scalars(session, Client.id)) == wish.clients
    assert len(scalars(session, Team.id)) == wish.teams


@pytest.fixture(scope="module")
def demo_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = Path(shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("demo") / "sett.db"))
    with opened(file) as database:
        fill_with(database, Wish(clients=60, staff=18, days=42), NOW)
    return file


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path) -> Iterator[Session]:
    """A demo of six weeks, made once and copied for each test."""
    with (
        opened(Path(shutil.copyfile(demo_file, tmp_path / "sett.db"))) as database,
        Session(database.engine) as session,
    ):
        yield session


@pytest.fixture
def make(sqlite_template: Path, tmp_path: Path) -> Iterator[Make]:
    """`make(wish, now)`: a demo in a database of its own."""
    with ExitStack() as stack:

        def make(wish: Wish, now: dt.datetime = NOW) -> Session:
            file = Path(shutil.copyfile(sqlite_template, tmp_path / f"{uuid.uuid4()}.db"))
            database = stack.enter_context(opened(file))
            fill_with(database, wish, now)
            return stack.enter_context(Session(database.engine))

        yield make


def fill_with(database: Database, wish: Wish, now: dt.datetime) -> None:
    with database.transaction() as session:
        *_, (done, planned) = fill.make(session, wish, now)
    assert done == planned


@contextmanager
def opened(file: Path) -> Iterator[Database]:
    database = Database(SimpleNamespace(database_url=f"sqlite:///{file}"))
    yield database
    database.dispose()


def scalars(session: Session, column: Any, *where: Any) -> list[Any]:
    return list(session.scalars(select(column).where(*where)))


def told(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All that was said and what follows from it; not the rows the engine gives random names, nor password hashes."""
    return {model.__tablename__: sorted(map(repr, session.execute(select(*columns(model))))) for model in TOLD}


def columns(model: type[Base]) -> list[Any]:
    return [column for column in model.__table__.columns if column.name not in ("password_hash", "topic", "seal")]


TOLD: tuple[type[Base], ...] = (Team, Staff, Entry, EntryState, Client, Watch, Case, Absence, Duty, Alert)
