"""`/melding/<token>`: three buttons for a partner, who sees nothing; and the links on the client's page."""

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.errors import Rejected
from fieldapp.models import PartnerLink, Staff
from fieldapp.services.entries import ingest
from fieldapp.services.people import throttle
from tests._client import CheckedClient
from tests._world import Person, World

FORM = {"name": "Apoteket Sentrum", "source": "pharmacy", "days": "180", "agreed": "1"}
Make = Callable[..., str]


@pytest.fixture
def kari(alice: Person) -> str:
    return alice.register("Kari Lund", alias="Kaisen", address="Storgata 1", phone="900 00 000")


@pytest.fixture
def pharmacy(app: Flask) -> CheckedClient:
    """Somebody at the till, signed in nowhere."""
    return CheckedClient.of(app)


@pytest.fixture
def link(alice: Person, kari: str) -> str:
    return made(alice, kari)


def made(by: Person, client_id: str, **changed: str) -> str:
    """The path of a new link."""
    answer = by.http.post(f"/kontor/bruker/{client_id}/lenker", data=FORM | changed)
    assert answer.status_code == 200, answer.text
    found = re.search(r'value="https://sett\.example(/melding/[^"]+)"', answer.text)
    assert found is not None
    return found[1]


def reported(by: Person, client_id: str) -> list[dict[str, object]]:
    entries = [data for (kind, _), data in by.pull().items() if kind == "entry" and data["client_id"] == client_id]
    return [one["body"] for one in entries if one["type"] == "sighting_reported"]


def test_the_page_has_three_buttons_and_no_fact_of_anybody(pharmacy: CheckedClient, link: str) -> None:
    answer = pharmacy.get(link)
    assert answer.status_code == 200
    assert re.findall(r'name="what" value="(\w+)"', answer.text) == ["seen", "missed", "worried"]
    assert "Melding til FACT Nord" in answer.text
    assert not [fact for fact in ("Kari", "Kaisen", "Storgata", "900", "Apoteket", "Alice") if fact in answer.text]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("language", "words"), [("nn", "Ikkje møtt"), ("en", "Did not come")])
@pytest.mark.engines("sqlite")
def test_it_speaks_the_language_that_is_chosen(pharmacy: CheckedClient, link: str, language: str, words: str) -> None:
    pharmacy.get(f"{link}?sprak={language}")
    assert words in pharmacy.get(link).text


@pytest.mark.parametrize("what", ["seen", "missed", "worried"])
def test_a_report_is_an_entry_by_the_partner(
    alice: Person, kari: str, pharmacy: CheckedClient, link: str, what: str
) -> None:
    answer = pharmacy.post(link, data={"what": what, "note": " Kom ikke. "}, follow_redirects=True)
    assert "Meldt kl. 10.00" in answer.text
    assert reported(alice, kari) == [{"source": "pharmacy", "what": what, "note": "Kom ikke."}]
    assert "Apoteket Sentrum" in alice.get(f"/kontor/bruker/{kari}").text


def test_a_report_stops_the_clock_only_where_the_agreement_says_so_and_missed_never_does(
    alice: Person, kari: str, pharmacy: CheckedClient, link: str
) -> None:
    def last_seen() -> object:
        return alice.pull()["client", kari]["watch"]["last_seen_at"]

    pharmacy.post(link, data={"what": "seen"})
    assert last_seen() is None
    agreed = {"mode": "interval", "counts": ["seen", "reported"], "sources": ["pharmacy"], "reason": "avtalt"}
    alice.log("watch_set", agreed, client=kari)
    counted = last_seen()
    assert counted is not None
    alice.log("watch_set", agreed | {"sources": ["lar"]}, client=kari)
    assert last_seen() is None
    alice.log("watch_set", agreed, client=kari)
    pharmacy.post(link, data={"what": "missed"})
    pharmacy.post(link, data={"what": "worried"})
    assert last_seen() == counted


def test_a_report_can_be_undone_once_within_ten_minutes(
    world: World, alice: Person, kari: str, pharmacy: CheckedClient, link: str
) -> None:
    given = receipt(pharmacy.post(link, data={"what": "missed"}).location)
    world.clock.shift(minutes=9)
    assert "Angret" in pharmacy.post(f"{link}/angre", data=given, follow_redirects=True).text
    assert "Kari Lund" not in checks(alice)
    again = pharmacy.post(f"{link}/angre", data=given)
    assert (again.status_code, again.text) == missing(pharmacy)


def test_after_ten_minutes_it_stands_and_is_not_shown_again(
    world: World, alice: Person, pharmacy: CheckedClient, link: str
) -> None:
    location = pharmacy.post(link, data={"what": "missed"}).location
    world.clock.shift(minutes=10, seconds=1)
    assert pharmacy.post(f"{link}/angre", data=receipt(location)).status_code == 404
    assert "Meldt kl." not in pharmacy.get(location).text
    assert "Kari Lund" in checks(alice)


