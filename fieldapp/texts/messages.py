"""One sentence per code: what the person reads when a request fails or an entry is refused."""

from fieldapp.texts.catalogues import N_, gettext

MESSAGES = {
    "malformed": N_("Forespørselen lar seg ikke lese."),
    "bad_credentials": N_("Feil brukernavn eller passord."),
    "bad_enrolment": N_("Koden er feil, brukt eller gått ut. Be lederen din eller systemadministrator om en ny."),
    "bad_passkey": N_("Passnøkkelen ble ikke godtatt. Prøv igjen, eller logg inn med passord."),
    "oidc_refused": N_("Innloggingen ble ikke godtatt. Prøv igjen."),
    "oidc_unknown": N_(
        "Denne innloggingen er ikke koblet til noen konto i Sett. Logg inn med passordet, "
        "og koble den til under Min konto."
    ),
    "oidc_too_weak": N_("Du logget inn på et for lavt nivå. Logg inn på nytt, og velg en sikrere måte."),
    "oidc_unavailable": N_("Får ikke kontakt med innloggingstjenesten. Prøv igjen, eller logg inn med passord."),
    "sign_in": N_("Du må logge inn."),
    "cross_site": N_("Forespørselen kom fra et annet nettsted og ble stoppet."),
    "not_permitted": N_("Du har ikke tilgang til å gjøre dette."),
    "not_found": N_("Vi fant ikke det du ser etter."),
    "method_not_allowed": N_("Dette kan ikke gjøres her."),
    "protocol_unsupported": N_("Appen må oppdateres før den kan sende."),
    "too_large": N_("Det er for mye på én gang."),
    "not_json": N_("Forespørselen må være JSON."),
    "not_an_image": N_("Fila er ikke et bilde."),
    "wrong_offset": N_("Fortsett der fila slutter."),
    "push_host_not_allowed": N_("Denne varslingstjenesten er ikke tillatt her."),
    "invalid_field": N_("Noe er fylt ut feil."),
    "slow_down": N_("For mange forsøk. Vent litt og prøv igjen."),
    "server_error": N_("Noe gikk galt hos oss. Det du har skrevet ligger trygt på telefonen."),
    "unavailable": N_("Sett er utilgjengelig akkurat nå. Det du har skrevet ligger trygt på telefonen."),
    "invalid_envelope": N_("Notatet mangler noe som må være med."),
    "invalid_body": N_("Noe i notatet er fylt ut feil."),
    "too_long": N_("Notatet er for langt."),
    "unknown_reference": N_("Notatet gjelder noe vi ikke finner."),
    "id_reused": N_("Et annet notat har allerede dette nummeret."),
    "already_exists": N_("Dette er registrert fra før."),
    "stale_base": N_("Noen har endret dette i mellomtiden. Se over og prøv igjen."),
    "author_unproven": N_("Vi kan ikke bekrefte hvem som skrev notatet."),
    "private_has_no_note": N_("En privat samtale kan ikke ha tekst."),
    "unreadable": N_("Notatet er forseglet slik at serveren ikke får åpnet det."),
    "unknown_key": N_("Serveren har ikke nøkkelen som notatet er forseglet med."),
    "newer_version": N_("Serveren er eldre enn appen. Notatet ligger trygt og sendes senere."),
    "unknown_type": N_("Serveren kjenner ikke denne typen notat ennå. Det ligger trygt og sendes senere."),
}

_IN_A_FORM = {
    "invalid_envelope": N_("Noe er fylt ut feil."),
    "invalid_body": N_("Noe er fylt ut feil."),
    "too_long": N_("Det er skrevet for mye."),
    "unknown_reference": N_("Vi finner ikke det dette gjelder."),
    "server_error": N_("Noe gikk galt hos oss. Se etter om det du skrev, ble lagret, før du prøver igjen."),
    "unavailable": N_("Sett er utilgjengelig akkurat nå. Se etter om det du skrev, ble lagret, før du prøver igjen."),
}
"""The same where somebody filled in a form that is no note: a duty, opening hours, a hand-over. No phone keeps it."""


def message(code: str) -> str:
    """The sentence for an HTTP or verdict code. Raises KeyError for a code without one."""
    return gettext(MESSAGES[code])


def form_message(code: str) -> str:
    """The sentence for an HTTP or verdict code where a form was sent. Raises KeyError for a code without one."""
    return gettext(_IN_A_FORM.get(code) or MESSAGES[code])
