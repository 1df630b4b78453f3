"""`/kontor/oppforing/<id>`: an entry whole, corrected, taken back and moved at the office, by the phone's own entry."""

import re
import uuid
from html import unescape

import pytest
from werkzeug.test import TestResponse

from fieldapp.models import EntryState
from sync.ids import uuid7
from tests._read_log import rows
from tests._world import Person, TeamOfWorld, World
from tests.routes._code6 import hide
from tests.routes._statements import statements


def path(entry: str, what: str = "") -> str:
    return f"/kontor/oppforing/{entry}{what}"


def page(person: Person, entry: str) -> str:
    answer = person.get(path(entry))
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def standing(person: Person, entry: str) -> dict[str, list[str]]:
    """Every field of the form «Rett» as a browser would send it, untouched."""
    form = person.get(path(entry)).text.split('/rett"')[1].split("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(unescape(value[1] if value else ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)</textarea>', form):
        found[name] = [unescape(text).replace("\n", "\r\n")]
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = [chosen[1] if chosen else re.findall(r'value="([^"]*)"', options)[0]]
    return found


def correct(person: Person, entry: str, **fields: str | list[str]) -> TestResponse:
    """The form as it stands, with these answers otherwise."""
    return person.http.post(
        path(entry, "/rett"), data=standing(person, entry) | {"correction_reason": "skrivefeil"} | fields
    )


def visit(person: Person, client: str, **body: object) -> str:
    said = {"outcome": "seen", "place": "home", "note": "Drakk kaffe"} | body
    return str(person.log("visit_logged", said, client=client)["id"])


def replica(person: Person, entry: str) -> dict[str, object]:
    return person.pull()["entry", entry]


def test_every_field_who_and_when_are_read(alice: Person, bob: Person, kari: str) -> None:
    entry = visit(bob, kari, client_said="Sliten", condition="worse", topics=["home"], with_staff=[alice.id],
                  duration_min=75, next_contact_on="2026-12-01")  # fmt: skip
    text = page(alice, entry)
    for words in ("Hjemmebesøk, traff", "Ført av Bob.", "Sliten", "Dårligere", "Alice", "1 t 15 min", "1. des.",
                  "Drakk kaffe", "23. nov", "Kom inn"):  # fmt: skip
        assert words in text, words


def test_any_field_and_the_time_are_corrected_and_both_stand(alice: Person, bob: Person, kari: str) -> None:
    entry = visit(bob, kari, topics=["home"])
    answer = correct(bob, entry, note="Drakk te", outcome="declined", contact="seen", topics=[],
                     occurred_at="2026-11-23T08:15")  # fmt: skip
    assert answer.status_code == 303
    assert "Rettet. Det som sto før" in bob.get(answer.location).text
    told = replica(alice, entry)
    now = told["body"] | {"note": "Drakk te", "outcome": "declined", "contact": "seen"}
    assert told["amended_body"] == now | {"topics": []}
    text = page(alice, entry)
    assert "Drakk te" in text
    assert "Før: Drakk kaffe" in text
    assert "Hjemmebesøk, takket nei" in text
    assert "08.15" in text
    assert "skrivefeil" in text


def test_each_correction_tells_what_it_changed(alice: Person, bob: Person, kari: str) -> None:
    entry = visit(bob, kari)
    assert correct(bob, entry, note="Drakk te").status_code == 303
    assert correct(alice, entry, note="Drakk saft", correction_reason="feil drikke").status_code == 303
    fixes = page(alice, entry).split('id="fixes"')[1]
    newest, oldest = fixes.split("<li id=")[1:3]
    assert ("Drakk saft" in newest, "Før: Drakk te" in newest, "feil drikke" in newest) == (True, True, True)
    assert ("Drakk te" in oldest, "Før: Drakk kaffe" in oldest) == (True, True)


def test_only_what_was_changed_is_sent(alice: Person, bob: Person, kari: str) -> None:
    entry = visit(bob, kari, client_said="To\nlinjer", topics=["health", "home"], quick=None)
    assert correct(bob, entry, condition="better").status_code == 303
    (fix,) = [data for (kind, _), data in bob.pull().items() if kind == "entry" and data["type"] == "entry_corrected"]
    assert fix["body"]["body"] == {"condition": "better"}
    assert "occurred_at" not in fix["body"]
    nothing = correct(bob, entry)
    assert nothing.status_code == 422
    assert "Ingenting er endret." in nothing.text


def test_a_form_that_is_older_than_a_correction_says_so(alice: Person, bob: Person, kari: str) -> None:
    entry = visit(bob, kari)
    old = standing(alice, entry)
    assert correct(bob, entry, note="Drakk te").status_code == 303
    answer = alice.http.post(path(entry, "/rett"), data=old | {"correction_reason": "x", "note": "Drakk saft"})
    assert answer.status_code == 422
    assert "Noen har rettet oppføringen siden" in answer.text
    assert "Drakk saft" in answer.text


def test_a_form_that_is_sent_twice_says_that_it_is_done(bob: Person, kari: str) -> None:
    entry = visit(bob, kari)
    typed = standing(bob, entry) | {"correction_reason": "skrivefeil", "note": "Drakk te"}
    for what, form, said in (("rett", typed, "rettet"), ("trekk-tilbake", {}, "trukket")):
        answers = [bob.http.post(path(entry, f"/{what}"), data=form) for _ in range(2)]
        assert [one.status_code for one in answers] == [303, 303], what
        assert all(f"gjort={said}" in one.location for one in answers)
    assert sum(data.get("type") == "entry_corrected" for data in bob.pull().values()) == 2


def test_a_registration_says_what_ends_when_it_is_taken_back(world: World, team: TeamOfWorld, alice: Person) -> None:
    says = "følges brukeren ikke opp i Sett lenger, og ingen får nye varsler"
    ola = alice.register("Ola")
    alice.log("client_team_set", {"team_id": world.team("Sør").id, "from_on": "2026-01-01"}, client=ola)
    (registration,) = [id_ for (_, id_), row in alice.pull().items() if row.get("type") == "client_registered"]
    world.clock.shift(hours=1)
    assert says in page(alice, registration)
    assert says not in page(alice, visit(alice, ola))
    answer = alice.http.post(path(registration, "/trekk-tilbake"), data={"reason": "ført to ganger"})
    assert answer.status_code == 303
    world.clock.shift(days=3)
    world.tick()
    alice.sign_in()
    assert alice.alerts() == []
    assert ("client", ola) not in alice.pull()


def test_a_form_that_shows_nothing_is_no_read(
    world: World, alice: Person, bob: Person, team: TeamOfWorld, kari: str
) -> None:
    entry, cara = visit(bob, kari), world.staff("fieldworker", team, name="Cara")
    before = len(rows(world))
    for what in ("/rett", "/trekk-tilbake", "/feil-bruker"):
        assert cara.http.post(path(entry, what), data={"reason": "x"}).status_code == 403
    assert alice.http.post(path(entry, "/trekk-tilbake"), data={"reason": "feil dag"}).status_code == 303
    assert len(rows(world)) == before
    assert alice.get(path(entry)).status_code == 200
    assert len(rows(world)) > before


def test_a_text_that_is_hidden_is_not_corrected(world: World, alice: Person, bob: Person, kari: str) -> None:
    crisis = {"kind": "crisis", "green": "Ro", "bed": {"place": "Hos søster, Strandgata 9", "nights": 2}}
    entry = str(bob.log("plan_noted", crisis, client=kari)["id"])
    hide(world, alice, kari, alice, bob)
    assert bob.http.post(f"/kontor/bruker/{kari}/tekster/{entry}", data={"svar": "sted"}).status_code == 303
    asked = standing(bob, entry)
    assert "(teksten er skjult)" not in str(asked), "it would be written as if somebody had said so"
    assert not {"green", "bed.place", "bed.nights"} & set(asked)
    assert correct(bob, entry, red_need="Stillhet").status_code == 303
    with world.database.deciding() as session:
        body = session.get_one(EntryState, uuid.UUID(entry)).body
    assert (body["red_need"], body["green"], body["bed"]) == ("Stillhet", "Ro", crisis["bed"])


def test_what_is_wrong_stands_beside_the_field(alice: Person, bob: Person, kari: str) -> None:
    entry = visit(bob, kari)
    answer = correct(bob, entry, duration_min="mange", correction_reason="")
    assert answer.status_code == 422
    assert 'id="rett-duration_min-error"' in answer.text
    assert 'id="rett-correction_reason-error"' in answer.text
    answer = correct(bob, entry, client_said="x" * 2001)
    assert 'id="rett-client_said-error"' in answer.text
    answer = correct(bob, entry, outcome="")
    assert answer.status_code == 422
    assert replica(bob, entry)["amended_body"] is None


def test_lines_and_parts_of_a_body_are_corrected(alice: Person, kari: str) -> None:
    letters = [{"kind": "reminder", "dated_on": "2026-11-02"}]
    rent = str(alice.log("rent_problem_reported", {"amount_nok": "1200.50", "letters": letters}, client=kari,
                         case=str(uuid7()))["id"])  # fmt: skip
    more = {"letters-1-kind": "eviction_notice", "letters-1-dated_on": "2026-11-20", "amount_nok": "1300,50"}
    assert correct(alice, rent, **more).status_code == 303
    now = replica(alice, rent)["amended_body"]
    assert now["amount_nok"] == "1300.50"
    assert now["letters"] == [*letters, {"kind": "eviction_notice", "dated_on": "2026-11-20"}]
    crisis = {"kind": "crisis", "green": "Ro", "bed": {"place": "Voll", "nights": 2}}
    plan = str(alice.log("plan_noted", crisis, client=kari)["id"])
    assert correct(alice, plan, **{"bed.nights": "3"}).status_code == 303
    assert replica(alice, plan)["amended_body"]["bed"] == {"place": "Voll", "nights": 3}


def test_a_fresh_entry_is_undone_without_a_reason(world: World, bob: Person, kari: str) -> None:
    entry = visit(bob, kari)
    assert "Angrer du, teller det ikke." in page(bob, entry)
    assert bob.http.post(path(entry, "/trekk-tilbake")).status_code == 303
    text = page(bob, entry)
    assert "Trukket tilbake. Det teller ikke." in text
    assert 'action="' not in text.split("<main")[1].split("</main>")[0].replace("/kontor/angre", "")
    older = visit(bob, kari)
    world.clock.shift(minutes=11)
    assert "Angrer du" not in page(bob, older)
    unsaid = bob.http.post(path(older, "/trekk-tilbake"))
    assert unsaid.status_code == 422
    assert 'id="trekk-tilbake-reason-error"' in unsaid.text
    assert bob.http.post(path(older, "/trekk-tilbake"), data={"reason": "feil dag"}).status_code == 303
    assert "feil dag" in page(bob, older)


def test_the_wrong_client_is_left_and_the_right_one_found(alice: Person, bob: Person, kari: str) -> None:
    ola = alice.register("Ola Nordmann", birth_year=1970)
    entry = visit(bob, kari)
    found = bob.get(f"{path(entry)}?sok=nordmann").text
    assert ola in found
    assert "f. 1970" in found
    moved = bob.http.post(path(entry, "/feil-bruker"), data={"to_client_id": ola, "reason": "forvekslet"})
    assert moved.status_code == 303
    assert replica(bob, entry)["client_id"] == ola
    assert "Ola Nordmann" in page(bob, entry)
    gone = visit(bob, kari)
    assert bob.http.post(path(gone, "/feil-bruker"), data={"reason": "ukjent"}).status_code == 303
    assert bob.get(path(gone)).status_code == 404
    assert alice.get(path(gone)).status_code == 404


def test_only_the_author_and_the_leader_are_given_the_forms(
    world: World, alice: Person, bob: Person, team: TeamOfWorld, kari: str
) -> None:
    entry, cara = visit(bob, kari), world.staff("fieldworker", team, name="Cara")
    for person, may in ((bob, True), (alice, True), (cara, False)):
        assert ("Lagre rettingen" in page(person, entry)) == may, person.name
    for what in ("/rett", "/trekk-tilbake", "/feil-bruker"):
        assert cara.http.post(path(entry, what), data={"reason": "x"}).status_code == 403
    odd = world.staff("leader", world.team("Sør"), name="Odd")
    for what in ("", "/rett", "/trekk-tilbake", "/feil-bruker"):
        method = "POST" if what else "GET"
        assert odd.http.open(path(entry, what), method=method, data={"reason": "x"}).status_code == 404


def test_a_blocked_colleague_finds_no_entry(alice: Person, bob: Person, kari: str) -> None:
    entry = visit(bob, kari)
    alice.log("staff_blocked", {"staff_id": bob.id, "reason": "familie"}, client=kari)
    assert bob.get(path(entry)).status_code == 404
    assert bob.http.post(path(entry, "/trekk-tilbake"), data={"reason": "x"}).status_code == 404


def test_who_has_read_it_is_for_the_leader(alice: Person, bob: Person, kari: str) -> None:
    entry = visit(bob, kari)
    assert "Hvem har lest den" not in page(bob, entry)
    told = page(alice, entry).split('id="readers"')[1]
    assert "Bob" in told
    assert "kontoret" in told.lower()


def test_what_the_author_alone_reads_whole_is_partly_told(
    world: World, alice: Person, bob: Person, team: TeamOfWorld, kari: str
) -> None:
    said = {"kinds": ["threats"], "by": "client", "injury": "minor", "note": "slag mot armen"}
    entry = str(bob.log("staff_incident_logged", said, client=kari)["id"])
    assert correct(bob, entry, note="slag mot skulderen").status_code == 303
    cara = world.staff("fieldworker", team, name="Cara")
    text = page(cara, entry)
    assert "Resten leses av den som førte det" in text
    for words in ("slag mot", "skulderen", "Lettere skadet", "skrivefeil"):
        assert words not in text
    assert "slag mot skulderen" in page(alice, entry)


def test_who_complained_is_kept_apart(alice: Person, kari: str) -> None:
    body = {"what": ["noise"], "complainant": "neighbour", "complainant_name": "Olga Nabo", "client_role": "suffers"}
    entry = str(alice.log("neighbour_complaint_received", body, client=kari, case=str(uuid7()))["id"])
    told = page(alice, entry).split('class="answers"')[0]
    assert told.count("Olga Nabo") == 1
    assert "Olga Nabo" in told.split("<summary>Holdt for seg</summary>")[1].split("</details>")[0]


def test_nothing_of_code_6_is_told_by_what_stood_before(world: World, alice: Person, bob: Person, kari: str) -> None:
    from tests.routes.test_access_matrix import protect

    entry = str(bob.log("street_contact_logged", {"place_label": "Strandgata 9", "people": 1}, client=kari)["id"])
    assert correct(bob, entry, place_label="Strandgata 11").status_code == 303
    assert "Strandgata 9" in page(bob, entry)
    protect(world, alice, kari, "code6")
    alice.log("client_access_listed", {"staff_ids": [alice.id, bob.id]}, client=kari)
    for person in (alice, bob):
        assert "Strandgata" not in page(person, entry)


def test_a_private_talk_is_corrected_without_a_word(alice: Person, bob: Person, kari: str) -> None:
    said = {"place_label": "Torget", "people": 1, "private": True}
    entry = str(bob.log("street_contact_logged", said, client=kari)["id"])
    text = page(bob, entry)
    assert "Notat" not in text.split('class="answers"')[1]
    data = standing(bob, entry) | {"occurred_at": "2026-11-23T08:15"}
    assert bob.http.post(path(entry, "/rett"), data=data).status_code == 303
    assert "08.15" in page(alice, entry)


@pytest.mark.parametrize("count", [1, 8])
def test_the_statements_do_not_grow_with_the_corrections(world: World, bob: Person, kari: str, count: int) -> None:
    entry = visit(bob, kari)
    for n in range(count):
        assert correct(bob, entry, note=f"rettet {n}").status_code == 303
    with statements(world) as asked:
        page(bob, entry)
    assert len(asked) < 60, len(asked)


def test_lists_lead_to_the_entry(alice: Person, bob: Person, kari: str) -> None:
    seen = visit(bob, kari)
    missed = visit(bob, kari, outcome="no_answer")
    board = {"column": "tight", "reasons": [], "review_on": "2026-12-01"}
    alice.log("board_placed", board, client=kari)
    for list_page, entry in (("/kontor", seen), (f"/kontor/bruker/{kari}", seen), ("/kontor/overlevering", missed),
                             ("/kontor/til-journal", seen), ("/kontor/tavle", missed)):  # fmt: skip
        assert f'href="{path(entry)}"' in alice.get(list_page).text, list_page
