"""«Sjekk i dag» in words, the same as on the phone: «utskrevet for 6 dager siden», «ikke møtt, andre dag på rad»."""

import datetime as dt

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.entry_words import Body, entry_title, lower_first
from fieldapp.texts.labels import label
from fieldapp.texts.times import local

_RELEASED = {
    "admitted": N_("utskrevet %(ago)s"),
    "treatment": N_("ute av rusbehandling %(ago)s"),
    "detox": N_("ute av avrusning %(ago)s"),
    "prison": N_("løslatt %(ago)s"),
}
_SECOND, _THIRD = 2, 3
_NO_EFFECT = N_("Uten virkning: teamet fulgte ikke brukeren da det kom. Stemmer det, må en av dere føre det.")


def released_words(kind: str, at: dt.datetime, now: dt.datetime) -> str:
    """«utskrevet for 6 dager siden», by calendar days."""
    return gettext(_RELEASED[kind]) % {"ago": _days_ago((local(now).date() - local(at).date()).days)}


def sign_words(what: str, source: str | None, days: int) -> str:
    """«LAR-utlevering: ikke møtt, andre dag på rad»; a concern speaks in its own words."""
    if what == "ring_me":
        return label("check_in", what)
    if what == "concern" or source is None:
        return label("sighting", "worried")
    row = _in_a_row(days) if what == "missed" else ""
    return f"{label('source', source)}: {lower_first(label('sighting', what))}" + (f", {row}" if row else "")


def no_effect_words(type_: str, body: Body, before: Body | None) -> str:
    """What somebody wrote that stopped no clock, why, and what to do about it."""
    title = entry_title(type_, body)
    if before is not None:
        changed = {"was": entry_title(type_, before), "title": lower_first(title)}
        same = changed["was"] == title
        title = gettext(N_("Retting av «%(was)s»") if same else N_("Retting av «%(was)s» til «%(title)s»")) % changed
    return f"{title}. " + gettext(_NO_EFFECT)


def _days_ago(days: int) -> str:
    if days <= 0:
        return gettext(N_("i dag"))
    return gettext(N_("i går")) if days == 1 else gettext(N_("for %(n)s dager siden")) % {"n": days}


def _in_a_row(days: int) -> str:
    if days < _SECOND:
        return ""
    if days == _SECOND:
        return gettext(N_("andre dag på rad"))
    return gettext(N_("tredje dag på rad")) if days == _THIRD else gettext(N_("%(n)s dager på rad")) % {"n": days}
