"""The larger stories about what happens in homes and to staff: incidents, and what is logged beside them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from fieldapp.demo.deeds import Deed, Scribe
from fieldapp.demo.people import ClientPlan, Municipality
from fieldapp.demo.stories import Cast, whole
from fieldapp.domain.norway import at_wall_time, day_of
from sync.entry_types import opening_of, update_of


class Incidents:
    """Tells the stories of one municipality."""

    def __init__(self, town: Municipality) -> None:
        self.town = town
        self.scribe = Scribe(town.dice("incidents"))
        self.today = day_of(town.now)
        self.fact = Cast(town, "fact")
        self.tenants = Cast(town, "tenancy_support")
        self.house = Cast(town, "staffed_housing")
        self.street = Cast(town, "outreach")

    def deeds(self) -> Iterator[Deed]:
        """All of them."""
        for client, story in (
            (self.tenants.other(2), self._taken_over),
            (self.tenants.other(3), self._leak),
            (self.fact.other(7), self._threatened),
            (self.house.watched(2), self._spat_at),
            (self.fact.other(1), self._came_home_in_steps),
            (self.tenants.other(0), self._copied),
            (self.street.other(2), self._turned_out_to_be),
        ):
            if client is not None:
                yield from whole(self.town, story(client))

    # --- homes ---------------------------------------------------------------------------------------------------

    def _taken_over(self, client: ClientPlan) -> Iterator[Deed]:
        """Others have moved in: the client suffers, and wants them out."""
        case_id = self.scribe.dice.id_at(self._at(8, 11.3))
        yield self._deed(
            8, 11.3, client, opening_of("housing"), case_id=case_id, what=["unwanted_visitors", "taken_over"],
            client_role="suffers", note="To bekjente sover på sofaen. «Jeg tør ikke si nei når de ringer på.»",
        )  # fmt: skip
        yield self._deed(
            3, 13.2, client, update_of("housing"), case_id=case_id, landlord_informed=False,
            next_step="Nytt låssystem og en plan for dørtelefonen", next_step_on=self._on(-1),
            note="Ønsker ikke at utleier får vite det ennå. Snakket om hvem som kan være der fredag kveld.",
        )  # fmt: skip

    def _leak(self, client: ClientPlan) -> Iterator[Deed]:
        case_id = self.scribe.dice.id_at(self._at(15, 9.7))
        yield self._deed(
            15, 9.7, client, opening_of("housing"), case_id=case_id, what=["water_leak"], client_role="unclear",
            landlord_informed=True, note="Vann fra badet i etasjen over. Vaktmester ringt, bøtte satt fram.",
        )  # fmt: skip
        yield self._deed(
            12, 12.1, client, update_of("housing"), case_id=case_id, status="handled",
            note="Rørlegger har vært der. Taket males neste uke.",
        )  # fmt: skip

    # --- staff ---------------------------------------------------------------------------------------------------

    def _threatened(self, client: ClientPlan) -> Iterator[Deed]:
        yield self._deed(
            16, 14.8, client, "staff_incident_logged", kinds=["threats", "verbal"], by="visitor", injury="none",
            could_retreat="yes", place="home", support=["talked", "debrief"], in_system=True, report_number="A-2214",
            note="En besøkende sperret trappa og ropte. Gikk til bilen og ringte leder.",
        )  # fmt: skip

    def _spat_at(self, client: ClientPlan) -> Iterator[Deed]:
        yield self._deed(
            5, 18.4, client, "staff_incident_logged", kinds=["spitting"], by="client", injury="none",
            could_retreat="yes", support=["talked"], in_system=False, note="Etter en dårlig natt. Roet seg på rommet.",
        )  # fmt: skip

    # --- beside them ---------------------------------------------------------------------------------------------

    def _came_home_in_steps(self, client: ClientPlan) -> Iterator[Deed]:
        """A night at home before the stay is over; what is ready for the discharge."""
        begins = self._at(12, 10.4)
        absence_id = str(self.scribe.dice.id_at(begins))
        client.away.append((begins, None))
        yield self._deed(
            12, 10.4, client, "absence_started", absence_id=absence_id, kind="treatment", where="Fjordgløtt",
            confirmed_with="Avdelingen", expected_end_on=self._on(-2),
        )  # fmt: skip
        night = {"from_at": self._at(1, 15).isoformat(), "to_at": self._at(0, 11).isoformat()}
        step_id = str(self.scribe.dice.id_at(self._at(3, 12)))
        yield self._deed(
            3, 12, client, "absence_step_set", absence_id=absence_id, step_id=step_id, watch="off", **night,
            note="Første natta hjemme. Ringer selv fra døra.",
        )  # fmt: skip
        yield self._deed(
            2, 13.5, client, "discharge_planned", absence_id=absence_id, home="yes", checks=["meeting", "date", "home"],
            note="Medisiner avklares med fastlegen.",
        )  # fmt: skip

    def _copied(self, client: ClientPlan) -> Iterator[Deed]:
        note = "Gikk gjennom budsjettet. Strøm og husleie er dekket."
        visit = self._deed(4, 11.6, client, "visit_logged", outcome="seen", place="home", note=note)
        yield visit
        yield self._deed(4, 15.2, client, "journal_noted", entry_ids=[str(visit.id)], system="Profil")

    def _turned_out_to_be(self, client: ClientPlan) -> Iterator[Deed]:
        """Nobody knew who it was that evening; next day a colleague did."""
        at = self._at(6, 19.3)
        body = {"place_label": "Havnepromenaden", "people": 1, "equipment": {"naloxone": 1}}
        met = self.scribe.deed(at, client.primary, "street_contact_logged", body, team=client.team)
        yield met
        yield self._deed(5, 12.2, client, "subject_client_set", entry_id=str(met.id))

    # --- when ----------------------------------------------------------------------------------------------------

    def _deed(
        self, days_ago: int, hour: float, client: ClientPlan, type_: str, *, case_id: Any = None, **body: Any
    ) -> Deed:
        at = self._at(days_ago, hour)
        return self.scribe.deed(at, client.primary, type_, body, client=client, case_id=case_id)

    def _at(self, days_ago: int, hour: float) -> dt.datetime:
        wall = dt.time(int(hour), int(hour % 1 * 60))
        return at_wall_time(self.today - dt.timedelta(days=days_ago), wall)

    def _on(self, days_ago: int) -> str:
        return (self.today - dt.timedelta(days=days_ago)).isoformat()
