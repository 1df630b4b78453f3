"""How long what is stored: one table of every store, and what goes of a street contact with somebody unknown. Pure.

Invariant: KEPT names every table of the database exactly once. `fieldapp retention` shows it, and so does
docs/personvern.md.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

IN_SESSION = "retention"
"""Under which name a database session carries the installation's Rules: services read no settings."""

EXPIRED = "expired"
"""The flag of an entry whose words and place are gone: what is left is a tombstone."""
STREET = "street_contact_logged"
ATTACHED = "file_attached"
GONE = "(slettet)"
"""Stands where the place stood, which an entry of this type must have."""

_LEFT = frozenset({"people", "offered", "equipment", "guided_to", "private"})
"""Numbers and codes of a street contact: what the team's figures are made of, and nothing that points at anybody."""
_LEFT_OF_CORRECTION = frozenset({"entry_id", "what", "to_client_id", "occurred_at"})
_LEFT_OF_ATTACHED = frozenset({"file_id", "entry_id", "kind"})
_PLAIN_REASON = "rettet"


@dataclass(frozen=True)
class Rules:
    """What the municipality has decided. None: its archive rule does not allow it (yet), so nothing goes."""

    street_contact_days: int | None = None

    def street_contacts_until(self, now: datetime) -> datetime | None:
        """A street contact with somebody unknown that was received then or earlier goes; None: none does."""
        return None if self.street_contact_days is None else now - timedelta(days=self.street_contact_days)


@dataclass(frozen=True)
class Kept:
    """What one store, of one or more tables, keeps, for how long, and what ends it."""

    what: str
    tables: tuple[str, ...]
    how_long: str
    ended_by: str


