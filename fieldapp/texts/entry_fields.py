"""Owns how every field that can be logged reads: its label (the question it was an answer to) and its value in words.

Invariant: what was filled in can be read back, whole. The labels and kinds are the phone's
(static/js/views/entry_fields.js); the tests hold both tables against the types of the bodies. A field of a newer
version than this server is shown by its name.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.field_kinds import Reading, words_of
from fieldapp.texts.labels import label
from sync.entry_types import ENTRY_TYPES

_HOW = N_("Hvordan gikk det?")
_ENDED = N_("Hvordan endte det?")
_STANDS = N_("Hvordan står saken?")
_WHY = N_("Hvorfor?")
_WHO = N_("Hvem gjelder det?")
_CONSENT = N_("Hvilket samtykke?")
_HAPPENED = N_("Hva har hendt?")
_COMPLAINED = N_("Hva klages det på?")

FIELDS: dict[str, tuple[str, ...]] = {
    "outcome": (_HOW, "code"),
    "crisis_closed.outcome": (_ENDED, "code"),
    "absence_ended.outcome": (_ENDED, "code"),
    "alert_resolved.outcome": (N_("Hva ble det?"), "code"),
    "risk_reviewed.outcome": (N_("Gjelder det fortsatt?"), "code"),
    "crisis_opened.kind": (N_("Hva slags krise?"), "code", "crisis_kind"),
    "absence_started.kind": (N_("Hva slags fravær?"), "code", "absence_kind"),
    "agreement_recorded.kind": (N_("Hvilken avtale?"), "code", "agreement_kind"),
    "agreement_withdrawn.kind": (N_("Hvilken avtale?"), "code", "agreement_kind"),
    "duty_to_report_noted.kind": (N_("Hva gjelder det?"), "code", "report_kind"),
    "plan_noted.kind": (N_("Hvilken plan?"), "code", "plan_kind"),
    "meeting_held.kind": (N_("Hva slags møte?"), "code", "meeting_kind"),
    "file_attached.kind": (N_("Hva viser bildet?"), "code", "file_kind"),
    "fact_shared.what": (N_("Hva deles?"), "code", "shared_fact"),
    "fact_unshared.what": (N_("Hva deles?"), "code", "shared_fact"),
    "sighting_reported.what": (N_("Hva meldte de?"), "code", "sighting"),
    "neighbour_complaint_received.what": (_COMPLAINED, "codes", "complaint"),
    "neighbour_complaint_updated.what": (_COMPLAINED, "codes", "complaint"),
    "housing_incident_logged.what": (_HAPPENED, "codes", "housing_incident"),
    "housing_incident_updated.what": (_HAPPENED, "codes", "housing_incident"),
    "client_checked_in.what": (N_("Hva meldte personen?"), "code", "check_in"),
    "task_set.what": (N_("Hva skal gjøres?"), "plain"),
    "handover_noted.what": (N_("Hva må de vite?"), "plain"),
    "visit_planned.what": (N_("Hva skal dere?"), "plain"),
    "entry_id": (N_("Gjelder"), "entry"),
    "entry_ids": (N_("Gjelder"), "entries"),
    "handed_over_id": (N_("Gjelder"), "entry"),
    "entry_corrected.what": (N_("Hva er feil?"), "code", "correction"),
    "check_step_logged.step": (N_("Steg"), "code", "check_step"),
    "crisis_step_logged.step": (N_("Steg"), "code", "crisis_step"),
    "check_step_logged.contact_id": (N_("Hvem ble spurt?"), "contact"),
    "count": (N_("Antall"), "plain"),
    "contact": (N_("Så du personen, eller bare hørte?"), "code", "visit_contact"),
    "cancelled_by": (N_("Hvem avlyste?"), "code", "cancelled_by"),
    "quick": (N_("Ført med ett trykk"), "yes"),
    "with": (N_("Med hvem?"), "code", "call_with"),
    "direction": (N_("Hvem ringte?"), "code", "call_direction"),
    "source": (N_("Hvem meldte det?"), "code", "source"),
    "kinds": (N_("Hva skjedde?"), "codes", "staff_incident"),
    "by": (N_("Av hvem?"), "code", "incident_by"),
    "injury": (N_("Ble noen skadet?"), "code", "injury"),
    "could_retreat": (N_("Kunne du trekke deg unna?"), "code", "retreat"),
    "support": (N_("Støtte etterpå"), "codes", "staff_support"),
    "in_system": (N_("Er det meldt i avvikssystemet?"), "yes"),
    "report_number": (N_("Nummer på meldingen"), "plain"),
    "landlord_informed": (N_("Er utleier orientert?"), "yes"),
    "called_by": (N_("Hvem ringte?"), "plain"),
    "about": (_WHO, "plain"),
    "urgency": (N_("Hvor mye haster det?"), "code", "urgency"),
    "decided": (N_("Er det meldt?"), "code", "report_decision"),
    "home_entered.ground": (N_("Grunnlag"), "code", "entry_ground"),
    "found": (N_("Hva fant dere?"), "code", "found"),
    "tried": (N_("Prøvd først"), "codes", "tried"),
    "told": (N_("Har beboeren fått vite det?"), "code", "told"),
    "decided_by": (N_("Hvem bestemte?"), "plain"),
    "left_at": (N_("Ut igjen"), "moment"),
    "key_back": (N_("Nøkkelen er lagt tilbake?"), "yes"),
    "client_said": (N_("«Hvordan har du det?»"), "plain"),
    "condition": (N_("Mitt inntrykk"), "code", "condition"),
    "agreed": (N_("Hva ble avtalt?"), "plain"),
    "place": (N_("Hvor?"), "code", "visit_place"),
    "place_label": (N_("Hvor?"), "plain"),
    "people": (N_("Hvor mange?"), "plain"),
    "topics": (N_("Tema"), "codes", "topic"),
    "attended": (N_("Andre som var med"), "list"),
    "with_staff": (N_("Hvem var med?"), "staffs"),
    "client_access_listed.staff_ids": (_WHO, "staffs"),
    "duration_min": (N_("Varighet"), "minutes"),
    "announced": (N_("Varslet på forhånd?"), "yes"),
    "medication": (N_("Medisin"), "code", "medication"),
    "children_present": (N_("Barn til stede?"), "yes"),
    "interpreter": (N_("Brukt tolk?"), "yes"),
    "next_contact_on": (N_("Neste kontakt"), "date"),
    "equipment": (N_("Brukerutstyr delt ut"), "counts", "equipment"),
    "offered": (N_("Tilbudt"), "codes", "offered"),
    "guided_to": (N_("Loset videre til"), "code", "offered"),
    "private": (N_("Samtalen er privat"), "yes"),
    "minutes": (N_("Referat"), "plain"),
    # Cases
    "status": (_STANDS, "code"),
    "rent_problem_reported.status": (_STANDS, "code", "rent_status"),
    "neighbour_complaint_received.status": (_STANDS, "code", "complaint_status"),
    "housing_incident_logged.status": (_STANDS, "code", "incident_status"),
    "amount_nok": (N_("Restanse i kroner"), "money"),
    "months": (N_("Antall måneder"), "plain"),
    "cause": (N_("Årsak"), "code", "rent_cause"),
    "letters": (N_("Brev som er kommet"), "letters"),
    "letters.kind": (N_("Brev som er kommet"), "code", "letter"),
    "letters.dated_on": (N_("Dato på brevet"), "date"),
    "letters.sent_on": (N_("Sendt, hvis du vet det"), "date"),
    "letters.received_on": (N_("Kom fram"), "date"),
    "tenancy": (N_("Hva ble det med boligen?"), "code", "tenancy"),
    "plan": (N_("Plan"), "code", "rent_plan"),
    "deadline_on": (N_("Frist"), "date"),
    "complainant": (N_("Hvem klager?"), "code", "complainant"),
    "client_role": (N_("Hvem rammes?"), "code", "client_role"),
    "answer_given": (N_("Svar til den som klaget"), "yesOrWords"),
    "complainant_name": (N_("Navn på den som klaget"), "plain"),
    "next_step": (N_("Neste steg"), "plain"),
    "next_step_on": (N_("Neste steg innen"), "date"),
    "owner_id": (N_("Hvem eier saken?"), "staff"),
    "admission_avoided": (N_("Ble en akuttinnleggelse unngått?"), "yesOrCode", "judgement"),
    "debrief": (N_("Trenger dere en prat etterpå?"), "yes"),
    # Away, and home again
    "where": (N_("Hvor?"), "plain"),
    "expected_end_on": (N_("Ventes tilbake"), "date"),
    "expected_end_at": (N_("Ventes tilbake"), "moment"),
    "visit_started.expected_end_at": (N_("Ferdig om ca."), "moment"),
    "confirmed_with": (N_("Bekreftet med"), "plain"),
    "where_to": (N_("Hvor bor personen nå?"), "plain"),
    "checks": (N_("Hva er klart?"), "codes", "discharge_check"),
    "home": (N_("Er det en bolig å komme hjem til?"), "code", "home_to_go_to"),
    "absence_step_set.watch": (N_("Går tilsynet da?"), "code", "step_watch"),
    # The card, and who follows
    "fields.name": (N_("Navn"), "plain"),
    "name": (N_("Navn"), "plain"),
    "fields.alias": (N_("Kalles"), "plain"),
    "alias": (N_("Kalles"), "plain"),
    "fields.birth_year": (N_("Fødselsår"), "plain"),
    "birth_year": (N_("Fødselsår"), "plain"),
    "role": (N_("Hvem er det?"), "code", "contact_role"),
    "fields.phone": (N_("Telefon"), "plain"),
    "phone": (N_("Telefon"), "plain"),
    "fields.address": (N_("Adresse"), "plain"),
    "address": (N_("Adresse"), "plain"),
    "fields.protected": (N_("Adressesperre"), "code", "protected"),
    "protected": (N_("Adressesperre"), "code", "protected"),
    "fields.primary_staff_id": (N_("Primærkontakt"), "staff"),
    "primary_staff_id": (N_("Primærkontakt"), "staff"),
    "team_id": (N_("Team"), "team"),
    "staff_id": (N_("Hvem?"), "staff"),
    "into_client_id": (N_("Hvem blir stående?"), "client"),
    "handed_to": (N_("Overført til"), "plain"),
    "call_if_not_found": (N_("Kan vi ringe når vi ikke finner deg?"), "code", "yes_no"),
    "may_be_told": (N_("Kan få vite"), "plain"),
    "must_not_be_told": (N_("Må ikke få vite"), "plain"),
    "ended": (N_("Ikke lenger med?"), "yes"),
    # What is shared
    "to_staff_ids": (N_("Hvem skal få se det?"), "staffs"),
    "until_on": (N_("Til og med"), "date"),
    "basis": (N_("Hva gir rett til å dele?"), "code", "share_basis"),
    "fact_shared.agreement_id": (_CONSENT, "consent"),
    "client_team_set.agreement_id": (_CONSENT, "consent"),
    "basis_words": (N_("Hvilken lov, eller hvilken fare?"), "plain"),
    # The watch
    "watch.mode": (N_("Hvor ofte skal personen ses?"), "code", "watch_mode"),
    "watch.interval_minutes": (N_("Timer"), "hours"),
    "mode": (N_("Hvor ofte skal personen ses?"), "code", "watch_mode"),
    "interval_minutes": (N_("Timer"), "hours"),
    "contact_interval_days": (N_("Planlagt kontakt"), "days"),
    "days": (N_("Planlagt kontakt"), "days"),
    "shifts": (N_("Hvilke vakter?"), "codes", "shift"),
    "counts": (N_("Hva teller?"), "codes", "counts"),
    "sources": (N_("Hvem kan melde?"), "codes", "source"),
    "may_enter": (N_("Kan vi låse oss inn hvis vi ikke når deg?"), "yes"),
    "key_ref": (N_("Nøkkelnummer og skap"), "plain"),
    "when_closed": (N_("Når teamet er stengt"), "code", "when_closed"),
    "tighten_days": (N_("Tettere etter utskriving eller løslatelse"), "days"),
    "pause_with_others": (N_("Stanser klokka når du er hos andre?"), "yes"),
    # Duty and opening hours
    "duty": (N_("Vakt eller bakvakt?"), "code", "duty"),
    "to_staff_id": (N_("Til hvem?"), "staff"),
    "to_team_id": (N_("Til hvilket team?"), "team"),
    "hours.mon": (N_("Mandag"), "spans"),
    "hours.tue": (N_("Tirsdag"), "spans"),
    "hours.wed": (N_("Onsdag"), "spans"),
    "hours.thu": (N_("Torsdag"), "spans"),
    "hours.fri": (N_("Fredag"), "spans"),
    "hours.sat": (N_("Lørdag"), "spans"),
    "hours.sun": (N_("Søndag"), "spans"),
    "shifts.day": (N_("Dag"), "span"),
    "shifts.evening": (N_("Kveld"), "span"),
    "shifts.night": (N_("Natt"), "span"),
    "closed_days": (N_("Stengt"), "dates"),
    # Plans, risk, agreements, housing, decisions
    "advice": (N_("Hva skal den som kommer, gjøre?"), "codes", "risk_advice"),
    "green": (N_("Grønn: slik har jeg det når det går bra"), "plain"),
    "yellow_signs": (N_("Gul: tegn på at det går feil vei"), "plain"),
    "yellow_me": (N_("Gul: hva jeg gjør selv"), "plain"),
    "yellow_you": (N_("Gul: hva dere gjør"), "plain"),
    "red_need": (N_("Rød: hva jeg trenger"), "plain"),
    "red_avoid": (N_("Rød: hva dere ikke skal gjøre"), "plain"),
    "tell": (N_("Hvem skal vite det?"), "plain"),
    "tell_not": (N_("Hvem skal ikke vite det?"), "plain"),
    "bed.place": (N_("Brukerstyrt plass: hvor?"), "plain"),
    "bed.phone": (N_("Nummeret dit"), "plain"),
    "bed.nights": (N_("Hvor mange netter?"), "plain"),
    "when_admitted.children": (N_("Barna, når jeg er innlagt"), "plain"),
    "when_admitted.animals": (N_("Dyrene"), "plain"),
    "when_admitted.keys": (N_("Nøklene"), "plain"),
    "when_admitted.mail": (N_("Posten"), "plain"),
    "when_admitted.medicine": (N_("Medisinen"), "plain"),
    "goals": (N_("Mål"), "rows"),
    "items": (N_("Hva skal gjøres?"), "rows"),
    "awake_from": (N_("Våken fra"), "plain"),
    "awake_to": (N_("Til"), "plain"),
    "reach": (N_("Hvordan får vi tak i deg?"), "plain"),
    "likes": (N_("Hva liker du?"), "list"),
    "made_with": (N_("Laget sammen med"), "plain"),
    "shared_with": (N_("Delt med"), "codes", "plan_shared_with"),
    "words": (N_("Med brukerens egne ord"), "plain"),
    "party": (N_("Hvem deles det med?"), "plain"),
    "purpose": (N_("Hva skal det brukes til?"), "plain"),
    "made_on": (N_("Avtalt"), "date"),
    "confirmed_on": (N_("Bekreftet en annen dag"), "date"),
    "how": (N_("Hvordan?"), "code", "withdrawn_how"),
    "situation": (N_("Hvordan bor personen?"), "code", "housing"),
    "transition": (N_("Overgang"), "code", "housing_transition"),
    "safe": (N_("Er det trygt der?"), "code", "judgement"),
    "good": (N_("Er det godt å bo der?"), "code", "judgement"),
    "dwelling": (N_("Boligtype"), "code", "dwelling"),
    "staffing": (N_("Bemanning"), "code", "staffing"),
    "contract_end_on": (N_("Kontrakten går ut"), "date"),
    "obtained_by": (N_("Hvem skaffet boligen?"), "code", "obtained_by"),
    "filled_by": (N_("Hvem har fylt ut?"), "code", "filled_by"),
    "service": (N_("Tjeneste"), "plain"),
    "decision_recorded.ground": (N_("Grunnlag"), "code", "decision_ground"),
    "hours": (N_("Timer"), "decimal"),
    "per": (N_("Hvor mye?"), "code", "per"),
    "coordinator_id": (N_("Koordinator"), "staff"),
    "task_set.owner_id": (N_("Hvem gjør det?"), "staff"),
    "due_on": (N_("Innen"), "date"),
    "important": (N_("Viktig?"), "yes"),
    "at": (N_("Når?"), "moment"),
    "visit_planned.staff_ids": (N_("Hvem kommer?"), "staffs"),
    # The board and the team's settings
    "column": (N_("Hvor på tavla?"), "column"),
    "columns": (N_("Kolonner"), "rows"),
    "reasons": (_WHY, "codes", "board_reason"),
    "goal": (N_("Mål"), "plain"),
    "down_when": (N_("Tas ned når"), "plain"),
    "key": (N_("Innstilling"), "code", "setting_key"),
    "value": (N_("Verdi"), "plain"),
    "caption": (N_("Bildetekst"), "plain"),
    "system": (N_("Hvilket journalsystem?"), "plain"),
    # From when to when
    "from_at": (N_("Fra"), "moment"),
    "to_at": (N_("Til"), "moment"),
    "from_on": (N_("Fra"), "date"),
    "to_on": (N_("Til og med"), "date"),
    "on": (N_("Dato"), "date"),
    "until": (N_("Hvor lenge?"), "moment"),
    "until_at": (N_("Til"), "moment"),
    "seen_at": (N_("Når ble personen sett?"), "moment"),
    "seen_by": (N_("Av hvem?"), "plain"),
    "next_check_at": (N_("Ny sjekk"), "moment"),
    "review_on": (N_("Vurderes på nytt"), "date"),
    "occurred_at": (N_("Når?"), "moment"),
    "to_client_id": (_WHO, "client"),
    # Why, and what else there is to say
    "reason": (_WHY, "plain"),
    "concern_raised.reason": (N_("Hva gjør deg bekymret?"), "plain"),
    "home_entered.reason": (N_("Hvorfor gikk dere inn?"), "plain"),
    "duty_to_report_noted.reason": (N_("Hvorfor, eller hvorfor ikke?"), "plain"),
    "watch_set.reason": (N_("Hvorfor, med brukerens egne ord"), "plain"),
    "alert_snoozed.reason": (N_("Hvorfor kan det vente?"), "plain"),
    "alert_resolved.reason": (N_("Hva har dere gjort?"), "plain"),
    "follow_up_ended.reason": (_WHY, "code", "follow_up_reason"),
    "follow_up_resumed.reason": (_WHY, "code", "follow_up_reason"),
    "body": (N_("Slik skal det være"), "body"),
    "note": (N_("Notat"), "plain"),
}
"""Field, or `type.field`: label, kind, list of codes (without one: that of the type's outcome). In order of reading."""

TIES = frozenset(
    {
        *("base_seq", "visit_id", "absence_id", "case_id", "file_id", "step_id", "replaces", "meeting_id"),
        *("risk_id", "contact_id", "agreement_id", "task_id", "decision_id", "plan_id"),
        *("alert_id", "duty_id", "in_return_for"),
    }
)
"""What only ties entries together, unless FIELDS has it for a type."""
APART = frozenset({"complainant_name"})
"""Kept apart from what is read at a glance, and not printed for the client."""
_WITHIN = frozenset({"watch", "fields", "hours", "shifts", "bed", "when_admitted"})
_ORDER = {key: place for place, key in enumerate(FIELDS)}


@dataclass(frozen=True)
class Said:
    """One field of an entry, in words. `apart`: not for everybody who reads the rest."""

    label: str
    words: str
    apart: bool = False


def fields_of(
    type_: str,
    body: Mapping[str, Any],
    names: Mapping[str, str],
    now: dt.datetime | None = None,
    corrects: str | None = None,
) -> list[Said]:
    """Everything an entry says, in the order of reading.

    `names`: what the ids in the body are called; whatever the reader may not be told is not among them. `corrects`:
    the type of the entry that a correction is of.
    """
    parts = sorted(_parts(body), key=lambda part: place_of(type_, part[0]))
    return [said for name, value in parts for said in _said(type_, name, value, (names, now, corrects))]


def field_of(type_: str, name: str) -> tuple[str, ...] | None:
    """Label, kind and list of a field; None of what only ties entries together, and of what nobody knows."""
    found = FIELDS.get(f"{type_}.{name}") or (None if name in TIES else FIELDS.get(name))
    row = ENTRY_TYPES.get(type_)
    if found and found[1:] == ("code",) and row and row.outcome and row.outcome[1] == name:
        return (*found, row.outcome[0])
    return found


_Known = tuple[Mapping[str, str], dt.datetime | None, str | None]


def _parts(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The filled-in parts of a body, those within a part by their path; a field of the card that was emptied is one."""
    for name, value in body.items():
        if name in _WITHIN and isinstance(value, dict):
            yield from ((f"{name}.{one}", part) for one, part in value.items() if name == "fields" or _is_given(part))
        elif _is_given(value):
            yield name, value


def _is_given(value: Any) -> bool:
    return value is not None and value not in ("", [], {})


def place_of(type_: str, name: str) -> int:
    """Where in the order of reading the field stands."""
    return _ORDER.get(f"{type_}.{name}", _ORDER.get(name, len(_ORDER)))


def _said(type_: str, name: str, value: Any, known: _Known) -> Iterator[Said]:
    field = field_of(type_, name)
    if field is None:
        if name not in TIES:
            yield Said(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        return
    question, kind, codes = (*field, "")[:3]
    names, now, corrects = known
    if kind == "body":
        for one in fields_of(corrects or "", value, names, now):
            yield Said(gettext(question), _line(one.label, one.words), one.apart)
    elif kind == "letters":
        for letter in value:
            yield Said(gettext(question), _letter(letter, Reading("letter", names, now)))
    elif words := gettext(N_("Tatt bort")) if value is None else words_of(kind, value, Reading(codes, names, now)):
        yield Said(gettext(question), words, name in APART)


def _letter(letter: Mapping[str, Any], reading: Reading) -> str:
    """«Begjæring om utkastelse. Dato på brevet: 3. nov.»"""
    days = [
        _line(gettext(FIELDS[f"letters.{name}"][0]), reading.day(day))
        for name, day in letter.items()
        if day and f"letters.{name}" in FIELDS and name != "kind"
    ]
    return ". ".join([label("letter", letter["kind"]), *(one.rstrip(".") for one in days)])


def _line(question: str, words: str) -> str:
    return f"{question} {words}" if question.endswith(("?", "»")) else f"{question}: {words}"
