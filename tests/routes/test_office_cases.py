"""`/kontor/saker`: the law's dates, FROM and BY never mixed, and what is new in a case."""

import uuid

import pytest

from tests._world import Person, World


@pytest.fixture
def rent(alice: Person) -> str:
    """Aina's letter: the warning was sent on the 13th."""
    case, aina = str(uuid.uuid4()), alice.register("Aina R.", primary_staff_id=alice.id)
    letter = {"kind": "eviction_notice", "dated_on": "2026-11-12", "sent_on": "2026-11-13"}
    alice.log("rent_problem_reported", {"amount_nok": "14250.00", "letters": [letter]}, client=aina, case=case)
    return f"/kontor/saker/{case}"


def test_what_can_happen_from_a_day_is_never_called_a_deadline(alice: Person, rent: str) -> None:
    page = alice.get(rent).text
    assert "Husleie: restanse 14\u00a0250,00 kr" in page
    assert "Kan begjæres fra fredag 27. nov. Full betaling" in page
    assert "tvfbl §§\u00a04-18, 13-2 tredje ledd bokstav a" in page
    assert "Må besvares innen" not in page
    assert "frist" not in page.split("Kan skje fra")[1].split("</p>")[0]


def test_a_letter_from_the_namsmann_must_be_answered_by_a_day(alice: Person, rent: str) -> None:
    form = {"letter_kind": "bailiff_letter", "letter_received_on": "2026-11-21", "note": "Lå i postkassa"}
    alice.http.post(rent, data=form)
    page = alice.get(rent).text
    assert "Svar namsmannen innen lørdag 5. des." in page
    assert "loven kan gi deg til mandag 7. des." in page
    assert "Lå i postkassa" in page
    assert "svar innen 5. des." in alice.get("/kontor").text


def test_what_is_left_empty_stays_as_it_was(alice: Person, rent: str) -> None:
    alice.http.post(rent, data={"plan": "instalments", "amount_nok": " ", "next_step": "Alice ringer utleier"})
    page = alice.get(rent).text
    assert "Nedbetalingsavtale" in page
    assert "14\u00a0250,00 kr" in page
    assert "Alice ringer utleier" in page


@pytest.mark.parametrize(
    ("typed", "shown"), [("12 000,50", "12\u00a0000,50"), ("1.500,00", "1\u00a0500,00"), ("99", "99,00")]
)
@pytest.mark.engines("sqlite")
def test_an_amount_is_read_as_people_write_it(alice: Person, rent: str, typed: str, shown: str) -> None:
    assert alice.http.post(rent, data={"amount_nok": typed}).status_code == 303
    assert f"restanse {shown} kr" in alice.get(rent).text


@pytest.mark.parametrize("typed", ["mye", "1,234", "-5", "99999999999999", "١٢"])
@pytest.mark.engines("sqlite")
def test_an_amount_that_is_none_is_refused_and_kept_in_its_field(alice: Person, rent: str, typed: str) -> None:
    answer = alice.http.post(rent, data={"amount_nok": typed, "note": "behold meg"})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "behold meg" in answer.text


def test_an_update_with_nothing_in_it_says_so(alice: Person, rent: str) -> None:
    assert "Skriv hva som er nytt i saken." in alice.http.post(rent, data={}).text


def test_a_date_without_a_letter_asks_which_letter(alice: Person, rent: str) -> None:
    answer = alice.http.post(rent, data={"letter_sent_on": "2026-11-20"})
    assert answer.status_code == 422
    assert "Velg hva slags brev det er." in answer.text


def test_an_update_can_be_undone(alice: Person, rent: str) -> None:
    entry_id = alice.http.post(rent, data={"plan": "paid"}).location.split("angre=")[1].split("&")[0]
    alice.http.post("/kontor/angre", data={"entry_id": entry_id, "tilbake": rent})
    assert "ingen ennå" in alice.get(rent).text


def test_a_case_that_ends_moves_from_the_open_list_to_the_closed(alice: Person, rent: str) -> None:
    alice.http.post(rent, data={"status": "evicted"})
    assert "Aina R." not in alice.get("/kontor/saker").text
    closed = alice.get("/kontor/saker?status=avsluttet").text
    assert "mistet boligen" in closed
    assert "kastet ut" not in closed


