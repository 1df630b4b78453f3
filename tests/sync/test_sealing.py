"""Sealing: what the phone seals opens here, and only here; the phone's side is tests/js/sealing.test.js."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from pyhpke import AEADId, CipherSuite, KDFId, KEMId

from sync import sealing
from tests.sync._vectors import VECTORS, cases

SEALED = json.loads((VECTORS / "sealed.json").read_text())
PRIVATE, PUBLIC = (sealing.decode(SEALED["key"][half]) for half in ("private_key", "public_key"))
MADE = {one["name"]: one for one in SEALED["made"]}


def opened(case: dict[str, Any]) -> bytes:
    sealed = case["text"] if "text" in case else MADE[case["sealed"]]["sealed"]
    return sealing.unseal(PRIVATE, sealing.ENTRY_INFO, sealing.entry_aad(case["id"]), sealed)


def test_the_key_is_called_by_its_point() -> None:
    assert sealing.key_id(PUBLIC) == SEALED["key"]["key_id"]
    assert sealing.SUITE == SEALED["suite"]


@pytest.mark.parametrize("case", cases("sealed.json", "opens"))
def test_what_the_phone_sealed_opens(case: dict[str, Any]) -> None:
    assert opened(case).decode() == MADE[case["sealed"]]["plaintext"]


@pytest.mark.parametrize("case", cases("sealed.json", "does_not_open"))
def test_what_was_not_sealed_so_does_not_open(case: dict[str, Any]) -> None:
    with pytest.raises(sealing.DoesNotOpen):
        opened(case)


def test_every_changed_byte_is_noticed() -> None:
    raw = sealing.decode(MADE["an entry"]["sealed"])
    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ 0x55]) + raw[at + 1 :]
        with pytest.raises(sealing.DoesNotOpen):
            opened({"id": MADE["an entry"]["aad"], "text": sealing.encode(changed)})


def test_the_library_does_the_steps_of_rfc_9180() -> None:
    rfc = {name: bytes.fromhex(value) for name, value in SEALED["rfc"].items()}
    suite = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)
    private = suite.kem.deserialize_private_key(rfc["skRm"])
    assert suite.create_recipient_context(rfc["pkEm"], private, rfc["info"]).open(rfc["ct"], rfc["aad"]) == rfc["pt"]


def test_another_library_opens_what_is_sealed_here_and_the_other_way() -> None:
    other = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    private = ec.derive_private_key(int.from_bytes(PRIVATE, "big"), ec.SECP256R1())
    ours = sealing.decode(sealing.seal(PUBLIC, b"info", b"", b"hei"))
    assert other.decrypt(ours, private, b"info") == b"hei"
    theirs = sealing.encode(other.encrypt(b"hei", private.public_key(), b"info"))
    assert sealing.unseal(PRIVATE, b"info", b"", theirs) == b"hei"


def test_nothing_is_sealed_twice_alike() -> None:
    assert sealing.seal(PUBLIC, b"", b"", b"x") != sealing.seal(PUBLIC, b"", b"", b"x")
