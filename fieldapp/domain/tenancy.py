"""Dates the law gives a tenancy case, and what to do next in a case. Shown with the paragraph, never as legal advice.

Two kinds of dates, never mixed: what can happen FROM a day (never moved past weekends, never called frist) and what
must be answered BY a day.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fieldapp.domain.norway import add_months, next_working_day, this_or_next_working_day

TWO_WEEKS = timedelta(weeks=2)
CHECK_PLAN_AFTER = timedelta(weeks=1)
CHECK_NEIGHBOUR_AFTER = timedelta(weeks=2)


@dataclass(frozen=True)
class Letter:
    """A letter the client has received; every date may be unknown.

    For `eviction_date` and `lease_expiring` the date on the letter is the day it is about.
    """

    kind: str
    dated_on: date | None
    received_on: date | None = None
    sent_on: date | None = None

    @property
    def left_on(self) -> date | None:
        """The day it was sent; unknown, the letter's own date."""
        return self.sent_on or self.dated_on

    @property
    def came_on(self) -> date | None:
        """The day a deadline for an answer counts from; unknown, the letter's own date, which is never later."""
        return self.received_on or self.dated_on or self.sent_on


@dataclass(frozen=True)
class LegalDate:
    """One date with its ground. `extended_to`: a later day the law may allow; the app shows `on` and says so."""

    code: str
    on: date
    must_answer: bool
    paragraph: str
    extended_to: date | None = None


def _eviction_notice(sent_on: date) -> list[LegalDate]:
    """Utkastelse can be asked for two weeks after the warning was sent; full payment stops it to the last."""
    paragraph = "tvfbl §§ 4-18, 13-2 tredje ledd bokstav a"
    return [LegalDate("eviction_can_be_requested_from", sent_on + TWO_WEEKS, False, paragraph)]


def _bailiff_letter(came_on: date) -> list[LegalDate]:
    """Two weeks to answer from the day it came; ending on a Saturday or holiday, to the next working day.

    The last by tvfbl § 2-7 and domstolloven §§ 148–149; the app shows the earlier day and says so.
    """
    on = came_on + TWO_WEEKS
    extended_to = this_or_next_working_day(on)
    return [LegalDate("answer_bailiff_by", on, True, "tvfbl § 13-6", extended_to if extended_to != on else None)]


def _termination(came_on: date) -> list[LegalDate]:
    """One month to protest from the day it was received; after that the landlord has three months to sue."""
    protest_by = add_months(came_on, 1)
    return [
        LegalDate("protest_termination_by", protest_by, True, "husll § 9-8"),
        LegalDate("termination_lapses_without_suit_from", add_months(protest_by, 3), False, "husll § 9-8"),
    ]


def _lease_expiring(ends_on: date) -> list[LegalDate]:
    """A fixed-term lease ends by itself; three months on without a written request to move it has no end any more."""
    return [
        LegalDate("lease_ends_on", ends_on, False, "husll §§ 9-2, 9-3, 11-1"),
        LegalDate("lease_without_end_from", add_months(ends_on, 3), False, "husll § 9-2"),
    ]


def _eviction_date(on: date) -> list[LegalDate]:
    """Shown only when the namsmann has set it; until then there is help to get (boligsosialloven § 6)."""
    return [LegalDate("eviction_set_for", on, False, "tvfbl kap. 13")]


_RULES: dict[str, tuple[Callable[[Letter], date | None], Callable[[date], list[LegalDate]]]] = {
    "eviction_notice": (lambda letter: letter.left_on, _eviction_notice),
    "bailiff_letter": (lambda letter: letter.came_on, _bailiff_letter),
    "termination": (lambda letter: letter.came_on, _termination),
    "lease_expiring": (lambda letter: letter.dated_on, _lease_expiring),
    "eviction_date": (lambda letter: letter.dated_on, _eviction_date),
}
"""Which day of the letter counts, and the dates it gives."""


def _dates_of(letter: Letter) -> list[LegalDate]:
    if letter.kind not in _RULES:
        return []
    which_day, dates = _RULES[letter.kind]
    day = which_day(letter)
    return dates(day) if day else []


def legal_dates(letters: Iterable[Letter]) -> list[LegalDate]:
    """List every date the letters give, earliest first; none for a letter of unknown date or that starts no clock."""
    return sorted(
        (found for letter in letters for found in _dates_of(letter)), key=lambda found: (found.on, found.code)
    )


