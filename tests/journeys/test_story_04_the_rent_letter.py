"""4. The rent letter, up to the case with its next step."""

import datetime as dt
import uuid

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

    # The landlord has seen nothing that was not shared.
    lars.pull()
    assert [kind for kind, _ in lars.replica if kind in ("case", "entry", "alert")] == []
    assert "14250" not in str(lars.replica)
