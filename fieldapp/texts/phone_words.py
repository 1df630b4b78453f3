"""Words about the phones, for the office."""

from fieldapp.texts.catalogues import N_, gettext

_UNREACHABLE = {
    "no_phone": N_("ikke logget inn på noen telefon"),
    "off": N_("varsler er ikke slått på"),
    "silent": N_("telefonen viser ikke det den får"),
}


def unreachable_words(why: str) -> str:
    """Why a person has no phone that would show an alert."""
    return gettext(_UNREACHABLE[why])


def yes_no(told: bool | None) -> str:
    """What a phone said of itself; one that never said is unknown."""
    return gettext({True: N_("ja"), False: N_("nei"), None: N_("ikke kjent")}[told])
