"""`/kontor/varsler`: one alert with its whole history, answered from the office by the same entries as on the phone."""

import uuid
from typing import NamedTuple

import pytest

from tests._world import Person, World


class Story(NamedTuple):
    world: World
    alice: Person
    bob: Person
    even: str
    path: str


@pytest.fixture
def story(world: World) -> Story:
    """Even has not been seen for an hour and a quarter."""
    team = world.team("FACT Nord")
    alice, bob = world.staff("leader", team, name="Alice"), world.staff("fieldworker", team, name="Bob")
    even = alice.register("Even B.", watch={"mode": "interval", "interval_minutes": 60})
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    world.clock.shift(minutes=75)
    world.tick()
    return Story(world, alice, bob, even, f"/kontor/varsler/{alice.alerts()[0]['id']}")


def answer(person: Person, path: str, name: str, **form: str):
    return person.http.post(f"{path}/{name}", data=form, follow_redirects=True)


def test_the_page_tells_what_opened_it_who_was_told_and_what_the_agreement_says(story: Story) -> None:
    page = story.alice.get(story.path).text
    assert "Even B. er ikke sett på 1\u00a0t" in page
    assert "skulle vært sett innen 11.00" in page
    assert "Varselet er ikke tatt." in page
    assert "Bob: har ingen telefon som tar imot varsler" in page
    assert "Det er ikke avtale om å låse seg inn." in page


def test_taking_it_in_the_office_is_seen_on_every_phone_and_can_be_undone(story: Story) -> None:
    taken = answer(story.bob, story.path, "ta")
    assert "Du har tatt varselet." in taken.text
    assert "Tatt av Bob." in story.alice.get(story.path).text
    assert story.alice.alerts()[0]["owner"] == story.bob.id
    undo = next(part for part in taken.text.split("\n") if 'name="entry_id"' in part).split('value="')[1].split('"')[0]
    story.bob.http.post("/kontor/angre", data={"entry_id": undo, "tilbake": story.path})
    assert "Varselet er ikke tatt." in story.alice.get(story.path).text


def test_an_alert_that_has_been_everywhere_and_is_not_taken_stands_on_every_page(story: Story) -> None:
    """Nobody has a phone that takes alerts: it has climbed to its last step at once."""
    banner = f'<strong>Varselet er ikke tatt.</strong> <a href="{story.path}">Even B. er ikke sett på'
    assert banner in story.bob.get("/kontor/saker").text
    assert banner in story.bob.get("/kontor/vakt").text
    story.alice.log("concern_raised", {"reason": "stille"}, client=story.even)
    story.world.tick()
    assert "<strong>2 varsler er ikke tatt.</strong>" in story.bob.get("/kontor/saker").text
    answer(story.alice, story.path, "ta")
    assert banner not in story.bob.get("/kontor/saker").text


def test_it_stands_there_also_for_a_leader_who_looks_at_another_team(world: World) -> None:
    nord, sor = world.team("Nord"), world.team("Sør")
    alice = world.staff("leader", nord, sor)
    even = alice.register("Even B.", nord)
    alice.log("concern_raised", {"reason": "stille"}, client=even, team_id=nord.id)
    world.tick()
    page = alice.get(f"/kontor/saker?team={sor.id}").text
    assert "<strong>Varselet er ikke tatt.</strong>" in page


def test_was_seen_but_not_logged_counts_from_when_it_was(story: Story) -> None:
    answer(story.alice, story.path, "sett", seen_at="2026-11-23T11:10", seen_by="Bob på butikken")
    page = story.alice.get(story.path).text
    assert "Avsluttet 11.15:" in page
    assert "Sett 23. nov. kl. 11.10. Sett av Bob på butikken." in page
    assert story.alice.alerts() == []


def test_was_seen_needs_a_time_that_is_past_and_loses_nothing_that_was_typed(story: Story) -> None:
    refused = answer(story.alice, story.path, "sett", seen_at="2026-11-23T12:00", seen_by="Bob", reason="så ham")
    assert refused.status_code == 422
    assert "Det kan ikke være fram i tid." in refused.text
    assert 'value="Bob"' in refused.text
    assert ">så ham</textarea>" in refused.text
    assert story.alice.alerts() != []


