"""The people and teams that use Sett, and how a person proves who they are: passwords and enrolment codes.

Sessions are in `sessions`, guessing is slowed down by `throttle`. Accounts are not facts about clients, so not entries.
"""

import datetime as dt
import hashlib
import hmac
import itertools
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import ROLES
from fieldapp.errors import CannotDo
from fieldapp.models import LoginSession, Staff, StaffTeam, Team
from fieldapp.models.change import touch
from fieldapp.services import operator
from fieldapp.texts import N_, gettext
from sync.codes import TeamKind
from sync.ids import uuid7

SHORTEST_PASSWORD = 12
"""For passwords people choose themselves: length is what counts, no rules of composition (NIST SP 800-63B)."""
LONGEST_PASSWORD = 1000
ENROLMENT_LASTS = dt.timedelta(days=7)
DEFAULT_ESCALATION = (0.0, 15.0, 30.0, 45.0)
_LONGEST_ESCALATION_MINUTES = 24 * 60
_LONGEST_NAME = 100
_LONGEST_ADDRESS = 254
_PHONE = re.compile(r"\+?[0-9](?: ?[0-9]){2,14}")
"""Three digits are a short number, fifteen the longest there is (E.164)."""
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
"""What a mail server without SMTPUTF8 takes; that somebody reads it is for a test to show."""
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS_HASH = _hasher.hash(secrets.token_urlsafe())


@dataclass(frozen=True)
class NewStaff:
    """A person just added; the code is there when they must choose a password themselves."""

    id: UUID
    enrolment_code: str | None


@dataclass(frozen=True)
class Candidate:
    """Who a username may belong to, with what is needed to check the password outside any transaction."""

    staff_id: UUID | None
    password_hash: str


def add_team(session: Session, name: str, kind: str, escalation: tuple[float, ...], now: dt.datetime) -> UUID:
    """Add a team. Raises CannotDo."""
    if not _is_name(name):
        raise CannotDo("Teamet må ha et navn på høyst 100 tegn.")
    if kind not in set(TeamKind):
        raise CannotDo(f"Ukjent slags team: {kind}. Velg en av {', '.join(TeamKind)}.")
    check_escalation(escalation)
    team = Team(id=uuid7(), name=name.strip(), kind=kind, escalation=list(escalation), created_at=now)
    session.add(team)
    session.flush()
    touch(session, "team", team.id, team_id=team.id)
    return team.id


def set_escalation(session: Session, team_id: UUID, escalation: tuple[float, ...]) -> None:
    """Minutes from when an alert opens to each of its four steps, from now on. Raises CannotDo."""
    check_escalation(escalation)
    session.get_one(Team, team_id).escalation = list(escalation)
    touch(session, "team", team_id, team_id=team_id)


def check_escalation(escalation: tuple[float, ...]) -> None:
    """Four minutes that rise, within what a ladder may take. Raises CannotDo."""
    climbs = all(earlier <= later for earlier, later in itertools.pairwise(escalation))
    within = all(0 <= minutes <= _LONGEST_ESCALATION_MINUTES for minutes in escalation)
    if len(escalation) != len(DEFAULT_ESCALATION) or not climbs or not within:
        raise CannotDo("Trappa må være fire stigende tall i minutter, for eksempel 0,15,30,45.")


def add_staff(
    session: Session,
    username: str,
    name: str,
    role: str,
    team_ids: list[UUID],
    password: str | None,
    now: dt.datetime,
    *,
    email: str = "",
) -> NewStaff:
    """Add a person; without a password they get a one-time code to choose one with. Raises CannotDo."""
    username = _checked_username(session, username)
    if not _is_name(name):
        raise CannotDo("Personen må ha et navn på høyst 100 tegn.")
    if role not in ROLES:
        raise CannotDo(f"Ukjent rolle: {role}. Velg en av {', '.join(ROLES)}.")
    for team_id in team_ids:
        if session.get(Team, team_id) is None:
            raise CannotDo(f"Fant ikke noe team med id {team_id}.")
    hashed = None if password is None else hash_password(password)
    person = Staff(id=uuid7(), username=username, name=name.strip(), role=role, password_hash=hashed, created_at=now)
    session.add(person)
    session.flush()
    set_email(session, person.id, email, now)
    session.add_all(StaffTeam(staff_id=person.id, team_id=team_id) for team_id in set(team_ids))
    touch(session, "staff", person.id)
    code = new_enrolment_code(session, person.id, now) if password is None else None
    session.flush()
    return NewStaff(person.id, code)


def _is_name(name: str) -> bool:
    return bool(name.strip()) and len(name.strip()) <= _LONGEST_NAME and "\0" not in name


