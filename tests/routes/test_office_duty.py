"""`/kontor/vakt` and `/kontor/team`: who gets the alerts, and in which order."""

import uuid

import pytest

from fieldapp.services.people import accounts
from tests._push_service import PushService
from tests._world import Person, World


@pytest.fixture
def alice(world: World) -> Person:
    return world.staff("leader", world.team("FACT Nord"), name="Alice")


@pytest.fixture
def bob(world: World, alice: Person) -> Person:
    return world.staff("fieldworker", *alice.teams, name="Bob")


def duty(person: Person, **form: str) -> dict[str, str]:
    day = {"staff_id": person.id, "duty": "duty", "on": "2026-11-23", "from": "08:00", "to": "15:30"}
    return day | {name.rstrip("_"): value for name, value in form.items()}


def test_a_team_without_a_list_is_told_who_gets_the_alerts(alice: Person, bob: Person) -> None:
    page = alice.get("/kontor/vakt").text
    assert "Ingen vaktliste: alle ansatte og ledere får varslene døgnet rundt." in page
    assert "Ingen på vakt" not in page


def test_a_duty_that_is_set_counts_at_once_and_the_gaps_show(alice: Person, bob: Person) -> None:
    answer = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob), follow_redirects=True)
    assert "Vakta er satt." in answer.text
    assert "Ingen på vakt 15.30–24.00" in answer.text
    assert "Ingen på vakt 00.00–24.00" in answer.text
    assert "på vakt: Bob" in alice.get("/kontor").text


def test_a_duty_past_midnight_ends_the_next_day_and_wants_a_channel_that_rings(alice: Person, bob: Person) -> None:
    alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob, from_="22:30", to="07:30"))
    page = alice.get("/kontor/vakt?uke=2026-11-23").text
    assert "22.30–07.30" in page
    assert "Ingen på vakt 07.30–24.00" in page
    assert "Nattvakt uten ringende kanal." in page


def test_a_duty_can_be_taken_off_the_list_and_the_entry_stays(alice: Person, bob: Person) -> None:
    location = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob)).location
    entry_id = location.split("angre=")[1].split("&")[0]
    answer = alice.http.post(f"/kontor/vakt/{entry_id}/fjern", follow_redirects=True)
    assert "Vakta er fjernet." in answer.text
    assert "<strong>Bob</strong>" not in answer.text
    # Once a list was kept, an empty one means nobody.
    assert "Ingen på vakt" in answer.text


def test_only_the_leader_changes_the_list(alice: Person, bob: Person) -> None:
    assert "Sett vakta" not in bob.get("/kontor/vakt").text
    assert bob.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob)).status_code == 422
    assert "Ingen vaktliste" in alice.get("/kontor/vakt").text


def test_nobody_is_put_on_duty_in_a_team_they_do_not_work_in(world: World, alice: Person) -> None:
    charlie = world.staff("fieldworker", world.team(), name="Charlie")
    assert alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(charlie)).status_code == 422


def test_a_foreign_duty_is_a_missing_duty(world: World, alice: Person, bob: Person) -> None:
    entry_id = (
        alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob))
        .location.split("angre=")[1]
        .split("&")[0]
    )
    charlie = world.staff("leader", world.team(), name="Charlie")
    for id_ in (entry_id, uuid.uuid4()):
        assert charlie.http.post(f"/kontor/vakt/{id_}/fjern").status_code == 404


def test_a_form_that_is_not_filled_says_so_beside_each_field(alice: Person, bob: Person) -> None:
    answer = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob, on="", from_="åtte"))
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert f'<option value="{bob.id}" selected>' in answer.text


def test_weeks_can_be_leafed_through_as_far_as_anybody_needs(alice: Person) -> None:
    for week in ("2026-12-28", "0001-01-01", "9999-12-31", "snart"):
        assert alice.get(f"/kontor/vakt?uke={week}").status_code == 200


def test_the_team_page_shows_who_would_be_told_now(alice: Person, bob: Person, world: World) -> None:
    world.staff("peer", *alice.teams, name="Rolf")
    page = alice.get("/kontor/team").text
    assert "erfaringskonsulent" in page
    ladder = page.split('class="ladder"')[1].split("</ol>")[0]
    assert "Alice, Bob" in ladder
    assert "Rolf" not in ladder


