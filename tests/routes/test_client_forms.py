"""What the office writes on a client's page: by the same entries, with the same rights, and once."""

import re

import pytest
from werkzeug.test import TestResponse

from fieldapp.texts.office_forms import OFFICE_FORMS
from sync.entry_types import ENTRY_TYPES
from sync.ids import uuid7
from tests._world import Person, TeamOfWorld, World
from tests.routes.test_record_requests import bar, granted


def send(person: Person, client: str, form: str, **fields: str | list[str]) -> TestResponse:
    data = {"form_id": str(uuid7())} | fields
    return person.http.post(f"/kontor/bruker/{client}/for/{form}", data=data)


def page(person: Person, client: str) -> str:
    """The page without its timeline."""
    return person.get(f"/kontor/bruker/{client}").get_data(as_text=True).split('id="last-head"')[0]


def things(person: Person, kind: str) -> list[dict[str, object]]:
    return [data for (one, _), data in person.pull().items() if one == kind]


def test_a_risk_is_written_looked_at_again_and_ended(world: World, alice: Person, kari: str) -> None:
    answer = send(alice, kari, "risiko", advice=["dog", "phone_first"], reason="Stor hund", review_on="2026-12-01")
    assert answer.status_code == 303
    assert "Stor hund" in page(alice, kari)
    world.clock.shift(days=20)
    alice.sign_in()
    assert "Gammel, ikke vurdert siden 23. nov" in page(alice, kari)
    (risk,) = things(alice, "risk")
    thing = str(risk["id"])
    again = send(alice, kari, "vurdert", thing_id=thing, outcome="changed", review_on="2027-01-10")
    assert again.status_code == 422
    assert f'id="vurdert-{thing}-advice-error"' in again.text
    changed = {"outcome": "changed", "advice": ["dog"], "reason": "Hunden er død, men leia", "review_on": "2027-01-10"}
    assert send(alice, kari, "vurdert", thing_id=thing, **changed).status_code == 303
    assert "Hunden er død, men leia" in page(alice, kari)
    assert "Gammel" not in page(alice, kari)
    assert send(alice, kari, "vurdert", thing_id=thing, outcome="ended").status_code == 303
    assert "Hunden" not in page(alice, kari)


def test_a_review_more_than_half_a_year_ahead_is_refused(alice: Person, kari: str) -> None:
    answer = send(alice, kari, "risiko", advice=["dog"], reason="Hund", review_on="2027-11-01")
    assert answer.status_code == 422
    assert 'id="risiko-review_on-error"' in answer.text
    assert ">Hund</textarea>" in answer.text


def test_a_task_is_set_given_to_another_and_done(alice: Person, bob: Person, kari: str) -> None:
    send(alice, kari, "oppgave", what="Ringe NAV", owner_id=alice.id, due_on="2026-11-20")
    assert "skulle vært gjort" in page(alice, kari)
    (task,) = things(alice, "task")
    thing = str(task["id"])
    send(alice, kari, "oppgave", thing_id=thing, what="Ringe NAV", owner_id=bob.id)
    (task,) = things(alice, "task")
    assert (task["owner_id"], task.get("beside")) == (bob.id, None)
    send(alice, kari, "ferdig", thing_id=thing, outcome="done")
    assert "Ringe NAV" not in page(alice, kari)


def test_a_person_around_is_written_and_corrected(alice: Person, kari: str) -> None:
    send(alice, kari, "person", name="Mor", role="next_of_kin", call_if_not_found="yes", must_not_be_told="Rus")
    text = page(alice, kari)
    assert "Må ikke få vite:" in text
    thing = re.search(r'id="person-([0-9a-f-]{36})"', text)
    assert thing
    fields = {"name": "Mor Nordmann", "role": "next_of_kin", "call_if_not_found": "no"}
    send(alice, kari, "person", thing_id=thing[1], **fields)
    assert "Mor Nordmann" in page(alice, kari)
    assert "Kan ringes når" not in page(alice, kari)
    send(alice, kari, "person", thing_id=thing[1], ended="1", **fields)
    assert "Mor Nordmann" not in page(alice, kari)