def test_snoozing_needs_a_reason_and_shows_it(story: Story) -> None:
    assert answer(story.bob, story.path, "utsett", minutes="60", reason=" ").status_code == 422
    answer(story.bob, story.path, "utsett", minutes="60", reason="Sover til tolv")
    page = story.alice.get(story.path).text
    assert "Utsatt av Bob til 12.15." in page
    assert "Bob utsatte varselet: Sover til tolv" in " ".join(page.split()).replace("</strong>", "")


def test_who_snoozed_and_until_when_stand_wherever_it_is_listed(story: Story) -> None:
    """Alice took it first and owns it when the snooze is over; it was Bob who put it off."""
    answer(story.alice, story.path, "ta")
    answer(story.bob, story.path, "utsett", minutes="30", reason="Sover til tolv")
    for path in (story.path, "/kontor", "/kontor/varsler", f"{story.path}/hvorfor", f"/kontor/bruker/{story.even}"):
        assert "Utsatt av Bob til 11.45" in story.alice.get(path).text, path
        assert "Utsatt av Alice" not in story.alice.get(path).text, path
    assert "tatt av Alice" not in story.alice.get("/kontor").text
    told = story.bob.pull()[("alert", story.path.split("/")[-1])]
    assert told["snoozed_by"] == story.bob.id
    assert told["snoozed_until"].startswith("2026-11-23T10:45")


def test_a_snooze_that_outlasts_the_one_who_took_it_is_not_called_taken(story: Story) -> None:
    answer(story.alice, story.path, "ta")
    answer(story.bob, story.path, "utsett", minutes="240", reason="Sover")
    story.world.clock.shift(minutes=61)
    story.world.tick()
    page = " ".join(story.alice.get(story.path).text.split())
    assert "Bob tok varselet" not in page
    assert "Utsatt av Bob til 15.15" in page


def test_whoever_takes_it_again_ends_the_snooze_in_words_too(story: Story) -> None:
    answer(story.bob, story.path, "utsett", minutes="240", reason="Sover")
    answer(story.alice, story.path, "ta")
    assert "Utsatt av" not in story.alice.get("/kontor/varsler").text
    answer(story.bob, story.path, "utsett", minutes="30", reason="Sover litt til")
    assert "Utsatt av Bob til 11.45" in story.alice.get("/kontor/varsler").text


def test_ending_it_by_hand_asks_for_a_next_check_and_leaves_no_silent_client(story: Story) -> None:
    answer(
        story.alice, story.path, "avslutt",
        outcome="not_found_plan_made", reason="Ringte på tre ganger", next_check_at="2026-11-23T20:00",
    )  # fmt: skip
    page = story.alice.get(story.path).text
    assert "Avsluttet varselet, ikke funnet, ny sjekk avtalt." in page
    assert "Ny sjekk 23. nov. kl. 20.00." in page
    assert "Ny sjekk 20.00." in page.split("</section>")[0]
    assert "Even B." in story.alice.get("/kontor/varsler").text.split("Avsluttet siste 7 dager")[1]
    assert "ny sjekk 20.00" in story.alice.get("/kontor/varsler").text.split("Avsluttet siste 7 dager")[1]
    assert "Ny sjekk" in story.alice.get(f"{story.path}/hvorfor").text.split("Hva som åpnet det")[0]
    story.world.clock.shift(hours=9)
    story.world.tick()
    assert [alert["kind"] for alert in story.alice.alerts()] == ["not_seen"]


