"""Whom a client does not exist for, whatever team they work in: what was said last of each person."""

import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from fieldapp.models import AccessLimit
from fieldapp.models.access import BLOCKED
from fieldapp.services.casefile import case_file
from fieldapp.services.projections.states import body_of, standing
from sync.entry_types import ENTRY_TYPES, types_that

_TYPES = types_that(lambda row: row.limits is not None)


def refresh_limits(session: Session, client_id: uuid.UUID) -> bool:
    """Compute this client's limits anew; whether any is otherwise than it was."""
    found = {limit.id: limit for limit in _blocked(session, client_id).values()}
    file = case_file(session)
    if _seen(found.values()) == _seen(file.rows(AccessLimit, client_id)):
        return False
    file.replace(AccessLimit, client_id, found)
    return True


def _blocked(session: Session, client_id: uuid.UUID) -> dict[uuid.UUID, AccessLimit]:
    """By person. Blocked again while blocked: since the first time."""
    found: dict[uuid.UUID, AccessLimit] = {}
    for entry, state in standing(session, *_TYPES, client_id=client_id):
        staff_id = body_of(entry, state).staff_id
        if ENTRY_TYPES[entry.type].limits == "unblocks":
            found.pop(staff_id, None)
        elif staff_id not in found:
            found[staff_id] = AccessLimit(
                id=uuid.uuid5(client_id, f"{BLOCKED} {staff_id}"),
                client_id=client_id,
                staff_id=staff_id,
                kind=BLOCKED,
                since_at=state.happened_at(entry),
                set_by_entry_id=entry.id,
            )
    return found


def _seen(limits: Iterable[AccessLimit]) -> set[tuple[object, ...]]:
    return {(one.id, one.since_at, one.set_by_entry_id) for one in limits}
