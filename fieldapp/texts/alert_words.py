"""The words of an alert: its headline, what has happened to it, and how telling somebody went."""

import datetime as dt
from collections.abc import Collection

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.contact_words import ended_by_words, missing_words
from fieldapp.texts.labels import LABELS, label
from fieldapp.texts.when import when

_HAPPENED = {
    "opened": N_("Varselet ble åpnet"),
    "opened_waiting": N_("Varselet venter til teamet åpner"),
    "team_opened": N_("Teamet åpnet, og varselet går ut"),
    "escalated": N_("Varselet er ikke tatt, og går videre til trinn %(step)s"),
    "acknowledged": N_("%(who)s tok varselet"),
    "snoozed": N_("%(who)s utsatte varselet"),
    "handed_over": N_("%(who)s ga varselet videre"),
    "waits_again": N_("%(who)s har ikke varselet lenger, og det venter til teamet åpner"),
    "hold_expired": N_("%(who)s har ikke varselet lenger, og det går videre"),
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
_BESIDE_PUSH = {"email": N_("e-post: %(how)s"), "webhook": N_("SMS eller oppringing: %(how)s")}
_HOW_BESIDE_PUSH = {
    "shown": N_("kom fram"),
    "handed_over": N_("sendt"),
    "unreachable": N_("kom ikke fram: adressen tar ikke imot"),
}


_HEADLINES = {
    "concern": N_("Bekymret for %(who)s"),
    "crisis": N_("Krise: %(who)s"),
    "staff_help": N_("%(staff)s trenger hjelp"),
    "staff_overdue": N_("%(staff)s skulle vært ferdig på besøk"),
    "absence_overdue": N_("Spør hvordan det står til med %(who)s"),
    "case_deadline": N_("Frist: %(who)s"),
    "drill": N_("Øvelse: ingen er i fare"),
}
_ABOUT_STAFF = ("staff_help", "staff_overdue")


def alert_headline(
    kind: str,
    name: str | None,
    unseen_since_at: dt.datetime | None,
    now: dt.datetime,
    staff: str | None = None,
    counts: Collection[str] = (),
) -> str:
    """«Even B. er ikke sett på 24 t», «Bekymret for Eva M.», «Krise: Kari L.», «Mona trenger hjelp».

    `counts`: what counts as contact under the client's agreement; being seen always does.
    """
    who = name or gettext(N_("ukjent person"))
    if kind in _HEADLINES:
        said = gettext(_HEADLINES[kind]) % {"who": who, "staff": staff or gettext(N_("En kollega"))}
        return f"{said} · {name}" if name and kind in _ABOUT_STAFF else said
    if kind != "not_seen":
        return f"{label('alert_kind', kind)}: {who}"
    return missing_words(who, unseen_since_at, now, counts)


def happening_words(event: str, step: int, round_: int, who: str | None) -> str:
    """What happened, as a sentence without its full stop."""
    text = _ENDED_BY_ITSELF if event == "resolved" and not who else _HAPPENED.get(event, label("alert_event", event))
    said = gettext(text) % {"who": who or gettext(N_("en kollega")), "step": step + 1}
    return said + gettext(_ROUND) % {"round": round_} if event == "escalated" and round_ > 1 else said


def resolution_words(code: str, degree: str | None = None) -> str:
    """How it ended, and by which degree of contact where one ended it; a crisis ends by its outcome."""
    return ended_by_words(code, degree) or label(
        "resolution" if code in LABELS["resolution"] else "crisis_outcome", code
    )


def snoozed_words(who: str | None, until: dt.datetime | None, now: dt.datetime) -> str:
    """«Utsatt av Bob til 12.15»: who put it off, and until when it rings nobody."""
    name = who or gettext(N_("en kollega"))
    if until is None:
        return gettext(N_("Utsatt av %(who)s")) % {"who": name}
    return gettext(N_("Utsatt av %(who)s til %(at)s")) % {"who": name, "at": when(until, now)}


def next_check_words(at: dt.datetime, now: dt.datetime) -> str:
    """«ny sjekk 20.00»: when somebody looks again after an alert was ended by hand; in the past tense once it is."""
    words = N_("ny sjekk %(at)s") if at > now else N_("ny sjekk var %(at)s")
    return gettext(words) % {"at": when(at, now)}


def told_words(how: str, channel: str = "push") -> str:
    """How it went to tell one person through one channel."""
    if channel == "push":
        return gettext(_HOW[how])
    return gettext(_BESIDE_PUSH[channel]) % {"how": gettext(_HOW_BESIDE_PUSH.get(how, _HOW[how]))}
