"""What lies behind a client's page: all entries searched, a year, the tenancy's timeline, and who has read."""

import datetime as dt
import re
from html import unescape
from uuid import UUID

import pytest

from sync.ids import uuid7
from tests._world import Person, TeamOfWorld, World
from tests.routes._statements import statements


def path(client: str, what: str) -> str:
    return f"/kontor/bruker/{client}/{what}"


def text(person: Person, client: str, what: str, **asked: str) -> str:
    answer = person.http.get(path(client, what), query_string=asked)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def notes(person: Person, client: str, **asked: str) -> list[str]:
    """The notes of the entries that are listed, in order."""
    return re.findall(r"<p>(notat [^<]*)</p>", text(person, client, "oppforinger", **asked))


def call(person: Person, client: str, note: str, **envelope: object) -> str:
    body = {"direction": "out", "outcome": "spoke", "note": note}
    return str(person.log("call_logged", body, client=client, **envelope)["id"])


def visit(person: Person, client: str, note: str, **envelope: object) -> str:
    body = {"outcome": "seen", "place": "home", "note": note}
    return str(person.log("visit_logged", body, client=client, **envelope)["id"])


@pytest.fixture
def kari(world: World, alice: Person, bob: Person, kari: str) -> str:
    """Three entries in two months and by two people, beside the registration."""
    visit(bob, kari, "notat om kaffe", at=world.clock.now() - dt.timedelta(days=26))
    call(alice, kari, "notat om NAV")
    visit(bob, kari, "notat om kaffe og NAV")
    return kari


def test_entries_are_narrowed_by_kind_who_period_and_words(alice: Person, bob: Person, kari: str) -> None:
    both, nav, coffee = "notat om kaffe og NAV", "notat om NAV", "notat om kaffe"
    assert notes(alice, kari) == [both, nav, coffee]
    assert notes(alice, kari, art="call_logged") == [nav]
    assert notes(alice, kari, hvem=bob.id) == [both, coffee]
    assert notes(alice, kari, fra="2026-11-01") == [both, nav]
    assert notes(alice, kari, til="2026-10-31") == [coffee]
    assert notes(alice, kari, ord="nav") == [both, nav]
    assert notes(alice, kari, ord="KAFFE nav") == [both]
    assert notes(alice, kari, ord="hjemmebesok") == [both, coffee]
    assert notes(alice, kari, ord="bob", fra="2026-11-01", art="visit_logged") == [both]
    assert "Ingenting passer med søket." in text(alice, kari, "oppforinger", ord="ingen slik")
    wrong = alice.http.get(path(kari, "oppforinger"), query_string={"fra": "i går"})
    assert wrong.status_code == 422
    assert 'id="-fra-error"' in wrong.text


