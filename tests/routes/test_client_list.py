"""`/kontor/brukere`: who is listed, found and counted, and a new client through the one door."""

import csv
import io
import re

import pytest
from werkzeug.test import TestResponse

from sync.ids import uuid7
from tests._world import Person, TeamOfWorld, World
from tests.routes._statements import statements

PAGE = "/kontor/brukere"


def listed(person: Person, **asked: str) -> list[str]:
    """The names in the list, in order."""
    text = person.http.get(PAGE, query_string=asked).get_data(as_text=True)
    return re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a>', text)


def form(team: TeamOfWorld, **fields: str) -> dict[str, str]:
    return {"name": "Ny Person", "team_id": team.id, "watch_answer": "watch", "watch_often": "24"} | fields


def send(person: Person, fields: dict[str, str]) -> TestResponse:
    return person.http.post(f"{PAGE}/ny", data={"form_id": str(uuid7())} | fields)


def test_clients_stand_by_name_and_are_found_forgivingly(alice: Person) -> None:
    for name in ("Åse Kjær", "Bjørg Håkonsen", "Øystein Lie", "Kari Nordmann"):
        alice.register(name, birth_year=1958 if name.startswith("Kari") else 1990)
    assert listed(alice) == ["Bjørg Håkonsen", "Kari Nordmann", "Øystein Lie", "Åse Kjær"]
    assert listed(alice, sok="bjorg") == ["Bjørg Håkonsen"]
    assert listed(alice, sok="vjorg") == ["Bjørg Håkonsen"]
    assert listed(alice, sok="1958") == ["Kari Nordmann"]
    assert listed(alice, sok="ingen slik") == []
    assert "Ingen passer med søket" in alice.get(f"{PAGE}?sok=qqqq").text


