"""What stands until a newer entry or an ending: risk, plans, people around, agreements, housing, decisions, tasks,
hand-overs, planned visits. One rule for all of them, by what the row of the type says (sync/entry_type.py, `Stands`).

Invariant: a row is computed from all entries of its thing that nobody has struck, never from the order they came in;
it holds no text (models/standing.py). Whether an entry may name the thing is for entries/references.py.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from fieldapp.models import Client, Entry, EntryState, HandoverReading, Standing
from fieldapp.models.change import mark_changed
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.services.casefile import Pair, case_file
from fieldapp.services.projections.states import body_of
from sync.entry_type import Stands, Thing
from sync.entry_types import ENTRY_TYPES, types_that
from sync.versions import Version, standing_versions

SHOWN_FOR = dt.timedelta(days=14)
"""How long phones keep a hand-over without an end, and a planned visit whose time has passed."""
ENDS_WITH_FOLLOW_UP: tuple[Thing, ...] = ("task", "planned")
"""What nobody is to do for a client who is dead or no longer followed up; it stands again when that changes."""
_SHOWN = types_that(lambda row: row.stands is not None and "standing" in row.refreshes)


@dataclass(frozen=True)
class _Columns:
    """Which fields of the body stand in columns."""

    code: str | None = None
    owner: str | None = None
    due_on: str | None = None


_COLUMNS: dict[Thing, _Columns] = {
    "risk": _Columns(due_on="review_on"),
    "plan": _Columns(code="kind"),
    "agreement": _Columns(code="kind", due_on="review_on"),
    "housing": _Columns(code="situation", due_on="contract_end_on"),
    "decision": _Columns(owner="coordinator_id", due_on="to_on"),
    "task": _Columns(owner="owner_id", due_on="due_on"),
}
_NONE = _Columns()


def refresh_standing(session: Session, entry: Entry, client_ids: Collection[uuid.UUID]) -> None:
    """Compute anew what this entry is about; `client_ids`: whose records it stands in, or has left."""
    stands = _stands(entry)
    session.flush()
    if stands.part == "reads":
        _refresh_readings(session, entry)
    elif _is_of_client(stands.kind):
        for client_id in client_ids:
            refresh_of_client(session, stands.kind, client_id)
    else:
        refresh_thing(session, stands.kind, entry.subject_id or entry.id)


def refresh_moved(session: Session, entries: Iterable[Entry], client_ids: Collection[uuid.UUID]) -> None:
    """The same for many entries that went from one of these records to another: each thing once."""
    shown = [entry for entry in entries if entry.type in _SHOWN and _stands(entry).part != "reads"]
    session.flush()
    of_clients = sorted({_stands(entry).kind for entry in shown if _is_of_client(_stands(entry).kind)})
    for kind in of_clients:
        for client_id in client_ids:
            before = select(Standing.id).where(Standing.client_id == client_id, Standing.kind == kind)
            stood = session.scalars(before).all()
            refresh_of_client(session, kind, client_id)
            record_id = case_file(session).record_of(client_id)
            for id_ in stood if record_id != client_id else ():  # who sees the duplicate's record is told of it
                mark_changed(session, kind, id_, client_id=record_id)
    things = {(_stands(entry).kind, entry.subject_id or entry.id) for entry in shown}
    for kind, id_ in sorted(thing for thing in things if thing[0] not in of_clients):
        refresh_thing(session, kind, id_)


def refresh_thing(session: Session, kind: Thing, id_: uuid.UUID) -> None:
    """Compute one thing anew. Its row is had before the entries are read."""
    row = session.get(Standing, (kind, id_), populate_existing=True, with_for_update=True)
    pairs = _pairs(session, kind, _told_by(kind) == id_)
    found = _thing(kind, id_, pairs)
    if found is not None and kind in ENDS_WITH_FOLLOW_UP and found.ended_at is None:
        found.ended_at = _follow_up_over_at(session, found.client_id, pairs)
    _replace(session, [row] if row else [], [found] if found else [])


class FollowUp(NamedTuple):
    """What those go by."""

    ended_at: dt.datetime | None
    is_dead: bool


def follow_up_of(session: Session, client_id: uuid.UUID) -> FollowUp:
    """When the client's follow-up ended, and whether the client is dead."""
    client = case_file(session).client(client_id)
    return FollowUp(None, False) if client is None else FollowUp(client.ended_at, client.deceased)


