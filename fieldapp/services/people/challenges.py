"""Challenges of a sign-in: what the other side must answer to show that it answers now, and to us.

A challenge holds its own time and a mark (HMAC) of the browser and purpose it was made for, so asking for one stores
nothing. Invariant: one is good for ten minutes, from the browser it was given to, for the purpose it was made for, and
once: answering it, rightly or not, leaves a row.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from fieldapp.models import UsedChallenge
from fieldapp.services.writing import insert_new

LASTS = dt.timedelta(minutes=10)
_AHEAD = dt.timedelta(minutes=1)
"""A challenge from before the clock was set back may be old: it is refused, but for what processes may differ."""
_RANDOM, _TIME, _MARK = 16, 8, 16


@dataclass(frozen=True)
class Maker:
    """Makes challenges for one browser and purpose; `browser` is its secret token."""

    secret_key: str
    browser: str
    purpose: str

    def make(self, now: dt.datetime) -> bytes:
        """A new challenge, 40 bytes."""
        begin = secrets.token_bytes(_RANDOM) + int(now.timestamp()).to_bytes(_TIME, "big")
        return begin + self._mark(begin)

    def take(self, session: Session, challenge: bytes, now: dt.datetime) -> bool:
        """Whether this is one of ours, still good and answered for the first time; from now on it is used."""
        begin, mark = challenge[: _RANDOM + _TIME], challenge[_RANDOM + _TIME :]
        if len(begin) < _RANDOM + _TIME or not hmac.compare_digest(mark, self._mark(begin)):
            return False
        made_at = dt.datetime.fromtimestamp(int.from_bytes(begin[_RANDOM:], "big"), dt.UTC)
        if not now - LASTS < made_at <= now + _AHEAD:
            return False
        session.execute(delete(UsedChallenge).where(UsedChallenge.ends_at <= now))
        used = {"digest": hashlib.sha256(challenge).digest(), "ends_at": made_at + LASTS + _AHEAD}
        return bool(insert_new(session, UsedChallenge, [used], [UsedChallenge.digest]))

    def derived(self, challenge: bytes, what: str) -> str:
        """A secret that belongs to this challenge; whoever knows the challenge alone does not know it."""
        return hmac.new(self._key(what), challenge, hashlib.sha256).hexdigest()

    def _mark(self, begin: bytes) -> bytes:
        return hmac.new(self._key("challenge"), begin, hashlib.sha256).digest()[:_MARK]

    def _key(self, what: str) -> bytes:
        stands_for = f"sign-in:{what}:{self.purpose}:{self.browser}"
        return hmac.new(self.secret_key.encode(), stands_for.encode(), hashlib.sha256).digest()
