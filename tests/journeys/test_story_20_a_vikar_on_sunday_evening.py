"""20. Vikar søndag kveld: Siri has access to eleven residents for one shift, and not a second longer."""

import datetime as dt
import re

from fieldapp.jobs import tasks
from tests._client import CheckedClient
from tests._sealing import Seal
from tests._world import PASSWORD, Person
from tests.journeys._story import SEEN, Story, at_minute, moment, timeline, watch


def test_a_vikar_on_sunday_evening(story: Story) -> None:
    world = story.world
    world.clock.move_to(moment("sun 14:50"))
    house, other = world.team("Granstua", "staffed_housing"), world.team("Nabohuset", "staffed_housing")
    alice, mona = (story.staff(role, house, name=name) for role, name in (("leader", "Alice"), ("fieldworker", "Mona")))
    off_duty = story.staff("fieldworker", house, name="Per")
    residents = [story.client(alice, f"Beboer {number}") for number in range(1, 12)]
    hidden = story.client(story.staff("leader", other, name="Olga"), "Hemmelige Hilde")
    story.duty(alice, mona, "sun 15:00", "sun 22:30")

    # Siri from the agency gets access to eleven residents for one shift in two taps, by whoever is on duty:
    story.at("sun 15:10")
    for person in (alice, mona, off_duty):
        person.sign_in()
    page = mona.get("/kontor/team").text
    assert "Ta inn en vikar på denne vakta" in page, "the first tap; the second is the button"
    asked = {"name": "Siri Byrå", "phone": "40000001"}
    assert off_duty.http.post(f"/kontor/team/{house.id}/vikar", data=asked).status_code == 403
    assert mona.http.post(f"/kontor/team/{other.id}/vikar", data=asked).status_code == 404
    made = mona.http.post(f"/kontor/team/{house.id}/vikar", data=asked)
    assert made.status_code == 200
    siri = enrolled(story, made.text)
    assert {id_ for kind, id_ in siri.pull() if kind == "client"} == set(residents)
    assert hidden not in str(siri.replica)
    told = " ".join(alice.get("/kontor/team").text.split())
    assert re.search("Siri Byrå.*?Vikar, til 22\\.30", told), "the leader sees who, and until when"
    seen = siri.log("visit_logged", SEEN | {"note": "Siris ord"}, client=residents[0])
    leads = siri.entry("client_team_set", {"team_id": other.id, "from_on": "2026-11-29"}, client=residents[0])
    assert siri.sync(leads)["results"][0]["code"] == "not_permitted", "what is the leader's is not hers"
    story.at("sun 22:29")
    late = siri.entry("visit_logged", SEEN | {"note": "Skrevet i kjelleren"}, client=residents[1])
    assert {id_ for kind, id_ in siri.pull() if kind == "client"} == set(residents), "until the last minute"

    # at 22:30 it is gone; (whether or not the worker has come by)
    world.clock.move_to(moment("sun 22:30") + dt.timedelta(seconds=1))
    assert siri.get("/api/alerts").get_json().get("alerts", []) == []
    assert siri.get(f"/api/clients/{residents[0]}/entries").status_code in (401, 404)
    (job,) = [one for one in tasks.JOBS if one.name == "grants"]
    assert job.every_s <= 5
    with world.database.transaction() as session:
        assert job.run(session, world.clock.now()) == 1, "done by the worker within five seconds"
    answer = siri.post("/api/sync", siri.sync_request())
    assert (answer.status_code, answer.get_json().get("ended")) == (401, True), "her phone drops names and keys at once"
    again = siri.post("/api/session", {"username": siri.username, "password": PASSWORD})
    assert again.status_code == 401, "and nobody signs in as her"

    # what she logged stays, also what arrives later.
    story.at("next mon 07:00")
    for person in (alice, mona):
        person.sign_in()
    assert ("sun 15:10", "visit_logged") in timeline(mona, residents[0])
    assert mona.replica["entry", seen["id"]]["body"]["note"] == "Siris ord"
    assert at_minute(watch(mona, residents[0])["last_seen_at"]) == "sun 15:10"
    lying_about = Person("", "", "", CheckedClient.of(world.app), (), device_id=siri.device_id)
    (verdict,) = lying_about.sync(Seal(mona).by(siri, late))["results"]
    assert (verdict["verdict"], verdict["code"]) == ("deferred", "author_unproven"), (
        "the agency's phone is nobody's now"
    )
    waiting = alice.get("/kontor/bekreft").text
    assert "Skrevet i kjelleren" in waiting
    (confirm,) = set(re.findall(r'action="(/kontor/bekreft/[^"?]+)', waiting))
    assert alice.http.post(confirm, data={"svar": "ja"}).status_code == 303
    assert mona.pull()["entry", late["id"]]["author_id"] == siri.id
    assert at_minute(watch(mona, residents[1])["last_seen_at"]) == "sun 22:29"
    assert "Siri Byrå" in alice.get(f"/kontor/bruker/{residents[1]}").text


def enrolled(story: Story, made: str) -> Person:
    """Somebody who has chosen a password with the code that stood on the screen, on a phone of her own."""
    username = re.search(r"\((vikar-\w+)\)", made)
    code = re.search(r'class="code-text">([A-Z0-9-]+)<', made)
    assert username is not None
    assert code is not None
    http = CheckedClient.of(story.world.app)
    chosen = {"username": username[1], "code": code[1], "password": PASSWORD}
    assert http.post("/api/enrolment", json=chosen).status_code == 200
    siri = Person("", "Siri Byrå", username[1], http, ())
    siri.sign_in()
    siri.id = http.get("/api/session").get_json()["staff"]["id"]
    return siri
