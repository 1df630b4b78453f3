"""What every office page shares: the frame around it, live refreshing, forms, and the way into the one write door."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import at_wall_time
from fieldapp.errors import AppError, Rejected
from fieldapp.queries import duty, health, overview
from fieldapp.routes import _form_reasons
from fieldapp.routes._web import clock, db, showing, signed_in
from fieldapp.services.entries import ingest
from fieldapp.texts import N_, gettext, local

Build = Callable[[Any, Viewer, dt.datetime], dict[str, Any]]
"""Reads what a page shows: (session, viewer, now) to template names. The session is opaque here."""

DONE = {
    "tatt": N_("Du har tatt varselet. De andre ser det."),
    "tatt-av-andre": N_("En kollega tok varselet før deg, og har det."),
    "utsatt": N_("Varselet er utsatt."),
    "videre": N_("Varselet er gitt videre. Det varsler til det blir tatt."),
    "videre-venter": N_("Varselet er gitt videre. Teamet er stengt, så bare kollegaen varsles før det åpner."),
    "videre-stille": N_("Varselet er gitt videre."),
    "avsluttet": N_("Varselet er avsluttet."),
    "ikke-avsluttet": N_("Ført, men varselet er fortsatt åpent."),
    "alt-avsluttet": N_("Varselet var alt avsluttet."),
    "fort": N_("Det er ført, og teller som sett."),
    "fort-for-gammelt": N_("Ført, men klokka er fortsatt gått ut."),
    "oppdatert": N_("Saken er oppdatert."),
    "steg": N_("Steget er ført."),
    "krise-slutt": N_("Krisen er avsluttet."),
    "fulgt-opp-krise": N_("Oppfølgingen er ført."),
    "vakt": N_("Vakta er satt."),
    "vakt-fra-for": N_("Vakta var alt satt. Den står én gang."),
    "vakter": N_("Vaktene er satt."),
    "fjernet": N_("Vakta er fjernet."),
    "kalender-slutt": N_("Kalenderlenka er stoppet."),
    "apningstid": N_("Åpningstiden er lagret."),
    "tilbudt": N_("Vakta er tilbudt. Den er din til kollegaen har sagt ja."),
    "overtatt": N_("Vakta er din."),
    "nei": N_("Du har sagt nei. Vakta blir der den er."),
    "trapp": N_("Tidene er lagret."),
    "innstillinger": N_("Innstillingene er lagret."),
    "vakttelefon": N_("Vakttelefonen er lagret."),
    "angret": N_("Angret."),
    "lagt-til": N_("Lagt til."),
    "ended": N_("Tilgangen er avsluttet."),
    "endret": N_("Endringen er lagret."),
    "frigitt": N_("Brukernavnet er fritt. Nå kan en ny person få det."),
    "team-avsluttet": N_("Teamet er avsluttet."),
    "fulgt-opp": N_("Fulgt opp, og av lista."),
    "lagret": N_("Lagret."),
    "lest": N_("Merket som lest."),
    "til-journal": N_("Merket som kopiert til journalen."),
    "oppgave-ferdig": N_("Oppgaven er avsluttet."),
    "importert": N_("Brukerne er lagt inn. De står som «Avtale mangler» til noen har spurt."),
    "registrert": N_("Brukeren er registrert."),
    "team-gitt": N_("Brukeren er gitt til teamet."),
    "team-slutt": N_("Teamets siste dag er satt."),
    "slatt-sammen": N_("Slått sammen. Alt står på ett sted."),
    "primar": N_("Primærkontakten er satt."),
    "tavla": N_("Tavla er oppdatert."),
    "tavla-ned": N_("Tatt ned fra tavla."),
    "kolonner": N_("Kolonnene er lagret."),
    "vedtak": N_("Beslutningen er lagret. Den er en oppgave hos den som gjør det."),
    "mote": N_("Møtet er ført."),
    "mote-forkastet": N_("Møtet er forkastet. Beslutninger og flyttinger står."),
    "ovelse": N_("Øvelsen er startet. Den ringer teamet nå."),
    "nodtilgang": N_("Du ser brukeren i en time. Lederen har fått vite det."),
    "delt": N_("Brukeren er delt."),
    "deling-slutt": N_("Tilgangen er avsluttet."),
    "opplysning-delt": N_("Delt. Huseier ser det neste gang telefonen har dekning."),
    "opplysning-stoppet": N_("Delingen er stoppet."),
    "tekst-vurdert": N_("Svaret er lagret."),
    "vernet": N_("Adressesperren er lagret."),
    "liste": N_("Lista er lagret."),
    "sperret": N_("Kollegaen er sperret. Varsler klatrer forbi fra nå av."),
    "opphevet": N_("Sperren er opphevet."),
    "lenke-slutt": N_("Lenka er avsluttet."),
    "bekreftet": N_("Bekreftet. Det er ført på den som skrev det."),
    "ikke-bekreftet": N_("Lagt bort. Det teller ikke."),
    "innsyn-bedt": N_("Den du valgte, går nå gjennom journalen."),
    "innsyn-tatt-ut": N_("Oppføringen er tatt ut av utskriften."),
    "innsyn-med": N_("Oppføringen er med i utskriften igjen."),
    "innsyn-gjennomgatt": N_("Gjennomgangen er ferdig."),
    "rettet": N_("Rettet. Det som sto før, står ved siden av."),
    "trukket": N_("Trukket tilbake. Det teller ikke."),
    "feil-bruker": N_("Tatt ut herfra. Hos feil bruker er det borte for alle med én gang."),
    "slettet": N_("Journalen er slettet."),
    "krav-bedt": N_("Kravet er ført."),
    "krav-svart": N_("Svaret er lagret."),
    "krav-sperret": N_("Oppføringen er sperret."),
    "krav-opphevet": N_("Sperringen er opphevet."),
    "innsyn-utlevert": N_("Det er ført at utskriften er levert."),
}
"""What was just done, by the code in the address after a form: a page can be loaded again without doing it twice."""

_NOT_FILLED = N_("Må fylles ut.")
_NOT_A_TIME = N_("Skriv dato eller klokkeslett slik feltet viser det.")
_NOT_ON_THE_LIST = N_("Velg fra lista.")
_LONGEST_NUMBER = 10
YEARS = range(1900, 2200)
"""The contract's own limits for dates. A time of the wall clock carries no zone."""


