"""What a leader has set for a team: whole, from the newest `team_setting_set` of each key."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import Entry, EntryState, TeamSetting
from fieldapp.models.change import mark_changed
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.services.casefile import Pair
from sync.entry_types import types_that

_SETS = types_that(lambda row: "team_settings" in row.refreshes)


def refresh_team_settings(session: Session, team_id: uuid.UUID) -> None:
    """Compute one team's settings anew; one whose last word was retracted is as it was before."""
    wanted: dict[str, TeamSetting] = {}
    for entry, state in newest_of_team(session, _SETS, team_id):
        key, value = state.body["key"], state.body["value"]
        wanted[key] = TeamSetting(team_id=team_id, key=key, value=value, set_by_entry_id=entry.id)
    for row in session.scalars(select(TeamSetting).where(TeamSetting.team_id == team_id)).all():
        if row.key not in wanted:
            session.delete(row)
    for row in wanted.values():
        session.merge(row)
    session.flush()
    mark_changed(session, "team", team_id, team_id=team_id)


def newest_of_team(session: Session, types: Collection[str], team_id: uuid.UUID) -> list[Pair]:
    """A team's entries of these types that nobody has struck, the newest last."""
    session.flush()
    query = (
        select(Entry, EntryState)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.type.in_(types), Entry.subject_id == team_id, EntryState.struck_by.is_(None))
        .order_by(HAPPENED_AT, Entry.id)
        .execution_options(populate_existing=True)
    )
    return [(entry, state) for entry, state in session.execute(query)]
