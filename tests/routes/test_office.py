"""`/kontor`: the leader's day, live; one client's page; and who may see what."""

import re
import uuid

from tests._world import Person, World


def mark_of(page: str) -> str:
    found = re.search(r'"merke": "([^"]+)"', page)
    assert found
    return found[1]


def poll(person: Person, path: str, mark: str):
    return person.http.get(path, query_string={"merke": mark}, headers={"HX-Request": "true"})


def test_an_empty_day_says_what_to_do_and_that_the_alerting_is_down(alice: Person) -> None:
    page = alice.get("/kontor").text
    assert "Alle er sett som avtalt." in page
    assert "Ingen vaktliste: alle ansatte og ledere får varslene døgnet rundt." in page
    assert "Varslingen i Sett er nede." in page


def test_whose_clock_has_run_out_stands_before_whose_runs_out_soon(world: World, alice: Person) -> None:
    alice.register("Even B.", watch={"mode": "interval", "interval_minutes": 60})
    world.clock.shift(hours=2)
    alice.register("Kari L.", watch={"mode": "interval", "interval_minutes": 300})
    world.tick()
    page = alice.get("/kontor").text
    assert "Even B. er ikke sett ennå" in page
    assert "Varselet er ikke tatt" in page
    assert page.index("skulle vært sett innen 11.00") < page.index("bør ses innen 17.00")
    assert "Varslingen i Sett er nede." not in page


def test_a_page_on_which_nothing_changed_costs_nothing(world: World, alice: Person) -> None:
    page = alice.get("/kontor").text
    unchanged = poll(alice, "/kontor", mark_of(page))
    assert (unchanged.status_code, unchanged.data) == (204, b"")
    alice.register("Kari L.")
    changed = poll(alice, "/kontor", mark_of(page))
    assert changed.status_code == 200
    assert "Kari L." not in page
    assert "<html" not in changed.text
    assert 'id="pill" hx-swap-oob' in changed.text


def test_a_minute_later_the_times_on_the_page_are_fresh(world: World, alice: Person) -> None:
    page = alice.get("/kontor").text
    world.clock.shift(minutes=1)
    assert "Oppdatert 10.01" in poll(alice, "/kontor", mark_of(page)).text


def test_a_session_that_has_run_out_is_told_to_the_page_alone(world: World, alice: Person) -> None:
    alice.sign_out()
    answer = poll(alice, "/kontor", "1.1.1")
    assert (answer.status_code, answer.text) == (401, "")


def test_the_contacts_of_today_are_counted_by_degree(world: World, alice: Person) -> None:
    kari = alice.register("Kari L.")
    for outcome in ("seen", "seen", "heard", "no_answer"):
        alice.log("visit_logged", {"outcome": outcome, "place": "home"}, client=kari)
    alice.log("street_contact_logged", {"place_label": "Havna", "people": 3})
    page = alice.get("/kontor").text
    assert "3 sett · 1 hørt · 1 ikke truffet" in page
    assert "3 uten navn" in page


def test_an_undone_contact_is_not_counted(world: World, alice: Person) -> None:
    kari = alice.register("Kari L.")
    visit = alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    alice.log("entry_corrected", {"entry_id": visit["id"], "what": "retracted", "reason": "angret"}, client=kari)
    assert "0 sett · 0 hørt · 0 ikke truffet" in alice.get("/kontor").text
    assert "angret, teller ikke" in alice.get(f"/kontor/bruker/{kari}").text


def test_the_crises_of_the_last_day_say_how_they_ended(world: World, alice: Person) -> None:
    siv, case = alice.register("Siv T."), str(uuid.uuid4())
    alice.log("crisis_opened", {"kind": "overdose"}, client=siv, case=case)
    assert "Krise: Siv T." in alice.get("/kontor").text
    alice.log("crisis_closed", {"outcome": "calmed_home", "admission_avoided": "yes"}, client=siv, case=case)
    page = alice.get("/kontor").text
    assert "roet, ble hjemme" in page
    assert "innleggelse unngått" in page


def test_absences_say_when_somebody_is_expected_back(world: World, alice: Person) -> None:
    kjell = alice.register("Kjell A.")
    away = {"absence_id": str(uuid.uuid4()), "kind": "admitted", "where": "døgnpost 2", "expected_end_on": "2026-11-25"}
    alice.log("absence_started", away, client=kjell)
    page = alice.get("/kontor").text
    assert "ventes tilbake onsdag 12.00" in page
    assert "slutter snart" in page
    assert "tilsynet står stille: innlagt" in alice.get(f"/kontor/bruker/{kjell}").text


def test_an_absence_far_from_its_end_says_when_it_must_be_asked_about(world: World, alice: Person) -> None:
    kjell = alice.register("Kjell A.")
    away = {"absence_id": str(uuid.uuid4()), "kind": "prison", "expected_end_on": "2027-06-01"}
    alice.log("absence_started", away, client=kjell)
    assert "hør hvordan det står til" not in alice.get("/kontor").text
    world.clock.shift(days=31)
    alice.sign_in()
    page = alice.get("/kontor").text
    assert "ventes tilbake 1. juni 2027" in page
    assert "hør hvordan det står til" in page
    assert "slutter snart" not in page


def test_an_agreement_to_be_looked_at_again_is_a_line_until_a_new_one_is_made(world: World, alice: Person) -> None:
    kari = alice.register("Kari N.", primary_staff_id=alice.id)
    terms = {"mode": "interval", "interval_minutes": 40_000, "reason": "avtalt"}
    alice.log("watch_set", {**terms, "review_on": "2026-11-26"}, client=kari)
    assert "Avtaler å vurdere på nytt" not in alice.get("/kontor").text
    world.clock.shift(days=3)  # a Thursday
    alice.sign_in()
    assert "til vurdering i dag" in alice.get("/kontor").text
    world.clock.shift(days=1)
    assert "ikke fulgt opp på en virkedag" not in alice.get("/kontor").text
    world.clock.shift(days=3)
    alice.sign_in()
    assert "ikke fulgt opp på en virkedag" in alice.get("/kontor").text
    alice.log("watch_set", {**terms, "review_on": "2027-03-01"}, client=kari)
    assert "Avtaler å vurdere på nytt" not in alice.get("/kontor").text


