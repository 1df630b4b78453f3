"""The keys that client content is kept under: one for each client, and one for each team for what is about no client.

A key is random, wrapped under FIELDAPP_SECRET_KEY, and destroyed for good when a record is: what lies under it opens no
more, here and in every copy made later (docs/adr/0025). What is kept under them is in ciphered.py.

Invariants: nothing is written under a key that is not in the same database, or about to be committed to it together
with what it covers; a destroyed key is never made again under the same number.
"""

import datetime as dt
import os
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import BigInteger, Connection, Row, Select, Table, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from fieldapp.models.base import Base, Code

LOOK_AGAIN_S = 5.0
"""How long a process may go on reading what another has destroyed."""
NONCE_BYTES = 12
_KEY_BYTES = 32
_AT_ONCE = 500
_MADE = "record keys made"


class RecordKey(Base):
    """The key of one client's record, or of what a team keeps about nobody in particular."""

    __tablename__ = "record_key"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Random: it stands in front of everything that is kept under the key."""
    owner_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    wrapped: Mapped[bytes]


class DestroyedKey(Base):
    """A key that is gone, and whose it was: what was kept under it is shown as deleted. Never the key itself."""

    __tablename__ = "destroyed_key"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    owner_id: Mapped[uuid.UUID] = mapped_column(index=True)
    destroyed_at: Mapped[dt.datetime]
    by_staff_id: Mapped[uuid.UUID | None]
    """None: destroyed again after a restored backup."""
    ground: Mapped[Code | None]
    """asked wrong_person kept_long_enough"""


def erased_clients() -> Select[uuid.UUID]:
    """The ids of the clients whose record is deleted, as a sub-query."""
    return select(DestroyedKey.owner_id)


def is_erased(session: Session, client_id: uuid.UUID) -> bool:
    """Whether this client's record is deleted."""
    return session.scalar(select(DestroyedKey.id).where(DestroyedKey.owner_id == client_id).limit(1)) is not None


class WrongSecret(Exception):
    """FIELDAPP_SECRET_KEY is not the one that the keys of this database were wrapped under."""


@dataclass
class _Made:
    """The keys that a transaction has made, or read before anybody else of this process."""

    of_owner: dict[uuid.UUID, int] = field(default_factory=dict)
    all: set[int] = field(default_factory=set)
    in_doubt: bool = False
    """A savepoint was rolled back, and perhaps the making of some with it."""


def _made_in(session: Session) -> _Made:
    made: _Made = session.info.setdefault(_MADE, _Made())
    return made


