"""The code lists of the entry bodies, one enum a list, in the order they are shown.

Their words on screen are in labels.nb.json, under the names of LISTS. A code is stable for ever: it may be added, never
renamed. Where one list could serve two fields with different words, it is two lists.
"""

from enum import StrEnum

from sync.codes_board import BOARD_LISTS
from sync.codes_checks import CHECK_LISTS
from sync.codes_files import FILE_LISTS
from sync.codes_incidents import INCIDENT_LISTS
from sync.codes_plans import PLAN_LISTS

Role = StrEnum("Role", "fieldworker peer leader landlord privacy admin")
TeamKind = StrEnum("TeamKind", "act fact safety_fact housing_first tenancy_support staffed_housing outreach night")
Duty = StrEnum("Duty", "duty backup")
Protected = StrEnum("Protected", "none code6 code7")

# What a contact is worth to the clock, nearest first; `contact` (declined, cancelled) is worth what its body says.
Degree = StrEnum("Degree", "seen heard reported contact attempt none")
Counts = StrEnum("Counts", "seen heard reported")

WatchMode = StrEnum("WatchMode", "interval each_shift off")
Shift = StrEnum("Shift", "day evening night")
WhenClosed = StrEnum("WhenClosed", "wait hand_over on_call")

VisitOutcome = StrEnum("VisitOutcome", "seen heard no_answer not_home declined cancelled")
VisitPlace = StrEnum("VisitPlace", "home street cafe office institution outdoors other")
VisitContact = StrEnum("VisitContact", "seen heard none")
CancelledBy = StrEnum("CancelledBy", "client us")
Medication = StrEnum("Medication", "handed_over seen_taken not_taken declined")
Condition = StrEnum("Condition", "better usual worse alarming")
Topic = StrEnum(
    "Topic",
    "economy home health dental_wounds medication lar food children_family animals substance_use network "
    "activity_work practical_help accompaniment conversation plan",
)

Offered = StrEnum(
    "Offered",
    "drop_in night_shelter doctor nav treatment allocation_office overdose_team housing activity other",
)
Equipment = StrEnum("Equipment", "syringes cookers foil sharps_box naloxone condoms other")

CallDirection = StrEnum("CallDirection", {"out": "out", "in_": "in"})
CallOutcome = StrEnum("CallOutcome", "spoke message no_answer")
CallWith = StrEnum("CallWith", "client next_of_kin gp specialist nav guardian landlord police other")

Source = StrEnum(
    "Source",
    "police shelter lar next_of_kin neighbour caretaker partner other pharmacy home_care drop_in hospital",
)
Sighting = StrEnum("Sighting", "seen missed worried")
Urgency = StrEnum("Urgency", "now today board")

RentCause = StrEnum("RentCause", "benefit_stopped other_priorities exploited deductions_debt mail_unopened moved other")
LetterKind = StrEnum(
    "LetterKind",
    "reminder debt_collection payment_demand eviction_notice bailiff_letter eviction_date written_warning "
    "termination rescission lease_expiring other",
)
RentPlan = StrEnum(
    "RentPlan",
    "paid instalments nav_management benefit_deduction guardian housing_allowance social_assistance debt_adviser "
    "guarantee other",
)
RentStatus = StrEnum("RentStatus", "open agreed resolved evicted")
Tenancy = StrEnum("Tenancy", "saved lost unsure")

ComplaintWhat = StrEnum(
    "ComplaintWhat",
    "noise visitors trespass theft threats waste visible_drug_use vandalism fire_hazard animals other",
)
Complainant = StrEnum("Complainant", "neighbour housing_association landlord police anonymous other")
ClientRole = StrEnum("ClientRole", "causes suffers unclear")
ComplaintStatus = StrEnum("ComplaintStatus", "open answered resolved")

CrisisKind = StrEnum(
    "CrisisKind",
    "overdose suicide_risk self_harm psychosis violence_against violence_by missing fire somatic withdrawal other",
)
CrisisStep = StrEnum(
    "CrisisStep",
    "alerted set_out arrived called_113 called_112 called_110 called_116117 called_aat answered naloxone cpr stayed "
    "calmed next_of_kin therapist municipal_doctor services_on_scene left other",
)
CrisisOutcome = StrEnum(
    "CrisisOutcome",
    "calmed_home safe_with_others municipal_bed own_choice_bed emergency_clinic admitted_voluntary "
    "admitted_involuntary police not_found died",
)
Judgement = StrEnum("Judgement", "yes no unsure")

