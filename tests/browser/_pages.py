"""Every page and state of the phone, each with the name of a test, on one phone whose team has something of all."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser._phone import Phone, answer_with
from tests.browser._town import Colleague, Town

FORMS = (
    "visit_logged", "visit_started", "street_contact_logged", "call_logged", "sighting_reported", "concern_raised",
    "rent_problem_reported", "neighbour_complaint_received", "home_entered", "absence_started", "absence_confirmed",
    "watch_set",
    "contact_interval_set", "agreement_withdrawn", "client_updated", "client_team_set", "follow_up_ended",
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """Whose phone it is, and the ids of what there is to open."""

    alice: Colleague
    phone: Phone
    even: str
    aina: str
    rent: str
    crisis: str
    alert: str
    visit: str
    kjell: str


def set_scene(town: Town, phone: Phone) -> Scene:
    """A leader's phone in a team with an alert, a crisis, cases, an absence, and somebody who should be seen soon."""
    team = town.team("Granstua", "staffed_housing")
    alice, bob = town.staff("leader", team, name="Alice Berg"), town.staff("fieldworker", team, name="Bob Dal")
    now = town.now()
    even = alice.register("Even Furu", team, phone="90000001", address="Granveien 3", alias="Evan", birth_year=1981,
                          primary_staff_id=alice.id)  # fmt: skip
    aina = bob.register("Aina Strand", team, watch={"mode": "off"}, contact_interval_days=2)
    kjell = bob.register("Kjell Moen", team)
    bob.register("Per Ivar Lund-Johannessen Nordgården", team)
    visit = alice.log("visit_logged", {"outcome": "seen", "place": "home", "note": "Kaffe."}, client=even)
    bob.log("visit_logged", {"outcome": "no_answer", "place": "home"}, client=even)
    bob.log("absence_started", {"absence_id": str(uuid.uuid4()), "kind": "admitted", "where": "DPS"}, client=kjell)
    rent, crisis = str(uuid.uuid4()), str(uuid.uuid4())
    letter = {"kind": "eviction_notice", "dated_on": f"{now - dt.timedelta(days=20):%Y-%m-%d}"}
    bob.log("rent_problem_reported", {"amount_nok": "14250.00", "letters": [letter]}, client=aina, case=rent)
    bob.log("neighbour_complaint_received", {"what": ["noise"], "complainant": "neighbour", "client_role": "unclear"},
            client=aina, case=str(uuid.uuid4()))  # fmt: skip
    span = {"from_at": f"{now - dt.timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            "to_at": f"{now + dt.timedelta(hours=8):%Y-%m-%dT%H:%M:%SZ}"}  # fmt: skip
    alice.log("duty_set", {"team_id": team.id, "staff_id": alice.id, "duty": "duty"} | span)
    bob.log("concern_raised", {"reason": "Snakker om å gi opp", "urgency": "now"}, client=even)
    bob.log("crisis_opened", {"kind": "overdose"}, client=aina, case=crisis)
    alert = next(one["id"] for one in alice.alerts() if one["kind"] == "concern")
    phone.start_with(alice)
    return Scene(alice, phone, even, aina, rent, crisis, alert, visit["id"], kjell)


def pages(scene: Scene) -> dict[str, str]:
    """Addresses by name."""
    ids = {"even": scene.even, "aina": scene.aina, "rent": scene.rent, "crisis": scene.crisis, "kjell": scene.kjell}
    simple = {
        "today": "/felt", "clients": "/felt/brukere", "log": "/felt/ny", "board": "/felt/tavle", "more": "/felt/mer",
        "sign-in": "/felt/logg-inn", "client": "/felt/bruker/{even}", "client-with-cases": "/felt/bruker/{aina}",
        "rent": "/felt/sak/{rent}", "crisis": "/felt/sak/{crisis}", "no-such-client": "/felt/bruker/nobody",
        "no-such-alert": "/felt/varsel/nobody", "who-is-in-crisis": "/felt/ny?type=crisis_opened",
        "new-client": "/felt/ny?type=client_registered", "duty": "/felt/ny?type=duty_set",
        "whom": "/felt/ny?type=visit_logged", "away": "/felt/ny?type=away&client={kjell}",
        "client-away": "/felt/bruker/{kjell}",
        "help": "/felt/hjelp", "street": "/felt/ny?type=street_contact_logged",
        "rent-update": "/felt/ny?type=rent_problem_updated&case={rent}",
        "crisis-closed": "/felt/ny?type=crisis_closed&case={crisis}",
    }  # fmt: skip
    forms = {f"form-{name}": f"/felt/ny?type={name}&client={scene.even}" for name in FORMS}
    alerts = {f"form-{name}": f"/felt/ny?type={name}&alert={scene.alert}"
              for name in ("alert_resolved", "alert_snoozed", "alert_handed_over")}  # fmt: skip
    more = {
        "entry": f"/felt/notat/{scene.visit}",
        "alert": f"/felt/varsel/{scene.alert}",
        "correct": f"/felt/ny?type=entry_corrected&entry={scene.visit}",
    }
    return {name: path.format(**ids) for name, path in simple.items()} | forms | alerts | more


def set_street(town: Town, phone: Phone) -> None:
    """An oppsøkende peer's phone, with somebody they know."""
    team = town.team("Uteteamet", "outreach")
    town.staff("fieldworker", team, name="Bob").register("Even Furu", team)
    phone.start_with(town.staff("peer", team, name="Rolf"))


def street_states() -> dict[str, Callable[[Phone], None]]:
    """The start page of an oppsøkende peer, and what they do on it, in this order."""
    return {
        "the street": lambda phone: phone.open("/felt"),
        "the street: those I know": lambda phone: phone.tap(phone.button("En jeg kjenner")),
        "the street: what is missing": lambda phone: phone.tap(phone.button("Lagre gatekontakt")),
        "the street: private": lambda phone: phone.choose("Samtalen er privat", "Nei"),
        "the street: logged": _street_logged,
        "the street: without coverage": lambda phone: phone.lose_coverage(),
    }


def _street_logged(phone: Phone) -> None:
    phone.choose("Hvor?", "Havna")
    phone.tap(phone.button("Lagre gatekontakt"))
    expect(phone.toast).to_contain_text("Mottatt")
    expect(phone.button(re.compile("^Angre: Havna"))).to_be_visible()


State = Callable[[Scene], None]


def states() -> dict[str, State]:
    """What a page looks like when something has happened on it; each begins from any page."""
    return {
        "toast with Angre": _toast,
        "search without hits": _search,
        "a form with what is missing": _missing,
        "a form with everything unfolded": _unfolded,
        "a text too long": _long,
        "an entry being corrected": _correcting,
        "a draft restored": _draft,
        "private talk": _private,
        "out on a visit": _visiting,
        "help asked for and not sent": _asking,
        "without coverage": _offline,
        "signed out": _signed_out,
        "signing out with unsent": _signing_out,
        "locked": _locked,
        "locked, and a PIN that was wrong": _wrong_pin,
        "a crisis on the locked phone": _crisis_while_locked,
        "help asked for on the locked phone": _help_while_locked,
    }


def _toast(scene: Scene) -> None:
    scene.phone.go(f"/felt/bruker/{scene.aina}")
    scene.phone.tap(scene.phone.button("Nei i døra"))
    expect(scene.phone.toast).to_be_visible()


def _search(scene: Scene) -> None:
    scene.phone.go("/felt/brukere")
    scene.phone.page.get_by_label("Søk etter bruker").fill("xyzzy")
    expect(scene.phone.page.get_by_text("Ingen treff på «xyzzy».")).to_be_visible()


def _missing(scene: Scene) -> None:
    scene.phone.go(f"/felt/ny?type=rent_problem_reported&client={scene.even}")
    scene.phone.go(f"/felt/ny?type=concern_raised&client={scene.even}")
    scene.phone.choose("Hvor mye haster det?", "I dag")
    scene.phone.tap(scene.phone.button("Meld bekymring"))
    expect(scene.phone.page.locator("main").get_by_role("alert").first).to_contain_text("Mangler")


def _unfolded(scene: Scene) -> None:
    scene.phone.go(f"/felt/ny?type=visit_logged&client={scene.even}")
    scene.phone.tap(scene.phone.page.locator("summary", has_text="Mer"))
    scene.phone.choose("Barn til stede?", "Ja")
    scene.phone.wait_for_draft("children_present")


def _long(scene: Scene) -> None:
    scene.phone.go(f"/felt/ny?type=concern_raised&client={scene.even}")
    scene.phone.choose("Hvor mye haster det?", "I dag")
    scene.phone.page.get_by_label("Hva gjør deg bekymret?").fill("å" * 2_012)
    expect(scene.phone.page.get_by_text("Teksten er 12 tegn for lang.")).to_be_visible()


def _correcting(scene: Scene) -> None:
    scene.phone.go(f"/felt/ny?type=entry_corrected&entry={scene.visit}")
    scene.phone.choose("Hva er feil?", "Feil i det som er ført")
    expect(scene.phone.page.get_by_label("Notat")).to_have_value("Kaffe.")


def _draft(scene: Scene) -> None:
    scene.phone.go(f"/felt/ny?type=visit_logged&client={scene.aina}")
    scene.phone.page.get_by_label("«Hvordan har du det?»").fill("«Bra»")
    scene.phone.wait_for_draft("«Bra»")
    scene.phone.page.reload()
    expect(scene.phone.page.get_by_text("Dette er utkastet ditt")).to_be_visible()


def _visiting(scene: Scene) -> None:
    scene.phone.go(f"/felt/ny?type=visit_started&client={scene.even}")
    scene.phone.lose_coverage()
    scene.phone.tap(scene.phone.button("Start besøket"))
    expect(scene.phone.page.get_by_text(re.compile("Hos Even Furu til ca."))).to_be_visible()


def _asking(scene: Scene) -> None:
    scene.phone.go("/felt/brukere")
    scene.phone.tap(scene.phone.link("Be om hjelp"))
    scene.phone.tap(scene.phone.button("Send hjelp nå"))
    expect(scene.phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå.").first).to_be_visible()


def _private(scene: Scene) -> None:
    scene.phone.go("/felt/ny?type=street_contact_logged")
    scene.phone.tap(scene.phone.page.locator("summary", has_text="Mer"))
    scene.phone.tap(scene.phone.page.get_by_role("group", name="Brukerutstyr delt ut").get_by_role("button").first)
    scene.phone.tap(scene.phone.page.get_by_role("group", name="Samtalen er privat").get_by_role("button"))


def _offline(scene: Scene) -> None:
    scene.phone.go("/felt")
    scene.phone.lose_coverage()
    expect(scene.phone.page.get_by_text(re.compile("Varsler når deg ikke"))).to_be_visible()


def _signed_out(scene: Scene) -> None:
    scene.phone.find_coverage()
    scene.phone.context.route(re.compile("/api/"), answer_with(401, {"code": "sign_in", "message": "Logg inn."}))
    scene.phone.open("/felt")
    expect(scene.phone.page.get_by_text("Du er logget ut. Alt du fører blir på telefonen.")).to_be_visible()


def _locked(scene: Scene) -> None:
    """Nothing opens it again: these come last."""
    scene.phone.let_lie()
    scene.phone.open_locked("/felt")


def _wrong_pin(scene: Scene) -> None:
    scene.phone.unlock("402816")
    expect(scene.phone.page.get_by_role("alert")).to_contain_text("Feil PIN")


def _crisis_while_locked(scene: Scene) -> None:
    scene.phone.tap(scene.phone.button("Krise"))
    expect(scene.phone.page.get_by_role("timer")).to_be_visible()


def _help_while_locked(scene: Scene) -> None:
    scene.phone.tap(scene.phone.button("Ferdig"))
    scene.phone.tap(scene.phone.button("Be om hjelp"))


def _signing_out(scene: Scene) -> None:
    scene.phone.go(f"/felt/bruker/{scene.even}")
    scene.phone.tap(scene.phone.button("Nei i døra"))
    expect(scene.phone.toast).to_be_visible()
    scene.phone.tab("Mer")
    scene.phone.tap(scene.phone.button("Logg ut"))
    expect(scene.phone.button("Logg ut likevel")).to_be_visible()
