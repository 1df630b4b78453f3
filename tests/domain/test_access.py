"""What each role may see and log."""

from uuid import UUID

import pytest

from fieldapp.domain import access
from fieldapp.domain.access import Viewer, may_correct, may_submit, receives

TEAM, OTHER_TEAM = UUID(int=100), UUID(int=101)
CONTENT = [
    "client",
    "entry",
    "case",
    "alert",
    "absence",
    "agreement",
    "risk",
    "plan",
    "task",
    "contact_person",
    "board",
]


def viewer(role, number=1):
    return Viewer(UUID(int=number), role, frozenset({TEAM}))


def test_only_the_leader_of_a_team_leads_it():
    assert access.may_lead(viewer("leader"), TEAM)
    assert not access.may_lead(viewer("leader"), OTHER_TEAM)
    assert not access.may_lead(viewer("fieldworker"), TEAM)


def test_the_office_is_for_fieldworkers_and_leaders_and_the_system_for_admins():
    assert {role for role in access.ROLES if access.may_use_office(viewer(role))} == {"fieldworker", "leader"}
    assert {role for role in access.ROLES if access.may_administer(viewer(role))} == {"admin"}


def test_a_client_exists_for_those_who_work_in_one_of_its_teams():
    assert access.reaches(viewer("fieldworker"), {TEAM, OTHER_TEAM})
    assert not access.reaches(viewer("fieldworker"), {OTHER_TEAM})
    assert not access.reaches(viewer("fieldworker"), set())


@pytest.mark.parametrize("role", ["admin", "privacy", "partner", "unheard_of"])
def test_admin_and_privacy_see_no_client_content_and_log_nothing(role):
    person = viewer(role)
    assert not access.sees_clients(role)
    assert not access.reaches(person, {TEAM})
    assert not any(receives(person, kind, own=True) for kind in CONTENT)
    assert not any(may_submit(person, entry_type, True) for entry_type in ("visit_logged", "duty_set", "watch_set"))


def test_an_admin_sees_the_teams_and_who_is_on_duty():
    assert all(receives(viewer("admin"), kind) for kind in ("staff", "team", "duty", "hours", "codes"))


@pytest.mark.parametrize("role", ["fieldworker", "peer", "leader"])
def test_those_who_follow_up_clients_receive_everything_about_them(role):
    assert all(receives(viewer(role), kind) for kind in CONTENT if kind != "board")
    assert receives(viewer(role), "board") is (role != "peer"), "a peer is not loaded with the list of everybody"
    assert access.sees_watch(role)


def test_a_landlord_sees_clients_without_the_watch_and_of_what_is_written_only_its_own():
    landlord = viewer("landlord")
    assert receives(landlord, "client")
    assert not access.sees_watch("landlord")
    assert not any(receives(landlord, kind) for kind in CONTENT if kind != "client")
    assert receives(landlord, "entry", own=True)
    assert receives(landlord, "case", own=True)
    assert not any(receives(landlord, kind, own=True) for kind in ("absence", "agreement", "risk", "plan", "duty"))


def test_a_landlord_logs_complaints_rent_and_sightings_and_nothing_of_care():
    landlord = viewer("landlord")
    for entry_type in ("neighbour_complaint_received", "rent_problem_reported", "sighting_reported", "entry_corrected"):
        assert may_submit(landlord, entry_type)
    for entry_type in ("visit_logged", "alert_acknowledged", "crisis_opened", "absence_started", "client_registered"):
        assert not may_submit(landlord, entry_type)
    assert not may_submit(landlord, "watch_set", is_primary=True)


@pytest.mark.parametrize("entry_type", ["duty_set", "client_team_set", "team_hours_set"])
def test_only_the_leader_sets_duties_and_teams(entry_type):
    assert may_submit(viewer("leader"), entry_type)
    assert not may_submit(viewer("fieldworker"), entry_type, is_primary=True)
    assert not may_submit(viewer("peer"), entry_type)


def test_the_watch_is_set_by_the_leader_or_the_clients_primary_contact():
    assert may_submit(viewer("leader"), "watch_set")
    assert may_submit(viewer("fieldworker"), "watch_set", is_primary=True)
    assert not may_submit(viewer("fieldworker"), "watch_set")


def test_a_peer_logs_what_happens_and_is_spared_the_formal_tasks():
    peer = viewer("peer")
    for entry_type in (
        "street_contact_logged",
        "visit_logged",
        "concern_raised",
        "crisis_opened",
        "alert_acknowledged",
    ):
        assert may_submit(peer, entry_type)
    assert not may_submit(peer, "follow_up_ended")


def test_an_entry_is_corrected_by_its_author_or_the_leader():
    author = viewer("peer", 7)
    assert may_correct(author, author.staff_id)
    assert may_correct(viewer("leader"), author.staff_id)
    assert not may_correct(viewer("fieldworker"), author.staff_id)
