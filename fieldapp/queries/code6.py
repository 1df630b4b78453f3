"""What is shown of a client of code 6 besides the rules for everybody: where help was asked for, for a day, and no text
that tells a place; and the texts from before that nobody has gone through."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import protection
from fieldapp.domain.access import Viewer
from fieldapp.models import AccessLimit, Alert, Entry, EntryState, Notification, Staff, TextReview
from fieldapp.models.access import LISTED
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.models.merged import all_of
from fieldapp.models.read_log import shown
from fieldapp.models.text_review import with_place
from fieldapp.queries.partly import part, partly_read, told
from fieldapp.queries.visible import is_shown, sees

Pair = tuple[Entry, EntryState]


@dataclass(frozen=True)
class Body:
    """How the bodies of some entries are shown: which the viewer is rung about, and whose texts tell a place."""

    responds_to: Collection[UUID] = ()
    with_place: Collection[UUID] = ()

    def of(self, entry: Entry, body: dict[str, Any], protected: str | None) -> dict[str, Any]:
        """The body as it is shown."""
        told = protection.shown(body, protected or "none", is_responder=entry.id in self.responds_to)
        return protection.without_texts(told) if entry.id in self.with_place else told


def bodies(session: Session, viewer: Viewer | None, rows: Sequence[tuple[Entry, str | None]], now: dt.datetime) -> Body:
    """For these entries, each with its client's protection; nobody in particular: as whoever is not rung."""
    protected = [entry for entry, code in rows if code == "code6"]
    if not protected:
        return Body()
    ids = [entry.id for entry in protected]
    places = set(session.scalars(with_place().where(TextReview.entry_id.in_(ids))))
    since = now - protection.SHOWN_TO_RESPONDERS
    calls = [entry for entry in protected if entry.type in protection.CALLS and entry.received_at > since]
    return Body(_rung(session, viewer, calls) if viewer and calls else (), places)


def _rung(session: Session, viewer: Viewer, calls: Sequence[Entry]) -> set[UUID]:
    """Those of these calls about whose alert the person was told, or that they have."""
    about = {subject: entry.id for entry in calls for subject in (entry.id, entry.case_id) if subject}
    was_told = select(Notification.id).where(
        Notification.alert_id == Alert.id, Notification.staff_id == viewer.staff_id
    )
    query = select(Alert.subject_id).where(
        Alert.subject_id.in_(about), or_(Alert.owner_id == viewer.staff_id, was_told.exists())
    )
    return {about[subject_id] for subject_id in session.scalars(query)}


@dataclass(frozen=True)
class OldText:
    """The free texts of one entry from before the code; `verdict`: what was said of them last, where it still holds."""

    entry_id: UUID
    type: str
    at: dt.datetime
    author: str
    texts: tuple[str, ...]
    verdict: str | None


def old_texts(session: Session, viewer: Viewer, client_id: UUID) -> list[OldText]:
    """All there are of a client of code 6 within sight, oldest first; none of any other."""
    since = session.scalars(
        select(AccessLimit.since_at).where(AccessLimit.client_id == client_id, AccessLimit.kind == LISTED).limit(1)
    ).first()
    is_seen = sees(session, viewer, client_id)  # asked in any case: how long it takes tells nothing
    if since is None or not is_seen:
        return []
    query = (
        select(Entry, EntryState, Staff.name)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .join(Staff, Staff.id == Entry.author_id)
        .where(EntryState.client_id == client_id, is_shown(viewer), since > HAPPENED_AT)
        .where(EntryState.struck_as.is_distinct_from("wrong_client"))
        .order_by(HAPPENED_AT, Entry.id)
    )
    rows = [(entry, state, name) for entry, state, name in session.execute(query)]
    partly = partly_read(session, viewer, [told(entry) for entry, _, _ in rows])
    verdicts = _verdicts(session, client_id, [(entry, state) for entry, state, _ in rows])
    found = [
        OldText(entry.id, entry.type, state.happened_at(entry), name, texts, verdicts.get(entry.id))
        for entry, state, name in rows
        if (texts := tuple(protection.texts_in(part(state.body, partly.get(entry.id, state.body)))))
    ]
    for one in found:
        shown(session, "entry", client_id, one.entry_id)
    return found


def waiting(session: Session, viewer: Viewer, client_id: UUID) -> int:
    """How many of them nobody has gone through."""
    return sum(1 for one in old_texts(session, viewer, client_id) if one.verdict is None)


def _verdicts(session: Session, client_id: UUID, pairs: Sequence[Pair]) -> dict[UUID, str]:
    """The newest by entry; what was corrected since is gone through anew."""
    newest: dict[UUID, TextReview] = {}
    for review in session.scalars(
        select(TextReview).where(TextReview.client_id.in_(all_of(client_id))).order_by(TextReview.id)
    ):
        newest[review.entry_id] = review
    by = {state.amended_by for _, state in pairs if state.amended_by}
    corrected: dict[UUID | None, dt.datetime] = (
        dict(session.execute(select(Entry.id, Entry.received_at).where(Entry.id.in_(by))).all()) if by else {}
    )
    return {
        entry.id: newest[entry.id].verdict
        for entry, state in pairs
        if entry.id in newest and not _since(corrected.get(state.amended_by), newest[entry.id])
    }


def _since(corrected_at: dt.datetime | None, review: TextReview) -> bool:
    return corrected_at is not None and corrected_at > review.at
