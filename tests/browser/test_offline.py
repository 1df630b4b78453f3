"""Without coverage, without a server, without a session: what was written stays, and the app opens."""

import re

from playwright.sync_api import expect

from tests.browser._phone import Phone, answer_with
from tests.browser._town import Colleague, Town
from tests.browser.conftest import NewPhone


def bob_with_even(town: Town) -> tuple[Colleague, str]:
    team = town.team("Granstua", "staffed_housing")
    bob = town.staff("fieldworker", team, name="Bob")
    return bob, bob.register("Even Furu", team)


def entries(person: Colleague, type: str = "visit_logged") -> list[dict]:
    return [data for (kind, _), data in person.pull().items() if kind == "entry" and data["type"] == type]


def test_cold_start_after_a_restart_when_no_server_answers(own_town: Town, new_phone: NewPhone) -> None:
    bob, even = bob_with_even(own_town)
    phone = new_phone(own_town)
    phone.start_with(bob)
    phone.stop()
    own_town.server.stop()

    for path, words in (
        ("/felt", "Even Furu"),
        (f"/felt/bruker/{even}", "Siste dager"),
        ("/felt/mer", "Alt er sendt"),
    ):
        phone.restart(path, offline=True)
        expect(phone.page.locator("main")).to_contain_text(words)
    phone.tab("I dag")
    phone.tap(phone.button("Sett: Even Furu"))
    expect(phone.toast).to_contain_text("Lagret på telefonen")
    phone.restart("/felt/logg-inn", offline=True)
    expect(phone.link("Ring 113")).to_be_visible()

    own_town.server.start_web(), own_town.server.start_worker()
    own_town.server.wait_until_healthy()
    phone.restart()
    phone.wait_for_outbox(0)
    assert len(entries(bob)) == 1


def test_a_draft_survives_kill_and_update_of_the_page_and_ends_with_its_save(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    phone.start_with(bob)
    form = f"/felt/ny?type=visit_logged&client={even}"
    phone.open(form)
    phone.choose("Hvordan gikk det?", "Hørte gjennom døra")
    phone.page.get_by_label("«Hvordan har du det?»").fill("«Slitsomt å være meg i dag»")
    phone.wait_for_draft("Slitsomt")
    phone.restart(form, offline=True)
    expect(phone.page.get_by_text("Dette er utkastet ditt")).to_be_visible()
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("«Slitsomt å være meg i dag»")
    phone.tap(phone.button("Lagre: hørte gjennom døra"))
    expect(phone.toast).to_contain_text("Even Furu: hørte gjennom døra")
    phone.open(form)
    expect(phone.page.get_by_text("Dette er utkastet ditt")).to_have_count(0)


def test_an_expired_session_takes_nothing_from_the_phone(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    phone.start_with(bob)
    sign_in = {"code": "sign_in", "message": "Logg inn."}
    phone.context.route(re.compile("/api/"), answer_with(401, sign_in))
    phone.tap(phone.button("Sett: Even Furu"))
    expect(phone.page.get_by_text("Du er logget ut. Alt du fører blir på telefonen.")).to_be_visible()
    phone.page.reload()
    expect(phone.page.get_by_text("1 venter på dekning")).to_be_visible()
    expect(phone.link(re.compile("Even Furu"))).to_be_visible()
    phone.open(f"/felt/ny?type=call_logged&client={even}")
    phone.choose("Hvordan gikk det?", "Ikke svar")
    phone.tap(phone.button("Lagre: ikke svar"))
    expect(phone.toast).to_contain_text("Lagret på telefonen")
    assert [row["state"] for row in phone.outbox()] == ["pending", "pending"]
    assert entries(bob) == []

    phone.tap(phone.link("Logg inn igjen"))  # first: the next sync finds that the session is good, and the link goes
    phone.context.unroute_all(behavior="ignoreErrors")  # one may be on its way
    phone.sign_in(bob)
    phone.wait_for_outbox(0)
    assert len(entries(bob)) == len(entries(bob, "call_logged")) == 1


def test_a_portal_that_answers_200_is_not_believed(town: Town, phone: Phone) -> None:
    bob, _ = bob_with_even(town)
    phone.start_with(bob)
    phone.context.route(re.compile("/api/sync"), answer_with(200, {"welcome": "Gjestenett"}))
    phone.tap(phone.button("Sett: Even Furu"))
    expect(phone.page.get_by_text("1 venter på dekning")).to_be_visible()
    phone.context.unroute_all(behavior="ignoreErrors")  # one may be on its way
    phone.tap(phone.button(re.compile("Prøv nå")))
    phone.wait_for_outbox(0)
    assert len(entries(bob)) == 1


def test_a_rejected_entry_says_why_and_can_be_mended(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    phone.start_with(bob)
    rejected: dict = {"code": "invalid_body", "field": "body.outcome", "message": "Utfallet finnes ikke."}

    def reject(route) -> None:
        sent = route.request.post_data_json["entries"]
        answer = route.fetch(post_data=route.request.post_data_json | {"entries": []})
        verdicts = [{"id": one["id"], "verdict": "rejected"} | rejected for one in sent]
        route.fulfill(response=answer, json=answer.json() | {"results": verdicts})

    phone.context.route(re.compile("/api/sync"), reject)
    phone.open(f"/felt/ny?type=visit_logged&client={even}")
    phone.page.get_by_label("«Hvordan har du det?»").fill("«Bra»")
    phone.tap(phone.button("Lagre: traff"))
    expect(phone.title("Even Furu")).to_be_visible()
    phone.tab("Mer")
    held = phone.page.locator("section", has=phone.heading("Ikke godtatt"))
    expect(held).to_contain_text("Utfallet finnes ikke.")
    expect(held).to_contain_text("Even Furu")
    phone.context.unroute_all(behavior="ignoreErrors")  # one may be on its way

    phone.tap(held.get_by_role("link", name="Rett opp"))
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("«Bra»")
    phone.choose("Hvordan gikk det?", "Hørte gjennom døra")
    phone.tap(phone.button("Lagre: hørte gjennom døra"))
    expect(phone.title("Even Furu")).to_be_visible()
    phone.wait_for_outbox(0)
    (visit,) = entries(bob)
    assert visit["body"] == {"outcome": "heard", "place": "home", "client_said": "«Bra»"}
    assert visit["mends"]
    phone.tab("Mer")
    expect(phone.heading("Ikke godtatt")).to_have_count(0)


def test_the_worker_sends_what_waits_when_the_page_is_closed(town: Town, phone: Phone) -> None:
    bob, _ = bob_with_even(town)
    phone.start_with(bob)
    phone.lose_coverage()
    phone.tap(phone.button("Sett: Even Furu"))
    expect(phone.toast).to_contain_text("Lagret på telefonen")
    phone.page.route(re.compile("/api/"), lambda route: route.abort())  # the page is cut off, the worker is not
    phone.context.set_offline(False)
    phone.wake_worker()
    phone.wait_for_outbox(0)
    assert len(entries(bob)) == 1
