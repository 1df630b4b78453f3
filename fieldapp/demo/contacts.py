"""What is written about a meeting: the bodies of visits, calls, street contacts and sightings."""

import datetime as dt
from typing import Any

from fieldapp.demo import places, words
from fieldapp.demo.dice import Dice
from fieldapp.demo.people import StaffPlan
from fieldapp.domain.norway import day_of, next_working_day

_TOPICS = {
    "conversation": 22, "home": 12, "economy": 11, "health": 10, "practical_help": 8, "food": 7, "substance_use": 7,
    "accompaniment": 6, "activity_work": 6, "network": 4, "plan": 4, "children_family": 4, "lar": 3, "medication": 6,
    "animals": 3, "dental_wounds": 3,
}  # fmt: skip
_PLACES = {"home": 70, "cafe": 6, "outdoors": 8, "office": 7, "street": 3, "institution": 2, "other": 4}
_CONDITIONS = {"usual": 62, "better": 19, "worse": 17, "alarming": 2}
_DURATIONS = {
    "staffed_housing": (5, 10, 10, 15, 20, 30),
    "tenancy_support": (30, 45, 60, 60, 75, 90, 120),
    "outreach": (15, 20, 30, 30, 45),
}
_USUAL_DURATIONS = (20, 30, 30, 45, 45, 60, 60, 75, 90, 150)


def seen(dice: Dice, kind: str, at: dt.datetime, colleague: StaffPlan | None) -> dict[str, Any]:
    """A visit where they met. In a staffed house mostly one tap."""
    if kind == "staffed_housing" and dice.chance(0.62):
        return {"outcome": "seen", "place": "home"}
    body: dict[str, Any] = {"outcome": "seen", "place": _place(dice, kind), "announced": dice.chance(0.7)}
    body["duration_min"] = dice.choice(_DURATIONS.get(kind, _USUAL_DURATIONS))
    topics = list(dict.fromkeys(dice.one_of(_TOPICS) for _ in range(dice.randint(1, 3))))
    body["topics"] = topics
    if dice.chance(0.6):
        body["condition"] = dice.one_of(_CONDITIONS)
    _words(dice, kind, topics[0], body)
    if "medication" in topics:
        body["medication"] = dice.one_of({"handed_over": 5, "seen_taken": 4, "declined": 1, "not_taken": 1})
    if colleague and dice.chance(0.18):
        body["with_staff"] = [str(colleague.id)]
    if dice.chance(0.04):
        body["interpreter"] = True
    if dice.chance(0.2):
        body["next_contact_on"] = next_working_day(day_of(at) + dt.timedelta(days=dice.randint(1, 8))).isoformat()
    return body


def _place(dice: Dice, kind: str) -> str:
    return "home" if kind == "staffed_housing" else dice.one_of(_PLACES)


def _words(dice: Dice, kind: str, topic: str, body: dict[str, Any]) -> None:
    said, notes = words.SAID[topic], words.NOTES[topic]
    if body.get("condition") in ("worse", "alarming"):
        said, notes = words.SAID_ON_A_BAD_DAY, words.NOTES_ON_A_BAD_DAY
    elif kind == "staffed_housing" and topic == "conversation":
        notes = words.HOUSE
    if dice.chance(0.45):
        body["client_said"] = dice.choice(said)
    if dice.chance(0.4):
        body["note"] = dice.choice(notes)
    if dice.chance(0.22):
        body["agreed"] = dice.choice(words.AGREED)


def bomtur(dice: Dice) -> dict[str, Any]:
    """A visit where nobody was met."""
    body: dict[str, Any] = {"outcome": dice.one_of({"no_answer": 6, "not_home": 4}), "place": "home"}
    body["announced"] = dice.chance(0.5)
    if dice.chance(0.5):
        body["note"] = dice.choice(words.BOMTUR)
    return body


def turned_away(dice: Dice) -> dict[str, Any]:
    """«Takk, men ikke i dag», or an appointment that was cancelled."""
    if dice.chance(0.45):
        return {"outcome": "cancelled", "place": "home", "cancelled_by": dice.one_of({"client": 3, "us": 1})}
    contact = dice.one_of({"seen": 1, "heard": 2})
    return {"outcome": "declined", "place": "home", "contact": contact, "client_said": dice.choice(words.DECLINED)}


def heard(dice: Dice) -> dict[str, Any]:
    """Only a voice through the door."""
    return {"outcome": "heard", "place": "home", "note": dice.choice(words.HEARD)}


def call(dice: Dice, *, spoke: bool) -> dict[str, Any]:
    """A call to or from the client."""
    if not spoke:
        return {"direction": "out", "outcome": dice.one_of({"no_answer": 3, "message": 1})}
    body: dict[str, Any] = {"direction": dice.one_of({"out": 3, "in": 2}), "outcome": "spoke"}
    if dice.chance(0.5):
        body["note"] = dice.choice(words.CALLS)
    return body


def call_with_others(dice: Dice) -> dict[str, Any]:
    """A call about the client with somebody else: no contact with the client."""
    whom = dice.choice(list(words.CALLS_WITH_OTHERS))
    return {"direction": "out", "outcome": "spoke", "with": whom, "note": words.CALLS_WITH_OTHERS[whom]}


def street(dice: Dice, *, known: bool, private: bool) -> dict[str, Any]:
    """A meeting outdoors. A private one carries no words."""
    body: dict[str, Any] = {"place_label": dice.choice(places.OUTDOORS), "people": 1 if known else dice.randint(1, 5)}
    if private:
        return body | {"private": True}
    if dice.chance(0.45):
        body["equipment"] = {
            code: dice.randint(1, 10) for code in dice.some(("syringes", "cookers", "foil", "naloxone"), 1, 2)
        }
    if dice.chance(0.5):
        body["offered"] = dice.some(("drop_in", "night_shelter", "doctor", "nav", "treatment", "overdose_team"), 1, 2)
    if dice.chance(0.15):
        body["guided_to"] = dice.choice(("drop_in", "night_shelter", "doctor"))
    if dice.chance(0.35):
        body["note"] = dice.choice(words.STREET)
    return body
