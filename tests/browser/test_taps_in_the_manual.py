"""The manual's table of taps: each way is walked on a real screen, counted, and held against its row.

The count begins where the row says one stands and ends when it is saved. A row without a way here, a way without a row,
and a row that says another number all fail.
"""

import datetime as dt
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from sync.ids import uuid7
from tests._server import ROOT
from tests.browser._phone import Phone
from tests.browser._town import Colleague, Town

PAGE = ROOT / "docs/brukerveiledning/trykk.md"
_ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \| (\d+) \| (\d+) \|$", re.MULTILINE)
ROWS = {what: (int(taps), int(most)) for what, _, taps, most in _ROW.findall(PAGE.read_text())}


@dataclass
class Scene:
    """A phone in somebody's hand, and the client it is about."""

    phone: Phone
    bob: Colleague
    even: str
    name: str = "Even Furu"

    def type(self, label: str, words: str) -> None:
        """One tap into the field, and the keyboard."""
        field = self.phone.page.get_by_label(label)
        self.phone.tap(field)
        field.fill(words)

    def saved(self, type_: str, **body: object) -> None:
        """The newest entry on the phone is of this type, and says this."""
        newest = self.phone.waiting()[-1]
        assert newest["type"] == type_
        assert {name: newest["body"].get(name) for name in body} == body


Way = Callable[[Scene], None]


def _sett(scene: Scene) -> None:
    scene.phone.tap(scene.phone.button("Sett: Even Furu"))
    expect(scene.phone.toast).to_contain_text("Sett: Even Furu")
    scene.saved("visit_logged", outcome="seen", quick=True)


def _visit(scene: Scene) -> None:
    scene.phone.tap(scene.phone.link(re.compile("^Even Furu")).first)
    scene.phone.tap(scene.phone.link("Besøk"))
    scene.phone.tap(scene.phone.button("Lagre: traff"))
    expect(scene.phone.toast).to_contain_text("traff")
    scene.saved("visit_logged", outcome="seen")


def _attempt(scene: Scene) -> None:
    scene.phone.tap(scene.phone.link(re.compile("^Even Furu")).first)
    scene.phone.tap(scene.phone.link("Besøk"))
    scene.phone.choose("Hvordan gikk det?", "Åpnet ikke")
    scene.phone.tap(scene.phone.button("Lagre: åpnet ikke"))
    expect(scene.phone.toast).to_contain_text("åpnet ikke")
    scene.saved("visit_logged", outcome="no_answer")


def _call(scene: Scene) -> None:
    scene.phone.tap(scene.phone.link("Telefon/SMS"))
    scene.phone.choose("Hvordan gikk det?", "Snakket sammen")
    scene.phone.tap(scene.phone.button("Lagre: snakket sammen"))
    expect(scene.phone.toast).to_contain_text("snakket sammen")
    scene.saved("call_logged", outcome="spoke")


def _rung(scene: Scene) -> None:
    scene.phone.ring_nobody()
    scene.phone.tap(scene.phone.link("Ring"))
    scene.phone.taps = 0
    scene.phone.tap(scene.phone.button("Ikke svar"))
    expect(scene.phone.toast).to_contain_text("ikke svar")
    scene.saved("call_logged", outcome="no_answer")


def _crisis(scene: Scene) -> None:
    scene.phone.tap(scene.phone.button("Krise"))
    expect(scene.phone.page.get_by_role("timer")).to_be_visible()
    scene.saved("crisis_opened")


def _crisis_from_plus(scene: Scene) -> None:
    scene.phone.tap(scene.phone.link("Krise"))
    scene.phone.tap(scene.phone.button("Start krise: Even Furu"))
    expect(scene.phone.page.get_by_role("timer")).to_be_visible()
    scene.saved("crisis_opened")


def _concern(scene: Scene) -> None:
    scene.phone.tap(scene.phone.link("Bekymret nå"))
    scene.phone.tap(scene.phone.button("Varsle nå"))
    expect(scene.phone.title("Hva gjør deg bekymret?")).to_be_visible()
    scene.saved("concern_raised", urgency="now")


def _rent_letter(scene: Scene) -> None:
    scene.phone.tap(scene.phone.link("Husleie"))
    scene.phone.choose("Brev som er kommet", "Varsel om tvangsfravikelse (§ 4-18)")
    scene.type("Restanse i kroner", "14250")
    scene.phone.tap(scene.phone.button("Lagre husleiesak"))
    expect(scene.phone.toast).to_contain_text("ny husleiesak")
    scene.saved("rent_problem_reported", amount_nok="14250")


def _complaint(scene: Scene) -> None:
    scene.phone.tap(scene.phone.link("Naboklage"))
    scene.phone.choose("Hva klages det på?", "Bråk")
    scene.phone.choose("Hvem klager?", "Nabo")
    scene.phone.choose("Hvem rammes?", "Uklart")
    scene.phone.tap(scene.phone.button("Lagre naboklage"))
    expect(scene.phone.toast).to_contain_text("ny naboklage")
    scene.saved("neighbour_complaint_received", what=["noise"])


