"""What a transaction knows of the clients it holds: read a table at a time, for all of them at once, and kept.

The write door holds every client of a request before it judges the first entry. Whoever then asks for one client's rows
has those of all the others read by the same statement, and nothing is read twice.

Invariants: rows are kept only of clients whose clock this transaction holds, for until then another may write them;
whoever changes such a row does it here or in the row itself; what a savepoint has undone is forgotten (`forget`).
"""

import datetime as dt
import uuid
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import bindparam, event, inspect, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import NO_LIMITS, Limits
from fieldapp.domain.alert_states import State
from fieldapp.models import (
    AccessLimit,
    Alert,
    Base,
    Case,
    Client,
    Entry,
    EntryState,
    FormerMember,
    Staff,
    StaffTeam,
    Watch,
)
from fieldapp.models.access import BLOCKED, LISTED
from fieldapp.models.merged import merge_entries, two_of
from fieldapp.models.record_request import bars
from sync.entry_types import types_that

Pair = tuple[Entry, EntryState]
Row = TypeVar("Row", bound=Base)

_IN_SESSION = "case_file"
_AT_ONCE = 500
_OF_CLIENTS = tuple(sorted(types_that(lambda row: row.makes_client_rows)))


@dataclass(frozen=True)
class Member:
    """Somebody who works in a team, as far as the door asks."""

    role: str
    has_ended: bool


