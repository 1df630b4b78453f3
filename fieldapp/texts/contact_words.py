"""How the last contact reads: seen, heard and reported each have their own words (sync/vectors/contacts.json).

Invariant: «sett» stands only where a member of staff saw the person. A call was heard, a partner's word is reported,
and what nobody can tell apart is «kontakt». The phone says the same (static/js/views/words.js).
"""

import datetime as dt
from collections.abc import Collection

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.times import duration

JUST_NOW = dt.timedelta(minutes=2)
_AGO = {
    "seen": (N_("sett nå nettopp"), N_("sett for %(time)s siden")),
    "heard": (N_("hørt fra nå nettopp"), N_("hørt fra for %(time)s siden")),
    "reported": (N_("meldt sett nå nettopp"), N_("meldt sett for %(time)s siden")),
}
_CONTACT_AGO = (N_("kontakt nå nettopp"), N_("kontakt for %(time)s siden"))
_AS_AGREED = {
    "seen": N_("Sist sett som avtalt: %(at)s."),
    "heard": N_("Sist hørt fra som avtalt: %(at)s."),
    "reported": N_("Sist meldt sett som avtalt: %(at)s."),
}
_CONTACT_AS_AGREED = N_("Siste kontakt som avtalt: %(at)s.")
_UNTIL = {
    "heard": N_("Til personen ble hørt fra"),
    "reported": N_("Til personen ble meldt sett"),
}
_BEFORE_OPENING = {
    "heard": N_("ble hørt fra før varselet åpnet"),
    "reported": N_("ble meldt sett før varselet åpnet"),
}
_ENDED_BY = {
    ("seen_in_time", "heard"): N_("Hørt fra i tide"),
    ("seen_late", "heard"): N_("Hørt fra for sent"),
    ("seen_in_time", "reported"): N_("Meldt sett i tide"),
    ("seen_late", "reported"): N_("Meldt sett for sent"),
}
_SEEN_ONLY = (N_("%(who)s er ikke sett på %(long)s"), N_("%(who)s er ikke sett ennå"))
_MISSING = {
    frozenset({"heard"}): (
        N_("%(who)s er verken sett eller hørt fra på %(long)s"),
        N_("%(who)s er verken sett eller hørt fra ennå"),
    ),
    frozenset({"reported"}): (
        N_("%(who)s er verken sett eller meldt sett på %(long)s"),
        N_("%(who)s er verken sett eller meldt sett ennå"),
    ),
    frozenset({"heard", "reported"}): (
        N_("%(who)s er verken sett, hørt fra eller meldt sett på %(long)s"),
        N_("%(who)s er verken sett, hørt fra eller meldt sett ennå"),
    ),
}


def seen_ago(at: dt.datetime | None, now: dt.datetime, degree: str | None = "seen") -> str:
    """«sett for 21 t siden», «hørt fra for 2 t siden», «ikke sett ennå»; `degree` None: it can't be told which."""
    if at is None:
        return gettext(N_("ikke sett ennå"))
    just_now, ago = _AGO.get(degree or "", _CONTACT_AGO)
    return gettext(just_now) if now - at < JUST_NOW else gettext(ago) % {"time": duration(now - at)}


def as_agreed_words(degree: str | None, at: str) -> str:
    """«Sist hørt fra som avtalt: 24. nov. kl. 09.10.»"""
    return gettext(_AS_AGREED.get(degree or "", _CONTACT_AS_AGREED)) % {"at": at}


def until_contact_words(degree: str | None) -> str:
    """The heading of the time from an alert to the contact that ended it."""
    return gettext(_UNTIL.get(degree or "", N_("Til personen var sett")))


def before_opening_words(degree: str | None) -> str:
    """The same where that contact was before the alert opened."""
    return gettext(_BEFORE_OPENING.get(degree or "", N_("var sett før varselet åpnet")))


def ended_by_words(resolution: str, degree: str | None) -> str | None:
    """How a contact that was not a sighting ended an alert; None where the resolution has words of its own."""
    words = _ENDED_BY.get((resolution, degree or ""))
    return gettext(words) if words else None


def missing_words(who: str, since: dt.datetime | None, now: dt.datetime, counts: Collection[str]) -> str:
    """«Even B. er ikke sett på 24 t»; where more than being seen counts, nothing of that has come either."""
    long, never = _MISSING.get(frozenset(counts) & {"heard", "reported"}, _SEEN_ONLY)
    if since is None:
        return gettext(never) % {"who": who}
    return gettext(long) % {"who": who, "long": duration(now - since).replace(" ", "\u00a0")}
