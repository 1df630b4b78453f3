"""The words of the why-page: full times, the arithmetic of a clock, what a contact did, and how telling people went."""

import datetime as dt

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.entry_words import lower_first
from fieldapp.texts.labels import label
from fieldapp.texts.times import clock_time, day, duration, local
from fieldapp.texts.when import weekday

_BASE = {
    "contact": N_("Klokka ble regnet fra da personen sist var sett eller hørt som avtalt: %(at)s."),
    "absence_end": N_("Klokka ble regnet fra da fraværet var slutt: %(at)s."),
    "registration": N_("Klokka ble regnet fra da personen ble registrert: %(at)s. Ingen hadde sett personen siden."),
    "agreement": N_("Klokka ble regnet fra da avtalen ble satt: %(at)s."),
    "shift_end": N_("Avtalen er hver vakt: Noen skulle ha sett personen før vakta var slutt."),
    "hand_check": N_("Forrige varsel ble avsluttet uten at personen var sett, og da ble det satt en ny sjekk."),
    "unknown": N_("Det er ikke lagret hva klokka ble regnet fra."),
}
_TIGHTENED = N_("Etter utskriving, avrusning eller løslatelse gjaldt halve tida i de døgnene som er avtalt.")
_VERDICT = {
    "counts": N_("teller"),
    "arrived_after": N_("teller, men kom inn etter at varselet var åpnet"),
    "attempt": N_("traff ikke, teller ikke"),
    "heard": N_("hørt, men avtalen teller ikke hørt"),
    "reported": N_("meldt av andre, men avtalen teller ikke det"),
    "source": N_("meldt av en kilde brukeren ikke har sagt ja til, teller ikke"),
    "struck": N_("angret, teller ikke"),
}
_EARLY = {
    "nobody": N_("Neste trinn begynte før tida, fordi det ikke var noen å varsle."),
    "no_device": N_("Neste trinn begynte før tida, fordi ingen av dem hadde en telefon som tok imot varsler."),
    "refused": N_("Neste trinn begynte før tida, fordi ingen av telefonene tok imot."),
    "no_receipt": N_("Neste trinn begynte før tida, fordi ingen telefon hadde vist varselet på to minutter."),
}
_HOW = {
    "shown": N_("vist"),
    "handed_over": N_("sendt, ikke vist"),
    "pending": N_("venter på å bli sendt"),
    "called_off": N_("ikke sendt, varselet var over"),
    "given_up": N_("kom ikke fram, vi prøvde i over fire timer"),
    "our_fault": N_("kom ikke fram, feil hos oss"),
    "unreachable": N_("kom ikke fram, telefonen tar ikke imot"),
}
_CHANNEL = {"push": N_("telefon"), "email": N_("e-post"), "webhook": N_("SMS eller oppringing")}
_STEP = {
    "handed": N_("Gitt videre"),
    "over": N_("Beskjed om at varselet er over"),
    "other": N_("Annen beskjed"),
}


def stamp(at: dt.datetime) -> str:
    """«tirsdag 24. nov. 2026 kl. 09.10»: a page that is read years later says which year."""
    words = {"weekday": weekday(local(at).date()), "day": day(at), "year": local(at).year, "time": clock_time(at)}
    return gettext(N_("%(weekday)s %(day)s %(year)s kl. %(time)s")) % words


def exact_time(at: dt.datetime) -> str:
    """«09.10.04»"""
    return f"{local(at):%H.%M.%S}"


def clock_words(base: str, base_at: dt.datetime | None, *, tightened: bool = False) -> str:
    """What the clock was counted from."""
    words = gettext(_BASE[base]) % {"at": stamp(base_at) if base_at else ""}
    return f"{words} {gettext(_TIGHTENED)}" if tightened else words


def interval_words(mode: str, minutes: int) -> str:
    """«hver 24. time», «hver vakt», «hver 90. minutt»"""
    if mode != "interval":
        return lower_first(label("watch_mode", mode))
    if minutes % 60:
        return gettext(N_("hvert %(n)s. minutt")) % {"n": minutes}
    return gettext(N_("hver %(n)s. time")) % {"n": minutes // 60} if minutes > 60 else gettext(N_("hver time"))


def verdict_words(verdict: str) -> str:
    """What a contact did to the clock, and why not."""
    return gettext(_VERDICT[verdict])


def early_words(reason: str) -> str:
    """Why the next step began before its time."""
    return gettext(_EARLY[reason])


def step_title(sort: str, step: int, round_: int) -> str:
    """«Trinn 2, runde 1», «Gitt videre»"""
    if sort == "step":
        return gettext(N_("Trinn %(step)s, runde %(round)s")) % {"step": step + 1, "round": round_}
    return gettext(_STEP[sort])


def channel_words(channel: str) -> str:
    """Through what somebody was told."""
    return gettext(_CHANNEL[channel]) if channel in _CHANNEL else channel


def devices_words(devices: tuple[tuple[str, int], ...]) -> str:
    """«vist · sendt, ikke vist (2)»; nothing at all is said too."""
    if not devices:
        return gettext(N_("har ingen telefon som tar imot varsler"))
    said = [(gettext(_HOW[how]) if how in _HOW else how, count) for how, count in devices]
    return " · ".join(words if count == 1 else f"{words} ({count})" for words, count in said)


def took(length: dt.timedelta) -> str:
    """«4 s», «12 min», «2 t og 5 min»: how long something took, as exactly as it matters."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return gettext(N_("%(n)s s")) % {"n": seconds}
    hours, minutes = divmod(seconds // 60, 60)
    if 0 < hours < 48 and minutes:
        return gettext(N_("%(hours)s t og %(minutes)s min")) % {"hours": hours, "minutes": minutes}
    return duration(length)
