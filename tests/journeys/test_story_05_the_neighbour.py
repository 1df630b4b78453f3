"""5. The neighbour, up to who suffers."""

import uuid

from tests.journeys._story import Story


def test_the_neighbour(story: Story) -> None:
    team = story.world.team("Booppfølging Øst", "tenancy_support")
    alice, jonas = (
        story.staff(role, team, name=name) for role, name in (("leader", "Alice"), ("fieldworker", "Jonas"))
    )
    lars = story.staff("landlord", team, name="Lars")
    kari = story.client(jonas, "Kari", watch={"mode": "off"})
    story.at("mon 11:00")

    # A neighbour complains of noise and traffic after 22:00. Logged with the complainant's name kept apart;
    case_id = str(uuid.uuid4())
    complaint = {
        "what": ["noise", "visitors"], "complainant": "neighbour", "complainant_name": "Fru Nabo",
        "client_role": "unclear", "note": "Etter klokka 22",
    }  # fmt: skip
    jonas.log("neighbour_complaint_received", complaint, client=kari, case=case_id)
    case = alice.pull()["case", case_id]
    assert (case["kind"], case["facts"]["what"], case["next_step"]) == (
        "complaint",
        ["noise", "visitors"],
        "answer_complainant",
    )
    assert "Fru Nabo" not in str(case), "who complained is in the entry alone"

    # it turns out visitors have taken over the flat: the client suffers, not causes.
    story.at("mon 13:00")
    jonas.log("neighbour_complaint_updated", {"client_role": "suffers"}, client=kari, case=case_id)
    case = alice.pull()["case", case_id]
    assert (case["facts"]["client_role"], case["next_step"]) == ("suffers", "help_client_who_suffers")
    assert case["facts"]["what"] == ["noise", "visitors"]
    assert (case["next_step_on"], case["owner_id"]) == ("2026-11-23", jonas.id)

    # Nothing of it flows to the landlord by itself.
    assert [kind for kind, _ in lars.pull() if kind in ("case", "entry", "alert")] == []
    story.at("mon 23:00")
    assert story.told() == [], "a complaint rings nobody"