class CaseFile:
    """The clients that one transaction holds, and the people it has asked about."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._watches: dict[uuid.UUID, Watch | None] = {}
        """Of the clients held; None for one that has no clock yet."""
        self._clients: dict[uuid.UUID, Client | None] = {}
        self._merged: dict[uuid.UUID, uuid.UUID] = {}
        """In whose record each duplicate stands, of those held."""
        self._ever_one: dict[uuid.UUID, frozenset[uuid.UUID]] = {}
        self._pairs: dict[uuid.UUID, dict[uuid.UUID, Pair]] = {}
        self._rows: dict[type[Base], dict[uuid.UUID, list[Any]]] = {}
        self._corrections: dict[uuid.UUID, list[Entry]] = {}
        self._entries: dict[uuid.UUID, Entry | None] = {}
        self._states: dict[uuid.UUID, EntryState] = {}
        self._members: dict[uuid.UUID, dict[uuid.UUID, Member]] = {}
        self._left: dict[uuid.UUID, list[tuple[uuid.UUID, dt.datetime]]] = {}
        self._barred: dict[uuid.UUID, dict[uuid.UUID, dt.datetime]] = {}
        self._with_alerts: set[uuid.UUID] | None = None

    def hold(self, client_ids: Collection[uuid.UUID]) -> None:
        """Lock these clients' clocks, in the one order in which clocks are locked, and read them as they are then. Of a
        duplicate: that of the client in whose record it stands, which keeps it there."""
        new = _missing(client_ids, self._watches)
        if new:
            self._with_alerts = None
        known: dict[uuid.UUID, uuid.UUID] = {}
        asked = set(new)
        while new:
            self._lock(new)
            without = [client_id for client_id in asked if self._watches[client_id] is None]
            found = self._stand_elsewhere(without)
            parted = {client_id for client_id in known if client_id not in found}
            for client_id in parted:  # taken apart while its lock was waited for
                del self._watches[client_id]
            known = found
            new = _missing({*found.values(), *parted}, self._watches)
        self._merged |= known

    def _lock(self, client_ids: Sequence[uuid.UUID]) -> None:
        for part in _parts(client_ids):
            found = {watch.client_id: watch for watch in self._session.scalars(_WATCHES, {"ids": part})}
            self._watches |= {client_id: found.get(client_id) for client_id in part}

    def _stand_elsewhere(self, client_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
        found: dict[uuid.UUID, uuid.UUID] = {}
        for part in _parts(sorted(client_ids)):
            rows = self._session.execute(_MERGED, {"ids": part})
            found |= {client_id: record_id for client_id, record_id in rows if record_id is not None}
        return found

    def record_of(self, client_id: uuid.UUID) -> uuid.UUID:
        """The client in whose record this one stands: itself, unless it is a duplicate."""
        if client_id in self._merged:
            return self._merged[client_id]
        if client_id in self._watches:
            return client_id
        return self._stand_elsewhere([client_id]).get(client_id, client_id)

    def put_in_records(self, records: Mapping[uuid.UUID, uuid.UUID]) -> None:
        """Let each of these clients, who are held, stand in the record of another, or (named by itself) in its own."""
        for client in self._session.scalars(_CLIENTS, {"ids": sorted(records)}).all():
            record = records[client.id]
            client.merged_into = record if record != client.id else None
            self._clients.pop(client.id, None)
            self._merged.pop(client.id, None)
            if record != client.id:
                self._merged[client.id] = record
                self._remove_watch(client.id)
        self._session.flush()
        self._with_alerts = None

    def _remove_watch(self, client_id: uuid.UUID) -> None:
        watch = self._watches.get(client_id)
        if watch is not None:
            self._session.delete(watch)
        self._watches[client_id] = None

    def ids_of(self, client_id: uuid.UUID) -> list[uuid.UUID]:
        """The client and all who stand in its record."""
        self._session.flush()
        found = self._session.scalars(select(Client.id).where(Client.merged_into == client_id).order_by(Client.id))
        return [client_id, *found]

    def are_one(self, one: uuid.UUID | None, other: uuid.UUID | None) -> bool:
        """Whether both are the same client, or somebody has said so once: what refers to the one may name the other,
        taken back or not, for order must not matter."""
        if one == other or one is None or other is None:
            return one == other
        if one not in self._ever_one:
            merges = merge_entries(self._session, [one])
            self._ever_one[one] = frozenset({one, *(id_ for entry, _ in merges for id_ in two_of(entry))})
        return other in self._ever_one[one]

    def forget_merges(self) -> None:
        """Another merge was taken."""
        self._ever_one.clear()

    def is_held(self, client_id: uuid.UUID) -> bool:
        """Whether nobody else moves this client's clock until the transaction ends."""
        return client_id in self._watches

    def watch(self, client_id: uuid.UUID) -> Watch | None:
        """The clock of a client that is held; None for one that has none yet."""
        return self._watches[client_id]

    def client(self, client_id: uuid.UUID) -> Client | None:
        """The client's card; None for one that is not registered, or is a duplicate."""
        found = self.card(client_id)
        return found if found is not None and found.merged_into is None else None

    def card(self, client_id: uuid.UUID) -> Client | None:
        """The same of a duplicate, too: as it was written under its own id."""
        if not self.is_held(client_id):
            return self._session.get(Client, client_id)
        if client_id not in self._clients:
            for part in _parts(_missing(self._watches, self._clients)):
                found = self._session.scalars(_CLIENTS, {"ids": part})
                self._clients |= dict.fromkeys(part) | {client.id: client for client in found}
        return self._clients[client_id]

    def rows(self, model: type[Row], client_id: uuid.UUID) -> list[Row]:
        """The client's rows of a table that has a `client_id`; in no order."""
        if not self.is_held(client_id):
            return self._read_rows(model, [client_id])[client_id]
        kept = self._rows.setdefault(model, {})
        if client_id not in kept:
            for part in _parts(_missing(self._watches, kept)):
                kept |= self._read_rows(model, part)
        return kept[client_id]

    def replace(
        self, model: type[Row], client_id: uuid.UUID, wanted: Mapping[uuid.UUID, Row], key: str = "id"
    ) -> set[uuid.UUID]:
        """Make the client's rows those wanted, by `key`; the keys of all that stand or stood."""
        rows = self.rows(model, client_id)
        before = {getattr(row, key): row for row in rows}
        gone = before.keys() - wanted.keys()
        for id_ in gone:
            self._session.delete(before[id_])
        if gone:  # or a row that another record gets would keep what the new one does not say
            self._session.flush()
        after = [_filled(before[id_] if id_ in before else self._moved(model, id_, key), wanted[id_]) for id_ in wanted]
        self._session.add_all(after)
        rows[:] = after
        return set(before) | set(wanted)

    def add(self, row: Client | Watch | Case) -> None:
        """Keep and write a new row of a client that is held."""
        if isinstance(row, Client):
            self._clients[row.id] = row
        elif isinstance(row, Watch):
            self._watches[row.client_id] = row
        elif row.client_id is not None and row.client_id in self._rows.get(Case, {}):
            self._rows[Case][row.client_id].append(row)
        self._session.add(row)

    def move_case(self, row: Case, client_id: uuid.UUID | None) -> None:
        """Put it into the record of another client, or into none."""
        kept = self._rows.get(Case, {})
        of_client = kept.get(row.client_id, []) if row.client_id else []
        of_client[:] = [one for one in of_client if one.id != row.id]
        row.client_id = client_id
        if client_id is not None and client_id in kept:
            kept[client_id].append(row)

    def remove(self, row: Case) -> None:
        """Keep it no longer, and delete it."""
        of_client = self._rows.get(Case, {}).get(row.client_id, []) if row.client_id else []
        of_client[:] = [one for one in of_client if one.id != row.id]
        self._session.delete(row)

    def pairs(self, client_id: uuid.UUID) -> Iterable[Pair]:
        """The entries in the client's record that projections are computed from, struck ones too; in no order."""
        if not self.is_held(client_id):
            return self._read_pairs([client_id])[client_id].values()
        if client_id not in self._pairs:
            for part in _parts(_missing(self._watches, self._pairs)):
                self._pairs |= self._read_pairs(part)
        return self._pairs[client_id].values()

    def take(self, entry: Entry, state: EntryState) -> None:
        """Keep and write an entry that was just accepted, and what it counts as."""
        self._session.add(entry)
        self._session.add(state)
        self._entries[entry.id], self._states[entry.id] = entry, state
        if state.client_id in self._pairs and entry.type in _OF_CLIENTS:
            self._pairs[state.client_id][entry.id] = entry, state

    def moved(self, client_ids: Iterable[uuid.UUID]) -> None:
        """An entry has gone from one of these records to another: read them anew when they are next asked for."""
        for client_id in client_ids:
            self._pairs.pop(client_id, None)

    def know(self, entry_ids: Collection[uuid.UUID]) -> None:
        """Read these entries together, those that are there."""
        for part in _parts(_missing(entry_ids, self._entries)):
            found = self._session.scalars(_ENTRIES, {"ids": part})
            self._entries |= dict.fromkeys(part) | {entry.id: entry for entry in found}

    def hold_targets(self, entry_ids: Collection[uuid.UUID]) -> None:
        """Lock the entries that corrections point at, with what they count as and all that points at them."""
        for part in _parts(_missing(entry_ids, self._corrections)):
            query = select(Entry).where(Entry.id.in_(part)).order_by(Entry.id).with_for_update()
            self._entries |= dict.fromkeys(part) | {entry.id: entry for entry in self._session.scalars(query)}
            states = self._session.scalars(_afresh(select(EntryState).where(EntryState.entry_id.in_(part))))
            self._states |= {state.entry_id: state for state in states}
            self._corrections |= {entry_id: [] for entry_id in part}
            corrections = select(Entry).where(Entry.type == "entry_corrected", Entry.subject_id.in_(part))
            for one in self._session.scalars(corrections.order_by(Entry.clock_at, Entry.id)):
                self._corrections[cast(uuid.UUID, one.subject_id)].append(one)

    def entry(self, entry_id: uuid.UUID) -> Entry | None:
        """The entry of this id."""
        return self._entries[entry_id] if entry_id in self._entries else self._session.get(Entry, entry_id)

    def state(self, entry_id: uuid.UUID) -> EntryState:
        """What the entry of this id counts as."""
        return self._states.get(entry_id) or self._session.get_one(EntryState, entry_id)

    def corrections(self, entry_id: uuid.UUID) -> list[Entry]:
        """Every correction that points at this entry, oldest first."""
        self.hold_targets([entry_id])
        return self._corrections[entry_id]

    def correct(self, correction: Entry) -> None:
        """Put a correction that was just accepted among those of its target."""
        of_target = self.corrections(correction.subject_id) if correction.subject_id else []
        if correction not in of_target:
            of_target.append(correction)
            of_target.sort(key=lambda one: (one.clock_at, one.id.hex))

    def members(self, team_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Member]:
        """Who works in one of these teams."""
        new = _missing(team_ids, self._members)
        if new:
            self._members |= {team_id: {} for team_id in new}
            query = select(StaffTeam.team_id, StaffTeam.staff_id, Staff.role, Staff.ended_at)
            query = query.join(Staff, Staff.id == StaffTeam.staff_id).where(StaffTeam.team_id.in_(new))
            for row in self._session.execute(query):
                self._members[row.team_id][row.staff_id] = Member(row.role, row.ended_at is not None)
        return {staff_id: member for team_id in team_ids for staff_id, member in self._members[team_id].items()}

    def limits(self, client_id: uuid.UUID) -> Limits:
        """Whom the client does not exist for, whatever team they work in."""
        rows = self.rows(AccessLimit, client_id)
        if not rows:
            return NO_LIMITS
        of_kind = {kind: {one.staff_id: one.since_at for one in rows if one.kind == kind} for kind in (BLOCKED, LISTED)}
        return Limits(of_kind[BLOCKED], of_kind[LISTED])

    def barred_since(self, staff_id: uuid.UUID, team_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, dt.datetime]:
        """The entries that are kept from this person, each with since when."""
        if staff_id not in self._barred:
            found = self._session.execute(bars(staff_id, team_ids))
            self._barred[staff_id] = {entry_id: at for entry_id, at in found if entry_id is not None}
        return self._barred[staff_id]

    def left_since(self, staff_id: uuid.UUID, at: dt.datetime) -> frozenset[uuid.UUID]:
        """The teams this person had not left yet at that moment, but has since."""
        if staff_id not in self._left:
            found = self._session.execute(_LEFT, {"staff_id": staff_id})
            self._left[staff_id] = [(team_id, left_at) for team_id, left_at in found]
        return frozenset(team_id for team_id, left_at in self._left[staff_id] if left_at > at)

    def has_alert(self, client_id: uuid.UUID) -> bool:
        """Whether an alert about this client, who is held, may be unresolved. None opens but by this transaction."""
        if self._with_alerts is None:
            about = select(Alert.client_id).where(Alert.state != State.resolved.value)
            found = (self._session.scalars(about.where(Alert.client_id.in_(part))) for part in _parts([*self._watches]))
            self._with_alerts = {client_id for part in found for client_id in part if client_id is not None}
        return client_id in self._with_alerts

    def alert_opened(self, client_id: uuid.UUID | None) -> None:
        """This transaction has opened an alert about the client."""
        if self._with_alerts is not None and client_id is not None:
            self._with_alerts.add(client_id)

    def _read_rows(self, model: type[Any], client_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Any]]:
        found: dict[uuid.UUID, list[Any]] = {client_id: [] for client_id in client_ids}
        for row in self._session.scalars(_of_clients(cast(Any, model)), {"ids": client_ids}):
            found[row.client_id].append(row)
        return found

    def _read_pairs(self, client_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, Pair]]:
        query = (
            select(Entry, EntryState)
            .join(EntryState, EntryState.entry_id == Entry.id)
            .where(EntryState.client_id.in_(client_ids), Entry.type.in_(_OF_CLIENTS))
        )
        found: dict[uuid.UUID, dict[uuid.UUID, Pair]] = {client_id: {} for client_id in client_ids}
        for entry, state in self._session.execute(_afresh(query)):
            found[state.client_id][entry.id] = entry, state
        return found

    def _moved(self, model: type[Row], id_: uuid.UUID, key: str) -> Row | None:
        """The row of this key where it still stands in the record it has left, whose turn comes later."""
        if key != "id":
            return None
        for rows in self._rows.get(model, {}).values():
            for row in rows:
                if getattr(row, key) == id_:
                    rows.remove(row)
                    return row
        return None


