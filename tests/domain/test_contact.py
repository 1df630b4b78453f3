"""The degree of contact of each entry, and what stops the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from fieldapp.domain.contact import Degree, contact_time, counts, degree_of, dies
from sync.entry_types import ENTRY_TYPES, parse_body

AT = datetime(2026, 11, 21, 9, 10, tzinfo=UTC)
ALERT = "01900000-0000-7000-8000-000000000001"


def entry(entry_type, **body):
    return entry_type, parse_body(entry_type, body)


def visit(outcome, **more):
    return entry("visit_logged", outcome=outcome, place="home", **more)


def call(direction, outcome, **more):
    return entry("call_logged", direction=direction, outcome=outcome, **more)


def resolved(**more):
    return entry("alert_resolved", alert_id=ALERT, reason="Var sett", **more)


HOME = {"ground": "agreement", "reason": "Svarte ikke"}

TABLE = [
    (visit("seen"), "seen"),
    (visit("heard"), "heard"),
    (visit("no_answer"), "attempt"),
    (visit("not_home"), "attempt"),
    (visit("declined"), "heard"),
    (visit("declined", contact="seen"), "seen"),
    (visit("declined", contact="none"), "none"),
    (visit("cancelled"), "none"),
    (visit("cancelled", cancelled_by="us"), "none"),
    (visit("cancelled", contact="heard", cancelled_by="client"), "heard"),
    (entry("street_contact_logged", place_label="Havna", people=1), "seen"),
    (entry("street_contact_logged", place_label="Havna", people=1, private=True), "seen"),
    (call("out", "spoke"), "heard"),
    (call("in", "message"), "heard"),
    (call("out", "message"), "attempt"),
    (call("out", "no_answer"), "attempt"),
    (call("in", "spoke", **{"with": "next_of_kin"}), "none"),
    (call("in", "message", **{"with": "gp"}), "none"),
    (entry("sighting_reported", source="shelter"), "reported"),
    (entry("sighting_reported", source="shelter", what="seen"), "reported"),
    (entry("sighting_reported", source="lar", what="missed"), "none"),
    (entry("sighting_reported", source="lar", what="worried"), "none"),
    (entry("home_entered", found="ok", **HOME), "seen"),
    (entry("home_entered", found="needs_help", **HOME), "seen"),
    (entry("home_entered", found="injured", **HOME), "seen"),
    (entry("home_entered", found="nobody", **HOME), "attempt"),
    (entry("home_entered", found="dead", **HOME), "none"),
    (entry("crisis_closed", outcome="calmed_home"), "seen"),
    (entry("crisis_closed", outcome="police"), "seen"),
    (entry("crisis_closed", outcome="not_found"), "attempt"),
    (entry("crisis_closed", outcome="died"), "none"),
    (resolved(outcome="was_seen", seen_at="2026-11-21T08:00:00+01:00"), "seen"),
    (resolved(outcome="found_elsewhere"), "none"),
    (resolved(), "none"),
    (entry("concern_raised", reason="Rop i natt"), "none"),
    (entry("crisis_opened", kind="overdose"), "none"),
]


@pytest.mark.parametrize(("logged", "degree"), TABLE)
def test_each_entry_gives_the_degree_of_contact_the_protocol_says(logged, degree):
    assert degree_of(*logged) == degree


def test_every_entry_type_that_can_be_a_contact_is_in_the_table_above():
    met = {name for (name, _), degree in TABLE if degree != "none"}
    assert met == {
        "visit_logged",
        "street_contact_logged",
        "call_logged",
        "sighting_reported",
        "home_entered",
        "crisis_closed",
        "alert_resolved",
    }
    assert met <= set(ENTRY_TYPES)


def test_a_death_found_at_home_or_at_the_end_of_a_crisis_stops_every_clock():
    deaths = [logged for logged, _ in TABLE if dies(*logged)]
    assert [name for name, _ in deaths] == ["home_entered", "crisis_closed"]


def test_a_contact_counts_from_the_clock_time_of_its_entry():
    assert contact_time(*visit("seen"), AT) == AT


def test_seen_but_not_logged_counts_from_when_the_person_was_seen():
    told = resolved(outcome="was_seen", seen_at="2026-11-21T08:00:00+01:00")
    assert contact_time(*told, AT) == datetime(2026, 11, 21, 7, tzinfo=UTC)


def test_nobody_can_have_been_seen_after_it_was_told():
    told = resolved(outcome="was_seen", seen_at=(AT + timedelta(hours=5)).isoformat())
    assert contact_time(*told, AT) == AT


def test_having_been_seen_always_stops_the_clock():
    assert counts(Degree.seen, None, ["seen"], None)
    assert counts(Degree.seen, None, [], None)


def test_having_been_heard_stops_it_only_when_that_is_agreed():
    assert not counts(Degree.heard, None, ["seen"], None)
    assert counts(Degree.heard, None, ["seen", "heard"], None)


def test_a_report_counts_only_from_a_source_the_client_has_said_yes_to():
    assert not counts(Degree.reported, "shelter", ["seen"], ["shelter"])
    assert counts(Degree.reported, "shelter", ["seen", "reported"], ["shelter"])
    assert not counts(Degree.reported, "police", ["seen", "reported"], ["shelter"])


def test_reports_agreed_without_a_list_of_sources_count_from_any():
    assert counts(Degree.reported, "police", ["seen", "reported"], None)


@pytest.mark.parametrize("degree", [Degree.attempt, Degree.none])
def test_a_closed_door_never_stops_the_clock(degree):
    assert not counts(degree, None, ["seen", "heard", "reported", "attempt", "none"], None)