def _entered(scene: Scene) -> None:
    scene.phone.tap(scene.phone.link("Låste oss inn"))
    scene.phone.choose("Grunnlag", "Fare for liv og helse")
    scene.phone.choose("Prøvd først", "Ringte på")
    scene.phone.choose("Hva fant dere?", "Sto bra til")
    scene.phone.choose("Har beboeren fått vite det?", "Sagt det selv")
    scene.type("Hvorfor gikk dere inn?", "Svarte ikke på to døgn")
    scene.phone.tap(scene.phone.button("Lagre: låste oss inn"))
    expect(scene.phone.toast).to_contain_text("Even Furu")
    scene.saved("home_entered", found="ok")


def _was_seen(scene: Scene) -> None:
    scene.phone.tap(scene.phone.link("Var sett, ikke ført"))
    scene.phone.choose("Når ble personen sett?", "For 1 t siden")
    scene.phone.tap(scene.phone.button("Lagre: var sett, ikke ført"))
    expect(scene.phone.toast).to_contain_text("Even Furu")
    scene.saved("alert_resolved", outcome="was_seen")


def _street(scene: Scene) -> None:
    scene.phone.choose("Hvor?", "Havna")
    scene.phone.tap(scene.phone.button("Lagre gatekontakt"))
    expect(scene.phone.toast).to_contain_text("Gatekontakt")
    scene.saved("street_contact_logged", place_label="Havna", people=1)


def _known(scene: Scene) -> None:
    scene.phone.choose("Hvor?", "Havna")
    scene.phone.choose("Hvem?", "En jeg kjenner", "Even Furu")
    scene.phone.tap(scene.phone.button("Lagre: Even Furu"))
    expect(scene.phone.toast).to_contain_text("Even Furu")
    assert scene.phone.waiting()[-1]["client_id"] == scene.even


CARD = "/felt/bruker/{even}"
WAYS: dict[str, tuple[str, Way]] = {
    "Sett": ("/felt", _sett),
    "Hjemmebesøk, traff": ("/felt", _visit),
    "Ikke truffet": ("/felt", _attempt),
    "Telefon, ført for hånd": (CARD, _call),
    "Telefon, etter «Ring»": (CARD, _rung),
    "Krise, fra kortet": (CARD, _crisis),
    "Krise, fra ＋": ("/felt/ny", _crisis_from_plus),
    "Bekymret nå": (CARD, _concern),
    "Brev om husleie": (CARD, _rent_letter),
    "Naboklage": (CARD, _complaint),
    "Låste oss inn": (CARD, _entered),
    "Var sett, ikke ført": ("/felt/varsel/{alert}", _was_seen),
    "Gatekontakt uten navn": ("street", _street),
    "Gatekontakt med en du kjenner": ("street", _known),
}


def test_the_table_has_every_way_and_none_is_too_long() -> None:
    assert list(ROWS) == list(WAYS)
    assert [what for what, (taps, most) in ROWS.items() if taps > most] == []


@pytest.mark.parametrize("what", WAYS)
def test_taps_are_as_the_manual_says(what: str, town: Town, phone: Phone) -> None:
    path, way = WAYS[what]
    scene = at_the_door(town, phone, path)
    phone.taps = 0
    way(scene)
    assert phone.taps == ROWS[what][0]


def at_the_door(town: Town, phone: Phone, path: str) -> Scene:
    """The page where the row begins, without coverage: what is counted is what is saved on the phone."""
    team = town.team("", "outreach" if path == "street" else "staffed_housing")
    bob = town.staff("fieldworker", team, name="Bob")
    even = register(bob, long_ago=town.now() - dt.timedelta(hours=26 if "alert" in path else 1))
    alert = not_seen(bob) if "alert" in path else ""
    phone.start_with(town.staff("peer", team, name="Rolf") if path == "street" else bob)
    phone.open("/felt" if path == "street" else path.format(even=even, alert=alert))
    phone.lose_coverage()
    return Scene(phone, bob, even)


def register(bob: Colleague, long_ago: dt.datetime) -> str:
    """A client on 24 hours, registered then."""
    client, team = str(uuid7()), bob.teams[0].id
    body = {"name": "Even Furu", "team_id": team, "phone": "90000001", "address": "Granveien 3"}
    bob.log("client_registered", body, client=client, occurred_at=long_ago.isoformat(), time_chosen=True)
    return client


def not_seen(bob: Colleague) -> str:
    """The alert of the client whose 24 hours have run out, once the worker has opened it."""
    deadline = time.monotonic() + 60
    while not (alerts := [one for one in bob.alerts() if one["kind"] == "not_seen"]):
        assert time.monotonic() < deadline, "no alert"
        time.sleep(0.2)
    found: str = alerts[0]["id"]
    return found
