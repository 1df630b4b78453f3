"""Which phones an open alert names: those that hold something, and those quiet since a duty after the last contact."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.models import Alert, Device, DeviceStaff, Subscription
from fieldapp.queries.phones.unsent import UnsentPhone, unsent_phones
from tests._scene import NOON, Scene, minutes

SEEN = NOON - dt.timedelta(hours=24)
"""The client's last contact; the alert opens 24 hours later."""


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def synced(scene: Scene, staff_id: uuid.UUID, at: dt.datetime | None, **more: int) -> None:
    with scene.database.transaction() as session:
        query = select(Device).join(DeviceStaff).where(DeviceStaff.staff_id == staff_id)
        device = session.scalars(query).one()
        device.last_sync_at = at
        for name, value in more.items():
            setattr(device, name, value)


def named(scene: Scene) -> list[UnsentPhone]:
    with scene.database.reading() as session:
        return next(iter(unsent_phones(session, session.scalars(select(Alert)).all(), NOON).values()), [])


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)


def overdue_team(scene: Scene, *, duty_list: bool = True) -> uuid.UUID:
    team = scene.team(duty_list=duty_list)
    scene.person(team, phone=False)
    scene.client(team)
    scene.open(NOON)
    return team


def test_a_phone_that_said_it_holds_entries_is_named_with_their_number(scene: Scene) -> None:
    jonas = scene.person(overdue_team(scene))
    synced(scene, jonas, NOON - minutes(1), unsent=2)
    (phone,) = named(scene)
    assert (phone.staff_id, phone.unsent, phone.missing) == (jonas, 2, 0)


def test_a_gap_in_a_phones_numbers_is_named(scene: Scene) -> None:
    jonas = scene.person(overdue_team(scene))
    synced(scene, jonas, NOON - minutes(1), highest_seq=41, arrived_count=40)
    (phone,) = named(scene)
    assert (phone.staff_id, phone.missing) == (jonas, 1)


def test_the_phone_that_went_quiet_during_yesterdays_duty_is_named(scene: Scene) -> None:
    """Story 3: seen at 20:00 by a colleague whose phone last synced at 17:30."""
    team = overdue_team(scene)
    jonas, siri = scene.person(team), scene.person(team)
    for who in (jonas, siri):
        scene.put_on(team, who, "duty", SEEN + hours(7), SEEN + hours(14))
    synced(scene, jonas, SEEN + hours(9.5))
    synced(scene, siri, SEEN + hours(14.1))
    (phone,) = named(scene)
    assert (phone.staff_id, phone.last_sync_at) == (jonas, SEEN + hours(9.5))


def test_whoever_was_on_duty_only_before_the_last_contact_is_not_named(scene: Scene) -> None:
    team = overdue_team(scene)
    before = scene.person(team)
    scene.put_on(team, before, "duty", SEEN - hours(8), SEEN)
    synced(scene, before, SEEN - hours(9))
    assert named(scene) == []


def test_on_a_running_duty_an_hour_of_silence_counts(scene: Scene) -> None:
    team = overdue_team(scene)
    quick, quiet = scene.person(team, on="duty"), scene.person(team, on="duty")
    synced(scene, quick, NOON - minutes(59))
    synced(scene, quiet, NOON - minutes(61))
    assert [phone.staff_id for phone in named(scene)] == [quiet]


def test_without_a_duty_list_only_phones_quiet_since_the_last_contact_are_named(scene: Scene) -> None:
    team = overdue_team(scene, duty_list=False)
    quick, quiet = scene.person(team), scene.person(team)
    synced(scene, quick, SEEN + minutes(1))
    synced(scene, quiet, SEEN - minutes(1))
    assert [phone.staff_id for phone in named(scene)] == [quiet]


def test_a_phone_of_another_team_is_never_named(scene: Scene) -> None:
    overdue_team(scene)
    synced(scene, scene.person(scene.team()), None, unsent=9)
    assert named(scene) == []


def test_a_sign_out_does_not_hide_what_is_unsent(scene: Scene) -> None:
    jonas = scene.person(overdue_team(scene))
    synced(scene, jonas, NOON, unsent=1)
    with scene.database.transaction() as session:
        for presence in session.scalars(select(DeviceStaff).where(DeviceStaff.staff_id == jonas)):
            presence.signed_out_at = NOON
        assert session.scalars(select(Subscription)).all()
    assert [phone.staff_id for phone in named(scene)] == [jonas]
