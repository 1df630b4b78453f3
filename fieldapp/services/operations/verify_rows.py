"""For `verify`: rows that cannot be read, seals that do not fit, and what devices have sent.

What can't be read is reported and then left out of the (copied) database, so that all the rest is looked at as well.
"""

import hashlib
import uuid
from collections.abc import Iterator

from sqlalchemy import Table, delete, func, select, text
from sqlalchemy.orm import Session

from fieldapp.models import (
    AccessGrant,
    Base,
    Device,
    DeviceArrival,
    Entry,
    InnsynStep,
    PartnerLink,
    Passkey,
    ReadLog,
    RecordStep,
    SetAside,
    Staff,
    StaffIdentity,
    StaffTeam,
    Team,
    TextReview,
)
from fieldapp.models.ciphered import DELETED
from fieldapp.models.record_key import fingerprint
from fieldapp.models.seal import checksum
from fieldapp.services.writing import chunks


def unreadable(session: Session) -> Iterator[str]:
    """Values that are not of their column's kind, which SQLite lets anybody write; PostgreSQL does not."""
    if session.get_bind().dialect.name != "sqlite":
        return
    session.execute(text("PRAGMA defer_foreign_keys=ON"))
    for table in Base.metadata.sorted_tables:
        if table.name == ReadLog.__tablename__:
            continue  # looked at value by value, in verify_read_log.py
        try:
            session.execute(select(table)).all()
        except Exception:
            yield from _unreadable_rows(session, table)


def _unreadable_rows(session: Session, table: Table) -> Iterator[str]:
    numbers = session.scalars(text(f'SELECT rowid FROM "{table.name}"')).all()  # noqa: S608 - our own table's name
    for number in numbers:
        here = text("rowid = :number").bindparams(number=number)
        try:
            session.execute(select(table).where(here)).all()
        except Exception as error:
            yield f"{table.name} rad {number}: lar seg ikke lese ({type(error).__name__})"
            session.execute(delete(table).where(here))


def broken_seals(session: Session, broken: list[uuid.UUID]) -> Iterator[str]:
    """Rows that were changed, put in or (of a person's teams) taken out by other means than Sett; the entries among
    them are added to `broken`."""
    teams: dict[uuid.UUID, list[uuid.UUID]] = {}
    for staff_id, team_id in session.execute(select(StaffTeam.staff_id, StaffTeam.team_id)):
        teams.setdefault(staff_id, []).append(team_id)
    for row in _sealed_rows(session):
        beside = {"teams": sorted(teams.get(row.id, []))} if isinstance(row, Staff) else {}
        if row.seal == checksum(row.sealed_values() | beside):
            continue
        yield f"{row.__tablename__} {row.id}: er endret utenom Sett (seglet stemmer ikke)"
        if isinstance(row, Entry):
            broken.append(row.id)


def leave_out(session: Session, entry_ids: list[uuid.UUID]) -> None:
    """Take these entries out of this (copied) database."""
    entry, state = Base.metadata.tables["entry"], Base.metadata.tables["entry_state"]
    for part in chunks(entry_ids):
        session.execute(delete(state).where(state.c.entry_id.in_(part)))
        session.execute(delete(entry).where(entry.c.id.in_(part)))


def _sealed_rows(
    session: Session,
) -> Iterator[
    Entry | Staff | Team | PartnerLink | Passkey | StaffIdentity | AccessGrant | InnsynStep | RecordStep | TextReview
]:
    for ids in chunks(session.scalars(select(Entry.id).order_by(Entry.id)).all()):
        yield from session.scalars(select(Entry).where(Entry.id.in_(ids)))
        session.expunge_all()  # there may be millions
    yield from session.scalars(select(Staff).order_by(Staff.id))
    yield from session.scalars(select(Team).order_by(Team.id))
    yield from session.scalars(select(PartnerLink).order_by(PartnerLink.id))
    yield from session.scalars(select(Passkey).order_by(Passkey.id))
    yield from session.scalars(select(StaffIdentity).order_by(StaffIdentity.id))
    yield from session.scalars(select(AccessGrant).order_by(AccessGrant.id))
    yield from session.scalars(select(InnsynStep).order_by(InnsynStep.id))
    yield from session.scalars(select(RecordStep).order_by(RecordStep.id))
    yield from session.scalars(select(TextReview).order_by(TextReview.id))


def wrong_counts(session: Session) -> Iterator[str]:
    """What a device is said to have sent, against what has arrived: a hole in it is an entry that may be lost."""
    lost = func.count(DeviceArrival.lost_at)
    query = select(DeviceArrival.device_id, func.count() - lost, lost, func.max(DeviceArrival.device_seq))
    arrived = {row[0]: tuple(row[1:]) for row in session.execute(query.group_by(DeviceArrival.device_id))}
    for device in session.scalars(select(Device).order_by(Device.id)):
        count, gone, highest = arrived.get(device.id, (0, 0, 0))
        if (device.arrived_count, device.lost_count, device.highest_seq) != (count, gone, highest):
            yield f"device {device.id}: har {count} nummer og {gone} mistet til og med {highest}, men sier noe annet"


def changed_set_aside(session: Session) -> Iterator[str]:
    """What was refused is kept word for word."""
    for row in session.execute(select(SetAside.id, SetAside.raw, SetAside.content_key)):
        if fingerprint(session, hashlib.sha256(row.raw.encode()).digest()) != row.content_key and row.raw != DELETED:
            yield f"set_aside {row.id}: er ikke det som kom inn"
