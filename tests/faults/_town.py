"""A town with teams of different kinds, where a year of ordinary and less ordinary things happens, from one seed.

People write entries on their phones; a phone sends what it holds when it can: at once, hours later, with a wrong
clock, twice. Nothing here knows when anybody's clock runs out.
"""

import datetime as dt
import heapq
import itertools
import random
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.services.people import accounts
from tests.faults._naive_rules import DAY, OSLO, day_of, wall

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
OFFICE = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
NIGHT = {day: [["15:00", "08:30"]] for day in ("mon", "tue", "wed", "thu", "fri")} | {
    day: [["00:00", "24:00"]] for day in ("sat", "sun")
}
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
ROMJUL = [f"2026-12-{day}" for day in range(24, 32)]
SHIFTS = {"day": ["07:00", "14:30"], "evening": ["14:30", "22:00"], "night": ["22:00", "07:00"]}
KINDS: tuple[tuple[str, str, dict[str, Any] | None, bool, float], ...] = (
    ("Granstua", "staffed_housing", {"hours": ALWAYS, "when_closed": "on_call", "shifts": SHIFTS}, True, 0.2),
    ("FACT nord", "fact", {"hours": OFFICE, "when_closed": "wait", "closed_days": ROMJUL}, True, 0.2),
    ("Hjem først", "housing_first", {"hours": OFFICE, "when_closed": "hand_over"}, True, 0.15),
    ("ACT", "act", {"hours": OFFICE | {"sat": [["10:00", "14:00"]]}, "when_closed": "on_call"}, True, 0.15),
    ("Booppfølging", "tenancy_support", {"hours": OFFICE, "when_closed": "wait"}, False, 0.15),
    ("Uteteamet", "outreach", None, True, 0.1),
    ("Nattpatruljen", "night", {"hours": NIGHT, "when_closed": "hand_over"}, True, 0.05),
)
"""Name, kind, what the leader says about hours (None: nothing), whether it keeps a duty list, share of the clients."""
MODES = ("interval",) * 12 + ("each_shift", "off", "off")
MODES_OF_A_HOUSE = ("interval", "each_shift", "each_shift", "off")
INTERVALS = (720, 1440, 1440, 2880, 2880, *[4320] * 3, *[10080] * 4)
LONG_INTERVALS = (1440, *[4320] * 2, *[10080] * 4, *[20160] * 4)
WRONG = (dt.timedelta(),) * 8 + (40 * MINUTE, -40 * MINUTE, 3 * HOUR, -2 * DAY, 365 * DAY, -365 * DAY)


@dataclass
class Phone:
    owner: Viewer
    device_id: uuid.UUID
    wrong: dt.timedelta = dt.timedelta()
    knows_offset: bool = True
    outbox: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0
    sends_at: dt.datetime | None = None


@dataclass
class TeamOfTown:
    id: uuid.UUID
    leader: Viewer
    workers: list[Viewer]
    hours: dict[str, Any] | None
    lists_duty: bool

    @property
    def everyone(self) -> list[Viewer]:
        return [self.leader, *self.workers]


@dataclass
class ClientOfTown:
    id: uuid.UUID
    team: TeamOfTown
    primary: uuid.UUID
    rhythm: dt.timedelta = DAY
    """How long between contacts, about."""


