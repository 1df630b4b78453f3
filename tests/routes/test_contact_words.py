"""Whoever was heard of, or reported seen, is nowhere said to have been seen: in the office, and to the phones."""

import pytest

from tests._world import Person, World

COUNTS = {"mode": "interval", "interval_minutes": 60, "counts": ["seen", "heard", "reported"], "reason": "x"}
CALL = ("call_logged", {"direction": "out", "outcome": "spoke"})
REPORT = ("sighting_reported", {"source": "pharmacy"})


def text(person: Person, path: str) -> str:
    answer = person.get(path)
    assert answer.status_code == 200
    return " ".join(answer.text.replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    ("contact", "ago", "last", "until", "late"),
    [
        (CALL, "ørt fra for 30 min siden", "Sist hørt fra som avtalt", "Til personen ble hørt fra", "ørt fra for sent"),
        (REPORT, "eldt sett for 30 min siden", "Sist meldt sett som avtalt", "Til personen ble meldt", "for sent"),
    ],
    ids=["heard", "reported"],
)  # fmt: skip
def test_the_last_contact_has_its_own_words(
    world: World, alice: Person, contact: tuple, ago: str, last: str, until: str, late: str
) -> None:
    even = alice.register("Even B.")
    alice.log("watch_set", COUNTS, client=even)
    alice.log(*contact, client=even)
    world.clock.shift(minutes=30)
    for path in ("/kontor", f"/kontor/bruker/{even}"):
        assert ago in text(alice, path), path
        assert "ett for 30 min siden" not in text(alice, path).replace(ago, ""), path
    assert alice.pull()["client", even]["watch"]["last_seen_as"] == ("heard" if contact is CALL else "reported")

    world.clock.shift(minutes=31)
    world.tick()
    alert = alice.alerts()[0]["id"]
    headline = "Even B. er verken sett, hørt fra eller meldt sett på 1 t"
    for path in ("/kontor/varsler", f"/kontor/varsler/{alert}", f"/kontor/varsler/{alert}/hvorfor"):
        assert headline in text(alice, path), path
    why = text(alice, f"/kontor/varsler/{alert}/hvorfor")
    assert last in why
    assert "Sist sett" not in why

    alice.log(*contact, client=even)
    for path in ("/kontor/varsler", f"/kontor/varsler/{alert}", f"/kontor/varsler/{alert}/hvorfor"):
        assert late in text(alice, path), path
    assert until in text(alice, f"/kontor/varsler/{alert}/hvorfor")


def test_somebody_reported_is_not_counted_among_the_seen(world: World, alice: Person) -> None:
    even = alice.register("Even B.")
    alice.log(*REPORT, client=even)
    assert "0 sett · 0 hørt · 1 meldt sett · 0 ikke truffet" in text(alice, "/kontor")
