"""The numbers to ring when nothing can be sent: who sets them, and whose phones get them."""

import pytest

from tests._world import World


def numbers(person, kind: str, id_: str, field: str) -> str | None:  # type: ignore[no-untyped-def]
    return person.pull()[kind, id_].get(field)


def test_the_leader_sets_the_duty_phone_and_the_teams_phones_get_it(world: World) -> None:
    team, other = world.team("Nord"), world.team("Sør")
    mona, bob = world.staff("leader", team, name="Mona"), world.staff("fieldworker", team, name="Bob")
    carla, lars = world.staff("fieldworker", other, name="Carla"), world.staff("landlord", team, name="Lars")
    path = f"/kontor/team/{team.id}/vakttelefon"
    assert mona.http.post(path, data={"duty_phone": " 400 00 100 "}).status_code == 303
    assert numbers(bob, "team", team.id, "duty_phone") == "400 00 100"
    assert numbers(lars, "team", team.id, "duty_phone") is None
    assert carla.pull().get(("team", team.id), {}).get("duty_phone") is None
    assert "400 00 100" in mona.get("/kontor/team").text
    assert mona.http.post(path, data={"duty_phone": ""}).status_code == 303
    assert numbers(bob, "team", team.id, "duty_phone") is None


def test_nobody_else_sets_it(world: World) -> None:
    team, other = world.team("Nord"), world.team("Sør")
    bob, carla = world.staff("fieldworker", team, name="Bob"), world.staff("leader", other, name="Carla")
    path = f"/kontor/team/{team.id}/vakttelefon"
    assert bob.http.post(path, data={"duty_phone": "400 00 100"}).status_code == 403
    assert carla.http.post(path, data={"duty_phone": "400 00 100"}).status_code == 404


@pytest.mark.parametrize("wrong", ["ring meg", "12", "4" * 30, "400 00 100 / 101"])
def test_what_is_no_number_is_said_so_and_stands(world: World, wrong: str) -> None:
    team = world.team("Nord")
    mona = world.staff("leader", team, name="Mona")
    answer = mona.http.post(f"/kontor/team/{team.id}/vakttelefon", data={"duty_phone": wrong})
    assert (answer.status_code, "Skriv nummeret med siffer" in answer.text, wrong in answer.text) == (422, True, True)
    answer = mona.http.post("/konto/telefon", data={"phone": wrong})
    assert (answer.status_code, "Skriv nummeret med siffer" in answer.text) == (422, True)
    assert mona.pull()["staff", mona.id].get("phone") is None


def test_ones_own_number_goes_to_the_colleagues_alone(world: World) -> None:
    team, other = world.team("Nord"), world.team("Sør")
    mona, bob = world.staff("leader", team, name="Mona"), world.staff("fieldworker", team, name="Bob")
    carla, lars = world.staff("fieldworker", other, name="Carla"), world.staff("landlord", team, name="Lars")
    assert mona.http.post("/konto/telefon", data={"phone": "+47 900 00 001"}).status_code == 303
    assert numbers(bob, "staff", mona.id, "phone") == "+47 900 00 001"
    assert "+47 900 00 001" in mona.get("/konto").text
    for stranger in (carla, lars):
        assert "phone" not in stranger.pull().get(("staff", mona.id), {})
