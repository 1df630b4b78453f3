"""The installation's own keys: VAPID (who sends our pushes) and sealing (for what phones will encrypt to us).

Made by whichever process comes first (the VAPID key anew when an operator asks) and kept in the database, their private
halves encrypted under FIELDAPP_SECRET_KEY: every process and every restored backup has the same, and a copied database
alone is worth nothing.
"""

import base64
import datetime as dt
import hashlib
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp.errors import CannotDo
from fieldapp.models import SecretKey

_NONCE_BYTES = 12


@dataclass(frozen=True)
class KeyPair:
    """Both halves as unpadded base64url: raw private key; public key as an uncompressed point, or raw for X25519."""

    key_id: str
    public_key: str
    private_key: str = field(repr=False)


@dataclass(frozen=True)
class Keys:
    """All keys of the installation, opened."""

    vapid: KeyPair
    sealing: KeyPair


def ensure(session: Session, secret_key: str, now: dt.datetime) -> Keys:
    """The keys, made now if nobody has yet. Raises CannotDo with a sentence when the secret does not open them."""
    for purpose in _MAKERS:
        if _stored(session, purpose) is None:
            _make(session, secret_key, purpose, now)
    return read(session, secret_key)


def read(session: Session, secret_key: str) -> Keys:
    """The keys that were made before. Raises CannotDo with a sentence when there are none or they do not open."""
    return Keys(vapid=_open(session, secret_key, "vapid"), sealing=_open(session, secret_key, "sealing"))


def rotate_vapid(session: Session, secret_key: str, now: dt.datetime) -> Keys:
    """Make a new VAPID key the current one. Subscriptions made under the old still send with it, until their phone
    has seen that the server's key is another, which it looks at whenever Sett is opened. Raises CannotDo."""
    read(session, secret_key)
    current = _stored(session, "vapid")
    assert current is not None
    current.replaced_at = now
    session.flush()
    _make(session, secret_key, "vapid", now)
    return read(session, secret_key)


def private_vapid_key(session: Session, secret_key: str, key_id: str) -> str | None:
    """The private half of a VAPID key, current or replaced; None when there is no such key. Raises CannotDo."""
    row = session.get(SecretKey, key_id)
    if row is None or row.purpose != "vapid":
        return None
    return _opened(secret_key, row).private_key


def _make(session: Session, secret_key: str, purpose: str, now: dt.datetime) -> None:
    """Another process may be first; then its row stands."""
    public, private = _MAKERS[purpose]()
    key_id = hashlib.sha256(public).hexdigest()[:16]
    row = SecretKey(
        key_id=key_id,
        purpose=purpose,
        public_key=encode(public),
        sealed_private_key=_seal(secret_key, private, f"{purpose}:{key_id}"),
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
    try:
        private = _unseal(secret_key, row.sealed_private_key, f"{row.purpose}:{row.key_id}")
    except InvalidTag as error:
        raise CannotDo(
            "FIELDAPP_SECRET_KEY åpner ikke nøklene i databasen. Bruk den hemmeligheten de ble laget med."
        ) from error
    return KeyPair(row.key_id, row.public_key, encode(private))


def _stored(session: Session, purpose: str) -> SecretKey | None:
    return session.scalar(select(SecretKey).where(SecretKey.purpose == purpose, SecretKey.replaced_at.is_(None)))


def _new_vapid() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return public, key.private_numbers().private_value.to_bytes(32, "big")


def _new_sealing() -> tuple[bytes, bytes]:
    key = x25519.X25519PrivateKey.generate()
    return key.public_key().public_bytes_raw(), key.private_bytes_raw()


_MAKERS = {"vapid": _new_vapid, "sealing": _new_sealing}


def _seal(secret_key: str, private: bytes, bound_to: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(secret_key).encrypt(nonce, private, bound_to.encode())


def _unseal(secret_key: str, sealed: bytes, bound_to: str) -> bytes:
    return _cipher(secret_key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())


def _cipher(secret_key: str) -> AESGCM:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"fieldapp keys at rest")
    return AESGCM(derived.derive(secret_key.encode()))


def encode(raw: bytes) -> str:
    """Base64url without padding, as VAPID and the browser have it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def webhook_signing_key(secret_key: str) -> str:
    """What our calls to the gateway are signed with (hexadecimal). The gateway has it too: `fieldapp keys` shows it."""
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"fieldapp webhook signature")
    return derived.derive(secret_key.encode()).hex()