def refresh_with_follow_up(session: Session, client_id: uuid.UUID) -> None:
    """Compute anew what ends with the follow-up of this client, which has just ended or begun again."""
    session.flush()  # from here on whoever writes about the client waits for this, or was seen here
    for kind in ENDS_WITH_FOLLOW_UP:
        query = select(Standing.id).where(Standing.client_id == client_id, Standing.kind == kind)
        for id_ in session.scalars(query.where(Standing.ended_entry_id.is_(None)).order_by(Standing.id)).all():
            refresh_thing(session, kind, id_)


def _follow_up_over_at(session: Session, client_id: uuid.UUID | None, pairs: Sequence[Pair]) -> dt.datetime | None:
    """When the client's follow-up ended; of one found dead, when the thing was last written about."""
    if client_id is None:
        return None
    query = select(Client.ended_at, Client.deceased).where(Client.id == client_id).with_for_update(read=True)
    for ended_at, is_dead in session.execute(query):
        return ended_at or (max(map(_at, pairs)) if is_dead else None)
    return None


def refresh_of_client(session: Session, kind: Thing, client_id: uuid.UUID) -> None:
    """Compute all of one kind in a client's record anew, where no id alone tells what belongs together."""
    rows = session.scalars(
        select(Standing)
        .where(Standing.client_id == client_id, Standing.kind == kind)
        .execution_options(populate_existing=True)
    ).all()
    pairs = _pairs(session, kind, EntryState.client_id == client_id)
    made = _agreements(pairs) if kind == "agreement" else _newest_of_each(kind, pairs)
    _replace(session, rows, made)


def refresh_all(session: Session) -> None:
    """Compute everything that stands anew, from an empty table."""
    for kind in dict.fromkeys(_stands_of(type_).kind for type_ in sorted(_SHOWN)):
        column = _told_by(kind)
        query = select(column).select_from(Entry).join(EntryState, EntryState.entry_id == Entry.id)
        query = query.where(Entry.type.in_(_types_of(kind)), column.is_not(None)).distinct().order_by(column)
        for id_ in session.scalars(query).all():
            (refresh_of_client if _is_of_client(kind) else refresh_thing)(session, kind, id_)
    reads = types_that(lambda row: row.stands is not None and row.stands.part == "reads")
    for entry in session.scalars(select(Entry).where(Entry.type.in_(reads)).order_by(Entry.id)).all():
        _refresh_readings(session, entry)
    session.flush()


def _stands_of(type_: str) -> Stands:
    stands = ENTRY_TYPES[type_].stands
    assert stands is not None  # asked only of the types of which something stands
    return stands


def _stands(entry: Entry) -> Stands:
    return _stands_of(entry.type)


@cache
def _types_of(kind: Thing) -> frozenset[str]:
    return types_that(lambda row: row.stands is not None and row.stands.kind == kind and row.stands.part != "reads")


@cache
def _is_of_client(kind: Thing) -> bool:
    """Whether the client's record tells what belongs together: nothing is minted, or what ends it may name no id."""
    parts = {_stands_of(type_).part: _stands_of(type_).id for type_ in _types_of(kind)}
    return "withdraws" in parts or ("version" in parts and parts["version"] is None)


@cache
def _has_own_id(kind: Thing) -> bool:
    """Whether the thing is one entry, under that entry's id."""
    return [(_stands_of(type_).part, _stands_of(type_).id) for type_ in _types_of(kind)] == [("opens", None)]


def _told_by(kind: Thing) -> Any:
    """The column that tells which thing an entry is of, or whose."""
    return EntryState.client_id if _is_of_client(kind) else Entry.id if _has_own_id(kind) else Entry.subject_id


