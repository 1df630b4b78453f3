"""`/kontor/vakt` and `/kontor/team`: who gets the alerts, and in which order."""

import uuid

import pytest

from tests._push_service import PushService
from tests._world import Person, World
from tests.routes._duty_list import duty


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
