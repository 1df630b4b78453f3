"""What has happened to somebody's account, in a sentence for the person and their leader."""

import datetime as dt

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.times import moment

_DONE_BY = {
    "code_made": N_(
        "%(who)s laget en engangskode %(at)s: passord og passnøkler sluttet å virke, og alle enheter ble logget ut."
    ),
    "password_set": N_("Nytt passord valgt med engangskode %(at)s: alle enheter ble logget ut."),
    "password_changed": N_("Passordet ble byttet %(at)s: alle enheter ble logget ut, og passnøkler fjernet."),
    "access_ended": N_("%(who)s avsluttet tilgangen %(at)s."),
    "passkey_added": N_("En passnøkkel ble lagt til %(at)s."),
    "passkey_removed": N_("En passnøkkel ble fjernet %(at)s."),
    "identity_linked": N_("Kommunens innlogging ble koblet til %(at)s."),
    "identity_removed": N_("Koblingen til kommunens innlogging ble fjernet %(at)s."),
    "passkey_refused": N_(
        "Innlogging med en passnøkkel ble stoppet %(at)s: nøkkelen kan være kopiert. Fjern den og lag en ny."
    ),
}
_COMMAND_LINE = N_("Driften")


def account_event(what: str, by: str, at: dt.datetime) -> str:
    """One event; `by` is the name of who did it, "" for the command line."""
    return gettext(_DONE_BY[what]) % {"who": by or gettext(_COMMAND_LINE), "at": moment(at)}
