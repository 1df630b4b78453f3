"""Fidelity to a model: every item of its published scale, and a value for those that can be computed from entries.

ACT: the Dartmouth Assertive Community Treatment Scale, 28 items (Teague, Bond and Drake 1998; the toolkit of SAMHSA
2008), with its scale points 1 to 5. Housing First: the Pathways Housing First Fidelity Scale, 38 items (Stefancic,
Tsemberis and others 2013); of its points no more than the value is given here, for raters set them.
What raters judge by talking with people is not computed, and stands with an empty value.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from fieldapp.domain.reports.basis import Deed, Followed, Period, Team
from fieldapp.domain.reports.table import Cell, Column, Table, resting_on

NOT_IN_SETT = "not_in_sett"
"""The source of an item that entries say nothing about."""
TWO_WEEKS, FOUR_WEEKS, HALF_YEAR = 14, 28, 183
WINDOW = FOUR_WEEKS
"""Days before the end of the period that deeds are needed for."""

_DACTS = (
    *("H1_small_caseload", "H2_team_approach", "H3_program_meeting", "H4_practicing_leader"),
    *("H5_continuity_of_staffing", "H6_staff_capacity", "H7_psychiatrist", "H8_nurse"),
    *("H9_substance_abuse_specialist", "H10_vocational_specialist", "H11_program_size"),
    *("O1_explicit_admission_criteria", "O2_intake_rate", "O3_full_responsibility", "O4_crisis_services"),
    *("O5_hospital_admissions", "O6_hospital_discharge", "O7_time_unlimited"),
    *("S1_in_vivo_services", "S2_no_dropout_policy", "S3_assertive_engagement", "S4_intensity_of_service"),
    *("S5_frequency_of_contact", "S6_informal_support_system", "S7_substance_abuse_treatment"),
    *("S8_dual_disorder_groups", "S9_dual_disorder_model", "S10_consumers_on_team"),
)
_PATHWAYS = (
    *("1_housing_choice", "2_housing_availability", "3_permanent_tenure", "4_affordable_housing"),
    *("5_integrated_housing", "6_privacy", "7_no_housing_readiness", "8_no_program_contingencies"),
    *("9_standard_tenant_agreement", "10_commitment_to_rehouse", "11_services_through_housing_loss"),
    *("12a_off_site_services", "12b_mobile_services", "13_service_choice", "14_no_psychiatric_requirements"),
    *("15_no_substance_use_requirements", "16_harm_reduction", "17_motivational_interviewing"),
    *("18_assertive_engagement", "19_absence_of_coercion", "20_person_centred_planning", "21_range_of_life_goals"),
    *("22_self_determination", "23_housing_support", "24_psychiatric_services", "25_substance_use_treatment"),
    *("26_employment_and_education", "27_nursing_and_medical", "28_social_integration", "29_24_hour_coverage"),
    *("30_inpatient_involvement", "31_priority_enrolment", "32_contact_with_participants"),
    *("33_low_participant_staff_ratio", "34_team_approach", "35_frequent_meetings", "36_quality_of_meetings"),
    *("37_peer_specialist", "38_participant_representation"),
)
_POINTS = {
    "H2_team_approach": (10, 37, 64, 90),
    "H3_program_meeting": (0.5, 1, 2, 4),
    "S1_in_vivo_services": (20, 40, 60, 80),
    "S4_intensity_of_service": (15, 50, 85, 120),
    "S5_frequency_of_contact": (1, 2, 3, 4),
}
"""From which value each scale point above the first begins."""
_POINTS_OF_FEW = {"H1_small_caseload": (10, 20, 34, 49), "O2_intake_rate": (6, 9, 12, 15)}
"""Up to which value each point from the fifth down reaches: fewer is better."""
_OFFICE = "office"
_COLUMNS = (Column("item"), Column("value", "number"), Column("scale_point", "number"), Column("source"))


@dataclass(frozen=True)
class Basis:
    """What both scales are computed from: deeds of the four weeks that end with the period."""

    period: Period
    followed: Followed
    deeds: Sequence[Deed]
    board_days: int
    """On how many of the days of those weeks a board meeting was held."""
    team: Team

    @property
    def clients(self) -> set[UUID]:
        """Whoever was followed on the last day."""
        return self.followed.during(self.period.last(1))

    @property
    def met(self) -> list[Deed]:
        """The meetings face to face with them."""
        clients = self.clients
        return [deed for deed in self.deeds if deed.degree == "seen" and deed.client_id in clients]


Computed = tuple[float | None, str]
"""A value, None where there is nobody to compute it of, and what it is computed from."""


def fidelity_act(basis: Basis) -> Table:
    """The Dartmouth scale."""
    computed: dict[str, Callable[[Basis], Computed]] = {
        "H1_small_caseload": _caseload,
        "H2_team_approach": _team_approach,
        "H3_program_meeting": _board_days_a_week,
        "O2_intake_rate": _intake,
        "S1_in_vivo_services": _outside_the_office,
        "S4_intensity_of_service": _minutes_a_week,
        "S5_frequency_of_contact": _contacts_a_week,
        "S10_consumers_on_team": _peers,
    }
    return _table(_DACTS, computed, basis)


def fidelity_hf(basis: Basis) -> Table:
    """The Pathways scale."""
    computed: dict[str, Callable[[Basis], Computed]] = {
        "12b_mobile_services": _outside_the_office,
        "32_contact_with_participants": _met_four_times,
        "33_low_participant_staff_ratio": _caseload,
        "34_team_approach": _team_approach,
        "35_frequent_meetings": _board_days_a_week,
        "37_peer_specialist": _peers,
    }
    return _table(_PATHWAYS, computed, basis)


def _table(items: Sequence[str], computed: dict[str, Callable[[Basis], Computed]], basis: Basis) -> Table:
    behind = len(basis.clients)
    rows: list[tuple[tuple[Cell, ...], int]] = []
    for item in items:
        value, source = computed[item](basis) if item in computed else (None, NOT_IN_SETT)
        rows.append(((item, value, scale_point(item, value), source), behind))
    return resting_on(_COLUMNS, rows)


def scale_point(item: str, value: float | None) -> int | None:
    """The point 1 to 5 of a value; None where the scale's points are not numbers of this kind."""
    if value is None:
        return None
    if item in _POINTS:
        return 1 + sum(value >= least for least in _POINTS[item])
    if item in _POINTS_OF_FEW:
        return 1 + sum(value <= most for most in _POINTS_OF_FEW[item])
    return None


