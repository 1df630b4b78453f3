"""A restored backup brings back nobody's access, and says what it takes away."""

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.models import (
    AccountEvent,
    Device,
    DeviceStaff,
    Entry,
    LoginSession,
    PartnerLink,
    Passkey,
    Staff,
    StaffIdentity,
    StaffTeam,
)
from fieldapp.services.entries import ingest
from fieldapp.services.people import accounts, devices, keys, sessions
from sync.ids import uuid7

Run = Callable[..., str]
OLD, NEW = "det gamle passordet", "det nye passordet"


class Town:
    """An installation with people, a phone and a link, and a backup of it."""

    def __init__(self, database: Database, run: Run, file: Path) -> None:
        self.database, self.run, self.file = database, run, file
        self.phone = uuid7()
        with database.transaction() as session:
            now = clock.now()
            self.team = accounts.add_team(session, "Nord", "act", accounts.DEFAULT_ESCALATION, now)
            self.mona = accounts.add_staff(session, "mona", "Mona", "leader", [self.team], OLD, now).id
            self.bob = accounts.add_staff(session, "bob", "Bob Berg", "fieldworker", [self.team], OLD, now).id
            self.token = sessions.open_session(session, self.bob, "", now)
            found = sessions.find(session, self.token, now)
            assert found
            told = devices.Registration(self.phone, "", "")
            self.key = devices.register(session, "secret", told, self.bob, found.session_id, now)
        self.register("Kari")
        run("backup", str(file))

    def register(self, name: str, *, phone: uuid.UUID | None = None, at: dt.datetime | None = None) -> None:
        with self.database.transaction() as session:
            viewer = sessions.viewer_of(session, session.get_one(Staff, self.mona), clock.now())
            body = {"name": name, "team_id": str(self.team)}
            at = at or clock.now()
            id = ingest.submit(session, viewer, "client_registered", body, client_id=uuid7(), now=at)
            if phone:
                session.get_one(Entry, id).device_id = phone

    def restore(self) -> str:
        return self.run("restore", str(self.file))

    def proves(self, username: str, password: str) -> bool:
        with self.database.reading() as session:
            who = accounts.candidate(session, username)
        return accounts.prove(who, password) is not None


@pytest.fixture
def town(database: Database, run: Run, tmp_path: Path) -> Town:
    return Town(database, run, tmp_path / "copy.db")


def test_access_that_ended_after_the_backup_stays_ended(town: Town) -> None:
    town.run("staff", "end", "bob")
    said = town.restore()
    assert "Hadde mistet tilgangen etter sikkerhetskopien, og har den ikke nå heller: Bob Berg (bob)." in said
    assert not town.proves("bob", OLD)
    assert town.proves("mona", OLD)
    with town.database.reading() as session:
        assert session.get_one(Staff, town.bob).ended_at is not None
        assert sessions.find(session, town.token, clock.now()) is None
        assert not devices.proves(session, "secret", town.phone, town.bob, town.key)
        assert session.scalars(select(AccountEvent.what)).all() == ["access_ended"]
    assert town.run("verify").startswith("ok")


def test_every_session_ends_as_if_it_had_run_out(town: Town) -> None:
    assert "Alle må logge inn på nytt." in town.restore()
    with town.database.transaction() as session:
        assert sessions.find(session, town.token, clock.now()) is None
        assert session.scalar(select(LoginSession.id)) is not None, "it can still sign out"
        assert sessions.sign_out(session, town.token, clock.now())


def test_the_old_password_does_not_come_back(town: Town) -> None:
    with town.database.transaction() as session:
        accounts.change_password(session, town.mona, accounts.hash_password(NEW), clock.now())
        code = accounts.new_enrolment_code(session, town.bob, clock.now(), by=town.mona)
    assert "Passord eller kode ny etter sikkerhetskopien: 2. Det nye gjelder." in town.restore()
    assert (town.proves("mona", OLD), town.proves("mona", NEW), town.proves("bob", OLD)) == (False, True, False)
    with town.database.reading() as session:
        assert accounts.whose_code(session, "bob", code, clock.now()) == town.bob
        assert len(session.scalars(select(AccountEvent)).all()) == 2


def test_what_was_ended_on_a_phone_stays_ended(town: Town) -> None:
    with town.database.transaction() as session:
        devices.take_off(session, town.phone, town.bob, clock.now())
        session.get_one(Device, town.phone).ended_at = clock.now()
    town.restore()
    with town.database.reading() as session:
        assert session.get_one(DeviceStaff, (town.phone, town.bob)).signed_out_at is not None
        assert session.get_one(Device, town.phone).ended_at is not None
        assert not devices.proves(session, "secret", town.phone, town.bob, town.key)