def case_file(session: Session) -> CaseFile:
    """What this transaction knows."""
    file = session.info.get(_IN_SESSION)
    if file is None:
        file = session.info[_IN_SESSION] = CaseFile(session)
    return cast(CaseFile, file)


def hold(session: Session, client_ids: Collection[uuid.UUID]) -> CaseFile:
    """Hold these clients until the transaction ends; what is known of all that are held."""
    file = case_file(session)
    file.hold(client_ids)
    return file


def forget(session: Session, _undone: object = None) -> None:
    """Know nothing: rows were changed otherwise than by way of the case file, or a savepoint was undone."""
    session.info.pop(_IN_SESSION, None)


event.listen(Session, "after_soft_rollback", forget)


def _filled(row: Row | None, wanted: Row) -> Row:
    if row is None:
        return wanted
    for column in inspect(type(wanted)).column_attrs:
        value = getattr(wanted, column.key)
        if getattr(row, column.key) != value:
            setattr(row, column.key, value)
    return row


def _afresh(query: Any) -> Any:
    """What was read before the clock was held may have been written since."""
    return query.execution_options(populate_existing=True)


_IDS: Any = bindparam("ids", expanding=True)
# Built once: building a statement costs more than running it.
_WATCHES = _afresh(select(Watch).where(Watch.client_id.in_(_IDS)).order_by(Watch.client_id).with_for_update())
_CLIENTS = _afresh(select(Client).where(Client.id.in_(_IDS)))
_MERGED = select(Client.id, Client.merged_into).where(Client.id.in_(_IDS), Client.merged_into.is_not(None))
_ENTRIES = select(Entry).where(Entry.id.in_(_IDS))
_LEFT = select(FormerMember.team_id, FormerMember.left_at).where(FormerMember.staff_id == bindparam("staff_id"))


@cache
def _of_clients(model: Any) -> Any:
    return _afresh(select(model).where(model.client_id.in_(_IDS)))


def _missing(ids: Iterable[uuid.UUID], known: Container[uuid.UUID]) -> list[uuid.UUID]:
    return sorted({id_ for id_ in ids if id_ not in known})


def _parts(ids: Sequence[uuid.UUID]) -> Iterable[Sequence[uuid.UUID]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
