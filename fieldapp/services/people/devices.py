"""The phones, and which people are on which.

Owns the delivery key: the right to deliver one person's entries from one device. It is derived, not stored, so that the
same key can be handed out again; it outlives session and sign-out, and ends with the device, with the person, or when
they take the device off their list.

Invariant: nobody comes to be on a device that others use, or reports for it, by knowing its id alone. Whoever did would
get its pushes, send its receipts and say that nothing is unsent on it. What comes from elsewhere under such an id is
treated as from another device: nothing is refused, so nothing is lost.
"""

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp.models import Device, DeviceStaff, LoginSession, Staff
from fieldapp.services.people import ended_sessions
from sync import names

Row = TypeVar("Row", Device, DeviceStaff)

MOST_PER_PERSON = 20
"""Devices of one person that get pushes. Beyond it the one opened longest ago is signed out."""


@dataclass(frozen=True)
class Health:
    """What a phone says of what it can do: may it show notifications (granted denied default unsupported), is Sett on
    its home screen, and will its storage be left alone."""

    permission: str
    installed: bool
    persistent: bool


@dataclass(frozen=True)
class Registration:
    """What a phone says of itself."""

    device_id: UUID
    name: str
    platform: str
    health: Health | None = None
    """None: it said nothing, and what it said before stands."""


def register(
    session: Session, secret_key: str, told: Registration, staff_id: UUID, session_id: UUID, now: dt.datetime
) -> str:
    """Put the person on the device, start their pushes there again, and return their delivery key. Idempotent."""
    device = _device(session, told, now)
    device.name, device.platform, device.ended_at = names.clean(told.name), names.clean(told.platform), None
    if told.health is not None:
        _take_down(device, told.health, now)
    presence = _presence(session, told.device_id, staff_id, now)
    presence.signed_in_at, presence.signed_out_at = now, None
    _note_replaced(session, session_id, staff_id, told.device_id, now)
    _end_oldest(session, staff_id, now)
    _tie_session(session, session_id, staff_id, told.device_id)
    session.flush()
    return _key(secret_key, presence, session.get_one(Staff, staff_id))


def device_of(session: Session, secret_key: str, named: UUID, staff_id: UUID, *, is_proven: bool) -> UUID:
    """The device that a request of this person comes from, which names itself `named`.

    `is_proven`: the request carries something only that device has (its cookie, its session, a delivery key). Without
    a proof a device that other people use is not this one: then it is another, the same each time, of this person.
    """
    if is_proven or not is_used_by_others(session, named, staff_id):
        return named
    digest = hmac.new(secret_key.encode(), f"device:{named}:{staff_id}".encode(), hashlib.sha256).digest()
    return UUID(bytes=digest[:16], version=4)


def is_used_by_others(session: Session, device_id: UUID, staff_id: UUID | None) -> bool:
    """Whether anybody but this person is, or was, on the device."""
    others = select(DeviceStaff.staff_id).where(DeviceStaff.device_id == device_id)
    if staff_id is not None:
        others = others.where(DeviceStaff.staff_id != staff_id)
    return session.scalar(others.limit(1)) is not None


def proves(session: Session, secret_key: str, device_id: UUID, staff_id: UUID, key: str) -> bool:
    """Say whether `key` may deliver entries of this person from this device."""
    device = session.get(Device, device_id)
    presence = session.get(DeviceStaff, (device_id, staff_id))
    person = session.get(Staff, staff_id)
    if device is None or device.ended_at or presence is None or person is None or person.ended_at:
        return False
    return hmac.compare_digest(_key(secret_key, presence, person).encode(), key.encode())


def proves_on_any(session: Session, secret_key: str, staff_id: UUID, key: str) -> bool:
    """Say whether `key` is this person's on one of their devices: a file says whose it is, and not from where."""
    device_ids = session.scalars(select(DeviceStaff.device_id).where(DeviceStaff.staff_id == staff_id)).all()
    return any(proves(session, secret_key, device_id, staff_id, key) for device_id in device_ids)


def was_right(session: Session, secret_key: str, device_id: UUID, staff_id: UUID, key: str) -> bool:
    """Say whether `key` has been this person's key on this device at any time: of an earlier generation, of somebody or
    a device whose access has ended, or of before a restore, which took generations back or knows neither of them."""
    presence = session.get(DeviceStaff, (device_id, staff_id))
    person = session.get(Staff, staff_id)
    told = key.encode()
    return any(
        hmac.compare_digest(_derived(secret_key, device_id, staff_id, generation, of_person).encode(), told)
        for generation in range(1, (presence.generation if presence else 1) + _RESTORED_BACK + 1)
        for of_person in range(1, (person.delivery_generation if person else 1) + _RESTORED_BACK + 1)
    )


