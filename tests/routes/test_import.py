"""A spreadsheet in the office: seen before it is taken, whole or not at all; nobody learns of whom they do not see."""

import html
import io
import re
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from fieldapp.models import Client, ReadLog, Staff, Watch
from tests._world import Person, World

CLIENTS, STAFF = "/kontor/brukere/importer", "/admin/importer/ansatte"
HEADINGS = "Navn;Fødselsår;Adresse;Team"


def csv(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def xlsx(*lines: str) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line.split(";"))
    book.save(file)
    return file.getvalue()


def choose(person: Person, content: bytes, path: str = CLIENTS, name: str = "liste.csv") -> TestResponse:
    data = {"file": (io.BytesIO(content), name)}
    return person.http.post(path, data=data, content_type="multipart/form-data")


def again(person: Person, page: TestResponse, path: str = CLIENTS, **fields: str) -> TestResponse:
    """Send the form of the page, as a browser would, with some of its fields changed."""
    carried = re.search(r'name="lines" value="([^"]*)"', page.text)
    assert carried is not None
    columns = re.findall(r'<select class="ds-input" name="(column-\d+)".*?</select>', page.text, re.DOTALL)
    chosen = re.findall(r'<option value="([^"]*)" selected>', page.text)
    data = {"lines": html.unescape(carried[1])} | dict(zip(columns, chosen, strict=True)) | fields
    return person.http.post(path, data=data, content_type="multipart/form-data")


def count(world: World, model: Any) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("write", [csv, xlsx])
def test_what_will_be_added_is_seen_before_it_is(world: World, alice: Person, write: Any) -> None:
    sheet = write(HEADINGS, "Åse Berg;1950;Storgata 1;FACT Nord", "Bjørn Dal;1961;;FACT Nord")
    page = choose(alice, sheet)
    assert page.status_code == 200
    assert "Legg inn 2 brukere" in page.text
    assert "Storgata 1" in page.text
    assert count(world, Client) == 0, "it was only looked at"
    assert again(alice, page, step="take").status_code == 303
    assert (count(world, Client), count(world, Watch)) == (2, 2)
    assert again(alice, page, step="take").status_code == 303, "the button was pressed twice"
    assert count(world, Client) == 2
    assert "Alle i regnearket finnes fra før." in choose(alice, sheet).text
    assert "Åse Berg" in alice.get("/kontor/brukere").text


def test_each_fault_is_named_and_nothing_is_taken(world: World, alice: Person) -> None:
    faulty = csv(
        HEADINGS, "Åse Berg;1950;;FACT Nord", "Bjørn;nitten;;FACT Nord", ";1950;;Et annet team", encoding="cp1252"
    )
    page = choose(alice, faulty)
    assert page.status_code == 422
    for place in ("rad 3, kolonne B (fødselsår)", "rad 4, kolonne A (navn)", "rad 4, kolonne D (team)"):
        assert place in page.text
    assert "3 feil. Ingenting er lagt inn." in page.text
    assert 'value="take"' not in page.text
    assert again(alice, page, step="take").status_code == 422
    assert count(world, Client) == 0


def test_a_heading_nobody_knows_can_be_told_what_it_is(world: World, alice: Person) -> None:
    page = choose(alice, csv("Hvem;Tjenestested", "Åse Berg;FACT Nord"))
    assert "kolonnen «navn» mangler" in page.text
    read = again(alice, page, **{"column-0": "name", "column-1": "team"})
    assert "Legg inn 1 bruker" in read.text
    assert again(alice, read, step="take").status_code == 303
    assert count(world, Client) == 1


def test_nobody_learns_of_whom_they_do_not_see(world: World, alice: Person) -> None:
    other = world.staff("leader", world.team("Sør"), name="Charlie")
    other.register("Åse Berg", birth_year=1950)
    hers = alice.register("Bjørn Dal", birth_year=1961)
    lines = "Åse Berg;1950;;FACT Nord", "Aase Berg;1951;;FACT Nord", "Bjørn Dal;1961;;FACT Nord"
    page = choose(alice, csv(HEADINGS, *lines))
    assert "Legg inn 2 brukere" in page.text
    assert "Bjørn Dal finnes fra før" in page.text
    assert "Åse Berg finnes fra før" not in page.text
    assert "ligner på en som" not in page.text
    assert "er ikke et av teamene dine" in choose(alice, csv(HEADINGS, "Kari;1970;;Sør")).text
    alice.log("staff_blocked", {"staff_id": alice.id, "reason": "familie"}, client=hers)
    assert "Bjørn Dal finnes fra før" not in choose(alice, csv(HEADINGS, *lines)).text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Velg en fil først."),
        (csv("Navn;Team"), "det står ingenting under overskriftene"),
        (b"\xd0\xcf\x11\xe0old", "gammel Excel-fil"),
        (b"PK\x03\x04broken", "Excel-fila er skadet"),
        (csv(HEADINGS, '"Åse;1950'), "anførselstegn"),
    ],
)
def test_a_file_that_is_none_gets_a_sentence(alice: Person, content: bytes, says: str) -> None:
    name = "liste.csv" if content else ""
    page = choose(alice, content, name=name)
    assert page.status_code == 422
    assert says in page.text


