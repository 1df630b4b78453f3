"""Sessions: one row each, good for a shift, gone at once when it is deleted."""

import datetime as dt
import uuid

import pytest

from fieldapp.db import Database
from fieldapp.models import DeviceStaff, LoginSession
from fieldapp.services.people import accounts, devices, sessions
from fieldapp.services.people.devices import Registration

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
PHONE = uuid.UUID(int=7)


@pytest.fixture
def alice(database: Database) -> uuid.UUID:
    with database.transaction() as session:
        team = accounts.add_team(session, "Nord", "fact", accounts.DEFAULT_ESCALATION, NOW)
        return accounts.add_staff(session, "alice", "Alice", "leader", [team], "passord", NOW).id


def opened(
    database: Database, staff_id: uuid.UUID, phone: uuid.UUID | None = PHONE
) -> tuple[str, sessions.OpenSession]:
    with database.transaction() as session:
        token = sessions.open_session(session, staff_id, "Firefox", NOW)
        found = sessions.find(session, token, NOW)
        assert found is not None
        if phone:
            devices.register(session, "secret", Registration(phone, "", ""), staff_id, found.session_id, NOW)
    return token, found


def is_good(database: Database, token: str, now: dt.datetime = NOW) -> bool:
    with database.reading() as session:
        return sessions.find(session, token, now) is not None


def signed_out_at(database: Database, staff_id: uuid.UUID) -> dt.datetime | None:
    with database.reading() as session:
        return session.get_one(DeviceStaff, (PHONE, staff_id)).signed_out_at


def test_a_session_lasts_a_shift(database: Database, alice: uuid.UUID) -> None:
    token, found = opened(database, alice)
    assert found.viewer.staff_id == alice
    assert found.viewer.role == "leader"
    assert len(found.viewer.team_ids) == 1
    assert is_good(database, token, NOW + dt.timedelta(hours=13, minutes=59))
    assert not is_good(database, token, NOW + dt.timedelta(hours=14))
    assert not is_good(database, token + "x")


def test_the_token_itself_is_not_kept(database: Database, alice: uuid.UUID) -> None:
    token, _ = opened(database, alice)
    with database.reading() as session:
        row = session.query(LoginSession).one()
        assert token not in str(vars(row))


def test_signing_out_ends_the_session_and_the_pushes_but_not_the_delivery_key(
    database: Database, alice: uuid.UUID
) -> None:
    token, found = opened(database, alice)
    with database.transaction() as session:
        key = devices.register(session, "secret", Registration(PHONE, "", ""), alice, found.session_id, NOW)
        assert sessions.sign_out(session, token, NOW)
    assert not is_good(database, token)
    assert signed_out_at(database, alice) == NOW
    with database.reading() as session:
        assert devices.proves(session, "secret", PHONE, alice, key)


def test_a_session_that_has_run_out_can_still_sign_out(database: Database, alice: uuid.UUID) -> None:
    token, _ = opened(database, alice)
    later = NOW + dt.timedelta(hours=20)
    assert signed_out_at(database, alice) is None
    with database.transaction() as session:
        assert sessions.sign_out(session, token, later)
        assert not sessions.sign_out(session, token, later)
    assert signed_out_at(database, alice) == later


def test_a_device_taken_off_the_list_can_neither_read_nor_send(database: Database, alice: uuid.UUID) -> None:
    token, found = opened(database, alice)
    with database.transaction() as session:
        key = devices.register(session, "secret", Registration(PHONE, "", ""), alice, found.session_id, NOW)
        sessions.revoke(session, alice, found.session_id, NOW)
    assert not is_good(database, token)
    assert signed_out_at(database, alice) == NOW
    with database.reading() as session:
        assert not devices.proves(session, "secret", PHONE, alice, key)


def test_nobody_ends_the_session_of_another(database: Database, alice: uuid.UUID) -> None:
    token, found = opened(database, alice)
    with database.transaction() as session:
        sessions.revoke(session, uuid.UUID(int=1), found.session_id, NOW)
    assert is_good(database, token)


def test_a_person_has_one_session_per_device(database: Database, alice: uuid.UUID) -> None:
    first, _ = opened(database, alice)
    elsewhere, _ = opened(database, alice, phone=None)
    second, _ = opened(database, alice)
    assert [is_good(database, token) for token in (first, elsewhere, second)] == [False, True, True]


def test_old_rows_are_swept_when_somebody_signs_in(database: Database, alice: uuid.UUID) -> None:
    opened(database, alice)
    with database.transaction() as session:
        sessions.open_session(session, alice, "", NOW + dt.timedelta(days=31))
        assert session.query(LoginSession).count() == 1
