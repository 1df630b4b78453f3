"""Who a person is at the municipality's own sign-in (channels/oidc.py): linked by themselves, once they have proven
that they know their password (ADR 0021).

Invariants: an identity belongs to one person, and a person has one at each issuer. A new password, and a code to
choose one with, remove it (accounts.py), as they remove passkeys.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.errors import CannotDo
from fieldapp.models import Passkey, Staff, StaffIdentity
from fieldapp.services.people import account_history
from fieldapp.texts import N_, gettext
from sync.ids import uuid7


def owner_of(session: Session, issuer: str, subject: str, now: dt.datetime) -> UUID | None:
    """Who works here and has linked this identity; it has been used now. None for anybody else."""
    query = select(StaffIdentity).join(Staff, Staff.id == StaffIdentity.staff_id)
    mine = (StaffIdentity.issuer == issuer, StaffIdentity.subject == subject)
    row = session.scalar(query.where(*mine, Staff.ended_at.is_(None)))
    if row is None:
        return None
    row.last_used_at = now
    return row.staff_id


def link(session: Session, staff_id: UUID, issuer: str, subject: str, now: dt.datetime) -> None:
    """This is who the person is there, instead of any other. Raises CannotDo when it is somebody else already."""
    taken = select(StaffIdentity).where(StaffIdentity.issuer == issuer, StaffIdentity.subject == subject)
    known = session.scalar(taken)
    if known is not None and known.staff_id == staff_id:
        return
    if known is not None:
        raise CannotDo(gettext(N_("Denne innloggingen er koblet til en annen konto i Sett.")))
    _remove(session, staff_id)
    row = StaffIdentity(id=uuid7(), staff_id=staff_id, issuer=issuer, subject=subject, created_at=now)
    session.add(row)
    account_history.note(session, staff_id, "identity_linked", now, by=staff_id)


def unlink(session: Session, staff_id: UUID, now: dt.datetime) -> None:
    """The person takes the link away. Raises CannotDo when it is the last way to sign in."""
    if not _exists(session, staff_id):
        return
    has_passkey = session.scalar(select(Passkey.id).where(Passkey.staff_id == staff_id).limit(1)) is not None
    if session.get_one(Staff, staff_id).password_hash is None and not has_passkey:
        raise CannotDo(gettext(N_("Dette er den siste måten du kan logge inn på. Lag en annen først.")))
    _remove(session, staff_id)
    account_history.note(session, staff_id, "identity_removed", now, by=staff_id)


def remove_all(session: Session, staff_id: UUID) -> None:
    """None of the person's identities lets anybody in any more."""
    _remove(session, staff_id)


def is_linked(session: Session, staff_id: UUID, issuer: str) -> bool:
    """Whether the person can sign in there."""
    query = select(StaffIdentity.id).where(StaffIdentity.staff_id == staff_id, StaffIdentity.issuer == issuer)
    return session.scalar(query) is not None


def _exists(session: Session, staff_id: UUID) -> bool:
    return session.scalar(select(StaffIdentity.id).where(StaffIdentity.staff_id == staff_id).limit(1)) is not None


def _remove(session: Session, staff_id: UUID) -> None:
    for row in session.scalars(select(StaffIdentity).where(StaffIdentity.staff_id == staff_id)).all():
        session.delete(row)
    session.flush()