def _caseload(basis: Basis) -> Computed:
    return (round(len(basis.clients) / basis.team.staff, 1) if basis.team.staff else None), "team_members"


def _team_approach(basis: Basis) -> Computed:
    """Of those who met anybody in two weeks, as the scale has it, how many per cent met more than one of us."""
    last = basis.period.last(TWO_WEEKS)
    staff = _by_client((deed for deed in basis.met if last.has(deed.at.date())), lambda deed: deed.staff)
    return _per_cent(sum(len(one) > 1 for one in staff.values()), len(staff)), "visits"


def _board_days_a_week(basis: Basis) -> Computed:
    return round(basis.board_days * 7 / FOUR_WEEKS, 2), "board_meetings"


def _intake(basis: Basis) -> Computed:
    """The most who were taken in within one month of the half year."""
    months = Counter((on.year, on.month) for on in basis.followed.began(basis.period.last(HALF_YEAR)))
    return max(months.values(), default=0), "registrations"


def _outside_the_office(basis: Basis) -> Computed:
    outside = sum(deed.body.get("place") != _OFFICE for deed in basis.met)
    return _per_cent(outside, len(basis.met)), "visits"


def _minutes_a_week(basis: Basis) -> Computed:
    minutes = Counter[UUID | None]()
    for deed in basis.met:
        minutes[deed.client_id] += deed.body.get("duration_min") or 0
    return _median_a_week(minutes, basis.clients), "visits"


def _contacts_a_week(basis: Basis) -> Computed:
    return _median_a_week(Counter(deed.client_id for deed in basis.met), basis.clients), "visits"


def _met_four_times(basis: Basis) -> Computed:
    """How many per cent were met four times in four weeks."""
    times = Counter(deed.client_id for deed in basis.met)
    return _per_cent(sum(times[client_id] >= 4 for client_id in basis.clients), len(basis.clients)), "visits"


def _peers(basis: Basis) -> Computed:
    return basis.team.peers, "team_members"


def _median_a_week(of_client: Counter[UUID | None], clients: Collection[UUID]) -> float | None:
    """The middle client's share of four weeks, those with nothing counted too."""
    return round(median(of_client[client_id] for client_id in clients) * 7 / FOUR_WEEKS, 2) if clients else None


def _per_cent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _by_client(deeds: Iterable[Deed], give: Callable[[Deed], set[str]]) -> dict[UUID | None, set[str]]:
    found: dict[UUID | None, set[str]] = defaultdict(set)
    for deed in deeds:
        found[deed.client_id] |= give(deed)
    return found
