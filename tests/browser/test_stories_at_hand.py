"""Stories 7, 10, 18, 19 and 20 as they look in the hand: what a phone says and forgets by itself; the rest of them is
told in tests/journeys."""

import datetime as dt
import re
import uuid
from types import SimpleNamespace

import requests
from playwright.sync_api import expect

from fieldapp import clock
from fieldapp.services.people import grants
from fieldapp.texts import local
from tests._world import PASSWORD
from tests.browser._phone import Phone
from tests.browser._town import Town
from tests.browser.conftest import NewPhone

HOUR = dt.timedelta(hours=1)


def test_home_for_a_while_a_child_in_the_flat_and_a_death(town: Town, phone: Phone) -> None:
    team = town.team("Booppfølging", "tenancy_support")
    alice, bob = town.staff("leader", team, name="Alice"), town.staff("fieldworker", team, name="Bob")
    often = {"mode": "interval", "interval_minutes": 720}
    kjell, per = (alice.register(name, team, watch=often) for name in ("Kjell Steg", "Per Ivar Holm"))
    aina = alice.register("Aina Furu", team)
    alice.log("absence_started", {"absence_id": str(uuid.uuid4()), "kind": "admitted"}, client=kjell)
    mine = {"task_id": str(uuid.uuid4()), "what": "Ringe NAV om depositum", "owner_id": alice.id}
    alice.log("task_set", mine, client=per)
    alice.log("concern_raised", {"reason": "Svarer ikke"}, client=per)
    phone.start_with(alice)
    expect(phone.page.locator(".fire", has_text="Per Ivar Holm")).to_be_visible()
    phone.lose_coverage()

    # 7. A step home, without coverage: «hjemme nå», and due within it.
    phone.go(f"/felt/bruker/{kjell}")
    expect(phone.page.locator(".state")).to_contain_text("Innlagt")
    phone.tap(phone.link("Steg hjem"))
    for label, at in (("Hjemme fra", clock.now() - HOUR), ("Hjemme til", clock.now() + 48 * HOUR)):
        phone.page.get_by_label(label).fill(local(at).strftime("%Y-%m-%dT%H:%M"))
    phone.choose("Går tilsynet da?", "Tilsynet går")
    phone.tap(phone.button("Lagre steget"))
    expect(phone.page.locator(".state")).to_contain_text(re.compile(r"Hjemme nå til .* \(innlagt\) · bør ses innen "))
    expect(phone.button("Sett: Kjell Steg")).to_be_visible()
    phone.tap(phone.link("Utskriving planlagt"))
    phone.choose("Er det en bolig å komme hjem til?", "Har ingen bolig å komme hjem til")
    phone.tap(phone.button("Lagre planen"))
    expect(phone.page.locator(".notice", has_text="Ingen bolig å komme hjem til.")).to_be_visible()

    # 19. «Barn til stede» brings the guidance, and leads to what was judged.
    phone.go(f"/felt/ny?type=visit_logged&client={aina}")
    phone.tap(phone.page.locator("summary", has_text="Mer"))
    phone.choose("Barn til stede?", "Ja")
    expect(phone.page.get_by_text("Meldeplikten til barnevernet er din egen")).to_be_visible()
    phone.tap(phone.button("Lagre: traff"))
    phone.tap(phone.toast.get_by_role("link", name="Vurder meldeplikt"))
    phone.choose("Hva gjelder det?", "Barn")
    expect(phone.page.get_by_text("Meld til barnevernstjenesten")).to_be_visible()
    phone.choose("Er det meldt?", "Meldt")
    phone.page.get_by_label("Hvorfor, eller hvorfor ikke?").fill("Barn på fire og sprøyter")
    phone.tap(phone.button("Lagre vurderingen"))
    expect(phone.toast).to_contain_text("ingenting er sendt fra Sett")

    # 18. One tap: the card opens on his name and the day, nothing is red, and his task is gone.
    phone.go(f"/felt/bruker/{per}")
    phone.tap(phone.page.locator("summary", has_text="Endre"))
    phone.tap(phone.link("Avslutt oppfølging"))
    phone.choose("Hvorfor?", "Død")
    expect(phone.page.get_by_text("Ingen får push.")).to_be_visible()
    phone.tap(phone.button(re.compile("^Lagre"), exact=False))
    expect(phone.page.locator(".state h2")).to_have_text(re.compile(r"^Per Ivar Holm døde \d+\. "))
    expect(phone.link("Etter dødsfallet: det som gjenstår")).to_be_visible()
    expect(phone.button("Krise")).to_have_count(0)
    phone.tab("I dag")
    expect(phone.page.locator(".fire", has_text="Per Ivar Holm")).to_have_count(0)
    expect(phone.page.get_by_text("Ringe NAV om depositum")).to_have_count(0)

    phone.find_coverage()
    phone.wait_for_outbox(0)
    bob.pull()
    assert bob.replica["client", kjell]["watch"]["due_at"] is not None
    assert ("task", mine["task_id"]) not in bob.replica
    assert bob.alerts() == []


