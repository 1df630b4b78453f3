"""Staff and teams from a spreadsheet: accounts and teams as an administrator would add them, one after the other.

Somebody who is there already (the username), or a team of that name, is left as it is.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import import_columns
from fieldapp.domain.access import ROLES
from fieldapp.domain.import_columns import STAFF, TEAMS, Cell, Remark, Row, folded
from fieldapp.errors import CannotDo
from fieldapp.models import Staff, Team
from fieldapp.services.importing.report import Faulty, Report
from fieldapp.services.importing.rows import rows_of
from fieldapp.services.importing.sheets import Line
from fieldapp.services.importing.turn import wait_for_turn
from fieldapp.services.people import accounts
from fieldapp.texts import label
from sync.codes import TeamKind

Value = TypeVar("Value")

_ROLE_WORDS = {
    "ansatt": "fieldworker",
    "feltarbeider": "fieldworker",
    "erfaring": "peer",
    "leder": "leader",
    "huseier": "landlord",
    "vaktmester": "landlord",
    "utleier": "landlord",
    "personvern": "privacy",
    "innsyn": "privacy",
    "administrator": "admin",
    "drift": "admin",
}


def take_staff(session: Session, lines: Sequence[Line], now: dt.datetime, mapped: Mapping[str, str]) -> Report:
    """Add everybody who has no account yet, each with a one-time code. Raises Faulty with all that is wrong."""
    headings, rows = rows_of(STAFF, lines, mapped)
    wait_for_turn(session)
    known = {one.username: one.ended_at for one in session.execute(select(Staff.username, Staff.ended_at))}
    running = session.execute(select(Team.name, Team.id).where(Team.ended_at.is_(None)))
    teams = {accounts.folded(name): team_id for name, team_id in running}
    report, faults = Report(warnings=headings.left_out), list[Remark]()
    seen: dict[str, Row] = {}
    for row in rows:
        username = accounts.as_username(row.text("username"))
        earlier = seen.setdefault(username, row) if username else row
        if earlier is not row:
            faults.append(row.cell("username").fault(f"samme brukernavn som rad {earlier.number}: slett den ene."))
        elif known.get(username, now) is None:
            report.there_before.append(Remark(row.number, "", f"{username} finnes fra før, og er som før."))
        else:
            _add_person(session, row, teams, now, report, faults)
    if faults:
        raise Faulty(faults)
    return report


def take_teams(session: Session, lines: Sequence[Line], now: dt.datetime, mapped: Mapping[str, str]) -> Report:
    """Add every team whose name no running team has. Raises Faulty with all that is wrong."""
    headings, rows = rows_of(TEAMS, lines, mapped)
    wait_for_turn(session)
    running = session.scalars(select(Team.name).where(Team.ended_at.is_(None)))
    known = {accounts.folded(name) for name in running}
    report, faults = Report(warnings=headings.left_out), list[Remark]()
    seen: dict[str, Row] = {}
    for row in rows:
        name = accounts.folded(row.text("name"))
        earlier = seen.setdefault(name, row) if name else row
        if earlier is not row:
            faults.append(row.cell("name").fault(f"samme navn som rad {earlier.number}: slett den ene."))
        elif name in known:
            report.there_before.append(Remark(row.number, "", f"{row.text('name')} finnes fra før, og er som før."))
        else:
            _add_team(session, row, now, report, faults)
    if faults:
        raise Faulty(faults)
    return report


def _add_person(
    session: Session, row: Row, teams: Mapping[str, UUID], now: dt.datetime, report: Report, faults: list[Remark]
) -> None:
    before = len(faults)
    name = _tried(faults, import_columns.whole_name(row), accounts.checked_person_name)
    username = _tried(faults, row.cell("username"), lambda typed: accounts.checked_username(session, typed))
    email = _tried(faults, row.cell("email"), accounts.checked_email)
    phone = _tried(faults, row.cell("phone"), accounts.checked_number)
    role = _role(row.cell("role"))
    title = import_columns.check_line(row.cell("title"))
    faults.extend(fault for fault in (role, title) if isinstance(fault, Remark))
    team_ids = _teams(row.cell("team"), teams, faults)
    if len(faults) > before or name is None or username is None:
        return
    added = accounts.add_staff(session, username, name, str(role), team_ids, None, now, email=email or "")
    if phone:
        accounts.set_phone(session, added.id, phone)
    session.get_one(Staff, added.id).title = row.text("title") or None
    report.added += 1
    report.codes.append((username, added.enrolment_code or ""))


def _add_team(session: Session, row: Row, now: dt.datetime, report: Report, faults: list[Remark]) -> None:
    before = len(faults)
    name = _tried(faults, row.cell("name"), accounts.checked_team_name)
    duty_phone = _tried(faults, row.cell("duty_phone"), accounts.checked_number)
    escalation = _tried(faults, row.cell("escalation"), _minutes)
    kind = _kind(row.cell("kind"))
    if isinstance(kind, Remark):
        faults.append(kind)
    if len(faults) > before or name is None or escalation is None:
        return
    team_id = accounts.add_team(session, name, str(kind), escalation, now)
    if duty_phone:
        accounts.set_duty_phone(session, team_id, duty_phone)
    report.added += 1


def _tried(faults: list[Remark], cell: Cell, checked: Callable[[str], Value]) -> Value | None:
    """What an account would make of the cell; None and a fault where it would refuse."""
    try:
        return checked(cell.text)
    except CannotDo as error:
        faults.append(cell.fault(str(error)))
        return None


def _role(cell: Cell) -> str | Remark:
    """By its code, by what Sett calls it, or by a word that people use for it."""
    words = {folded(label("role", role)): role for role in ROLES} | {folded(role): role for role in ROLES}
    found = (words | _ROLE_WORDS).get(folded(cell.text))
    return found or cell.fault(f"må være en av {', '.join(label('role', role) for role in ROLES)}.")


def _kind(cell: Cell) -> str | Remark:
    """By its code or by what Sett calls it, with or without «team» after it."""
    words = {
        folded(word).removesuffix(" team"): str(kind) for kind in TeamKind for word in (kind, label("team_kind", kind))
    }
    found = words.get(folded(cell.text).removesuffix(" team"))
    return found or cell.fault(f"må være en av {', '.join(label('team_kind', kind) for kind in TeamKind)}.")


def _teams(cell: Cell, teams: Mapping[str, UUID], faults: list[Remark]) -> list[UUID]:
    """One or several, with commas, semicolons or lines between them."""
    found = []
    for name in filter(None, (part.strip() for part in re.split(r"[,;\n]", cell.text))):
        team_id = teams.get(accounts.folded(name))
        if team_id is None:
            faults.append(cell.fault(f"«{name}» er ikke et team som er i gang."))
        else:
            found.append(team_id)
    return found


def _minutes(text: str) -> tuple[float, ...]:
    """The ladder's minutes; the usual ones when nothing is said. Raises CannotDo."""
    if not text:
        return accounts.DEFAULT_ESCALATION
    try:
        minutes = tuple(float(part) for part in re.split(r"[ ,;/]+", text))
    except ValueError:
        minutes = ()
    accounts.check_escalation(minutes)
    return minutes
