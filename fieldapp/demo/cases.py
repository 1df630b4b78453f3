"""The larger stories that are cases: two rent problems, two neighbour complaints, three crises."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from fieldapp.demo.deeds import Deed, Scribe
from fieldapp.demo.people import ClientPlan, Municipality, StaffPlan
from fieldapp.demo.stories import Cast, whole
from fieldapp.domain.norway import at_wall_time, day_of
from sync.entry_types import opening_of, type_that, update_of

_SHARES = type_that(lambda row: row.shares == "shares")


class Cases:
    """Tells the stories of one municipality."""

    def __init__(self, town: Municipality) -> None:
        self.town = town
        self.scribe = Scribe(town.dice("cases"))
        self.today = day_of(town.now)

    def deeds(self) -> Iterator[Deed]:
        """All of them; a story without its client is left out."""
        tenants, fact = Cast(self.town, "tenancy_support"), Cast(self.town, "fact")
        for client, story in (
            (fact.other(11), self._warned),
            (tenants.other(1), self._paid_in_parts),
            (tenants.other(2), self._noise),
            (fact.other(10), self._unwanted_visitors),
            (fact.other(0), self._stayed_at_home),
            (fact.watched(4), self._admitted),
            (fact.other(2), self._still_open),
        ):
            if client is not None:
                yield from whole(self.town, story(client))

    # --- rent ----------------------------------------------------------------------------------------------------

    def _warned(self, client: ClientPlan) -> Iterator[Deed]:
        """Varsel etter § 4-18 in the letterbox; a way out is being found."""
        case_id = self.scribe.dice.id_at(self._at(11, 12.2))
        letters = [
            {"kind": "reminder", "dated_on": self._on(41)},
            {"kind": "eviction_notice", "dated_on": self._on(12), "sent_on": self._on(12), "received_on": self._on(11)},
        ]
        yield self._case(
            11, 12.2, client, case_id, opening_of("rent"), amount_nok="14250.00", months=2, cause="mail_unopened",
            letters=letters, note="Brevene lå uåpnet i gangen. Åpnet dem sammen.",
        )  # fmt: skip
        yield self._case(
            8, 10.5, client, case_id, update_of("rent"), plan="social_assistance", deadline_on=self._on(-4),
            note="Søknad om sosialhjelp til husleia sendt. Utleier vet at det er søkt.",
        )  # fmt: skip
        yield self._case(
            2, 13.1, client, case_id, update_of("rent"),
            note="NAV trenger siste kontoutskrift. Henter den sammen i banken.",
            next_step="Levere kontoutskrift til NAV", next_step_on=self._on(-1),
        )  # fmt: skip

    def _paid_in_parts(self, client: ClientPlan) -> Iterator[Deed]:
        case_id = self.scribe.dice.id_at(self._at(40, 11))
        letters = [
            {"kind": "reminder", "dated_on": self._on(55)},
            {"kind": "debt_collection", "dated_on": self._on(44)},
        ]
        yield self._case(
            40, 11, client, case_id, opening_of("rent"), amount_nok="8900.00", months=1, cause="benefit_stopped",
            letters=letters,
        )  # fmt: skip
        yield self._case(
            33, 13.4, client, case_id, update_of("rent"), plan="instalments", status="agreed",
            deadline_on=self._on(-9), note="Tre avdrag, det første i dag. Utleier har bekreftet skriftlig.",
        )  # fmt: skip
        yield self._case(9, 10.1, client, case_id, update_of("rent"), note="Andre avdrag er betalt.")
        landlords = self.town.members(client.team, "landlord")
        if landlords:
            told = {"what": "plan_dates", "to_staff_ids": [str(one.id) for one in landlords], "until_on": self._on(-30)}
            told |= {"basis": "law", "basis_words": "sosialtjenesteloven § 44"}
            yield self.scribe.deed(self._at(8, 10.2), client.primary, _SHARES, told, client=client)

    # --- neighbours ----------------------------------------------------------------------------------------------

    def _noise(self, client: ClientPlan) -> Iterator[Deed]:
        case_id = self.scribe.dice.id_at(self._at(18, 14))
        yield self._case(
            18, 14, client, case_id, opening_of("complaint"), what=["noise"], complainant="housing_association",
            client_role="causes", note="Musikk etter klokka elleve, to ganger på ei uke.",
        )  # fmt: skip
        yield self._case(
            16, 12, client, case_id, update_of("complaint"), status="answered",
            answer_given="Takk for at du sa fra. Vi ser på det og kommer ikke til å si mer om hvem det gjelder.",
            note="Snakket om det. Hodetelefoner etter klokka ti er en grei løsning.",
        )  # fmt: skip
        yield self._case(6, 11, client, case_id, update_of("complaint"), note="Stille i ti dager, sier styret.")

    def _unwanted_visitors(self, client: ClientPlan) -> Iterator[Deed]:
        """It turns out that the client suffers: others have taken over the flat."""
        case_id = self.scribe.dice.id_at(self._at(9, 10))
        yield self._case(
            9, 10, client, case_id, opening_of("complaint"), what=["noise", "visitors"], complainant="neighbour",
            client_role="unclear", note="Trafikk i oppgangen etter klokka ti, mest torsdag til lørdag.",
        )  # fmt: skip
        yield self._case(
            7, 12.5, client, case_id, update_of("complaint"), client_role="suffers",
            note="To bekjente har tatt seg inn og blitt. Tør ikke be dem gå. Ønsker hjelp til det.",
        )  # fmt: skip
        yield self._case(
            1, 11.5, client, case_id, update_of("complaint"),
            next_step="Møte med vaktmester om nytt låssystem", next_step_on=self._on(-2),
        )  # fmt: skip

    # --- crises --------------------------------------------------------------------------------------------------

    def _stayed_at_home(self, client: ClientPlan) -> Iterator[Deed]:
        steps = [(4, "set_out"), (17, "arrived"), (22, "stayed"), (48, "therapist"), (95, "calmed")]
        close = (120, {"outcome": "calmed_home", "admission_avoided": "yes", "debrief": True})
        yield from self._crisis(client, self._at(34, 13.2), "suicide_risk", "Ringte selv", steps, close)

    def _admitted(self, client: ClientPlan) -> Iterator[Deed]:
        at = self._at(6, 12.4)
        steps = [(5, "set_out"), (21, "arrived"), (30, "called_116117"), (41, "stayed"), (70, "services_on_scene")]
        close = (85, {"outcome": "admitted_voluntary", "admission_avoided": "no", "debrief": False})
        yield from self._crisis(client, at, "psychosis", "Søster", steps, close)

    def _still_open(self, client: ClientPlan) -> Iterator[Deed]:
        at = self.town.now - dt.timedelta(minutes=38)
        steps = [(3, "set_out"), (14, "arrived"), (19, "called_116117"), (27, "stayed")]
        yield from self._crisis(client, at, "withdrawal", "Ringte selv", steps, None)

    def _crisis(
        self,
        client: ClientPlan,
        at: dt.datetime,
        kind: str,
        called_by: str,
        steps: list[tuple[int, str]],
        close: tuple[int, dict[str, Any]] | None,
    ) -> Iterator[Deed]:
        case_id, author = self.scribe.dice.id_at(at), client.primary
        opened = {"kind": kind, "called_by": called_by}
        yield self._prompt(at, author, opening_of("crisis"), opened, client, case_id)
        for minutes, step in steps:
            later = at + dt.timedelta(minutes=minutes)
            yield self._prompt(later, author, "crisis_step_logged", {"step": step}, client, case_id)
        if close:
            yield self._prompt(at + dt.timedelta(minutes=close[0]), author, "crisis_closed", close[1], client, case_id)

    def _prompt(
        self,
        at: dt.datetime,
        author: StaffPlan,
        type_: str,
        body: dict[str, Any],
        client: ClientPlan,
        case_id: uuid.UUID,
    ) -> Deed:
        return self.scribe.deed(at, author, type_, body, client=client, case_id=case_id, prompt=True)

    # --- when ----------------------------------------------------------------------------------------------------

    def _case(
        self, days_ago: int, hour: float, client: ClientPlan, case_id: uuid.UUID, type_: str, **body: Any
    ) -> Deed:
        return self.scribe.deed(self._at(days_ago, hour), client.primary, type_, body, client=client, case_id=case_id)

    def _at(self, days_ago: int, hour: float) -> dt.datetime:
        wall = dt.time(int(hour), int(hour % 1 * 60))
        return at_wall_time(self.today - dt.timedelta(days=days_ago), wall)

    def _on(self, days_ago: int) -> str:
        """A date, as the letters have it; negative: still to come."""
        return (self.today - dt.timedelta(days=days_ago)).isoformat()
