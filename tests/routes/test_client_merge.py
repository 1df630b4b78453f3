"""«Slå sammen med …» at the office: search, both side by side, the merge, Angre; and where old addresses lead."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from fieldapp.cli import _copies
from fieldapp.models import Client, RecordKey
from fieldapp.services.operations.verify import differences
from tests._client import CheckedClient
from tests._world import Person, TeamOfWorld, World

SEEN = {"outcome": "seen", "place": "home", "note": "kattunge"}


@pytest.fixture
def kari(alice: Person) -> str:
    return alice.register("Kari Nordmann", birth_year=1980)


@pytest.fixture
def karin(bob: Person) -> str:
    return bob.register("Karin N", birth_year=1980, phone="900 00 000")


def page(person: Person, path: str) -> str:
    answer = person.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def merge(person: Person, kari: str, karin: str, stands: str | None = None, reason: str = "samme person") -> int:
    form = {"other_id": karin, "stands_id": stands or kari, "reason": reason}
    return person.http.post(f"/kontor/bruker/{kari}/sla-sammen", data=form).status_code


def merged_into(world: World, client: str) -> str | None:
    with world.database.reading() as session:
        found = session.scalar(select(Client.merged_into).where(Client.id == uuid.UUID(client)))
    return str(found) if found else None


def sound(world: World) -> bool:
    with _copies.scratch(world.database) as session:
        return not list(differences(session, world.clock.now(), 86_400))


def test_the_leader_finds_looks_merges_and_undoes(world: World, alice: Person, kari: str, karin: str) -> None:
    of_kari = page(alice, f"/kontor/bruker/{kari}")
    assert f"/kontor/bruker/{kari}/sla-sammen" in of_kari
    hits = page(alice, f"/kontor/bruker/{kari}/sla-sammen?q=karinn")
    assert f"med={karin}" in hits
    assert f"med={kari}" not in hits
    both = page(alice, f"/kontor/bruker/{kari}/sla-sammen?med={karin}")
    assert "Karin N" in both
    assert "900 00 000" in both
    assert merge(alice, kari, karin) == 303
    assert merged_into(world, karin) == kari
    after = page(alice, f"/kontor/bruker/{kari}")
    assert "Slått sammen med" in after
    entry_id = re.findall(r'name="entry_id" value="([^"]+)"', after)[0]
    undone = {"entry_id": entry_id, "tilbake": f"/kontor/bruker/{kari}"}
    assert alice.http.post("/kontor/angre", data=undone).status_code == 303
    assert merged_into(world, karin) is None
    assert "Karin N" in page(alice, f"/kontor/bruker/{karin}")
    assert sound(world)


def test_either_of_the_two_can_stand(world: World, alice: Person, kari: str, karin: str) -> None:
    assert merge(alice, kari, karin, stands=karin) == 303
    assert merged_into(world, kari) == karin


def test_what_is_missing_is_asked_for(world: World, alice: Person, kari: str, karin: str) -> None:
    assert merge(alice, kari, karin, reason=" ") == 422
    assert merge(alice, kari, karin, stands=str(uuid.uuid4())) == 422
    assert merge(alice, kari, str(uuid.uuid4())) == 404
    assert merged_into(world, karin) is None


def test_nobody_is_merged_into_themselves(alice: Person, kari: str) -> None:
    assert merge(alice, kari, kari) == 404
    assert "Slått sammen" not in page(alice, f"/kontor/bruker/{kari}")


def test_a_leader_reads_why_two_cannot_be_merged(world: World, alice: Person, kari: str, karin: str) -> None:
    sor = world.team("Sør")
    alice.log("client_team_set", {"team_id": sor.id, "from_on": "2026-11-23"}, client=kari)
    form = {"other_id": karin, "stands_id": kari, "reason": "samme person"}
    answer = alice.http.post(f"/kontor/bruker/{kari}/sla-sammen", data=form)
    assert (answer.status_code, "ikke de samme teamene" in answer.get_data(as_text=True)) == (422, True)


def test_nobody_else_merges_and_another_team_sees_nothing(
    world: World, alice: Person, bob: Person, kari: str, karin: str
) -> None:
    other = world.staff("leader", world.team("Sør"))
    missing = uuid.uuid4()
    for person in (bob, other):
        for path in (f"{kari}/sla-sammen", f"{kari}/sla-sammen?med={karin}", f"{missing}/sla-sammen"):
            assert person.get(f"/kontor/bruker/{path}").status_code == 404
        assert merge(person, kari, karin) == 404
    assert "sla-sammen" not in page(bob, f"/kontor/bruker/{kari}")
    mine = other.register("Siri")
    assert other.get(f"/kontor/bruker/{mine}/sla-sammen?med={kari}").status_code == 404
    assert "Kari" not in page(other, f"/kontor/bruker/{mine}/sla-sammen?q=kari")
    assert merge(other, mine, kari) == 404


def test_the_address_behind_code_7_is_in_no_preview(world: World, alice: Person, kari: str, karin: str) -> None:
    page_of = page(alice, f"/kontor/bruker/{karin}/tilgang")
    seq = int(re.findall(r'name="base_seq" value="(\d+)"', page_of)[0])
    fields = {"protected": "code7", "address": "Skjult vei 1"}
    alice.log("client_updated", {"base_seq": seq, "fields": fields}, client=karin)
    both = page(alice, f"/kontor/bruker/{kari}/sla-sammen?med={karin}")
    assert "Skjult vei" not in both
    assert "kode 7" in both.lower()


def test_an_old_address_leads_to_the_one_that_stands(
    world: World, alice: Person, bob: Person, kari: str, karin: str
) -> None:
    bob.log("visit_logged", SEEN, client=karin)
    merge(alice, kari, karin)
    old = page(bob, f"/kontor/bruker/{karin}")
    assert "Kari Nordmann" in old
    assert "kattunge" in old
    assert bob.get(f"/api/clients/{karin}/entries").status_code == 200
    other = world.staff("leader", world.team("Sør"))
    assert other.get(f"/kontor/bruker/{karin}").status_code == 404


def names_of(person: Person, client: str) -> set[str]:
    return {one["name"] for one in person.get(f"/api/clients/{client}/readers").get_json()["readers"]}


def test_who_has_read_is_right_in_both_directions(
    world: World, team: TeamOfWorld, alice: Person, bob: Person, kari: str, karin: str
) -> None:
    before, during, after = (
        world.staff("fieldworker", team, name=name, phone=False) for name in ("Far", "Under", "Etter")
    )
    page(before, f"/kontor/bruker/{karin}")
    world.clock.shift(minutes=5)
    assert "Far" not in names_of(alice, kari)
    merge(alice, kari, karin)
    assert "Far" in names_of(alice, kari), "what Far read of Karin stands in Kari's record"
    world.clock.shift(minutes=5)
    page(during, f"/kontor/bruker/{kari}")
    world.clock.shift(minutes=5)
    entry_id = re.findall(r'name="entry_id" value="([^"]+)"', page(alice, f"/kontor/bruker/{kari}"))[0]
    alice.http.post("/kontor/angre", data={"entry_id": entry_id, "tilbake": "/kontor"})
    world.clock.shift(minutes=5)
    page(after, f"/kontor/bruker/{kari}")
    of_kari, of_karin = names_of(alice, kari), names_of(alice, karin)
    assert {"Under", "Etter"} <= of_kari
    assert "Far" not in of_kari
    assert {"Far", "Under"} <= of_karin, "Under read what was Karin's, too"
    assert "Etter" not in of_karin


def test_the_log_still_finds_reads_of_the_duplicate(alice: Person, bob: Person, kari: str, karin: str) -> None:
    page(bob, f"/kontor/bruker/{karin}")
    merge(alice, kari, karin)
    assert "Karin N" in page(alice, "/kontor/logg?bruker=karin")


def test_innsyn_shows_both_parts(alice: Person, bob: Person, ingrid: Person, kari: str, karin: str) -> None:
    bob.log("visit_logged", SEEN, client=karin)
    bob.log("visit_logged", SEEN | {"note": "hundehvalp"}, client=kari)
    merge(alice, kari, karin)
    for client in (kari, karin):
        whole = page(ingrid, f"/kontor/innsyn/{client}")
        assert "kattunge" in whole
        assert "hundehvalp" in whole


def test_deleting_the_record_destroys_the_keys_of_both(
    world: World, alice: Person, bob: Person, ingrid: Person, kari: str, karin: str
) -> None:
    bob.log("visit_logged", SEEN, client=karin)
    merge(alice, kari, karin)
    merged = page(alice, f"/kontor/bruker/{kari}")
    alice.log("follow_up_ended", {"reason": "moved"}, client=kari)
    form = {"ground": "asked", "name": "Kari Nordmann"}
    assert ingrid.http.post(f"/kontor/innsyn/{kari}/slett", data=form).status_code == 303
    with world.database.deciding() as session:
        owners = {uuid.UUID(kari), uuid.UUID(karin)}
        assert session.scalars(select(RecordKey.id).where(RecordKey.owner_id.in_(owners))).all() == []
        assert {client.name for client in session.scalars(select(Client).where(Client.id.in_(owners)))} == {"slettet"}
    entry_id = re.findall(r'name="entry_id" value="([^"]+)"', merged)[0]
    undone = {"entry_id": entry_id, "what": "retracted", "reason": "angret"}
    assert alice.judged("entry_corrected", undone)["code"] == "unknown_reference"
    assert sound(world)


def test_a_partners_link_to_the_duplicate_goes_on(
    world: World, app: Flask, alice: Person, kari: str, karin: str
) -> None:
    form = {"name": "Apoteket", "source": "pharmacy", "days": "180", "agreed": "1"}
    made = alice.http.post(f"/kontor/bruker/{karin}/lenker", data=form).get_data(as_text=True)
    link = re.findall(r'value="https://sett\.example(/melding/[^"]+)"', made)[0]
    merge(alice, kari, karin)
    assert "Apoteket" in page(alice, f"/kontor/bruker/{kari}")
    assert CheckedClient.of(app).post(link, data={"what": "seen"}).status_code in (200, 303)
    told = [data for (kind, _), data in alice.pull().items() if kind == "entry" and data["type"] == "sighting_reported"]
    assert [data["client_id"] for data in told] == [kari]
