"""What the office does to a duty list beyond setting one duty: take one off, with what is the same, and put it back.

Both are entries: `entry_corrected` and `duty_set`. A retraction cannot itself be retracted, so putting back sets anew
what stood, for whoever held it: also the part that somebody stood before it was taken over.
"""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.domain import duty as rules
from fieldapp.models import Entry
from fieldapp.services.projections.duties import DutyEntries

Bodies = list[tuple[str, dict[str, Any]]]


def the_same(session: Session, team_id: uuid.UUID, duty_id: uuid.UUID) -> list[uuid.UUID]:
    """The entries that set this duty, which stands on the team's list under this id: one, or more that say the same."""
    one = rules.same_duties(DutyEntries(session, team_id).duties)
    return sorted((id_ for id_, same in one.items() if same == one.get(duty_id)), key=str)


def to_put_back(session: Session, removed: Iterable[uuid.UUID]) -> tuple[uuid.UUID | None, Bodies]:
    """The team, and the entries that set again what stood of these duties, as if they had not been removed."""
    wanted = set(removed)
    entries = [entry for id_ in sorted(wanted, key=str) if (entry := session.get(Entry, id_)) is not None]
    team_ids = {entry.subject_id for entry in entries if entry.type == "duty_set"}
    team_id = team_ids.pop() if len(team_ids) == 1 and len(entries) == len(wanted) else None
    if team_id is None:
        return None, []
    read = DutyEntries(session, team_id)
    kept = [replace(duty, removed_at=None) if duty.id in wanted else duty for duty in read.duties]
    before, as_if_kept = (
        rules.hand_over(*rules.as_one(duties, read.offers.values()), read.takings).spans
        for duties in (read.duties, kept)
    )
    missing = [span for id_, span in as_if_kept.items() if before.get(id_) != span]
    return team_id, [("duty_set", _body(team_id, span)) for span in sorted(missing, key=lambda span: span.from_at)]


def _body(team_id: uuid.UUID, span: rules.DutySpan) -> dict[str, Any]:
    return {
        "team_id": str(team_id),
        "staff_id": str(span.staff_id),
        "duty": str(span.duty),
        "from_at": span.from_at.isoformat(),
        "to_at": span.to_at.isoformat(),
    }
