"""What stands around each client, in believable amounts: people, plans, housing, decisions, agreements in words, what
to know before going in; tasks, planned visits and notes between shifts. Most clients have some of it, few have all."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from fieldapp.demo.deeds import Deed, Scribe
from fieldapp.demo.people import ClientPlan, Municipality, StaffPlan, TeamPlan
from fieldapp.demo.stories import whole
from fieldapp.domain.norway import at_wall_time, day_of

_AROUND = (
    ("next_of_kin", "Berit Solheim", "yes", "Hvordan det går i det store og hele", "At det er snakk om rus"),
    ("next_of_kin", "Odd Martin Vik", "no", None, "At personen er innlagt, og hvor"),
    ("next_of_kin", "Sissel Haugan", "yes", "Alt som gjelder bolig og økonomi", None),
    ("gp", "Lege Tone Myhre", "no", "Alt som gjelder helse", None),
    ("therapist", "Psykolog Eirik Nes", "no", None, None),
    ("guardian", "Verge Kari Brekke", "yes", "Økonomi og husleie", "Det som blir sagt i samtaler"),
    ("nav", "NAV-veileder Aud Li", "no", None, None),
    ("lar", "LAR-konsulent Per Moe", "no", "Om noe ikke er hentet", None),
    ("pet_sitter", "Nabo Rolf Dahl", "yes", "At noen må ta hunden", None),
)
_CRISIS = (
    {
        "green": "Jeg sover om natta, lager middag og tar telefonen.",
        "yellow_signs": "Jeg trekker for gardinene og svarer ikke på meldinger.",
        "yellow_me": "Går tur med hunden. Ringer søsteren min.",
        "yellow_you": "Kom innom uten å spørre så mye. Ta med kaffe.",
        "red_need": "At noen jeg kjenner, blir hos meg.",
        "red_avoid": "Ikke send noen i uniform uten at en jeg kjenner, er med.",
        "tell": "Søsteren min.",
        "tell_not": "Naboene.",
        "when_admitted": {"animals": "Naboen tar hunden", "keys": "Nøkkel hos søsteren min"},
    },
    {
        "green": "Jeg er på aktivitetshuset og spiser med de andre.",
        "yellow_signs": "Musikken står på hele natta.",
        "yellow_me": "Skrur av telefonen og legger meg.",
        "yellow_you": "Ring før dere kommer, og bare én om gangen.",
        "red_need": "Ro. Lite lys. At dere snakker lavt.",
        "red_avoid": "Ikke ta på meg. Ikke diskuter om det er sant.",
        "bed": {"place": "Brukerstyrt seng, DPS Fjordgløtt", "phone": "000 11 222", "nights": 5},
    },
)
_GOALS = ("Beholde leiligheten", "Få tenner igjen", "Ha barna på besøk en lørdag", "Komme i gang på verkstedet")
_RHYTHM = (
    {"awake_from": "12:00", "awake_to": "03:00", "reach": "Send melding først, så ring på to ganger."},
    {"awake_from": "07:00", "awake_to": "22:00", "reach": "Bank på vinduet. Ringeklokka virker ikke."},
)
_LIKES = ("kaffe", "fotball på TV", "å fiske", "katter", "gamle plater", "å bli spurt om bilen")
_RISKS = (
    (["two_together", "dog"], "Hunden er løs når døra åpnes. Be om at den settes på badet først."),
    (["phone_first", "sharps"], "Ligger ofte spisse gjenstander ved sofaen. Ring så det kan ryddes."),
    (["not_inside_alone"], "Besøkende har truet ansatte i gangen. Gjelder når det er mange i leiligheten."),
    (["meet_outside"], "Trappa mangler rekkverk i andre etasje. Møt nede til det er satt opp."),
)
_TASKS = (
    "Ringe boligkontoret om vasken",
    "Bestille time hos tannlegen",
    "Hjelpe med søknad om bostøtte",
    "Følge til NAV",
    "Spørre fastlegen om ny resept",
    "Hente den nye nøkkelen",
)
_NOTES = (
    ("Legen ringer i kveld. Si fra til den som har vakta, at telefonen må være på.", True, True),
    ("Sov godt i natt. Ville gjerne ha selskap til frokost.", False, True),
    ("Vaktmesteren kommer mellom 10 og 12 og trenger noen til å låse opp.", False, False),
    ("Har ikke spist siden i går. Prøv med suppe.", True, True),
)
"""What is handed over, whether it is important, and whether it is about somebody."""
_SERVED = {"tenancy_support": 0.8, "staffed_housing": 0.9, "fact": 0.25, "housing_first": 0.4}
"""How many have a decision, by the kind of their team."""


class Plans:
    """What is written down about the clients of one municipality. The other stories must be told before: who has moved
    on gets nothing new."""

    def __init__(self, town: Municipality) -> None:
        self.town = town
        self.scribe = Scribe(town.dice("plans"))
        self.dice = self.scribe.dice
        self.today = day_of(town.now)

    def deeds(self) -> Iterator[Deed]:
        """Everything, client by client, then team by team."""
        for client in self.town.clients:
            for told in (self._around, self._plans, self._home, self._agreed, self._before_going_in, self._to_do):
                yield from self._kept(client, told(client))
        for team in self.town.teams:
            yield from whole(self.town, self._of_team(team))

    def _kept(self, client: ClientPlan, told: Iterator[Deed]) -> list[Deed]:
        ended_at = client.ended_at or self.town.now
        return [deed for one in told for deed in whole(self.town, [one]) if deed.at < ended_at]

    # --- about a client --------------------------------------------------------------------------------------------

    def _around(self, client: ClientPlan) -> Iterator[Deed]:
        for role, name, ring, told, hushed in self.dice.some(_AROUND, 0, 3):
            at = self._at(self.dice.randint(3, 50))
            body = {"contact_id": self._id(at), "role": role, "name": name, "call_if_not_found": ring}
            if role in ("next_of_kin", "guardian", "pet_sitter"):
                body["phone"] = f"000 {self.dice.randint(10, 99)} {self.dice.randint(100, 999)}"
            body |= {"may_be_told": told} if told else {}
            body |= {"must_not_be_told": hushed} if hushed else {}
            yield self._deed(at, client, "contact_person_noted", body)

    def _plans(self, client: ClientPlan) -> Iterator[Deed]:
        likely = 0.6 if client.watch else 0.25
        if self.dice.chance(likely):
            made = {"kind": "crisis", "made_with": client.primary.name, "shared_with": ["aat"]}
            yield self._deed(self._at(self.dice.randint(4, 50)), client, "plan_noted", made | self.dice.choice(_CRISIS))
        if self.dice.chance(0.3):
            goals = [{"text": text} for text in self.dice.some(_GOALS, 1, 2)]
            yield self._deed(
                self._at(self.dice.randint(4, 50)), client, "plan_noted", {"kind": "goals", "goals": goals}
            )
        if self.dice.chance(likely / 2):
            body = {"kind": "rhythm", "likes": self.dice.some(_LIKES, 1, 3)} | self.dice.choice(_RHYTHM)
            yield self._deed(self._at(self.dice.randint(4, 50)), client, "plan_noted", body)
        if self.dice.chance(0.1):
            item = {"what": "Søke om egnet bolig", "who": client.primary.name, "by_on": self._day(-30)}
            items = [item, {"what": "Komme til tannlegen", "who": "Bruker selv"}]
            yield self._deed(
                self._at(self.dice.randint(4, 50)), client, "plan_noted", {"kind": "individual", "items": items}
            )

    def _home(self, client: ClientPlan) -> Iterator[Deed]:
        kind = client.team.kind
        rents = {"municipal_rent": 6, "private_rent": 2, "with_others": 1, "temporary": 1}
        situation = "night_shelter" if kind == "outreach" else self.dice.one_of(rents)
        body: dict[str, Any] = {"situation": situation, "from_on": self._day(self.dice.randint(100, 900))}
        body |= {"safe": self.dice.choice(("yes", "yes", "unsure", "no")), "filled_by": "together"}
        if situation == "municipal_rent":
            lives = ("co_located", "round_the_clock") if kind == "staffed_housing" else ("ordinary", "none")
            body |= dict(zip(("dwelling", "staffing"), lives, strict=True))
        if self.dice.chance(0.7):
            yield self._deed(self._at(self.dice.randint(4, 50)), client, "housing_changed", body)
        if self.dice.chance(_SERVED.get(kind, 0.1)):
            at = self._at(self.dice.randint(4, 50))
            decided: dict[str, Any] = {"decision_id": self._id(at), "service": "Booppfølging", "ground": "hol_3_2_6a"}
            decided |= {"from_on": self._day(self.dice.randint(60, 400)), "per": "week"}
            decided |= {"hours": self.dice.choice(("2", "3.5", "6", "14")), "coordinator_id": str(client.primary.id)}
            yield self._deed(at, client, "decision_recorded", decided)

    def _agreed(self, client: ClientPlan) -> Iterator[Deed]:
        if self.dice.chance(0.3):
            at = self._at(self.dice.randint(4, 50))
            words = "Dere kan komme mandag og torsdag etter tolv. Ring hvis dere er sene."
            body = {"agreement_id": self._id(at), "kind": "follow_up", "words": words, "made_on": str(day_of(at))}
            yield self._deed(at, client, "agreement_recorded", body)
        if self.dice.chance(0.15):
            at = self._at(self.dice.randint(4, 50))
            body = {"agreement_id": self._id(at), "kind": "consent", "words": "Dere kan si fra til fastlegen."}
            body |= {"party": "Fastlegen", "purpose": "Medisin og timer", "made_on": str(day_of(at))}
            yield self._deed(at, client, "agreement_recorded", body)

    def _before_going_in(self, client: ClientPlan) -> Iterator[Deed]:
        """About one in twelve, and one in four of those who are watched; the oldest has not been looked at again."""
        if not self.dice.chance(0.25 if client.watch else 0.05):
            return
        at = self._at(self.dice.randint(4, 58))
        advice, reason = self.dice.choice(_RISKS)
        days = self.dice.choice((-4, 20, 60, 90))
        body = {"risk_id": self._id(at), "advice": advice, "reason": reason, "review_on": self._day(-days)}
        yield self._deed(at, client, "risk_noted", body)

    def _to_do(self, client: ClientPlan) -> Iterator[Deed]:
        if self.dice.chance(0.3):
            yield from whole(self.town, self._task(client))
        if self.dice.chance(0.2):
            at = self._at(self.dice.randint(1, 3))
            comes = at_wall_time(
                self.today + dt.timedelta(days=self.dice.randint(0, 4)), dt.time(self.dice.randint(9, 14))
            )
            planned = {"plan_id": self._id(at), "at": comes.isoformat(), "staff_ids": [str(client.primary.id)]}
            what = self.dice.choice(("Til legen", "Handle sammen", "Rydde i posten", "Gå tur"))
            yield self._deed(at, client, "visit_planned", planned | {"what": what, "duration_min": 60})

    def _task(self, client: ClientPlan) -> Iterator[Deed]:
        at = self._at(self.dice.randint(2, 20))
        task_id = self._id(at)
        body = {"task_id": task_id, "what": self.dice.choice(_TASKS), "owner_id": str(client.primary.id)}
        yield self._deed(at, client, "task_set", body | {"due_on": self._day(self.dice.randint(-9, 2))})
        if self.dice.chance(0.4):
            done = {"task_id": task_id, "outcome": "done"}
            yield self._deed(at + dt.timedelta(hours=20), client, "task_done", done)

    # --- about a team ----------------------------------------------------------------------------------------------

    def _of_team(self, team: TeamPlan) -> Iterator[Deed]:
        """Notes between shifts, and a meeting a week."""
        clients = [one for one in self.town.clients_of(team) if one.ended_at is None]
        staff = self.town.members(team, "fieldworker")
        if not staff:
            return
        for days_ago, (what, important, of_client) in zip((0, 0, 1, 2), _NOTES, strict=True):
            at = min(self._at(days_ago, 7), self.town.now - dt.timedelta(minutes=40))
            body = {"what": what} | ({"important": True} if important else {})
            client = self.dice.choice(clients) if clients and of_client else None
            yield self._by(self.dice.choice(staff), at, "handover_noted", body, client, team)
        for weeks_ago in range(3):
            at = self._at(7 * weeks_ago + 3, 9)
            body = {
                "meeting_id": self._id(at),
                "kind": "board",
                "minutes": "Gikk gjennom tavla. Tre saker ned, én opp.",
            }
            yield self._by(staff[0], at, "meeting_held", body, None, team)

    # --- who and when ----------------------------------------------------------------------------------------------

    def _deed(self, at: dt.datetime, client: ClientPlan, type_: str, body: dict[str, Any]) -> Deed:
        return self.scribe.deed(at, client.primary, type_, body, client=client)

    def _by(
        self, author: StaffPlan, at: dt.datetime, type_: str, body: dict[str, Any], client: ClientPlan | None,
        team: TeamPlan,
    ) -> Deed:  # fmt: skip
        about: dict[str, Any] = {"client": client} if client else {"team": team}
        return self.scribe.deed(at, author, type_, body, **about)

    def _id(self, at: dt.datetime) -> str:
        return str(self.dice.id_at(at))

    def _day(self, days_ago: int) -> str:
        return str(self.today - dt.timedelta(days=days_ago))

    def _at(self, days_ago: int, hour: int | None = None) -> dt.datetime:
        at = dt.time(self.dice.randint(9, 14) if hour is None else hour, self.dice.randint(0, 59))
        return at_wall_time(self.today - dt.timedelta(days=days_ago), at)
