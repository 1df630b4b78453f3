"""Which fields of an entry must be names, and what is said of one that is not."""

import uuid
from typing import Any

import pytest

from sync.envelope import Refused, judge_element

CLIENT = str(uuid.UUID(int=1))
BAD = ("\u200b", "Ka\u0007ri", "\u202eirak", "\u3164", "\ue000")


def element(type: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = {"id": str(uuid.UUID(int=7)), "device_seq": 1, "type": type, "version": 1, "client_id": CLIENT}
    return made | {"occurred_at": "2026-11-21T09:05:00+01:00", "body": body} | more


def refused(given: dict[str, Any]) -> tuple[str, str | None] | None:
    try:
        judge_element(given)
    except Refused as error:
        return error.code, error.field
    return None


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_seen_is_no_name(bad: str) -> None:
    team = {"team_id": str(uuid.UUID(int=2))}
    complaint = {"what": ["noise"], "complainant": "neighbour", "client_role": "unclear"}
    case = {"case_id": str(uuid.UUID(int=3))}
    correction = {"entry_id": CLIENT, "what": "text", "reason": "feil"}
    found = [
        refused(element("client_registered", {"name": bad} | team)),
        refused(element("client_registered", {"name": "Kari", "alias": bad} | team)),
        refused(element("client_updated", {"base_seq": 0, "fields": {"name": bad}})),
        refused(element("client_updated", {"base_seq": 0, "fields": {"alias": bad}})),
        refused(element("street_contact_logged", {"place_label": bad, "people": 1})),
        refused(element("neighbour_complaint_received", complaint | {"complainant_name": bad}, **case)),
        refused(element("entry_corrected", correction | {"body": {"name": bad}})),
        refused(element("entry_corrected", correction | {"body": {"fields": {"name": bad}}})),
    ]
    fields = ["body.name", "body.alias", "body.fields.name", "body.fields.alias", "body.place_label"]
    fields += ["body.complainant_name", "body.body.name", "body.body.fields.name"]
    assert found == [("invalid_body", field) for field in fields]


@pytest.mark.parametrize("name", ["Kari", " Kari  Nord ", "A\u030ase", "Ka\u200bri", "\u0645\u06cc\u200c\u062e", "李"])
def test_what_can_be_seen_is_taken(name: str) -> None:
    assert refused(element("client_registered", {"name": name, "team_id": CLIENT})) is None


def test_an_empty_alias_is_no_alias() -> None:
    assert refused(element("client_registered", {"name": "Kari", "alias": " ", "team_id": CLIENT})) is None


@pytest.mark.parametrize("place", BAD)
def test_a_call_for_help_is_taken_whatever_its_place_is_called(place: str) -> None:
    assert refused(element("help_requested", {"place_label": place})) is None
