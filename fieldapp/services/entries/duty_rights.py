"""Whether a duty may be offered and taken over: for admission.py.

Who holds a duty *now* is for the projection, since order must not matter: an offer that comes in before the yes that
gave its author the duty is as good as one that comes after. Here the author must be one of those it may have come to.
"""

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.errors import Rejected
from fieldapp.models import Entry, Staff
from sync.entry_types import type_that

_SET = type_that(lambda row: row.points_at == "own_team")
_OFFERED = type_that(lambda row: row.points_at == "offered_duty")


def offered_in(session: Session, author: Viewer, body: Any) -> uuid.UUID:
    """The team in which the author offers a duty of their own. Raises Rejected."""
    duty = _in_team_of(session, author, _SET, body.duty_id, "body.duty_id")
    team_id = duty.subject_id
    assert team_id is not None  # every duty names its team
    if author.staff_id not in _may_have_held(session, duty):
        raise Rejected("not_permitted", "body.duty_id")
    if body.to_staff_id == author.staff_id:
        raise Rejected("invalid_body", "body.to_staff_id")
    if body.in_return_for is not None:
        back = _in_team_of(session, author, _SET, body.in_return_for, "body.in_return_for")
        if back.subject_id != team_id or body.to_staff_id not in _may_have_held(session, back):
            raise Rejected("unknown_reference", "body.in_return_for")
    if _is_peer(session, body.to_staff_id) and not _was_put_on_duty(session, team_id, body.to_staff_id):
        raise Rejected("unknown_reference", "body.to_staff_id")
    return team_id


def taken_in(session: Session, author: Viewer, body: Any) -> uuid.UUID:
    """The team in which the author says yes to an offer that was made to them. Raises Rejected."""
    offer = _in_team_of(session, author, _OFFERED, body.handed_over_id, "body.handed_over_id")
    assert offer.subject_id is not None  # an offer has its duty's team
    if was_offered_to(offer) != author.staff_id:
        raise Rejected("not_permitted", "body.handed_over_id")
    return offer.subject_id


def was_offered_to(entry: Entry) -> uuid.UUID | None:
    """Whom a duty was offered to, or None for an entry that offers none."""
    return uuid.UUID(entry.body["to_staff_id"]) if entry.type == _OFFERED else None


def _in_team_of(session: Session, author: Viewer, type_: str, entry_id: uuid.UUID, field: str) -> Entry:
    """An entry that was taken back still counts, and so does one whose duty is over."""
    entry = session.get(Entry, entry_id)
    if entry is None or entry.type != type_ or entry.subject_id not in author.team_ids:
        raise Rejected("unknown_reference", field)
    return entry


def _may_have_held(session: Session, duty: Entry) -> set[uuid.UUID]:
    """Whom the leader set it for, and everybody it was ever to go to."""
    about = select(Entry).where(Entry.subject_id == duty.id, Entry.type == "entry_corrected")
    corrected = [entry.body.get("body") or {} for entry in session.scalars(about)]
    set_for = [duty.body["staff_id"], *(body["staff_id"] for body in corrected if "staff_id" in body)]
    return {*map(uuid.UUID, set_for), *_was_to_get(session, duty)}


def _was_to_get(session: Session, duty: Entry) -> Iterator[uuid.UUID]:
    offers = select(Entry).where(Entry.subject_id == duty.subject_id, Entry.type == _OFFERED)
    for offer in session.scalars(offers):
        if uuid.UUID(offer.body["duty_id"]) == duty.id:
            yield uuid.UUID(offer.body["to_staff_id"])
        back = offer.body.get("in_return_for")
        if back and uuid.UUID(back) == duty.id:
            yield offer.author_id


def _is_peer(session: Session, staff_id: uuid.UUID) -> bool:
    return session.scalar(select(Staff.role).where(Staff.id == staff_id)) == "peer"


def _was_put_on_duty(session: Session, team_id: uuid.UUID, staff_id: uuid.UUID) -> bool:
    """A peer is asked only when the leader has put them on the list, as a full member of the team."""
    duties = session.scalars(select(Entry.body).where(Entry.subject_id == team_id, Entry.type == _SET))
    return any(uuid.UUID(body["staff_id"]) == staff_id for body in duties)
