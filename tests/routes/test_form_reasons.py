"""A form at the office that is refused names the field and says what it takes, and nothing that was typed is lost."""

import uuid

import pytest

from tests._world import Person, World

pytestmark = pytest.mark.engines("sqlite")

LITTLE = "Noe er fylt ut feil"


def refused(person: Person, path: str, **form: str) -> str:
    answer = person.http.post(path, data=form)
    assert answer.status_code == 422
    assert LITTLE not in answer.text
    return answer.text


def beside(page: str, field: str) -> str:
    """What stands beside a field."""
    return page.split(f'id="{field}-error">')[1].split("<")[0]


def test_a_closed_day_in_a_mistyped_year(alice: Person) -> None:
    path = f"/kontor/team/{alice.teams[0].id}/apningstid"
    page = refused(alice, path, mon="08.00–15.30", closed_days="24.12.0026", when_closed="wait", to_team_id="")
    assert beside(page, "apningstid-closed_days").startswith("«24.12.0026» er ikke en dato")
    assert ">24.12.0026</textarea>" in page


def test_hours_without_length(alice: Person) -> None:
    path = f"/kontor/team/{alice.teams[0].id}/apningstid"
    page = refused(alice, path, mon="08.00–08.00", closed_days="", when_closed="wait", to_team_id="")
    assert beside(page, "apningstid-mon").startswith("Skriv tidene slik")


@pytest.fixture
def rent(alice: Person) -> str:
    case = str(uuid.uuid4())
    alice.log("rent_problem_reported", {}, client=alice.register("Aina R."), case=case)
    return f"/kontor/saker/{case}"


@pytest.mark.parametrize("name", ["deadline_on", "next_step_on"])
def test_a_date_of_a_case_that_cannot_be(alice: Person, rent: str, name: str) -> None:
    assert beside(refused(alice, rent, **{name: "2926-12-01"}), f"nytt-{name}").startswith("Skriv dato")


def test_a_text_that_is_too_long_says_the_limit_and_the_excess(alice: Person, rent: str) -> None:
    page = refused(alice, rent, note="x" * 10_003)
    assert beside(page, "nytt-note") == "Høyst 10000 tegn. Dette er 10003: ta bort 3."
    assert "x" * 10_003 in page
    assert "ta bort 7" in beside(refused(alice, rent, next_step="y" * 507), "nytt-next_step")


def test_a_choice_that_is_none(alice: Person, rent: str) -> None:
    for name in ("status", "plan", "owner_id", "letter_kind"):
        form = {"letter_kind": "", name: str(uuid.uuid4())}
        assert "Velg fra lista" in beside(refused(alice, rent, **form), f"nytt-{name}"), name


def test_a_duty_for_somebody_who_does_not_work_there(world: World, alice: Person) -> None:
    charlie = world.staff("fieldworker", world.team(), name="Charlie")
    form = {"staff_id": charlie.id, "duty": "duty", "on": "2026-11-23", "from": "08:00", "to": "15:30"}
    page = refused(alice, f"/kontor/vakt?team={alice.teams[0].id}", **form)
    assert beside(page, "vakt-staff_id") == "Velg en som arbeider i teamet og følger opp brukere."


def test_an_answer_to_an_alert_with_too_many_words(world: World, alice: Person) -> None:
    even = alice.register("Even B.")
    alice.log("concern_raised", {"reason": "stille"}, client=even)
    path = f"/kontor/varsler/{alice.alerts()[0]['id']}"
    page = refused(alice, f"{path}/utsett", minutes="60", reason="z" * 2_001)
    assert beside(page, "utsett-reason") == "Høyst 2000 tegn. Dette er 2001: ta bort 1."
    page = refused(alice, f"{path}/avslutt", outcome="other", reason="q" * 2_011)
    assert "ta bort 11" in beside(page, "avslutt-reason")
