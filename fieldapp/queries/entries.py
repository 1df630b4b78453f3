"""Accepted entries as a page shows them: who wrote what when, and what later entries did to it."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from fieldapp.domain.access import PARTLY_SHARED, Viewer
from fieldapp.domain.contact import Degree
from fieldapp.models import Client, Entry, EntryState
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.models.read_log import shown
from fieldapp.queries.entry_rows import CORRECTION, EntryRow, entry_rows
from fieldapp.queries.visible import is_shown, visible_clients
from sync.entry_types import types_that


def one_entry(session: Session, viewer: Viewer, entry_id: UUID) -> EntryRow | None:
    """One entry, opened; None when it does not exist for the viewer."""
    found = next(iter(entry_rows(session, viewer, and_(Entry.id == entry_id, visible_entries(viewer)))), None)
    if found is not None:
        shown(session, "entry", found.client_id, found.id, opened=True)
    return found


def corrections_of(session: Session, viewer: Viewer, entry_id: UUID) -> list[EntryRow]:
    """What has been said of the entry since, oldest first."""
    return _rows(session, viewer, and_(Entry.type == CORRECTION, Entry.subject_id == entry_id))


def found_of_client(
    session: Session, viewer: Viewer, client_id: UUID, wanted: ColumnElement[bool], limit: int
) -> list[EntryRow]:
    """Entries of the client that fit, newest first, to be searched: whoever shows some of them notes it (`note`)."""
    seen = and_(EntryState.client_id == client_id, wanted, visible_entries(viewer))
    return entry_rows(session, viewer, seen, newest_first=True, limit=limit)


def note(session: Session, rows: Collection[EntryRow]) -> None:
    """Note for the read log that these are shown."""
    for row in rows:
        shown(session, "entry", row.client_id, row.id)


def entries_of_client(session: Session, viewer: Viewer, client_id: UUID, limit: int | None) -> list[EntryRow]:
    """The client's newest entries, newest first; None: all of them."""
    return _rows(session, viewer, EntryState.client_id == client_id, newest_first=True, limit=limit)


def entries_of_case(session: Session, viewer: Viewer, case_id: UUID) -> list[EntryRow]:
    """The case's timeline, oldest first."""
    return _rows(session, viewer, Entry.case_id == case_id)


def entries_of_tenancy(session: Session, viewer: Viewer, client_id: UUID, case_ids: Collection[UUID]) -> list[EntryRow]:
    """What stands of these cases of the client and of where the client lives, oldest first."""
    of_home = or_(Entry.case_id.in_(case_ids), Entry.type.in_(_OF_HOUSING))
    standing = and_(EntryState.client_id == client_id, EntryState.struck_by.is_(None))
    return _rows(session, viewer, and_(standing, of_home))


_OF_HOUSING = types_that(lambda row: row.stands is not None and row.stands.kind == "housing")


def steps_of_alert(session: Session, viewer: Viewer, alert_id: UUID) -> list[EntryRow]:
    """The steps of the check on this alert that stand, oldest first."""
    of_check = and_(Entry.subject_id == alert_id, Entry.type.in_(_STEPS), EntryState.struck_by.is_(None))
    return _rows(session, viewer, of_check)


_STEPS = types_that(lambda row: row.points_at == "alert" and row.answers is None)


def entries_by_id(session: Session, viewer: Viewer, ids: Collection[UUID | None]) -> dict[UUID, EntryRow]:
    """Those of these entries that the viewer may see."""
    wanted = [id_ for id_ in ids if id_ is not None]
    return {row.id: row for row in _rows(session, viewer, Entry.id.in_(wanted))} if wanted else {}


def contacts_since(session: Session, viewer: Viewer, since: dt.datetime) -> list[EntryRow]:
    """Every contact and every attempt since then, newest first; a street contact without a name by its team."""
    return _rows(
        session,
        viewer,
        and_(EntryState.degree.in_(_MET_OR_TRIED), EntryState.contact_at >= since),
        newest_first=True,
    )


_MET_OR_TRIED = tuple(degree.value for degree in Degree if degree is not Degree.none)
"""By name, so that each is a range of the index: what it costs follows from the days, not from the years."""


def entries_since(session: Session, viewer: Viewer, types: Collection[str], since: dt.datetime) -> list[EntryRow]:
    """What of these types has happened, or come in, since then and nobody has taken back, newest first."""
    new = or_(since <= HAPPENED_AT, Entry.received_at >= since)
    standing = and_(Entry.type.in_(sorted(types)), EntryState.struck_by.is_(None), new)
    return _rows(session, viewer, standing, newest_first=True)


def incidents_of_teams(session: Session, viewer: Viewer) -> list[EntryRow]:
    """What has happened to staff of the viewer's teams, newest first: all that still stands."""
    of_teams = and_(Entry.type.in_(PARTLY_SHARED), Entry.team_id.in_(viewer.team_ids), EntryState.struck_by.is_(None))
    return _rows(session, viewer, of_teams, newest_first=True)


def meeting(session: Session, viewer: Viewer, meeting_id: UUID) -> EntryRow | None:
    """The meeting of this id, if the viewer may read of it."""
    found = _rows(session, viewer, and_(Entry.type.in_(_MEETINGS), Entry.subject_id == meeting_id))
    return found[0] if found else None


def meetings_of_team(session: Session, viewer: Viewer, team_id: UUID, kind: str, limit: int) -> list[EntryRow]:
    """The team's own meetings of this kind that stand, the newest first."""
    of_team = and_(Entry.team_id == team_id, EntryState.client_id.is_(None), EntryState.struck_by.is_(None))
    of_kind = and_(Entry.type.in_(_MEETINGS), EntryState.body["kind"].as_string() == kind)
    return _rows(session, viewer, and_(of_team, of_kind), newest_first=True, limit=limit)


_MEETINGS = types_that(lambda row: row.stands is not None and row.stands.kind == "meeting")


def whole_record(session: Session, client_id: UUID) -> tuple[Client, list[EntryRow]]:
    """The client and every entry of the record, oldest first. For innsyn alone, whose right is judged before."""
    shown(session, "record", client_id, opened=True)
    of_record = or_(EntryState.struck_as.is_(None), EntryState.struck_as != "wrong_client")
    rows = _seen_rows(session, None, and_(EntryState.client_id == client_id, of_record))
    return session.get_one(Client, client_id), rows


def _rows(
    session: Session,
    viewer: Viewer,
    wanted: ColumnElement[bool],
    *,
    newest_first: bool = False,
    limit: int | None = None,
) -> list[EntryRow]:
    seen = and_(wanted, visible_entries(viewer))
    return _seen_rows(session, viewer, seen, newest_first=newest_first, limit=limit)


def _seen_rows(
    session: Session,
    viewer: Viewer | None,
    seen: ColumnElement[bool],
    *,
    newest_first: bool = False,
    limit: int | None = None,
) -> list[EntryRow]:
    rows = entry_rows(session, viewer, seen, newest_first=newest_first, limit=limit)
    note(session, rows)
    return rows


def visible_entries(viewer: Viewer) -> ColumnElement[bool]:
    """The client decides, without a client the team; out of the wrong client's record is out of sight at once."""
    return and_(
        or_(EntryState.struck_as.is_(None), EntryState.struck_as != "wrong_client"),
        is_shown(viewer),
        or_(
            EntryState.client_id.in_(visible_clients(viewer)),
            and_(EntryState.client_id.is_(None), Entry.team_id.in_(viewer.team_ids)),
        ),
    )
