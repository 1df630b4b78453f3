"""The week of duties as a calendar and as a list: what is taken off and put back, and what covers which day."""

import uuid

from fieldapp.services.people import accounts
from tests._world import Person, World
from tests.routes._duty_list import duty, of_day, week_page


def set_duty(leader: Person, whose: Person, **form: str) -> str:
    """Its id."""
    answer = leader.http.post(f"/kontor/vakt?team={leader.teams[0].id}", data=duty(whose, **form))
    assert answer.status_code == 303
    return answer.location.split("angre=")[1].split("&")[0]


def take_off(leader: Person, duty_id: str) -> str:
    """What can be put back."""
    page = leader.http.post(f"/kontor/vakt/{duty_id}/fjern", follow_redirects=True).text
    return page.split('name="duty_ids" value="')[1].split('"')[0]


def put_back(leader: Person, removed: str):
    path = f"/kontor/vakt/sett-tilbake?team={leader.teams[0].id}"
    return leader.http.post(path, data={"duty_ids": removed}, follow_redirects=True)


def test_a_duty_that_was_taken_off_can_be_put_back(alice: Person, bob: Person) -> None:
    removed = take_off(alice, set_duty(alice, bob))
    assert "<strong>Bob</strong>" not in week_page(alice)
    undone = put_back(alice, removed).text
    assert "Angret." in undone
    assert "<strong>Bob</strong>" in of_day(undone, "2026-11-23")
    assert "08.00–15.30" in of_day(undone, "2026-11-23")
    put_back(alice, removed)
    assert of_day(week_page(alice), "2026-11-23").count("<strong>Bob</strong>") == 1


def test_a_duty_of_whoever_has_left_is_not_put_back(world: World, alice: Person, bob: Person) -> None:
    here = f"?team={alice.teams[0].id}"
    set_ = alice.http.post(f"/kontor/vakt{here}", data=duty(bob)).location.split("angre=")[1].split("&")[0]
    alice.http.post(f"/kontor/vakt/{set_}/fjern{here}")
    with world.database.transaction() as session:
        accounts.end_staff(session, bob.username, world.clock.now())
    answer = alice.http.post(f"/kontor/vakt/sett-tilbake{here}", data={"duty_ids": set_})
    assert answer.status_code == 422
    assert "Vakta kan ikke settes tilbake" in answer.text


def test_what_is_put_back_is_as_it_was_handed_over(world: World, alice: Person, bob: Person) -> None:
    """Bob had taken it over at noon; Alice's morning is put back as well."""
    duty_id = set_duty(alice, alice)
    world.clock.shift(hours=2)
    offer = alice.log("duty_handed_over", {"duty_id": duty_id, "to_staff_id": bob.id})
    bob.log("duty_taken_over", {"handed_over_id": offer["id"]})
    assert "12.00–15.30" in of_day(week_page(alice), "2026-11-23")
    put_back(alice, take_off(alice, duty_id))
    after = of_day(week_page(alice), "2026-11-23")
    for line in ("<strong>Alice</strong>", "08.00–12.00", "<strong>Bob</strong>", "12.00–15.30"):
        assert line in after, line


def test_only_the_leader_of_that_team_puts_a_duty_back(world: World, alice: Person, bob: Person) -> None:
    removed = take_off(alice, set_duty(alice, bob))
    other = world.staff("leader", world.team(), name="Olga")
    assert put_back(bob, removed).status_code == 403
    assert put_back(other, removed).status_code == 404
    assert [put_back(alice, wrong).status_code for wrong in ("", "x", str(uuid.uuid4()))] == [404, 404, 404]


def test_the_same_duty_twice_is_one(alice: Person, bob: Person) -> None:
    set_duty(alice, bob)
    again = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob), follow_redirects=True)
    assert "Vakta var alt satt." in again.text
    span = {"from_at": "2026-11-23T07:00:00Z", "to_at": "2026-11-23T15:30:00+01:00"}
    alice.log("duty_set", {"team_id": alice.teams[0].id, "staff_id": bob.id, "duty": "duty"} | span)
    page = week_page(alice)
    assert of_day(page, "2026-11-23").count("<strong>Bob</strong>") == 1
    assert len([key for key in alice.pull() if key[0] == "duty"]) == 1
    take_off(alice, page.split("/fjern")[0].split("/kontor/vakt/")[-1])
    assert "<strong>Bob</strong>" not in week_page(alice), "taken off once, it is off"


