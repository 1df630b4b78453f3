"""`/kontor/overlevering`: what the next shift must know, who has read it, and nothing of whom one does not see."""

import datetime as dt
import re
from uuid import UUID

from sync.ids import uuid7
from tests._world import Person, TeamOfWorld, World
from tests.routes._code6 import hide

PAGE = "/kontor/overlevering"


def blocks(person: Person, **asked: str) -> list[str]:
    """Whom something is told of, in order."""
    text = person.http.get(PAGE, query_string=asked).get_data(as_text=True)
    return [re.sub("<[^>]*>", "", one) for one in re.findall(r'<h2 id="block-\d+">(.*?)</h2>', text)]


def test_the_most_urgent_stands_first_and_the_short_version_follows(alice: Person, bob: Person) -> None:
    kari, ola, per = alice.register("Kari"), alice.register("Ola"), alice.register("Per")
    alice.log("task_set", {"task_id": str(uuid7()), "what": "Ringe NAV", "due_on": "2026-11-23"}, client=kari)
    bob.log("visit_logged", {"outcome": "no_answer", "place": "home"}, client=ola)
    bob.log("crisis_opened", {"kind": "overdose"}, client=per, case=str(uuid7()))
    assert blocks(alice) == ["Per", "Kari", "Ola"] or blocks(alice) == ["Per", "Ola", "Kari"]
    assert blocks(alice)[0] == "Per"
    text = alice.get(PAGE).text
    for words in ("Oppgave i dag", "Ringe NAV", "Hjemmebesøk, åpnet ikke", "Sagt høyt på to minutter"):
        assert words in text, words


def test_only_what_has_happened_since_is_told(world: World, alice: Person, kari: str) -> None:
    alice.log("absence_started", {"absence_id": str(uuid7()), "kind": "admitted", "where": "Sykehuset"}, client=kari)
    assert blocks(alice) == ["Kari"]
    world.clock.shift(days=3)
    alice.sign_in()
    assert blocks(alice) == []
    assert blocks(alice, fra="2026-11-23T09:00") == ["Kari"]
    ahead = alice.get(f"{PAGE}?fra=2027-01-01T09:00").text
    assert "Velg et tidspunkt som er passert." in ahead
    assert blocks(alice, fra="snart") == []


def test_a_note_is_written_read_and_says_by_whom(alice: Person, bob: Person, team: TeamOfWorld) -> None:
    form = {"form_id": str(uuid7()), "what": "Bilen er på verksted", "team_id": team.id, "important": "1"}
    for _ in range(2):
        assert bob.http.post(PAGE, data=form).status_code == 303
    text = alice.get(PAGE).text
    assert text.count("Ikke lest ennå") == 1
    (note,) = re.findall(r'name="note_id" value="([^"]+)"', text)
    assert alice.http.post(f"{PAGE}/lest", data={"note_id": note}).status_code == 303
    text = alice.get(PAGE).text
    assert "Lest av Alice" in text
    assert 'name="note_id"' not in text
    assert 'name="note_id"' in bob.get(PAGE).text
    assert alice.http.post(f"{PAGE}/lest", data={"note_id": str(UUID(int=7))}).status_code == 404
    empty = alice.http.post(PAGE, data={"what": " ", "team_id": team.id})
    assert empty.status_code == 422
    assert 'id="beskjed-what-error"' in empty.text


def test_what_was_taken_back_is_not_told(alice: Person, kari: str) -> None:
    visit = alice.log("visit_logged", {"outcome": "no_answer", "place": "home"}, client=kari)["id"]
    absence = alice.log("absence_started", {"absence_id": str(uuid7()), "kind": "admitted"}, client=kari)["id"]
    note = alice.log("handover_noted", {"what": "Ring først"}, client=kari)["id"]
    assert blocks(alice) == ["Kari"]
    for one in (visit, absence, note):
        alice.log("entry_corrected", {"entry_id": one, "what": "retracted", "reason": "angret"})
    assert blocks(alice) == []


def test_nothing_is_told_of_whom_one_does_not_see(world: World, alice: Person, bob: Person, kari: str) -> None:
    odd = world.staff("leader", world.team("Sør"), name="Odd")
    ola = odd.register("Ola")
    odd.log("handover_noted", {"what": "skjult beskjed"}, client=ola)
    odd.log("visit_logged", {"outcome": "no_answer", "place": "home"}, client=ola)
    alice.log("handover_noted", {"what": "om Kari"}, client=kari)
    assert blocks(alice) == ["Kari"]
    assert "skjult" not in alice.get(PAGE).text
    alice.log("staff_blocked", {"staff_id": bob.id, "reason": "familie"}, client=kari)
    assert blocks(bob) == []
    assert "om Kari" not in bob.get(PAGE).text


def test_what_somebody_must_ask_about_stands_there_until_it_is_answered(world: World, alice: Person, kari: str) -> None:
    """It never rings, and so is told here, where the morning's digest leads."""
    absence_id, ends = str(uuid7()), (world.clock.now() + dt.timedelta(hours=20)).isoformat()
    alice.log("absence_started", {"absence_id": absence_id, "kind": "travel", "expected_end_at": ends}, client=kari)
    world.clock.shift(hours=21)
    world.tick()
    alice.sign_in()
    assert "/kontor/varsler/" in alice.get(f"{PAGE}?fra=2026-11-24T06:59").text
    assert blocks(alice, fra="2026-11-24T06:59") == ["Kari"]
    alice.log("absence_ended", {"absence_id": absence_id}, client=kari)
    assert "/kontor/varsler/" not in alice.get(f"{PAGE}?fra=2026-11-24T06:59").text.split("<main")[1]


def test_nothing_of_code_6_is_handed_over_to_who_is_not_listed(
    world: World, alice: Person, bob: Person, kari: str
) -> None:
    bob.log("handover_noted", {"what": "Ring først, Strandgata 9"}, client=kari)
    bob.log("visit_logged", {"outcome": "no_answer", "place": "home"}, client=kari)
    bob.log("task_set", {"task_id": str(uuid7()), "what": "Ringe NAV", "due_on": "2026-11-23"}, client=kari)
    assert blocks(bob) == ["Kari"]
    hide(world, alice, kari, alice)
    assert blocks(bob) == []
    for words in ("Kari", "Strandgata", "Ringe NAV"):
        assert words not in bob.get(PAGE).text
    assert blocks(alice) == ["Kari"]


def test_what_was_corrected_is_handed_over_as_it_reads_now(alice: Person, bob: Person, kari: str) -> None:
    note = bob.log("handover_noted", {"what": "Bilen står hjemme"}, client=kari)["id"]
    visit = bob.log("visit_logged", {"outcome": "no_answer", "place": "home", "note": "mørkt"}, client=kari)["id"]
    met = bob.log("visit_logged", {"outcome": "not_home", "place": "home", "note": "møtt likevel"}, client=kari)["id"]
    for entry, body in ((note, {"what": "Bilen er på verksted"}), (visit, {"note": "lys i vinduet"}),
                        (met, {"outcome": "seen"})):  # fmt: skip
        bob.log("entry_corrected", {"entry_id": entry, "what": "text", "reason": "feil", "body": body})
    text = alice.get(PAGE).text
    for words, stands in (("Bilen er på verksted", True), ("Bilen står hjemme", False), ("lys i vinduet", True),
                          ("mørkt", False), ("møtt likevel", False)):  # fmt: skip
        assert (words in text) == stands, words
