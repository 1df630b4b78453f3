"""A client of code 6: who alone may see her."""

from tests._world import Person, World
from tests.routes.test_access_matrix import protect


def hide(world: World, leader: Person, client: str, *listed: Person) -> None:
    """Set the code, and list who sees the client."""
    protect(world, leader, client, "code6")
    leader.log("client_access_listed", {"staff_ids": [one.id for one in listed]}, client=client)
