"""12. Morning meeting, the decisions: each is on its owner's phone when the meeting ends."""

import re
from typing import Any

from sync.ids import uuid7
from tests._world import Person
from tests.journeys._story import Story

DECISIONS = ("Ringe NAV om depositum", "Bestille time hos lege", "Snakke med vaktmesteren", "Ny nøkkel", "Møte med DPS")


def test_the_decisions_of_the_morning_meeting(story: Story) -> None:
    team = story.world.team("FACT Nord", "fact")
    alice = story.staff("leader", team, name="Alice")
    bob, cato = (story.staff("fieldworker", team, name=name) for name in ("Bob", "Cato"))
    rolf, lars = story.staff("peer", team, name="Rolf"), story.staff("landlord", team, name="Lars")
    charlie = story.staff("fieldworker", story.world.team("FACT Sør", "fact"), name="Charlie")
    clients = [story.client(alice, name) for name in ("Kari", "Even", "Jonny", "Eva", "Per")]
    for person in (bob, cato, rolf, lars, charlie):
        person.pull()

    # FACT board at 08:30: five decisions with owners. (The board itself is another journey's.)
    story.at("mon 08:50")
    meeting = str(uuid7())
    held = {"meeting_id": meeting, "kind": "board", "with_staff": [bob.id, cato.id], "minutes": "Tolv på tavla"}
    decided = [
        alice.entry("task_set", decision(what, owner, meeting), client=client)
        for what, owner, client in zip(DECISIONS, (bob, cato, bob, alice, rolf), clients, strict=True)
    ]
    results = alice.sync(alice.entry("meeting_held", held), *decided)["results"]
    assert {one["verdict"] for one in results} == {"accepted"}

    # each decision is on the owner's phone when the meeting ends.
    mine = {person.name: [one["what"] for one in tasks_of(person)] for person in (alice, bob, cato, rolf)}
    assert mine == {
        "Alice": [DECISIONS[3]],
        "Bob": sorted((DECISIONS[0], DECISIONS[2])),
        "Cato": [DECISIONS[1]],
        "Rolf": [DECISIONS[4]],
    }
    assert {one["meeting_id"] for one in tasks_of(bob)} == {meeting}
    assert {one["due_on"] for one in tasks_of(bob)} == {"2026-11-24"}
    # Nobody outside, and no landlord, hears what was decided; whoever may not see a client can own nothing about them.
    for person in (charlie, lars):
        assert not [kind for kind, _ in person.pull() if kind == "task"]
        assert "Tolv på tavla" not in str(person.replica)
    outside = alice.entry("task_set", decision("Noe", charlie, meeting), client=clients[0])
    assert alice.sync(outside)["results"][0]["code"] == "unknown_reference"

    # Decided anew before it is over, it is on the other's phone; done, it is on nobody's.
    again = decided[0]["body"] | {"owner_id": cato.id, "replaces": [decided[0]["id"]]}
    alice.log("task_set", again, client=clients[0])
    assert [one["what"] for one in tasks_of(bob)] == [DECISIONS[2]]
    assert [one["what"] for one in tasks_of(cato)] == sorted((DECISIONS[0], DECISIONS[1]))
    cato.log("task_done", {"task_id": decided[1]["body"]["task_id"], "outcome": "done"}, client=clients[1])
    assert [one["what"] for one in tasks_of(cato)] == [DECISIONS[0]]
    # Of a meeting that was a mistake the decisions stand until each is taken back.
    wrong = {"entry_id": decided[3]["id"], "what": "retracted", "reason": "feil"}
    alice.log("entry_corrected", wrong, client=clients[3])
    assert tasks_of(alice) == []


COLUMNS = ("crisis", "tight", "new", "hard_to_reach", "away", "other")
MOTE = "/kontor/tavle/mote"


