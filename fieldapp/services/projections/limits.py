"""Whom a client does not exist for, whatever team they work in: what was said last of each person."""

import datetime as dt
import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from fieldapp.models import AccessLimit
from fieldapp.models.access import BLOCKED, LISTED
from fieldapp.services.casefile import case_file
from fieldapp.services.projections.states import body_of, standing
from sync.entry_types import ENTRY_TYPES, types_that

_BLOCKS = types_that(lambda row: row.limits in ("blocks", "unblocks"))
_LISTS = types_that(lambda row: row.limits == "lists")
_EDITS = types_that(lambda row: row.card == "fields")


def refresh_limits(session: Session, client_id: uuid.UUID) -> bool:
    """Compute this client's limits anew; whether any is otherwise than it was."""
    found = {limit.id: limit for limit in [*_blocked(session, client_id).values(), *_listed(session, client_id)]}
    file = case_file(session)
    if _seen(found.values()) == _seen(file.rows(AccessLimit, client_id)):
        return False
    file.replace(AccessLimit, client_id, found)
    return True


def _blocked(session: Session, client_id: uuid.UUID) -> dict[uuid.UUID, AccessLimit]:
    """By person. Blocked again while blocked: since the first time."""
    found: dict[uuid.UUID, AccessLimit] = {}
    for entry, state in standing(session, *_BLOCKS, client_id=client_id):
        staff_id = body_of(entry, state).staff_id
        if ENTRY_TYPES[entry.type].limits == "unblocks":
            found.pop(staff_id, None)
        elif staff_id not in found:
            found[staff_id] = _limit(client_id, staff_id, BLOCKED, state.happened_at(entry), entry.id)
    return found


def _listed(session: Session, client_id: uuid.UUID) -> list[AccessLimit]:
    """Those who alone see a client of code 6: of the newest list, and before there is one, whoever set the code."""
    client = case_file(session).client(client_id)
    if client is None or client.protected != "code6":
        return []
    edits = standing(session, *_EDITS, client_id=client_id)
    setting, state = next(
        pair for pair in reversed(edits) if (pair[1].body.get("fields") or {}).get("protected") == "code6"
    )
    since_at = state.happened_at(setting)
    lists = standing(session, *_LISTS, client_id=client_id)
    if not lists:
        return [_limit(client_id, setting.author_id, LISTED, since_at, setting.id)]
    entry, said = lists[-1]
    return [_limit(client_id, one, LISTED, since_at, entry.id) for one in dict.fromkeys(body_of(entry, said).staff_ids)]


def _limit(
    client_id: uuid.UUID, staff_id: uuid.UUID, kind: str, since_at: dt.datetime, entry_id: uuid.UUID
) -> AccessLimit:
    return AccessLimit(
        id=uuid.uuid5(client_id, f"{kind} {staff_id}"),
        client_id=client_id,
        staff_id=staff_id,
        kind=kind,
        since_at=since_at,
        set_by_entry_id=entry_id,
    )


def _seen(limits: Iterable[AccessLimit]) -> set[tuple[object, ...]]:
    return {(one.id, one.since_at, one.set_by_entry_id) for one in limits}