@dataclass
class Form:
    """What somebody typed, and what is wrong with it: shown again beside each field, with nothing lost."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    name: str = ""

    @classmethod
    def sent(cls, name: str = "") -> "Form":
        """The form of this request."""
        return cls(request.form, {}, name)

    def text(self, name: str, *, required: bool = False) -> str | None:
        """One field without the spaces around it; None when it is empty."""
        value = self.values.get(name, "").strip()
        if not value and required:
            self.errors[name] = gettext(_NOT_FILLED)
        return value or None

    def ticked(self, name: str) -> set[str]:
        """The values of the boxes with this name that are ticked."""
        each = self.values.getlist(name) if isinstance(self.values, MultiDict) else [self.values.get(name, "")]
        return {value for value in each if value}

    def day(self, name: str, *, required: bool = False) -> dt.date | None:
        """A date field."""
        return self._parsed(name, dt.date.fromisoformat, required)

    def clock(self, name: str, *, required: bool = False) -> dt.time | None:
        """A time of day."""
        return self._parsed(name, dt.time.fromisoformat, required)

    def moment(self, name: str, *, required: bool = False) -> dt.datetime | None:
        """A date and time on the wall clock in Norway, as UTC."""
        wall = self._parsed(name, dt.datetime.fromisoformat, required)
        return at_wall_time(wall.date(), wall.time()) if wall else None

    def number(self, name: str, least: int, most: int, *, required: bool = False) -> int | None:
        """A whole number."""
        value = self.text(name, required=required)
        if value is None:
            return None
        number = int(value) if value.isascii() and value.isdigit() and len(value) < _LONGEST_NUMBER else None
        if number is None or not least <= number <= most:
            self.errors[name] = gettext(N_("Skriv et helt tall fra %(least)s til %(most)s.")) % {
                "least": least,
                "most": most,
            }
            return None
        return number

    def uuid(self, name: str, *, required: bool = False) -> UUID | None:
        """A choice among rows."""
        return self._parsed(name, UUID, required, _NOT_ON_THE_LIST)

    def _parsed(self, name: str, parse: Callable[[str], Any], required: bool, problem: str = _NOT_A_TIME) -> Any:
        value = self.text(name, required=required)
        try:
            parsed = parse(value) if value else None
        except ValueError:
            parsed = None
        odd = getattr(parsed, "year", 2000) not in YEARS or getattr(parsed, "tzinfo", None) is not None
        if value and (parsed is None or odd):
            self.errors[name] = gettext(problem)
            return None
        return parsed

    def refuse(self, rejected: Rejected, type_: str, body: Mapping[str, Any]) -> None:
        """Put what the write door says of this entry beside the field it concerns, else above the form."""
        name, sentence = _form_reasons.explain(rejected, type_, body, self.values)
        self.errors[name] = sentence


def reader() -> Viewer:
    """Who is asking, narrowed to the team chosen in the address (`?team=`) when it is one of theirs."""
    viewer = signed_in().viewer
    chosen = chosen_team(viewer)
    return dataclasses.replace(viewer, team_ids=frozenset({chosen})) if chosen else viewer


def chosen_team(viewer: Viewer) -> UUID | None:
    """The team in the address, if the person works in it."""
    try:
        chosen = UUID(request.args.get("team", ""))
    except ValueError:
        return None
    return chosen if chosen in viewer.team_ids else None


Around = Callable[[Any, dt.datetime], dict[str, Any]]
"""What stands around a page: (session, now) to template names."""


def live_page(page: str, fragment: str, build: Build, around: Around | None = None) -> str | Response:
    """The whole page, or for htmx the part that lives; 204 while nothing has changed since the mark it was given."""
    now = clock.now()

    def read(session: Any) -> dict[str, Any] | None:
        alerting_ok = health.worker_health(session, now).is_ticking
        mark = f"{overview.mark(session)}.{int(now.timestamp()) // 60}.{int(alerting_ok)}"
        if is_htmx() and request.args.get("merke") == mark:
            return None
        return (around or frame)(session, now) | {"mark": mark} | build(session, reader(), now)

    names = showing(read)
    return Response(status=204) if names is None else render_template(fragment if is_htmx() else page, **names)


def plain_page(page: str, build: Build, status: int = 200, around: Around | None = None) -> tuple[str, int]:
    """A page that does not refresh itself."""
    now = clock.now()
    names = showing(lambda session: (around or frame)(session, now) | build(session, reader(), now))
    return render_template(page, **names), status


def frame(session: Any, now: dt.datetime) -> dict[str, Any]:
    """What stands around every page: menu, who is on duty, how many alerts, whether the alerting works."""
    person = signed_in()
    viewer = reader()
    alerts = overview.open_alerts(session, viewer)
    # Whoever looks at one team has not stopped answering for the others.
    of_all_teams = alerts if viewer == person.viewer else overview.open_alerts(session, person.viewer)
    return {
        "open_alerts": alerts,
        "untaken": sum(1 for alert in alerts if alert.is_untaken and not alert.is_drill),
        "left": [alert for alert in of_all_teams if alert.has_been_everywhere],
        "alerting_ok": health.worker_health(session, now).is_ticking,
    } | big_screen(session, now)


def big_screen(session: Any, now: dt.datetime) -> dict[str, Any]:
    """What every page has, and all that a page has that others see too: no menu, no alerts, nobody beside its own."""
    person = signed_in()
    return {
        "person": person,
        "now": now,
        "today": local(now).date(),
        "teams": duty.teams_now(session, person.viewer, now),
        "chosen_team": chosen_team(person.viewer),
        "done": gettext(DONE[request.args["gjort"]]) if request.args.get("gjort") in DONE else "",
        "undo": request.args.get("angre", ""),
        "form": Form(),
    }


def is_htmx() -> bool:
    """Whether htmx asks, for a part of the page."""
    return "HX-Request" in request.headers


def submit(type_: str, body: dict[str, Any], **about: UUID | None) -> UUID:
    """One entry through the write door, in a transaction of its own; its id. Raises Rejected."""
    return submit_all([(type_, body)], **about)[0]


def submit_all(entries: Sequence[tuple[str, dict[str, Any]]], **about: UUID | None) -> list[UUID]:
    """Several entries about the same through the write door, all or none; their ids. Raises Rejected."""
    viewer = signed_in().viewer

    def work() -> list[UUID]:
        with db().transaction() as session:
            return ingest.submit_all(session, viewer, entries, about, clock.now())

    return db().again(work)


def retraction(entry_id: UUID, reason: str) -> tuple[str, dict[str, Any]]:
    """What takes an entry back: its type and body."""
    return "entry_corrected", {"entry_id": str(entry_id), "what": "retracted", "reason": reason}


def try_submit(form: Form, type_: str, body: dict[str, Any], **about: UUID | None) -> UUID | None:
    """As `submit`, unless the form has an error already or the door refuses: then the form says why."""
    if form.errors:
        return None
    try:
        return submit(type_, {name: value for name, value in body.items() if value is not None}, **about)
    except Rejected as rejected:
        form.refuse(rejected, type_, body)
        return None


def done(path: str, code: str, *undo: UUID | None, fragment: str = "") -> AnyResponse:
    """After a form: the page again, saying what was done, with Angre where there are entries to retract.

    A form whose address has a fragment needs another here (`gjort`), or the browser scrolls past what is said.
    """
    team = None if "team=" in path else chosen_team(signed_in().viewer)
    entries = ".".join(str(entry_id) for entry_id in undo if entry_id)
    query = "&".join(
        f"{name}={value}" for name, value in (("gjort", code), ("angre", entries), ("team", team)) if value
    )
    return redirect(f"{path}{'&' if '?' in path else '?'}{query}{fragment and f'#{fragment}'}", 303)


def not_found() -> AppError:
    """What is missing and what is somebody else's get the same answer."""
    return AppError("not_found")