def test_the_list_is_narrowed_by_kind(alice: Person, rent: str) -> None:
    assert "Aina R." in alice.get("/kontor/saker?art=rent").text
    assert "Aina R." not in alice.get("/kontor/saker?art=complaint").text
    assert "Aina R." in alice.get("/kontor/saker?art=noe-annet").text


def test_who_complained_is_kept_apart_from_what_is_shown_first(alice: Person) -> None:
    case, kari = str(uuid.uuid4()), alice.register("Kari L.")
    body = {"what": ["noise"], "complainant": "neighbour", "complainant_name": "Olga Nabo", "client_role": "suffers"}
    alice.log("neighbour_complaint_received", body, client=kari, case=case)
    page = alice.get(f"/kontor/saker/{case}").text
    assert "Brukeren er den som rammes" in page
    assert page.count("Olga Nabo") == 1
    assert "Olga Nabo" in page.split("<summary>Vis navn</summary>")[1].split("</details>")[0]
    assert "Olga Nabo" not in alice.get(f"/kontor/bruker/{kari}").text


def test_a_crisis_has_its_steps_in_order_and_no_form(alice: Person) -> None:
    case, siv = str(uuid.uuid4()), alice.register("Siv T.")
    alice.log("crisis_opened", {"kind": "overdose"}, client=siv, case=case)
    alice.log("crisis_step_logged", {"step": "called_113"}, client=siv, case=case)
    alice.log("crisis_step_logged", {"step": "naloxone", "count": 2}, client=siv, case=case)
    page = alice.get(f"/kontor/saker/{case}").text
    assert page.index("Ringte 113") < page.index("Nalokson gitt (2)")
    assert "Nytt i saken" not in page
    assert alice.http.post(f"/kontor/saker/{case}", data={"note": "x"}).status_code == 404


def test_a_foreign_case_is_a_missing_case(world: World, alice: Person, rent: str) -> None:
    charlie = world.staff("leader", world.team(), name="Charlie")
    missing = f"/kontor/saker/{uuid.uuid4()}"
    assert charlie.get(rent).text == charlie.get(missing).text
    assert [charlie.http.post(path, data={"note": "x"}).status_code for path in (rent, missing)] == [404, 404]


@pytest.fixture
def crisis(alice: Person) -> str:
    case, even = str(uuid.uuid4()), alice.register("Even B.", primary_staff_id=alice.id)
    alice.log("crisis_opened", {"kind": "overdose"}, client=even, case=case)
    return f"/kontor/saker/{case}"


def test_a_running_crisis_is_closed_in_the_office_and_its_alert_ends(alice: Person, crisis: str) -> None:
    assert [one["kind"] for one in alice.alerts()] == ["crisis"]
    missing = alice.http.post(f"{crisis}/avslutt", data={"outcome": "", "note": "Roet seg"})
    assert missing.status_code == 422
    assert ">Roet seg</textarea>" in missing.text
    closed = alice.http.post(
        f"{crisis}/avslutt", data={"outcome": "calmed_home", "admission_avoided": "yes"}, follow_redirects=True
    )
    assert "Krisen er avsluttet." in closed.text
    assert "Angre" in closed.text
    assert alice.alerts() == []
    assert "Avslutt krisen" not in alice.get(crisis).text


def test_a_step_of_a_crisis_is_logged_in_the_office(alice: Person, crisis: str) -> None:
    form = {"step": "naloxone", "count": "2"}
    assert "Nalokson gitt (2)" in alice.http.post(f"{crisis}/steg", data=form, follow_redirects=True).text
    wrong = alice.http.post(f"{crisis}/steg", data=form | {"count": "mange"})
    assert wrong.status_code == 422
    assert "Skriv et helt tall fra 1 til 50." in wrong.text