def test_a_phone_with_unsent_entries_or_without_push_is_named(world: World, alice: Person) -> None:
    bob = world.staff("fieldworker", *alice.teams, name="Bob")
    bob.sync(unsent_after=3)
    page = alice.get("/kontor").text
    assert "3 ikke sendt" in page
    assert "Bobs telefon" in page
    at_risk = page.split("På vakt uten telefon som viser varsler")[1]
    assert at_risk.index("Alice") < at_risk.index("Bob") < at_risk.index("3 ikke sendt")
    assert "på vakt nå · varsler er ikke slått på" in at_risk


def test_those_off_duty_without_push_are_named_last(world: World, alice: Person) -> None:
    world.staff("fieldworker", *alice.teams, name="Bob")
    span = {"from_at": "2026-11-23T09:00:00+01:00", "to_at": "2026-11-23T17:00:00+01:00"}
    alice.log("duty_set", {"team_id": alice.teams[0].id, "staff_id": alice.id, "duty": "duty"} | span)
    page = alice.get("/kontor").text
    assert "Alice" in page.split("På vakt uten telefon som viser varsler")[1].split("</li>")[0]
    assert "Bob" in page.split("Får ikke varsler på telefonen")[1]


def test_the_leader_sees_what_each_phone_told_of_itself_and_the_others_do_not(world: World, alice: Person) -> None:
    bob = world.staff("fieldworker", *alice.teams, name="Bob")
    health = {"permission": "denied", "installed": True, "persistent": False}
    bob.post("/api/devices", {"device_id": bob.device_id, "name": "Bobs telefon", "health": health})
    page = alice.get("/kontor/team").text
    assert "Bobs telefon" in page
    of_bob = page.split("Bobs telefon")[-1]
    assert [words in of_bob for words in ("aldri", "slått av", "ja", "nei")] == [True] * 4
    assert "Telefonene" not in bob.get("/kontor/team").text


def test_charlie_sees_nothing_of_another_teams_clients(world: World, alice: Person) -> None:
    even = alice.register("Even B.", watch={"mode": "interval", "interval_minutes": 60})
    world.clock.shift(hours=2)
    world.tick()
    alert = alice.alerts()[0]["id"]
    charlie = world.staff("leader", world.team("Et annet team"), name="Charlie")
    for page in ("/kontor", "/kontor/varsler", "/kontor/saker"):
        assert "Even B." not in charlie.get(page).text
    for foreign in (f"/kontor/bruker/{even}", f"/kontor/varsler/{alert}"):
        missing = foreign.rsplit("/", 1)[0] + f"/{uuid.uuid4()}"
        answers = [charlie.get(path) for path in (foreign, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text


def test_the_address_chooses_among_ones_own_teams_only(world: World) -> None:
    north, south, elsewhere = world.team("Nord"), world.team("Sør"), world.team("Et annet team")
    alice = world.staff("leader", north, south, name="Alice")
    charlie = world.staff("leader", elsewhere, name="Charlie")
    for person, team, name in ((alice, north, "Nora"), (alice, south, "Sara"), (charlie, elsewhere, "Ella")):
        person.register(name, team, watch={"mode": "interval", "interval_minutes": 60})
    both, one, foreign = (
        alice.get(path).text for path in ("/kontor", f"/kontor?team={south.id}", f"/kontor?team={elsewhere.id}")
    )
    assert ("Nora" in both, "Sara" in both) == (True, True)
    assert ("Nora" in one, "Sara" in one) == (False, True)
    assert ("Nora" in foreign, "Ella" in foreign) == (True, False)


def test_the_title_of_a_clients_page_has_no_name_in_it(alice: Person) -> None:
    kari = alice.register("Kari L.")
    title = re.search("<title>(.*)</title>", alice.get(f"/kontor/bruker/{kari}").text)
    assert title
    assert "Kari" not in title[1]


def test_what_a_client_is_called_is_text_and_never_markup(alice: Person) -> None:
    kari = alice.register("<script>alert(1)</script>")
    for path in (f"/kontor/bruker/{kari}", "/kontor"):
        assert "<script>alert" not in alice.get(path).text


def test_angre_leads_back_into_the_office_and_nowhere_else(alice: Person) -> None:
    kari = alice.register("Kari L.")
    visit = alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    evil = alice.http.post("/kontor/angre", data={"entry_id": visit["id"], "tilbake": "https://evil.example"})
    assert evil.status_code == 422
    done = alice.http.post("/kontor/angre", data={"entry_id": visit["id"], "tilbake": f"/kontor/bruker/{kari}"})
    assert (done.status_code, done.location) == (303, f"/kontor/bruker/{kari}?gjort=angret")


def test_nobody_undoes_what_they_cannot_see(world: World, alice: Person) -> None:
    kari = alice.register("Kari L.")
    visit = alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    charlie = world.staff("leader", world.team(), name="Charlie")
    for entry_id in (visit["id"], str(uuid.uuid4())):
        answer = charlie.http.post("/kontor/angre", data={"entry_id": entry_id, "tilbake": "/kontor"})
        assert answer.status_code == 404


def test_a_form_sent_from_another_site_is_stopped(alice: Person) -> None:
    answer = alice.http.post("/kontor/angre", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
