"""Clients from a spreadsheet, through the write door: each gets its clock, and «Avtale mangler» until somebody asks.

Invariants:
- Nothing is taken when one row has a fault; every fault is named, not only the first.
- Somebody who is there already (name, year of birth) is left as they are: importing a file again changes nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.domain import import_columns, like_names
from fieldapp.domain.access import TEAM_ROLES, Viewer
from fieldapp.domain.import_columns import CLIENTS, Cell, Remark, Row
from fieldapp.domain.like_names import Person, exactly
from fieldapp.models import Client, ClientTeam, Staff, StaffTeam, Team
from fieldapp.models.access import forbidden_clients
from fieldapp.services.entries import ingest
from fieldapp.services.importing.report import Faulty, Report
from fieldapp.services.importing.rows import rows_of
from fieldapp.services.importing.sheets import Line
from fieldapp.services.importing.turn import wait_for_turn
from fieldapp.services.people import accounts
from fieldapp.services.writing import chunks
from fieldapp.texts import message
from sync.envelope import SyncRequest
from sync.ids import uuid7

_MISTAKE = "mistake"
_NO_SUCH_TEAM = "er ikke et team som er i gang. Se «fieldapp team list»."
_NOT_YOUR_TEAM = "er ikke et av teamene dine."
_ANY_UUID = UUID(int=0)
_PLACES = {"team_id": "team", "primary_staff_id": "primary"}
"""What a field of the entry is called in the sheet, where the names differ."""


@dataclass(frozen=True)
class _Wanted:
    """One row that may become a client."""

    row: Row
    name: str
    birth_year: int | None
    body: dict[str, Any]

    @property
    def who(self) -> tuple[str, int | None]:
        """What is the same for the same person."""
        return exactly(self.name, self.birth_year)


@dataclass(frozen=True)
class _Places:
    """The teams that run, and the people who may be a client's primary contact there, by what they are called."""

    teams: Mapping[str, UUID]
    people: Mapping[UUID, Mapping[str, Sequence[UUID]]]
    no_such_team: str
    """What is said of any other."""


def take_clients(
    session: Session,
    lines: Sequence[Line],
    author: Viewer,
    now: dt.datetime,
    mapped: Mapping[str, str],
    *,
    only_in_sight: bool = False,
) -> Report:
    """Register every client who is not there yet. Raises Faulty with all that is wrong; then commit nothing.

    `only_in_sight`: the author has no other teams than their own, and learns of nobody whom they do not see.
    """
    headings, rows = rows_of(CLIENTS, lines, mapped)
    wait_for_turn(session)
    places = _places(session, author.team_ids if only_in_sight else None)
    faults: list[Remark] = []
    wanted = [one for row in rows if (one := _wanted(row, places, now.date(), faults)) is not None]
    faults += _twice(wanted)
    if faults:
        raise Faulty(faults)
    known = _known(session, author if only_in_sight else None)
    new = [one for one in wanted if one.who not in known]
    like = list(_alike(new, {one.id: one for one in known.values()}.values()))
    there = [(one, known[one.who]) for one in wanted if one.who in known]
    report = Report(added=len(new), warnings=[*headings.left_out, *(remark for remark, _ in like)])
    report.there_before = [_there_before(one, client) for one, client in there]
    report.tells_of = {client.id for _, client in (*like, *there) if client is not None}
    for part in chunks(new):
        _register(session, part, author, now)
    return report


def _wanted(row: Row, places: _Places, today: dt.date, faults: list[Remark]) -> _Wanted | None:
    """What the row asks for; None where it has a fault, each of which is added to `faults`."""
    before = len(faults)
    name = import_columns.whole_name(row)
    checks = (
        import_columns.check_name(name),
        *(import_columns.check_line(row.cell(of)) for of in ("alias", "address")),
        import_columns.check_phone(row.cell("phone")),
    )
    faults.extend(fault for fault in checks if fault is not None)
    birth_year = import_columns.birth_year(row.cell("birth_year"), today)
    protected = import_columns.protection(row.cell("protected"))
    team_id = _team(row.cell("team"), places)
    primary = _primary(row.cell("primary"), team_id, places)
    faults.extend(value for value in (birth_year, protected, team_id, primary) if isinstance(value, Remark))
    if protected == "code6" and row.text("address"):
        faults.append(row.cell("address").fault("skal være tom for kode 6: adressen skal ikke stå noe sted."))
    if len(faults) > before:
        return None
    said = {
        "name": name.text,
        "team_id": str(team_id),
        "primary_staff_id": str(primary) if primary else None,
        "birth_year": birth_year,
        "protected": protected if protected != "none" else None,
        **{of: row.text(of) for of in ("alias", "address", "phone")},
    }
    assert not isinstance(birth_year, Remark)
    return _Wanted(row, name.text, birth_year, {field: value for field, value in said.items() if value})


def _team(cell: Cell, places: _Places) -> UUID | Remark:
    if not cell.text:
        return cell.fault("mangler.")
    team_id = places.teams.get(accounts.folded(cell.text)) or places.teams.get(cell.text.lower())
    return team_id or cell.fault(places.no_such_team)


