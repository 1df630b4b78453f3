"""Sealing (HPKE, RFC 9180): what is sealed to a public key can be read by whoever has the private one, and nobody else.

Owns the suite, the form of keys and of sealed text, and what is bound to a sealed entry. Where keys are kept, and what
an opened entry is worth, is for the server. The phone seals the same way (static/js/core/sealing.js): both are held to
vectors/sealed.json.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, PyHPKEError

SUITE = "DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM"
ENTRY_INFO, VIEWS_INFO = b"sett entry 1", b"sett views 1"
"""What a sealed text is for: a text sealed for something else does not open as an entry."""

_HPKE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
_POINT_BYTES = 65


class DoesNotOpen(Exception):
    """A text that was not sealed to this key, or for this, or has been changed since."""


@dataclass(frozen=True)
class Pair:
    """A new key: the public half as an uncompressed point, the private one as a number of 32 bytes."""

    public: bytes
    private: bytes


def make_pair() -> Pair:
    """A new key to seal to."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Pair(public, key.private_numbers().private_value.to_bytes(32, "big"))


def key_id(public: bytes) -> str:
    """What a key is called: nobody can pass another off under its name."""
    return encode(hashlib.sha256(public).digest())


def seal(public: bytes, info: bytes, aad: bytes, plaintext: bytes) -> str:
    """`plaintext` sealed to this key, as base64url of the ephemeral point and the ciphertext."""
    enc, context = _HPKE.create_sender_context(_HPKE.kem.deserialize_public_key(public), info=info)
    return encode(enc + context.seal(plaintext, aad))


def unseal(private: bytes, info: bytes, aad: bytes, sealed: str) -> bytes:
    """What was sealed. Raises DoesNotOpen."""
    try:
        raw = decode(sealed)
        enc, ciphertext = raw[:_POINT_BYTES], raw[_POINT_BYTES:]
        context = _HPKE.create_recipient_context(enc, _HPKE.kem.deserialize_private_key(private), info=info)
        return context.open(ciphertext, aad)
    except (ValueError, PyHPKEError) as error:
        raise DoesNotOpen from error


def entry_aad(entry_id: str) -> bytes:
    """What a sealed entry is bound to: its id, so that it does not open as another."""
    return entry_id.lower().encode(errors="surrogatepass")


def encode(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of a base64url text, padded or not; ValueError for anything else."""
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
