"""The larger stories that are not cases: absences, concerns, reports from others, corrections, endings."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from fieldapp.demo import places
from fieldapp.demo.deeds import Deed, Scribe
from fieldapp.demo.people import ClientPlan, Municipality, StaffPlan
from fieldapp.demo.stories import Cast, agreement, whole
from fieldapp.domain.norway import at_wall_time, day_of


class Events:
    """Tells the stories of one municipality. Absences must be told before anybody's days are."""

    def __init__(self, town: Municipality) -> None:
        self.town = town
        self.scribe = Scribe(town.dice("events"))
        self.today = day_of(town.now)
        self.fact = Cast(town, "fact")
        self.house = Cast(town, "staffed_housing")
        self.tenants = Cast(town, "tenancy_support")
        self.street = Cast(town, "outreach")

    def absences(self) -> list[Deed]:
        """Who is or was away; also noted on the clients, so that nobody meets them meanwhile."""
        hospital, _, detox = places.HOSPITALS
        after_crisis = self._at(6, 12.4) + dt.timedelta(minutes=95)
        told: list[Deed] = []
        for client, kind, where, begins, ends, expected in (
            (self.fact.watched(4), "admitted", hospital, after_crisis, None, -5),
            (self.fact.other(1), "detox", detox, self._at(45, 10.2), self._at(31, 12.5), 31),
            (self.fact.other(5), "prison", "Lyngvik fengsel", self._at(20, 9.5), None, -26),
            (self.tenants.other(5), "travel", "Hos broren på hytta", self._at(29, 14.1), self._at(24, 13.2), 24),
            (self.house.watched(5), "travel", "Familien", self._at(15, 13.3), self._at(12, 15.2), 12),
            (self.street.other(1), "unknown", None, self._at(4, 15.5), None, None),
        ):
            if client is not None:
                story = whole(self.town, self._absence(client, kind, where, begins, ends, expected))
                told += story
                if story and kind != "unknown":
                    client.away.append((begins, ends))
        return told

    def deeds(self) -> Iterator[Deed]:
        """All the others."""
        for client, story in (
            (self.fact.watched(5), self._no_at_the_door),
            (self.fact.other(3), self._concerns),
            (self.fact.other(7), self._loud_concern),
            (self.fact.other(4), self._ended),
            (self.fact.other(6), self._two_teams),
            (self.fact.other(8), self._angre),
            (self.fact.other(9), self._moved),
            (self.tenants.other(6), self._mistyped),
            (self.tenants.other(7), self._angre),
            (self.street.other(0), self._reported),
            (self.fact.watched(6), self._reported),
            (self.fact.other(10), self._missed_at_the_pharmacy),
            (self.fact.other(11), self._protected),
            (self.fact.other(12), self._blocked),
        ):
            if client is not None:
                for deed in whole(self.town, story(client)):
                    yield deed
                    client.ended_at = deed.at if deed.type == "follow_up_ended" else client.ended_at

    def _absence(
        self,
        client: ClientPlan,
        kind: str,
        where: str | None,
        begins: dt.datetime,
        ends: dt.datetime | None,
        expected: int | None,
    ) -> Iterator[Deed]:
        absence_id = str(self.scribe.dice.id_at(begins))
        body: dict[str, Any] = {"absence_id": absence_id, "kind": kind}
        if where:
            body |= {"where": where, "confirmed_with": "Avdelingen" if kind != "travel" else "Bruker selv"}
        if expected is not None:
            body["expected_end_on"] = (self.today - dt.timedelta(days=expected)).isoformat()
        yield self._deed(begins, client.primary, "absence_started", body, client)
        if ends:
            outcome = {"absence_id": absence_id, "outcome": "as_planned"}
            yield self._deed(ends, client.primary, "absence_ended", outcome, client)

    # --- agreements and teams ------------------------------------------------------------------------------------

    def _no_at_the_door(self, client: ClientPlan) -> Iterator[Deed]:
        """A no at the door beats a yes on paper; a new agreement is made some days later."""
        yield self._deed(self._at(9, 11.2), client.primary, "visit_logged", {
            "outcome": "declined", "place": "home", "contact": "heard", "client_said": "Nei. Ingen skal inn hit mer.",
        }, client)  # fmt: skip
        withdrawn = {"kind": "watch", "how": "at_door", "note": "Snakker om ny avtale på torsdag."}
        yield self._deed(self._at(9, 11.4), client.primary, "agreement_withdrawn", withdrawn, client)
        yield agreement(
            self.scribe, client, self._at(5, 13.6), may_enter=False, reason="Ny avtale: ring først, aldri inn uten lov."
        )

    def _two_teams(self, client: ClientPlan) -> Iterator[Deed]:
        team = self.town.team("tenancy_support")
        if team:
            body = {"team_id": str(team.id), "from_on": (self.today - dt.timedelta(days=21)).isoformat()}
            body |= {"basis": "law", "basis_words": "helsepersonelloven § 25, samarbeidende personell"}
            leader = self.town.members(client.team, "leader")[0]
            yield self._deed(self._at(21, 9.4), leader, "client_team_set", body, client)

    def _ended(self, client: ClientPlan) -> Iterator[Deed]:
        body = {
            "reason": "moved",
            "handed_to": "Oppfølgingstjenesten i nabokommunen",
            "note": "Fin avslutning med kake.",
        }
        yield self._deed(self._at(10, 14), client.primary, "follow_up_ended", body, client)

    def _moved(self, client: ClientPlan) -> Iterator[Deed]:
        fields = {"address": places.address(self.scribe.dice), "phone": places.phone(self.scribe.dice)}
        yield self._deed(
            self._at(14, 13.2), client.primary, "client_updated", {"base_seq": 0, "fields": fields}, client
        )
        pace = {"days": 4, "note": "Tettere mens flyttingen setter seg."}
        yield self._deed(self._at(14, 13.3), client.primary, "contact_interval_set", pace, client)

    def _protected(self, client: ClientPlan) -> Iterator[Deed]:
        """Code 7: the address is on no phone, and shown for a reason."""
        leader = self.town.members(client.team, "leader")[0]
        body = {"base_seq": 0, "fields": {"protected": "code7"}}
        yield self._deed(self._at(12, 9.6), leader, "client_updated", body, client)

    def _blocked(self, client: ClientPlan) -> Iterator[Deed]:
        """For a colleague in another team, a relative, the client does not exist."""
        team = self.town.team("tenancy_support")
        if team:
            leader, relative = self.town.members(client.team, "leader")[0], self.town.members(team, "fieldworker")[-1]
            body = {"staff_id": str(relative.id), "reason": "I slekt med brukeren."}
            yield self._deed(self._at(11, 10.1), leader, "staff_blocked", body, client)

    # --- concerns and reports ------------------------------------------------------------------------------------

    def _concerns(self, client: ClientPlan) -> Iterator[Deed]:
        for days_ago, urgency, reason in (
            (5, "board", "Har sagt nei til alt siste uka. Bør opp på tavla."),
            (0, "today", "Svarte kort på SMS i natt og ikke siden. Noen bør se innom i dag."),
        ):
            at = min(self._at(days_ago, 8.4), self.town.now - dt.timedelta(minutes=50))
            yield self._deed(at, client.primary, "concern_raised", {"reason": reason, "urgency": urgency}, client)

    def _loud_concern(self, client: ClientPlan) -> Iterator[Deed]:
        body = {"reason": "Naboen hørte roping og noe som falt. Ingen åpner.", "urgency": "now"}
        yield self.scribe.deed(self._at(17, 13.9), client.primary, "concern_raised", body, client=client, prompt=True)
        seen = {"outcome": "seen", "place": "home", "note": "En hylle hadde ramlet ned. Alt bra, ryddet sammen."}
        yield self.scribe.deed(self._at(17, 14.4), client.primary, "visit_logged", seen, client=client, prompt=True)

    def _reported(self, client: ClientPlan) -> Iterator[Deed]:
        for days_ago, hour, source in ((26, 12.5, "drop_in"), (13, 11.1, "shelter"), (3, 12.2, "drop_in")):
            author = self._somebody(client)
            yield self._deed(self._at(days_ago, hour), author, "sighting_reported", {"source": source}, client)

    def _missed_at_the_pharmacy(self, client: ClientPlan) -> Iterator[Deed]:
        body = {"source": "pharmacy", "what": "missed", "note": "Ikke hentet i går og i dag."}
        at = min(self._at(0, 9.2), self.town.now - dt.timedelta(minutes=25))
        yield self._deed(at, client.primary, "sighting_reported", body, client)

    # --- corrections ---------------------------------------------------------------------------------------------

    def _angre(self, client: ClientPlan) -> Iterator[Deed]:
        """Pressed on the wrong person, and undone at once."""
        at = self._at(8, 10.4)
        pressed = self._deed(at, client.primary, "visit_logged", {"outcome": "seen", "place": "home"}, client)
        undone = {"entry_id": str(pressed.id), "what": "retracted", "reason": "angret"}
        yield pressed
        yield self._deed(at + dt.timedelta(seconds=9), client.primary, "entry_corrected", undone, client)

    def _mistyped(self, client: ClientPlan) -> Iterator[Deed]:
        at = self._at(11, 12.3)
        body = {"outcome": "seen", "place": "home", "duration_min": 500, "note": "Malte ferdig kjøkkenet sammen."}
        written = self._deed(at, client.primary, "visit_logged", body, client)
        right: dict[str, Any] = {
            "entry_id": str(written.id),
            "what": "text",
            "reason": "Skrev 500 minutter, det var 50",
        }
        right["body"] = {"duration_min": 50}
        yield written
        yield self._deed(at + dt.timedelta(minutes=40), client.primary, "entry_corrected", right, client)

    # --- who and when --------------------------------------------------------------------------------------------

    def _somebody(self, client: ClientPlan) -> StaffPlan:
        return self.scribe.dice.choice(self.town.members(client.team, "fieldworker", "peer"))

    def _deed(self, at: dt.datetime, author: StaffPlan, type_: str, body: dict[str, Any], client: ClientPlan) -> Deed:
        return self.scribe.deed(at, author, type_, body, client=client)

    def _at(self, days_ago: int, hour: float) -> dt.datetime:
        wall = dt.time(int(hour), int(hour % 1 * 60))
        return at_wall_time(self.today - dt.timedelta(days=days_ago), wall)
