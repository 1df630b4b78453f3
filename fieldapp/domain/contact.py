"""Degrees of contact: what each entry says about having met the client, and whether that stops this client's clock.

The table is the one in the protocol, "Degree of contact each gives"; everything not named there gives none.
Whose contact it is (an entry without a client concerns nobody's clock) is for the caller.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from sync.bodies_cases import CrisisClosed
from sync.bodies_contact import CallLogged, HomeEntered, SightingReported, VisitLogged
from sync.bodies_watch import AlertResolved


class Degree(StrEnum):
    """How surely somebody was met, strongest first."""

    seen = "seen"
    heard = "heard"
    reported = "reported"
    attempt = "attempt"
    none = "none"


_WITHOUT_A_WORD = {"declined": Degree.heard, "cancelled": Degree.none}


def _visit(body: VisitLogged) -> Degree:
    if body.outcome in _WITHOUT_A_WORD:
        return Degree(body.contact) if body.contact else _WITHOUT_A_WORD[body.outcome]
    return Degree(body.outcome) if body.outcome in ("seen", "heard") else Degree.attempt


def _call(body: CallLogged) -> Degree:
    if body.with_whom != "client":
        return Degree.none  # only the client's own voice or words are heard
    own_words = body.outcome == "spoke" or (body.outcome == "message" and body.direction == "in")
    return Degree.heard if own_words else Degree.attempt


def _sighting(body: SightingReported) -> Degree:
    return Degree.reported if body.what == "seen" else Degree.none


def _home(body: HomeEntered) -> Degree:
    return {"nobody": Degree.attempt, "dead": Degree.none}.get(body.found, Degree.seen)


def _crisis(body: CrisisClosed) -> Degree:
    return {"not_found": Degree.attempt, "died": Degree.none}.get(body.outcome, Degree.seen)


def _resolution(body: AlertResolved) -> Degree:
    return Degree.seen if body.outcome == "was_seen" else Degree.none


_DEGREES: dict[str, Callable[[Any], Degree]] = {
    "visit_logged": _visit,
    "street_contact_logged": lambda _: Degree.seen,
    "call_logged": _call,
    "sighting_reported": _sighting,
    "home_entered": _home,
    "crisis_closed": _crisis,
    "alert_resolved": _resolution,
}


def degree_of(entry_type: str, body: Struct) -> Degree:
    """Give the degree of contact of one entry; none for every type that is not about meeting somebody."""
    rule = _DEGREES.get(entry_type)
    return rule(body) if rule else Degree.none


def dies(entry_type: str, body: Struct) -> bool:
    """Say whether the entry tells that the client is dead, which stops every clock until follow-up is ended."""
    words: Any = body
    if entry_type == "home_entered":
        return bool(words.found == "dead")
    return bool(entry_type == "crisis_closed" and words.outcome == "died")


def contact_time(entry_type: str, body: Struct, clock_at: datetime) -> datetime:
    """Give when the client was met: the entry's clock time, or the earlier moment told of by «var sett, ikke ført»."""
    words: Any = body
    told_at: datetime | None = words.seen_at if entry_type == "alert_resolved" and words.outcome == "was_seen" else None
    return min(told_at.astimezone(UTC), clock_at) if told_at else clock_at


def counts(degree: str, source: str | None, counts: Collection[str], sources: Collection[str] | None) -> bool:
    """Say whether a contact stops this client's clock under the agreement.

    Having been seen always does; `heard` and `reported` only when `counts` names them. A report counts from the
    sources the client has said yes to; where the agreement gives no list of sources (None), from any.
    """
    if degree == Degree.seen:
        return True
    if degree not in (Degree.heard, Degree.reported) or degree not in counts:
        return False
    return degree == Degree.heard or sources is None or source in sources
