"""Somebody who has died: the office says the day and asks for nothing, and the phones are told the day."""

import uuid

import pytest

from tests._world import Person, World

DEAD = {"ground": "police_or_ambulance", "reason": "Svarte ikke", "found": "dead"}


def text(person: Person, path: str) -> str:
    answer = person.get(path)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


@pytest.mark.parametrize(
    ("entry", "said", "day"),
    [
        (("home_entered", DEAD), "Per Ivar døde 23. nov.", "2026-11-23"),
        (("follow_up_ended", {"reason": "died", "on": "2026-11-21"}), "Per Ivar døde 21. nov.", "2026-11-21"),
        (("follow_up_ended", {"reason": "died"}), "Per Ivar døde 23. nov.", "2026-11-23"),
    ],
    ids=["found", "told with the day", "told"],
)
def test_the_office_says_the_day_and_offers_nothing(
    world: World, alice: Person, entry: tuple, said: str, day: str
) -> None:
    per = alice.register("Per Ivar", phone="40123456", address="Storgata 3", contact_interval_days=3)
    alice.log(*entry, client=per)
    page = text(alice, f"/kontor/bruker/{per}")
    assert said in page
    offered, _, history = page.partition('<ol class="timeline">')
    assert history
    for asked in ("tel:", "Planlagt kontakt", "bør ses", "ikke sett", "Ny lenke"):
        assert asked not in offered
    assert alice.pull()["client", per]["died_on"] == day


def test_what_rang_has_ended_and_asks_nobody_to_ring_or_look(world: World, alice: Person) -> None:
    per = alice.register("Per Ivar", phone="40123456")
    alice.log("concern_raised", {"reason": "Svarer ikke"}, client=per)
    (alert,) = alice.alerts()
    alice.log("home_entered", DEAD, client=per)
    assert alice.alerts() == []
    page = text(alice, f"/kontor/varsler/{alert['id']}")
    assert "Per Ivar døde 23. nov." in page
    for asked in ("tel:40123456", "Sjekk i denne rekkefølgen", "Var sett, ikke ført"):
        assert asked not in page


def test_no_crisis_goes_on_for_somebody_dead(world: World, alice: Person) -> None:
    per = alice.register("Per Ivar")
    alice.log("crisis_opened", {"kind": "overdose"}, client=per, case=str(uuid.uuid4()))
    assert "pågår" in text(alice, "/kontor")
    alice.log("home_entered", DEAD, client=per)
    assert "pågår" not in text(alice, "/kontor")
