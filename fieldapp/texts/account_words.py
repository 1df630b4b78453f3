"""What has happened to somebody's account, in a sentence for the person and their leader."""

import datetime as dt

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.times import moment

_DONE_BY = {
    "code_made": N_("%(who)s laget en engangskode %(at)s: passordet sluttet å virke, og alle enheter ble logget ut."),
    "password_set": N_("Nytt passord valgt med engangskode %(at)s: alle enheter ble logget ut."),
    "password_changed": N_("Passordet ble byttet %(at)s: alle enheter ble logget ut."),
    "access_ended": N_("%(who)s avsluttet tilgangen %(at)s."),
}
_COMMAND_LINE = N_("Driften")


def account_event(what: str, by: str, at: dt.datetime) -> str:
    """One event; `by` is the name of who did it, "" for the command line."""
    return gettext(_DONE_BY[what]) % {"who": by or gettext(_COMMAND_LINE), "at": moment(at)}