def test_an_absence_begins_and_ends(alice: Person, kari: str) -> None:
    send(alice, kari, "fravaer", kind="admitted", where="Sykehuset", expected_end_on="2026-12-01")
    text = page(alice, kari)
    assert "tilsynet står stille: innlagt" in text
    thing = re.search(r'id="absence-([0-9a-f-]{36})"', text)
    assert thing
    assert send(alice, kari, "borte", thing_id=thing[1], confirmed_with="Posten").status_code == 303
    assert send(alice, kari, "tilbake", thing_id=thing[1], where_to="Hjemme").status_code == 303
    assert "tilsynet står stille" not in page(alice, kari)
    assert send(alice, kari, "tilbake", thing_id=str(uuid7())).status_code == 404


def test_the_watch_is_set_with_all_its_terms(alice: Person, kari: str) -> None:
    terms = {"mode": "interval", "hours": "48", "counts": ["heard"], "may_enter": "1", "key_ref": "14",
             "when_closed": "on_call", "reason": "«Ring meg»", "review_on": "2027-02-23"}  # fmt: skip
    assert send(alice, kari, "tilsyn", **terms).status_code == 303
    watch = alice.pull()["client", kari]["watch"]
    told = {name: watch[name] for name in ("mode", "interval_minutes", "may_enter", "key_ref", "when_closed")}
    assert told == {"mode": "interval", "interval_minutes": 2880, "may_enter": True, "key_ref": "14",
                    "when_closed": "on_call"}  # fmt: skip
    assert sorted(watch["counts"]) == ["heard", "seen"]
    assert "avtale mangler" not in page(alice, kari)
    assert send(alice, kari, "tilsyn", **terms | {"hours": ""}).status_code == 422
    assert send(alice, kari, "tilsyn", mode="each_shift", reason="x").status_code == 422
    assert send(alice, kari, "tilsyn", **terms | {"counts": ["reported"]}).status_code == 422


def test_what_each_may_write_is_what_the_types_say(world: World, alice: Person, bob: Person, kari: str) -> None:
    assert "Sett tilsynsavtale" not in page(bob, kari)
    assert "Tilsynsavtalen settes av leder eller primærkontakten." in page(bob, kari)
    refused = send(bob, kari, "tilsyn", mode="off", reason="nei")
    assert refused.status_code == 422
    assert alice.pull()["client", kari]["watch"]["mode"] == "interval"


def test_only_what_was_changed_is_sent(alice: Person, bob: Person, kari: str) -> None:
    seq = re.search(r'name="base_seq" value="(\d+)"', page(alice, kari))
    assert seq
    seen = {"base_seq": seq[1], "was-name": "Kari", "was-phone": "", "was-address": ""}
    send(bob, kari, "opplysninger", **seen, name="Kari", phone="900 00 001")
    send(alice, kari, "opplysninger", **seen, name="Kari", address="Gata 1")
    card = alice.pull()["client", kari]
    assert (card["phone"], card["address"]) == ("900 00 001", "Gata 1")
    nothing = send(alice, kari, "opplysninger", **seen, name="Kari")
    assert nothing.status_code == 422
    assert "Ingenting er endret." in nothing.text


def test_follow_up_ends_and_is_taken_up_again(alice: Person, kari: str) -> None:
    assert send(alice, kari, "avslutt", reason="moved", on="2027-01-01").status_code == 422
    assert send(alice, kari, "avslutt", reason="moved").status_code == 303
    text = page(alice, kari)
    assert "Ta opp oppfølgingen igjen" in text
    assert "Nytt fravær" not in text
    assert send(alice, kari, "gjenoppta", reason="agreed").status_code == 303
    assert "Nytt fravær" in page(alice, kari)


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("avtale", {"kind": "follow_up", "words": "Hver tirsdag", "made_on": "2026-11-23"}),
        ("bosituasjon", {"situation": "{housing}", "from_on": "2026-11-01", "safe": "yes"}),
        ("vedtak", {"service": "Booppfølging", "ground": "hol_3_2_6a", "per": "week", "hours": "3,5",
                    "from_on": "2026-11-01"}),
        ("kontakt", {"days": "7"}),
        ("beskjed", {"what": "Ring før dere kommer", "important": "1"}),
        ("trukket", {"kind": "watch", "how": "told"}),
    ],
)  # fmt: skip
def test_every_other_form_is_taken(alice: Person, kari: str, form: str, fields: dict[str, str]) -> None:
    from sync.codes import Housing

    filled = {name: next(iter(Housing)) if value == "{housing}" else value for name, value in fields.items()}
    assert send(alice, kari, form, **filled).status_code == 303
    assert "Lagret." in alice.get(f"/kontor/bruker/{kari}?gjort=lagret").text


