"""Hand-overs of a client's watch to another team: asked by the closing one, theirs once somebody there has taken it."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from fieldapp.models import HandOver
from fieldapp.models.change import mark_changed
from fieldapp.services.casefile import case_file
from fieldapp.services.projections.states import body_of, standing

LONGEST = dt.timedelta(days=14)


def refresh_hand_overs(session: Session, client_id: uuid.UUID) -> None:
    """Compute this client's hand-overs anew; the first who took one has it."""
    found: dict[uuid.UUID, HandOver] = {}
    for entry, state in standing(session, "watch_handed_over", client_id=client_id):
        body, at = body_of(entry, state), state.happened_at(entry)
        assert entry.team_id is not None  # an entry about a client has one: it was checked at the door
        found[entry.id] = HandOver(
            id=entry.id,
            client_id=client_id,
            from_team_id=entry.team_id,
            to_team_id=body.to_team_id,
            asked_by=entry.author_id,
            asked_at=at,
            until_at=min(body.until_at.astimezone(dt.UTC), at + LONGEST),
        )
    for entry, state in standing(session, "watch_taken_over", client_id=client_id):
        hand_over = found.get(body_of(entry, state).handed_over_id)
        if hand_over is not None and hand_over.taken_at is None:
            hand_over.taken_by, hand_over.taken_at = entry.author_id, state.happened_at(entry)
    for hand_over_id in case_file(session).replace(HandOver, client_id, found):
        mark_changed(session, "hand_over", hand_over_id, client_id=client_id)