def _primary(cell: Cell, team_id: UUID | Remark, places: _Places) -> UUID | Remark | None:
    """Whoever has this username or name in the team; an unknown team has been named already."""
    if not cell.text or isinstance(team_id, Remark):
        return None
    there = places.people.get(team_id, {})
    found = there.get(accounts.as_username(cell.text)) or there.get(accounts.folded(cell.text), ())
    if len(found) == 1:
        return found[0]
    if found:
        return cell.fault("flere i teamet heter det: skriv brukernavnet.")
    return cell.fault("er ingen som følger opp brukere i det teamet: skriv brukernavn eller hele navnet.")


def _places(session: Session, only: Collection[UUID] | None) -> _Places:
    there = Team.ended_at.is_(None) if only is None else Team.ended_at.is_(None) & Team.id.in_(only)
    running = session.execute(select(Team.id, Team.name).where(there)).all()
    teams = {accounts.folded(name): team_id for team_id, name in running}
    teams |= {str(team_id): team_id for team_id, _ in running}
    people: dict[UUID, dict[str, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    working = select(StaffTeam.team_id, Staff.id, Staff.username, Staff.name)
    working = working.join(Staff, Staff.id == StaffTeam.staff_id).where(Staff.ended_at.is_(None))
    for team_id, staff_id, username, name in session.execute(working.where(Staff.role.in_(TEAM_ROLES))):
        for called in {username, accounts.folded(name)}:
            people[team_id][called].append(staff_id)
    return _Places(teams, people, _NO_SUCH_TEAM if only is None else _NOT_YOUR_TEAM)


def _twice(wanted: Iterable[_Wanted]) -> list[Remark]:
    """The rows about somebody who stands further up: which of them is right is not for us to say."""
    first: dict[tuple[str, int | None], _Wanted] = {}
    faults = []
    for one in wanted:
        earlier = first.setdefault(one.who, one)
        if earlier is not one:
            cell = import_columns.whole_name(one.row)
            faults.append(cell.fault(f"samme navn og fødselsår som rad {earlier.row.number}: slett den ene."))
    return faults


def _known(session: Session, seen_by: Viewer | None) -> dict[tuple[str, int | None], Client]:
    """Everybody who is registered, but by mistake; those that somebody in particular sees. What a duplicate was called
    is said of the client it was merged into."""
    query = select(Client).order_by(Client.merged_into.is_(None), Client.registered_at)
    if seen_by is not None:
        theirs = select(ClientTeam.client_id).where(ClientTeam.team_id.in_(seen_by.team_ids), ClientTeam.active)
        record = func.coalesce(Client.merged_into, Client.id)
        query = query.where(record.in_(theirs), record.not_in(forbidden_clients(seen_by.staff_id)))
    found = {one.id: one for one in session.scalars(query)}
    stands = [(one, found.get(one.merged_into, one) if one.merged_into else one) for one in found.values()]
    return {exactly(one.name, one.birth_year): client for one, client in stands if client.ended_reason != _MISTAKE}


def _there_before(one: _Wanted, client: Client) -> Remark:
    ended = ", og oppfølgingen er avsluttet" if client.ended_at else ""
    return Remark(one.row.number, "", f"{one.name} finnes fra før{ended}, og er som før.")


def _alike(new: Iterable[_Wanted], known: Iterable[Client]) -> Iterator[tuple[Remark, Client | None]]:
    """Who may be somebody else of the list, or somebody who is there (that client), spelled in another way."""
    people = [Person(one.name, one.birth_year, one) for one in new]
    people += [Person(client.name, client.birth_year, client) for client in known]
    for one, other in ((one.where, other.where) for one, other in like_names.alike(people)):
        if isinstance(one, Client):
            continue  # both were there before
        client = other if isinstance(other, Client) else None
        row, like = (one.row, "en som finnes fra før") if client else (other.row, f"rad {one.row.number}")
        yield import_columns.whole_name(row).fault(f"ligner på {like}. Er det samme person?"), client


def _register(session: Session, part: Sequence[_Wanted], author: Viewer, now: dt.datetime) -> None:
    entries = [_entry(one.body, now) for one in part]
    request = SyncRequest(protocol=1, device_id=_ANY_UUID, sent_at=now, unsent_after=0, entries=entries)
    verdicts = ingest.receive(session, request, author, {}, now, is_the_device=False)
    faults = []
    for one, verdict in zip(part, verdicts, strict=True):
        if verdict.verdict != "accepted":
            field = (verdict.field or "").removeprefix("body.")
            cell = one.row.cell(_PLACES.get(field, field))
            faults.append(cell.fault(message(verdict.code or "invalid_body")))
    if faults:
        raise Faulty(faults)


def _entry(body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "device_seq": 0,
        "type": "client_registered",
        "version": 1,
        "client_id": str(uuid7()),
        "occurred_at": now.isoformat(),
        "clock_offset_ms": 0,
        "body": body,
    }
