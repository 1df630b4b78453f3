"""The words of an alert: its headline, what has happened to it, and how telling somebody went."""

import datetime as dt

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.labels import LABELS, label
from fieldapp.texts.times import duration

_HAPPENED = {
    "opened": N_("Varselet ble åpnet"),
    "opened_waiting": N_("Varselet venter til teamet åpner"),
    "team_opened": N_("Teamet åpnet, og varselet går ut"),
    "escalated": N_("Varselet er ikke tatt, og går videre til trinn %(step)s"),
    "acknowledged": N_("%(who)s tok varselet"),
    "snoozed": N_("%(who)s utsatte varselet"),
    "handed_over": N_("%(who)s ga varselet videre"),
    "hold_expired": N_("Tiden %(who)s hadde på seg gikk ut, og varselet går videre"),
    "came_late": N_("Svaret fra %(who)s kom for sent til å stanse varselet"),
    "resolved": N_("%(who)s avsluttet varselet"),
    "reopened": N_("Varselet ble åpnet igjen"),
}
_ROUND = N_(", runde %(round)s")
_ENDED_BY_ITSELF = N_("Varselet ble avsluttet")
_HOW = {
    "shown": N_("vist på telefonen"),
    "handed_over": N_("sendt, ikke vist ennå"),
    "pending": N_("sendes nå"),
    "called_off": N_("ikke sendt, varselet var over"),
    "given_up": N_("kom ikke fram"),
    "our_fault": N_("kom ikke fram: feil hos oss, drift er varslet"),
    "unreachable": N_("kom ikke fram: telefonen tar ikke imot"),
    "no_device": N_("har ingen telefon som tar imot varsler"),
}


def alert_headline(kind: str, name: str | None, unseen_since_at: dt.datetime | None, now: dt.datetime) -> str:
    """«Even B. er ikke sett på 24 t», «Bekymret for Eva M.», «Krise: Kari L.»"""
    who = name or gettext(N_("ukjent person"))
    if kind != "not_seen":
        headlines = {"concern": N_("Bekymret for %(who)s"), "crisis": N_("Krise: %(who)s")}
        return gettext(headlines[kind]) % {"who": who} if kind in headlines else f"{label('alert_kind', kind)}: {who}"
    if unseen_since_at is None:
        return gettext(N_("%(who)s er ikke sett ennå")) % {"who": who}
    long = duration(now - unseen_since_at).replace(" ", "\u00a0")
    return gettext(N_("%(who)s er ikke sett på %(long)s")) % {"who": who, "long": long}


def happening_words(event: str, step: int, round_: int, who: str | None) -> str:
    """What happened, as a sentence without its full stop."""
    text = _ENDED_BY_ITSELF if event == "resolved" and not who else _HAPPENED.get(event, label("alert_event", event))
    said = gettext(text) % {"who": who or gettext(N_("en kollega")), "step": step + 1}
    return said + gettext(_ROUND) % {"round": round_} if event == "escalated" and round_ > 1 else said


def resolution_words(code: str) -> str:
    """How it ended; a crisis ends by its outcome."""
    return label("resolution" if code in LABELS["resolution"] else "crisis_outcome", code)


def told_words(how: str) -> str:
    """How it went to tell one person."""
    return gettext(_HOW[how])