def test_a_long_duty_stands_on_every_day_it_covers(alice: Person, bob: Person) -> None:
    span = {"from_at": "2026-11-24T07:00:00Z", "to_at": "2026-11-27T15:00:00Z"}
    alice.log("duty_set", {"team_id": alice.teams[0].id, "staff_id": bob.id, "duty": "duty"} | span)
    page = week_page(alice)
    for day in range(24, 28):
        assert "<strong>Bob</strong>" in of_day(page, f"2026-11-{day}"), day
    assert "<strong>Bob</strong>" not in of_day(page, "2026-11-28")
    assert page.split('<ol class="week">')[1].count("/fjern") == 1
    assert page.split('<ol class="week">')[0].count("/fjern") == 4, "each bar of the calendar"
    set_duty(alice, bob, on="2026-11-28", from_="22:30", to="07:30")
    assert "22.30–07.30" in of_day(week_page(alice), "2026-11-29")


def test_who_has_left_the_team_covers_no_gap(world: World, alice: Person, bob: Person) -> None:
    set_duty(alice, bob, from_="11:00", to="15:00")
    assert "Ingen på vakt 15.00" in of_day(week_page(alice), "2026-11-23")
    with world.database.transaction() as session:
        accounts.end_staff(session, bob.username, world.clock.now())
    day = of_day(week_page(alice), "2026-11-23")
    assert "ikke lenger i teamet" in day
    assert "Ingen på vakt 15.00" not in day


def calendar(page: str) -> str:
    return page.split('class="table-scroll calendar"')[1].split("</table>")[0]


def line(page: str, name: str) -> list[str]:
    """The seven cells of one person."""
    row = calendar(page).split(f'<th scope="row">{name}')[1].split("</tr>")[0]
    return [cell.split("</td>")[0] for cell in row.split("<td")[1:]]


def test_the_calendar_has_people_down_days_across_and_bars_to_the_hour(alice: Person, bob: Person) -> None:
    set_duty(alice, bob, from_="06:00", to="18:00")
    set_duty(alice, bob, on="2026-11-24", from_="22:30", to="07:30")
    set_duty(alice, alice, on="2026-11-24", duty="backup")
    page = week_page(alice)
    monday, tuesday, wednesday, *rest = line(page, "Bob")
    assert '<rect x="250" width="500"' in monday
    assert "06.00–18.00" in monday
    assert '<rect x="938" width="62"' in tuesday
    assert "fra 22.30" in tuesday
    assert '<rect x="0" width="312"' in wednesday
    assert "til 07.30" in wednesday
    assert not any("<rect" in cell for cell in rest)
    assert "bakvakt" in line(page, "Alice")[1]
    covered = calendar(page).split('<tr class="cover">')[1].split("</tr>")[0].split("<td")[1:]
    assert '<rect x="250" width="500"' in covered[0]
    assert "Ingen på vakt 18.00–24.00" in covered[0]
    assert covered[1].count("<rect") == 1, "a backup covers nothing"


def test_a_day_of_23_or_25_hours_is_as_wide_as_the_others(alice: Person, bob: Person) -> None:
    set_duty(alice, bob, on="2027-03-28", from_="12:00", to="18:00")
    set_duty(alice, bob, on="2026-10-25", from_="12:00", to="18:00")
    assert '<rect x="478" width="261"' in line(week_page(alice, "2027-03-22"), "Bob")[6]  # 11 of 23 hours have passed
    assert '<rect x="520" width="240"' in line(week_page(alice, "2026-10-19"), "Bob")[6]


def test_a_cell_fills_in_who_and_when_of_the_form(alice: Person, bob: Person) -> None:
    set_duty(alice, bob)
    link = line(week_page(alice), "Bob")[3].split('class="add-here" href="')[1].split('"')[0].replace("&amp;", "&")
    page = alice.get(link.split("#")[0]).text
    form = page.split('id="add"')[1].split("</form>")[0]
    assert f'<option value="{bob.id}" selected>' in form
    assert 'value="2026-11-26"' in form
    assert "add-here" not in bob.get("/kontor/vakt").text


def test_the_holder_offers_from_the_calendar(alice: Person, bob: Person) -> None:
    duty_id = set_duty(alice, bob, on="2026-11-24")
    cell = line(week_page(bob), "Bob")[1]
    assert f"tilby={duty_id}" in cell
    page = bob.get(cell.split('href="')[1].split('"')[0].replace("&amp;", "&").split("#")[0]).text
    form = page.split('id="offer"')[1].split("</form>")[0]
    assert f'<option value="{alice.id}">' in form
    refused = bob.http.post(f"/kontor/vakt/{duty_id}/tilby", data={"to_staff_id": ""})
    assert refused.status_code == 422
    assert "Må fylles ut." in refused.text.split('id="offer"')[1].split("</form>")[0]
    assert 'id="offer"' not in alice.get(f"/kontor/vakt?tilby={duty_id}").text, "it is Bob's"
