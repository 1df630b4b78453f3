"""Cases: of rent, complaints, incidents in a home and crises, each merged from the entries that carry its id."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.domain import tenancy
from fieldapp.domain.norway import day_of
from fieldapp.models import Case, Entry, EntryState
from fieldapp.models.change import mark_changed, mark_left
from fieldapp.services.casefile import case_file
from fieldapp.services.projections.states import has_effect, standing_of_case
from sync.entry_types import ENTRY_TYPES, types_that
from sync.ids import ordering_key
from sync.merge import edit, merge, values
from sync.shared_facts import CaseThen

OPENERS = types_that(lambda row: row.opens_case)
_OF_A_CASE = types_that(lambda row: row.case is not None)
CLOSING = frozenset({"resolved", "evicted", "handled", "closed"})
_NOT_FACTS = frozenset({"note", "step", "count", "complainant_name"})
"""Not of the case as a whole; who complained is kept apart, in the entry alone."""


def refresh_case(session: Session, case_id: uuid.UUID) -> None:
    """Compute one case anew; a case whose opening was struck is gone."""
    # A death that has no effect closes no crisis either: nobody who follows has seen it, and the alert goes on.
    entries = [pair for pair in standing_of_case(session, case_id, _OF_A_CASE) if has_effect(pair[0])]
    opening = next((pair for pair in entries if pair[0].type in OPENERS), None)
    case = session.get(Case, case_id)
    if opening is None:
        if case is not None:
            mark_changed(session, "case", case_id, client_id=case.client_id, team_id=case.team_id)
            case_file(session).remove(case)
            session.flush()
        return
    entry, state = opening
    is_new = case is None
    if case is None:
        assert entry.team_id is not None  # it was checked at the door
        case = Case(id=case_id, team_id=entry.team_id, client_id=state.client_id)
    if case.client_id != state.client_id:
        mark_left(session, "case", case_id, case.client_id, case.team_id)
        case_file(session).move_case(case, state.client_id)
    case.kind = str(ENTRY_TYPES[entry.type].case)
    case.opened_at = state.happened_at(entry)
    case.opened_by = entry.author_id
    case.opened_entry_id = entry.id
    case.facts = _facts(entries)
    _refresh_status(case, entries)
    case.owner_id = _owner(session, case)
    _refresh_next_step(case, day_of(_at(entries[-1])), _follow_ups(entries))
    if is_new:
        case_file(session).add(case)
    mark_changed(session, "case", case_id, client_id=case.client_id, team_id=case.team_id)


def _facts(entries: list[tuple[Entry, EntryState]]) -> dict[str, Any]:
    """The newest value of each field; letters add up instead of replacing each other."""
    edits = []
    letters: list[Any] = []
    for entry, state in entries:
        given = {name: value for name, value in state.body.items() if name not in _NOT_FACTS and value is not None}
        letters += [letter for letter in given.pop("letters", []) if letter not in letters]
        edits.append(edit(given, ordering_key(_at((entry, state)), entry.id)))
    facts = values(merge(edits))
    if letters:
        facts["letters"] = sorted(letters, key=lambda letter: (letter.get("dated_on") or "", letter["kind"]))
    return facts


def case_then(entries: list[tuple[Entry, EntryState]]) -> CaseThen | None:
    """The case as these of its entries make it, oldest first; None without its opening."""
    opening = next((pair for pair in entries if pair[0].type in OPENERS), None)
    if opening is None:
        return None
    facts = _facts(entries)
    kind, status = str(ENTRY_TYPES[opening[0].type].case), facts.get("status", "open")
    return CaseThen(kind, status, _at(opening), facts)


def _refresh_status(case: Case, entries: list[tuple[Entry, EntryState]]) -> None:
    closing = next((pair for pair in reversed(entries) if pair[0].type == "crisis_closed"), None)
    case.status = "closed" if closing else case.facts.get("status", "open")
    if case.status not in CLOSING:
        case.closed_at = None
        return
    stated = (pair for pair in reversed(entries) if pair[1].body.get("status") in CLOSING)
    case.closed_at = _at(closing or next(stated, entries[-1]))


def _at(pair: tuple[Entry, EntryState]) -> dt.datetime:
    entry, state = pair
    return state.happened_at(entry)


def _follow_ups(entries: list[tuple[Entry, EntryState]]) -> int:
    """How often somebody has told, after the end of a crisis, what was done about it: a step «other» with words.

    A step without words is of the crisis itself, from a phone that had not heard that it was over.
    """
    closed_at = max(
        (number for number, (entry, _) in enumerate(entries) if entry.type == "crisis_closed"), default=None
    )
    since = [] if closed_at is None else entries[closed_at:]
    told = (state.body for entry, state in since if entry.type == "crisis_step_logged")
    return sum(body["step"] == "other" and bool(body.get("note")) for body in told)


def _owner(session: Session, case: Case) -> uuid.UUID:
    """Who was named, else the client's primary contact, else whoever opened it: somebody always owns the next step."""
    if named := case.facts.get("owner_id"):
        return uuid.UUID(named)
    client = case_file(session).client(case.client_id) if case.client_id else None
    return (client.primary_staff_id if client else None) or case.opened_by


def _refresh_next_step(case: Case, changed_on: dt.date, follow_ups: int) -> None:
    """What to do next, counted from the day of the newest entry: a step nobody took stays on the day it was due."""
    facts = _case_facts(case, changed_on, follow_ups)
    step = tenancy.next_step(case.kind, facts, changed_on)
    case.next_step = step.code if step else None
    case.next_step_on = step.on if step else None
    if (chosen := _date(case.facts.get("next_step_on"))) and case.status not in CLOSING:
        case.next_step_on = chosen
    case.deadline_on = None if case.status in CLOSING else tenancy.deadline(facts, changed_on)


def _case_facts(case: Case, changed_on: dt.date, follow_ups: int) -> tenancy.CaseFacts:
    facts = case.facts
    letters = tuple(
        tenancy.Letter(
            letter["kind"],
            _date(letter.get("dated_on")),
            received_on=_date(letter.get("received_on")),
            sent_on=_date(letter.get("sent_on")),
        )
        for letter in facts.get("letters", [])
    )
    return tenancy.CaseFacts(
        changed_on=changed_on,
        status=case.status,
        letters=letters,
        plan=facts.get("plan"),
        deadline_on=_date(facts.get("deadline_on")),
        client_role=facts.get("client_role"),
        answer_given=bool(facts.get("answer_given")),
        outcome=facts.get("outcome"),
        debrief=bool(facts.get("debrief")),
        follow_ups=follow_ups,
    )


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
