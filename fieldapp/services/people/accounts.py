"""The people and teams that use Sett, and how a person proves who they are: passwords and one-time codes.

Sessions are in `sessions`, guessing is slowed down by `throttle`, what has happened to an account is told by
`account_history`. Accounts are not facts about clients, so not entries.

Invariant: a new password, and a code to choose one with, end every session of the person and what they signed in with
before, passkeys and linked identities too: nobody who knew the old one stays in, or has left a way in of their own.
Delivery keys go on: what waits on a phone still gets in.
"""

import datetime as dt
import hashlib
import hmac
import itertools
import re
import secrets
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from fieldapp.domain.access import ROLES
from fieldapp.errors import CannotDo
from fieldapp.models import LoginSession, Staff, StaffTeam, Team
from fieldapp.models.change import mark_changed
from fieldapp.services import operator
from fieldapp.services.alerts import leaving
from fieldapp.services.people import account_history, ended_sessions, identities, passkeys, sessions
from fieldapp.texts import N_, day, gettext
from sync import names
from sync.codes import TeamKind
from sync.ids import uuid7

SHORTEST_PASSWORD = 12
"""For passwords people choose themselves: length is what counts, no rules of composition (NIST SP 800-63B)."""
LONGEST_PASSWORD = 1000
_FEWEST_LETTERS = 4
"""Different ones; below it is a key held down, or two in turn."""
_COMMON = frozenset(
    (
        *("123456789012", "1234567890123", "12345678901234", "123456789123", "123123123123", "qwertyuiop12"),
        *("qwertyuiop123", "qwerty123456", "1q2w3e4r5t6y", "password1234", "password12345", "passwordpassword"),
        *("passord12345", "passord123456", "passordpassord", "sommer123456", "velkommen123", "velkommen1234"),
        *("administrator", "abcdefghijkl", "iloveyou1234", "adminadmin12"),
    )
)
"""The first guesses of whoever guesses, of those that are long enough."""
ENROLMENT_LASTS = dt.timedelta(days=7)
DEFAULT_ESCALATION = (0.0, 15.0, 30.0, 45.0)
_LONGEST_ESCALATION_MINUTES = 24 * 60
_LONGEST_NAME = 100
_TEAM_NAME = N_("Teamet må ha et navn som kan leses, på høyst 100 tegn.")
_PERSONS_NAME = N_("Personen må ha et navn som kan leses, på høyst 100 tegn.")
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
    name = checked_team_name(name)
    if kind not in set(TeamKind):
        raise CannotDo(f"Ukjent slags team: {kind}. Velg en av {', '.join(TeamKind)}.")
    check_escalation(escalation)
    check_team_name(session, name)
    team = Team(id=uuid7(), name=name, kind=kind, escalation=list(escalation), created_at=now)
    session.add(team)
    session.flush()
    mark_changed(session, "team", team.id, team_id=team.id)
    return team.id


def check_team_name(session: Session, name: str, of_team: UUID | None = None) -> None:
    """No two teams that run have one name, however it is typed. Raises CannotDo; `of_team`: whose name it is to be."""
    if session.get_bind().dialect.name == "postgresql":
        # Two administrators at the same moment would both find the name free.
        session.execute(text("LOCK TABLE team IN SHARE ROW EXCLUSIVE MODE"))
    running = select(Team.id, Team.name).where(Team.ended_at.is_(None))
    for team_id, known in session.execute(running):
        if team_id != of_team and folded(known) == folded(name):
            raise CannotDo(
                gettext(N_("Det finnes alt et team som heter %(name)s. Velg et annet navn.")) % {"name": known}
            )


def folded(name: str) -> str:
    """A name as people hear it: large and small letters, spaces, and how a keyboard composes «å» are all the same."""
    composed = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(
        letter for letter in composed if unicodedata.category(letter) not in ("Cc", "Cf") or letter.isspace()
    )
    return unicodedata.normalize("NFKC", " ".join(seen.split()))


def set_escalation(session: Session, team_id: UUID, escalation: tuple[float, ...]) -> None:
    """Minutes from when an alert opens to each of its four steps, from now on. Raises CannotDo."""
    check_escalation(escalation)
    session.get_one(Team, team_id).escalation = list(escalation)
    mark_changed(session, "team", team_id, team_id=team_id)


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
    username = checked_username(session, username)
    name = checked_person_name(name)
    if role not in ROLES:
        raise CannotDo(f"Ukjent rolle: {role}. Velg en av {', '.join(ROLES)}.")
    for team_id in team_ids:
        check_team_runs(session, team_id)
    hashed = None if password is None else hash_password(password)
    person = Staff(id=uuid7(), username=username, name=name, role=role, password_hash=hashed, created_at=now)
    session.add(person)
    session.flush()
    set_email(session, person.id, email, now)
    session.add_all(StaffTeam(staff_id=person.id, team_id=team_id) for team_id in set(team_ids))
    mark_changed(session, "staff", person.id)
    code = _make_code(person, now) if password is None else None
    session.flush()
    return NewStaff(person.id, code)


