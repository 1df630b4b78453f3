"""The first administrator, team and leader of an installation that has nobody to make them.

Whoever runs the server has a set-up code, made from the secret of the installation; it is kept nowhere. Invariants: it
is good for a day, is worth nothing while there is an administrator, and none made before one is good after.
"""

import datetime as dt
import hashlib
import hmac
from base64 import b32encode
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.errors import AppError, CannotDo
from fieldapp.models import Staff
from fieldapp.services.people import accounts, throttle
from fieldapp.texts import N_, gettext

LASTS = dt.timedelta(days=1)
_HOUR = 3600
_MAC_LETTERS = 20
"""Of 32 kinds: 100 bits."""
_GROUP = 5


@dataclass(frozen=True)
class First:
    """Who and what somebody wants to begin with; the password as its hash."""

    admin_name: str
    admin_username: str
    admin_password_hash: str
    team_name: str
    team_kind: str
    leader_name: str
    leader_username: str


@dataclass(frozen=True)
class Begun:
    """What was made: the administrator, who signs in with the password, and the leader's one-time code."""

    admin_id: UUID
    leader_code: str


def is_needed(session: Session) -> bool:
    """Whether nobody administers this installation."""
    working = select(Staff.id).where(Staff.role == "admin", Staff.ended_at.is_(None)).limit(1)
    return session.scalar(working) is None


def new_code(session: Session, secret_key: str, now: dt.datetime) -> str:
    """A code that is good for a day. Raises CannotDo when there is an administrator."""
    if not is_needed(session):
        raise CannotDo(
            "Sett har en systemadministrator. Nye ansatte legges til under /admin, eller med «fieldapp staff add»."
        )
    last_hour = int((now + LASTS).timestamp()) // _HOUR
    letters = f"{last_hour:08X}" + _mac(session, secret_key, last_hour)
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def is_good(session: Session, secret_key: str, code: str, now: dt.datetime) -> bool:
    """Whether this is a code of this installation's, still good."""
    letters = "".join(char for char in code.upper() if char.isascii() and char.isalnum())
    try:
        last_hour = int(letters[:8], 16)
    except ValueError:
        return False
    first_hour = last_hour - int(LASTS.total_seconds()) // _HOUR
    is_ours = hmac.compare_digest(letters[8:], _mac(session, secret_key, last_hour))
    return is_ours and first_hour <= int(now.timestamp()) // _HOUR <= last_hour


def note_attempt(session: Session, address: str, now: dt.datetime) -> int:
    """Count a try with a code from this address. Raises AppError slow_down after the fifth in a quarter of an hour."""
    return throttle.note_attempt(session, f"first start {address}", address, now)


def begin(session: Session, secret_key: str, code: str, first: First, now: dt.datetime) -> Begun:
    """Make them, all or none. Raises AppError for a code that is not good, CannotDo for what is in the way."""
    if accounts.as_username(first.admin_username) == accounts.as_username(first.leader_username):
        raise CannotDo(gettext(N_("Administratoren og lederen må ha hvert sitt brukernavn.")))
    # Adding a team waits for whoever else adds one: of two with the same code, one comes second and sees the first.
    team_id = accounts.add_team(session, first.team_name, first.team_kind, accounts.DEFAULT_ESCALATION, now)
    if not is_needed(session) or not is_good(session, secret_key, code, now):
        raise AppError("bad_enrolment")
    admin = accounts.add_staff(session, first.admin_username, first.admin_name, "admin", [], None, now)
    session.get_one(Staff, admin.id).password_hash = first.admin_password_hash
    leader = accounts.add_staff(session, first.leader_username, first.leader_name, "leader", [team_id], None, now)
    return Begun(admin.id, leader.enrolment_code or "")


def _mac(session: Session, secret_key: str, last_hour: int) -> str:
    """Over how many administrators there have been, too: what was used to make one makes no other."""
    so_far = session.scalar(select(func.count()).select_from(Staff).where(Staff.role == "admin"))
    made = hmac.new(secret_key.encode(), f"sett first start {last_hour} {so_far}".encode(), hashlib.sha256)
    return b32encode(made.digest()).decode()[:_MAC_LETTERS]