def test_nobody_undoes_what_came_through_another_link_or_was_not_signed(
    alice: Person, kari: str, pharmacy: CheckedClient, link: str
) -> None:
    other = made(alice, kari, name="LAR Nord", source="lar")
    given = receipt(pharmacy.post(link, data={"what": "missed"}).location)
    for path, data in (
        (other, given),
        (link, {"kvittering": "Im1hZGUgdXAi.x"}),
        (link, {"kvittering": ""}),
        (link, {}),
    ):
        answer = pharmacy.post(f"{path}/angre", data=data)
        assert (answer.status_code, answer.text) == missing(pharmacy)
    assert "Meldt kl." not in pharmacy.get(f"{other}?kvittering={given['kvittering']}").text


@pytest.mark.parametrize("days", [30, 180])
def test_a_link_ends_by_itself_and_looks_as_if_it_never_was(
    world: World, alice: Person, kari: str, pharmacy: CheckedClient, days: int
) -> None:
    path = made(alice, kari, days=str(days))
    world.clock.shift(days=days, seconds=-60)
    assert pharmacy.get(path).status_code == 200
    world.clock.shift(seconds=61)
    assert outside(pharmacy, path) == outside(pharmacy, "/melding/ukjent")


def test_a_link_is_ended_at_once_with_one_button(alice: Person, kari: str, pharmacy: CheckedClient, link: str) -> None:
    alice.http.post(end_of(alice, kari))
    assert outside(pharmacy, link) == outside(pharmacy, "/melding/ukjent")
    assert "Avslutt lenka" not in alice.get(f"/kontor/bruker/{kari}").text
    assert reported(alice, kari) == []


@pytest.mark.parametrize(
    ("over", "body"),
    [
        ("follow_up_ended", {"reason": "agreed"}),
        ("home_entered", {"ground": "agreement", "reason": "x", "found": "dead"}),
    ],
)
def test_a_link_ends_with_the_follow_up(
    alice: Person, kari: str, pharmacy: CheckedClient, link: str, over: str, body: dict[str, str]
) -> None:
    alice.log(over, body, client=kari)
    assert outside(pharmacy, link) == outside(pharmacy, "/melding/ukjent")


def test_a_link_that_runs_wild_is_slowed_down_and_says_that_nothing_was_sent(
    world: World, alice: Person, kari: str, pharmacy: CheckedClient, link: str
) -> None:
    for _ in range(throttle.MOST_REPORTS):
        assert pharmacy.post(link, data={"what": "seen"}).status_code == 303
    answer = pharmacy.post(link, data={"what": "worried", "note": "behold meg"})
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert "Meldingen er ikke sendt." in answer.text
    assert "behold meg" in answer.text
    assert len(reported(alice, kari)) == throttle.MOST_REPORTS
    other = made(alice, kari, name="LAR Nord", source="lar")
    assert pharmacy.post(other, data={"what": "seen"}).status_code == 303
    world.clock.shift(minutes=16)
    assert pharmacy.post(link, data={"what": "seen"}).status_code == 303


