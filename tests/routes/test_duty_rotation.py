"""Many duties at once, from a pattern or in turns: looked at, set in one go, undone in one go."""

import uuid

import pytest

from tests._world import Person, World
from tests.routes._duty_list import duty, of_day, week_page


def many(person: Person, **form: str) -> dict[str, str]:
    days = {"mon": "1", "wed": "1"}
    rest = {"staff_id": person.id, "duty": "duty", "shift": "day", "first_on": "2026-11-30", "last_on": "2026-12-31"}
    return {**days, **rest, "every_weeks": "1", **form}


def plan(leader: Person, form: dict[str, str]) -> tuple[str, str]:
    """The page with the list, and the mark that says it was looked at."""
    answer = leader.http.post(f"/kontor/vakt/flere?team={leader.teams[0].id}", data=form)
    assert answer.status_code == 200
    return answer.text, answer.text.split('name="seen" value="')[1].split('"')[0]


def test_many_duties_are_looked_at_then_set_in_one_go_and_undone_in_one_go(alice: Person, bob: Person) -> None:
    page, mark = plan(alice, many(bob))
    assert "Dette blir satt: 10 vakter" in page
    assert "mandag 30. nov. 07.30–15.00" in page
    assert "Ingen vaktliste" in page  # nothing is set yet
    path = f"/kontor/vakt/flere?team={alice.teams[0].id}"
    week = alice.http.post(path, data=many(bob, seen=mark), follow_redirects=True).text
    assert "Vaktene er satt." in week
    assert week.count("<strong>Bob</strong>") == 2
    first = week.split("/flere/")[1].split("/angre")[0]
    undone = alice.http.post(f"/kontor/vakt/flere/{first}/angre", follow_redirects=True).text
    assert "Angret." in undone
    assert "<strong>Bob</strong>" not in alice.get("/kontor/vakt?uke=2026-12-14").text


def test_a_list_that_is_not_the_one_looked_at_is_shown_again(alice: Person, bob: Person) -> None:
    _, mark = plan(alice, many(bob))
    page, _ = plan(alice, many(bob, seen=mark, last_on="2026-12-20"))
    assert "Dette blir satt: 6 vakter" in page
    assert "Ingen vaktliste" in alice.get("/kontor/vakt").text


def test_what_is_covered_already_is_marked_and_may_be_left_alone(alice: Person, bob: Person) -> None:
    alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(alice, on="2026-12-02"))
    assert "alt dekket av Alice" in plan(alice, many(bob))[0]
    assert "Dette blir satt: 9 vakter" in plan(alice, many(bob, skip_covered="1"))[0]


def test_public_holidays_are_left_out_of_day_duty_and_worked_in_the_evening(alice: Person, bob: Person) -> None:
    easter = {"first_on": "2026-03-30", "last_on": "2026-04-12", "thu": "1", "fri": "1"}
    day, _ = plan(alice, many(bob, **easter))
    assert "Dette blir satt: 5 vakter" in day
    assert "Utelatt: 2. april, 3. april, 6. april<" in day
    assert "Dette blir satt: 8 vakter" in plan(alice, many(bob, **easter, shift="evening"))[0]
    assert "Skjærtorsdag" in alice.get("/kontor/vakt?uke=2026-03-30").text


def test_every_third_week_counts_from_the_first(alice: Person, bob: Person) -> None:
    page, _ = plan(alice, many(bob, every_weeks="3"))
    assert "Dette blir satt: 4 vakter" in page
    assert "mandag 21. des." in page


def six(world: World, leader: Person) -> list[Person]:
    names = ("Anne", "Birk", "Cato", "Dina", "Emil", "Frida")
    return [world.staff("fieldworker", *leader.teams, name=name, phone=False) for name in names]


