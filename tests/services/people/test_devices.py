"""The delivery key: the same every time, for one person on one device, until device or person ends."""

import datetime as dt
import uuid

import pytest

from fieldapp.db import Database
from fieldapp.models import Device, DeviceStaff
from fieldapp.services.people import accounts, devices, sessions
from fieldapp.services.people.devices import Registration

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
PHONE, OTHER_PHONE = uuid.UUID(int=7), uuid.UUID(int=8)


@pytest.fixture
def staff(database: Database) -> tuple[uuid.UUID, uuid.UUID]:
    with database.transaction() as session:
        added = [accounts.add_staff(session, name, name, "fieldworker", [], None, NOW).id for name in ("alice", "bob")]
    return added[0], added[1]


def register(database: Database, staff_id: uuid.UUID, phone: uuid.UUID = PHONE, secret: str = "secret") -> str:
    with database.transaction() as session:
        token = sessions.open_session(session, staff_id, "", NOW)
        found = sessions.find(session, token, NOW)
        assert found is not None
        told = Registration(phone, "Vaktmobil", "android")
        return devices.register(session, secret, told, staff_id, found.session_id, NOW)


def proves(database: Database, staff_id: uuid.UUID, key: str, phone: uuid.UUID = PHONE, secret: str = "secret") -> bool:
    with database.reading() as session:
        return devices.proves(session, secret, phone, staff_id, key)


def test_the_key_is_the_same_every_time(database: Database, staff: tuple[uuid.UUID, uuid.UUID]) -> None:
    alice, _ = staff
    key = register(database, alice)
    assert register(database, alice) == key
    assert proves(database, alice, key)


def test_a_key_is_for_one_person_on_one_device(database: Database, staff: tuple[uuid.UUID, uuid.UUID]) -> None:
    alice, bob = staff
    keys = {register(database, who, phone) for who in staff for phone in (PHONE, OTHER_PHONE)}
    assert len(keys) == 4
    key = register(database, alice)
    assert not proves(database, bob, key)
    assert not proves(database, alice, key, OTHER_PHONE)
    assert not proves(database, alice, key, uuid.UUID(int=9))
    assert not proves(database, alice, "")
    assert not proves(database, alice, "ø")
    assert not proves(database, alice, key, secret="another secret")


def test_a_key_ends_with_the_person(database: Database, staff: tuple[uuid.UUID, uuid.UUID]) -> None:
    alice, bob = staff
    hers, his = register(database, alice), register(database, bob)
    with database.transaction() as session:
        accounts.end_staff(session, "alice", NOW)
    assert not proves(database, alice, hers)
    assert proves(database, bob, his)


def test_a_key_ends_with_the_device(database: Database, staff: tuple[uuid.UUID, uuid.UUID]) -> None:
    alice, _ = staff
    key = register(database, alice)
    with database.transaction() as session:
        session.get_one(Device, PHONE).ended_at = NOW
    assert not proves(database, alice, key)


def test_registering_again_starts_pushes_again(database: Database, staff: tuple[uuid.UUID, uuid.UUID]) -> None:
    alice, bob = staff
    register(database, alice)
    register(database, bob)
    with database.transaction() as session:
        devices.sign_out(session, PHONE, alice, NOW)
        assert session.get_one(DeviceStaff, (PHONE, alice)).signed_out_at == NOW
        assert session.get_one(DeviceStaff, (PHONE, bob)).signed_out_at is None
    register(database, alice)
    with database.reading() as session:
        assert session.get_one(DeviceStaff, (PHONE, alice)).signed_out_at is None
