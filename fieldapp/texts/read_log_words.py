"""The read log in plain words: on what ground, on which screen, what, for how long; and what is worth asking about."""

import datetime as dt
from collections.abc import Collection, Mapping

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.times import clock_time, day, local

_GROUNDS = {
    "team": N_("teamet følger brukeren"),
    "grant": N_("tilgang gitt for en tid"),
    "emergency": N_("nødtilgang"),
    "own_entry": N_("egen oppføring"),
    "innsyn": N_("innsyn"),
}
_SURFACES = {
    "phone": N_("på telefonen"),
    "office": N_("på kontoret"),
    "api": N_("gjennom et annet program"),
    "print": N_("på papir"),
}
_THINGS = {
    "absence": N_("fravær"),
    "address": N_("skjermet adresse"),
    "agreement": N_("avtale"),
    "alert": N_("varsel"),
    "all": N_("alt telefonen har om brukeren"),
    "board": N_("tavla"),
    "case": N_("sak"),
    "client": N_("brukerkortet"),
    "entry": N_("oppføringer"),
    "fact": N_("opplysninger delt med huseier"),
    "file": N_("bilder"),
    "emergency": N_("spørsmål om nødtilgang"),
    "contact_person": N_("folk rundt"),
    "decision": N_("vedtak"),
    "handover": N_("beskjed til neste vakt"),
    "housing": N_("bosituasjon"),
    "plan": N_("plan"),
    "planned": N_("planlagte besøk"),
    "risk": N_("før du går inn"),
    "task": N_("oppgaver"),
    "hand_over": N_("overlevering"),
    "limits": N_("hvem som har tilgang"),
    "partner_link": N_("lenker til samarbeidsparter"),
    "read_log": N_("hvem som har lest"),
    "record": N_("hele journalen"),
    "report": N_("tall i rapporter"),
    "visit": N_("besøk nå"),
    "watch": N_("tilsynet"),
}
_QUESTIONS = {
    "many_clients": N_("%(who)s åpnet så mange som %(n)s på en time, fra %(at)s. Var det en gjennomgang?"),
    "far_from_duty": N_("%(who)s åpnet %(whom)s langt fra en vakt, fra %(at)s. Var det avtalt?"),
    "emergency": N_("%(who)s brukte nødtilgang til %(whom)s %(at)s. Er grunnen vurdert?"),
}


def ground_words(ground: str) -> str:
    """«teamet følger brukeren»"""
    return gettext(_GROUNDS[ground]) if ground in _GROUNDS else ground


def surface_words(surface: str) -> str:
    """«på kontoret»"""
    return gettext(_SURFACES[surface]) if surface in _SURFACES else surface


def _detail(kind: str, ids: Collection[str]) -> str:
    """How many; of a protected address why it was asked for."""
    return "; ".join(f"«{reason}»" for reason in ids) if kind == "address" else str(len(ids))


def what_words(what: Mapping[str, Collection[str]]) -> str:
    """«brukerkortet, oppføringer (12)»"""
    said = []
    for kind, ids in what.items():
        word = gettext(_THINGS[kind]) if kind in _THINGS else kind
        said.append(f"{word} ({_detail(kind, ids)})" if ids and kind in ("entry", "address") else word)
    return ", ".join(said)


def period_words(from_at: dt.datetime, to_at: dt.datetime | None) -> str:
    """«mandag 23. nov. 10:05», «mandag 23. nov. 10:05–10:09»"""
    began = f"{day(from_at)} {clock_time(from_at)}"
    if to_at is None or to_at == from_at:
        return began
    if day(to_at) == day(from_at):
        return began if clock_time(to_at) == clock_time(from_at) else f"{began}–{clock_time(to_at)}"
    return f"{began} – {day(to_at)} {clock_time(to_at)}"


def dated_words(at: dt.datetime) -> str:
    """«24.11.2026 10:00»: on paper the year is said."""
    return f"{local(at):%d.%m.%Y} {clock_time(at)}"


def question_words(what: str, name: str, at: dt.datetime, clients: int, client: str | None) -> str:
    """A question, never a verdict."""
    whom = client or (gettext(N_("1 bruker")) if clients == 1 else gettext(N_("%(n)s brukere")) % {"n": clients})
    when = f"{day(at)} {clock_time(at)}"
    return gettext(_QUESTIONS[what]) % {"who": name, "n": clients, "whom": whom, "at": when}
