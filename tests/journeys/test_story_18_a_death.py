"""18. Dødsfall: Per Ivar is found dead. One tap ends every clock, visit and task in both teams, and nobody is rung."""

import re
from typing import Any

from fieldapp.services.operations.verify import differences
from sync.ids import uuid7
from tests._client import CheckedClient
from tests._world import Person
from tests.journeys._story import Story, moment, watch

ABOUT_HIM = ("client", "alert", "case", "task", "planned")


def test_a_death(story: Story) -> None:
    world = story.world
    fact, house = world.team("FACT Nord", "fact"), world.team("Granstua", "staffed_housing")
    dina, cato, mona = (
        story.staff(role, house, name=name)
        for role, name in (("leader", "Dina"), ("fieldworker", "Cato"), ("fieldworker", "Mona"))
    )
    alice, bob = (story.staff(role, fact, name=name) for role, name in (("leader", "Alice"), ("fieldworker", "Bob")))
    rolf, lars = story.staff("peer", fact, name="Rolf"), story.staff("landlord", house, name="Lars")
    hourly = {"mode": "interval", "interval_minutes": 60}
    per = story.client(dina, "Per Ivar", primary_staff_id=cato.id, watch=hourly)
    dina.log("client_team_set", {"team_id": fact.id, "from_on": "2026-11-23"}, client=per)
    link = partner_link(dina, per)

    # Both teams have something to do with him, and he is looked for.
    case, tasks = str(uuid7()), [task(cato, per), task(bob, per)]
    sitter = {"contact_id": str(uuid7()), "role": "pet_sitter", "name": "Anne", "call_if_not_found": "no"}
    cato.log("contact_person_noted", sitter, client=per)
    bob.log("visit_planned", planned(bob, "mon 14:00"), client=per)
    cato.log("visit_planned", planned(cato, "tue 10:00"), client=per)
    cato.log("concern_raised", {"reason": "Hunden uler"}, client=per)
    story.at("mon 08:10")
    cato.log("crisis_opened", {"kind": "somatic"}, client=per, case=case)
    story.at("mon 08:20")
    cato.log("crisis_step_logged", {"step": "called_112"}, client=per, case=case)
    for person in (alice, bob, cato, dina, mona):
        assert kinds_about(person, per) == ["alert"] * 3 + ["case", "client", "planned", "planned", "task", "task"]
    assert {kind for kind, _ in alerts_of(cato)} == {"not_seen", "concern", "crisis"}
    before = sees_of_him(lars, per)

    # Two staff unlock with the police; Per Ivar is dead.
    story.at("mon 08:40")
    found = {
        "ground": "police_or_ambulance", "reason": "Svarte ikke", "found": "dead", "tried": ["rang", "waited"],
        "with_staff": [mona.id],
    }  # fmt: skip
    entered = cato.log("home_entered", found, client=per)
    quiet_since = len(story.told())
    for person in (alice, bob, cato, dina, mona):
        assert (watch(person, per)["due_at"], alerts_of(person)) == (None, []), "at once, in both teams"
        assert person.replica["client", per]["died_on"] == "2026-11-23"

    # One tap ends every clock, visit and task in both teams;
    ended = dina.log("follow_up_ended", {"reason": "died"}, client=per)
    for person in (alice, bob, cato, dina, mona):
        assert kinds_about(person, per) == ["case", "client"]
        assert (person.replica["client", per]["deceased"], watch(person, per)["due_at"]) == (True, None)
    # What was written before and comes late is kept, and starts nothing again.
    late = [
        bob.entry("task_set", {"task_id": str(uuid7()), "what": "Ringe NAV", "owner_id": bob.id}, client=per),
        bob.entry("visit_planned", planned(bob, "wed 10:00"), client=per),
        bob.entry("concern_raised", {"reason": "Svarte ikke i går"}, client=per),
        bob.entry("visit_logged", {"outcome": "no_answer", "place": "home"}, client=per),
    ]
    assert {one["verdict"] for one in bob.sync(*late)["results"]} == {"accepted"}
    assert kinds_about(alice, per) == ["case", "client"]

    # nobody gets a push with his name; (nobody gets any at all; none that ever came had a name in it)
    story.at("tue 07:00")
    assert story.told()[quiet_since:] == []
    for person in (alice, bob, cato, dina, mona, rolf, lars):
        person.sign_in()
    assert [person.alerts() for person in (alice, bob, cato, dina, mona, rolf)] == [[]] * 6

    # the leader has the list;
    for leader in (dina, alice):
        assert "Per Ivar døde 23. nov." in page(leader, "/kontor")
        listed = page(leader, f"/kontor/bruker/{per}").partition('id="after-head"')[2].partition("</section>")[0]
        assert re.findall(r'id="after-(\w+)"', listed) == [
            *("called", "doctor", "team_told", "next_of_kin", "landlord", "pets", "keys", "debrief", "serious_event")
        ]
        assert [code for code in re.findall(r'id="after-(\w+)"', listed) if "ført" in item(listed, code)] == ["called"]
        assert "Anne" in item(listed, "pets")
    for colleague in (bob, cato):
        assert "after-head" not in page(colleague, f"/kontor/bruker/{per}")
        assert "deaths-head" not in page(colleague, "/kontor")
    noted = {"kind": "serious_event", "decided": "not_reported", "reason": "Ventet død"}
    dina.log("duty_to_report_noted", noted, client=per)
    closed = cato.log("crisis_closed", {"outcome": "died", "debrief": True}, client=per, case=case)
    listed = page(dina, f"/kontor/bruker/{per}")
    assert all("ført" in item(listed, code) for code in ("called", "debrief", "serious_event"))
    assert story.told()[quiet_since:] == []

    # the landlord learns only that the tenancy is over, from the leader.
    assert sees_of_him(lars, per) == before
    anybody = CheckedClient.of(world.app)
    over, unknown = anybody.get(link), anybody.get("/melding/" + "x" * 43)
    assert (over.status_code, over.data) == (unknown.status_code, unknown.data), "a partner's link is as if never made"
    sharing = f"/kontor/bruker/{per}/deling"
    told = {"over_on": "2026-11-30", "to_staff_id": lars.id, "basis": "law", "basis_words": "husleieloven"}
    assert cato.http.post(sharing, data=told).status_code == 404, "not from the primary contact"
    assert dina.http.post(sharing, data=told | {"over_on": ""}).status_code == 422
    assert dina.http.post(sharing, data=told).status_code == 303
    (fact_told,) = [data for (kind, _), data in lars.pull().items() if kind == "fact"]
    assert (fact_told["what"], fact_told["on"], fact_told["shared_by"]) == ("contract", "2026-11-30", dina.id)
    assert "Leiekontrakten går ut 30. nov." in page(lars, "/kontor/delt")
    assert not re.search('død|dead|died|deceased|2026-11-23"', str(lars.replica) + page(lars, "/kontor/delt"))
    assert "ført" in item(page(dina, f"/kontor/bruker/{per}"), "landlord")

    # Taken back, he is looked for again, and what was to be done is there again.
    for author, entry in ((dina, ended), (cato, entered), (cato, closed)):
        wrong = {"entry_id": entry["id"], "what": "retracted", "reason": "feil person"}
        author.log("entry_corrected", wrong, client=per)
    assert {id_ for kind, id_ in bob.pull() if kind == "task"} >= set(tasks)
    assert kinds_about(bob, per).count("planned") == 3
    story.tick()
    assert {kind for kind, _ in alerts_of(cato)} == {"not_seen", "concern", "crisis"}
    with world.database.transaction() as session:
        thrown_away = session.begin_nested()
        assert list(differences(session, world.clock.now(), 1e9)) == []
        thrown_away.rollback()