def test_the_leader_changes_the_minutes_of_the_ladder(alice: Person, bob: Person, push_service: PushService) -> None:
    bob.subscribe(push_service)
    path = f"/kontor/team/{alice.teams[0].id}/trapp"
    form = {"step0": "0", "step1": "2,5", "step2": "20", "step3": "45"}
    assert "Etter 2,5 min" in alice.http.post(path, data=form, follow_redirects=True).text
    for wrong in ({"step1": "30"}, {"step1": "femten"}, {"step1": ""}, {"step3": "nan"}, {"step3": "1e9"}):
        assert alice.http.post(path, data=form | wrong).status_code == 422
    assert bob.http.post(path, data=form).status_code == 403


def test_the_minutes_of_another_team_are_out_of_reach(world: World, alice: Person) -> None:
    other = world.team()
    for team_id in (other.id, uuid.uuid4()):
        assert alice.http.post(f"/kontor/team/{team_id}/trapp", data={}).status_code == 404


def test_a_leader_without_a_team_is_told_whom_to_ask(world: World) -> None:
    answer = world.staff("leader", phone=False).http.get("/kontor/vakt", follow_redirects=True)
    assert "Du er ikke med i noe team ennå." in answer.text


@pytest.mark.parametrize("name", ["from_", "to"])
def test_a_time_with_a_zone_is_no_time_of_the_wall_clock(alice: Person, bob: Person, name: str) -> None:
    refused = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob, **{name: "10:00+02:00"}))
    assert refused.status_code == 422
    assert "Skriv dato eller klokkeslett slik feltet viser det." in refused.text


def test_a_landlord_is_never_on_duty(world: World, alice: Person) -> None:
    lars = world.staff("landlord", *alice.teams, name="Lars")
    assert lars.id not in alice.get("/kontor/vakt").text
    assert alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(lars)).status_code == 422


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


def offered(alice: Person, bob: Person) -> tuple[str, str]:
    """Bob's duty tomorrow, and the page after he has offered it to Alice."""
    location = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob, on="2026-11-24")).location
    duty_id = location.split("angre=")[1].split("&")[0]
    form = {"to_staff_id": alice.id}
    return duty_id, bob.http.post(f"/kontor/vakt/{duty_id}/tilby", data=form, follow_redirects=True).text


def answer_path(page: str, code: str) -> str:
    return next(
        part.split('"')[0] for part in page.split('action="') if part.split('"')[0].split("?")[0].endswith(code)
    )


def test_a_duty_is_offered_and_taken_over_in_the_office(alice: Person, bob: Person) -> None:
    _, page = offered(alice, bob)
    assert "Bob har tilbudt Alice vakta" in page
    assert "Ta over" not in page
    week = alice.get("/kontor/vakt").text
    taken = alice.http.post(answer_path(week, "/ta"), follow_redirects=True).text
    assert "Vakta er din." in taken
    assert "<strong>Alice</strong>" in taken
    assert "<strong>Bob</strong>" not in taken


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_no_is_said_by_the_one_who_was_asked_and_the_offer_taken_back_by_the_one_who_asked(
    alice: Person, bob: Person, who: str
) -> None:
    offered(alice, bob)
    person = {"alice": alice, "bob": bob}[who]
    page = person.http.post(answer_path(person.get("/kontor/vakt").text, "/nei"), follow_redirects=True).text
    assert "har tilbudt" not in page
    assert "<strong>Bob</strong>" in page


def test_nobody_else_answers_an_offer_or_offers_a_duty_that_is_not_theirs(
    world: World, alice: Person, bob: Person
) -> None:
    duty_id, _ = offered(alice, bob)
    kaia = world.staff("fieldworker", *alice.teams, name="Kaia")
    charlie = world.staff("fieldworker", world.team(), name="Charlie")
    path = answer_path(alice.get("/kontor/vakt").text, "/ta")
    assert kaia.http.post(path).status_code == 403
    assert kaia.http.post(path.replace("/ta", "/nei")).status_code == 403
    assert charlie.http.post(path).status_code == 404
    assert kaia.http.post(f"/kontor/vakt/{duty_id}/tilby", data={"to_staff_id": bob.id}).status_code == 422
    assert charlie.http.post(f"/kontor/vakt/{duty_id}/tilby", data={"to_staff_id": bob.id}).status_code == 404


