"""The terms of each client's watch: what the registration said, then every `watch_set` and withdrawal in order."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.domain.norway import add_months, day_of
from fieldapp.models import Agreement, Client, Entry, EntryState
from fieldapp.models.change import mark_changed
from fieldapp.services.casefile import case_file
from fieldapp.services.projections.states import body_of, standing
from sync.entry_types import ENTRY_TYPES, parse_body, type_that, types_that

DEFAULT_MINUTES = 1440
REVIEW_AFTER_MONTHS = 3
_REGISTERS = type_that(lambda row: row.registers)
_TYPES = types_that(lambda row: row.terms is not None or row.follow_up == "resumes")


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
    """Compute the terms that hold now, and the client's agreement rows with them."""
    terms = _registered_terms(session, client)
    rows: dict[uuid.UUID, Agreement] = {}
    for entry, state in standing(session, *_TYPES, client_id=client.id):
        at, row = state.happened_at(entry), ENTRY_TYPES[entry.type]
        if row.terms == "set":
            _end_rows(rows, at, how=None)
            terms = _agreed_terms(terms, entry, state)
            rows[entry.id] = Agreement(
                id=entry.id, client_id=client.id, kind="watch", made_at=at, review_on=terms.review_on
            )
        elif row.follow_up == "resumes":
            terms.since_at = max(terms.since_at, at)
        elif state.body["kind"] == "watch":
            # A no at the door beats a yes on paper; the clock itself runs on until a new agreement.
            terms.may_enter, terms.key_ref = False, None
            _end_rows(rows, at, how=state.body["how"])
    for agreement_id in case_file(session).replace(Agreement, client.id, rows):
        mark_changed(session, "agreement", agreement_id, client_id=client.id)
    return terms


def _registered_terms(session: Session, client: Client) -> Terms:
    registration = case_file(session).state(client.registered_entry_id)
    body: Any = parse_body(_REGISTERS, registration.body)
    terms = Terms(team_id=body.team_id, since_at=client.registered_at)
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