class Step(StrEnum):
    """What to do next in a case; the words on screen are in texts."""

    stop_eviction = "stop_eviction"
    answer_bailiff = "answer_bailiff"
    protest_termination = "protest_termination"
    pay_or_agree = "pay_or_agree"
    answer_rescission = "answer_rescission"
    act_on_warning = "act_on_warning"
    renew_lease = "renew_lease"
    call_landlord = "call_landlord"
    check_plan = "check_plan"
    help_client_who_suffers = "help_client_who_suffers"
    answer_complainant = "answer_complainant"
    check_with_neighbour = "check_with_neighbour"
    handle_incident = "handle_incident"
    handle_crisis = "handle_crisis"
    look_again = "look_again"
    contact_ward = "contact_ward"
    hold_debrief = "hold_debrief"
    see_client_after_crisis = "see_client_after_crisis"


@dataclass(frozen=True)
class NextStep:
    """What to do, the day to do it, and the paragraph that makes it matter."""

    code: Step
    on: date
    paragraph: str | None = None


@dataclass(frozen=True)
class CaseFacts:
    """What is known of a case when all its entries are folded together; only the fields of its kind are set.

    `changed_on` is the day of the newest entry: what comes later counts from it.
    """

    changed_on: date
    status: str = "open"
    letters: tuple[Letter, ...] = ()
    plan: str | None = None
    deadline_on: date | None = None
    client_role: str | None = None
    answer_given: bool = False
    outcome: str | None = None
    debrief: bool = False
    follow_ups: int = 0
    """How many of the steps after a crisis somebody has said are done."""


_LETTER_STEPS: tuple[tuple[str, Step, str], ...] = (
    ("eviction_date", Step.stop_eviction, "boligsosialloven § 6"),
    ("bailiff_letter", Step.answer_bailiff, "tvfbl § 13-6"),
    ("termination", Step.protest_termination, "husll § 9-8"),
    ("rescission", Step.answer_rescission, "husll § 9-9"),
    ("eviction_notice", Step.pay_or_agree, "tvfbl § 4-18"),
    ("written_warning", Step.act_on_warning, "husll § 9-9"),
    ("lease_expiring", Step.renew_lease, "husll § 9-2"),
)
"""The most pressing letter first."""


def _rent(facts: CaseFacts, today: date) -> NextStep | None:
    if facts.status in ("resolved", "evicted"):
        return None
    if facts.status == "agreed":
        return NextStep(Step.check_plan, max(today, facts.deadline_on or facts.changed_on + CHECK_PLAN_AFTER))
    received = {letter.kind for letter in facts.letters}
    for kind, step, paragraph in _LETTER_STEPS:
        if kind in received:
            return NextStep(step, today, paragraph)
    return NextStep(Step.check_plan if facts.plan else Step.call_landlord, today)


def _complaint(facts: CaseFacts, today: date) -> NextStep | None:
    if facts.status == "resolved":
        return None
    if not (facts.answer_given or facts.status == "answered"):
        if facts.client_role == "suffers":
            return NextStep(Step.help_client_who_suffers, today)
        return NextStep(Step.answer_complainant, today)
    return NextStep(Step.check_with_neighbour, max(today, facts.changed_on + CHECK_NEIGHBOUR_AFTER))


def _housing(facts: CaseFacts, today: date) -> NextStep | None:
    if facts.status == "handled":
        return None
    suffers = facts.client_role == "suffers"
    return NextStep(Step.help_client_who_suffers if suffers else Step.handle_incident, today)


def _crisis(facts: CaseFacts, today: date) -> NextStep | None:
    if facts.outcome is None:
        return NextStep(Step.handle_crisis, today)
    if facts.outcome == "not_found":
        return NextStep(Step.look_again, today)
    left = list(_after_crisis(facts))[facts.follow_ups :]
    return NextStep(left[0], max(today, next_working_day(facts.changed_on))) if left else None


def _after_crisis(facts: CaseFacts) -> Iterator[Step]:
    """What is done one after the other when a crisis has ended and the person is not missing."""
    if facts.debrief:
        yield Step.hold_debrief
    if facts.outcome != "died":
        ward = facts.outcome in ("admitted_voluntary", "admitted_involuntary", "municipal_bed", "own_choice_bed")
        yield Step.contact_ward if ward else Step.see_client_after_crisis


_NEXT: dict[str, Callable[[CaseFacts, date], NextStep | None]] = {
    "rent": _rent,
    "complaint": _complaint,
    "housing": _housing,
    "crisis": _crisis,
}


def next_step(kind: str, facts: CaseFacts, today: date) -> NextStep | None:
    """Say what to do next in a `rent`, `complaint`, `housing` or `crisis` case; None when it is over.

    An open rent case always has something to do today.
    """
    return _NEXT[kind](facts, today)


def deadline(facts: CaseFacts, today: date) -> date | None:
    """Give the next day something must be answered or kept by, the team's own or the law's; never a FROM date."""
    days = [found.on for found in legal_dates(facts.letters) if found.must_answer]
    days += [facts.deadline_on] if facts.deadline_on else []
    return min((day for day in days if day >= today), default=None)
