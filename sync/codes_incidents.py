"""The code lists of incidents in a home and against staff, beside sync/codes.py, which takes them in."""

from enum import StrEnum

HousingIncident = StrEnum(
    "HousingIncident",
    "unwanted_visitors taken_over damage water_leak fire_risk hoarding disturbance vandalism break_in other",
)
IncidentStatus = StrEnum("IncidentStatus", "open handled")

StaffIncident = StrEnum(
    "StaffIncident",
    "spitting threats death_threats digital_threats verbal physical sexual property_damage weapon",
)
IncidentBy = StrEnum("IncidentBy", "client visitor other")
Injury = StrEnum("Injury", "none minor doctor")
Retreat = StrEnum("Retreat", "yes no unsure")
StaffSupport = StrEnum("StaffSupport", "talked debrief occupational_health police_report time_off none_wanted")

INCIDENT_LISTS: dict[str, type[StrEnum]] = {
    "housing_incident": HousingIncident,
    "incident_status": IncidentStatus,
    "staff_incident": StaffIncident,
    "incident_by": IncidentBy,
    "injury": Injury,
    "retreat": Retreat,
    "staff_support": StaffSupport,
}
