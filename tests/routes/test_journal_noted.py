"""What has been copied into the journal: of one's own entries, or of the client's that is named."""

import pytest

from sync.ids import uuid7
from tests._world import World

pytestmark = pytest.mark.engines("sqlite")


def test_ones_own_entries_and_the_clients_are_noted_and_no_others(world: World) -> None:
    team, other = world.team(), world.team()
    bob, cato = world.staff("fieldworker", team), world.staff("fieldworker", team)
    eve = world.staff("fieldworker", other)
    kari, even = bob.register("Kari"), bob.register("Even")
    foreign = eve.register("Åse")
    visit = bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    theirs = cato.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    elsewhere = eve.log("visit_logged", {"outcome": "seen", "place": "home"}, client=foreign)

    def told(ids: list[str], client: str | None) -> str | None:
        entry = bob.entry("journal_noted", {"entry_ids": ids, "system": "Profil"}, client=client)
        return bob.sync(entry)["results"][0].get("code")

    assert told([visit["id"], theirs["id"]], kari) is None
    assert told([visit["id"]], None) is None
    assert told([theirs["id"]], even) == "unknown_reference"
    assert told([elsewhere["id"]], kari) == told([str(uuid7())], kari) == "unknown_reference"