def task(by: Person, client: str) -> str:
    body = {"task_id": str(uuid7()), "what": "Ringe boligkontoret", "owner_id": by.id}
    by.log("task_set", body, client=client)
    return body["task_id"]


def planned(by: Person, at: str) -> dict[str, Any]:
    return {"plan_id": str(uuid7()), "at": moment(at).isoformat(), "staff_ids": [by.id]}


def partner_link(leader: Person, client: str) -> str:
    form = {"name": "Apoteket Sentrum", "source": "pharmacy", "days": "180", "agreed": "1"}
    made = leader.http.post(f"/kontor/bruker/{client}/lenker", data=form)
    found = re.search(r'value="https://sett\.example(/melding/[^"]+)"', made.text)
    assert found is not None
    return found[1]


def kinds_about(person: Person, client: str) -> list[str]:
    """What of the things that ask for something a phone has of a client."""
    found = [kind for (kind, id_), data in person.pull().items() if client in (id_, data.get("client_id"))]
    return sorted(kind for kind in found if kind in ABOUT_HIM)


def alerts_of(person: Person) -> list[tuple[str, str]]:
    return [(one["kind"], one["state"]) for one in person.alerts()]


def sees_of_him(landlord: Person, client: str) -> list[dict[str, Any]]:
    return [data for (_, id_), data in landlord.pull().items() if client in (id_, data.get("client_id"))]


def page(person: Person, path: str) -> str:
    answer = person.get(path)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def item(listed: str, code: str) -> str:
    return listed.partition(f'id="after-{code}"')[2].partition("</li>")[0]
