"""`/kontor/team/<id>/apningstid`: written as people write hours, kept by the write door, told to the phones."""

from tests._world import Person, World


def path(person: Person) -> str:
    return f"/kontor/team/{person.teams[0].id}/apningstid"


def hours(**form: str) -> dict[str, str]:
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "8-15.30")
    return week | {"when_closed": "wait", "closed_days": "24.12.2026\n31.12.2026"} | form


def test_a_team_that_never_said_is_open_round_the_clock(alice: Person) -> None:
    assert "åpent døgnet rundt" in alice.get(path(alice)).text


def test_hours_that_are_set_stand_in_the_form_and_on_the_phones(alice: Person) -> None:
    answer = alice.http.post(path(alice), data=hours(), follow_redirects=True)
    assert "Åpningstiden er lagret." in answer.text
    assert "Åpent nå. Stenger" in answer.text
    assert 'value="08.00–15.30"' in answer.text
    assert "24.12.2026" in answer.text
    told = alice.pull()["hours", alice.teams[0].id]
    assert (told["when_closed"], told["to_team_id"]) == ("wait", None)
    assert ["2026-11-24T07:00:00Z", "2026-11-24T14:30:00Z"] in told["open_spans"]


def test_what_can_not_be_read_is_said_beside_its_field_and_nothing_is_lost(alice: Person) -> None:
    answer = alice.http.post(path(alice), data=hours(tue="halv ni", closed_days="julaften", sat="10-14"))
    assert answer.status_code == 422
    assert "Skriv tidene slik" in answer.text
    assert "Skriv én dato på hver linje" in answer.text
    assert 'value="halv ni"' in answer.text
    assert 'value="10-14"' in answer.text
    assert ("hours", alice.teams[0].id) not in alice.pull()


def test_handing_over_takes_a_team(world: World, alice: Person) -> None:
    answer = alice.http.post(path(alice), data=hours(when_closed="hand_over"))
    assert (answer.status_code, "Velg teamet som tar over." in answer.text) == (422, True)
    nights = world.team("Nattevakta", "night")
    alice.http.post(path(alice), data=hours(when_closed="hand_over", to_team_id=nights.id))
    assert alice.pull()["hours", alice.teams[0].id]["to_team_id"] == nights.id


def test_only_the_leader_sets_hours_the_team_reads_them_and_nobody_else_finds_the_page(
    world: World, alice: Person
) -> None:
    bob, charlie = world.staff("fieldworker", *alice.teams), world.staff("leader", world.team())
    alice.http.post(path(alice), data=hours())
    page = bob.get(path(alice)).text
    assert "08.00–15.30" in page
    assert "Lagre åpningstiden" not in page
    assert bob.http.post(path(alice), data=hours(mon="")).status_code == 422
    assert bob.get(path(alice)).text.count("08.00–15.30") == 5
    assert charlie.get(path(alice)).status_code == charlie.get(path(alice).replace("7", "8")).status_code == 404