def test_a_vikar_has_eleven_for_one_shift_and_nobody_else(town: Town, new_phone: NewPhone) -> None:
    house, other = town.team("Granstua", "staffed_housing"), town.team("Nabohuset", "staffed_housing")
    mona, olga = town.staff("fieldworker", house, name="Mona"), town.staff("leader", other, name="Olga")
    residents = [mona.register(f"Beboer {number}", house) for number in range(1, 12)]
    hilde = olga.register("Hemmelige Hilde", other, birth_year=1970)

    # 20. Two taps, by whoever is on duty, with the phone in hand.
    hers, siris = new_phone(town), new_phone(town)
    hers.start_with(mona)
    hers.tab("Mer")
    hers.taps = 0
    hers.tap(hers.link("Ta inn en vikar"))
    hers.page.get_by_label("Hele navnet").fill("Siri Byrå")
    hers.page.get_by_label("Telefonnummer").fill("40000001")
    hers.tap(hers.button("Lag konto for vikaren"))
    code = hers.page.locator(".code-text").inner_text()
    assert hers.taps == 2
    (username,) = re.findall(r"\((vikar-\w+)\)", hers.page.locator(".code").inner_text())
    chosen = {"username": username, "code": code, "password": PASSWORD}
    assert requests.post(f"{town.url}/api/enrolment", json=chosen, timeout=60).status_code == 200

    # Eleven residents, and nobody else: 10. a known name and a guessed address are as of nobody.
    siris.start_with(SimpleNamespace(username=username))  # type: ignore[arg-type]
    siris.tab("Brukere")
    expect(siris.page.locator(".list .row")).to_have_count(len(residents))
    said = []
    for id_, name in ((hilde, "Hemmelige Hilde"), (str(uuid.uuid4()), "Finnes Ikke")):
        siris.page.get_by_label("Søk etter bruker").fill(name)
        expect(siris.page.get_by_text(f"Ingen treff på «{name}».")).to_be_visible()
        siris.go(f"/felt/bruker/{id_}")
        expect(siris.page.get_by_text("Denne brukeren er ikke på telefonen din.")).to_be_visible()
        said.append(siris.page.locator("main").inner_text())
        siris.tab("Brukere")
    assert said[0] == said[1]
    siris.page.get_by_label("Søk etter bruker").fill("Beboer 7")
    siris.tap(siris.button("Sett: Beboer 7"))
    expect(siris.toast).to_contain_text("Beboer 7")
    siris.wait_for_outbox(0)

    # at 22:30 it is gone: names from the screen and from what is kept, at the phone's next contact;
    with town._database.transaction() as session:
        assert grants.end_due(session, clock.now() + 11 * HOUR) == 1
    siris.page.reload()
    expect(siris.page.get_by_label("Brukernavn")).to_be_visible()
    expect(siris.page.locator("body")).not_to_contain_text("Beboer")
    assert siris.databases() == ["sett"]
    siris.stop()
    # what she logged stays.
    logged = [d for (kind, _), d in mona.pull().items() if kind == "entry" and d["type"] == "visit_logged"]
    assert [one["client_id"] for one in logged] == [residents[6]]
    assert logged[0]["author_id"] != mona.id

    # 10. Nødtilgang, by somebody inside: the reason is asked for, and what happens then is said beforehand.
    hers.open("/felt/nodtilgang")
    expect(hers.page.get_by_text("Lederen får vite det med en gang")).to_be_visible()
    for label, words in (("Hele navnet", "Hemmelige Hilde"), ("Fødselsår", "1970"), ("Hvorfor?", "Ligger på benken")):
        hers.page.get_by_label(label).fill(words)
    hers.tap(hers.button("Be om nødtilgang"))
    expect(hers.title("Hemmelige Hilde")).to_be_visible()