def sign_out(session: Session, device_id: UUID, staff_id: UUID, now: dt.datetime) -> None:
    """End this person's pushes on this device; the delivery key stays, for what is still unsent."""
    presence = session.get(DeviceStaff, (device_id, staff_id))
    if presence is not None and presence.signed_out_at is None:
        presence.signed_out_at = now


def take_off(session: Session, device_id: UUID, staff_id: UUID, now: dt.datetime) -> None:
    """The person no longer has this device: pushes, sessions and the delivery key end at once."""
    presence = session.get(DeviceStaff, (device_id, staff_id))
    if presence is None:
        return
    sign_out(session, device_id, staff_id, now)
    presence.generation += 1
    there = and_(LoginSession.staff_id == staff_id, LoginSession.device_id == device_id)
    ended_sessions.end_for_good(session, there, now)


def _end_oldest(session: Session, staff_id: UUID, now: dt.datetime) -> None:
    """Sign the person out where they have too many devices. Delivery keys stay: what waits there still gets in."""
    session.flush()
    oldest = session.scalars(
        select(DeviceStaff)
        .where(DeviceStaff.staff_id == staff_id, DeviceStaff.signed_out_at.is_(None))
        .order_by(DeviceStaff.signed_in_at.desc(), DeviceStaff.device_id.desc())
        .offset(MOST_PER_PERSON)
    )
    for presence in oldest.all():
        presence.signed_out_at = now
        session.execute(
            delete(LoginSession).where(LoginSession.staff_id == staff_id, LoginSession.device_id == presence.device_id)
        )


def _device(session: Session, told: Registration, now: dt.datetime) -> Device:
    return _get_or_add(session, Device(id=told.device_id, created_at=now), told.device_id)


def _take_down(device: Device, health: Health, now: dt.datetime) -> None:
    device.permission, device.installed, device.persistent = health.permission, health.installed, health.persistent
    device.told_of_itself_at = now


def _presence(session: Session, device_id: UUID, staff_id: UUID, now: dt.datetime) -> DeviceStaff:
    new = DeviceStaff(device_id=device_id, staff_id=staff_id, signed_in_at=now)
    return _get_or_add(session, new, (device_id, staff_id))


def _get_or_add(session: Session, new: Row, key: object) -> Row:
    """Two requests may be first at once; then the other's row is as good."""
    kind = type(new)
    found = session.get(kind, key)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            session.add(new)
        return new
    except IntegrityError:
        return session.get_one(kind, key)


_RESTORED_BACK = 8
"""How many generations a restore may have taken back. Only this server can have made such keys: none is false."""

GIVEN_UP_AFTER = dt.timedelta(days=7)
"""A phone silent for this long while its person uses another holds nothing that an alert should wait for."""


def _note_replaced(session: Session, session_id: UUID, staff_id: UUID, device_id: UUID, now: dt.datetime) -> None:
    """Note which phones can't hold anything any more, so that no alert names them: what was unsent there is lost.

    A browser whose session was on another device has had its storage emptied: one browser keeps one device id.
    Without that proof a phone is given up when it has been silent for a week and its person uses another one.
    """
    known = select(LoginSession.device_id, LoginSession.came_from_device_id).where(LoginSession.id == session_id)
    emptied = {one for row in session.execute(known) for one in row if one is not None}
    own = select(DeviceStaff.device_id).where(DeviceStaff.staff_id == staff_id)
    silent = and_(Device.id.in_(own), Device.last_sync_at <= now - GIVEN_UP_AFTER)
    session.execute(
        update(Device)
        .where(Device.id != device_id, Device.replaced_at.is_(None), or_(Device.id.in_(list(emptied)), silent))
        .values(replaced_at=now)
    )


def _tie_session(session: Session, session_id: UUID, staff_id: UUID, device_id: UUID) -> None:
    """A person has one session per device: an older one there is replaced."""
    session.execute(
        delete(LoginSession).where(
            LoginSession.staff_id == staff_id, LoginSession.device_id == device_id, LoginSession.id != session_id
        )
    )
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(device_id=device_id))


def _key(secret_key: str, presence: DeviceStaff, person: Staff) -> str:
    return _derived(secret_key, presence.device_id, person.id, presence.generation, person.delivery_generation)


def _derived(secret_key: str, device_id: UUID, staff_id: UUID, generation: int, of_person: int) -> str:
    stands_for = f"delivery:{device_id}:{staff_id}:{generation}:{of_person}"
    digest = hmac.new(secret_key.encode(), stands_for.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