def test_the_same_form_twice_is_one_entry(alice: Person, kari: str) -> None:
    fields = {"form_id": str(uuid7()), "what": "Ringe NAV"}
    for _ in range(2):
        assert send(alice, kari, "oppgave", **fields).status_code == 303
    assert len(things(alice, "task")) == 1
    send(alice, kari, "oppgave", **fields | {"what": "Noe annet"})
    assert len(things(alice, "task")) == 2


def test_nothing_is_written_about_whom_one_does_not_see(world: World, alice: Person, team: TeamOfWorld) -> None:
    odd = world.staff("leader", world.team("Sør"), name="Odd")
    ola = odd.register("Ola")
    odd.log("risk_noted", {"risk_id": str(uuid7()), "advice": ["dog"], "reason": "x", "review_on": "2026-12-01"},
            client=ola)  # fmt: skip
    kari = alice.register("Kari")
    (risk,) = things(odd, "risk")
    for form in OFFICE_FORMS:
        assert send(alice, ola, form, what="x", reason="x", outcome="ended").status_code == 404
    # Nor about a thing of somebody else's, by way of one's own client.
    stolen = send(alice, kari, "vurdert", thing_id=str(risk["id"]), outcome="ended")
    assert stolen.status_code == 404
    assert things(odd, "risk")


def risk_of(person: Person, client: str) -> str:
    """A risk past its day tomorrow; the id of its entry."""
    said = {"risk_id": str(uuid7()), "advice": ["dog"], "reason": "ukjent hund", "review_on": "2026-11-24"}
    return str(person.log("risk_noted", said, client=client)["id"])


def test_a_barred_risk_is_not_told_of(world: World, alice: Person, bob: Person, kari: str, ingrid: Person) -> None:
    entry = risk_of(alice, kari)
    assert "ukjent hund" in page(bob, kari)
    assert bar(ingrid, kari, granted(ingrid, kari, entry), f"person:{bob.id}") == 303
    world.clock.shift(days=3)
    for person in (alice, bob, ingrid):
        person.sign_in()
    for told in (page(bob, kari), bob.get("/kontor").text, bob.get("/kontor/brukere?vis=gammel-risiko").text):
        assert "ukjent hund" not in told
        assert 'id="risk-' not in told
    assert "gammelt i «Før du går inn»" not in bob.get("/kontor/brukere").text
    assert "ukjent hund" in page(alice, kari)
    assert 'id="risk-' in alice.get("/kontor").text
    assert "gammelt i «Før du går inn»" in alice.get("/kontor/brukere").text


def test_a_risk_that_was_taken_back_is_not_told_of(alice: Person, kari: str) -> None:
    entry = risk_of(alice, kari)
    alice.log("entry_corrected", {"entry_id": entry, "what": "retracted", "reason": "feil"})
    assert "ukjent hund" not in page(alice, kari)
    assert 'id="risk-' not in alice.get("/kontor").text


def test_the_forms_name_only_fields_that_their_types_have() -> None:
    shaped = {"hours", "name", "alias", "birth_year", "phone", "address"}
    for form in OFFICE_FORMS.values():
        known = set(ENTRY_TYPES[form.type].body.__struct_fields__) | shaped
        assert {one.name for one in form.questions} <= known, form.type
