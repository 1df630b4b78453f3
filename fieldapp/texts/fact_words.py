"""What a landlord reads of a fact that is shared: the same sentence in the preview, at the office and on the phone."""

from fieldapp.texts.catalogues import N_, filled, gettext
from fieldapp.texts.entry_words import kroner
from fieldapp.texts.times import day
from sync.shared_facts import Told

_NONE = {
    "rent_owed": N_("Ingen skyldig husleie er ført."),
    "plan_dates": N_("Ingen datoer er ført."),
    "damage": N_("Ingen skade er ført."),
    "contract": N_("Ingen sluttdato er ført."),
    "complaint_handled": N_("Ingen naboklage er ført."),
}
_HANDLED = {
    ("damage", True): N_("Skaden er håndtert."),
    ("damage", False): N_("Skaden er meldt, og ikke håndtert ennå."),
    ("complaint_handled", True): N_("Naboklagen er håndtert."),
    ("complaint_handled", False): N_("Naboklagen er ikke håndtert ennå."),
}


def fact_words(what: str, told: Told) -> str:
    """«Skylder 14 250,00 kr i husleie.»"""
    if told == Told():
        return gettext(_NONE[what])
    if told.handled is not None:
        return gettext(_HANDLED[what, told.handled])
    if told.amount_nok is not None:
        return gettext(N_("Skylder %(amount)s i husleie.")) % {"amount": kroner(told.amount_nok)}
    if what == "contract" and told.on is not None:
        return filled(gettext(N_("Leiekontrakten går ut %(day)s.")), {"day": day(told.on)})
    said = [(N_("Neste dato: %(day)s."), told.on), (N_("Frist: %(day)s."), told.by_on)]
    return " ".join(filled(gettext(words), {"day": day(on)}) for words, on in said if on is not None)