def test_the_page_of_a_crisis_alert_leads_to_where_it_is_closed(alice: Person, crisis: str) -> None:
    page = alice.get(f"/kontor/varsler/{alice.alerts()[0]['id']}").text
    assert f'href="{crisis}"' in page
    assert "på telefonen" not in page.split('class="answers"')[1]


def follow_ups(person: Person) -> str:
    page = person.get("/kontor").text
    return page.split('id="follow-ups-head"')[1].split("</section>")[0] if 'id="follow-ups-head"' in page else ""


def test_the_follow_up_of_a_crisis_stands_on_the_day_until_somebody_has_told_of_it(
    world: World, alice: Person, crisis: str
) -> None:
    alice.http.post(f"{crisis}/avslutt", data={"outcome": "calmed_home", "debrief": "1"})
    assert follow_ups(alice) == ""
    world.clock.shift(days=2)
    alice.sign_in()
    assert "Even B." in follow_ups(alice)
    assert "Snakk sammen om krisen etterpå" in follow_ups(alice)
    assert "skulle vært gjort i går" in follow_ups(alice)
    assert alice.http.post(f"{crisis}/oppfulgt", data={"note": " "}).status_code == 422
    alice.http.post(f"{crisis}/oppfulgt", data={"note": "Snakket sammen på morgenmøtet"})
    assert follow_ups(alice) == ""
    world.clock.shift(days=1)
    alice.sign_in()
    assert "Møt brukeren etter krisen" in follow_ups(alice)
    answer = alice.http.post(f"{crisis}/oppfulgt", data={"note": "Hjemme hos Even, bedre"}, follow_redirects=True)
    assert "Oppfølgingen er ført." in answer.text
    world.clock.shift(days=3)
    alice.sign_in()
    assert follow_ups(alice) == ""


def test_a_step_that_came_late_from_a_phone_is_no_follow_up(world: World, alice: Person, crisis: str) -> None:
    alice.http.post(f"{crisis}/avslutt", data={"outcome": "calmed_home"})
    case = crisis.split("/")[-1]
    even = alice.pull()[("case", case)]["client_id"]
    alice.log("crisis_step_logged", {"step": "left"}, client=even, case=case)
    world.clock.shift(days=2)
    alice.sign_in()
    assert "Even B." in follow_ups(alice)


def test_who_was_not_found_is_looked_for_until_another_end_is_told(world: World, alice: Person, crisis: str) -> None:
    alice.http.post(f"{crisis}/avslutt", data={"outcome": "not_found"})
    assert "Let videre" in follow_ups(alice)
    assert "Er personen funnet?" in alice.get(crisis).text
    alice.http.post(f"{crisis}/avslutt", data={"outcome": "safe_with_others"})
    assert "Let videre" not in alice.get("/kontor").text
    assert "Trygt hos andre" in alice.get(crisis).text


def test_every_field_of_an_update_can_be_read_back(world: World, alice: Person, rent: str) -> None:
    bob = world.staff("fieldworker", *alice.teams, name="Bob Dal")
    form = {"next_step": "Jonas ringer boligkontoret", "next_step_on": "2026-12-01", "owner_id": bob.id,
            "deadline_on": "2026-12-04"}  # fmt: skip
    page = alice.http.post(rent, data=form, follow_redirects=True).text
    line = page.split('class="timeline"')[1]
    for words in ("Neste steg: Jonas ringer boligkontoret", "Når: 1. des.", "Eier: Bob Dal.", "Vår frist: 4. des."):
        assert words in line, words


def test_a_complaint_that_goes_on_says_with_what(alice: Person) -> None:
    case, kari = str(uuid.uuid4()), alice.register("Kari L.")
    body = {"what": ["noise"], "complainant": "neighbour", "client_role": "unclear"}
    alice.log("neighbour_complaint_received", body, client=kari, case=case)
    alice.log("neighbour_complaint_updated", {"next_step": "Snakke med Kari"}, client=kari, case=case)
    alice.log("neighbour_complaint_updated", {"answer_given": True}, client=kari, case=case)
    line = alice.get(f"/kontor/saker/{case}").text.split('class="timeline"')[1]
    assert "Neste steg: Snakke med Kari" in line
    assert "Svar gitt." in line
