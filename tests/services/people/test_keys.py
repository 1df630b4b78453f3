"""The installation's keys: made once by whoever comes first, opened only by the secret they were made with."""

import base64
import concurrent.futures
import datetime as dt
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from fieldapp.db import Database
from fieldapp.errors import CannotDo
from fieldapp.models import SecretKey
from fieldapp.services.people import keys

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
SECRET = "the secret of this installation"


def ensure(database: Database, secret: str = SECRET) -> keys.Keys:
    with database.transaction() as session:
        return keys.ensure(session, secret, NOW)


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_they_are_made_once(database: Database) -> None:
    first = ensure(database)
    assert ensure(database) == first
    with database.reading() as session:
        assert keys.read(session, SECRET) == first


def test_processes_that_start_together_have_the_same(database: Database) -> None:
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: ensure(database).vapid.private_key, range(6)))
    assert len(set(made)) == 1


def test_both_halves_belong_together(database: Database) -> None:
    made = ensure(database)
    for pair in (made.vapid, made.sealing):
        private = ec.derive_private_key(int.from_bytes(raw(pair.private_key), "big"), ec.SECP256R1())
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(pair.public_key))
        assert private.public_key().public_numbers() == point.public_numbers()


def test_another_secret_stops_with_a_sentence(database: Database) -> None:
    ensure(database)
    with pytest.raises(CannotDo, match="FIELDAPP_SECRET_KEY"):
        ensure(database, "another secret altogether")


def test_before_they_are_made_reading_says_what_to_do(database: Database) -> None:
    with pytest.raises(CannotDo, match="fieldapp keys"), database.reading() as session:
        keys.read(session, SECRET)


def test_no_private_half_is_readable_in_the_database(database: Database) -> None:
    made = ensure(database)
    with database.reading() as session:
        for row in session.query(SecretKey):
            assert raw(made.vapid.private_key) not in row.sealed_private_key
            assert raw(made.sealing.private_key) not in row.sealed_private_key


def test_a_row_cannot_be_passed_off_as_another(database: Database) -> None:
    ensure(database)
    with database.transaction() as session:
        vapid, sealing = (session.query(SecretKey).filter_by(purpose=p).one() for p in (keys.VAPID, keys.SEALING))
        vapid.sealed_private_key = sealing.sealed_private_key
    with pytest.raises(CannotDo), database.reading() as session:
        keys.read(session, SECRET)


# --- a new VAPID key ----------------------------------------------------------------------------------------------


def rotate(database: Database) -> keys.Keys:
    with database.transaction() as session:
        return keys.rotate_vapid(session, SECRET, NOW)


def test_a_new_push_key_takes_the_place_of_the_old_and_leaves_the_sealing_key(database: Database) -> None:
    old = ensure(database)
    new = rotate(database)
    assert new.vapid != old.vapid
    assert new.sealing == old.sealing
    assert ensure(database) == new, "what is made once more is not made again at the next start"


def test_the_old_key_still_opens_for_the_subscriptions_made_under_it(database: Database) -> None:
    old = ensure(database)
    new = rotate(database)
    with database.reading() as session:
        for pair in (old.vapid, new.vapid):
            assert keys.private_vapid_key(session, SECRET, pair.key_id) == pair.private_key
        assert keys.private_vapid_key(session, SECRET, old.sealing.key_id) is None
        assert keys.private_vapid_key(session, SECRET, "ukjent") is None


def test_nothing_is_rotated_by_whoever_has_not_the_secret(database: Database) -> None:
    old = ensure(database)
    with pytest.raises(CannotDo, match="FIELDAPP_SECRET_KEY"), database.transaction() as session:
        keys.rotate_vapid(session, "another secret altogether", NOW)
    assert ensure(database) == old


# --- a new sealing key --------------------------------------------------------------------------------------------


def test_a_sealing_key_is_called_by_its_point(database: Database) -> None:
    made = ensure(database).sealing
    assert raw(made.key_id) == hashlib.sha256(raw(made.public_key)).digest()
    with database.reading() as session:
        assert keys.sealing_key(session) == keys.PublicKey(made.key_id, made.public_key)


def test_a_new_sealing_key_leaves_the_old_one_to_open_with(database: Database) -> None:
    old = ensure(database)
    with database.transaction() as session:
        new = keys.rotate_sealing(session, SECRET, NOW)
    assert (new.vapid, new.sealing == old.sealing) == (old.vapid, False)
    assert ensure(database) == new
    with database.reading() as session:
        named = [pair.key_id for pair in (old.sealing, new.sealing, old.vapid)] + ["ukjent"]
        opened = keys.private_sealing_keys(session, SECRET, named)
    assert opened == {pair.key_id: raw(pair.private_key) for pair in (old.sealing, new.sealing)}


def test_an_older_key_for_another_curve_is_never_served(database: Database) -> None:
    with database.transaction() as session:
        older = {"public_key": "x", "sealed_private_key": b"x", "created_at": NOW}
        session.add(SecretKey(key_id="old", purpose="sealing", **older))
    made = ensure(database)
    with database.reading() as session:
        assert keys.sealing_key(session) == keys.PublicKey(made.sealing.key_id, made.sealing.public_key)
        assert keys.private_sealing_keys(session, SECRET, ["old"]) == {}


def test_a_sealing_key_of_another_installation_is_as_one_that_is_not_there(database: Database) -> None:
    made = ensure(database).sealing
    with database.reading() as session:
        assert keys.private_sealing_keys(session, "another secret altogether", [made.key_id]) == {}
