"""For a blocked colleague the client does not exist: every way in which they could see, count, write or infer."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from fieldapp.domain.access import Viewer
from fieldapp.models import Alert
from fieldapp.queries.alerts.figures import alert_figures
from fieldapp.services.entries.rebuild import rebuild
from fieldapp.services.people import staffing
from sync.ids import uuid7
from tests._world import World
from tests.routes._blocked import SEEN, UNKNOWN, Town, build, verdict

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def town(world: World) -> Town:
    return build(world)


def test_the_client_leaves_the_phone_at_the_next_pull_with_all_about_it(town: Town) -> None:
    town.cato.log("visit_logged", SEEN | {"note": "hemmelig"}, client=town.kari)
    town.bob.pull()
    assert ("client", town.kari) in town.bob.replica
    town.block()
    assert {"kind": "client", "id": town.kari, "removed": True} in [
        {name: value for name, value in change.items() if name != "seq"} for change in town.bob.sync()["changes"]
    ]
    town.bob.pull()
    assert town.kari not in str(town.bob.replica)
    assert "hemmelig" not in str(town.bob.replica)


def test_a_new_phone_of_theirs_never_hears_of_the_client(town: Town) -> None:
    town.cato.log("visit_logged", SEEN, client=town.kari)
    town.block()
    town.bob.cursor = None
    answers = [town.bob.sync()]
    while answers[-1]["more"]:
        answers.append(town.bob.sync())
    assert town.kari not in str(answers)
    assert town.even in str(answers)


def test_colleagues_see_the_client_as_before_and_nothing_of_the_block(town: Town) -> None:
    town.cato.pull()
    town.block()
    town.cato.pull()
    assert ("client", town.kari) in town.cato.replica
    assert "nær familie" not in str(town.cato.replica)
    town.alice.pull()
    assert "nær familie" in str(town.alice.replica)


def test_what_corrects_a_block_is_shown_to_leaders_only(town: Town) -> None:
    entry = town.alice.log("staff_blocked", {"staff_id": town.bob.id, "reason": "nær familie"}, client=town.kari)
    back = {"entry_id": entry["id"], "what": "retracted", "reason": "Bob er ikke i slekt"}
    town.alice.log("entry_corrected", back, client=town.kari)
    town.cato.pull()
    assert "i slekt" not in str(town.cato.replica)
    town.bob.pull()
    assert ("client", town.kari) in town.bob.replica, "taken back, the client is there again"


def test_unblocked_the_client_comes_back_whole(town: Town) -> None:
    visit = town.cato.log("visit_logged", SEEN, client=town.kari)
    town.block()
    town.bob.pull()
    town.unblock()
    town.bob.pull()
    assert ("client", town.kari) in town.bob.replica
    assert ("entry", visit["id"]) in town.bob.replica


@pytest.mark.parametrize("role", ["privacy", "leader"])
def test_privacy_and_leaders_block_and_nobody_else(town: Town, role: str) -> None:
    who = town.world.staff(role, *([town.team] if role == "leader" else []))
    town.block(by=who)
    town.bob.pull()
    assert ("client", town.kari) not in town.bob.replica


def test_a_colleague_may_not_block_and_a_leader_elsewhere_has_no_such_client(town: Town) -> None:
    body = {"staff_id": town.bob.id, "reason": "x"}
    assert verdict(town.cato, town.cato.entry("staff_blocked", body, client=town.kari))[1] == "not_permitted"
    other = town.world.staff("leader", town.world.team())
    assert verdict(other, other.entry("staff_blocked", body, client=town.kari)) == verdict(
        other, other.entry("staff_blocked", body, client=UNKNOWN)
    )


def test_privacy_learns_nothing_of_the_client_by_blocking(town: Town) -> None:
    privacy = town.world.staff("privacy", town.team)
    town.block(by=privacy)
    privacy.pull()
    assert town.kari not in str(privacy.replica)
    page = privacy.get(f"/kontor/bruker/{town.kari}/tilgang")
    assert page.status_code == 200
    assert "Kari" not in page.text
    assert "nær familie" not in page.text
    assert privacy.get(f"/kontor/bruker/{UNKNOWN}/tilgang").status_code == 404


def without_ids(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}", "ID", text)


OFFICE = (
    "/kontor/bruker/{}", "/kontor/bruker/{}/lenker", "/kontor/bruker/{}/tilgang", "/api/clients/{}/entries",
)  # fmt: skip


@pytest.mark.parametrize("path", OFFICE)
def test_every_page_of_the_client_is_as_of_one_who_does_not_exist(town: Town, path: str) -> None:
    leader = town.world.staff("leader", town.team, name="Dina")
    town.block(leader, by=town.alice)
    forbidden, missing = leader.get(path.format(town.kari)), leader.get(path.format(UNKNOWN))
    assert (forbidden.status_code, without_ids(forbidden.text)) == (404, without_ids(missing.text))
    assert dict(forbidden.headers).keys() == dict(missing.headers).keys()


def test_no_page_of_the_office_names_or_counts_the_client(town: Town) -> None:
    leader = town.world.staff("leader", town.team, name="Dina")
    case = str(uuid7())
    town.cato.log("rent_problem_reported", {"amount_nok": "1200"}, client=town.kari, case=case)
    town.cato.log("concern_raised", {"reason": "uro", "urgency": "now"}, client=town.kari)
    town.world.clock.shift(minutes=61)
    town.world.tick()
    town.block(leader)
    pages = ("/kontor", "/kontor/varsler", "/kontor/saker", "/kontor/vakt", "/kontor/team", "/kontor/varsler/tall")
    for path in pages:
        text = leader.get(path).text
        assert "Kari" not in text, path
        assert town.kari not in text, path
    assert leader.alerts() == []
    assert leader.get(f"/kontor/saker/{case}").status_code == 404


def test_no_figure_counts_the_client(town: Town) -> None:
    leader = town.world.staff("leader", town.team, name="Dina")
    town.world.clock.shift(minutes=61)
    town.world.tick()
    town.block(leader)
    today = town.world.clock.now().date()
    with town.world.database.reading() as session:
        counted = {}
        for person in (town.alice, leader):
            viewer = Viewer(uuid.UUID(person.id), "leader", frozenset({uuid.UUID(town.team.id)}))
            found = alert_figures(session, viewer, uuid.UUID(town.team.id), today)
            counted[person.name] = found.total.alerts, found.total.clients, found.steps[0].began
    assert counted == {"Alice": (1, 2, 1), "Dina": (0, 1, 0)}


def test_every_entry_about_the_client_gets_what_a_missing_client_gets(town: Town) -> None:
    town.block()
    tries = (
        ("visit_logged", SEEN),
        ("concern_raised", {"reason": "x", "urgency": "now"}),
        ("client_updated", {"base_seq": 0, "fields": {"alias": "x"}}),
        ("absence_started", {"absence_id": UNKNOWN, "kind": "admitted"}),
        ("watch_set", {"mode": "off", "counts": ["seen"], "reason": "x"}),
        ("agreement_withdrawn", {"kind": "watch", "how": "told"}),
        ("visit_started", {"visit_id": None, "expected_end_at": "2026-11-23T12:00:00+01:00"}),
        ("help_requested", {"place_label": "Storgata"}),
        ("client_registered", {"name": "Kari Nordmann", "team_id": town.team.id}),
        ("staff_blocked", {"staff_id": town.cato.id, "reason": "x"}),
        ("follow_up_ended", {"reason": "died"}),
    )
    for type_, body in tries:
        verdicts = []
        for client in (town.kari, UNKNOWN if type_ != "client_registered" else None):
            if client is None:
                continue
            given = body | ({"visit_id": str(uuid7())} if type_ == "visit_started" else {})
            team = town.team.id if type_ in ("visit_started", "help_requested") else None
            verdicts.append(verdict(town.bob, town.bob.entry(type_, given, client=client, team_id=team)))
        assert len(set(verdicts)) == 1, (type_, verdicts)


def test_help_asked_for_beside_them_is_taken_without_the_client(town: Town) -> None:
    """Nobody is left without help; and nobody learns by it."""
    town.block()
    town.bob.log("help_requested", {"place_label": "Storgata"}, client=town.kari, team_id=town.team.id)
    with town.world.database.reading() as session:
        (alert,) = session.scalars(select(Alert).where(Alert.kind == "staff_help"))
        assert alert.client_id is None


def test_what_was_written_before_the_block_and_comes_later_is_taken(town: Town) -> None:
    """ADR 0004: a lost entry is worse than a late one, and it reveals nothing that its author did not know."""
    before = town.bob.entry("visit_logged", SEEN, client=town.kari)
    town.world.clock.shift(minutes=5)
    town.block()
    town.world.clock.shift(minutes=5)
    after = town.bob.entry("visit_logged", SEEN, client=town.kari)
    assert verdict(town.bob, before)[0] == "accepted"
    assert verdict(town.bob, after) == ("rejected", "unknown_reference", "client_id")
    town.bob.pull()
    assert town.kari not in str(town.bob.replica), "taken, and still out of sight"


def test_a_back_dated_entry_of_theirs_steers_nothing(town: Town) -> None:
    earlier = town.world.clock.now()
    town.world.clock.shift(minutes=5)
    town.block()
    off = town.bob.entry("watch_set", {"mode": "off", "counts": ["seen"], "reason": "x"}, client=town.kari, at=earlier)
    assert verdict(town.bob, off)[1] == "unknown_reference"
    away = {"absence_id": str(uuid7()), "kind": "admitted"}
    town.bob.sync(town.bob.entry("absence_started", away, client=town.kari, at=earlier))
    town.world.clock.shift(minutes=61)
    town.world.tick()
    assert town.alice.alerts()[0]["client_id"] == town.kari, "the clock ran on"


def test_own_entries_about_the_client_are_not_corrected_any_more(town: Town) -> None:
    visit = town.bob.log("visit_logged", SEEN, client=town.kari)
    town.world.clock.shift(minutes=1)
    town.block()
    town.world.clock.shift(minutes=1)
    for what in ("retracted", "text"):
        correction = {"what": what, "reason": "x", "body": {"note": "y"} if what == "text" else None}
        given = verdict(town.bob, town.bob.entry("entry_corrected", correction | {"entry_id": visit["id"]}))
        assert given == verdict(town.bob, town.bob.entry("entry_corrected", correction | {"entry_id": UNKNOWN}))


def test_nothing_about_the_client_is_given_to_them(town: Town) -> None:
    town.block()
    case = str(uuid7())
    named = (
        ("client_updated", {"base_seq": 0, "fields": {"primary_staff_id": town.bob.id}}, None),
        ("rent_problem_reported", {"owner_id": town.bob.id}, case),
    )
    for type_, body, case_id in named:
        entry = town.alice.entry(type_, body, client=town.kari, case=case_id)
        assert verdict(town.alice, entry)[1] == "unknown_reference", type_
    town.world.clock.shift(minutes=61)
    town.world.tick()
    handed = {"alert_id": town.alice.alerts()[0]["id"], "to_staff_id": town.bob.id}
    assert verdict(town.alice, town.alice.entry("alert_handed_over", handed))[1] == "unknown_reference"
    assert "Bob" not in str(re.findall(r"<option[^>]*>([^<]*)", town.alice.get(f"/kontor/bruker/{town.kari}").text))


def test_as_primary_contact_they_leave_the_client_to_somebody_else(town: Town) -> None:
    town.alice.log("client_updated", {"base_seq": 0, "fields": {"primary_staff_id": town.bob.id}}, client=town.kari)
    town.block()
    town.cato.pull()
    assert town.cato.replica["client", town.kari]["primary_staff_id"] is None
    assert "Kari" in town.alice.get("/kontor").text


def test_a_block_follows_the_client_into_other_teams_and_the_person_into_them(town: Town, app: Flask) -> None:
    other = town.world.team("Team Sør")
    town.block()
    town.alice.log("client_team_set", {"team_id": other.id, "from_on": "2026-11-23"}, client=town.kari)
    with town.world.database.transaction() as session:
        staffing.edit_person(
            session, uuid.UUID(town.bob.id), name="Bob", role="leader", title="",
            team_ids=[uuid.UUID(town.team.id), uuid.UUID(other.id)], now=town.world.clock.now(),
        )  # fmt: skip
    town.bob.pull()
    assert town.kari not in str(town.bob.replica)
    assert town.bob.get(f"/kontor/bruker/{town.kari}").status_code == 404


def test_somebody_who_works_elsewhere_can_be_blocked_before_they_come(town: Town) -> None:
    stranger = town.world.staff("fieldworker", town.world.team())
    town.block(stranger)
    assert verdict(
        town.alice, town.alice.entry("staff_blocked", {"staff_id": UNKNOWN, "reason": "x"}, client=town.kari)
    ) == ("rejected", "unknown_reference", "body.staff_id")


def test_a_rebuild_finds_the_same_blocks(town: Town) -> None:
    town.block()
    town.block(town.cato)
    town.unblock()
    with town.world.database.transaction() as session:
        rebuild(session, town.world.clock.now())
    town.cato.pull()
    town.bob.pull()
    assert ("client", town.kari) not in town.cato.replica
    assert ("client", town.kari) in town.bob.replica


def test_the_leader_is_told_beforehand_that_the_person_can_notice(town: Town) -> None:
    path = f"/kontor/bruker/{town.kari}/tilgang"
    page = town.alice.get(path)
    assert "Den som sperres, kan merke det" in page.text
    refused = town.alice.http.post(f"{path}/sperr", data={"staff_id": town.bob.id, "reason": "nær familie"})
    assert (refused.status_code, "Les dette først" in refused.text) == (422, True)
    assert "nær familie" in refused.text, "what was typed stands there still"
    sent = {"staff_id": town.bob.id, "reason": "nær familie", "understood": "1"}
    assert town.alice.http.post(f"{path}/sperr", data=sent).status_code == 303
    assert "Bob" in town.alice.get(path).text
    town.bob.pull()
    assert ("client", town.kari) not in town.bob.replica
    lifted = town.alice.http.post(f"{path}/opphev/{town.bob.id}", data={"reason": "feil"})
    assert lifted.status_code == 303
    town.bob.pull()
    assert ("client", town.kari) in town.bob.replica


def test_anybody_is_blocked_by_username(town: Town) -> None:
    stranger = town.world.staff("fieldworker", town.world.team())
    path = f"/kontor/bruker/{town.kari}/tilgang/sperr"
    sent = {"username": stranger.username, "reason": "nær familie", "understood": "1"}
    assert town.alice.http.post(path, data=sent).status_code == 303
    assert town.alice.http.post(path, data=sent | {"username": "ingen"}).status_code == 422
