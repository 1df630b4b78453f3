"""An entry at the office in a real browser: found, corrected with the keyboard, and nothing for axe to find."""

import uuid

from playwright.sync_api import Page, expect

from tests.browser._axe import judge
from tests.browser._town import Colleague
from tests.browser.test_office import mona, sign_in  # noqa: F401 (fixtures)


def test_an_entry_is_found_and_corrected_with_the_keyboard(desk: Page, mona: Colleague) -> None:  # noqa: F811
    kari = mona.register("Kari Lund")
    for note in ("Drakk kaffe", "Ringte NAV"):
        mona.log("visit_logged", {"outcome": "seen", "place": "home", "note": note}, client=kari)
    desk.goto(f"/kontor/bruker/{kari}")
    sign_in(desk, mona)
    desk.get_by_label("Søk i alt som er ført").fill("KAFFE")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Ringte NAV")).to_have_count(0)
    desk.get_by_role("link", name="Hjemmebesøk, traff").press("Enter")
    expect(desk.get_by_text("Ført av Mona Li.")).to_be_visible()
    desk.get_by_text("Rett", exact=True).press("Enter")
    desk.get_by_label("Notat").fill("Drakk te")
    desk.get_by_label("Hvorfor rettes det?").fill("feil drikke")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Rettet. Det som sto før, står ved siden av.")).to_be_visible()
    expect(desk.get_by_text("Før: Drakk kaffe").first).to_be_visible()
    desk.get_by_role("button", name="Angre").click()
    expect(desk.get_by_text("Trukket tilbake. Det teller ikke.").first).to_be_visible()


def test_the_columns_of_the_list_are_chosen(desk: Page, mona: Colleague) -> None:  # noqa: F811
    mona.register("Kari Lund", phone="900 00 001")
    desk.goto("/kontor/brukere")
    sign_in(desk, mona)
    desk.get_by_text("Velg kolonner").click()
    desk.get_by_role("checkbox", name="Telefon").check()
    desk.get_by_role("checkbox", name="Bør ses").uncheck()
    desk.get_by_role("button", name="Vis kolonnene").click()
    expect(desk.get_by_role("columnheader", name="Telefon")).to_be_visible()
    desk.goto("/kontor/brukere")
    expect(desk.get_by_role("columnheader", name="Bør ses")).to_have_count(0)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Last ned lista (CSV)").click()
    assert download.value.suggested_filename == "brukere.csv"


def test_axe_finds_nothing_and_nothing_runs_off_the_side(desk: Page, mona: Colleague) -> None:  # noqa: F811
    kari = mona.register("Kari Moen", phone="900 00 001", address="Granveien 3")
    said = {"outcome": "seen", "place": "home", "note": "Drakk kaffe", "next_contact_on": "2030-12-01"}
    visit = mona.log("visit_logged", said, client=kari)["id"]
    fix = {"entry_id": visit, "what": "text", "reason": "feil", "body": {"note": "Drakk te"}}
    mona.log("entry_corrected", fix, client=kari)
    letters = [
        {"kind": "bailiff_letter", "received_on": "2026-11-16"},
        {"kind": "eviction_notice", "sent_on": "2026-11-10"},
    ]
    rent = mona.log("rent_problem_reported", {"amount_nok": "12000", "letters": letters}, client=kari,
                    case=str(uuid.uuid4()))["id"]  # fmt: skip
    desk.goto("/kontor")
    sign_in(desk, mona)
    found: dict[str, object] = {}
    for path in (f"oppforing/{visit}", f"oppforing/{visit}?sok=even", f"oppforing/{rent}", f"bruker/{kari}",
                 f"bruker/{kari}/oppforinger", f"bruker/{kari}/oppforinger?ord=te", f"bruker/{kari}/aar/2026",
                 f"bruker/{kari}/bolig", f"bruker/{kari}/lest",
                 "brukere?kolonne=neste&kolonne=tavla&kolonne=telefon&kolonne=adresse&kolonne=avtale"):  # fmt: skip
        desk.goto(f"/kontor/{path}")
        desk.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        judge(desk, found)
    assert found == {}
