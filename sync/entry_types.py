"""The table of entry types: which Struct is the body of which type and version, and what each asks of its envelope."""

import re
from typing import Any

import msgspec

from sync.bodies_base import Body, dates_out_of_range
from sync.bodies_cases import (
    CrisisClosed,
    CrisisOpened,
    CrisisStepLogged,
    NeighbourComplaintReceived,
    NeighbourComplaintUpdated,
    RentProblemReported,
    RentProblemUpdated,
)
from sync.bodies_contact import (
    CallLogged,
    ConcernRaised,
    HomeEntered,
    SightingReported,
    StreetContactLogged,
    VisitLogged,
)
from sync.bodies_people import (
    AgreementWithdrawn,
    ClientRegistered,
    ClientTeamSet,
    ClientUpdated,
    ContactIntervalSet,
    DutyHandedOver,
    DutySet,
    DutyTakenOver,
    EntryCorrected,
    FollowUpEnded,
    FollowUpResumed,
)
from sync.bodies_team import HelpRequested, TeamHoursSet, VisitEnded, VisitStarted
from sync.bodies_watch import (
    AbsenceConfirmed,
    AbsenceEnded,
    AbsenceStarted,
    AlertAcknowledged,
    AlertHandedOver,
    AlertResolved,
    AlertSnoozed,
    ConcernAnswered,
    WatchHandedOver,
    WatchSet,
    WatchTakenOver,
)
from sync.names import is_name
from sync.refusals import rejected

ENTRY_TYPES: dict[str, type[Body]] = {
    "client_registered": ClientRegistered,
    "client_updated": ClientUpdated,
    "client_team_set": ClientTeamSet,
    "duty_set": DutySet,
    "duty_handed_over": DutyHandedOver,
    "duty_taken_over": DutyTakenOver,
    "team_hours_set": TeamHoursSet,
    "visit_started": VisitStarted,
    "visit_ended": VisitEnded,
    "help_requested": HelpRequested,
    "visit_logged": VisitLogged,
    "street_contact_logged": StreetContactLogged,
    "call_logged": CallLogged,
    "sighting_reported": SightingReported,
    "rent_problem_reported": RentProblemReported,
    "rent_problem_updated": RentProblemUpdated,
    "neighbour_complaint_received": NeighbourComplaintReceived,
    "neighbour_complaint_updated": NeighbourComplaintUpdated,
    "crisis_opened": CrisisOpened,
    "crisis_step_logged": CrisisStepLogged,
    "crisis_closed": CrisisClosed,
    "concern_raised": ConcernRaised,
    "concern_answered": ConcernAnswered,
    "home_entered": HomeEntered,
    "absence_started": AbsenceStarted,
    "absence_confirmed": AbsenceConfirmed,
    "absence_ended": AbsenceEnded,
    "watch_set": WatchSet,
    "watch_handed_over": WatchHandedOver,
    "watch_taken_over": WatchTakenOver,
    "contact_interval_set": ContactIntervalSet,
    "alert_acknowledged": AlertAcknowledged,
    "alert_snoozed": AlertSnoozed,
    "alert_resolved": AlertResolved,
    "alert_handed_over": AlertHandedOver,
    "agreement_withdrawn": AgreementWithdrawn,
    "follow_up_ended": FollowUpEnded,
    "follow_up_resumed": FollowUpResumed,
    "entry_corrected": EntryCorrected,
}

VERSIONS: dict[str, int] = dict.fromkeys(ENTRY_TYPES, 1)
"""The newest version of each type that this server reads; a newer one is deferred."""

ALERT_TYPES = frozenset(name for name in ENTRY_TYPES if name.startswith("alert_"))
ROSTER_TYPES = frozenset({"duty_set", "duty_handed_over", "duty_taken_over", "team_hours_set"})
"""The types about a team alone."""
CLIENT_OPTIONAL = (
    ALERT_TYPES
    | ROSTER_TYPES
    | {"street_contact_logged", "entry_corrected", "visit_started", "visit_ended", "help_requested"}
)
"""The types that may stand without a `client_id`."""

TEAM_OPTIONAL = ALERT_TYPES | ROSTER_TYPES | {"entry_corrected", "visit_ended"}
"""The types that need no `team_id` though they have no client: what they point at, or their body, names the team."""

CASE_OPENERS = frozenset({"rent_problem_reported", "neighbour_complaint_received", "crisis_opened"})
CASE_TYPES = CASE_OPENERS | {
    "rent_problem_updated",
    "neighbour_complaint_updated",
    "crisis_step_logged",
    "crisis_closed",
}
"""The types that carry a `case_id`; the openers mint it."""

NAMES = ("name", "alias", "place_label", "complainant_name")
"""The fields, of whatever type, that hold a name."""

_PLACE = re.compile(r" - at (?:`key` in )?`\$\.?([^`]*)`$")
_MISSING = re.compile(r"Object missing required field `([^`]*)`")


def parse_body(entry_type: str, raw: Any, prefix: str = "body") -> Body:
    """The body of a known type, or Refused with `too_long` or `invalid_body` and the field, as `body.outcome`."""
    if not isinstance(raw, dict):
        raise rejected("invalid_body", prefix)
    given = {name: value for name, value in raw.items() if value is not None}
    try:
        body = msgspec.convert(given, ENTRY_TYPES[entry_type])
    except (msgspec.ValidationError, OverflowError, ValueError) as error:
        message = str(error)
        code = "too_long" if message.startswith("Expected `str` of length <=") else "invalid_body"
        raise rejected(code, _join(prefix, field_of(message))) from None
    wrong = next(dates_out_of_range(body), None) or body.problem()
    if wrong is not None:
        raise rejected("invalid_body", _join(prefix, wrong))
    return body


def named_badly(entry_type: str, body: dict[str, Any]) -> str | None:
    """The field that should be a name and is not (sync/names.py), as `body.name`; asked of what arrives, never of what
    was accepted before the rule. A call for help is taken whatever its place is called."""
    if entry_type == "help_requested":
        return None
    parts: dict[str, Any] = {"body": body, "body.fields": body.get("fields")}
    mended = body.get("body")
    if entry_type == "entry_corrected" and isinstance(mended, dict):
        parts |= {"body.body": mended, "body.body.fields": mended.get("fields")}
    for prefix, part in parts.items():
        for name in NAMES if isinstance(part, dict) else ():
            value = part.get(name)
            if isinstance(value, str) and value.strip() and not is_name(value):
                return f"{prefix}.{name}"
    return None


def field_of(message: str) -> str:
    """The dotted field that msgspec complains of: `letters.kind` for its `$.letters[0].kind`."""
    place, missing = _PLACE.search(message), _MISSING.match(message)
    path = re.sub(r"\[[^\]]*\]", "", place[1]) if place else ""
    return _join(path, missing[1]) if missing else path


def _join(prefix: str, field: str) -> str:
    return ".".join(part for part in (prefix, field) if part)