def check_team_runs(session: Session, team_id: UUID) -> None:
    """Only a team that has not ended takes people. Raises CannotDo."""
    team = session.get(Team, team_id)
    if team is None:
        raise CannotDo(f"Fant ikke noe team med id {team_id}.")
    if team.ended_at:
        raise CannotDo(gettext(N_("Teamet %(name)s er avsluttet.")) % {"name": team.name})


def checked_team_name(name: str) -> str:
    """The name in its one form. Raises CannotDo."""
    return _checked_name(name, _TEAM_NAME)


def checked_person_name(name: str) -> str:
    """The name in its one form. Raises CannotDo."""
    return _checked_name(name, _PERSONS_NAME)


def _checked_name(name: str, problem: str) -> str:
    """The name in its one form. Raises CannotDo with `problem` where there is none, or it is too long."""
    cleaned = names.clean(name)
    if not names.is_name(name) or len(cleaned) > _LONGEST_NAME:
        raise CannotDo(gettext(problem))
    return cleaned


def checked_username(session: Session, username: str) -> str:
    """The username in its one form, which nobody has or had. Raises CannotDo."""
    if "\0" in username or not names.is_name(username):
        raise CannotDo("Brukernavnet må ha 1–100 tegn og ingen mellomrom.")
    username = as_username(username)
    if not re.fullmatch(r"\S{1,100}", username):
        raise CannotDo("Brukernavnet må ha 1–100 tegn og ingen mellomrom.")
    owner = session.scalar(select(Staff).where(Staff.username == username))
    if owner is not None:
        raise CannotDo(_taken(owner))
    return username


def _taken(owner: Staff) -> str:
    """A username that belongs to somebody who has left can be had, and there are two ways."""
    if owner.ended_at is None:
        return f"Brukernavnet {owner.username} er i bruk."
    said = gettext(
        N_(
            "Brukernavnet %(username)s er i bruk: det hører til %(name)s, som sluttet %(day)s. Er det samme person, "
            "hent henne eller ham tilbake under «Avsluttet». Ellers frigi brukernavnet der først."
        )
    )
    return said % {"username": owner.username, "name": owner.name, "day": day(owner.ended_at)}


def end_staff(session: Session, username: str, now: dt.datetime, by: UUID | None = None) -> UUID:
    """End a person's access everywhere at once: sessions and delivery keys. What they logged stays.

    What waited for them goes to others (leaving.py). Raises CannotDo.
    """
    person = session.scalar(select(Staff).where(Staff.username == as_username(username)))
    if person is None or person.ended_at:
        raise CannotDo(f"Fant ingen aktiv ansatt med brukernavn {username}.")
    person.ended_at = now
    person.delivery_generation += 1
    ended_sessions.end_for_good(session, LoginSession.staff_id == person.id, now)
    _remove_other_ways_in(session, person.id)
    account_history.note(session, person.id, "access_ended", now, by=by)
    mark_changed(session, "staff", person.id)
    leaving.let_go(session, person.id, now)
    return person.id


def new_enrolment_code(session: Session, staff_id: UUID, now: dt.datetime, by: UUID | None = None) -> str:
    """A one-time code with which the person chooses a new password; what they signed in with until now stops working.

    `by`: who made it, None for the command line. The person is told, and where they are signed in they no longer are.
    """
    person = session.get_one(Staff, staff_id)
    code = _make_code(person, now)
    person.password_hash = None
    _remove_other_ways_in(session, staff_id)
    sessions.expire_all(session, now, staff_id)
    account_history.note(session, staff_id, "code_made", now, by=by)
    return code


def _make_code(person: Staff, now: dt.datetime) -> str:
    code = "-".join("".join(secrets.choice(_CODE_LETTERS) for _ in range(4)) for _ in range(3))
    person.enrolment_hash = _code_hash(code)
    person.enrolment_ends_at = now + ENROLMENT_LASTS
    return code


def whose_code(session: Session, username: str, code: str, now: dt.datetime) -> UUID | None:
    """Whose one-time code this is, if it is that person's and still good; it is not used up. None otherwise."""
    person = _working(session, username)
    expected = (person.enrolment_hash if person else None) or _code_hash(secrets.token_urlsafe())
    if not hmac.compare_digest(expected, _code_hash(code)) or person is None:
        return None
    if person.enrolment_ends_at is None or person.enrolment_ends_at <= now:
        return None
    return person.id


def enrol(session: Session, username: str, code: str, password_hash: str, now: dt.datetime) -> UUID | None:
    """Set the password (its hash) if the code is the person's and still good; it works once. None otherwise."""
    staff_id = whose_code(session, username, code, now)
    if staff_id is not None:
        is_first = account_history.is_empty(session, staff_id)
        _set_password(session, staff_id, password_hash, now)
        account_history.note(session, staff_id, "password_set", now, by=staff_id, is_news=not is_first)
    return staff_id