class Town(ABC):
    """Who lives and works here, and what they are about to do: a heap of moments."""

    def __init__(
        self, database: Database, seed: int, clients: int, begins: dt.datetime, ends: dt.datetime, *, calm: bool
    ) -> None:
        """`calm`: less goes wrong and clients are met more seldom, so that five hundred fit into a year."""
        self.dice = random.Random(seed)
        self.mishap = 0.3 if calm else 1.0
        self.seldom = 1.0 if calm else 0.25
        self.calm = calm
        self.intervals = LONG_INTERVALS if calm else INTERVALS
        self.begins, self.ends, self.now = begins, ends, begins
        self.moments: list[tuple[dt.datetime, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self.teams = self._settle(database)
        self.phones = {one.staff_id: Phone(one, self.new_id()) for team in self.teams for one in team.everyone}
        self.clients: dict[uuid.UUID, ClientOfTown] = {}
        self._plan(clients)

    def _settle(self, database: Database) -> list[TeamOfTown]:
        teams = []
        with database.transaction() as session:
            for name, kind, hours, lists_duty, _ in KINDS:
                team_id = accounts.add_team(session, name, kind, (0, 15, 30, 45), self.begins)
                roles = ["leader", *["fieldworker"] * 4]
                people = [
                    Viewer(
                        accounts.add_staff(session, f"{kind}{n}", name, role, [team_id], None, self.begins).id,
                        role,
                        frozenset({team_id}),
                    )
                    for n, role in enumerate(roles)
                ]
                teams.append(TeamOfTown(team_id, people[0], people[1:], hours, lists_duty))
        return teams

    def _plan(self, clients: int) -> None:
        self.night = self.teams[-1]
        for team in self.teams:
            self._begin_team(team)
        shares = [share for *_, share in KINDS]
        for _ in range(clients):
            team = self.dice.choices(self.teams, shares)[0]
            client = ClientOfTown(self.new_id(), team, self.dice.choice(team.everyone).staff_id)
            self.clients[client.id] = client
            self.after(self.dice.random() * 3 * DAY, self._register, client)
        for phone in self.phones.values():
            self.after(self.some(30), self._clock_goes_wrong, phone)

    # --- moments ----------------------------------------------------------------------------------------------------

    def at(self, when: dt.datetime, deed: Callable[..., None], *about: Any) -> None:
        if when < self.ends:
            heapq.heappush(self.moments, (when.replace(microsecond=0), next(self._count), lambda: deed(*about)))

    def after(self, how_long: dt.timedelta, deed: Callable[..., None], *about: Any) -> None:
        self.at(self.now + how_long, deed, *about)

    def some(self, days: float) -> dt.timedelta:
        """So many days on the average."""
        return self.dice.expovariate(1 / days) * DAY

    def chance(self, of: float) -> bool:
        return self.dice.random() < of

    def new_id(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)

    # --- phones -----------------------------------------------------------------------------------------------------

    def say(
        self,
        by: Viewer,
        type: str,
        body: dict[str, Any],
        client: uuid.UUID | None,
        ago: dt.timedelta = dt.timedelta(),
        *,
        by_hand: bool = False,
    ) -> uuid.UUID:
        """Write an entry on this person's phone; it is sent when the phone next has coverage."""
        phone = self.phones[by.staff_id]
        happened = self.now - ago + (dt.timedelta() if by_hand else phone.wrong)
        phone.seq += 1
        raw = {
            "id": str(self.new_id()),
            "device_seq": phone.seq,
            "type": type,
            "version": 1,
            "client_id": str(client) if client else None,
            "occurred_at": happened.astimezone(OSLO if self.chance(0.5) else dt.UTC).isoformat(),
            "time_chosen": by_hand,
            "clock_offset_ms": -int(phone.wrong.total_seconds() * 1000) if phone.knows_offset else None,
            "body": body,
        }
        phone.outbox.append(raw)
        if phone.sends_at is None:
            self.send_later(phone, self._coverage())
        return uuid.UUID(raw["id"])

    def _coverage(self) -> dt.timedelta:
        if self.chance(1 - 0.07 * self.mishap):
            return self.dice.random() * 20 * MINUTE
        return self.dice.random() * (30 if self.chance(0.9) else 120) * HOUR

    def send_later(self, phone: Phone, how_long: dt.timedelta) -> None:
        phone.sends_at = self.now + how_long
        self.after(how_long, self.send, phone)

    @abstractmethod
    def send(self, phone: Phone) -> None:
        """Take what the phone holds to the server: for whoever runs the town."""

    def _clock_goes_wrong(self, phone: Phone) -> None:
        phone.wrong, phone.knows_offset = self.dice.choice(WRONG), self.chance(0.7)
        self.after(self.some(30), self._clock_goes_wrong, phone)

    # --- teams ------------------------------------------------------------------------------------------------------

    def _begin_team(self, team: TeamOfTown) -> None:
        self.say_hours(team)
        if team.lists_duty:
            self._duty_list(team)
        if team.hours and team.hours["when_closed"] == "hand_over" and team is not self.night:
            self._evening(team)

    def say_hours(self, team: TeamOfTown) -> None:
        if team.hours is None:
            return
        body = team.hours | {"team_id": str(team.id)}
        if body["when_closed"] == "hand_over":
            body["to_team_id"] = str((self.night if team is not self.night else self.teams[0]).id)
        if self.now > self.begins:
            body |= {"when_closed": self.dice.choice([body["when_closed"]] * 3 + ["wait"])}
            body |= {"hours": self.dice.choice([team.hours["hours"]] * 3 + [OFFICE, {}, ALWAYS])}
        said = self.say(team.leader, "team_hours_set", body, None)
        if self.now > self.begins and self.chance(0.6):
            self.after(self.some(2), self._take_back, team.leader, said, None)
        self.after(self.some(60 * self.seldom), self.say_hours, team)

    def _duty_list(self, team: TeamOfTown) -> None:
        """Who is on duty the coming week; now and then nobody has thought of it."""
        monday = day_of(self.now) + DAY
        for person in self.dice.sample(team.everyone, self.dice.choice([0, 1, 2, 2, 3])):
            begins = wall(monday, "07:30") + self.dice.choice([0, 0, 12]) * HOUR
            duty = {"duty": self.dice.choice(["duty", "duty", "backup"]), "staff_id": str(person.staff_id)}
            times = {"from_at": begins.isoformat(), "to_at": (begins + self.dice.choice([2, 7, 7]) * DAY).isoformat()}
            self.say(team.leader, "duty_set", {"team_id": str(team.id), **duty, **times}, None)
        self.after(7 * DAY, self._duty_list, team)

    def _evening(self, team: TeamOfTown) -> None:
        """Before closing, some clients are handed to the night team, where some are taken."""
        closing = wall(day_of(self.now), "15:10")
        for client in self.clients.values():
            if client.team is team and closing <= self.now and self.chance(0.4):
                until = {"to_team_id": str(self.night.id), "until_at": (self.now + self._night()).isoformat()}
                by = self.dice.choice(team.everyone)
                asked = self.say(by, "watch_handed_over", until, client.id)
                if self.chance(0.7):
                    self.after(self.some(0.05), self._take_over, client, asked)
                if self.chance(0.1):
                    self.after(self.some(0.3), self._take_back, by, asked, client.id)
        self.at(wall(day_of(self.now) + DAY, "15:10"), self._evening, team)

    def _night(self) -> dt.timedelta:
        return self.dice.choice([17, 17, 17, 3, 65]) * HOUR

    def _take_over(self, client: ClientOfTown, asked: uuid.UUID) -> None:
        by = self.dice.choice(self.night.everyone)
        taken = self.say(by, "watch_taken_over", {"handed_over_id": str(asked)}, client.id)
        if self.chance(0.1):
            self.after(self.some(0.2), self._take_back, by, taken, client.id)

    # --- clients ----------------------------------------------------------------------------------------------------

    def _register(self, client: ClientOfTown) -> None:
        body = {"name": "Kari", "team_id": str(client.team.id), "primary_staff_id": str(client.primary)}
        if self.chance(0.5):
            body["watch"] = {"mode": "interval", "interval_minutes": 2880}
        self.say(client.team.leader, "client_registered", body, client.id)
        self.after(self.some(0.5), self._agree, client)
        self.after(self.some(0.5), self._meet, client)
        self.after(self.some(40 * self.seldom), self._leave, client)
        self.after(self.some(150 * self.seldom), self._end, client)

    def _agree(self, client: ClientOfTown) -> None:
        dice = self.dice
        minutes = dice.choice(self.intervals)
        body: dict[str, Any] = {
            "mode": dice.choice(MODES if self.calm or client.team is not self.teams[0] else MODES_OF_A_HOUSE),
            "reason": "avtalt",
            "counts": dice.choice([["seen"], ["seen"], ["seen", "heard"], ["seen", "heard", "reported"]]),
            "sources": dice.choice([[], ["police"], ["lar", "shelter"]]),
            "shifts": dice.choice([[], ["day"], ["day", "evening"], ["night"], ["day", "evening", "night"]]),
            "tighten_days": dice.choice([None, 0, 3, 14]),
            "when_closed": dice.choice([None, None, None, "wait", "hand_over", "on_call"]),
            "pause_with_others": self.chance(0.3),
        }
        if minutes != 1440:
            body["interval_minutes"] = minutes
        client.rhythm = {"interval": minutes * MINUTE, "each_shift": 0.5 * DAY, "off": 3 * DAY}[body["mode"]]
        agreed = self.say(client.team.leader, "watch_set", body, client.id, self.dice.random() * HOUR)
        if self.chance(0.1):
            self.after(self.some(1), self._take_back, client.team.leader, agreed, client.id)
        self.after(self.some((5 if body["mode"] == "off" else 40) * self.seldom), self._agree, client)

    def _meet(self, client: ClientOfTown) -> None:
        by = self.dice.choice(client.team.everyone)
        type, body = self._contact()
        ago = self.dice.choice([0, 0, 5, 30, 200]) * MINUTE
        said = self.say(by, type, body, client.id, ago, by_hand=self.chance(0.2))
        if self.chance(0.04):
            self.after(self.some(0.2), self._take_back, by, said, client.id)
        if type == "visit_logged" and self.chance(0.03):
            text = {"outcome": self.dice.choice(["seen", "heard", "not_home"])}
            self.after(self.some(0.5), self.correct, by, said, client.id, "text", text)
        late = self.chance(0.05 * self.mishap)
        self.after(client.rhythm * self.dice.uniform(*((0.9, 2.2) if late else (0.4, 0.85))), self._meet, client)

    def _contact(self) -> tuple[str, dict[str, Any]]:
        dice = self.dice
        outcome = dice.choice(["seen"] * 40 + ["heard", "no_answer", "not_home", "declined", "cancelled"])
        visit: dict[str, Any] = {"outcome": outcome, "place": "home"}
        if outcome in ("declined", "cancelled") and self.chance(0.5):
            visit["contact"] = dice.choice(["seen", "heard", "none"])
        spoke = {"outcome": dice.choice(["spoke", "message", "no_answer"]), "direction": dice.choice(["in", "out"])}
        others: list[tuple[str, dict[str, Any]]] = [
            ("call_logged", spoke | {"with": dice.choice(["client", "client", "gp"])}),
            ("sighting_reported", {"source": dice.choice(["police", "lar"]), "what": dice.choice(["seen", "missed"])}),
            ("street_contact_logged", {"place_label": "Torget", "people": 1}),
            ("home_entered", {"ground": "invited", "reason": "avtale", "found": dice.choice(["ok", "nobody"])}),
        ]
        return ("visit_logged", visit) if self.chance(1 - 0.1 * self.mishap) else dice.choice(others)

    def _leave(self, client: ClientOfTown) -> None:
        kinds = ["admitted", "treatment", "detox", "prison", "travel", "with_others", "unknown"]
        absence = {"absence_id": str(self.new_id())}
        lasts = self.some(6 * self.seldom)
        by = self.dice.choice(client.team.everyone)
        body = absence | {"kind": self.dice.choice(kinds)} | self._end_of(lasts)
        said = self.say(by, "absence_started", body, client.id, self.dice.random() * 3 * HOUR)
        if self.chance(0.1):
            self.after(self.some(1), self._take_back, by, said, client.id)
        if self.chance(0.4):
            confirmed = absence | self._end_of(lasts)
            self.after(lasts * 0.6, self.say, by, "absence_confirmed", confirmed, client.id)
        if self.chance(0.8):
            self.after(lasts, self.say, by, "absence_ended", absence, client.id)
        self.after(lasts + self.some(50 * self.seldom), self._leave, client)

    def _end_of(self, lasts: dt.timedelta) -> dict[str, str]:
        expected = self.now + lasts * self.dice.uniform(0.5, 1.5)
        on = {"expected_end_on": day_of(expected).isoformat()}
        return self.dice.choice([{}, on, {"expected_end_at": expected.isoformat()}])

    def _end(self, client: ClientOfTown) -> None:
        body = {"reason": self.dice.choice(["agreed", "died", "moved"])}
        said = self.say(client.team.leader, "follow_up_ended", body, client.id)
        if self.chance(0.2):
            self.after(self.some(1), self._take_back, client.team.leader, said, client.id)
        self.after(self.some(8), self.say, client.team.leader, "follow_up_resumed", {}, client.id)
        self.after(self.some(150 * self.seldom), self._end, client)

    # --- what is taken back, and what is done about alerts ------------------------------------------------------------

    def correct(
        self, by: Viewer, entry: uuid.UUID, client: uuid.UUID | None, what: str, body: dict[str, Any] | None = None
    ) -> None:
        asked = {"entry_id": str(entry), "what": what, "reason": "angret"} | ({"body": body} if body else {})
        self.say(by, "entry_corrected", asked, client)

    def _take_back(self, by: Viewer, entry: uuid.UUID, client: uuid.UUID | None) -> None:
        self.correct(by, entry, client, "retracted" if client is None or self.chance(0.8) else "wrong_client")

    def alerted(self, client_id: uuid.UUID, alert_id: uuid.UUID) -> None:
        """An alert about a client is on every screen: somebody does something about it, mostly."""
        if self.chance(0.85):
            self.after(self.some(0.01), self._take, self.clients[client_id], {"alert_id": str(alert_id)})
        else:
            self.after(self.some(1), self._close, self.clients[client_id], {"alert_id": str(alert_id)})

    def _take(self, client: ClientOfTown, alert: dict[str, str]) -> None:
        by = self.dice.choice(client.team.everyone)
        if self.chance(0.8):
            self.say(by, "alert_acknowledged", alert, client.id)
        else:
            until = self.now + self.dice.choice([1, 3, 30]) * HOUR
            self.say(by, "alert_snoozed", alert | {"until": until.isoformat(), "reason": "sover"}, client.id)
        self.after(self.some(0.06), self._close, client, alert)

    def _close(self, client: ClientOfTown, alert: dict[str, str]) -> None:
        by = self.dice.choice(client.team.everyone)
        if self.chance(0.6):
            said = self.say(by, "visit_logged", {"outcome": "seen", "place": "home"}, client.id, 5 * MINUTE)
        else:
            said = self.say(by, "alert_resolved", alert | self._by_hand(), client.id)
        if self.chance(0.05):
            self.after(self.some(0.1), self._take_back, by, said, client.id)

    def _by_hand(self) -> dict[str, str]:
        if self.chance(0.3):
            seen_at = (self.now - self.dice.random() * 30 * HOUR).isoformat()
            return {"reason": "sett", "outcome": "was_seen", "seen_at": seen_at}
        body = {"reason": "ser igjen", "outcome": self.dice.choice(["not_found_plan_made", "mistake", "other"])}
        check = self.now + self.dice.choice([2, 12, 20, 100]) * HOUR
        return body | ({"next_check_at": check.isoformat()} if self.chance(0.6) else {})
