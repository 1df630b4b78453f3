"""How the people on duty answer an alert: most take it within minutes, some after it has climbed a step, a few put it
off, and often the true answer is that the client was seen and nobody had written it down."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fieldapp.demo.deeds import Deed, Scribe
from fieldapp.demo.duties import Turn
from fieldapp.demo.people import ClientPlan, Municipality, StaffPlan
from sync.entry_types import ENTRY_TYPES

_TYPES = {row.answers: name for name, row in ENTRY_TYPES.items() if row.answers}

_SOON = dt.timedelta(hours=3, minutes=30)
_STILL_UNANSWERED = dt.timedelta(minutes=16)
"""An alert younger than this is left as it is: somebody is to answer it in the demo."""


@dataclass(frozen=True)
class Ringing:
    """An alert that has opened."""

    id: uuid.UUID
    kind: str
    opened_at: dt.datetime
    due_at: dt.datetime
    client: ClientPlan
    next_contact_at: dt.datetime | None


class Answers:
    """Decides who answers what and when."""

    def __init__(self, town: Municipality, turns: Sequence[Turn]) -> None:
        self.town = town
        self._turns = turns
        self._entered = False

    def to(self, alert: Ringing) -> list[Deed]:
        """The answers to one alert, as far as they lie in the past."""
        if self.town.now - alert.opened_at < _STILL_UNANSWERED:
            return []
        scribe = Scribe(self.town.dice("answer", alert.id))
        on_duty = self._on_duty(alert.client, alert.opened_at, scribe)
        answers = (
            self._loud(scribe, alert, on_duty) if alert.kind != "not_seen" else self._quiet(scribe, alert, on_duty)
        )
        return [deed for deed in answers if deed.at < self.town.now]

    def _on_duty(self, client: ClientPlan, at: dt.datetime, scribe: Scribe) -> StaffPlan:
        turns = [turn for turn in self._turns if turn.team == client.team and turn.covers(at) and turn.duty == "duty"]
        return scribe.dice.choice(turns).staff if turns else client.primary

    def _loud(self, scribe: Scribe, alert: Ringing, who: StaffPlan) -> Iterator[Deed]:
        at = alert.opened_at + scribe.dice.minutes(0.7, 4)
        yield self._take(scribe, alert, who, at)
        if alert.kind == "concern":
            body = {"alert_id": str(alert.id), "reason": "Var innom. Det gikk bra.", "outcome": "other"}
            yield scribe.deed(at + scribe.dice.minutes(28, 55), who, _TYPES["resolve"], body, prompt=True)

    def _quiet(self, scribe: Scribe, alert: Ringing, who: StaffPlan) -> Iterator[Deed]:
        dice = scribe.dice
        taken_at = alert.opened_at + (dice.minutes(17, 26) if dice.chance(0.25) else dice.minutes(1.5, 13))
        yield self._take(scribe, alert, who, taken_at)
        comes_soon = alert.next_contact_at is not None and alert.next_contact_at - alert.opened_at < _SOON
        if alert.client.due_at is not None and alert.client.due_at == alert.due_at:
            return  # one of those that stand open when the demo begins: somebody is on the way
        if alert.client.watch and alert.client.watch.may_enter and not self._entered and comes_soon:
            self._entered = True
            yield from self._enter(scribe, alert, who, taken_at)
        elif not comes_soon or dice.chance(0.3):
            yield self._was_seen(scribe, alert, who, taken_at + dice.minutes(3, 25))
        elif dice.chance(0.25):
            until = (taken_at + dt.timedelta(hours=1)).isoformat()
            body = {
                "alert_id": str(alert.id),
                "until": until,
                "reason": "Er på legesenteret med en annen. Ser etter om en time.",
            }
            yield scribe.deed(taken_at + dice.minutes(1, 3), who, _TYPES["snooze"], body, prompt=True)

    def _take(self, scribe: Scribe, alert: Ringing, who: StaffPlan, at: dt.datetime) -> Deed:
        return scribe.deed(at, who, _TYPES["acknowledge"], {"alert_id": str(alert.id)}, prompt=True)

    def _was_seen(self, scribe: Scribe, alert: Ringing, who: StaffPlan, at: dt.datetime) -> Deed:
        """«Han ble sett, vi førte det ikke»: the commonest true answer."""
        body = {
            "alert_id": str(alert.id),
            "outcome": "was_seen",
            "reason": "Var sett, men ikke ført",
            "seen_at": (alert.due_at - scribe.dice.minutes(40, 300)).isoformat(),
            "seen_by": scribe.dice.choice(("kollega på forrige vakt", "vaktmester", "aktivitetshuset")),
        }
        return scribe.deed(at, who, _TYPES["resolve"], body, prompt=True)

    def _enter(self, scribe: Scribe, alert: Ringing, who: StaffPlan, at: dt.datetime) -> Iterator[Deed]:
        """Rings, phones, asks, and then unlocks as agreed: found asleep, awake and well."""
        client = alert.client
        call = {"direction": "out", "outcome": "no_answer"}
        yield scribe.deed(at + dt.timedelta(minutes=4), who, "call_logged", call, client=client, prompt=True)
        entered_at = at + dt.timedelta(minutes=19)
        body = {
            "ground": "agreement",
            "reason": "Ikke sett på et døgn, svarer verken på dør eller telefon",
            "tried": ["rang", "phoned", "asked_base", "waited"],
            "found": "ok",
            "decided_by": "Bakvakt",
            "told": "in_person",
            "key_back": True,
            "left_at": (entered_at + dt.timedelta(minutes=12)).isoformat(),
            "note": "Hadde sovet med ørepropper. Ble enige om at vi banker på vinduet først neste gang.",
        }
        yield scribe.deed(entered_at, who, "home_entered", body, client=client, prompt=True)
