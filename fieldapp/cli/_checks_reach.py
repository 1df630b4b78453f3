"""What `fieldapp doctor` looks at around those to be told: who could be reached, silent phones, alarms, the clock."""

import datetime as dt
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime

import requests
from sqlalchemy.orm import Session

from fieldapp.channels import oidc
from fieldapp.cli._checks import Line
from fieldapp.config import Settings
from fieldapp.domain.operator_alarms import advice_about
from fieldapp.errors import AppError
from fieldapp.queries import health
from fieldapp.queries.phones.push_health import silent_phones
from fieldapp.queries.phones.reach import TeamReach, team_reach
from fieldapp.texts import moment

_CLOCK_HOSTS = ("fcm.googleapis.com", "web.push.apple.com", "updates.push.services.mozilla.com")
_DRIFT_WARNS = dt.timedelta(seconds=30)
_DRIFT_FAILS = dt.timedelta(minutes=5)
"""Push services refuse signatures that are long ago or far ahead, and every alert comes as much too late or early."""
_PATIENCE_SECONDS = 3


def reach_lines(session: Session, settings: Settings, now: dt.datetime) -> Iterator[Line]:
    """Teams without a duty list, and teams where an alert opened now would find no phone."""
    beside = bool(settings.smtp_url or settings.webhook_url)
    teams = team_reach(session, now)
    unlisted = [team for team in teams if not team.has_duty_list]
    if unlisted:
        yield Line("warn", "vaktliste", f"{len(unlisted)} team uten: der varsles alle ansatte og ledere døgnet rundt")
    elif teams:
        yield Line("ok", "vaktliste", f"alle {len(teams)} team har en")
    found = [line for team in teams if (line := _reach_line(team, beside))]
    yield from found
    if teams and not found:
        yield Line("ok", "vakt", "i alle team nås noen på telefonen nå")


def _reach_line(team: TeamReach, beside: bool) -> Line | None:
    """`beside`: there is another channel than the phones."""
    if not team.reached:
        says = f"{team.name}: et varsel nå når ingen telefon. Slå på varsler under Mer på telefonene"
        return Line("warn" if beside else "fail", "vakt", says)
    if not team.on_duty_reached:
        who = "ingen er på vakt nå" if not team.on_duty else "ingen på vakt har en telefon som viser varsler"
        return Line("warn", "vakt", f"{team.name}: {who}, så varsler går rett til lederne")
    return None


def phone_lines(session: Session, now: dt.datetime) -> Iterator[Line]:
    """Phones that show nothing of what they are sent."""
    count = silent_phones(session, now)
    if count:
        yield Line("warn", "telefoner", f"{count} viser ikke det de får: se «Telefoner å se på» på kontoret")
    else:
        yield Line("ok", "telefoner", "ingen er stumme")


def alarm_lines(session: Session) -> Iterator[Line]:
    """What only an operator can mend, and how."""
    alarms = health.open_alarms(session)
    for code, since in alarms:
        yield Line("fail", "driftsalarm", f"{code} siden {moment(since)}: {advice_about(code)}")
    if not alarms:
        yield Line("ok", "driftsalarm", "ingen")


def sign_in_lines(settings: Settings, now: dt.datetime) -> Iterator[Line]:
    """Whether the municipality's own sign-in answers, and asks enough of people."""
    if not settings.oidc_issuer:
        return
    try:
        oidc.Provider(settings).check(now)
        yield Line("ok", "innlogging", f"{settings.oidc_issuer} svarer")
    except AppError:
        yield Line("fail", "innlogging", f"{settings.oidc_issuer} svarer ikke som en OpenID Connect-tjeneste")
    if not settings.oidc_min_acr:
        yield Line(
            "warn", "innlogging", "FIELDAPP_OIDC_MIN_ACR er tom: tjenesten avgjør alene hvor sikkert folk logger inn"
        )
    if not settings.oidc_client_secret:
        yield Line("warn", "innlogging", "FIELDAPP_OIDC_CLIENT_SECRET er ikke satt: bare PKCE beskytter koden")


def outside_clock_lines(now: dt.datetime, date_of: Callable[[str], dt.datetime | None] | None = None) -> Iterator[Line]:
    """Our clock against that of the first push service that answers. None answers: nothing is said."""
    ask = date_of or _date_of
    theirs = next((date for host in _CLOCK_HOSTS if (date := ask(host))), None)
    if theirs is None:
        return
    drift = abs(theirs - now)
    if drift <= _DRIFT_WARNS:
        yield Line("ok", "klokke", "går likt med push-tjenestens")
    else:
        says = f"avviker {drift.total_seconds():.0f} s fra push-tjenestens: still klokka, helst med NTP"
        yield Line("fail" if drift > _DRIFT_FAILS else "warn", "klokke", says)


def _date_of(host: str) -> dt.datetime | None:
    try:
        answer = requests.head(f"https://{host}/", timeout=_PATIENCE_SECONDS, allow_redirects=False)
        date = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError):
        return None
    return date if date.tzinfo else None
