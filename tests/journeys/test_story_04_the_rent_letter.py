"""4. The rent letter, until the tenancy is saved."""

import csv
import datetime as dt
import io
import uuid

from tests._world import Person
from tests.journeys._story import OSLO, Story


def test_the_rent_letter(story: Story) -> None:
    story.world.clock.move_to(dt.datetime(2026, 11, 5, 11, 0, tzinfo=OSLO))
    team = story.world.team("Booppfølging Øst", "tenancy_support")
    alice, jonas = (
        story.staff(role, team, name=name) for role, name in (("leader", "Alice"), ("fieldworker", "Jonas"))
    )
    lars = story.staff("landlord", team, name="Lars")
    aina = story.client(alice, "Aina", primary_staff_id=jonas.id, watch={"mode": "off"})

    # Aina shows a letter: varsel etter § 4-18, 14,250.00 kr, sent on the 3rd. Logged in a stairwell.
    case_id = str(uuid.uuid4())
    letter = {"kind": "eviction_notice", "sent_on": "2026-11-03"}
    jonas.log("rent_problem_reported", {"amount_nok": "14250.00", "letters": [letter]}, client=aina, case=case_id)

    # The case says «kan begjæres fra 17. nov., betaling stanser det»
    shown = story.case(alice, case_id)
    assert shown is not None
    (date,) = shown.from_dates
    assert (date.code, date.on) == ("eviction_can_be_requested_from", dt.date(2026, 11, 17))
    assert "4-18" in date.paragraph
    assert (shown.by_dates, shown.deadline_on) == ((), None), "what can happen from a day is no frist"
    # and has a next step today with an owner;
    on_phone = jonas.pull()["case", case_id]
    assert on_phone["facts"]["amount_nok"] == "14250.00"
    assert (on_phone["status"], on_phone["next_step"]) == ("open", "pay_or_agree")
    assert (on_phone["next_step_on"], on_phone["owner_id"]) == ("2026-11-05", jonas.id)
    assert alice.pull()["case", case_id] == on_phone

    # nedbetalingsavtale;
    plan = {"plan": "instalments", "status": "agreed", "deadline_on": "2026-12-20"}
    jonas.log("rent_problem_updated", plan, client=aina, case=case_id)
    # the landlord has seen the one fact Aina agreed to share, the dates of the plan, and nothing else.
    assert seen_by(lars) == {}
    yes = {"agreement_id": str(uuid.uuid4()), "kind": "consent", "words": "Dere kan si når jeg betaler",
           "party": "Lars", "purpose": "datoene i planen"}  # fmt: skip
    jonas.log("agreement_recorded", yes, client=aina)
    shared = {"what": "plan_dates", "to_staff_ids": [lars.id], "basis": "consent", "agreement_id": yes["agreement_id"]}
    jonas.log("fact_shared", shared, client=aina)
    ((kind, fact),) = seen_by(lars).items()
    assert (kind, fact["what"], fact["by_on"], fact["amount_nok"]) == ("fact", "plan_dates", "2026-12-20", None)
    assert "14250" not in str(lars.replica)

    # three months later «tenancy saved» counts in the report
    story.world.clock.move_to(dt.datetime(2027, 2, 5, 11, 0, tzinfo=OSLO))
    for person in (alice, jonas):
        person.sign_in()
    jonas.log("rent_problem_updated", {"status": "resolved", "tenancy": "saved"}, client=aina, case=case_id)
    report = alice.get(f"/kontor/rapporter/tenancies.csv?from=2026-11-01&to=2027-02-28&team={team.id}").text
    assert [(row["outcome"], row["count"]) for row in csv.DictReader(io.StringIO(report))] == [("saved", "1")]


def seen_by(landlord: Person) -> dict[str, dict[str, object]]:
    """What is on the landlord's phone of cases, entries, alerts and facts, by kind."""
    landlord.pull()
    told = ("case", "entry", "alert", "fact")
    return {kind: data for (kind, _), data in landlord.replica.items() if kind in told}
