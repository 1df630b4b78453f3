"""Who is on duty and which offers wait, computed from the entries of a team. The rules are domain/duty.py."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import duty as rules
from fieldapp.models import Base, Duty, DutyOffer, Entry, EntryState, Team
from fieldapp.models.change import mark_changed
from fieldapp.services.projections.states import body_of
from sync.entry_types import ENTRY_TYPES, types_that

_TYPES = types_that(lambda row: "duties" in row.settles)
Rows = dict[uuid.UUID, dict[str, Any]]


def refresh_duties(session: Session, team_id: uuid.UUID) -> None:
    """Compute this team's duty list and offers, and tell the phones of each duty that is not as it was."""
    # Whoever else changes the list waits here: each computes it from what is committed and their own.
    team = session.get_one(Team, team_id, populate_existing=True, with_for_update={"key_share": True})
    read = DutyEntries(session, team_id)
    holds = rules.hand_over(*rules.as_one(read.duties, read.offers.values()), read.takings)
    changed = _replace(session, Duty, team_id, {id_: _span_fields(span) for id_, span in holds.spans.items()})
    offers = {id_: _offer_fields(read.offers[id_]) | {"taken_at": at} for id_, at in holds.offers.items()}
    changed |= _of_which_duty(session, _replace(session, DutyOffer, team_id, offers), read)
    if team.duty_ever_set != bool(read.duties):
        team.duty_ever_set = bool(read.duties)
        mark_changed(session, "team", team_id, team_id=team_id)
    session.flush()
    for duty_id in changed:
        mark_changed(session, "duty", duty_id, team_id=team_id)


class DutyEntries:
    """Everything a team has ever written about duty. A duty that was taken off the list has still been handed over."""

    def __init__(self, session: Session, team_id: uuid.UUID) -> None:
        self.duties: list[rules.SetDuty] = []
        self.offers: dict[uuid.UUID, rules.Offer] = {}
        self.takings: list[rules.Taking] = []
        strike = aliased(Entry)
        query = (
            select(Entry, EntryState, strike.clock_at)
            .join(EntryState, EntryState.entry_id == Entry.id)
            .outerjoin(strike, strike.id == EntryState.struck_by)
            .where(Entry.subject_id == team_id, Entry.type.in_(_TYPES))
        )
        for entry, state, struck_at in session.execute(query):
            body = body_of(entry, state)
            if ENTRY_TYPES[entry.type].points_at == "own_team":
                span = rules.DutySpan(body.staff_id, body.duty, body.from_at, body.to_at)
                self.duties.append(rules.SetDuty(entry.id, span, struck_at))
            elif state.struck_by is None:
                self._hand_over(entry, body, state.happened_at(entry))

    def _hand_over(self, entry: Entry, body: Any, at: dt.datetime) -> None:
        if ENTRY_TYPES[entry.type].points_at == "taken_duty":
            self.takings.append(rules.Taking(entry.id, body.handed_over_id, entry.author_id, at))
        else:
            self.offers[entry.id] = rules.Offer(
                entry.id, body.duty_id, entry.author_id, body.to_staff_id, body.in_return_for, at
            )


def _span_fields(span: rules.DutySpan) -> dict[str, Any]:
    return {"staff_id": span.staff_id, "duty": str(span.duty), "from_at": span.from_at, "to_at": span.to_at}


def _offer_fields(offer: rules.Offer) -> dict[str, Any]:
    names = ("duty_id", "from_staff_id", "to_staff_id", "in_return_for", "made_at")
    return {name: getattr(offer, name) for name in names}


def _replace(session: Session, model: type[Duty] | type[DutyOffer], team_id: uuid.UUID, wanted: Rows) -> set[uuid.UUID]:
    """Make the team's rows those wanted; the ids of those that are new, gone or different."""
    query = select(model).where(model.team_id == team_id).execution_options(populate_existing=True)
    rows: Any = session.scalars(query)
    standing = {row.id: row for row in rows}
    changed = set(standing.keys() ^ wanted.keys())
    for id_ in standing.keys() - wanted.keys():
        session.delete(standing[id_])
    for id_ in wanted.keys() - standing.keys():
        session.add(model(id=id_, team_id=team_id, **wanted[id_]))
    for id_ in standing.keys() & wanted.keys():
        changed |= {id_} if _change(standing[id_], wanted[id_]) else set()
    return changed


def _change(row: Base, wanted: dict[str, Any]) -> bool:
    different = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _of_which_duty(session: Session, offer_ids: set[uuid.UUID], read: DutyEntries) -> set[uuid.UUID]:
    """The duties these offers are about; an offer that was taken back is no longer among those read."""
    gone = [id_ for id_ in offer_ids if id_ not in read.offers]
    bodies = session.scalars(select(Entry.body).where(Entry.id.in_(gone))) if gone else ()
    known = {read.offers[id_].duty_id for id_ in offer_ids if id_ in read.offers}
    return known | {uuid.UUID(body["duty_id"]) for body in bodies}