def test_whoever_was_not_found_stays_in_a_list_until_somebody_has_seen_them(story: Story) -> None:
    """The next check lies further ahead than «bør ses snart» looks."""
    ended = {"outcome": "not_found_plan_made", "reason": "Ringte på", "next_check_at": "2026-11-24T09:00"}
    answer(story.alice, story.path, "avslutt", **ended)
    row = story.alice.get("/kontor").text.split('id="overdue-head"')[1].split("</section>")[0]
    assert "Even B." in row
    assert "Ny sjekk i morgen 09.00" in row
    assert "varselet ble avsluttet for hånd 11.15" in row
    assert "skulle vært sett innen" not in row
    assert "Alle er sett som avtalt." not in row
    assert "Ny sjekk i morgen 09.00" in story.alice.get(f"/kontor/bruker/{story.even}").text
    story.bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=story.even)
    assert "Ny sjekk" not in story.alice.get("/kontor").text
    assert "Alle er sett som avtalt." in story.alice.get("/kontor").text


def test_a_next_check_that_was_left_to_sett_is_told_as_well(story: Story) -> None:
    answer(story.alice, story.path, "avslutt", outcome="mistake", reason="Feil klokke")
    assert "ny sjekk 12.15" in story.alice.get("/kontor/varsler").text
    assert "Ny sjekk 12.15" in story.alice.get(story.path).text


def test_handing_it_over_names_the_colleague_and_is_not_yet_taken(story: Story) -> None:
    answer(story.alice, story.path, "videre", to_staff_id=story.bob.id)
    page = " ".join(story.alice.get(story.path).text.split()).replace("</strong>", "")
    assert "Alice ga varselet videre til Bob" in page
    assert "Varselet er ikke tatt." in page


def test_it_is_handed_to_colleagues_only(story: Story) -> None:
    charlie = story.world.staff("fieldworker", story.world.team(), name="Charlie")
    assert answer(story.alice, story.path, "videre", to_staff_id=charlie.id).status_code == 422
    assert answer(story.alice, story.path, "videre", to_staff_id="noe").status_code == 422


def test_it_is_handed_only_to_somebody_who_sees_it(story: Story) -> None:
    """A landlord of the team gets no alerts; a colleague from the leader's other team can't open this one."""
    elsewhere = story.world.team("Sentrum")
    both = story.world.staff("leader", *story.alice.teams, elsewhere, name="Dina")
    lars = story.world.staff("landlord", *story.alice.teams, name="Lars")
    eva = story.world.staff("fieldworker", elsewhere, name="Eva")
    assert lars.id not in both.get(story.path).text
    assert answer(both, story.path, "videre", to_staff_id=lars.id).status_code == 422
    assert answer(both, story.path, "videre", to_staff_id=eva.id).status_code == 422
    assert answer(both, story.path, "videre", to_staff_id=story.bob.id).status_code == 200


@pytest.mark.parametrize("name", ["ta", "sett", "utsett", "avslutt", "videre"])
def test_nobody_answers_another_teams_alert(story: Story, name: str) -> None:
    charlie = story.world.staff("leader", story.world.team(), name="Charlie")
    assert answer(charlie, story.path, name, reason="x", outcome="other").status_code == 404
    assert story.alice.alerts()[0]["state"] == "open"


def test_a_time_out_of_all_reason_is_refused_beside_its_field(story: Story) -> None:
    for typed in ("0001-01-01T00:00", "9999-12-31T23:59", "i går"):
        assert answer(story.alice, story.path, "sett", seen_at=typed, seen_by="Bob").status_code == 422


def test_a_concern_is_quoted_and_a_crisis_leads_to_its_case(story: Story) -> None:

    story.bob.log("concern_raised", {"reason": "Roping i natt", "urgency": "now"}, client=story.even)
    story.bob.log("crisis_opened", {"kind": "fire"}, client=story.even, case=str(uuid.uuid4()))
    kinds = {alert["kind"]: alert["id"] for alert in story.alice.alerts()}
    assert "Roping i natt" in story.alice.get(f"/kontor/varsler/{kinds['concern']}").text
    assert "Til krisen" in story.alice.get(f"/kontor/varsler/{kinds['crisis']}").text


