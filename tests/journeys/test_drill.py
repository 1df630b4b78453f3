"""A drill: an alert about nobody that climbs like a real one, is marked so everywhere, and is counted nowhere else."""

import re

from fieldapp.cli import _copies
from fieldapp.services.notify.messages import TITLES
from fieldapp.services.operations.verify import differences
from tests._world import Person
from tests.journeys._story import Story

DRILL = TITLES["drill"]


def start(alice: Person, team_id: str) -> None:
    answer = alice.http.post(f"/kontor/varsler/ovelser/{team_id}")
    assert answer.status_code == 303, answer.text


def test_a_drill_climbs_is_taken_and_has_a_report_of_its_own(story: Story) -> None:
    team = story.world.team("Nord", "fact", (0, 10, 20, 30))
    alice = story.staff("leader", team, name="Alice")
    mona, odd = story.staff("fieldworker", team, name="Mona"), story.staff("fieldworker", team, name="Odd")
    story.duty(alice, mona, "mon 08:00", "mon 22:00")
    story.at("mon 12:00")
    start(alice, team.id)
    story.tick()
    assert story.told() == [("mon 12:00", "Mona", DRILL)]
    (alert,) = mona.alerts()
    assert (alert["kind"], alert["client_id"], alert["state"]) == ("drill", None, "open")
    story.at("mon 12:21")
    assert ("mon 12:20", "Alice", DRILL) in story.told()
    mona.log("alert_acknowledged", {"alert_id": alert["id"]})
    mona.log("alert_resolved", {"alert_id": alert["id"], "reason": "Øvelsen gikk fint"})
    story.tick()
    assert {title for _, _, title in story.told()} == {DRILL}, "nothing about it comes under another title"
    assert mona.alerts() == []
    page = alice.get("/kontor/varsler/ovelser").text
    assert "Nådde 2 av 2." in page
    assert re.search(r"Tatt av Mona etter 2[01] min\.", page), "the clock of the world runs on"
    figures = alice.get(f"/kontor/varsler/tall?team={team.id}").text
    assert "Ingen varsler i disse ukene." in figures
    assert odd.id not in {one.staff_id for one in story.alert(alice, alert["id"]).told}
    with _copies.scratch(story.world.database) as session:
        assert list(differences(session, story.world.clock.now(), 86_400)) == []


def test_a_drill_nobody_takes_ends_after_its_last_step(story: Story) -> None:
    team = story.world.team("Nord", "fact", (0, 10, 20, 30))
    alice, mona = story.staff("leader", team, name="Alice"), story.staff("fieldworker", team, name="Mona")
    story.duty(alice, mona, "mon 08:00", "mon 22:00")
    story.at("mon 12:00")
    start(alice, team.id)
    for at in ("mon 12:01", "mon 12:11", "mon 12:21", "mon 12:31", "mon 12:40"):
        story.at(at)
    assert len(alice.alerts()) == 1
    for at in ("mon 12:47", "mon 13:30"):
        story.at(at)
    assert alice.alerts() == []
    assert "Ingen tok den." in alice.get("/kontor/varsler/ovelser").text
    assert not [one for one in story.told("mon 12:47") if one[2] == DRILL], "no new round"


def test_an_angre_ends_a_drill(story: Story) -> None:
    team = story.world.team("Nord", "fact")
    alice, mona = story.staff("leader", team, name="Alice"), story.staff("fieldworker", team, name="Mona")
    story.at("mon 12:00")
    started = alice.log("drill_started", {"team_id": team.id}, team_id=team.id)
    assert len(mona.alerts()) == 1
    alice.log("entry_corrected", {"entry_id": started["id"], "what": "retracted", "reason": "angret"})
    assert mona.alerts() == []


def test_a_leader_of_the_team_starts_it_and_nobody_else(story: Story) -> None:
    nord, sor = story.world.team("Nord", "fact"), story.world.team("Sør", "fact")
    alice, mona = story.staff("leader", nord, name="Alice"), story.staff("fieldworker", nord, name="Mona")
    assert mona.http.post(f"/kontor/varsler/ovelser/{nord.id}").status_code == 403
    assert mona.get("/kontor/varsler/ovelser").status_code == 403
    assert alice.http.post(f"/kontor/varsler/ovelser/{sor.id}").status_code == 404
    verdict = mona.judged("drill_started", {"team_id": nord.id})
    assert verdict["code"] == "not_permitted"
    assert alice.alerts() == []


def test_every_page_says_that_it_is_a_drill_and_no_count_has_it(story: Story) -> None:
    team = story.world.team("Nord", "fact")
    alice = story.staff("leader", team, name="Alice")
    story.staff("fieldworker", team, name="Mona")
    story.at("mon 12:00")
    start(alice, team.id)
    (alert,) = alice.alerts()
    for path in ("/kontor", "/kontor/varsler", f"/kontor/varsler/{alert['id']}"):
        assert "Øvelse: ingen er i fare" in alice.get(path).text, path
    assert not re.search(r'class="count"', alice.get("/kontor/saker").text)
