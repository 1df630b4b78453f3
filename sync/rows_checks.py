"""Rows of sync/entry_types.py: checks on people."""

from sync.bodies_checks import AbsenceStepSet, CheckStepLogged, ClientCheckedIn, DischargePlanned
from sync.entry_type import Contact, EntryType

CHECK_ROWS: dict[str, EntryType] = {
    "check_step_logged": EntryType(
        body=CheckStepLogged,
        about="subject",
        points_at="alert",
        never_refused=True,
        moves=False,
        titled="outcome",
        outcome=("check_step", "step"),
        timeline="none",
    ),
    "absence_step_set": EntryType(
        body=AbsenceStepSet,
        points_at="absence_step",
        line=("from_at", "to_at"),
        outcome=("step_watch", "watch"),
        stops_clock=True,
        steering="to_take_back",
        moves=False,
        refreshes=("absences",),
        settles=("clock", "reminders"),
        ends_alert_as="absence",
    ),
    "discharge_planned": EntryType(
        body=DischargePlanned,
        points_at="absence_step",
        line=("checks", "home"),
        moves=False,
        refreshes=("absences",),
    ),
    "client_checked_in": EntryType(
        body=ClientCheckedIn,
        outcome=("check_in", "what"),
        titled="outcome",
        roles=frozenset({"partner"}),
        looked_into=True,
        contact=(Contact("none", {"what": ("ring_me",)}), Contact("heard")),
        settles=("clock",),
        moves=False,
    ),
}
