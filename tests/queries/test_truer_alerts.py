"""What is proposed to a leader when the alerts are too many or too untrue, and about whom."""

import uuid

import pytest

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.queries.alerts.truer import Proposal, proposals
from tests._scene import DAY, NOON, Scene, minutes
from tests.queries.test_alert_figures import Past


@pytest.fixture
def past(database: Database) -> Past:
    return Past(Scene(database))


def proposed(past: Past, role: str = "leader", team: uuid.UUID | None = None) -> list[Proposal]:
    with past.scene.database.reading() as session:
        return proposals(session, Viewer(past.mona, role, frozenset({team or past.team})), NOON)


def test_more_alerts_than_shifts_of_people_on_duty_is_proposed_about(past: Past) -> None:
    """Mona has been on duty for a day: three shifts."""
    for n in range(3):
        past.alert(NOON - minutes(n))
    assert proposed(past) == []
    past.alert(NOON - minutes(5))
    (found,) = proposed(past)
    assert (found.reasons, found.load.shifts) == (("too_many",), 3.0)
    assert [(one.client_id, one.alerts, one.not_logged) for one in found.clients] == [(past.client, 4, 0)]


def test_more_than_half_not_logged_is_proposed_about_with_the_clients_it_is_about(past: Past) -> None:
    past.scene.put_on(past.team, past.mona, "duty", NOON - 10 * DAY, NOON - DAY)
    for n in range(3):
        past.alert(NOON - minutes(n), ended="seen_in_time", seen=-5)
        past.alert(NOON - minutes(9), ended="seen_late", seen=5)
    assert proposed(past) == []
    past.alert(NOON - DAY, ended="seen_late", by_hand="was_seen", seen=5)
    (found,) = proposed(past)
    assert (found.reasons, found.load.ended, found.load.not_logged) == (("not_logged",), 7, 4)
    assert found.clients[0].not_logged == 4


def test_alerts_of_five_weeks_ago_are_forgotten(past: Past) -> None:
    for n in range(9):
        past.alert(NOON - 29 * DAY - minutes(n))
    assert proposed(past) == []


def test_only_the_leader_of_the_team_gets_it(past: Past) -> None:
    for n in range(9):
        past.alert(NOON - minutes(n))
    assert proposed(past)
    assert proposed(past, role="fieldworker") == []
    assert proposed(past, team=past.scene.team()) == []


def test_without_a_duty_list_everybody_has_every_shift(database: Database) -> None:
    past = Past(Scene(database))
    past.team = past.scene.team(duty_list=False)
    past.scene.person(past.team)
    for n in range(84):
        past.alert(NOON - minutes(n))
    assert proposed(past) == []
    past.alert()
    assert proposed(past)[0].reasons == ("too_many",)