def test_twelve_people_and_five_decisions_from_the_wall(story: Story) -> None:
    team = story.world.team("FACT Nord", "fact")
    alice = story.staff("leader", team, name="Alice")
    bob, cato = (story.staff("fieldworker", team, name=name) for name in ("Bob", "Cato"))
    story.at("mon 08:20")
    alice.sign_in()
    names = [f"Bruker {letter}" for letter in "ABCDEFGHIJKL"]
    clients = {name: story.client(alice, name) for name in names}
    for place, client in enumerate(clients.values()):
        up = {"column": COLUMNS[place // 2], "reasons": ["crisis"], "goal": f"Mål {place}", "review_on": "2026-12-07"}
        alice.log("board_placed", up, client=client)

    # FACT board at 08:30 on the wall: who is up and why; twelve people in twenty minutes.
    story.at("mon 08:30")
    wall = alice.get("/kontor/tavle/vegg").text
    assert [name for name in names if name not in wall] == []
    assert alice.http.post(MOTE).location.startswith(f"{MOTE}/1")
    decided = iter(zip(DECISIONS, (bob, cato, bob, alice, cato), strict=True))
    for nr, name in enumerate(names, start=1):
        page = alice.get(f"{MOTE}/{nr}").text
        assert [one for one in names if one in page] == [name], "never more than the one client"
        assert f"Mål {nr - 1}" in page
        about = {"meeting_id": found("data-meeting", page), "client_id": clients[name]}
        alice.http.post(f"{MOTE}/{nr}/referat", data=about | {"words": f"Sagt om {nr}"})
        if nr % 2 and (next_one := next(decided, None)):
            what, owner = next_one
            sent = about | {"what": what, "owner_id": owner.id, "due_on": "2026-11-24", "form_id": str(uuid7())}
            assert alice.http.post(f"{MOTE}/{nr}/vedtak", data=sent).status_code == 303
        if nr == 12:
            path = f"/kontor/tavle/bruker/{clients[name]}/ned?mote={nr}"
            assert alice.http.post(path, data={"reason": "Målet er nådd"}).location.startswith(f"{MOTE}/{nr}")

    # twenty minutes later it ends in one entry, and each decision is on its owner's phone.
    story.at("mon 08:50")
    there = {"meeting_id": about["meeting_id"], "with_staff": [alice.id, bob.id, cato.id]}
    held = alice.http.post(f"{MOTE}/slutt", data=there)
    assert held.location.startswith(f"{MOTE}/{about['meeting_id']}")
    printed = alice.get(held.location).text
    for words in ("Alice, Bob, Cato", "B. A.: Sagt om 1\n\nB. B.: Sagt om 2", *DECISIONS):
        assert words in printed
    mine = {person.name: [one["what"] for one in tasks_of(person)] for person in (alice, bob, cato)}
    assert mine == {
        "Alice": [DECISIONS[3]],
        "Bob": sorted((DECISIONS[0], DECISIONS[2])),
        "Cato": sorted((DECISIONS[1], DECISIONS[4])),
    }
    assert {one["meeting_id"] for one in tasks_of(bob)} == {about["meeting_id"]}
    entries = [data for (kind, _), data in bob.pull().items() if kind == "entry" and data["type"] == "meeting_held"]
    assert [(one["team_id"], one["client_id"], one["body"]["kind"]) for one in entries] == [(team.id, None, "board")]
    assert len([key for key in bob.replica if key[0] == "board"]) == 11


def found(attribute: str, page: str) -> str:
    match = re.search(f'{attribute}="([^"]+)"', page)
    assert match
    return match[1]


def decision(what: str, owner: Person, meeting: str) -> dict[str, Any]:
    body = {"task_id": str(uuid7()), "what": what, "owner_id": owner.id, "due_on": "2026-11-24"}
    return body | {"meeting_id": meeting}


def tasks_of(person: Person) -> list[dict[str, Any]]:
    """What stands on a person's phone as theirs to do, by its words."""
    found = [data for (kind, _), data in person.pull().items() if kind == "task" and data["owner_id"] == person.id]
    return sorted(found, key=lambda one: str(one["what"]))