def tombstone_of(entry_type: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of the body of a street contact, or of a correction of one."""
    if entry_type == STREET:
        return {name: value for name, value in body.items() if name in _LEFT} | {"place_label": GONE}
    if entry_type == ATTACHED:
        return {name: value for name, value in body.items() if name in _LEFT_OF_ATTACHED}
    left = {name: value for name, value in body.items() if name in _LEFT_OF_CORRECTION}
    mended = {name: value for name, value in (body.get("body") or {}).items() if name in _LEFT}
    if mended:
        left["body"] = mended
    return left | {"reason": _PLAIN_REASON}


def tombstone_key(entry_id: UUID) -> bytes:
    """In place of the checksum of what it said, by which a place could be guessed."""
    return hashlib.sha256(b"expired" + entry_id.bytes).digest()


_RECORD = "som journalen; ingen frist i Sett"
_FOLLOWS = "så lenge det den regnes ut fra"

KEPT = (
    Kept(
        "Gatekontakt uten bruker: sted og ord",
        (),
        "FIELDAPP_STREET_CONTACT_DAYS dager etter at den kom inn; ikke satt: ingen frist",
        "jobben street_contacts. Tid, forfatter, antall og koder står igjen, uten det som peker på noen",
    ),
    Kept(
        "Det som er ført, med rettinger",
        ("entry",),
        _RECORD,
        "ingenting: en oppføring endres aldri (bortsett fra raden over); ordene åpnes ikke mer når nøkkelen er slettet",
    ),
    Kept("Nøklene ordene ligger under", ("record_key",), _RECORD, "sletting av journalen (innsynsansvarlig)"),
    Kept("Slettede nøkler: nummer og hvem sin", ("destroyed_key",), "for alltid: en sikkerhetskopi kan ha nøkkelen",
         "ingenting"),
    Kept(
        "Det skjermene viser, regnet ut av oppføringene",
        (
            *("absence", "access_limit", "agreement", "client", "client_case", "client_team", "duty", "duty_offer"),
            *("attached_file", "board_card", "board_columns", "entry_state", "hand_check", "hand_over"),
            *("handover_reading", "shared_fact"),
            *("staff_visit", "standing", "team_hours", "team_setting", "watch"),
        ),
        _FOLLOWS,
        "regnes ut på nytt",
    ),
    Kept("Bilder som hører til det som er ført", ("stored_file",), "som journalen; 30 dager uten en oppføring",
         "jobben files"),
    Kept("Avvist eller satt på vent", ("set_aside",), "til det er rettet eller bekreftet; deretter som journalen",
         "en utløpt gatekontakts avviste utgaver går med den"),
    Kept("Referat mens et tavlemøte varer", ("meeting_draft", "meeting_note"),
         "til møtet er ført eller forkastet; 30 dager", "den som holder møtet, og jobben meetings"),
    Kept("Varsler og hva som ble gjort", ("alert", "alert_hold", "alert_transition"), _RECORD, "ingenting"),
    Kept("Hvem som ble varslet, og hva som ble av det",
         ("notification", "delivery", "closing_notice", "morning_digest", "outage"),
         "som varselet; uten innhold om brukere", "ingenting"),
    Kept("Leselogg og innsyn", ("read_log", "read_log_head", "innsyn_step"), _RECORD, "databasen nekter å slette"),
    Kept("Gjennomgåtte tekster fra før kode 6", ("text_review",), _RECORD, "ingenting"),
    Kept("Krav om retting og sperring, med svar", ("record_step",), _RECORD, "ingenting"),
    Kept("Nødtilgang og tidsavgrenset tilgang", ("access_grant", "emergency_asked"), "som leseloggen", "ingenting"),
    Kept("Endringslogg for telefonene", ("change", "sight_lost", "cursor_epoch"), _FOLLOWS,
         "nyere endring av det samme"),
    Kept("Ansatte, team og medlemskap", ("staff", "staff_team", "team", "former_member"),
         "så lenge noe de har ført, står", "tilgangen slutter med `staff end`; navnet står i journalen"),
    Kept("Passnøkler og kommunens innlogging", ("passkey", "staff_identity"), "til personen eller lederen tar dem bort",
         "slettes helt"),
    Kept("Hendelser på kontoen", ("account_event",), "så lenge kontoen finnes", "ingenting"),
    Kept("Økter", ("login_session",), "14 timer, og 30 dager etter at de tok slutt", "jobben sign_ins"),
    Kept("Økter noen har avsluttet: merket", ("ended_session",), "60 dager", "jobben sign_ins"),
    Kept("Mislykkede innlogginger", ("failed_sign_in",), "1 døgn", "jobben sign_ins"),
    Kept("Brukte innloggingsspørsmål", ("used_challenge",), "10 minutter", "neste innlogging"),
    Kept("Telefoner, og hvilke numre de har sendt", ("device", "device_staff", "device_arrival"),
         "så lenge noe de har sendt, står", "ingenting: numrene viser om noe mangler"),
    Kept("Adresser for push", ("subscription",), "til utlogging, eller til push-tjenesten sier at de er borte",
         "merkes avsluttet"),
    Kept("Lenker til samarbeidsparter", ("partner_link",), "som journalen; lenka virker til sluttdatoen", "ingenting"),
    Kept("Lenker til vaktkalenderen", ("calendar_link",), "så lenge kontoen finnes; uten innhold om brukere",
         "lenka virker til den stoppes, eller personen slutter i teamet"),
    Kept("Nøkler, varslerens puls og driftsalarmer", ("secret_key", "heartbeat", "operator_alarm"),
         "så lenge installasjonen finnes", "nye nøkler erstatter, gamle åpner fortsatt det de har lukket"),
    Kept("På telefonene", (), "30 dager av oppføringene, høyst 14 timer etter siste kontakt; navn og frist i 8 døgn",
         "telefonen selv, og lås og fjernsletting"),
    Kept("Sikkerhetskopier", (), "så lenge dere tar vare på dem: bestem det, og skriv det ned",
         "dere; en kopi som legges tilbake, går gjennom de samme jobbene"),
)  # fmt: skip
"""The table, in the order it is shown."""
