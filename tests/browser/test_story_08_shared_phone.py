"""8. Three night staff share one phone: A's unsent entries go out under A's name, and B can read none of A's."""

import re

from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Town


def test_shared_phone(town: Town, phone: Phone) -> None:
    house, other = town.team("Granstua", "staffed_housing"), town.team("Nabohuset", "staffed_housing")
    asta = town.staff("fieldworker", house, other, name="Asta")
    berit = town.staff("fieldworker", house, name="Berit")
    even, hilde = asta.register("Even Furu", house), asta.register("Hemmelige Hilde", other)

    # A logs without coverage, about one whom B follows too and about one whom B must not know of, and signs out.
    phone.start_with(asta)
    phone.lose_coverage()
    phone.tap(phone.button("Sett: Even Furu"))
    expect(phone.toast).to_contain_text("Lagret på telefonen")
    phone.open(f"/felt/ny?type=visit_logged&client={hilde}")
    phone.page.get_by_label("«Hvordan har du det?»").fill("Astas ord om Hilde")
    phone.tap(phone.button("Lagre: traff"))
    expect(phone.toast).to_contain_text("Hemmelige Hilde")
    phone.tab("Mer")
    phone.tap(phone.button("Logg ut"))
    expect(phone.page.get_by_role("alert")).to_contain_text("2 notater er ikke sendt")
    phone.tap(phone.button("Logg ut likevel"))
    expect(phone.page.get_by_text("2 notater på telefonen er ikke sendt ennå. De er trygge.")).to_be_visible()
    phone.restart(offline=True)
    expect(phone.page.get_by_text("2 notater på telefonen er ikke sendt ennå. De er trygge.")).to_be_visible()

    # B signs in where there is coverage: A's go out under A's name.
    phone.find_coverage()
    phone.sign_in(berit)
    phone.wait_for_outbox(0)
    mine = {
        d["client_id"]: d for (kind, _), d in asta.pull().items() if kind == "entry" and d["type"] == "visit_logged"
    }
    assert set(mine) == {even, hilde}
    assert {one["author_id"] for one in mine.values()} == {asta.id}
    assert mine[hilde]["body"]["client_said"] == "Astas ord om Hilde"

    # B can read none of A's: not on any page, not in what the server sent, and A's replica is gone from the phone.
    for path in (
        "/felt",
        "/felt/brukere",
        "/felt/mer",
        f"/felt/bruker/{hilde}",
        f"/felt/ny?type=visit_logged&client={hilde}",
    ):
        phone.open(path)
        expect(phone.page.locator("body")).not_to_contain_text(re.compile("Hilde|Astas ord"))
    phone.open("/felt/brukere")
    expect(phone.link(re.compile("Even Furu"))).to_be_visible()
    assert phone.databases() == ["sett", f"sett-vault-{berit.id}"]
    assert ("client", hilde) not in berit.pull()

    # A comes back: everything is hers, and nothing of it is doubled.
    phone.open("/felt/mer")
    phone.tap(phone.link("Bytt bruker"))
    phone.sign_in(asta)
    phone.open(f"/felt/bruker/{hilde}")
    expect(phone.page.locator(".timeline")).to_contain_text("Astas ord om Hilde")
    expect(phone.page.locator(".timeline li", has_text="Astas ord")).to_have_count(1)