def test_a_link_that_was_ended_stays_ended(database: Database, run: Run, tmp_path: Path) -> None:
    town = Town(database, run, tmp_path / "first.db")
    now = clock.now()
    with database.transaction() as session:
        link = {"token_hash": b"x", "client_id": uuid7(), "source": "lar", "created_at": now}
        session.add(
            PartnerLink(id=uuid.UUID(int=1), staff_id=town.mona, created_by=town.mona, ends_at=now + 30 * DAY, **link)
        )
    run("backup", str(tmp_path / "second.db"))
    with database.transaction() as session:
        session.get_one(PartnerLink, uuid.UUID(int=1)).ends_at = now
    run("restore", str(tmp_path / "second.db"))
    with database.reading() as session:
        assert session.get_one(PartnerLink, uuid.UUID(int=1)).ends_at == now


def test_who_left_a_team_stays_out_and_who_joined_before_a_wrong_restore_comes_back(
    town: Town, settings: Settings
) -> None:
    with town.database.transaction() as session:
        south = accounts.add_team(session, "Sør", "act", accounts.DEFAULT_ESCALATION, clock.now())
        session.add(StaffTeam(staff_id=town.mona, team_id=south))
        session.delete(session.get_one(StaffTeam, (town.bob, town.team)))
    said = town.restore()
    assert "Var gått ut av et team etter sikkerhetskopien, og er ute nå også: Bob Berg (bob)." in said
    assert "Team laget etter sikkerhetskopien, må lages igjen: Sør." in said
    (kept,) = settings.data_dir.glob("before-restore-*.db")
    town.run("restore", str(kept))
    with town.database.reading() as session:
        found = {tuple(row) for row in session.execute(select(StaffTeam.staff_id, StaffTeam.team_id))}
    assert found == {(town.mona, town.team), (town.mona, south)}


def test_what_is_lost_is_counted_and_who_was_new_is_named(town: Town, settings: Settings) -> None:
    town.run("staff", "add", "eva", "--name", "Eva Vik", "--role", "peer")
    town.register("Per", phone=town.phone)
    town.register("Pål", phone=town.phone)
    town.register("Nils")
    said = town.restore()
    (kept,) = settings.data_dir.glob("before-restore-*.db")
    assert "Kommet etter sikkerhetskopien, og borte herfra: 3 oppføringer." in said
    assert "  2 kom fra telefoner de siste 7 døgnene." in said
    assert f"  1 har ingen telefon (ført på kontoret, eller for lenge siden). De finnes bare i {kept}." in said
    assert "Lagt til etter sikkerhetskopien, må legges til igjen: Eva Vik (eva)." in said
    assert "Ingen oppføringer var kommet etter sikkerhetskopien." in town.restore()


def test_an_empty_database_knows_nobody_and_says_so(town: Town, other: str) -> None:
    assert "Databasen var tom: det er ikke kjent hvem" in town.run("restore", str(town.file), database_url=other)


@pytest.mark.engines("sqlite")
def test_a_database_that_can_not_be_read_is_a_sentence(town: Town, settings: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    said = town.run("restore", str(town.file), database_url=f"sqlite:///{broken}", status=2)
    assert "lar seg ikke lese" in said


DAY = dt.timedelta(days=1)


@pytest.fixture
def other(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'other.db'}"
    server = request.getfixturevalue("postgresql")
    return str(server.url(server.new_database()))


def test_what_was_sealed_to_a_newer_key_than_the_backups_still_opens(town: Town, settings: Settings) -> None:
    secret = settings.secret_key
    with town.database.transaction() as session:
        old = keys.ensure(session, secret, clock.now()).sealing
        new = keys.rotate_sealing(session, secret, clock.now()).sealing
    town.restore()
    with town.database.transaction() as session:
        now = keys.ensure(session, secret, clock.now()).sealing
        opened = keys.private_sealing_keys(session, secret, [old.key_id, new.key_id, now.key_id])
    assert set(opened) == {old.key_id, new.key_id, now.key_id}


def give(session: Session, staff_id: uuid.UUID, name: str) -> None:
    """A passkey and an identity of this name."""
    row = Passkey(id=uuid7(), staff_id=staff_id, credential_id=name.encode(), name=name, created_at=clock.now())
    row.public_key = b"key"
    mine = {"id": uuid7(), "staff_id": staff_id, "created_at": clock.now()}
    session.add_all([row, StaffIdentity(issuer="https://login.example", subject=name, **mine)])


def test_other_ways_in_are_those_of_now_and_not_of_the_backup(database: Database, run: Run, tmp_path: Path) -> None:
    town = Town(database, run, tmp_path / "first.db")
    with database.transaction() as session:
        give(session, town.bob, "removed since")
        give(session, town.mona, "kept")
    run("backup", str(town.file))
    with database.transaction() as session:
        accounts.new_enrolment_code(session, town.bob, clock.now())
        give(session, town.mona, "made since")
    town.restore()
    with database.reading() as session:
        assert set(session.scalars(select(Passkey.name))) == {"kept", "made since"}
        assert set(session.scalars(select(StaffIdentity.subject))) == {"kept", "made since"}
    assert "segl" not in run("verify", status=None)
