"""What a restored backup must not bring back, and what it takes away.

Who may do what is read from the database that is being replaced, before it is: access that has ended since the backup
stays ended, whatever the backup says. Keys that phones have sealed entries to since then are kept, too. Everybody's
session ends as if it had run out: which of them were still open nobody knows, and a phone must not take it for a
person's act and drop what it holds.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from fieldapp.models import (
    AccountEvent,
    Base,
    DestroyedKey,
    Device,
    DeviceStaff,
    Entry,
    PartnerLink,
    Passkey,
    SecretKey,
    Staff,
    StaffIdentity,
    StaffTeam,
    Subscription,
    Team,
)
from fieldapp.models.change import mark_changed
from fieldapp.services.people import sessions
from fieldapp.services.people.keys import SEALING

PHONES_HOLD = dt.timedelta(days=7)
"""How long a phone keeps its own entries after they were received, to offer them again after a restore."""
_CHUNK = 500
_CREDENTIALS = ("password_hash", "enrolment_hash", "enrolment_ends_at", "account_news_at")

Row = dict[str, Any]


@dataclass(frozen=True)
class Rights:
    """Who might do what in the database that is being replaced; small tables, whole."""

    staff: Sequence[Row]
    teams: Sequence[Row]
    staff_teams: Sequence[Row]
    devices: Sequence[Row]
    presences: Sequence[Row]
    subscriptions: Sequence[Row]
    links: Sequence[Row]
    events: Sequence[Row]
    passkeys: Sequence[Row]
    identities: Sequence[Row]
    keys: Sequence[Row]
    destroyed: Sequence[Row]


@dataclass(frozen=True)
class Lost:
    """What is in the database that is being replaced and not in the backup."""

    entries: int
    phones_may_hold: int
    """Of the entries: from a phone, and received so lately that it may still have them."""


@dataclass(frozen=True)
class Reapplied:
    """What had changed since the backup and still holds, as names to be read."""

    ended: tuple[str, ...]
    left_a_team: tuple[str, ...]
    unknown_staff: tuple[str, ...]
    """Added after the backup: the backup does not know them."""
    unknown_teams: tuple[str, ...]
    new_passwords: int


def rights_in(session: Session) -> Rights:
    """What the present database says, before anything of it is replaced."""
    accounts = (Staff, Team, StaffTeam, Device, DeviceStaff, Subscription, PartnerLink, AccountEvent)
    tables: tuple[type[Base], ...] = (*accounts, Passkey, StaffIdentity, SecretKey, DestroyedKey)
    return Rights(*([dict(row) for row in session.execute(select(one.__table__)).mappings()] for one in tables))


def lost(present: Session, backup: Session, now: dt.datetime) -> Lost:
    """Count the entries that the backup does not have."""
    newest = backup.scalar(select(func.max(Entry.received_at)))
    query = select(Entry.id, Entry.device_id, Entry.received_at)
    if newest is not None:
        query = query.where(Entry.received_at >= newest - dt.timedelta(days=1))
    missing = held = 0
    for part in present.execute(query, execution_options={"yield_per": _CHUNK}).partitions(_CHUNK):
        known = set(backup.scalars(select(Entry.id).where(Entry.id.in_([row.id for row in part]))))
        gone = [row for row in part if row.id not in known]
        missing += len(gone)
        held += sum(1 for row in gone if row.device_id is not None and row.received_at > now - PHONES_HOLD)
    return Lost(missing, held)


def reapply(session: Session, before: Rights, now: dt.datetime, *, is_undo: bool = False) -> Reapplied:
    """Let what had ended end again in what was restored; who and what that was.

    `is_undo`: what was restored is newer than what it replaced, so a team that somebody is in there was joined since.
    """
    sessions.expire_all(session, now)
    known = set(session.scalars(select(Staff.id)))
    known_teams = set(session.scalars(select(Team.id)))
    stood = [row for row in before.staff if row["id"] in known]
    ended = _end_staff(session, stood)
    new_passwords = _keep_credentials(session, stood)
    stayed = {row["id"] for row in stood}
    _keep_ways_in(session, Passkey, before.passkeys, stayed)
    _keep_ways_in(session, StaffIdentity, before.identities, stayed)
    left = () if is_undo else _leave_teams(session, before)
    _end_devices(session, before)
    for link in before.links:
        row = session.get(PartnerLink, link["id"])
        if row is not None:
            row.ends_at = min(row.ends_at, link["ends_at"])
    _keep_events(session, before.events, known)
    _keep_sealing_keys(session, before.keys, now)
    people = [row for row in before.staff if row["role"] != "partner"]
    return Reapplied(
        ended=ended,
        left_a_team=left,
        unknown_staff=tuple(sorted(_named(row) for row in people if row["id"] not in known and not row["ended_at"])),
        unknown_teams=tuple(sorted(row["name"] for row in before.teams if row["id"] not in known_teams)),
        new_passwords=new_passwords,
    )


def _keep_sealing_keys(session: Session, stood: Sequence[Row], now: dt.datetime) -> None:
    """Phones hold entries sealed to them. As replaced ones: whether this secret opens them is not known here."""
    known = set(session.scalars(select(SecretKey.key_id)))
    newer = [row for row in stood if row["purpose"] == SEALING and row["key_id"] not in known]
    if newer:
        session.execute(insert(SecretKey), [row | {"replaced_at": row["replaced_at"] or now} for row in newer])


def _end_staff(session: Session, stood: Sequence[Row]) -> tuple[str, ...]:
    """Their delivery keys too: the numbers in these only rise."""
    ended = []
    for row in stood:
        person = session.get_one(Staff, row["id"])
        person.delivery_generation = max(person.delivery_generation, row["delivery_generation"])
        if row["ended_at"] is not None and person.ended_at is None:
            person.ended_at = row["ended_at"]
            mark_changed(session, "staff", person.id)
            if row["role"] != "partner":
                ended.append(_named(row))
    session.flush()
    return tuple(sorted(ended))


def _keep_credentials(session: Session, stood: Sequence[Row]) -> int:
    """The password that a person has now goes on; one that had stopped working does not come back."""
    changed = 0
    for row in stood:
        person = session.get_one(Staff, row["id"])
        changed += person.password_hash != row["password_hash"]
        for name in _CREDENTIALS:
            setattr(person, name, row[name])
    session.flush()
    return changed


def _keep_ways_in(
    session: Session, model: type[Passkey] | type[StaffIdentity], rows: Sequence[Row], known: set[uuid.UUID]
) -> None:
    """As passwords: those of now go on, and one that was removed does not come back."""
    for row in session.scalars(select(model).where(model.staff_id.in_(known))).all():
        session.delete(row)
    session.flush()
    names = [column.name for column in model.__table__.columns if column.name != "seal"]
    session.add_all(model(**{name: row[name] for name in names}) for row in rows if row["staff_id"] in known)
    session.flush()


def _leave_teams(session: Session, before: Rights) -> tuple[str, ...]:
    """In the backup and not in what it replaces: they have left the team since."""
    stood = {(row["staff_id"], row["team_id"]) for row in before.staff_teams}
    names = {row["id"]: _named(row) for row in before.staff}
    left = []
    for membership in session.scalars(select(StaffTeam)).all():
        of = (membership.staff_id, membership.team_id)
        if membership.staff_id in names and of not in stood:
            left.append(names[membership.staff_id])
            session.delete(membership)
            mark_changed(session, "staff", membership.staff_id)
    return tuple(sorted(set(left)))


def _end_devices(session: Session, before: Rights) -> None:
    """Devices that were ended, people who signed out or took a device off their list, and pushes that had ended."""
    for row in before.devices:
        if row["ended_at"] is not None:
            session.execute(update(Device).where(Device.id == row["id"]).values(ended_at=row["ended_at"]))
    for row in before.presences:
        presence = session.get(DeviceStaff, (row["device_id"], row["staff_id"]))
        if presence is not None:
            presence.generation = max(presence.generation, row["generation"])
            presence.signed_out_at = row["signed_out_at"]
    for row in before.subscriptions:
        if row["ended_at"] is not None:
            ends = {"ended_at": row["ended_at"], "ended_reason": row["ended_reason"]}
            session.execute(update(Subscription).where(Subscription.id == row["id"]).values(**ends))
    session.flush()


def _keep_events(session: Session, events: Sequence[Row], known: set[uuid.UUID]) -> None:
    """What has happened to an account is told and kept, whatever else is gone."""
    there = set(session.scalars(select(AccountEvent.id)))
    rows = [row for row in events if row["id"] not in there and row["staff_id"] in known]
    rows = [row | {"by_staff_id": row["by_staff_id"] if row["by_staff_id"] in known else None} for row in rows]
    if rows:
        session.execute(insert(AccountEvent), rows)


def _named(row: Row) -> str:
    return f"{row['name']} ({row['username']})"
