"""The table of entry types: one row each, and the reading of their bodies."""

import re
from collections.abc import Callable
from functools import partial
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
    DutyToReportNoted,
    HomeEntered,
    SightingReported,
    StreetContactLogged,
    VisitLogged,
)
from sync.bodies_facts import FactShared, FactUnshared
from sync.bodies_people import (
    AgreementWithdrawn,
    ClientAccessListed,
    ClientMerged,
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
    StaffBlocked,
    StaffUnblocked,
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
from sync.codes import CallWith
from sync.entry_type import (
    HOUSING,
    LEADER,
    NOT_PEERS,
    OUTSIDERS,
    OVERSEERS,
    CaseKind,
    Contact,
    EntryType,
    Part,
    Stands,
    Thing,
)
from sync.entry_types_plans import PLAN_TYPES
from sync.names import is_name
from sync.refusals import rejected
from sync.rows_board import BOARD_ROWS
from sync.rows_checks import CHECK_ROWS
from sync.rows_incidents import INCIDENT_ROWS
from sync.rows_links import LINK_ROWS

_OTHERS = tuple(code for code in CallWith if code != CallWith.client)

_STEP = ("cause", "deadline_on", "next_step", "next_step_on", "owner_id")
_RENT = ("tenancy", "amount_nok", "letters", "plan", *_STEP)
_COMPLAINT = ("what", "client_role", "answer_given", *_STEP)

# What types of one kind have in common.
_DUTY = partial(EntryType, about="team", steering="always", moves=False)
"""About a team's duties and hours alone."""
_VISIT = partial(EntryType, never_refused=True, moves=False, refreshes=("visit",), settles=("visit",))
"""Somebody is out, or out again."""
_HOUSING_CASE = partial(EntryType, roles=HOUSING, moves=False, refreshes=("case",), settles=("reminders", "sight"))
"""A case that a landlord may open and follow."""
_ABSENCE = partial(
    EntryType,
    steering="to_take_back",
    moves=False,
    refreshes=("absences",),
    settles=("clock", "reminders"),
    ends_alert_as="absence",
)
"""Somebody is away."""
_HAND_OVER = partial(
    EntryType,
    roles=NOT_PEERS,
    steering="always",
    moves=False,
    refreshes=("hand_overs", "teams"),
    settles=("clock", "sight"),
    timeline="own",
)
"""Another team watches for a while."""
_LIMIT = partial(
    EntryType,
    line=("reason",),
    short=("reason",),
    roles=OVERSEERS,
    read_by=LEADER,
    steering="always",
    moves=False,
    checks=("anybody",),
    refreshes=("limits",),
    settles=("limits",),
    timeline="none",
)
"""Who may see the client, whatever team they work in."""
_FACT = partial(
    EntryType,
    line=("to_staff_ids", "until_on", "basis", "basis_words"),
    short=("note",),
    outcome=("shared_fact", "what"),
    roles=LEADER,
    primary_contact_too=True,
    steering="always",
    moves=False,
    refreshes=("facts",),
)
"""What a landlord is told of the client, one fact at a time."""
_ALERT = partial(EntryType, about="subject", points_at="alert", never_refused=True, moves=False, timeline="none")
"""An answer to an alert."""

ENTRY_TYPES: dict[str, EntryType] = {
    "client_registered": EntryType(
        body=ClientRegistered,
        line=("team_id",),
        short=(),
        registers=True,
        gives_team=True,
        checks=("registration",),
        steering="always",
        moves=False,
        refreshes=("card", "teams"),
        settles=("terms", "clock", "reminders", "sight"),
    ),
    "client_updated": EntryType(
        body=ClientUpdated,
        line=("fields",),
        short=(),
        steering="always",
        checks=("card_edit",),
        card="fields",
        refreshes=("card", "owned_cases", "limits"),
        settles=("clock", "reminders", "limits"),
    ),
    "client_team_set": EntryType(
        body=ClientTeamSet,
        line=("team_id", "basis", "basis_words"),
        short=("note",),
        roles=LEADER,
        steering="always",
        gives_team=True,
        checks=("basis",),
        refreshes=("teams",),
        settles=("clock", "sight"),
    ),
    "staff_blocked": _LIMIT(body=StaffBlocked, limits="blocks"),
    "staff_unblocked": _LIMIT(body=StaffUnblocked, limits="unblocks"),
    "client_access_listed": _LIMIT(
        body=ClientAccessListed, line=(), short=("note",), limits="lists", checks=("listed",)
    ),
    "client_merged": EntryType(
        body=ClientMerged,
        line=("reason",),
        short=("reason",),
        roles=LEADER,
        steering="always",
        moves=False,
        merges=True,
        points_at="other_client",
        checks=("one_person",),
        refreshes=("card",),
    ),
    "fact_shared": _FACT(body=FactShared, shares="shares", checks=("told", "basis")),
    "fact_unshared": _FACT(body=FactUnshared, shares="stops"),
    "duty_set": _DUTY(
        body=DutySet, points_at="own_team", roles=LEADER, checks=("leads_team", "holder"), settles=("duties",)
    ),
    "duty_handed_over": _DUTY(body=DutyHandedOver, points_at="offered_duty", settles=("duties",)),
    "duty_taken_over": _DUTY(body=DutyTakenOver, points_at="taken_duty", settles=("duties",)),
    "team_hours_set": _DUTY(
        body=TeamHoursSet,
        points_at="hours_team",
        roles=LEADER,
        checks=("leads_team",),
        refreshes=("hours",),
        settles=("hours",),
    ),
    "visit_started": _VISIT(body=VisitStarted, about="client_or_team", points_at="new_visit", timeline="own"),
    "visit_ended": _VISIT(body=VisitEnded, about="subject", points_at="visit", timeline="none"),
    "help_requested": EntryType(
        body=HelpRequested,
        line=("place_label",),
        short=("place_label",),
        about="client_or_team",
        names_are_checked=False,
        never_refused=True,
        moves=False,
        settles=("help",),
        timeline="own",
        urgent=True,
    ),
    "visit_logged": EntryType(
        body=VisitLogged,
        line=("client_said", "condition", "agreed"),
        short=("client_said", "agreed", "note"),
        outcome=("visit_outcome", "outcome"),
        contact=(
            Contact("seen", {"outcome": ("declined", "cancelled"), "contact": ("seen",)}),
            Contact("heard", {"outcome": ("declined", "cancelled"), "contact": ("heard",)}),
            Contact("none", {"outcome": ("declined", "cancelled"), "contact": ("none",)}),
            Contact("heard", {"outcome": ("declined", "heard")}),
            Contact("none", {"outcome": ("cancelled",)}),
            Contact("seen", {"outcome": ("seen",)}),
            Contact("attempt"),
        ),
        settles=("clock",),
    ),
    "street_contact_logged": EntryType(
        body=StreetContactLogged,
        line=("place_label", "people", "private"),
        about="client_or_team",
        contact=(Contact("seen"),),
        settles=("clock",),
    ),
    "call_logged": EntryType(
        body=CallLogged,
        outcome=("call_outcome", "outcome"),
        contact=(  # only the client's own voice or words are heard
            Contact("none", {"with": _OTHERS}),
            Contact("heard", {"outcome": ("spoke",)}),
            Contact("heard", {"outcome": ("message",), "direction": ("in",)}),
            Contact("attempt"),
        ),
        settles=("clock",),
    ),
    "sighting_reported": EntryType(
        body=SightingReported,
        outcome=("sighting", "what"),
        roles=OUTSIDERS,
        looked_into=True,
        contact=(Contact("none", {"what": ("missed", "worried")}), Contact("reported")),
        settles=("clock",),
    ),
    "rent_problem_reported": _HOUSING_CASE(
        body=RentProblemReported,
        line=_RENT,
        short=("amount_nok", "letters", "plan", "note"),
        case="rent",
        opens_case=True,
        points_at="new_case",
    ),
    "rent_problem_updated": _HOUSING_CASE(
        body=RentProblemUpdated,
        line=_RENT,
        short=("amount_nok", "letters", "plan", "note"),
        outcome=("rent_status", "status"),
        case="rent",
        points_at="case",
    ),
    "neighbour_complaint_received": _HOUSING_CASE(
        body=NeighbourComplaintReceived,
        line=_COMPLAINT,
        short=("what", "client_role"),
        case="complaint",
        opens_case=True,
        points_at="new_case",
    ),
    "neighbour_complaint_updated": _HOUSING_CASE(
        body=NeighbourComplaintUpdated,
        line=_COMPLAINT,
        short=("note",),
        outcome=("complaint_status", "status"),
        case="complaint",
        points_at="case",
    ),
    **INCIDENT_ROWS,
    **CHECK_ROWS,
    **LINK_ROWS,
    "crisis_opened": EntryType(
        about="client_or_team",
        body=CrisisOpened,
        unsaid="other",
        line=("about",),
        short=("about", "note"),
        outcome=("crisis_kind", "kind"),
        case="crisis",
        opens_case=True,
        points_at="new_case",
        moves=False,
        refreshes=("case",),
        settles=("crisis", "reminders", "sight"),
        urgent=True,
    ),
    "crisis_step_logged": EntryType(
        about="client_or_team",
        body=CrisisStepLogged,
        titled="outcome",
        outcome=("crisis_step", "step"),
        case="crisis",
        points_at="case",
        moves=False,
        refreshes=("case",),
        settles=("crisis", "reminders", "sight"),
    ),
    "crisis_closed": EntryType(
        about="client_or_team",
        body=CrisisClosed,
        outcome=("crisis_outcome", "outcome"),
        case="crisis",
        points_at="case",
        stops_clock=True,
        contact=(
            Contact("attempt", {"outcome": ("not_found",)}),
            Contact("none", {"outcome": ("died",)}),
            Contact("seen"),
        ),
        death=("outcome", "died"),
        moves=False,
        refreshes=("case", "card"),
        settles=("clock", "crisis", "reminders", "sight"),
    ),
    "concern_raised": EntryType(
        about="client_or_team",
        body=ConcernRaised,
        line=("about", "reason"),
        short=("about", "reason"),
        outcome=("urgency", "urgency"),
        looked_into=True,
        settles=("concern", "sight"),
        urgent=True,
    ),
    "concern_answered": EntryType(body=ConcernAnswered, points_at="concern", moves=False),
    "home_entered": EntryType(
        body=HomeEntered,
        line=("ground", "reason", "tried", "told"),
        short=("ground", "reason"),
        outcome=("found", "found"),
        stops_clock=True,
        contact=(Contact("attempt", {"found": ("nobody",)}), Contact("none", {"found": ("dead",)}), Contact("seen")),
        death=("found", "dead"),
        refreshes=("card",),
        settles=("clock", "reminders"),
    ),
    "duty_to_report_noted": EntryType(
        body=DutyToReportNoted,
        line=("kind", "reason"),
        outcome=("report_decision", "decided"),
        roles=NOT_PEERS,
        read_by=NOT_PEERS,
    ),
    "absence_started": _ABSENCE(
        body=AbsenceStarted,
        line=("where",),
        outcome=("absence_kind", "kind"),
        points_at="new_absence",
        stops_clock=True,
    ),
    "absence_confirmed": _ABSENCE(
        body=AbsenceConfirmed, short=("confirmed_with", "note"), points_at="absence", stops_clock=True
    ),
    "absence_ended": _ABSENCE(
        body=AbsenceEnded,
        line=("where_to",),
        short=("note",),
        outcome=("absence_outcome", "outcome"),
        points_at="absence",
    ),
    "watch_set": EntryType(
        body=WatchSet,
        line=("reason",),
        short=("reason",),
        outcome=("watch_mode", "mode"),
        roles=LEADER,
        primary_contact_too=True,
        terms="set",
        card="watch",
        steering="always",
        settles=("terms", "clock"),
        ends_alert_as="agreement_changed",
    ),
    "watch_handed_over": _HAND_OVER(
        body=WatchHandedOver, line=("to_team_id",), short=("note",), points_at="receiving_team"
    ),
    "watch_taken_over": _HAND_OVER(body=WatchTakenOver, points_at="hand_over"),
    "contact_interval_set": EntryType(
        body=ContactIntervalSet,
        line=("days",),
        short=("note",),
        card="days",
        roles=NOT_PEERS,
        steering="always",
        refreshes=("card",),
        settles=("clock", "reminders"),
    ),
    "alert_acknowledged": _ALERT(
        body=AlertAcknowledged, answers="acknowledge", settles=("alert", "sight"), urgent=True
    ),
    "alert_snoozed": _ALERT(
        body=AlertSnoozed, line=("reason",), short=("note",), answers="snooze", settles=("alert", "sight")
    ),
    "alert_resolved": _ALERT(
        body=AlertResolved,
        line=("reason", "seen_at", "seen_by", "next_check_at"),
        short=("note",),
        answers="resolve",
        outcome=("alert_outcome", "outcome"),
        contact=(Contact("seen", {"outcome": ("was_seen",)}),),
        met_at="seen_at",
        settles=("alert", "clock", "sight"),
        ends_alert_as="checked_by_hand",
    ),
    "alert_handed_over": _ALERT(
        body=AlertHandedOver,
        line=("to_staff_id",),
        short=("note",),
        answers="hand_over",
        checks=("taker",),
        settles=("alert", "sight"),
    ),
    "agreement_withdrawn": EntryType(
        body=AgreementWithdrawn,
        outcome=("withdrawn_how", "how"),
        terms="withdrawn",
        stands=Stands("agreement", "withdraws"),
        refreshes=("standing", "facts"),
        settles=("terms", "clock"),
    ),
    "follow_up_ended": EntryType(
        body=FollowUpEnded,
        follow_up="ends",
        checks=("not_ahead",),
        death=("reason", "died"),
        outcome=("follow_up_reason", "reason"),
        roles=NOT_PEERS,
        steering="always",
        refreshes=("card", "teams"),
        settles=("clock", "reminders", "sight"),
        ends_alert_as="follow_up_ended",
    ),
    "follow_up_resumed": EntryType(
        body=FollowUpResumed,
        follow_up="resumes",
        roles=NOT_PEERS,
        steering="always",
        refreshes=("card", "teams"),
        settles=("terms", "clock", "reminders", "sight"),
        ends_alert_as="follow_up_resumed",
    ),
    "entry_corrected": EntryType(
        body=EntryCorrected,
        line=("reason",),
        short=("note",),
        outcome=("correction", "what"),
        about="subject",
        roles=OUTSIDERS,
        stops_clock=True,
        timeline="none",
        ends_alert_as="corrected",
    ),
    **PLAN_TYPES,
    **BOARD_ROWS,
}


def type_that(holds: Callable[[EntryType], bool]) -> str:
    """The name of the only type whose row says so."""
    (name,) = types_that(holds)
    return name


def type_of_thing(kind: Thing, part: Part) -> str:
    """The type that says this part of such a thing: opens it, writes it anew, ends it."""
    return type_that(lambda row: row.stands is not None and (row.stands.kind, row.stands.part) == (kind, part))


def types_that(holds: Callable[[EntryType], bool]) -> frozenset[str]:
    """The names of the types whose row says so."""
    return frozenset(name for name, row in ENTRY_TYPES.items() if holds(row))


def opening_of(kind: CaseKind) -> str:
    """The type that opens a case of this kind."""
    return type_that(lambda row: row.case == kind and row.opens_case)


def update_of(kind: CaseKind) -> str:
    """The type that says what is new in a case of this kind, and what its status is."""
    return type_that(lambda row: row.case == kind and row.outcome is not None and row.outcome[1] == "status")


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
        body = msgspec.convert(given, ENTRY_TYPES[entry_type].body)
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
    if not ENTRY_TYPES[entry_type].names_are_checked:
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
