"""Guessing is slowed down: the 6th failure of an account, the 51st of an address, within 15 minutes."""

import datetime as dt

import pytest

from fieldapp.db import Database
from fieldapp.errors import AppError
from fieldapp.models import FailedSignIn
from fieldapp.services import throttle

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
