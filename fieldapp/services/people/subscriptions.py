"""Web push subscriptions: which are taken, who they ring for, and the test push.

A subscription belongs to a device. Only known push services are talked to (and those the operator adds): an endpoint is
an address that our server will call, so it must never be one of the caller's choice.
"""

import base64
import binascii
import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from fieldapp.domain.channels import PUSH
from fieldapp.errors import AppError
from fieldapp.models import Device, DeviceStaff, SecretKey, Subscription
from fieldapp.services.notify.hosts import is_loopback
from fieldapp.services.notify.notifications import Target, ToNotify, host_of, notify_one_device
from fieldapp.services.people import devices
from sync.ids import uuid7

KNOWN_HOSTS = ("fcm.googleapis.com", "updates.push.services.mozilla.com")
KNOWN_SUFFIXES = (".push.apple.com", ".notify.windows.com")
LONGEST_ENDPOINT = 2000
_ENDPOINT = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?(?:[/?][!-\[\]-~]*)?",
    re.ASCII,
)
"""As a browser writes an address: no name or password, plain letters and figures in the host, nothing percent-encoded
there, no point at its end. Whatever another program might read otherwise than we do, is no endpoint."""
_POINT_BYTES = 65
_AUTH_BYTES = 16


@dataclass(frozen=True)
class Offered:
    """What the browser gave the phone."""

    device_id: UUID
    endpoint: str
    p256dh: str
    auth: str
    key_id: str


@dataclass(frozen=True)
class Owner:
    """Who subscribes: the signed-in person and their session; `is_proven`: it is on the device that is named."""

    staff_id: UUID
    session_id: UUID
    is_proven: bool = False


def subscribe(
    session: Session, offered: Offered, owner: Owner, push_hosts: tuple[str, ...], secret_key: str, now: dt.datetime
) -> UUID:
    """Keep it, new or known by its endpoint; its device is registered for the person if it was not. Raises AppError.

    The device's subscriptions made under another key have ended with it: a browser has one. On a device of others it
    would get what they are told: without a proof it goes to a device of the person's own (`devices.device_of`).
    """
    check_host(offered.endpoint, push_hosts)
    _check_keys(session, offered)
    device_id = devices.device_of(session, secret_key, offered.device_id, owner.staff_id, is_proven=owner.is_proven)
    _ensure_on_device(session, device_id, owner, secret_key, now)
    row = session.scalar(select(Subscription).where(Subscription.endpoint == offered.endpoint).with_for_update())
    if row is None:
        row = Subscription(id=uuid7(), endpoint=offered.endpoint, created_at=now)
        session.add(row)
    row.device_id, row.p256dh, row.auth, row.key_id = device_id, offered.p256dh, offered.auth, offered.key_id
    row.ended_at = row.ended_reason = None
    session.flush()
    session.execute(
        update(Subscription)
        .where(
            Subscription.device_id == row.device_id,
            Subscription.key_id != row.key_id,
            Subscription.ended_at.is_(None),
        )
        .values(ended_at=now, ended_reason="replaced")
    )
    return row.id


def unsubscribe(session: Session, subscription_id: UUID, staff_id: UUID, now: dt.datetime) -> None:
    """End it. Raises AppError not_found when it is not on a device of the person's."""
    row = _mine(session, subscription_id, staff_id)
    if row.ended_at is None:
        row.ended_at, row.ended_reason = now, "removed"
    session.flush()


def send_test(session: Session, subscription_id: UUID, staff_id: UUID, now: dt.datetime) -> str:
    """Put a test push in line; gives its id. Raises AppError not_found."""
    row = _mine(session, subscription_id, staff_id)
    if row.ended_at is not None:
        raise AppError("not_found")
    row.checked_at = now
    target = Target(PUSH, host_of(row.endpoint), row.id)
    return notify_one_device(session, ToNotify(staff_id, "test"), target, now)


def check_host(endpoint: str, push_hosts: tuple[str, ...]) -> None:
    """Raise push_host_not_allowed unless the endpoint is at a push service we talk to."""
    match = re.fullmatch(_ENDPOINT, endpoint) if len(endpoint) <= LONGEST_ENDPOINT else None
    if match is None or not _is_allowed(match["scheme"], match["host"], int(match["port"] or 0), push_hosts):
        raise AppError("push_host_not_allowed", field="endpoint")


def _is_allowed(scheme: str, host: str, port: int, push_hosts: tuple[str, ...]) -> bool:
    usual = 443 if scheme == "https" else 80
    if f"{host}:{port or usual}" in push_hosts:
        return scheme == "https" or is_loopback(host.strip("[]"))
    known = host in KNOWN_HOSTS or host.endswith(KNOWN_SUFFIXES)
    return known and scheme == "https" and port in (0, usual)


def _check_keys(session: Session, offered: Offered) -> None:
    if len(_decoded(offered.auth, "keys.auth")) != _AUTH_BYTES:
        raise AppError("invalid_field", field="keys.auth")
    point = _decoded(offered.p256dh, "keys.p256dh")
    try:
        if len(point) != _POINT_BYTES:
            raise ValueError
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise AppError("invalid_field", field="keys.p256dh") from error
    key = session.get(SecretKey, offered.key_id)
    if key is None or key.purpose != "vapid":
        raise AppError("invalid_field", field="key_id")


def _decoded(text: str, field: str) -> bytes:
    """Base64url, with or without padding, as browsers give it."""
    bare = text.rstrip("=")
    try:
        if not bare.isascii() or set(bare) & set("+/"):
            raise ValueError
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise AppError("invalid_field", field=field) from error


def _ensure_on_device(session: Session, device_id: UUID, owner: Owner, secret_key: str, now: dt.datetime) -> None:
    presence = session.get(DeviceStaff, (device_id, owner.staff_id))
    device = session.get(Device, device_id)
    if device is not None and device.ended_at is None and presence is not None and presence.signed_out_at is None:
        return
    told = devices.Registration(device_id, device.name if device else "", device.platform if device else "")
    devices.register(session, secret_key, told, owner.staff_id, owner.session_id, now)


def _mine(session: Session, subscription_id: UUID, staff_id: UUID) -> Subscription:
    on_my_devices: ColumnElement[bool] = Subscription.device_id.in_(
        select(DeviceStaff.device_id).where(DeviceStaff.staff_id == staff_id, DeviceStaff.signed_out_at.is_(None))
    )
    row = session.scalar(select(Subscription).where(Subscription.id == subscription_id, on_my_devices))
    if row is None:
        raise AppError("not_found")
    return row
