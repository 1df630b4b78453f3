"""8. Shared phone, up to delivery under A's name."""

from tests._world import Person
from tests.journeys._story import SEEN, Story


def test_shared_phone(story: Story) -> None:
    house, other = story.world.team("Granstua", "staffed_housing"), story.world.team("Nabohuset", "staffed_housing")
    # Three night staff share one phone.
    asta = story.staff("fieldworker", house, other, name="Asta")
    berit, carl = (story.staff("fieldworker", house, name=name) for name in ("Berit", "Carl"))
    for person in (berit, carl):
        person.use_phone_of(asta)
    shared = story.client(asta, "Even", team=house)
    hidden = story.client(asta, "Hemmelige Hilde", team=other)
    assert asta.delivery_key != berit.delivery_key
    story.at("mon 15:30")

    # A's unsent entries
    unsent = [asta.entry("visit_logged", SEEN | {"note": "Astas ord"}, client=client) for client in (shared, hidden)]
    wrong = asta.entry("visit_logged", {"outcome": "flew", "place": "home"}, client=hidden)
    asta.sign_out()
    # go out under A's name while B is signed in;
    answer = deliver(berit, asta, *unsent, wrong)
    assert [one["verdict"] for one in answer["results"]] == ["accepted", "accepted", "rejected"]
    asta.sign_in()
    mine = asta.pull()
    assert [mine["entry", one["id"]]["author_id"] for one in unsent] == [asta.id, asta.id]
    # B can read none of A's.
    assert answer["results"][2] == {"id": wrong["id"], "verdict": "rejected", "code": "invalid_body"}
    assert "Hemmelige" not in str(answer)
    assert ("client", hidden) not in berit.pull()
    assert ("entry", unsent[1]["id"]) not in berit.replica

    # The key is A's alone, and from this phone alone.
    again = asta.entry("visit_logged", SEEN, client=hidden)
    for key in (berit.delivery_key, "", "x" * 43):
        (result,) = deliver(berit, asta, again, key=key)["results"]
        assert result == {"id": again["id"], "verdict": "rejected", "code": "author_unproven"}
    (result,) = deliver(berit, asta, again, device_id=carl.entry("visit_logged")["id"])["results"]
    assert result["code"] == "author_unproven"
    # Nobody signed in at all: A's entries still go, and nothing comes down.
    asta.sign_out(), berit.sign_out()
    answer = deliver(berit, asta, again)
    assert (answer["results"][0]["verdict"], answer["changes"], answer["cursor"]) == ("accepted", [], berit.cursor)


def deliver(signed_in: Person, author: Person, *entries: dict, key: str | None = None, **request: object) -> dict:
    """What the phone sends for somebody who is not signed in on it now."""
    proof = [{"staff_id": author.id, "key": author.delivery_key if key is None else key}]
    sent = [entry | {"author_id": author.id} for entry in entries]
    answer: dict = signed_in.sync(*sent, deliver_for=proof, **request)
    return answer