@pytest.mark.engines("sqlite")
def test_an_address_with_many_links_is_slowed_down_too_and_can_still_sign_in(
    alice: Person, kari: str, pharmacy: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MOST_PER_ADDRESS", 3)
    paths = [made(alice, kari, name=f"Apotek {n}") for n in range(4)]
    assert [pharmacy.post(path, data={"what": "seen"}).status_code for path in paths] == [303, 303, 303, 429]
    alice.sign_in()


@pytest.mark.engines("sqlite")
def test_what_is_none_of_the_three_is_refused(pharmacy: CheckedClient, link: str) -> None:
    assert [pharmacy.post(link, data={"what": what}).status_code for what in ("", "retracted")] == [422, 422]


def test_the_leader_and_the_primary_contact_make_links_and_nobody_else(world: World, alice: Person) -> None:
    team = alice.teams[0]
    mona, per = (world.staff("fieldworker", team, name=name) for name in ("Mona", "Per"))
    charlie = world.staff("leader", world.team(), name="Charlie")
    eva = alice.register("Eva", primary_staff_id=mona.id)
    path = f"/kontor/bruker/{eva}/lenker"
    assert [one.http.post(path, data=FORM).status_code for one in (alice, mona, per, charlie)] == [200, 200, 403, 404]
    assert "Lag lenka" not in per.get(path).text
    assert charlie.get(path).text == charlie.get(f"/kontor/bruker/{uuid.uuid4()}/lenker").text
    ends = end_of(alice, eva)
    assert [one.http.post(ends).status_code for one in (charlie, per, mona)] == [404, 403, 303]
    other = alice.register("Ola")
    assert alice.http.post(ends.replace(eva, other)).status_code == 404


def test_a_link_is_made_only_for_whom_the_client_has_said_yes_to(alice: Person, kari: str) -> None:
    path = f"/kontor/bruker/{kari}/lenker"
    assert alice.http.post(path, data={**FORM, "agreed": ""}).status_code == 422
    body = {"mode": "interval", "counts": ["seen", "reported"], "sources": ["lar"], "reason": "avtalt"}
    alice.log("watch_set", body, client=kari)
    answer = alice.http.post(path, data=FORM)
    assert answer.status_code == 422
    assert 'value="pharmacy"' not in answer.text
    made(alice, kari, source="lar")


@pytest.mark.parametrize("wrong", [{"days": "181"}, {"days": "x"}, {"source": "next_of_kin"}, {"name": " "}])
@pytest.mark.engines("sqlite")
def test_a_form_with_something_else_in_it_makes_no_link(
    world: World, alice: Person, kari: str, wrong: dict[str, str]
) -> None:
    assert alice.http.post(f"/kontor/bruker/{kari}/lenker", data=FORM | wrong).status_code == 422
    with world.database.reading() as session:
        assert session.scalars(select(PartnerLink)).all() == []


def test_a_name_that_is_too_long_is_told_how_long_it_may_be(alice: Person, kari: str) -> None:
    refused = alice.http.post(f"/kontor/bruker/{kari}/lenker", data=FORM | {"name": "x" * 101})
    assert refused.status_code == 422
    assert "Navnet kan ha høyst 100 tegn." in refused.text
    assert "Velg fra lista." not in refused.text


def test_the_address_is_shown_once_and_kept_nowhere(world: World, alice: Person, kari: str, link: str) -> None:
    token = link.rsplit("/", 1)[1]
    for path in (f"/kontor/bruker/{kari}", f"/kontor/bruker/{kari}/lenker"):
        page = alice.get(path).text
        assert token not in page
        assert "Laget av Alice 23. nov. · ikke brukt ennå · slutter 22. mai" in page
    with world.database.reading() as session:
        assert token.encode() not in session.scalars(select(PartnerLink.token_hash)).one()


def test_the_partner_is_no_person_anywhere(world: World, alice: Person, link: str) -> None:
    admin = world.staff("admin", phone=False)
    assert "Apoteket" not in admin.get("/admin").text
    assert [name for name in staff_on_phone(alice) if "Apoteket" in name] == []
    with world.database.reading() as session:
        account = session.scalars(select(Staff).where(Staff.role == access.PARTNER)).one()
    assert account.password_hash is None
    assert admin.http.post(f"/admin/ansatte/{account.id}/kode").status_code == 404
    form = {"username": "x", "name": "X", "role": "partner"}
    assert admin.http.post("/admin/ansatte", data=form).status_code == 422
    answer = CheckedClient.of(world.app).post("/api/session", json={"username": account.username, "password": ""})
    assert answer.status_code == 401


def test_a_partner_writes_nothing_but_sightings_and_only_of_its_own_client(
    world: World, alice: Person, kari: str, link: str
) -> None:
    eva = uuid.UUID(alice.register("Eva"))
    with world.database.reading() as session:
        row = session.scalars(select(PartnerLink)).one()
    partner = Viewer(row.staff_id, access.PARTNER, frozenset(), linked_client_id=uuid.UUID(kari))
    sighting = ("sighting_reported", {"source": "pharmacy"})
    for about, (type_, body), code in (
        (eva, sighting, "unknown_reference"),
        (uuid.UUID(kari), ("visit_logged", {"outcome": "seen", "place": "home"}), "not_permitted"),
        (uuid.UUID(kari), ("concern_raised", {"reason": "x"}), "not_permitted"),
    ):
        with world.database.transaction() as session, pytest.raises(Rejected) as refused:
            ingest.submit(session, partner, type_, body, client_id=about, now=world.clock.now())
        assert refused.value.code == code


def receipt(location: str) -> dict[str, str]:
    return {"kvittering": location.split("kvittering=")[1]}


def missing(pharmacy: CheckedClient) -> tuple[int, str]:
    answer = pharmacy.get("/melding/ukjent")
    return answer.status_code, answer.text


def outside(pharmacy: CheckedClient, path: str) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """Everything that can be seen of a link from outside."""
    answers = (
        pharmacy.get(path),
        pharmacy.post(path, data={"what": "seen"}),
        pharmacy.post(f"{path}/angre", data={"kvittering": "x"}),
    )
    return [
        (one.status_code, one.text, sorted(pair for pair in one.headers if pair[0] != "X-Request-Id"))
        for one in answers
    ]


def end_of(by: Person, client_id: str) -> str:
    """Where the button of the client's link goes."""
    found = re.search(
        r'action="(/kontor/bruker/[^"]+/lenker/[^"]+/avslutt)"', by.get(f"/kontor/bruker/{client_id}").text
    )
    assert found is not None
    return found[1]


def checks(reader: Person) -> str:
    """«Sjekk i dag» on the office's day."""
    return reader.get("/kontor").text.split('id="checks-head"')[1].split("</section>")[0]


def staff_on_phone(person: Person) -> list[str]:
    return [data["name"] for (kind, _), data in person.pull().items() if kind == "staff"]
