"""What iPhones' engine must do as Chromium does: work without a server, open and save every form, answer an alert."""

from typing import Any

from tests.browser._town import Colleague, Town
from tests.webkit._forms import addresses, fill_in_and_save
from tests.webkit._iphone import Iphone


def test_what_is_logged_while_the_server_is_away_arrives_once(town: Town, iphone: Iphone) -> None:
    team = town.team("Granstua", "staffed_housing")
    bob = town.staff("fieldworker", team, name="Bob Dal")
    even, aina = bob.register("Even Furu", team), bob.register("Aina Strand", team)
    visit = f"/felt/ny?type=visit_logged&client={aina}"
    iphone.sign_in(town.url, bob)
    town.server.stop()

    iphone.cold_start()
    iphone.wait_for_words("Even Furu")
    iphone.tap(iphone.button("Sett: Even Furu"))
    iphone.wait_for_words("Lagret på telefonen", ".toast")
    iphone.open(visit)
    iphone.fill(iphone.field("client_said"), "«Slitsomt å være meg i dag»")
    iphone.wait_for_draft("Slitsomt")
    iphone.cold_start(visit)
    iphone.wait_for_words("Dette er utkastet ditt")
    assert iphone.field("client_said").get_property("value") == "«Slitsomt å være meg i dag»"
    iphone.tap(iphone.button("Lagre: traff"))
    iphone.wait_for_title("Aina Strand")
    rows = iphone.rows("outbox")
    assert [row["state"] for row in rows] == ["pending", "pending"]
    assert sorted(town.opened(row)["client_id"] for row in rows) == sorted([even, aina]), "sealed to the server"

    town.server.start_web(), town.server.start_worker()
    town.server.wait_until_healthy()
    iphone.cold_start()
    assert iphone.refused() == []
    iphone.open(visit)
    assert "Dette er utkastet ditt" not in iphone.text()
    assert sorted((one["client_id"], one["body"].get("client_said")) for one in entries(bob, "visit_logged")) == sorted(
        [(even, None), (aina, "«Slitsomt å være meg i dag»")]
    )


def test_every_form_opens_and_saves(town: Town, iphone: Iphone) -> None:
    team = town.team("Granstua", "staffed_housing")
    alice, bob = town.staff("leader", team, name="Alice Berg"), town.staff("fieldworker", team, name="Bob Dal")
    town.staff("landlord", team, name="Lars Huseier")
    forms = addresses(alice, bob)
    iphone.sign_in(town.url, alice)
    found = {}
    for name, address in forms.items():
        iphone.go(address)
        if not fill_in_and_save(iphone):
            found[name] = iphone.text("form .wrong, main h1")
        if thrown := iphone.problems():
            found[name] = str(thrown)
    assert found == {}
    assert iphone.refused() == []


def test_an_alert_is_taken_and_answered(town: Town, iphone: Iphone) -> None:
    team = town.team("Granstua", "staffed_housing")
    alice, bob = town.staff("leader", team, name="Alice Berg"), town.staff("fieldworker", team, name="Bob Dal")
    even = bob.register("Even Furu", team, phone="90000001", address="Granveien 3")
    bob.log("concern_raised", {"urgency": "now", "reason": "Roper"}, client=even)
    (alert,) = alice.alerts()

    iphone.sign_in(town.url, alice)
    iphone.open(f"/felt/varsel/{alert['id']}")
    iphone.wait_for_words("«Roper»")
    iphone.wait_for_words("Even Furu")
    iphone.tap(iphone.button("Jeg tar den"))
    iphone.wait_for_words("Du har tatt")
    assert iphone.refused() == []
    (taken,) = alice.alerts()
    assert (taken["state"], taken["owner"]) == ("acknowledged", alice.id)

    iphone.open(f"/felt/varsel/{alert['id']}")
    iphone.tap(iphone.button("Avslutt"))
    iphone.wait_for_title("Avslutt varselet")
    iphone.fill(iphone.field("reason"), "Snakket med ham i døra")
    iphone.tap(iphone.button("Lagre:"))
    iphone.wait_for_title("I dag")
    assert iphone.refused() == []
    assert alice.alerts() == []


def entries(person: Colleague, type: str) -> list[dict[str, Any]]:
    return [data for (kind, _), data in person.pull().items() if kind == "entry" and data["type"] == type]
