"""A record that was deleted after the backup is deleted in what is restored, too."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from fieldapp import clock
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.models import Client, DestroyedKey, RecordKey, Staff
from fieldapp.models.ciphered import DELETED
from fieldapp.services.entries import ingest
from fieldapp.services.entries.files import store_in
from fieldapp.services.operations import erasing
from fieldapp.services.people import accounts, sessions
from sync.ids import uuid7

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process destroys is seen at once, not within five seconds."""
    monkeypatch.setattr("fieldapp.models.record_key.LOOK_AGAIN_S", 0)


def test_what_was_deleted_stays_deleted(database: Database, run: Run, tmp_path: Path, settings: Settings) -> None:
    kari, copy = uuid7(), tmp_path / "copy.db"
    with database.transaction() as session:
        now = clock.now()
        team = accounts.add_team(session, "Nord", "act", accounts.DEFAULT_ESCALATION, now)
        mona = accounts.add_staff(session, "mona", "Mona", "leader", [team], "et langt passord", now).id
        petra = accounts.add_staff(session, "petra", "Petra", "privacy", [], "et langt passord", now).id
        viewer = sessions.viewer_of(session, session.get_one(Staff, mona), now)
        told = {"name": "Kari Kanari", "team_id": str(team)}
        ingest.submit(session, viewer, "client_registered", told, client_id=kari, now=now)
        ingest.submit(session, viewer, "follow_up_ended", {"reason": "moved"}, client_id=kari, now=now)
    run("backup", str(copy))
    with database.transaction() as session:
        erased = erasing.erase(session, Viewer(petra, "privacy", frozenset()), kari, "asked", clock.now())
    erasing.finish(database, store_in(settings.data_dir, settings.secret_key), erased, clock.now())
    run("backup", str(tmp_path / "later.db"))
    said = run("restore", str(copy))
    assert "Slettet etter sikkerhetskopien, og slettet her nå også: 1 journaler." in said
    with database.deciding() as session:
        assert session.get_one(Client, kari).name == DELETED
        assert session.scalars(select(DestroyedKey.owner_id)).all() == [kari]
        assert kari not in session.scalars(select(RecordKey.owner_id)).all()
    run("verify")
    if database.is_sqlite:
        (key,) = (one for one in [settings.destroyed_keys.read_text()])
        assert str(kari) in key
        assert b"anari" not in (tmp_path / "later.db").read_bytes() + copy.read_bytes()


def test_the_list_alone_is_enough_when_the_database_was_lost(
    database: Database, run: Run, tmp_path: Path, settings: Settings
) -> None:
    """On a new machine: the backup, the secret and the list."""
    kari, copy = uuid7(), tmp_path / "copy.db"
    with database.transaction() as session:
        now = clock.now()
        team = accounts.add_team(session, "Nord", "act", accounts.DEFAULT_ESCALATION, now)
        mona = accounts.add_staff(session, "mona", "Mona", "leader", [team], "et langt passord", now).id
        viewer = sessions.viewer_of(session, session.get_one(Staff, mona), now)
        told = {"name": "Kari Kanari", "team_id": str(team)}
        ingest.submit(session, viewer, "client_registered", told, client_id=kari, now=now)
        key_id = session.scalars(select(RecordKey.id).where(RecordKey.owner_id == kari)).one()
    run("backup", str(copy))
    settings.destroyed_keys.write_text(f'{{"key_id":{key_id},"owner_id":"{kari}","at":"2026-11-23T09:00:00Z"}}\n')
    run("restore", str(copy))
    with database.deciding() as session:
        assert session.get_one(Client, kari).name == DELETED
