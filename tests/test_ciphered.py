"""Words lie under keys: what the database holds, what a rollback takes away, and what a destroyed key leaves."""

import datetime as dt
import threading
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import StatementError

from fieldapp.db import Database
from fieldapp.models import Absence, Client, DestroyedKey, Entry, RecordKey, SetAside
from fieldapp.models.ciphered import DELETED, as_stored, cover_json, open_json
from fieldapp.models.record_key import KeyRing, ring_for
from fieldapp.services.entries import refused
from fieldapp.services.operations.verify_words import uncovered
from fieldapp.services.writing import savepoint
from sync.entry_types import ENTRY_TYPES
from sync.words import CLEAR, WORDS, words_of
from tests._scene import SECRET, Scene

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def canary(scene: Scene) -> uuid.UUID:
    """A client about whom every kind of words stands somewhere."""
    client_id = scene.client(scene.team())
    with scene.database.transaction() as session:
        client = session.get_one(Client, client_id)
        client.name, client.alias, client.address, client.phone = (
            "Kanarifugl Navnesen", "Kanarifugl", "Kanarifuglgata 1", "kanarifugl 999",
        )  # fmt: skip
        session.get_one(Entry, client.registered_entry_id).body = {"name": "Kanarifugl Navnesen", "birth_year": 1970}
        kept_aside(session, "kanarifugl i avvist", client_id)
        session.add(
            Absence(
                id=uuid.uuid4(), client_id=client_id, kind="admitted", place="Kanarifugl sykehus", started_at=NOW,
                started_entry_id=uuid.uuid4(), steps=[], discharge={},
            )
        )  # fmt: skip
    return client_id


def kept_aside(session: Any, words: str, client_id: uuid.UUID) -> SetAside:
    raw = {"id": str(uuid.uuid4()), "client_id": str(client_id), "body": {"note": words}}
    return refused.keep(session, raw, None, None, "rejected", "invalid_body", "body", NOW)


def test_a_key_made_in_a_savepoint_that_failed_is_made_anew(database: Database) -> None:
    client_id = uuid.uuid4()
    with database.transaction() as session:
        with pytest.raises(ZeroDivisionError), savepoint(session):
            kept_aside(session, "gone", client_id)
            raise ZeroDivisionError
        kept_aside(session, "stays", client_id)
    assert words_read_by_another_process(database) == ["stays"]


def test_a_key_made_before_a_savepoint_that_failed_is_still_that_key(database: Database) -> None:
    client_id = uuid.uuid4()
    with database.transaction() as session:
        row = kept_aside(session, "first", client_id)
        with pytest.raises(ZeroDivisionError), savepoint(session):
            kept_aside(session, "gone", uuid.uuid4())
            raise ZeroDivisionError
        session.expire(row)
        assert "first" in row.raw
        kept_aside(session, "second", client_id)
    assert words_read_by_another_process(database) == ["first", "second"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RecordKey)) == 1


def test_a_key_of_a_transaction_that_failed_is_not_used_again(database: Database) -> None:
    client_id = uuid.uuid4()
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        with savepoint(session):
            kept_aside(session, "gone", client_id)
        raise ZeroDivisionError
    with database.transaction() as session:
        kept_aside(session, "stays", client_id)
    assert words_read_by_another_process(database) == ["stays"]