def test_the_pages_follow_each_other_without_gap_or_repetition(
    alice: Person, kari: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldapp.queries import client_history

    monkeypatch.setattr(client_history, "PAGE", 2)
    found, asked = [], {}
    for _ in range(10):
        page = text(alice, kari, "oppforinger", **asked)
        found += re.findall(r'<li id="entry-([0-9a-f-]+)"', page)
        more = re.search(r'rel="next" href="[^"]*[?&]for=([^"&]+)', page)
        if not more:
            break
        asked = {"for": more[1]}
    everything = [id_ for (kind, id_), data in alice.pull().items() if kind == "entry" and data["client_id"] == kari]
    assert len(found) == len(everything) == 4
    assert set(found) == set(everything)
    assert len(notes(alice, kari, **{"for": "tull"})) == 2


def test_words_are_looked_for_in_bounds_and_on_from_there(
    alice: Person, kari: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldapp.queries import client_history

    monkeypatch.setattr(client_history, "AT_A_TIME", 1)
    monkeypatch.setattr(client_history, "MOST_TIMES", 2)
    page = text(alice, kari, "oppforinger", ord="kaffe")
    assert "Lett tilbake til" in page
    assert re.findall(r"<p>(notat [^<]*)</p>", page) == ["notat om kaffe og NAV"]
    more = re.search(r'rel="next" href="[^"]*[?&]for=([^"&]+)', page)
    assert more
    assert notes(alice, kari, ord="kaffe", **{"for": more[1]}) == ["notat om kaffe"]


def test_only_what_is_found_is_noted_as_read(world: World, alice: Person, kari: str) -> None:
    from sqlalchemy import select

    from fieldapp.models import ReadLog

    world.clock.shift(hours=2)
    hit = visit(alice, kari, "notat om te")
    world.clock.shift(hours=2)
    text(alice, kari, "oppforinger", ord="te", art="visit_logged")
    with world.database.reading() as session:
        row = session.scalars(
            select(ReadLog).where(ReadLog.staff_id == UUID(alice.id), ReadLog.surface == "office")
            .order_by(ReadLog.seq.desc())
        ).first()  # fmt: skip
    assert row is not None
    assert (row.kind, hit in row.what) == ("opened", True)
    others = [id_ for (kind, id_), data in alice.pull().items() if kind == "entry" and id_ != hit]
    assert not any(other in row.what for other in others)


@pytest.mark.parametrize(
    ("what", "surface", "kind"),
    [("oppforinger", "office", "entry"), ("aar/2026", "print", "entry"), ("bolig", "office", "entry"),
     ("lest", "office", "read_log")],
)  # fmt: skip
def test_each_page_is_in_the_read_log(
    world: World, alice: Person, kari: str, what: str, surface: str, kind: str
) -> None:
    from sqlalchemy import select

    from fieldapp.models import ReadLog

    alice.log("rent_problem_reported", {"amount_nok": "1200"}, client=kari, case=str(uuid7()))
    world.clock.shift(hours=2)
    text(alice, kari, what)
    with world.database.reading() as session:
        row = session.scalars(select(ReadLog).order_by(ReadLog.seq.desc())).first()
    assert row is not None
    assert (str(row.staff_id), str(row.client_id), row.surface) == (alice.id, kari, surface)
    assert f'"{kind}"' in row.what


def test_a_search_finds_no_words_that_are_not_shown(
    world: World, alice: Person, bob: Person, team: TeamOfWorld, kari: str
) -> None:
    bob.log("staff_incident_logged", {"kinds": ["threats"], "by": "client", "note": "slag mot armen"}, client=kari)
    cara = world.staff("fieldworker", team, name="Cara")
    assert "entry-" not in text(cara, kari, "oppforinger", ord="armen")
    assert "slag mot armen" in text(alice, kari, "oppforinger", ord="armen")
    place = bob.log("street_contact_logged", {"place_label": "Strandgata", "people": 1}, client=kari)["id"]
    assert place in text(alice, kari, "oppforinger", ord="strandgata")
    from tests.routes.test_access_matrix import protect

    protect(world, alice, kari, "code6")
    alice.log("client_access_listed", {"staff_ids": [alice.id]}, client=kari)
    assert "entry-" not in text(alice, kari, "oppforinger", ord="strandgata")


def test_the_months_are_counted_and_lead_to_their_entries(alice: Person, kari: str) -> None:
    page = text(alice, kari, "oppforinger").split('class="card months')[1]
    assert re.findall(r">(\w+)<span class=\"ds-sr-only\"> (\d+)</span></a> <span class=\"number\">(\d+)", page) == [
        ("november", "2026", "3"),
        ("oktober", "2026", "1"),
    ]
    october = re.search(r'href="[^"]*fra=(2026-10-01)[^"]*til=(2026-10-31)"', page)
    assert october
    assert notes(alice, kari, fra=october[1], til=october[2]) == ["notat om kaffe"]


def cells(page: str, month: str) -> list[str]:
    row = page.split(f'<th scope="row">{month}</th>')[1].split("</tr>")[0]
    return re.findall(r"<td>([^<]*)</td>", row)


def test_a_year_is_told_on_one_page(world: World, alice: Person, bob: Person, kari: str) -> None:
    bob.log("visit_logged", {"outcome": "no_answer", "place": "home", "note": "notat"}, client=kari)
    away = {"absence_id": str(uuid7()), "kind": "admitted"}
    alice.log("absence_started", away, client=kari, at=world.clock.now() - dt.timedelta(days=4))
    alice.log(
        "absence_ended", {"absence_id": away["absence_id"]}, client=kari, at=world.clock.now() - dt.timedelta(days=1)
    )
    alice.log("rent_problem_reported", {"amount_nok": "1200"}, client=kari, case=str(uuid7()))
    alice.log("agreement_recorded", {"agreement_id": str(uuid7()), "kind": "follow_up", "words": "Hver tirsdag"},
              client=kari)  # fmt: skip
    page = text(alice, kari, "aar/2026")
    assert cells(page, "Oktober") == ["1", "–", "–", "–", "–"]
    assert cells(page, "November") == ["1", "1", "–", "1", "3"]
    assert cells(page, "Til sammen") == ["2", "1", "–", "1", "3"]
    assert ("Desember" in page, "Hver tirsdag" in page, "Husleie" in page) == (False, True, True)
    assert "notat om kaffe" not in page
    empty = text(alice, kari, "aar/2025")
    assert "Ingen avtaler, saker, planer eller vedtak er ført dette året." in empty
    for year in ("2027", "1989", "99999"):
        assert alice.get(path(kari, f"aar/{year}")).status_code == 404


def test_what_was_taken_back_is_in_no_year(alice: Person, kari: str) -> None:
    seen = visit(alice, kari, "notat feil")
    agreed = {"agreement_id": str(uuid7()), "kind": "follow_up", "words": "Angret avtale"}
    agreement = alice.log("agreement_recorded", agreed, client=kari)["id"]
    for one in (seen, str(agreement)):
        alice.log("entry_corrected", {"entry_id": one, "what": "retracted", "reason": "feil"})
    page = text(alice, kari, "aar/2026")
    assert cells(page, "November")[0] == "1"
    assert "Angret avtale" not in page


def test_the_tenancy_stands_in_one_line_and_its_dates_apart(alice: Person, kari: str) -> None:
    rent, complaint = str(uuid7()), str(uuid7())
    letters = [{"kind": "eviction_notice", "sent_on": "2026-11-10"},
               {"kind": "bailiff_letter", "received_on": "2026-11-16"}, {"kind": "reminder"}]  # fmt: skip
    alice.log("rent_problem_reported", {"amount_nok": "12000", "letters": letters}, client=kari, case=rent)
    alice.log("rent_problem_updated", {"deadline_on": "2026-12-04", "letters": letters[:1]}, client=kari, case=rent)
    complained = {
        "what": ["noise"],
        "complainant": "neighbour",
        "client_role": "causes",
        "complainant_name": "Per Nabo",
    }
    alice.log("neighbour_complaint_received", complained, client=kari, case=complaint)
    page = text(alice, kari, "bolig")
    by, rest = page.split('id="by"')[1].split('id="from"')
    can = rest.split('id="cases"')[0]
    assert ("Svar namsmannen innen" in by, "tvfbl § 13-6" in by.replace("\u00a0", " ")) == (True, True)
    assert "Vår frist: 4. des." in by
    assert "Kan begjæres fra" not in by
    assert "Kan begjæres fra tirsdag 24. nov." in can
    assert "innen" not in can.split("</section>")[0]
    line = page.split('id="line"')[1]
    days = re.findall(r'<time datetime="(\d{4}-\d\d-\d\d)"', line)
    assert days == sorted(days, reverse=True)
    assert days.count("2026-11-10") == 1
    assert "Brev uten dato" in line
    assert "Per Nabo" not in page
    assert "Ingenting om boligen" in text(alice, alice.register("Ola"), "bolig")


def test_who_has_read_is_for_the_leader_and_privacy(alice: Person, bob: Person, ingrid: Person, kari: str) -> None:
    bob.get(f"/kontor/bruker/{kari}")
    for person in (alice, ingrid):
        assert "Bob" in text(person, kari, "lest", hva="opened")
    assert bob.get(path(kari, "lest")).status_code == 403
    assert "Hvem har lest" in text(alice, kari, "oppforinger")
    assert "Hvem har lest" not in text(bob, kari, "oppforinger")


def test_nothing_lies_behind_a_client_one_does_not_see(
    world: World, alice: Person, bob: Person, ingrid: Person, kari: str
) -> None:
    odd = world.staff("leader", world.team("Sør"), name="Odd")
    alice.log("staff_blocked", {"staff_id": bob.id, "reason": "familie"}, client=kari)
    for person in (odd, bob):
        for what in ("oppforinger", "aar/2026", "bolig"):
            assert person.get(path(kari, what)).status_code == 404, what
    assert odd.get(path(kari, "lest")).status_code == 404
    assert ingrid.get(path(kari, "oppforinger")).status_code == 403


@pytest.mark.parametrize("what", ["oppforinger", "oppforinger?ord=notat", "aar/2026", "bolig", "lest"])
def test_as_many_statements_for_many_entries_as_for_few(world: World, alice: Person, kari: str, what: str) -> None:
    counts = []
    for more in (1, 25):
        for n in range(more):
            visit(alice, kari, f"notat {n}")
            alice.log("rent_problem_reported", {"note": f"notat {n}"}, client=kari, case=str(uuid7()))
        world.clock.shift(minutes=61)
        alice.get(path(kari, what))
        world.clock.shift(minutes=61)
        with statements(world) as asked:
            assert alice.get(path(kari, what)).status_code == 200
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1, counts
    assert counts[1] < 60, counts