class KeyRing:
    """The opened keys of one process's database. Safe to share between threads."""

    def __init__(self, secret_key: str, connect: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._wrapping = AESGCM(_derived(secret_key, b"fieldapp record keys"))
        self._fingerprints = AESSIV(_derived(secret_key, b"fieldapp content fingerprints"))
        self._connect = connect
        self._ciphers: dict[int, AESGCM] = {}
        self._of_owner: dict[uuid.UUID, int] = {}
        self._gone: set[int] = set()
        self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def cipher(self, key_id: int) -> AESGCM | None:
        """What opens content under this key; None when the key is destroyed. Raises WrongSecret."""
        if time.monotonic() - self._looked_at > LOOK_AGAIN_S:
            self.look_again()
        found = self._ciphers.get(key_id)
        if found is None and key_id not in self._gone:
            with self._connect() as connection:
                row = connection.execute(select(_KEYS).where(_KEYS.c.id == key_id)).first()
            found = self._keep(row) if row is not None else None
        return found

    def is_destroyed(self, key_id: int) -> bool:
        """Whether nothing can be covered or opened under this key ever again."""
        return self.cipher(key_id) is None and key_id in self._gone

    def fingerprint(self, digest: bytes) -> bytes:
        """What stands for a digest of content without telling it to whoever guesses: the same for the same content."""
        return self._fingerprints.encrypt(digest, [])

    def digest_of(self, fingerprint: bytes) -> bytes:
        """The digest that a fingerprint stands for. Raises InvalidTag for what is none."""
        return self._fingerprints.decrypt(fingerprint, [])

    def apart(self, connect: Callable[[], AbstractContextManager[Connection]]) -> "KeyRing":
        """A ring of the same installation that has opened nothing yet."""
        ring = KeyRing("", connect)
        ring._wrapping, ring._fingerprints = self._wrapping, self._fingerprints
        return ring

    def knows(self, key_id: int) -> bool:
        """Whether this key is there, or is known to be destroyed: one that a rollback took away is neither."""
        return key_id in self._ciphers or key_id in self._gone

    def keys_of(self, session: Session, owner_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[int, AESGCM]]:
        """The key of each of these owners with its number, made with this transaction where there is none.

        Raises WrongSecret.
        """
        made = _made_in(session)
        if made.in_doubt:
            self.settle_doubt(session)
        found, missing = {}, []
        for owner_id in set(owner_ids):
            key_id = made.of_owner.get(owner_id) or self._of_owner.get(owner_id)
            cipher = self.cipher(key_id) if key_id is not None else None
            if key_id is not None and cipher is not None:
                found[owner_id] = key_id, cipher
            else:
                missing.append(owner_id)
        for row in self._rows_of(session.connection(), missing) if missing else ():
            # Until the transaction is committed nobody else may use it: it may still be rolled back.
            made.of_owner[row.owner_id] = row.id
            made.all.add(row.id)
            found[row.owner_id] = row.id, self._keep(row)
        return found

    def forget_made(self, session: Session) -> None:
        """The transaction is rolled back."""
        for key_id in session.info.pop(_MADE).all:
            self._ciphers.pop(key_id, None)

    def trust_made(self, session: Session) -> None:
        """The transaction is committed: what it made is there for everybody."""
        self._of_owner |= session.info.pop(_MADE).of_owner

    def settle_doubt(self, session: Session) -> None:
        """A savepoint was rolled back: which of the keys made here are still there."""
        made = _made_in(session)
        there = set(session.connection().scalars(select(_KEYS.c.id).where(_KEYS.c.id.in_(made.all))))
        for key_id in made.all - there:
            self._ciphers.pop(key_id, None)
        made.all, made.in_doubt = there, False

    def forget(self, key_ids: set[int]) -> None:
        """These keys are destroyed."""
        with self._lock:
            self._gone |= key_ids
            for key_id in key_ids:
                self._ciphers.pop(key_id, None)
            self._of_owner = {owner: key for owner, key in self._of_owner.items() if key not in key_ids}

    def opens(self, row: Any) -> bool:
        """Whether this stored key is what it was, and this owner's."""
        try:
            self._unwrapped(row)
        except WrongSecret:
            return False
        return True

    def _rows_of(self, connection: Connection, owner_ids: Sequence[uuid.UUID]) -> list[Row[Any]]:
        """A row for each of these owners. Another transaction may be making one too: then that of whoever commits
        first stands."""
        stand = _stored(connection, owner_ids)
        new = [self._new_row(owner_id) for owner_id in sorted({*owner_ids} - {row.owner_id for row in stand})]
        if not new:
            return stand
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(insert(_KEYS).on_conflict_do_nothing(), new)
        return stand + _stored(connection, [row["owner_id"] for row in new])

    def _new_row(self, owner_id: uuid.UUID) -> dict[str, Any]:
        key_id, nonce = secrets.randbits(62) + 1, os.urandom(NONCE_BYTES)
        wrapped = nonce + self._wrapping.encrypt(nonce, os.urandom(_KEY_BYTES), _bound_to(key_id, owner_id))
        return {"id": key_id, "owner_id": owner_id, "wrapped": wrapped}

    def _keep(self, row: Any) -> AESGCM:
        return self._ciphers.setdefault(row.id, AESGCM(self._unwrapped(row)))

    def _unwrapped(self, row: Any) -> bytes:
        nonce, wrapped = row.wrapped[:NONCE_BYTES], row.wrapped[NONCE_BYTES:]
        try:
            return self._wrapping.decrypt(nonce, wrapped, _bound_to(row.id, row.owner_id))
        except (InvalidTag, ValueError) as error:
            raise WrongSecret from error

    def look_again(self) -> None:
        """Another process may have destroyed some."""
        self._looked_at = time.monotonic()
        with self._connect() as connection:
            gone = {row.id for row in connection.execute(select(_DESTROYED.c.id))}
        if new := gone - self._gone:
            self.forget(new)


_KEYS = cast(Table, RecordKey.__table__)
_DESTROYED = cast(Table, DestroyedKey.__table__)


def _stored(connection: Connection, owner_ids: Sequence[uuid.UUID]) -> list[Row[Any]]:
    return [
        row
        for start in range(0, len(owner_ids), _AT_ONCE)
        for row in connection.execute(select(_KEYS).where(_KEYS.c.owner_id.in_(owner_ids[start : start + _AT_ONCE])))
    ]


def _bound_to(key_id: int, owner_id: uuid.UUID) -> bytes:
    return f"{key_id}:{owner_id}".encode()


def _derived(secret_key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(secret_key.encode())


def fingerprint(session: Session, digest: bytes) -> bytes:
    """What stands for this digest of some content in the database of this session."""
    return ring_for(session).fingerprint(digest)


def give_ring(dialect: Dialect, ring: KeyRing) -> None:
    """Let every column that is read or written through this engine find its keys."""
    dialect.record_keys = ring  # type: ignore[attr-defined]


def ring_of(dialect: Dialect) -> KeyRing:
    """The keys of the database behind this engine."""
    ring: KeyRing = dialect.record_keys  # type: ignore[attr-defined]
    return ring


def ring_for(session: Session) -> KeyRing:
    """The keys of the database that this session is on."""
    ring: KeyRing = session.get_bind().dialect.record_keys  # type: ignore[attr-defined]
    return ring


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, what: SessionTransaction) -> None:
    if _MADE not in session.info:
        return
    if what.nested:
        made = _made_in(session)
        made.of_owner, made.in_doubt = {}, True
    else:
        ring_for(session).forget_made(session)


@event.listens_for(Session, "before_commit")
def _about_to_commit(session: Session) -> None:
    if _MADE in session.info and _made_in(session).in_doubt:
        ring_for(session).settle_doubt(session)


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    # Also called for a savepoint, and what is in one may still be rolled back.
    if _MADE in session.info and not session.in_nested_transaction():
        ring_for(session).trust_made(session)