def _pairs(session: Session, kind: Thing, where: ColumnElement[bool]) -> list[Pair]:
    query = (
        select(Entry, EntryState)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.type.in_(_types_of(kind)), EntryState.struck_by.is_(None), where)
        .order_by(HAPPENED_AT, Entry.id)
        # What was read before the row was had may have been corrected since.
        .execution_options(populate_existing=True)
    )
    return [(entry, state) for entry, state in session.execute(query)]


def _replace(session: Session, before: Sequence[Standing], after: Iterable[Standing]) -> None:
    """Make the rows those wanted, and note what phones have to fetch again."""
    wanted = {row.id: row for row in after}
    for row in (*before, *wanted.values()):
        mark_changed(session, row.kind, row.id, client_id=row.client_id, team_id=None if row.client_id else row.team_id)
    for row in before:
        if row.id not in wanted:
            session.delete(row)
    for row in wanted.values():
        session.merge(row)
    session.flush()


def _thing(kind: Thing, id_: uuid.UUID, pairs: Sequence[Pair]) -> Standing | None:
    """The thing as its entries make it; None when no opening of it is left."""
    shown = _shown(pairs)
    if not shown:
        return None
    row = _row(kind, id_, shown)
    ending = _ending(pairs, shown)
    if ending is not None:
        row.ended_entry_id, row.ended_at = ending[0].id, _at(ending)
    return row


def _row(kind: Thing, id_: uuid.UUID, shown: Sequence[Pair]) -> Standing:
    entry, state = shown[0]
    body, columns = merged([state.body for _, state in _in_order(shown)]), _COLUMNS.get(kind, _NONE)
    due_at, gone_at = _times(kind, shown[0])
    return Standing(
        kind=kind,
        id=id_,
        client_id=state.client_id,
        team_id=_team(entry, state),
        entry_ids=[str(one.id) for one, _ in shown],
        code=body.get(columns.code) if columns.code else None,
        owner_id=_uuid(body.get(columns.owner)) if columns.owner else None,
        due_on=_date(body.get(columns.due_on)) if columns.due_on else None,
        due_at=due_at,
        gone_at=gone_at,
        ended_at=None,
        ended_entry_id=None,
    )


