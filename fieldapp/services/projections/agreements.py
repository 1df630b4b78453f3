"""The terms of each client's watch: what the registration said, then every `watch_set` and withdrawal in order."""

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.domain.norway import add_months, day_of
from fieldapp.domain.watch import longest_gap
from fieldapp.models import Agreement, Client, Entry, EntryState
from fieldapp.models.change import mark_changed
from fieldapp.services.casefile import Pair, case_file
from fieldapp.services.projections.merges import fold
from fieldapp.services.projections.states import body_of, standing
from sync.entry_types import ENTRY_TYPES, parse_body, type_that, types_that

DEFAULT_MINUTES = 1440
REVIEW_AFTER_MONTHS = 3
_REGISTERS = type_that(lambda row: row.registers)
_TYPES = types_that(lambda row: row.terms is not None or row.follow_up == "resumes" or row.merges)


@dataclass
class Terms:
    """The columns of the watch that come from agreements; the defaults are those of a client nobody has asked yet."""

    team_id: uuid.UUID
    since_at: dt.datetime
    mode: str = "interval"
    interval_minutes: int = DEFAULT_MINUTES
    counts: list[str] = field(default_factory=lambda: ["seen"])
    sources: list[str] | None = None
    shifts: list[str] = field(default_factory=list)
    may_enter: bool = False
    key_ref: str | None = None
    tighten_days: int | None = None
    when_closed: str | None = None
    pause_with_others: bool = False
    review_on: dt.date | None = None
    agreed: bool = False


def refresh_agreements(session: Session, client: Client) -> Terms:
    """Compute the terms that hold now, and the client's agreement rows with them. Of two that were merged the shortest
    clock wins; nobody may enter, and no key is named, until a new agreement says so."""
    registered = {state.own_client_id: (entry, state) for entry, state in _registrations(session, client)}
    struck = case_file(session).state(client.registered_entry_id)

    def begin(client_id: uuid.UUID) -> _Agreed:
        if client_id not in registered:
            return _Agreed(_registered_terms(struck, client.registered_at))
        entry, state = registered[client_id]
        return _Agreed(_registered_terms(state, state.happened_at(entry)))

    agreed = fold(client.id, standing(session, *_TYPES, client_id=client.id), begin, _joined)
    for row in agreed.rows.values():
        row.client_id = client.id
    for agreement_id in case_file(session).replace(Agreement, client.id, agreed.rows):
        mark_changed(session, "agreement", agreement_id, client_id=client.id)
    return agreed.terms


@dataclass
class _Agreed:
    """What is agreed under one id, so far."""

    terms: Terms
    rows: dict[uuid.UUID, Agreement] = field(default_factory=dict)

    def take(self, pair: Pair) -> None:
        entry, state = pair
        at, row = state.happened_at(entry), ENTRY_TYPES[entry.type]
        if row.terms == "set":
            _end_rows(self.rows, at, how=None)
            self.terms = _agreed_terms(self.terms, entry, state)
            review_on = self.terms.review_on
            self.rows[entry.id] = Agreement(id=entry.id, kind="watch", made_at=at, review_on=review_on)
        elif row.follow_up == "resumes":
            self.terms.since_at = max(self.terms.since_at, at)
        elif state.body["kind"] == "watch":
            # A no at the door beats a yes on paper; the clock itself runs on until a new agreement.
            self.terms.may_enter, self.terms.key_ref = False, None
            _end_rows(self.rows, at, how=state.body["how"])


def _joined(duplicate: _Agreed, other: _Agreed, at: dt.datetime) -> _Agreed:
    """The shorter clock, counting only what both count; what it is not agreed to do, the other one's yes does not
    allow."""
    shorter, longer = sorted((other, duplicate), key=lambda one: _gap(one.terms))
    _end_rows(longer.rows, at, how=None)
    return _Agreed(_shortest(shorter.terms, longer.terms), longer.rows | shorter.rows)


def _shortest(shorter: Terms, longer: Terms) -> Terms:
    counted = shorter.counts if longer.mode == "off" else longer.counts
    reviews = [day for day in (shorter.review_on, longer.review_on) if day is not None]
    return replace(
        shorter,
        since_at=shorter.since_at if longer.mode == "off" else min(shorter.since_at, longer.since_at),
        counts=[degree for degree in shorter.counts if degree in counted],
        sources=_sources(shorter, longer),
        may_enter=False,
        key_ref=None,
        tighten_days=max(shorter.tighten_days or 0, longer.tighten_days or 0) or None,
        pause_with_others=shorter.pause_with_others and longer.pause_with_others,
        review_on=min(reviews, default=None),
    )


def _gap(terms: Terms) -> dt.timedelta:
    return longest_gap(terms.mode, terms.interval_minutes, tuple(terms.shifts))


def _sources(shorter: Terms, longer: Terms) -> list[str] | None:
    """Those that both take a report from; of a clock that is off, what it would take says nothing."""
    if longer.mode == "off" or longer.sources is None:
        return shorter.sources
    return longer.sources if shorter.sources is None else [one for one in shorter.sources if one in longer.sources]


def _registrations(session: Session, client: Client) -> list[Pair]:
    return standing(session, _REGISTERS, client_id=client.id)


def _registered_terms(registration: EntryState, at: dt.datetime) -> Terms:
    body: Any = parse_body(_REGISTERS, registration.body)
    terms = Terms(team_id=body.team_id, since_at=at)
    if body.watch:
        terms.mode = str(body.watch.mode)
        terms.interval_minutes = body.watch.interval_minutes or DEFAULT_MINUTES
        terms.agreed = True
    return terms


def _agreed_terms(before: Terms, entry: Entry, state: EntryState) -> Terms:
    body, at = body_of(entry, state), state.happened_at(entry)
    turned_on = before.mode == "off" and body.mode != "off"
    return Terms(
        team_id=body.team_id or before.team_id,
        since_at=at if turned_on else before.since_at,
        mode=str(body.mode),
        interval_minutes=body.interval_minutes or DEFAULT_MINUTES,
        counts=[str(degree) for degree in body.counts or ["seen"]],
        sources=[str(source) for source in body.sources] or None,
        shifts=[str(shift) for shift in body.shifts or []],
        may_enter=bool(body.may_enter),
        key_ref=body.key_ref if body.may_enter else None,
        tighten_days=body.tighten_days,
        when_closed=str(body.when_closed) if body.when_closed else None,
        pause_with_others=bool(body.pause_with_others),
        review_on=body.review_on or add_months(day_of(at), REVIEW_AFTER_MONTHS),
        agreed=True,
    )


def _end_rows(rows: dict[uuid.UUID, Agreement], at: dt.datetime, *, how: str | None) -> None:
    for row in rows.values():
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_how = at, how