EntryGround = StrEnum("EntryGround", "agreement danger_to_life fire_safety police_or_ambulance invited landlord_notice")
Found = StrEnum("Found", "ok needs_help injured dead nobody")
Tried = StrEnum("Tried", "rang phoned asked_base asked_contact waited")
Told = StrEnum("Told", "in_person note phone not_yet")

AbsenceKind = StrEnum("AbsenceKind", "admitted treatment detox prison travel with_others unknown")
AbsenceOutcome = StrEnum(
    "AbsenceOutcome", "as_planned transferred person_broke_off institution_broke_off released other"
)

AlertKind = StrEnum("AlertKind", "not_seen concern crisis staff_help staff_overdue absence_overdue case_deadline drill")
AlertOutcome = StrEnum("AlertOutcome", "was_seen not_found_plan_made found_elsewhere mistake other")

AgreementKind = StrEnum("AgreementKind", "watch service follow_up cooperation participant consent")
WithdrawnHow = StrEnum("WithdrawnHow", "at_door told written")
# What the law may ask somebody to report, and what they decided.
ReportKind = StrEnum("ReportKind", "child pregnancy avert_crime emergency animal serious_event")
ReportDecision = StrEnum("ReportDecision", "reported not_reported")
FollowUpReason = StrEnum("FollowUpReason", "agreed transferred moved died other")
Correction = StrEnum("Correction", "text wrong_client retracted")

# What a landlord may be told of, one fact at a time.
SharedFact = StrEnum("SharedFact", "rent_owed plan_dates damage contract complaint_handled")
# What gives the right to share: the client's yes, a law, danger to life; or nothing is shared between services.
ShareBasis = StrEnum("ShareBasis", "consent law danger same_service")

# Has a home: the first three. Without: institution to rough. An absence changes none.
Housing = StrEnum(
    "Housing",
    "owned private_rent municipal_rent institution prison with_partner with_others temporary night_shelter rough "
    "unknown",
)

LISTS: dict[str, type[StrEnum]] = {
    "role": Role,
    "team_kind": TeamKind,
    "duty": Duty,
    "protected": Protected,
    "degree": Degree,
    "counts": Counts,
    "watch_mode": WatchMode,
    "shift": Shift,
    "when_closed": WhenClosed,
    "visit_outcome": VisitOutcome,
    "visit_place": VisitPlace,
    "visit_contact": VisitContact,
    "cancelled_by": CancelledBy,
    "medication": Medication,
    "condition": Condition,
    "topic": Topic,
    "offered": Offered,
    "equipment": Equipment,
    "call_direction": CallDirection,
    "call_outcome": CallOutcome,
    "call_with": CallWith,
    "source": Source,
    "sighting": Sighting,
    "urgency": Urgency,
    "rent_cause": RentCause,
    "letter": LetterKind,
    "rent_plan": RentPlan,
    "rent_status": RentStatus,
    "tenancy": Tenancy,
    "complaint": ComplaintWhat,
    "complainant": Complainant,
    "client_role": ClientRole,
    "complaint_status": ComplaintStatus,
    **INCIDENT_LISTS,
    **CHECK_LISTS,
    **FILE_LISTS,
    "crisis_kind": CrisisKind,
    "crisis_step": CrisisStep,
    "crisis_outcome": CrisisOutcome,
    "judgement": Judgement,
    "entry_ground": EntryGround,
    "found": Found,
    "tried": Tried,
    "told": Told,
    "absence_kind": AbsenceKind,
    "absence_outcome": AbsenceOutcome,
    "alert_kind": AlertKind,
    "alert_outcome": AlertOutcome,
    "agreement_kind": AgreementKind,
    "withdrawn_how": WithdrawnHow,
    "report_kind": ReportKind,
    "report_decision": ReportDecision,
    "follow_up_reason": FollowUpReason,
    "correction": Correction,
    "shared_fact": SharedFact,
    "share_basis": ShareBasis,
    "housing": Housing,
    **PLAN_LISTS,
    **BOARD_LISTS,
}
"""The name of each list, as labels.nb.json and the phone know it."""