def _checked_username(session: Session, username: str) -> str:
    username = as_username(username)
    if not re.fullmatch(r"[^\s\x00-\x1f]{1,100}", username):
        raise CannotDo("Brukernavnet må ha 1–100 tegn og ingen mellomrom.")
    if session.scalar(select(Staff.id).where(Staff.username == username)):
        raise CannotDo(f"Brukernavnet {username} er i bruk.")
    return username


def end_staff(session: Session, username: str, now: dt.datetime) -> UUID:
    """End a person's access everywhere at once: sessions and delivery keys. What they logged stays. Raises CannotDo."""
    person = session.scalar(select(Staff).where(Staff.username == as_username(username)))
    if person is None or person.ended_at:
        raise CannotDo(f"Fant ingen aktiv ansatt med brukernavn {username}.")
    person.ended_at = now
    person.delivery_generation += 1
    session.execute(delete(LoginSession).where(LoginSession.staff_id == person.id))
    touch(session, "staff", person.id)
    return person.id


def new_enrolment_code(session: Session, staff_id: UUID, now: dt.datetime) -> str:
    """A one-time code with which the person chooses a password; an earlier code stops working."""
    code = "-".join("".join(secrets.choice(_CODE_LETTERS) for _ in range(4)) for _ in range(3))
    person = session.get_one(Staff, staff_id)
    person.enrolment_hash = _code_hash(code)
    person.enrolment_ends_at = now + ENROLMENT_LASTS
    return code


def enrol(session: Session, username: str, code: str, password_hash: str, now: dt.datetime) -> UUID | None:
    """Set the password (its hash) if the code is the person's and still good; it works once. None otherwise."""
    person = session.scalar(select(Staff).where(Staff.username == as_username(username), Staff.ended_at.is_(None)))
    expected = (person.enrolment_hash if person else None) or _code_hash(secrets.token_urlsafe())
    if not hmac.compare_digest(expected, _code_hash(code)) or person is None:
        return None
    if person.enrolment_ends_at is None or person.enrolment_ends_at <= now:
        return None
    person.password_hash = password_hash
    person.enrolment_hash = person.enrolment_ends_at = None
    return person.id


def candidate(session: Session, username: str) -> Candidate:
    """Who may be signing in. For nobody there is a hash too, so that checking takes as long as for somebody."""
    person = session.scalar(select(Staff).where(Staff.username == as_username(username), Staff.ended_at.is_(None)))
    if person is None or person.password_hash is None:
        return Candidate(None, _NOBODYS_HASH)
    return Candidate(person.id, person.password_hash)


def prove(who: Candidate, password: str) -> UUID | None:
    """The staff id when the password is right. Slow on purpose: call it with no transaction open."""
    try:
        _hasher.verify(who.password_hash, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    return who.staff_id


def hash_password(password: str) -> str:
    """Argon2id with the parameters OWASP names as enough."""
    if not password:
        raise CannotDo("Passordet kan ikke være tomt.")
    return _hasher.hash(password[:LONGEST_PASSWORD])


def choose_language(session: Session, staff_id: UUID, language: str) -> None:
    """The language Sett speaks to this person on every device."""
    session.get_one(Staff, staff_id).language = language


def set_email(session: Session, staff_id: UUID, address: str, now: dt.datetime) -> None:
    """Where alerts go by e-mail, from now on; nowhere when empty. Raises CannotDo."""
    address = address.strip()
    if address and not (len(address) <= _LONGEST_ADDRESS and re.fullmatch(_ADDRESS, address)):
        raise CannotDo(gettext(N_("E-postadressen må se ut som navn@eksempel.no.")))
    person = session.get_one(Staff, staff_id)
    if person.email and person.email != address:
        operator.clear_sending(session, [operator.about(person.email)], now)
    person.email = address or None


def set_phone(session: Session, staff_id: UUID, number: str) -> None:
    """What colleagues ring when nothing can be sent, from now on; nothing when empty. Raises CannotDo."""
    session.get_one(Staff, staff_id).phone = _checked_number(number)
    touch(session, "staff", staff_id)


def set_duty_phone(session: Session, team_id: UUID, number: str) -> None:
    """The number of the team's duty phone, from now on; none when empty. Raises CannotDo."""
    session.get_one(Team, team_id).duty_phone = _checked_number(number)
    touch(session, "team", team_id, team_id=team_id)


def _checked_number(typed: str) -> str | None:
    number = typed.strip()
    if number and not _PHONE.fullmatch(number):
        raise CannotDo(gettext(N_("Skriv nummeret med siffer, for eksempel 400 00 000.")))
    return number or None


def as_username(typed: str) -> str:
    """Usernames are the same in large and small letters."""
    return typed.strip().casefold()


def _code_hash(code: str) -> str:
    return hashlib.sha256(re.sub(r"[^A-Z0-9]", "", code.upper()).encode()).hexdigest()