def change_password(session: Session, staff_id: UUID, password_hash: str, now: dt.datetime) -> None:
    """The person has chosen another password. Every session ends, the one they did it in too."""
    _set_password(session, staff_id, password_hash, now)
    account_history.note(session, staff_id, "password_changed", now, by=staff_id)


def _set_password(session: Session, staff_id: UUID, password_hash: str, now: dt.datetime) -> None:
    person = session.get_one(Staff, staff_id)
    person.password_hash = password_hash
    person.enrolment_hash = person.enrolment_ends_at = None
    _remove_other_ways_in(session, staff_id)
    sessions.expire_all(session, now, staff_id)


def _remove_other_ways_in(session: Session, staff_id: UUID) -> None:
    """What may be somebody else's by now, whoever made it."""
    passkeys.remove_all(session, staff_id)
    identities.remove_all(session, staff_id)


def id_of(session: Session, username: str) -> UUID | None:
    """Who works here under this username."""
    person = _working(session, username)
    return person.id if person else None


def _working(session: Session, username: str) -> Staff | None:
    return session.scalar(select(Staff).where(Staff.username == as_username(username), Staff.ended_at.is_(None)))


def candidate(session: Session, username: str) -> Candidate:
    """Who may be signing in. For nobody there is a hash too, so that checking takes as long as for somebody."""
    person = _working(session, username)
    if person is None or person.password_hash is None:
        return Candidate(None, _NOBODYS_HASH)
    return Candidate(person.id, person.password_hash)


def prove(who: Candidate, password: str) -> UUID | None:
    """The staff id when the password is right. Slow on purpose: call it with no transaction open."""
    try:
        _hasher.verify(who.password_hash, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    return who.staff_id if len(password) <= LONGEST_PASSWORD else None


def hash_password(password: str) -> str:
    """Argon2id with the parameters OWASP names as enough. Raises CannotDo for a password that can't be one."""
    if not password:
        raise CannotDo("Passordet kan ikke være tomt.")
    if len(password) > LONGEST_PASSWORD:
        raise CannotDo(f"Passordet kan ha høyst {LONGEST_PASSWORD} tegn.")
    return _hasher.hash(password)


def weakness(password: str, username: str) -> str | None:
    """Why a person may not choose this password, as a sentence; None when they may."""
    if len(password) < SHORTEST_PASSWORD:
        return gettext(N_("Passordet må ha minst %(n)s tegn.")) % {"n": SHORTEST_PASSWORD}
    if len(password) > LONGEST_PASSWORD:
        return gettext(N_("Passordet kan ha høyst %(n)s tegn.")) % {"n": LONGEST_PASSWORD}
    plain = password.casefold()
    if plain == as_username(username) or len(set(plain)) < _FEWEST_LETTERS or plain in _COMMON:
        return gettext(N_("Dette passordet er for lett å gjette. Velg et annet, gjerne en hel setning."))
    return None


def choose_language(session: Session, staff_id: UUID, language: str) -> None:
    """The language Sett speaks to this person on every device."""
    session.get_one(Staff, staff_id).language = language


def set_email(session: Session, staff_id: UUID, address: str, now: dt.datetime) -> None:
    """Where alerts go by e-mail, from now on; nowhere when empty. Raises CannotDo."""
    address = checked_email(address)
    person = session.get_one(Staff, staff_id)
    if person.email and person.email != address:
        operator.clear_sending(session, [operator.about(person.email)], now)
    person.email = address or None


def checked_email(typed: str) -> str:
    """The address, or empty. Raises CannotDo."""
    address = typed.strip()
    if address and not (len(address) <= _LONGEST_ADDRESS and re.fullmatch(_ADDRESS, address)):
        raise CannotDo(gettext(N_("E-postadressen må se ut som navn@eksempel.no.")))
    return address


def set_phone(session: Session, staff_id: UUID, number: str) -> None:
    """What colleagues ring when nothing can be sent, from now on; nothing when empty. Raises CannotDo."""
    session.get_one(Staff, staff_id).phone = checked_number(number)
    mark_changed(session, "staff", staff_id)


def set_duty_phone(session: Session, team_id: UUID, number: str) -> None:
    """The number a new team's duty phone begins with; what a leader sets afterwards is an entry. Raises CannotDo."""
    session.get_one(Team, team_id).duty_phone = checked_number(number)
    mark_changed(session, "team", team_id, team_id=team_id)


def checked_number(typed: str) -> str | None:
    """The number to ring, or None for empty. Raises CannotDo."""
    number = typed.strip()
    if number and not _PHONE.fullmatch(number):
        raise CannotDo(gettext(N_("Skriv nummeret med siffer, for eksempel 400 00 000.")))
    return number or None


def as_username(typed: str) -> str:
    """Usernames are the same in large and small letters, and however a keyboard composes an «ø» or «é»."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", names.clean(typed)).casefold())


def _code_hash(code: str) -> str:
    return hashlib.sha256(re.sub(r"[^A-Z0-9]", "", code.upper()).encode()).hexdigest()