@pytest.mark.engines("postgresql")
def test_two_processes_that_make_a_key_for_the_same_owner_agree(database: Database) -> None:
    client_id, other = uuid.uuid4(), another_process(database)
    meet = threading.Barrier(2)

    def write(by: Database, words: str) -> None:
        with by.transaction() as session:
            session.connection()
            meet.wait(10)
            kept_aside(session, words, client_id)

    threads = [threading.Thread(target=write, args=one) for one in ((database, "a"), (other, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.dispose()
    assert words_read_by_another_process(database) == ["a", "b"]


def test_plain_text_cannot_be_written_past_the_keys(database: Database) -> None:
    with database.transaction() as session, pytest.raises(StatementError, match="PlainText"):
        session.execute(Client.__table__.update().values(name="Kari"))  # type: ignore[attr-defined]


def test_what_a_request_says_is_nowhere_in_the_database(database: Database, scene: Scene) -> None:
    """Client, entries, what was refused: as they lie there, whole rows."""
    client_id = canary(scene)
    with database.reading() as session:
        for table in (Client, Entry, SetAside, Absence):
            _, rows = as_stored(table.__table__)  # type: ignore[arg-type]
            found = session.execute(rows).all()
            assert found
            assert "anarifugl" not in str(found), table
    with database.deciding() as session:
        assert session.get_one(Client, client_id).name == "Kanarifugl Navnesen"


@pytest.mark.engines("sqlite")
def test_nor_in_its_files(database: Database, scene: Scene, tmp_path: Path) -> None:
    canary(scene)
    files = [one for one in tmp_path.iterdir() if one.is_file() and one.stat().st_size]
    assert any(one.suffix.endswith("db-wal") or "wal" in one.name for one in files), files
    assert not [one for one in files if b"anarifugl" in one.read_bytes()]


def test_what_a_destroyed_key_covered_reads_as_deleted_everywhere(
    database: Database, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldapp.models.record_key.LOOK_AGAIN_S", 0)
    client_id, other = canary(scene), another_process(database)
    assert name_of(other, client_id) == "Kanarifugl Navnesen"
    with database.transaction() as session:
        key = session.scalars(select(RecordKey).where(RecordKey.owner_id == client_id)).one()
        session.add(DestroyedKey(id=key.id, owner_id=client_id, destroyed_at=NOW, by_staff_id=None, ground=None))
        session.delete(key)
    assert name_of(other, client_id) == name_of(database, client_id) == DELETED
    other.dispose()


def test_words_in_clear_or_without_a_key_are_found_by_verify(database: Database, scene: Scene) -> None:
    client_id = canary(scene)
    plain, _ = as_stored(Client.__table__)  # type: ignore[arg-type]
    with database.transaction() as session:
        assert list(uncovered(session)) == []
        with session.begin_nested() as savepoint_:
            session.execute(update(RecordKey).where(RecordKey.owner_id == client_id).values(wrapped=bytes(60)))
            assert any("lar seg ikke åpne" in line for line in uncovered(session))
            savepoint_.rollback()
        session.execute(plain.update().values(alias="Kari"))
        assert list(uncovered(session)) == [f"client {client_id}: alias står i klartekst"]
        session.execute(delete(RecordKey).where(RecordKey.owner_id == client_id))
        assert f"client {client_id}: name er under en nøkkel som ikke finnes" in list(uncovered(session))
        session.rollback()


def name_of(database: Database, client_id: uuid.UUID) -> str:
    with database.deciding() as session:
        return session.get_one(Client, client_id).name


def another_process(database: Database) -> Database:
    url = database.engine.url.render_as_string(hide_password=False)
    return Database(SimpleNamespace(database_url=url, secret_key=SECRET))


def words_read_by_another_process(database: Database) -> list[str]:
    other = another_process(database)
    with other.reading() as session:
        raws = session.scalars(select(SetAside.raw).order_by(SetAside.id)).all()
        assert session.scalar(text("SELECT count(*) FROM set_aside WHERE raw LIKE '%note%'")) == 0
    other.dispose()
    return sorted(raw.split('"note":"')[1].split('"')[0] for raw in raws)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5) | st.sampled_from(["~0", "~{1", "~[0", "~"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "~", "~whole"]), inner),
    max_leaves=8,
)
WHERE = st.recursive(
    st.sampled_from([CLEAR, WORDS]),
    lambda inner: st.dictionaries(st.sampled_from(["a", "b"]), inner) | inner.map(lambda one: (one,)),
    max_leaves=4,
)


class OneKey:
    """A ring of a single key."""

    def __init__(self, cipher: Any) -> None:
        self._cipher = cipher

    def cipher(self, _key_id: int) -> Any:
        return self._cipher


@given(value=st.dictionaries(st.sampled_from(["a", "b", "~", "~whole"]), JSON, max_size=4), where=WHERE)
@settings(max_examples=150, deadline=None)
def test_any_json_comes_back_as_it_was(value: dict[str, Any], where: Any) -> None:
    cipher = AESGCM(bytes(32))
    covered = cover_json(value, where, 7, cipher)
    assert open_json(OneKey(cipher), covered.stored) == value  # type: ignore[arg-type]
    open_json(OneKey(None), covered.stored)  # type: ignore[arg-type]


def test_of_every_body_the_note_is_words_and_no_code_is() -> None:
    for name in ENTRY_TYPES:
        where = words_of(name)
        assert where["note"] == WORDS, name
    assert words_of("visit_logged")["outcome"] == CLEAR
    assert words_of("rent_problem_reported")["amount_nok"] == CLEAR
    assert words_of("client_updated")["fields"]["address"] == WORDS
    assert words_of("no_such_type") == WORDS


def test_a_ring_knows_no_key_that_a_rollback_took(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        row = kept_aside(session, "gone", uuid.uuid4())
        session.flush()
        ring: KeyRing = ring_for(session)
        key_id = session.scalars(select(RecordKey.id)).one()
        assert ring.knows(key_id)
        assert row.raw
        raise ZeroDivisionError
    assert not ring.knows(key_id)
