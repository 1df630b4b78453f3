"""`fieldapp retention`: what it says, that it does what it said, and that a backup brings nothing back for long."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from fieldapp.cli import _copies
from fieldapp.config import Settings
from fieldapp.domain.retention import GONE, KEPT
from fieldapp.models import Entry
from tests._world import MONDAY_MORNING
from tests.cli.test_maintenance import SMALL

Run = Callable[..., str]


@pytest.fixture
def demo(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A municipality of one afternoon: whether anybody was out in the street the days before depends on the day."""
    with time_machine.travel(MONDAY_MORNING):
        run("demo", *SMALL)
        monkeypatch.setenv("FIELDAPP_STREET_CONTACT_DAYS", "1")
        yield


def street(told: str) -> int:
    found = re.search(r"(\d+) gatekontakter uten bruker", told)
    assert found is not None, told
    return int(found[1])


def test_it_does_what_it_said_and_a_restored_backup_goes_the_same_way(run: Run, demo: None, tmp_path: Path) -> None:
    assert run("verify").startswith("ok")
    run("backup", str(tmp_path / "copy.db"))
    told = run("retention", "--dry-run")
    due = street(told)
    assert due > 0
    assert told.endswith("Ingenting er slettet.\n")
    assert "kom inn for 1 dag siden eller mer" in told
    assert all(kept.what in told and kept.how_long in told for kept in KEPT)
    assert street(run("retention", "--dry-run")) == due, "a dry run takes nothing"
    assert street(run("retention")) == due
    assert street(run("retention", "--dry-run")) == 0
    assert run("verify").startswith("ok")
    run("rebuild")
    assert run("verify").startswith("ok")
    run("restore", str(tmp_path / "copy.db"))
    assert street(run("retention", "--dry-run")) == due
    run("tick", "street_contacts")
    assert street(run("retention", "--dry-run")) == 0
    assert run("verify").startswith("ok")


@pytest.mark.engines("sqlite")
def test_a_backup_made_afterwards_holds_nothing_of_it(run: Run, demo: None, tmp_path: Path, settings: Settings) -> None:
    run("retention")
    run("backup", str(tmp_path / "copy.db"))
    run("restore", str(tmp_path / "copy.db"))
    assert street(run("retention", "--dry-run")) == 0
    with _copies.opened(tmp_path / "copy.db", settings.secret_key) as copy, copy.reading() as session:
        assert GONE in {body.get("place_label") for body in session.scalars(select(Entry.body))}
    assert run("verify").startswith("ok")


@pytest.mark.engines("sqlite")
def test_unset_it_says_so_and_takes_no_street_contact(run: Run, demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    due = street(run("retention", "--dry-run"))
    monkeypatch.setenv("FIELDAPP_STREET_CONTACT_DAYS", "")
    told = run("retention")
    assert (street(told), "FIELDAPP_STREET_CONTACT_DAYS er ikke satt" in told) == (0, True)
    monkeypatch.setenv("FIELDAPP_STREET_CONTACT_DAYS", "1")
    assert street(run("retention", "--dry-run")) == due
