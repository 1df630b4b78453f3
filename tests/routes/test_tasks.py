"""`/kontor/oppgaver`: overdue first, by owner; done, dropped, given to another; nobody's secrets."""

import re

from sync.ids import uuid7
from tests._world import Person, TeamOfWorld, World
from tests.routes._code6 import hide

PAGE = "/kontor/oppgaver"


def listed(person: Person, **asked: str) -> list[str]:
    text = person.http.get(PAGE, query_string=asked).get_data(as_text=True)
    return re.findall(r'<p class="row-head"><strong>([^<]*)</strong>', text)


def set_task(person: Person, what: str, client: str | None = None, **body: str) -> str:
    task = str(uuid7())
    person.log("task_set", {"task_id": task, "what": what} | body, client=client)
    return task


def send(person: Person, path: str, **form: str) -> int:
    return person.http.post(f"{PAGE}{path}", data={"form_id": str(uuid7())} | form).status_code


def test_overdue_stands_first_and_the_undated_last(alice: Person, bob: Person, kari: str) -> None:
    set_task(alice, "Uten dag", kari)
    set_task(alice, "Neste uke", kari, due_on="2026-12-01", owner_id=bob.id)
    set_task(alice, "I forrige uke", due_on="2026-11-16")
    assert listed(alice) == ["I forrige uke", "Neste uke", "Uten dag"]
    assert listed(alice, eier=bob.id) == ["Neste uke"]
    assert listed(alice, eier="ingen") == ["I forrige uke", "Uten dag"]
    day = alice.get("/kontor").text
    assert "I forrige uke" in day
    assert "Neste uke" not in day


def test_a_task_of_the_team_is_set_changed_and_done(alice: Person, bob: Person, team: TeamOfWorld) -> None:
    assert send(alice, "", what="Vaske bilen", team_id=team.id, owner_id=alice.id) == 303
    task = re.search(r'id="task-([0-9a-f-]{36})"', alice.get(PAGE).text)
    assert task
    assert send(alice, f"/{task[1]}/rett", what="Vaske bilen godt", owner_id=bob.id, due_on="2026-11-30") == 303
    assert listed(alice, eier=bob.id) == ["Vaske bilen godt"]
    assert "To versjoner" not in alice.get(PAGE).text
    assert send(alice, f"/{task[1]}/done") == 303
    assert listed(alice) == []
    assert send(alice, f"/{task[1]}/done") == 404


def test_a_dropped_task_can_be_taken_back(alice: Person, kari: str) -> None:
    task = set_task(alice, "Ringe NAV", kari)
    answer = alice.http.post(f"{PAGE}/{task}/dropped")
    assert listed(alice) == []
    undo = re.search(r'name="entry_id" value="([^"]+)"', alice.get(answer.location).text)
    assert undo
    alice.http.post("/kontor/angre", data={"entry_id": undo[1], "tilbake": PAGE})
    assert listed(alice) == ["Ringe NAV"]


def test_what_is_wrong_stands_beside_the_field(alice: Person, team: TeamOfWorld) -> None:
    answer = alice.http.post(PAGE, data={"what": "", "team_id": team.id, "due_on": "snart"})
    assert answer.status_code == 422
    assert 'id="ny-what-error"' in answer.text
    assert 'id="ny-due_on-error"' in answer.text


def test_an_owner_who_does_not_follow_is_refused(world: World, alice: Person, kari: str) -> None:
    odd = world.staff("fieldworker", world.team("Sør"), name="Odd")
    task = set_task(alice, "Ringe NAV", kari)
    assert odd.id not in alice.get(PAGE).text
    assert send(alice, f"/{task}/rett", what="Ringe NAV", owner_id=odd.id) == 422


def test_tasks_of_others_and_of_those_no_longer_followed_are_not_there(world: World, alice: Person, kari: str) -> None:
    odd = world.staff("leader", world.team("Sør"), name="Odd")
    theirs = set_task(odd, "Skjult oppgave", odd.register("Ola"))
    mine = set_task(alice, "Ringe NAV", kari)
    assert listed(alice) == ["Ringe NAV"]
    assert send(alice, f"/{theirs}/done") == 404
    alice.log("follow_up_ended", {"reason": "moved"}, client=kari)
    assert listed(alice) == []
    assert mine not in alice.get("/kontor").text


def test_a_blocked_colleague_sees_no_task_of_the_client(world: World, alice: Person, bob: Person, kari: str) -> None:
    set_task(alice, "Ringe NAV", kari)
    alice.log("staff_blocked", {"staff_id": bob.id, "reason": "familie"}, client=kari)
    assert listed(bob) == []
    assert listed(alice) == ["Ringe NAV"]


def test_a_task_of_code_6_is_for_those_listed(world: World, alice: Person, bob: Person, kari: str) -> None:
    set_task(bob, "Ringe NAV", kari, owner_id=bob.id)
    hide(world, alice, kari, alice)
    assert listed(alice) == ["Ringe NAV"]
    assert listed(bob) == []
    assert "Ringe NAV" not in bob.get("/kontor").text
    assert kari not in bob.get(PAGE).text


def test_a_corrected_task_says_what_it_was_corrected_to(alice: Person, bob: Person, kari: str) -> None:
    task = str(uuid7())
    entry = alice.log("task_set", {"task_id": task, "what": "Ringe NAV", "due_on": "2026-11-20"}, client=kari)["id"]
    fix = {"what": "Ringe legen", "due_on": "2026-12-01", "owner_id": bob.id}
    alice.log("entry_corrected", {"entry_id": entry, "what": "text", "reason": "feil", "body": fix})
    assert listed(alice) == ["Ringe legen"]
    assert listed(alice, eier=bob.id) == ["Ringe legen"]
    assert "Ringe" not in alice.get("/kontor").text, "it is no longer overdue"
    assert "Ringe NAV" not in alice.get(PAGE).text