def test_a_next_check_in_the_past_is_refused_and_nothing_is_lost(story: Story) -> None:
    refused = answer(
        story.alice, story.path, "avslutt",
        outcome="not_found_plan_made", reason="Ringte på tre ganger", next_check_at="2026-11-23T11:00",
    )  # fmt: skip
    assert refused.status_code == 422
    assert "Neste sjekk må være fram i tid." in refused.text
    assert ">Ringte på tre ganger</textarea>" in refused.text
    assert story.alice.alerts()[0]["state"] == "open"


def test_a_sighting_too_old_to_make_the_clock_right_is_said_to_be_so(story: Story) -> None:
    page = answer(story.alice, story.path, "sett", seen_at="2026-11-23T10:05", seen_by="Bob").text
    assert "Ført, men klokka er fortsatt gått ut." in page
    assert "teller som sett" not in page
    assert len(story.alice.alerts()) == 1


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("ta", {}),
        ("utsett", {"minutes": "60", "reason": "Sover"}),
        ("videre", {}),
        ("avslutt", {"outcome": "other", "reason": "Ringte"}),
    ],
)
def test_an_alert_that_had_ended_before_the_answer_is_said_to_have_ended(
    story: Story, name: str, form: dict[str, str]
) -> None:
    story.alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=story.even)
    page = answer(story.bob, story.path, name, **form | ({"to_staff_id": story.alice.id} if name == "videre" else {}))
    assert "Varselet var alt avsluttet." in page.text
    assert "Du har tatt varselet" not in page.text
    assert 'name="entry_id"' not in page.text


def test_whoever_takes_it_second_is_told_who_has_it(story: Story) -> None:
    answer(story.bob, story.path, "ta")
    story.world.clock.shift(minutes=1)
    assert "En kollega tok varselet før deg, og har det." in answer(story.alice, story.path, "ta").text


def test_an_alert_that_waits_for_its_team_is_handed_on_to_the_colleague_alone(story: Story) -> None:
    answer(
        story.alice, story.path, "avslutt",
        outcome="not_found_plan_made", reason="Ringte på", next_check_at="2026-11-23T20:00",
    )  # fmt: skip
    week = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    body = {"team_id": story.alice.teams[0].id, "hours": week, "shifts": {}, "closed_days": [], "when_closed": "wait"}
    story.alice.log("team_hours_set", body)
    story.world.clock.shift(hours=9)
    story.world.tick()
    (waiting,) = story.alice.alerts()
    assert waiting["state"] == "waiting"
    page = answer(story.alice, f"/kontor/varsler/{waiting['id']}", "videre", to_staff_id=story.bob.id).text
    assert "Teamet er stengt, så bare kollegaen varsles før det åpner." in page
    assert "Det varsler til det blir tatt." not in page.split('id="live"')[0]


def test_it_is_offered_to_colleagues_who_take_alerts_never_to_oneself_or_a_peer(story: Story) -> None:
    rolf = story.world.staff("peer", *story.alice.teams, name="Rolf")
    choices = story.alice.get(story.path).text.split('name="to_staff_id"')[1].split("</select>")[0]
    assert story.bob.id in choices
    assert story.alice.id not in choices
    assert rolf.id not in choices
    assert rolf.id in story.alice.get("/kontor/vakt").text


def test_a_colleague_who_needs_help_stands_first_and_what_is_taken_after_what_is_not(story: Story) -> None:
    story.bob.log("concern_raised", {"reason": "Roping i natt", "urgency": "now"}, client=story.even)
    story.world.clock.shift(minutes=1)
    story.bob.log("crisis_opened", {"kind": "fire"}, client=story.even, case=str(uuid.uuid4()))
    story.world.clock.shift(minutes=1)
    story.bob.log("help_requested", {}, team_id=story.bob.teams[0].id)
    by_kind = {alert["kind"]: alert["id"] for alert in story.alice.alerts()}
    story.alice.log("alert_acknowledged", {"alert_id": by_kind["crisis"]}, client=story.even)
    page = story.alice.get("/kontor/varsler").text
    order = sorted(by_kind, key=lambda kind: page.index(f"alert-{by_kind[kind]}"))
    assert order == ["staff_help", "concern", "not_seen", "crisis"]