@pytest.mark.parametrize("lines", ["", "[]", "{}", "[[1]]", '[[1, ["Navn", 3]]]', "[[1, [", '[["x", []]]'])
def test_rows_that_no_page_carried_are_refused(alice: Person, lines: str) -> None:
    answer = alice.http.post(CLIENTS, data={"lines": lines, "step": "take"}, content_type="multipart/form-data")
    assert answer.status_code == (400 if lines else 422)


@pytest.mark.parametrize("role", ["fieldworker", "peer", "landlord", "privacy", "admin"])
def test_clients_are_for_the_leader(world: World, role: str) -> None:
    person = world.staff(role, *([world.team()] if role not in ("privacy", "admin") else []))
    assert person.get(CLIENTS).status_code == 403
    assert choose(person, csv(HEADINGS, "Åse;1950;;x")).status_code == 403


def test_staff_get_their_codes_once(world: World, alice: Person) -> None:
    ada = world.staff("admin", name="Ada")
    before = count(world, Staff)
    sheet = csv("Navn;Brukernavn;Rolle;Team", "Eva Holm;eva;ansatt;FACT Nord", "Per Kvam;per;leder;FACT Nord")
    page = choose(ada, sheet, STAFF)
    assert "Legg inn 2" in page.text
    assert "Engangskoder" not in page.text
    assert count(world, Staff) == before
    done = again(ada, page, STAFF, step="take")
    assert len(re.findall(r'class="code-text">([^<]+)<', done.text)) == 2
    assert count(world, Staff) == before + 2
    assert "Alle i regnearket finnes fra før." in again(ada, page, STAFF, step="preview").text
    assert choose(alice, sheet, STAFF).status_code == 403


def test_teams_are_added_by_the_administrator(world: World) -> None:
    ada = world.staff("admin", name="Ada")
    page = choose(ada, csv("Navn;Slag", "Uteteamet;outreach"), "/admin/importer/team")
    done = again(ada, page, "/admin/importer/team", step="take")
    assert "1 er lagt inn." in done.text
    assert "Uteteamet" in ada.get("/admin").text


def test_a_heading_that_says_nothing_moves_no_choice(world: World, alice: Person) -> None:
    page = choose(alice, csv("Navn;Team;;Adresse;Kallenavn;Merknad", "Åse Berg;FACT Nord;;Storgata 1;Åsa;rolig"))
    assert again(alice, page, step="take").status_code == 303
    with world.database.deciding() as session:
        (ase,) = session.scalars(select(Client)).all()
        assert (ase.address, ase.alias) == ("Storgata 1", "Åsa")


def test_who_was_merged_is_there_under_the_old_name(world: World, alice: Person) -> None:
    duplicate, kari = (alice.register(name, birth_year=1980) for name in ("Kari N.", "Kari Nordmann"))
    alice.log("client_merged", {"into_client_id": kari, "reason": "samme"}, client=duplicate)
    page = choose(alice, csv(HEADINGS, "Kari N.;1980;;FACT Nord"))
    assert "Alle i regnearket finnes fra før." in page.text
    alice.log("staff_blocked", {"staff_id": alice.id, "reason": "familie"}, client=kari)
    assert "Kari N. finnes fra før" not in choose(alice, csv(HEADINGS, "Kari N.;1980;;FACT Nord")).text


def test_that_somebody_is_there_is_a_read(world: World, alice: Person) -> None:
    ids = [alice.register(name, birth_year=year) for name, year in (("Åse Berg", 1950), ("Bjørn Dal", 1961))]
    world.clock.shift(hours=1)
    since = world.clock.now()
    page = choose(alice, csv(HEADINGS, "Åse Berg;1950;;FACT Nord", "Bjørn Dahl;1961;;FACT Nord"))
    assert "Åse Berg finnes fra før" in page.text
    assert "ligner på en som finnes fra før" in page.text
    with world.database.reading() as session:
        logged = session.scalars(select(ReadLog.client_id).where(ReadLog.at >= since)).all()
    assert sorted(map(str, logged)) == sorted(ids)


@pytest.mark.parametrize("hidden", ["\x00", "\x0b", "\u202e"])
def test_a_character_nobody_sees_is_shown_as_one(alice: Person, hidden: str) -> None:
    page = choose(alice, csv(f"Navn;Hva{hidden}nå;Team", f"Åse{hidden}Berg;;FACT Nord"))
    assert page.status_code == 422
    assert "Åse\ufffdBerg" in page.text
    assert hidden not in page.text.split("Slik leses regnearket")[-1]