def test_the_list_is_narrowed(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari", primary_staff_id=bob.id)
    ola = alice.register("Ola", watch={"mode": "off"})
    per = alice.register("Per")
    alice.log("watch_set", {"mode": "interval", "interval_minutes": 1440, "counts": ["seen"], "reason": "avtalt"},
              client=per)  # fmt: skip
    alice.log("follow_up_ended", {"reason": "moved"}, client=ola)
    assert listed(alice) == ["Kari", "Per"]
    assert listed(alice, vis="avsluttet") == ["Ola"]
    assert listed(alice, vis="mangler-avtale") == ["Kari"]
    assert listed(alice, primar=bob.id) == ["Kari"]
    assert listed(alice, primar="ingen") == ["Per"]
    assert listed(alice, primar="x", vis="finnes ikke") == []
    assert listed(alice, vis="ikke-sett") == []
    world.clock.shift(hours=25)
    alice.sign_in()
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    assert listed(alice, vis="ikke-sett") == ["Per"]


def test_a_risk_past_its_day_stays_in_the_list_until_it_is_reviewed(world: World, alice: Person) -> None:
    kari, risk = alice.register("Kari"), str(uuid7())
    alice.log("risk_noted", {"risk_id": risk, "advice": ["dog"], "reason": "stor hund", "review_on": "2026-12-01"},
              client=kari)  # fmt: skip
    assert listed(alice, vis="gammel-risiko") == []
    world.clock.shift(days=9)
    alice.sign_in()
    assert listed(alice, vis="gammel-risiko") == ["Kari"]
    assert "gammelt i «Før du går inn»" in alice.get(PAGE).text
    assert f'id="risk-{risk}"' in alice.get("/kontor").text
    alice.log("risk_reviewed", {"risk_id": risk, "outcome": "kept", "review_on": "2027-01-01"}, client=kari)
    assert listed(alice, vis="gammel-risiko") == []
    assert f'id="risk-{risk}"' not in alice.get("/kontor").text


def test_clients_of_other_teams_are_neither_listed_nor_counted(world: World, alice: Person) -> None:
    other = world.staff("leader", world.team("Sør"), name="Odd")
    other.register("Skjult Person")
    alice.register("Kari")
    page = alice.get(PAGE).text
    assert listed(alice) == ["Kari"]
    assert "1 bruker" in page
    assert listed(alice, sok="skjult") == []


def test_nobody_is_found_by_an_address_behind_a_code(world: World, alice: Person) -> None:
    kari = alice.register("Kari", address="Strandgata 9")
    assert listed(alice, sok="strandgata") == ["Kari"]
    base = alice.sync(cursor=None)["changes"]
    base = max(one["seq"] for one in base if one["id"] == kari)
    alice.log("client_updated", {"base_seq": base, "fields": {"protected": "code7"}}, client=kari)
    assert listed(alice, sok="strandgata") == []
    assert listed(alice, sok="kari") == ["Kari"]


@pytest.mark.parametrize("what", ["", "/brukere.csv"])
def test_as_many_statements_for_many_clients_as_for_few(world: World, alice: Person, what: str) -> None:
    counts = []
    for more in (3, 30):
        for i in range(more):
            alice.register(f"Person {more} {i}", primary_staff_id=alice.id)
        world.clock.shift(minutes=61)
        alice.get(f"{PAGE}{what}")
        world.clock.shift(minutes=61)
        with statements(world) as asked:
            assert alice.get(f"{PAGE}{what}").status_code == 200
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1, counts
    assert counts[1] < 60, counts


def heads(person: Person, **asked: str | list[str]) -> list[str]:
    text = person.http.get(PAGE, query_string=asked).get_data(as_text=True)
    return re.findall(r'<th scope="col">([^<]*)</th>', text)


def exported(person: Person, **asked: str | list[str]) -> list[dict[str, str]]:
    answer = person.http.get(f"{PAGE}/brukere.csv", query_string=asked)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def test_the_columns_are_chosen_and_remembered(alice: Person) -> None:
    alice.register("Kari", phone="900 00 001", address="Gata 1")
    assert heads(alice) == ["Bruker", "Sist", "Bør ses", "Primærkontakt", "Å se på"]
    assert heads(alice, kolonne=["telefon", "neste", "finnes ikke"]) == ["Bruker", "Neste kontakt", "Telefon"]
    assert heads(alice) == ["Bruker", "Neste kontakt", "Telefon"]
    assert "900 00 001" in alice.get(PAGE).text
    assert "Gata 1" not in alice.get(PAGE).text


def test_those_on_the_board_are_listed(world: World, alice: Person, bob: Person) -> None:
    kari, ola = alice.register("Kari"), alice.register("Ola")
    board = {"column": "tight", "reasons": [], "review_on": "2026-12-01"}
    alice.log("board_placed", board, client=kari)
    assert listed(alice, vis="pa-tavla") == ["Kari"]
    assert "Tett i en periode" in alice.get(f"{PAGE}?kolonne=tavla").text
    alice.log("board_placed", board, client=ola)
    alice.log("board_removed", {}, client=kari)
    assert listed(bob, vis="pa-tavla") == ["Ola"]


def next_contact(person: Person) -> str:
    text = person.get(f"{PAGE}?kolonne=neste").text
    return re.sub("<[^>]*>", "", re.findall(r'<td data-label="Neste kontakt"[^>]*>(.*?)</td>', text)[0]).strip()


def test_the_next_contact_is_what_was_agreed_last(world: World, alice: Person, kari: str) -> None:
    assert next_contact(alice) == "–"
    alice.log("contact_interval_set", {"days": 14}, client=kari)
    agreed = {"outcome": "seen", "place": "home", "next_contact_on": "2026-12-09"}
    first = alice.log("visit_logged", agreed | {"next_contact_on": "2026-12-08"}, client=kari)["id"]
    second = alice.log("visit_logged", agreed, client=kari)["id"]
    assert next_contact(alice) == "9. des."
    assert "kontakt 9. des." in alice.get("/kontor/tavle").text
    alice.log("entry_corrected", {"entry_id": second, "what": "retracted", "reason": "feil"})
    assert next_contact(alice) == "8. des."
    alice.log("entry_corrected", {"entry_id": first, "what": "text", "reason": "feil",
                                  "body": {"next_contact_on": "2026-12-10"}})  # fmt: skip
    assert next_contact(alice) == "10. des."
    alice.log(
        "visit_planned", {"plan_id": str(uuid7()), "at": "2026-11-27T10:00:00+01:00", "staff_ids": []}, client=kari
    )
    assert next_contact(alice) == "fredag"
    alice.log("board_placed", {"column": "tight", "reasons": [], "review_on": "2026-12-01"}, client=kari)
    assert "neste fredag" in alice.get("/kontor/tavle").text
    world.clock.shift(days=18)
    alice.sign_in()
    assert "skulle hatt kontakt 10. des." in next_contact(alice)
    assert "skulle hatt kontakt 10. des." in alice.get("/kontor/tavle").text
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    assert next_contact(alice) == "25. des."


def test_the_file_has_what_is_seen_and_no_formula(alice: Person, bob: Person) -> None:
    alice.register("=cmd|calc", address="+Gata 1", birth_year=1980, primary_staff_id=bob.id)
    alice.register("Ola")
    rows = exported(alice, sok="cmd", kolonne=["primar", "adresse", "sist"])
    assert list(rows[0]) == ["name", "alias", "birth_year", "last_at", "last_as", "primary_contact", "address"]
    assert rows == [{"name": "'=cmd|calc", "alias": "", "birth_year": "1980", "last_at": "", "last_as": "",
                     "primary_contact": "Bob", "address": "'+Gata 1"}]  # fmt: skip
    assert [row["name"] for row in exported(alice)] == ["'=cmd|calc", "Ola"]
    assert bob.get(f"{PAGE}/brukere.csv").status_code == 403
    assert "Last ned lista" not in bob.get(PAGE).text


def test_the_file_holds_all_pages(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from fieldapp.queries import client_list

    monkeypatch.setattr(client_list, "PAGE", 1)
    for name in ("Anne", "Berit"):
        alice.register(name)
    assert [row["name"] for row in exported(alice, side="2")] == ["Anne", "Berit"]


def test_nobody_behind_a_code_is_told_by_the_file(world: World, alice: Person) -> None:
    from fieldapp.queries import client_list
    from tests.routes.test_access_matrix import protect

    for code in ("code6", "code7"):
        client = alice.register(f"Navn {code}", address="Hemmelig vei")
        protect(world, alice, client, code)
    odd = world.staff("leader", world.team("Sør"), name="Odd")
    odd.register("Skjult Person")
    every = list(client_list.COLUMNS)
    rows = exported(alice, kolonne=every)
    assert [row["name"] for row in rows] == ["Navn code7"]
    assert "Hemmelig" not in str(rows)
    assert "Hemmelig" not in alice.http.get(PAGE, query_string={"kolonne": every}).get_data(as_text=True)


def test_the_file_is_in_the_read_log(alice: Person, ingrid: Person, kari: str) -> None:
    exported(alice)
    (line,) = [
        one for one in ingrid.get(f"/api/clients/{kari}/readers").get_json()["readers"] if "watch" in one["what"]
    ]
    assert (line["name"], line["kind"]) == ("Alice", "transferred")


def test_long_lists_come_in_pages(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from fieldapp.queries import client_list

    monkeypatch.setattr(client_list, "PAGE", 2)
    for name in ("Anne", "Berit", "Cato"):
        alice.register(name)
    assert listed(alice) == ["Anne", "Berit"]
    assert listed(alice, side="2") == ["Cato"]
    assert listed(alice, side="99") == ["Cato"]
    assert listed(alice, side="-1") == ["Anne", "Berit"]
    assert 'rel="next"' in alice.get(PAGE).text


def test_the_form_names_ones_own_teams_and_people(world: World, alice: Person, bob: Person) -> None:
    odd = world.staff("leader", world.team("Sør"), name="Odd")
    page = alice.get(f"{PAGE}/ny").text
    assert bob.id in page
    assert odd.id not in page
    assert "Sør" not in page


def test_a_new_client_is_registered_with_what_was_agreed(alice: Person, team: TeamOfWorld) -> None:
    answer = send(alice, form(team, name="Nils", birth_year="1980", watch_answer="planned", contact_interval_days="7"))
    assert answer.status_code == 303
    page = alice.get(answer.location).text
    assert "Brukeren er registrert." in page
    assert "Ikke tilsyn." in page
    assert "Planlagt kontakt hver 7. dag." in page
    answer = send(alice, form(team, name="Tone", watch_often="12"))
    assert "skal ses innen 12 t" in alice.get(answer.location).text
    assert listed(alice) == ["Nils", "Tone"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"team_id": ""}, "team_id"),
        ({"watch_answer": ""}, "watch_answer"),
        ({"watch_often": ""}, "watch_often"),
        ({"birth_year": "19 80"}, "birth_year"),
        ({"birth_year": "3000"}, "birth_year"),
        ({"primary_staff_id": str(uuid7())}, "primary_staff_id"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(
    alice: Person, team: TeamOfWorld, fields: dict[str, str], field: str
) -> None:
    answer = send(alice, form(team, address="Gata 1 «her»", **fields))
    assert answer.status_code == 422
    assert f'id="ny-{field}-error"' in answer.text
    assert "Gata 1 «her»" in answer.text
    assert listed(alice) == []


def test_the_same_form_twice_is_one_client(alice: Person, team: TeamOfWorld) -> None:
    fields = {"form_id": str(uuid7())} | form(team)
    first, second = send(alice, fields), send(alice, fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert listed(alice) == ["Ny Person"]


def test_somebody_who_may_be_there_already_is_asked_about_once(alice: Person, team: TeamOfWorld) -> None:
    alice.register("Kari Nordmann", birth_year=1958)
    asked = send(alice, form(team, name="Kari Nordman"))
    assert asked.status_code == 422
    assert "Finnes personen fra før?" in asked.text
    assert send(alice, form(team, name="Kari Nordman", somebody_else="1")).status_code == 303
    assert listed(alice) == ["Kari Nordman", "Kari Nordmann"]


def test_no_hint_tells_of_a_client_who_is_hidden(world: World, alice: Person, team: TeamOfWorld) -> None:
    other = world.staff("leader", world.team("Sør"), name="Odd")
    other.register("Kari Nordmann", birth_year=1958)
    kari = alice.register("Kari Nordmann", birth_year=1958)
    boss = world.staff("leader", team, name="Berit")
    boss.log("staff_blocked", {"staff_id": alice.id, "reason": "familie"}, client=kari)
    answer = send(alice, form(team, name="Kari Nordmann", birth_year="1958"))
    assert answer.status_code == 303


def test_a_team_of_others_cannot_be_given_a_client(world: World, alice: Person, team: TeamOfWorld) -> None:
    other = world.team("Sør")
    answer = send(alice, form(other))
    assert answer.status_code == 422
    assert listed(alice) == []
