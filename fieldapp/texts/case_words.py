"""The words of a case: its title, its next step, and the law's dates, where FROM and BY are never mixed."""

import datetime as dt
from typing import Any

from fieldapp.texts.catalogues import N_, filled, gettext
from fieldapp.texts.entry_words import kroner, lower_first
from fieldapp.texts.labels import label
from fieldapp.texts.when import long_day

_STEPS = {
    "stop_eviction": N_("Få stanset utkastelsen"),
    "answer_bailiff": N_("Svar namsmannen"),
    "protest_termination": N_("Protester skriftlig mot oppsigelsen"),
    "pay_or_agree": N_("Betal eller lag avtale med utleier"),
    "answer_rescission": N_("Svar på hevingen"),
    "act_on_warning": N_("Gjør noe med det advarselen gjelder"),
    "renew_lease": N_("Avklar ny kontrakt"),
    "call_landlord": N_("Ring utleier"),
    "check_plan": N_("Sjekk at avtalen holdes"),
    "help_client_who_suffers": N_("Hjelp brukeren, som er den som rammes"),
    "answer_complainant": N_("Svar den som klaget"),
    "check_with_neighbour": N_("Hør med naboen om det er blitt bedre"),
    "handle_incident": N_("Gjør noe med det som har hendt"),
    "handle_crisis": N_("Krisen pågår"),
    "look_again": N_("Let videre"),
    "contact_ward": N_("Ta kontakt med avdelingen"),
    "hold_debrief": N_("Snakk sammen om krisen etterpå"),
    "see_client_after_crisis": N_("Møt brukeren etter krisen"),
}

_DATES = {
    "eviction_can_be_requested_from": N_(
        "Kan begjæres fra %(day)s. Full betaling av leie, renter og kostnader stanser det, helt fram til utkastelsen."
    ),
    "termination_lapses_without_suit_from": N_(
        "Er det protestert i tide, faller oppsigelsen bort fra %(day)s hvis utleier ikke har gått til søksmål."
    ),
    "lease_ends_on": N_("Kontrakten løper ut %(day)s, uten oppsigelse."),
    "lease_without_end_from": N_(
        "Bor brukeren der fortsatt uten skriftlig oppfordring om å flytte, er leieavtalen tidsubestemt fra %(day)s."
    ),
    "eviction_set_for": N_("Namsmannen har satt utkastelsen til %(day)s."),
    "answer_bailiff_by": N_("Svar namsmannen innen %(day)s."),
    "protest_termination_by": N_("Protester mot oppsigelsen innen %(day)s."),
}
_EXTENDED = N_("Dagen er ikke en arbeidsdag; loven kan gi deg til %(later)s. Regn med den første.")


def step_words(step: str) -> str:
    """What to do next: a code, or what somebody wrote themselves."""
    return gettext(_STEPS[step]) if step in _STEPS else step


def date_words(code: str, on: dt.date, extended_to: dt.date | None = None) -> str:
    """One of the law's dates as a sentence."""
    words = filled(gettext(_DATES[code]), {"day": long_day(on)})
    return f"{words} {filled(gettext(_EXTENDED), {'later': long_day(extended_to)})}" if extended_to else words


def case_title(kind: str, facts: dict[str, Any]) -> str:
    """«Husleie: restanse 14 250,00 kr», «Naboklage: bråk», «Krise: overdose»"""
    about = {"rent": _rent, "complaint": _complaint, "housing": _housing, "crisis": _crisis}[kind](facts)
    return label("case_kind", kind) + (f": {about}" if about else "")


def status_words(kind: str, status: str) -> str:
    """How the case stands."""
    if kind == "crisis":
        return gettext(N_("Avsluttet")) if status == "closed" else gettext(N_("Pågår"))
    return label(_STATUSES[kind], status)


_STATUSES = {"rent": "rent_status", "complaint": "complaint_status", "housing": "incident_status"}


def _rent(facts: dict[str, Any]) -> str:
    amount = facts.get("amount_nok")
    return gettext(N_("restanse %(amount)s")) % {"amount": kroner(amount)} if amount else ""


def _complaint(facts: dict[str, Any]) -> str:
    return ", ".join(lower_first(label("complaint", code)) for code in facts.get("what") or ())


def _housing(facts: dict[str, Any]) -> str:
    return ", ".join(lower_first(label("housing_incident", code)) for code in facts.get("what") or ())


def _crisis(facts: dict[str, Any]) -> str:
    kind = facts.get("kind")
    return lower_first(label("crisis_kind", kind)) if kind and kind != "other" else ""
