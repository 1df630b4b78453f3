"""Rows of sync/entry_types.py: incidents in a home and against staff."""

from functools import partial

from sync.bodies_incidents import HousingIncidentLogged, HousingIncidentUpdated, StaffIncidentLogged
from sync.entry_type import HOUSING, EntryType

_INCIDENT = ("what", "client_role", "next_step", "next_step_on", "owner_id")
_CASE = partial(
    EntryType, case="housing", roles=HOUSING, moves=False, refreshes=("case",), settles=("reminders", "sight")
)

INCIDENT_ROWS: dict[str, EntryType] = {
    "housing_incident_logged": _CASE(
        body=HousingIncidentLogged,
        line=_INCIDENT,
        short=("what", "client_role"),
        opens_case=True,
        points_at="new_case",
    ),
    "housing_incident_updated": _CASE(
        body=HousingIncidentUpdated,
        line=_INCIDENT,
        short=("note",),
        outcome=("incident_status", "status"),
        points_at="case",
    ),
    "staff_incident_logged": EntryType(
        body=StaffIncidentLogged,
        about="client_or_team",
        line=("kinds", "by", "injury", "support"),
        short=("kinds", "note"),
        shared=("kinds",),
    ),
}
