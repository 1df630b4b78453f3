"""What was filled in reads back on the phone, and is corrected there; the form keeps what is open, open."""

from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Town
from tests.browser.test_taps import bob_with_even


def test_a_visit_reads_back_and_is_corrected_offline(town: Town, phone: Phone) -> None:
    bob, _ = bob_with_even(town)
    phone.start_with(bob)
    phone.tab("Før noe nytt")
    phone.tap(phone.link("Hjemmebesøk"))
    phone.tap(phone.link("Velg Even Furu"))
    expect(phone.title("Hjemmebesøk")).to_be_visible()
    phone.lose_coverage()

    phone.tap(phone.page.locator("summary", has_text="Mer"))
    phone.choose("Barn til stede?", "Ja")
    note = phone.page.get_by_label("Notat")
    note.fill("x" * 10_012)
    phone.tap(phone.button("Lagre: traff"))
    expect(phone.page.get_by_text("Teksten er 12 tegn for lang. Det er plass til 10\u00a0000.").first).to_be_visible()
    note.fill("Hund i gangen.")
    expect(note).to_be_visible()  # «Mer» stayed open when what was wrong was mended
    phone.tap(phone.button("Lagre: traff"))

    phone.tap(phone.link("Hjemmebesøk, traff."))
    page = phone.page.locator("main")
    for said in ("Barn til stede?", "Ja", "Hund i gangen.", "Ført av deg.", "Lagret på telefonen, ikke sendt ennå."):
        expect(page).to_contain_text(said)

    phone.tap(phone.link("Rett"))
    expect(phone.page.get_by_text("Even Furu").first).to_be_visible()
    phone.choose("Hva er feil?", "Feil i det som er ført")
    expect(phone.page.get_by_label("Notat")).to_have_value("Hund i gangen.")
    phone.page.get_by_label("Notat").fill("Katt i gangen.")
    phone.page.get_by_label("Hvorfor rettes det?").fill("Det var en katt")
    phone.tap(phone.button("Lagre rettingen"))
    expect(page).to_contain_text("Katt i gangen. Før: Hund i gangen.")

    phone.find_coverage()
    phone.wait_for_outbox(0)
    (visit,) = [d for (kind, _), d in bob.pull().items() if kind == "entry" and d["type"] == "visit_logged"]
    assert (visit["body"]["note"], visit["amended_body"]["note"]) == ("Hund i gangen.", "Katt i gangen.")
    assert visit["amended_body"]["children_present"] is True