def merged(bodies: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Bodies of one thing as one, the oldest first: what a later one leaves out stays as it was."""
    found: dict[str, Any] = {}
    for body in bodies:
        found |= {name: value for name, value in body.items() if value is not None}
    return found


def _in_order(shown: Sequence[Pair]) -> Sequence[Pair]:
    """Of an opening and its reviews all, as they are merged; of versions the one that stands."""
    return shown[:1] if _stands(shown[0][0]).part == "version" else shown


def _shown(pairs: Sequence[Pair]) -> list[Pair]:
    """The entries that make the thing up, in the order of `Standing.entry_ids`."""
    versions = [pair for pair in pairs if _stands(pair[0]).part == "version"]
    if versions:
        by_id = {str(pair[0].id): pair for pair in versions}
        return [by_id[one.id] for one in standing_versions(map(_version, versions))]
    openings = [pair for pair in pairs if _stands(pair[0]).part == "opens"]
    reviews = [pair for pair in pairs if _stands(pair[0]).part == "reviews"]
    return [*openings, *reviews] if openings else []


def _version(pair: Pair) -> Version:
    replaces = pair[1].body.get("replaces")
    at = _at(pair).astimezone(dt.UTC).isoformat(timespec="microseconds")
    named = None if replaces is None else tuple(str(uuid.UUID(one)) for one in replaces)
    return Version(str(pair[0].id), at, str(pair[0].author_id), named)


def _ending(pairs: Sequence[Pair], shown: Sequence[Pair]) -> Pair | None:
    """What ended it, if nothing newer says that it stands."""
    if _stands(shown[0][0]).part == "opens":
        return shown[-1] if _ends_itself(shown[-1]) else None
    newest = max(pairs, key=_order)
    if _stands(newest[0]).part == "ends":
        return newest
    return shown[0] if all(map(_ends_itself, shown)) else None


def _ends_itself(pair: Pair) -> bool:
    ended = _stands(pair[0]).ended
    return ended is not None and pair[1].body.get(ended[0]) == ended[1]


def _newest_of_each(kind: Thing, pairs: Sequence[Pair]) -> list[Standing]:
    """Of what is not minted: one row for each code, under the id of the entry that stands."""
    of_each: dict[Any, list[Pair]] = {}
    for pair in pairs:
        each = _stands(pair[0]).each
        of_each.setdefault(pair[1].body.get(each) if each else None, []).append(pair)
    return [_row(kind, shown[0][0].id, shown) for shown in map(_shown, of_each.values())]


def _agreements(pairs: Sequence[Pair]) -> list[Standing]:
    """Each until it is withdrawn: by the id, whenever that was said, or with all of its kind made before."""
    withdrawals = [pair for pair in pairs if _stands(pair[0]).part == "withdraws"]
    found = []
    for pair in pairs:
        if _stands(pair[0]).part != "opens":
            continue
        id_ = body_of(*pair).agreement_id
        row = _row("agreement", id_, [pair])
        ending = next((one for one in withdrawals if _withdraws(one, pair)), None)
        if ending is not None:
            row.ended_entry_id, row.ended_at = ending[0].id, _at(ending)
        found.append(row)
    return found


def agreements_that_stand(pairs: Iterable[Pair]) -> set[uuid.UUID]:
    """The ids of the agreements among a client's entries that are neither withdrawn nor taken back."""
    told = [pair for pair in pairs if pair[0].type in _types_of("agreement") and pair[1].struck_by is None]
    return {row.id for row in _agreements(sorted(told, key=_order)) if row.ended_entry_id is None}


def _withdraws(withdrawal: Pair, agreement: Pair) -> bool:
    said, made = body_of(*withdrawal), body_of(*agreement)
    if said.kind != made.kind:
        return False
    if said.agreement_id is not None and said.agreement_id == made.agreement_id:
        return True
    return (said.agreement_id is None or said.kind == "watch") and _order(withdrawal) > _order(agreement)


def _refresh_readings(session: Session, entry: Entry) -> None:
    """Who has read which hand-overs, by this entry."""
    state = session.get_one(EntryState, entry.id)
    before = session.scalars(select(HandoverReading.handover_id).where(HandoverReading.entry_id == entry.id)).all()
    session.execute(delete(HandoverReading).where(HandoverReading.entry_id == entry.id))
    wanted = list(dict.fromkeys(body_of(entry, state).entry_ids)) if state.struck_by is None else []
    for id_ in wanted:
        session.add(
            HandoverReading(entry_id=entry.id, handover_id=id_, staff_id=entry.author_id, read_at=_at((entry, state)))
        )
    session.flush()
    for row in session.scalars(
        select(Standing).where(Standing.kind == "handover", Standing.id.in_([*before, *wanted]))
    ):
        mark_changed(session, row.kind, row.id, client_id=row.client_id, team_id=None if row.client_id else row.team_id)


def _team(entry: Entry, state: EntryState) -> uuid.UUID | None:
    """Whose it is where no client says so; a hand-over is for the team it names."""
    to_team = _uuid(state.body.get("to_team_id"))
    if _stands(entry).kind == "handover":
        return to_team or entry.team_id
    return entry.team_id if state.client_id is None else None


def _times(kind: Thing, pair: Pair) -> tuple[dt.datetime | None, dt.datetime | None]:
    """When it is due, and when phones let go of it."""
    if kind == "planned":
        at = body_of(*pair).at.astimezone(dt.UTC)
        return at, at + SHOWN_FOR
    if kind == "handover":
        until_at = body_of(*pair).until_at
        return None, until_at.astimezone(dt.UTC) if until_at else _at(pair) + SHOWN_FOR
    return None, None


def _at(pair: Pair) -> dt.datetime:
    entry, state = pair
    return state.happened_at(entry)


def _order(pair: Pair) -> tuple[dt.datetime, str]:
    return _at(pair), pair[0].id.hex


def _uuid(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
