"""`/kontor/til-journal`: what is not yet copied, for the leader the whole team's; the same rules as on the phone."""

import re

from sync.ids import uuid7
from tests._world import Person, World
from tests.routes._code6 import hide

PAGE = "/kontor/til-journal"


def texts(person: Person) -> list[str]:
    """The ready text of each client."""
    return re.findall(r"<textarea[^>]*readonly[^>]*>([^<]*)</textarea>", person.get(PAGE).text)


def tick(person: Person, **more: str) -> int:
    page = person.get(PAGE).text.split("<section")[1]
    fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', page) for name in ("client_id", "entry_id")}
    data = {"form_id": str(uuid7()), "client_id": fields["client_id"][0], "entry_id": fields["entry_id"]} | more
    return person.http.post(PAGE, data=data).status_code


def test_the_leader_ticks_off_what_the_team_has_logged(alice: Person, bob: Person, kari: str) -> None:
    bob.log("visit_logged", {"outcome": "seen", "place": "home", "note": "Drakk kaffe"}, client=kari)
    (text,) = texts(alice)
    assert "Hjemmebesøk, traff. Drakk kaffe." in text
    assert "Ført av Bob i Sett." in text
    assert tick(alice, system="Profil") == 303
    assert texts(alice) == []
    (noted,) = [one["data"] for one in alice.sync(cursor=None)["changes"]
                if one["kind"] == "entry" and one["data"]["type"] == "journal_noted"]  # fmt: skip
    assert noted["body"]["system"] == "Profil"


def test_what_is_logged_after_the_page_was_shown_is_left(alice: Person, bob: Person, kari: str) -> None:
    bob.log("visit_logged", {"outcome": "seen", "place": "home", "note": "Først"}, client=kari)
    page = alice.get(PAGE).text
    ids = re.findall(r'name="entry_id" value="([^"]*)"', page)
    bob.log("call_logged", {"direction": "out", "outcome": "spoke", "note": "Etterpå"}, client=kari)
    form = {"form_id": str(uuid7()), "client_id": kari, "entry_id": ids}
    for _ in range(2):
        assert alice.http.post(PAGE, data=form).status_code == 303
    (text,) = texts(alice)
    assert "Etterpå" in text
    assert "Først" not in text


def test_a_fieldworker_copies_what_is_their_own(alice: Person, bob: Person, kari: str) -> None:
    alice.log("visit_logged", {"outcome": "seen", "place": "home", "note": "Lederens"}, client=kari)
    assert texts(bob) == []
    bob.log("visit_logged", {"outcome": "seen", "place": "home", "note": "Mitt"}, client=kari)
    (text,) = texts(bob)
    assert "Lederens" not in text


def test_neither_private_nor_staffs_nor_retracted_nor_old(world: World, alice: Person, bob: Person, kari: str) -> None:
    world.clock.shift(days=8)
    alice.sign_in()
    bob.sign_in()
    assert texts(alice) == []
    bob.log("street_contact_logged", {"place_label": "Torget", "people": 1, "private": True}, client=kari)
    bob.log("staff_incident_logged", {"kinds": ["threats"], "by": "client"}, client=kari)
    visit = bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)["id"]
    bob.log("entry_corrected", {"entry_id": visit, "what": "retracted", "reason": "angret"})
    assert texts(alice) == []


def test_nothing_of_whom_one_does_not_see(world: World, alice: Person, bob: Person, kari: str) -> None:
    odd = world.staff("leader", world.team("Sør"), name="Odd")
    ola = odd.register("Ola")
    visit = odd.log("visit_logged", {"outcome": "seen", "place": "home", "note": "skjult"}, client=ola)["id"]
    assert "skjult" not in "".join(texts(alice))
    refused = alice.http.post(PAGE, data={"client_id": ola, "entry_id": visit, "system": "x"})
    assert refused.status_code == 422
    alice.log("staff_blocked", {"staff_id": bob.id, "reason": "familie"}, client=kari)
    assert texts(bob) == []


def test_nothing_of_code_6_is_copied_by_who_is_not_listed(world: World, alice: Person, bob: Person, kari: str) -> None:
    entry = bob.log("street_contact_logged", {"place_label": "Strandgata 9", "people": 1}, client=kari)["id"]
    assert "Strandgata 9" in texts(bob)[0]
    hide(world, alice, kari, alice)
    assert texts(bob) == []
    assert kari not in bob.get(PAGE).text
    assert bob.http.post(PAGE, data={"client_id": kari, "entry_id": entry, "system": "x"}).status_code == 422
    (text,) = texts(alice)
    assert "Strandgata" not in text, "no place is copied out of Sett"


def test_the_text_is_what_a_correction_made_of_it(alice: Person, bob: Person, kari: str) -> None:
    entry = bob.log("visit_logged", {"outcome": "seen", "place": "home", "note": "Drakk kaffe"}, client=kari)["id"]
    fix = {"entry_id": entry, "what": "text", "reason": "feil", "body": {"note": "Drakk te", "outcome": "declined"}}
    bob.log("entry_corrected", fix)
    (text,) = [one for one in texts(alice) if "Drakk" in one]
    assert "Hjemmebesøk, takket nei. Drakk te." in text
    assert "kaffe" not in text
