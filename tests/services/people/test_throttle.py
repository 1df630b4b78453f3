"""Guessing is slowed down: the 6th failure of an account, the 51st of an address, within 15 minutes."""

import datetime as dt
import uuid

import pytest

from fieldapp.db import Database
from fieldapp.errors import AppError
from fieldapp.models import FailedSignIn
from fieldapp.services.people import throttle

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def attempt(database: Database, username: str = "alice", address: str = "192.0.2.1", after: float = 0) -> int:
    with database.transaction() as session:
        return throttle.note_attempt(session, username, address, NOW + dt.timedelta(seconds=after))


def test_the_sixth_failure_of_an_account_has_to_wait(database: Database) -> None:
    for second in range(5):
        attempt(database, address=f"192.0.2.{second}", after=second)
    with pytest.raises(AppError) as refused:
        attempt(database, address="192.0.2.9", after=10)
    assert refused.value.code == "slow_down"
    assert refused.value.status == 429
    assert refused.value.headers == {"Retry-After": "890"}


def test_the_fifty_first_failure_of_an_address_has_to_wait(database: Database) -> None:
    for number in range(50):
        attempt(database, username=f"user{number}")
    with pytest.raises(AppError):
        attempt(database, username="user50")
    attempt(database, username="user50", address="192.0.2.2")


def test_waiting_helps_and_refused_attempts_do_not_make_it_longer(database: Database) -> None:
    for _ in range(5):
        attempt(database)
    for second in range(1, 900, 300):
        with pytest.raises(AppError):
            attempt(database, after=second)
    attempt(database, after=900)


def test_what_succeeded_does_not_count(database: Database) -> None:
    for _ in range(20):
        noted = attempt(database)
        with database.transaction() as session:
            throttle.forgive(session, noted)
    with database.reading() as session:
        assert session.query(FailedSignIn).count() == 0


def test_what_was_typed_is_not_kept(database: Database) -> None:
    attempt(database, username="my password in the wrong box")
    with database.reading() as session:
        assert "password" not in session.query(FailedSignIn).one().username


def test_where_a_person_has_signed_in_before_others_never_keep_them_out(database: Database) -> None:
    def on(browser: str, after: float = 0) -> int:
        with database.transaction() as session:
            at = NOW + dt.timedelta(seconds=after)
            return throttle.note_attempt(session, "alice", "192.0.2.1", at, known_browser=browser)

    for second in range(5):
        attempt(database, after=second)
    for number in range(45):
        attempt(database, username=f"user{number}")
    with pytest.raises(AppError):
        attempt(database, username="bob", after=6)
    for second in range(5):
        on("phone", after=10 + second)
    with pytest.raises(AppError):
        on("phone", after=20)
    on("tablet", after=20)
    # Nor do their own mistakes there keep out anybody else.
    attempt(database, username="bob", address="192.0.2.7", after=20)


def test_nobody_waits_for_a_clock_that_was_a_year_ahead(database: Database) -> None:
    for _ in range(5):
        attempt(database, after=365 * 86_400.0)
    for _ in range(5):
        attempt(database, after=0)  # the clock was put right again
    with pytest.raises(AppError) as refused:
        attempt(database, after=0)
    assert refused.value.headers == {"Retry-After": "900"}
    attempt(database, after=900)


def test_a_clock_set_back_a_little_does_not_make_the_wait_longer(database: Database) -> None:
    for _ in range(5):
        attempt(database, after=60)
    with pytest.raises(AppError) as refused:
        attempt(database, after=0)
    assert refused.value.headers == {"Retry-After": "900"}
    attempt(database, after=960)


def test_reports_through_a_link_fade_as_well_after_a_clock_error(database: Database) -> None:
    link = uuid.UUID(int=1)

    def report(after: float) -> None:
        with database.transaction() as session:
            throttle.note_report(session, link, "192.0.2.1", NOW + dt.timedelta(seconds=after))

    for _ in range(throttle.MOST_REPORTS):
        report(365 * 86_400.0)
    report(0)
