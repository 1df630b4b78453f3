"""The clock behind a `not_seen` alert: the agreement as it was known then, what the clock was counted from, and every
contact that did not stop it. The rules are in domain/alert_story.py."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import alert_story as rules
from fieldapp.domain.access import Viewer
from fieldapp.models import Absence, Alert, Client, Entry, EntryState, HandCheck
from fieldapp.queries.alerts.facts import Fact, facts
from sync.entry_types import ENTRY_TYPES, types_that

LOOKS_BACK = dt.timedelta(days=14)
"""How far back contacts are listed for somebody who had never been seen."""
MET = ("seen", "heard", "reported")
TERMS_TYPES = types_that(lambda row: row.registers or row.terms is not None)
_WITHDRAWS = types_that(lambda row: row.terms == "withdrawn")


@dataclass(frozen=True)
class TermsThen:
    """The agreement as it was known when the alert opened. `fact`: the entry that set it; None: nobody had asked."""

    clock: rules.Terms
    fact: Fact | None
    withdrawn: Fact | None
    may_enter: bool
    shifts: tuple[str, ...]
    tighten_days: int | None
    when_closed: str | None
    review_on: str | None
    pause_with_others: bool


@dataclass(frozen=True)
class Contact:
    """A contact or attempt, and what it did to the clock (domain/alert_story.py)."""

    fact: Fact
    degree: str
    verdict: str


@dataclass(frozen=True)
class Clock:
    """What the clock was counted from, and the last contact that counted."""

    counted: rules.Counted
    last: Fact | None


def terms_then(session: Session, viewer: Viewer, alert: Alert) -> TermsThen:
    """The agreement, folded from the entries that had come in, and were not struck, when the alert opened."""
    known = facts(
        session,
        viewer,
        EntryState.client_id == alert.client_id,
        Entry.type.in_(TERMS_TYPES),
        Entry.received_at <= alert.opened_at,
    )
    standing = [one for one in known if one.struck is None or one.struck.at > alert.opened_at]
    fact, withdrawn = _last_agreed(standing)
    body = _watch_in(fact) if fact else {}
    return TermsThen(
        clock=rules.Terms(
            body.get("mode", "interval"),
            body.get("interval_minutes") or rules.Terms.interval_minutes,
            bool(body.get("tighten_days")),
            tuple(body.get("counts") or rules.Terms.counts),
            tuple(body["sources"]) if body.get("sources") else None,
        ),
        fact=fact,
        withdrawn=withdrawn,
        may_enter=bool(body.get("may_enter")) and withdrawn is None,
        shifts=tuple(body.get("shifts") or ()),
        tighten_days=body.get("tighten_days"),
        when_closed=body.get("when_closed"),
        review_on=body.get("review_on"),
        pause_with_others=bool(body.get("pause_with_others")),
    )


def _last_agreed(standing: list[Fact]) -> tuple[Fact | None, Fact | None]:
    """The entry that set the agreement, and the one that withdrew it since."""
    watches = [one for one in standing if one.type not in _WITHDRAWS and _watch_in(one)]
    fact = next(reversed(watches), None)
    withdrawn = [one for one in standing if one.type in _WITHDRAWS and one.body.get("kind") == "watch"]
    return fact, next((one for one in reversed(withdrawn) if fact is None or one.at > fact.at), None)


def _watch_in(fact: Fact) -> dict[str, Any]:
    """A registration may carry the first, short form of the agreement."""
    return fact.body.get("watch") or {} if ENTRY_TYPES[fact.type].registers else fact.body


def clock_of(session: Session, viewer: Viewer, alert: Alert, terms: TermsThen) -> Clock:
    """What the alert's moment was counted from."""
    seen = facts(
        session, viewer, EntryState.client_id == alert.client_id, EntryState.contact_at == alert.unseen_since_at
    )
    client = session.get(Client, alert.client_id) if alert.client_id else None
    absences = session.scalars(select(Absence).where(Absence.client_id == alert.client_id)).all()
    checks = select(HandCheck.next_check_at).where(HandCheck.client_id == alert.client_id)
    moments = rules.Moments(
        contact_at=alert.unseen_since_at,
        registered_at=client.registered_at if client else None,
        agreed_at=terms.fact.at if terms.fact else None,
        absence_ends={at for one in absences for at in (one.ended_at, one.expected_end_at) if at},
        next_checks=set(session.scalars(checks)),
    )
    counted = rules.counted_from(alert.due_at, terms.clock, moments)
    return Clock(counted, next((one for one in seen if one.degree in MET), None))


def contacts(
    session: Session, viewer: Viewer, alert: Alert, terms: TermsThen, ends_at: dt.datetime
) -> tuple[Contact, ...]:
    since = alert.unseen_since_at or alert.due_at - LOOKS_BACK
    found = facts(
        session,
        viewer,
        EntryState.client_id == alert.client_id,
        EntryState.contact_at > since,
        EntryState.contact_at <= ends_at,
    )
    return tuple(
        Contact(
            one,
            one.degree_as_written,
            rules.verdict_on_contact(
                one.degree_as_written,
                one.source,
                terms.clock,
                struck=one.struck is not None,
                arrived_after=one.contact_at <= alert.opened_at < one.received_at,
            ),
        )
        for one in found
        if one.is_contact
    )