def test_the_ladder_is_tried_out_for_another_time_kind_and_other_minutes(
    alice: Person, bob: Person, push_service: PushService
) -> None:
    bob.subscribe(push_service)
    alice.http.post(
        f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob, on="2026-11-28", from_="22:00", to="08:00")
    )
    query = f"trapp={alice.teams[0].id}&kind=not_seen&at=2026-11-29T03:00&step0=0&step1=5&step2=10&step3=20"
    page = alice.get(f"/kontor/team?{query}").text
    assert "De er ikke lagret." in page
    ladder = page.split('class="ladder"')[1].split("</ol>")[0]
    assert "kl. 03.05" in ladder
    assert "Bob" in ladder
    assert "Uten telefon som tar imot: Alice" in ladder
    assert 'name="step1" type="text" value="5"' in page
    assert 'name="step1" type="text" value="15"' in alice.get("/kontor/team").text
    crisis = alice.get(f"/kontor/team?trapp={alice.teams[0].id}&kind=crisis&at=2026-11-29T03:00").text
    assert "Alice, Bob" in crisis.split('class="ladder"')[1].split("</li>")[0]
    assert crisis.split('class="ladder"')[1].split("</ol>")[0].count("<li>") == 2


@pytest.mark.parametrize(
    "typed", ["step0=0&step1=x&step2=1&step3=2", "step0=9&step1=1&step2=1&step3=2", "kind=moon&at=now"]
)
def test_what_cannot_be_tried_out_is_said_and_the_ladder_stands(alice: Person, typed: str) -> None:
    page = alice.get(f"/kontor/team?trapp={alice.teams[0].id}&{typed}")
    assert page.status_code == 200
    assert 'class="ladder"' in page.text


def test_a_person_with_a_phone_that_takes_pushes_is_not_said_to_be_without(
    alice: Person, bob: Person, push_service: PushService
) -> None:
    bob.subscribe(push_service)
    ladder = alice.get("/kontor/team").text.split('class="ladder"')[1].split("</ol>")[0]
    assert "Alice, Bob" in ladder
    assert "Uten telefon som tar imot: Alice<" in ladder


def tried(alice: Person, kind: str) -> str:
    return " ".join(alice.get(f"/kontor/team?trapp={alice.teams[0].id}&kind={kind}&at=2026-11-29T03:00").text.split())


def test_a_closed_team_is_said_to_wait_and_the_steps_to_count_from_when_it_opens(alice: Person, bob: Person) -> None:
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "8-15.30") | {"when_closed": "wait", "closed_days": ""}
    alice.http.post(f"/kontor/team/{alice.teams[0].id}/apningstid", data=week)
    page = tried(alice, "not_seen")
    assert "Venter til teamet åpner 30. nov. 08.00; derfra regnes trinnene." in page
    assert "kl. 03.00" not in page.split('class="ladder"')[1].split("</ol>")[0]
    assert "Teamet er stengt da." in tried(alice, "concern")


def test_a_step_that_reaches_nobody_and_the_staff_ladders_are_explained(alice: Person, bob: Person) -> None:
    assert "Her kan ingen nås, så neste trinn begynner med en gang." in tried(alice, "not_seen")
    out = tried(alice, "staff_overdue")
    assert "Den som er ute, spørres først." in out
    assert "på nytt hvert femte minutt" in out
    assert "hver halvtime" not in out
    assert "på nytt hvert annet minutt" in tried(alice, "staff_help")


def test_a_refused_duty_is_not_called_a_note(alice: Person, bob: Person) -> None:
    refused = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob, staff_id=str(uuid.uuid4())))
    assert refused.status_code == 422
    assert "Velg en som arbeider i teamet og følger opp brukere." in refused.text
    wrong = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob, duty="halv"))
    assert "Velg fra lista." in wrong.text
    assert "notatet" not in (refused.text + wrong.text).lower()


def week_page(person: Person, monday: str = "2026-11-23") -> str:
    return person.get(f"/kontor/vakt?team={person.teams[0].id}&uke={monday}").text


def of_day(page: str, day: str) -> str:
    return page.split(f'id="day-{day}"')[1].split('class="panel')[0]


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


def test_the_confirmation_of_many_is_in_view(alice: Person, bob: Person) -> None:
    """The form's address ends in #many: without a fragment of its own the answer would be scrolled past."""
    page, mark = plan(alice, many(bob))
    assert page.index("Sett disse 10 vaktene") < page.index('class="plan"'), "the button stands above the long list"
    answer = alice.http.post(f"/kontor/vakt/flere?team={alice.teams[0].id}", data=many(bob) | {"seen": mark})
    assert answer.location.endswith("#gjort")
    assert 'id="gjort"' in alice.get(answer.location).text


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