def test_six_people_take_turns_for_four_weeks_and_all_is_undone_in_one_go(world: World, alice: Person) -> None:
    people, path = six(world, alice), f"/kontor/vakt/flere?team={alice.teams[0].id}"
    weekdays = {"tue": "1", "thu": "1", "fri": "1"}
    form = many(alice, last_on="2026-12-25", **weekdays) | {"staff_id": [one.id for one in people]}
    form["order"] = ",".join(one.id for one in reversed(people))
    page, mark = plan(alice, form)
    assert "Dette blir satt: 19 vakter" in page, "the first day of Christmas is left out"
    assert "Frida 4 · Emil 3 · Dina 3 · Cato 3 · Birk 3 · Anne 3" in page
    assert page.index("<strong>Frida</strong> mandag 30. nov.") < page.index("<strong>Emil</strong> tirsdag 1. des.")
    assert "Ingen vaktliste" in page  # nothing is set yet
    week = alice.http.post(path, data=form | {"seen": mark}, follow_redirects=True).text
    assert "Vaktene er satt." in week
    assert "<strong>Frida</strong>" in of_day(week, "2026-11-30")
    first = week.split("/flere/")[1].split("/angre")[0]
    alice.http.post(f"/kontor/vakt/flere/{first}/angre")
    for monday in ("2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21"):
        assert "<strong>" not in week_page(alice, monday).split('<ol class="week">')[1].split("</ol>")[0]


def test_a_week_each_and_in_the_order_of_the_list_where_no_other_is_told(world: World, alice: Person) -> None:
    people = six(world, alice)[:2]
    form = many(alice, turn="week", last_on="2026-12-17") | {"staff_id": [one.id for one in people]}
    page, _ = plan(alice, form)
    for name, day in (("Anne", "30. nov."), ("Anne", "2. des."), ("Birk", "7. des."), ("Anne", "16. des.")):
        assert any(f"<strong>{name}</strong> {weekday} {day}" in page for weekday in ("mandag", "onsdag")), (name, day)


@pytest.mark.parametrize(
    "wrong",
    [
        {"turn": "year"},
        {"mon": "", "wed": ""},
        {"shift": "other"},
        {"shift": "noon"},
        {"last_on": "2026-11-01"},
        {"last_on": "2027-11-01"},
        {"staff_id": ""},
        {"every_weeks": "99"},
        {"first_on": "2026-12-05", "last_on": "2026-12-06"},
    ],
)
def test_a_pattern_that_is_wrong_says_so_and_nothing_is_lost(alice: Person, bob: Person, wrong: dict[str, str]) -> None:
    answer = alice.http.post(f"/kontor/vakt/flere?team={alice.teams[0].id}", data=many(bob) | wrong)
    assert answer.status_code == 422
    assert "ds-validation-message" in answer.text or "Det blir ingen vakter av dette." in answer.text


def test_nothing_of_a_batch_is_set_when_the_door_refuses_one(
    alice: Person, bob: Person, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lars = world.staff("landlord", *alice.teams, name="Lars")
    answer = alice.http.post(f"/kontor/vakt/flere?team={alice.teams[0].id}", data=many(lars))
    assert answer.status_code == 422
    assert "Velg en som arbeider i teamet og følger opp brukere." in answer.text
    both = [(uuid.UUID(one.id), one.name) for one in (bob, lars)]  # Lars was one of the team when the page was read
    monkeypatch.setattr("fieldapp.queries.duty.choices", lambda _session, _team_id: both)
    _, mark = plan(alice, many(lars))
    path = f"/kontor/vakt/flere?team={alice.teams[0].id}"
    assert alice.http.post(path, data=many(lars, seen=mark)).status_code == 422
    assert "Ingen vaktliste" in alice.get("/kontor/vakt").text


def test_only_the_leader_sets_many_and_undoes_them(alice: Person, bob: Person) -> None:
    path = f"/kontor/vakt/flere?team={alice.teams[0].id}"
    assert bob.http.post(path, data=many(bob)).status_code == 403
    _, mark = plan(alice, many(bob))
    first = alice.http.post(path, data=many(bob, seen=mark)).location.split("flere=")[1].split("&")[0]
    assert bob.http.post(f"/kontor/vakt/flere/{first}/angre").status_code == 404


def test_the_confirmation_of_many_is_in_view(alice: Person, bob: Person) -> None:
    """The form's address ends in #many: without a fragment of its own the answer would be scrolled past."""
    page, mark = plan(alice, many(bob))
    assert page.index("Sett disse 10 vaktene") < page.index('class="plan"'), "the button stands above the long list"
    answer = alice.http.post(f"/kontor/vakt/flere?team={alice.teams[0].id}", data=many(bob) | {"seen": mark})
    assert answer.location.endswith("#gjort")
    assert 'id="gjort"' in alice.get(answer.location).text
