"""The client's own link: «Jeg har det bra» counts as heard where agreed, «Ring meg» stands on today's list."""

import re

import pytest
from flask import Flask

from tests._client import CheckedClient
from tests._world import Person, World

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def bob(world: World) -> Person:
    return world.staff("leader", world.team("Nord"), name="Bob")


@pytest.fixture
def kari(bob: Person) -> str:
    return bob.register("Kari Lund", alias="Kaisen")


@pytest.fixture
def own(bob: Person, kari: str) -> str:
    answer = bob.http.post(f"/kontor/bruker/{kari}/lenker/egen", data={"agreed": "1"})
    found = re.search(r'value="https://sett\.example(/melding/[^"]+)"', answer.text)
    assert found is not None, answer.text
    return found[1]


@pytest.fixture
def phone(app: Flask) -> CheckedClient:
    """The client's, signed in nowhere."""
    return CheckedClient.of(app)


def agree(bob: Person, kari: str, *counts: str) -> None:
    body = {"mode": "interval", "interval_minutes": 1440, "counts": list(counts), "reason": "avtalt"}
    bob.log("watch_set", body, client=kari)


@pytest.mark.parametrize("counts", [("seen", "heard"), ("seen",)])
def test_well_counts_as_heard_only_where_the_agreement_says_so(
    bob: Person, kari: str, own: str, phone: CheckedClient, counts: tuple[str, ...]
) -> None:
    agree(bob, kari, *counts)
    answer = phone.post(own, data={"what": "ok"})
    assert answer.status_code == 303
    found = bob.pull()
    (entry,) = [data for (kind, _), data in found.items() if kind == "entry" and data["type"] == "client_checked_in"]
    assert entry["degree"] == "heard"
    assert (found["client", kari]["watch"]["last_seen_at"] is not None) is ("heard" in counts)


def test_ring_me_stands_on_todays_list_until_somebody_has_met_or_heard(
    bob: Person, kari: str, own: str, phone: CheckedClient
) -> None:
    phone.post(own, data={"what": "ring_me", "note": "etter tolv"})
    page = bob.get("/kontor").text
    assert "Ber om å bli ringt" in page
    assert "«etter tolv»" in page
    assert bob.alerts() == [], "it rings nobody"
    bob.log("call_logged", {"direction": "out", "outcome": "spoke"}, client=kari)
    assert "Ber om å bli ringt" not in bob.get("/kontor").text


def test_the_page_names_nobody_says_that_nobody_watches_and_113(phone: CheckedClient, own: str) -> None:
    page = phone.get(own)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Ingen sitter og følger med" in page.text
    assert "113" in page.text
    assert not [word for word in ("Kari", "Lund", "Kaisen") if word in page.text]


def test_it_can_be_undone_and_says_nothing_else(bob: Person, kari: str, own: str, phone: CheckedClient) -> None:
    done = phone.post(own, data={"what": "ok"})
    receipt = done.headers["Location"].split("kvittering=")[1]
    assert phone.post(f"{own}/angre", data={"kvittering": receipt}).status_code == 303
    assert phone.post(own, data={"what": "seen"}).status_code == 422
    answer = bob.http.post(f"/kontor/bruker/{kari}/lenker/egen", data={})
    assert answer.status_code == 422


def test_nobody_on_the_team_checks_in_for_a_client(bob: Person, kari: str) -> None:
    entry = bob.entry("client_checked_in", {"what": "ok"}, client=kari)
    assert bob.sync(entry)["results"][0]["code"] == "not_permitted"
