"""What does not happen every day: registrations and agreements, and the choice of who the larger stories are about.

The stories themselves are in cases (rent, neighbours, crises) and events (absences, concerns, corrections, the rest).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from fieldapp.demo.deeds import Deed, Scribe
from fieldapp.demo.people import ClientPlan, Municipality
from fieldapp.domain.norway import day_of

FRESH = dt.timedelta(seconds=90)
"""Runs out just after the demo is made, so that the worker is seen to open an alert."""
UNASKED_FOR = dt.timedelta(hours=5)
"""How long ago a client came in by import, whom nobody has asked about the watch: 24 hours, «Avtale mangler»."""
_SETTLED_IN = dt.timedelta(hours=3)
_TALKS = (
    "Snakket om det ved kjøkkenbordet, og bekreftet to dager etter.",
    "Ønsker at noen merker det hvis det blir stille.",
    "Var selv med på å bestemme hvor ofte og hvem som kan melde fra.",
    "Ble enige etter en lang prat. Kopi ligger i skuffen.",
)


def set_clocks(town: Municipality) -> None:
    """Choose who has run out, who is about to, and who has just come in."""
    now, minutes = town.now, lambda n: dt.timedelta(minutes=n)
    for kind, ends in (
        ("fact", {0: FRESH, 1: -minutes(12), 2: -minutes(35), 3: minutes(45), 7: minutes(150)}),
        ("staffed_housing", {0: minutes(25), 4: minutes(110)}),
    ):
        for client in town.clients_of(town.team(kind)):
            if client.watch and client.watch.mode == "interval" and client.number in ends:
                client.due_at = now + ends[client.number]
    newcomer = Cast(town, "tenancy_support").other(8)
    if newcomer is not None:
        newcomer.registered_at, newcomer.is_asked, newcomer.interval_days = now - UNASKED_FOR, False, None


def registrations(town: Municipality, history_from: dt.datetime) -> Iterator[Deed]:
    """Every client's first entry, with the answer about the watch; the tilsynsavtale itself follows soon after."""
    scribe = Scribe(town.dice("registrations"))
    for client in town.clients:
        body: dict[str, Any] = {
            "name": client.name,
            "team_id": str(client.team.id),
            "primary_staff_id": str(client.primary.id),
            "birth_year": client.birth_year,
            "address": client.address,
        }
        if client.is_asked:
            body["watch"] = {"mode": "off"}
        optional = {"phone": client.phone, "contact_interval_days": client.interval_days, "alias": client.alias}
        body |= {name: value for name, value in optional.items() if value is not None}
        yield scribe.deed(client.registered_at, client.primary, "client_registered", body, client=client, prompt=True)
        if client.watch:
            yield agreement(scribe, client, max(history_from, client.registered_at) + dt.timedelta(minutes=30))


def agreement(scribe: Scribe, client: ClientPlan, at: dt.datetime, **changed: Any) -> Deed:
    """The tilsynsavtale as the primary contact writes it down; `changed` are fields of the body."""
    assert client.watch is not None
    watch = client.watch
    body: dict[str, Any] = {
        "mode": watch.mode,
        "interval_minutes": watch.minutes,
        "counts": list(watch.counts),
        "may_enter": watch.may_enter,
        "reason": scribe.dice.choice(_TALKS),
        "review_on": (day_of(at) + dt.timedelta(days=scribe.dice.choice((75, 90, 90, 120)))).isoformat(),
    }
    lists = {"sources": list(watch.sources), "shifts": list(watch.shifts), "key_ref": watch.key_ref}
    body |= {name: value for name, value in lists.items() if value}
    return scribe.deed(at, client.primary, "watch_set", body | changed, client=client)


def whole(town: Municipality, story: Iterable[Deed]) -> list[Deed]:
    """The story as far as it has come; nothing of it where history is too short for its beginning."""
    told = list(story)
    for deed in told:
        known_from = deed.client.registered_at if deed.client else town.starts_at
        if deed.at <= max(known_from, town.starts_at) + _SETTLED_IN:
            return []
    return [deed for deed in told if deed.at < town.now]


class Cast:
    """The clients a story is about, by their place in the team; None where the municipality is too small."""

    def __init__(self, town: Municipality, kind: str) -> None:
        clients = town.clients_of(town.team(kind))
        self._watched = [client for client in clients if client.watch]
        self._others = [client for client in clients if not client.watch]

    def watched(self, place: int) -> ClientPlan | None:
        """A client with a tilsynsavtale."""
        return self._watched[place] if place < len(self._watched) else None

    def other(self, place: int) -> ClientPlan | None:
        """A client with planned contact only."""
        return self._others[place] if place < len(self._others) else None
