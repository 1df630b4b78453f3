"""The installation's own keys: VAPID (who sends our pushes) and sealing (what phones seal their entries to).

Made by whichever process comes first, anew when an operator asks, and kept in the database, their private halves
encrypted under FIELDAPP_SECRET_KEY: every process and every restored backup has the same, and a copied database alone
is worth nothing.

Invariant: a sealing key is never deleted. An entry may lie on a phone for long, sealed to a key that was replaced.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp.errors import CannotDo
from fieldapp.models import SecretKey
from sync import sealing
from sync.sealing import encode

VAPID = "vapid"
SEALING = "sealing_p256"
"""A purpose of its own: keys under `sealing` were made for X25519 and never served."""
_NONCE_BYTES = 12


def _short(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


_KINDS = {VAPID: _short, SEALING: sealing.key_id}
"""What a key of each purpose is called, by its public half. All are points of P-256."""


@dataclass(frozen=True)
class KeyPair:
    """Both halves as unpadded base64url: the private key as 32 bytes, the public one as an uncompressed point."""

    key_id: str
    public_key: str
    private_key: str = field(repr=False)


@dataclass(frozen=True)
class PublicKey:
    """The half that may be shown to anybody."""

    key_id: str
    public_key: str


@dataclass(frozen=True)
class Keys:
    """All keys of the installation, opened."""

    vapid: KeyPair
    sealing: KeyPair


def ensure(session: Session, secret_key: str, now: dt.datetime) -> Keys:
    """The keys, made now if nobody has yet. Raises CannotDo with a sentence when the secret does not open them."""
    for purpose in _KINDS:
        if _stored(session, purpose) is None:
            _make(session, secret_key, purpose, now)
    return read(session, secret_key)


def read(session: Session, secret_key: str) -> Keys:
    """The keys that were made before. Raises CannotDo with a sentence when there are none or they do not open."""
    return Keys(vapid=_open(session, secret_key, VAPID), sealing=_open(session, secret_key, SEALING))


def rotate_vapid(session: Session, secret_key: str, now: dt.datetime) -> Keys:
    """Make a new VAPID key the current one. Subscriptions made under the old still send with it, until their phone
    has seen that the server's key is another, which it looks at whenever Sett is opened. Raises CannotDo."""
    return _rotate(session, secret_key, VAPID, now)


def rotate_sealing(session: Session, secret_key: str, now: dt.datetime) -> Keys:
    """Make a new sealing key the current one: phones go over to it at their next sync. What was sealed to the old ones
    opens for ever. Raises CannotDo."""
    return _rotate(session, secret_key, SEALING, now)


def sealing_key(session: Session) -> PublicKey | None:
    """What phones seal to now; None before it is made. Needs no secret."""
    row = _stored(session, SEALING)
    return PublicKey(row.key_id, row.public_key) if row is not None else None


def private_sealing_keys(session: Session, secret_key: str, key_ids: Collection[str]) -> dict[str, bytes]:
    """The private halves of those of these sealing keys that there are, current or replaced, by id.

    One of another installation, which a restore has kept, does not open: it is as one that is not there.
    """
    query = select(SecretKey).where(SecretKey.key_id.in_(key_ids), SecretKey.purpose == SEALING)
    opened = {}
    for row in session.scalars(query):
        with suppress(CannotDo):
            opened[row.key_id] = _unsealed(secret_key, row)
    return opened


def private_vapid_key(session: Session, secret_key: str, key_id: str) -> str | None:
    """The private half of a VAPID key, current or replaced; None when there is no such key. Raises CannotDo."""
    row = session.get(SecretKey, key_id)
    if row is None or row.purpose != VAPID:
        return None
    return _opened(secret_key, row).private_key


def _rotate(session: Session, secret_key: str, purpose: str, now: dt.datetime) -> Keys:
    read(session, secret_key)
    current = _stored(session, purpose)
    assert current is not None
    current.replaced_at = now
    session.flush()
    _make(session, secret_key, purpose, now)
    return read(session, secret_key)


def _make(session: Session, secret_key: str, purpose: str, now: dt.datetime) -> None:
    """Another process may be first; then its row stands."""
    pair = sealing.make_pair()
    key_id = _KINDS[purpose](pair.public)
    row = SecretKey(
        key_id=key_id,
        purpose=purpose,
        public_key=encode(pair.public),
        sealed_private_key=_seal(secret_key, pair.private, f"{purpose}:{key_id}"),
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return


def _open(session: Session, secret_key: str, purpose: str) -> KeyPair:
    row = _stored(session, purpose)
    if row is None:
        raise CannotDo("Nøklene er ikke laget ennå. Start serveren én gang, eller kjør «fieldapp keys».")
    return _opened(secret_key, row)


def _opened(secret_key: str, row: SecretKey) -> KeyPair:
    return KeyPair(row.key_id, row.public_key, encode(_unsealed(secret_key, row)))


def _unsealed(secret_key: str, row: SecretKey) -> bytes:
    try:
        return _unseal(secret_key, row.sealed_private_key, f"{row.purpose}:{row.key_id}")
    except InvalidTag as error:
        raise CannotDo(
            "FIELDAPP_SECRET_KEY åpner ikke nøklene i databasen. Bruk den hemmeligheten de ble laget med."
        ) from error


def _stored(session: Session, purpose: str) -> SecretKey | None:
    return session.scalar(select(SecretKey).where(SecretKey.purpose == purpose, SecretKey.replaced_at.is_(None)))


def _seal(secret_key: str, private: bytes, bound_to: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(secret_key).encrypt(nonce, private, bound_to.encode())


def _unseal(secret_key: str, sealed: bytes, bound_to: str) -> bytes:
    return _cipher(secret_key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())


def _cipher(secret_key: str) -> AESGCM:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"fieldapp keys at rest")
    return AESGCM(derived.derive(secret_key.encode()))


def webhook_signing_key(secret_key: str) -> str:
    """What our calls to the gateway are signed with (hexadecimal). The gateway has it too: `fieldapp keys` shows it."""
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"fieldapp webhook signature")
    return derived.derive(secret_key.encode()).hex()
