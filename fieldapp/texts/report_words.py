"""The leader's reports in words: each a question, what is counted in it, and what its columns and codes are called."""

import datetime as dt
from typing import TYPE_CHECKING

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.figure_words import week_words
from fieldapp.texts.labels import LABELS, label

if TYPE_CHECKING:
    from fieldapp.domain.reports.table import Cell, Table

QUESTIONS = {
    "contacts": N_("Når og hvor er vi i kontakt med folk?"),
    "people_seen": N_("Hvor mange møtte vi?"),
    "continuity": N_("Hvor mange av oss møter den samme brukeren?"),
    "hours": N_("Får folk timene de har vedtak om?"),
    "missed_visits": N_("Hvor ofte møtte vi en stengt dør?"),
    "not_seen": N_("Hvor lenge er det siden folk ble sett?"),
    "alerts": N_("Hvilke varsler kom, og hvor fort ble de tatt?"),
    "tenancies": N_("Hvordan går det med leieforholdene?"),
    "complaints": N_("Hva klager naboene på?"),
    "crises": N_("Hvordan endte krisene?"),
    "home_entries": N_("Hvor ofte låste vi oss inn?"),
    "staff_incidents": N_("Hva har ansatte vært utsatt for?"),
    "street": N_("Hvem når vi på gata?"),
    "board": N_("Hvor lenge er folk på tavla?"),
    "fidelity_act": N_("Jobber vi slik ACT er tenkt?"),
    "fidelity_hf": N_("Jobber vi slik Housing First er tenkt?"),
    "data_quality": N_("Hva mangler eller er for gammelt?"),
}

DEFINITIONS = {
    "contacts": N_(
        "Alle besøk, samtaler og gatekontakter, uansett hvordan det gikk, etter art, sted og klokkeslett. "
        "Samtaler og gatekontakter har ikke noe sted i tabellen."
    ),
    "people_seen": N_("Antall ulike brukere noen av oss så i løpet av uka. Én bruker teller én gang i uka."),
    "continuity": N_(
        "Hvor mange ulike ansatte hver bruker har møtt ansikt til ansikt de siste 30 dagene av perioden. "
        "Det skal være få i booppfølging, Housing First og bemannede boliger, og flere i ACT og FACT."
    ),
    "hours": N_(
        "Tid i vedtak, og tid vi har ført på besøk. Et vedtak per uke er delt på sju dager, ett per måned "
        "på månedens dager; «etter behov» er ikke et tall. Har brukeren flere vedtak, står de samlet."
    ),
    "missed_visits": N_("Besøk som ikke ble avlyst, og hvor mange av dem der ingen åpnet eller ingen var hjemme."),
    "not_seen": N_(
        "Hvor lenge det er siden hver bruker ble sett, regnet fra slutten av perioden, eller fra nå om den ikke er "
        "over."
    ),
    "alerts": N_(
        "Varsler som åpnet i perioden, etter hvordan de endte. Tiden er den midterste fra varselet var åpent til noen "
        "tok det, og vises når minst fem ble tatt. Øvelser og det som ble angret, er ikke med."
    ),
    "tenancies": N_("Husleieproblemer som ble meldt i perioden, etter hvordan det står til med dem nå."),
    "complaints": N_("Naboklager som kom i perioden. En klage på flere ting teller én gang for hver."),
    "crises": N_(
        "Kriser som begynte i perioden. Om en innleggelse ble unngått, er teamets egen vurdering og aldri et mål: "
        "en god innleggelse er også hjelp."
    ),
    "home_entries": N_(
        "Ganger vi gikk inn uten å bli sluppet inn, etter grunnen, og hvor mange der beboeren ikke har fått vite det. "
        "Å bli sluppet inn er et besøk."
    ),
    "staff_incidents": N_(
        "Hendelser mot teamets ansatte. En hendelse av flere slag teller én gang for hvert. "
        "Kommunens eget avvikssystem er registeret."
    ),
    "street": N_("Gatekontakter, hvor mange vi møtte på dem, og hvor mye brukerutstyr vi delte ut."),
    "board": N_(
        "Hvor mange som ble satt på tavla og tatt ned hver uke, og hvor mange dager den midterste av dem som ble tatt "
        "ned, hadde stått der. Å flyttes til en annen kolonne er verken det ene eller det andre."
    ),
    "fidelity_act": N_(
        "Dartmouth Assertive Community Treatment Scale, 28 punkter fra 1 til 5, regnet av de fire siste ukene av "
        "perioden. Tomme punkter må vurderes av mennesker. Ansatte er hoder, ikke årsverk."
    ),
    "fidelity_hf": N_(
        "Pathways Housing First Fidelity Scale, 38 punkter, regnet av de fire siste ukene av perioden. Her står "
        "verdien; poenget på skalaen setter de som vurderer. Tomme punkter må vurderes av mennesker."
    ),
    "data_quality": N_(
        "Avtaler om tilsyn som mangler, og avtaler og risiko som skulle vært vurdert på nytt, slik det står i dag; "
        "og det som ble ført mer enn et døgn etter at det hendte i perioden."
    ),
}

COMMON = N_(
    "Med er det som er ført om brukere mens teamet fulgte dem. Det som er angret, teller ikke, og det som er rettet, "
    "teller som rettet. Brukere med kode 6 er ikke med. Dagene er norske, begge med. Tallene gjelder teamet, aldri én "
    "ansatt."
)
SMALL = N_("Færre enn fem: pass på at ingen kan kjennes igjen.")

COLUMNS = {
    "kind": N_("Art"),
    "place": N_("Sted"),
    "hour": N_("Klokka"),
    "count": N_("Antall"),
    "week": N_("Uke"),
    "people": N_("Mennesker"),
    "client_band": N_("Ansatte brukeren har møtt"),
    "clients": N_("Brukere"),
    "service": N_("Tjeneste"),
    "decided": N_("Vedtatt"),
    "given": N_("Gitt"),
    "attempts": N_("Forsøk"),
    "missed": N_("Ingen der"),
    "band": N_("Sist sett"),
    "outcome": N_("Hvordan det gikk"),
    "median_minutes_to_taken": N_("Minutter til tatt"),
    "what": N_("Hva"),
    "client_role": N_("Brukerens del"),
    "status": N_("Hvor saken står"),
    "admission_avoided": N_("Unngikk innleggelse"),
    "ground": N_("Grunn"),
    "not_told": N_("Har ikke fått vite det"),
    "by": N_("Av"),
    "contacts": N_("Kontakter"),
    "equipment": N_("Utstyr"),
    "placed": N_("Satt opp"),
    "removed": N_("Tatt ned"),
    "days_median": N_("Dager på tavla, den midterste"),
    "item": N_("Punkt"),
    "value": N_("Verdi"),
    "scale_point": N_("Poeng"),
    "source": N_("Regnet av"),
}
UNITS = {
    "code": N_("kode"),
    "words": N_("ord noen har skrevet"),
    "week": N_("uke etter ISO 8601"),
    "hour": N_("time på døgnet, 0–23"),
    "count": N_("antall"),
    "minutes": N_("minutter"),
    "number": N_("tall"),
}

_LISTS = {
    ("contacts", "kind"): ("entry_type",),
    ("contacts", "place"): ("visit_place",),
    ("alerts", "kind"): ("alert_kind",),
    ("alerts", "outcome"): ("resolution", "crisis_outcome"),
    ("tenancies", "outcome"): ("tenancy", "rent_status"),
    ("complaints", "what"): ("complaint",),
    ("complaints", "client_role"): ("client_role",),
    ("complaints", "status"): ("complaint_status",),
    ("crises", "kind"): ("crisis_kind",),
    ("crises", "outcome"): ("crisis_outcome",),
    ("crises", "admission_avoided"): ("judgement",),
    ("home_entries", "ground"): ("entry_ground",),
    ("staff_incidents", "kind"): ("staff_incident",),
    ("staff_incidents", "by"): ("incident_by",),
}
"""The lists whose labels the codes of a column have."""
_OWN = {
    ("contacts", "kind"): {"visit_logged": N_("Besøk")},
    ("alerts", "outcome"): {"unresolved": N_("Ikke avsluttet")},
    ("crises", "outcome"): {"": N_("Ikke avsluttet")},
    ("tenancies", "outcome"): {
        "saved": N_("Boligen er beholdt"),
        "lost": N_("Boligen er mistet"),
        "unsure": N_("Usikkert"),
    },
    ("continuity", "client_band"): {
        "0": N_("Ingen"),
        "1": N_("1 ansatt"),
        "2": N_("2 ansatte"),
        "3": N_("3 ansatte"),
        "4": N_("4 ansatte"),
        "5_or_more": N_("5 eller flere"),
    },
    ("hours", "service"): {"(none)": N_("Uten vedtak"), "(several)": N_("Flere vedtak")},
    ("not_seen", "band"): {
        "under_1_day": N_("Under et døgn"),
        "1_to_3_days": N_("1–3 døgn"),
        "3_to_7_days": N_("3–7 døgn"),
        "7_to_14_days": N_("1–2 uker"),
        "14_to_30_days": N_("2 uker–30 døgn"),
        "over_30_days": N_("Over 30 døgn"),
        "never": N_("Aldri ført"),
    },
    ("data_quality", "what"): {
        "agreements_missing": N_("Avtale om tilsyn mangler"),
        "reviews_overdue": N_("Skulle vært vurdert på nytt"),
        "entries_late": N_("Ført mer enn et døgn etter"),
    },
}
_SOURCES = {
    "visits": N_("Besøk"),
    "board_meetings": N_("Tavlemøter"),
    "registrations": N_("Nye brukere"),
    "team_members": N_("Ansatte i teamet"),
    "not_in_sett": N_("Ikke i Sett"),
}
_DASH = "–"


def cell_words(report: str, column: str, kind: str, value: "Cell") -> str:
    """One cell as it is read on screen."""
    if value is None or value == "":
        return gettext(_OWN[report, column][""]) if "" in _OWN.get((report, column), {}) else _DASH
    if kind == "code":
        return code_words(report, column, str(value))
    if kind == "week":
        return week_words(dt.datetime.strptime(f"{value}-1", "%G-W%V-%u").date())  # noqa: DTZ007 (a day has no zone)
    if kind == "hour":
        return f"{value}–{int(value) + 1}"
    if kind == "minutes":
        return time_words(int(value))
    if kind == "words":
        return code_words(report, column, str(value))
    return str(value).replace(".", ",")


def code_words(report: str, column: str, code: str) -> str:
    """What a code is called; the code itself where nobody has named it. The items of a scale have its own names."""
    own = _OWN.get((report, column), {})
    if code in own:
        return gettext(own[code])
    if column == "source":
        return gettext(_SOURCES[code])
    if column == "item":
        number, _, name = code.partition("_")
        return f"{number} {name.replace('_', ' ')}"
    lists = _LISTS.get((report, column), ())
    return next((label(listed, code) for listed in lists if code in LABELS[listed]), code)


def short_words(report: str, column: str, kind: str, value: "Cell") -> str:
    """A label under a bar: of a week its number alone."""
    if kind == "week":
        return str(int(str(value)[-2:]))
    return str(value) if kind == "hour" else cell_words(report, column, kind, value)


def time_words(minutes: int) -> str:
    """«2 t 30 min»"""
    hours, rest = divmod(minutes, 60)
    words = [gettext(N_("%(n)s t")) % {"n": hours}] if hours else []
    if rest or not hours:
        words.append(gettext(N_("%(n)s min")) % {"n": rest})
    return " ".join(words)


def key_figure(report: str, table: "Table") -> tuple[str, str]:
    """The one number that stands for a report among all, and what it is the number of."""
    if report in _KEYS:
        column, one, many = _KEYS[report]
        total = table.total(column)
        return str(total), gettext(one if total == 1 else many)
    return _OF_SOME[report](table)


_KEYS = {
    "contacts": ("count", N_("besøk, samtale eller gatekontakt"), N_("besøk, samtaler og gatekontakter")),
    "alerts": ("count", N_("varsel"), N_("varsler")),
    "tenancies": ("count", N_("husleieproblem"), N_("husleieproblemer")),
    "complaints": ("count", N_("ting det er klaget på"), N_("ting det er klaget på")),
    "crises": ("count", N_("krise"), N_("kriser")),
    "home_entries": ("count", N_("gang"), N_("ganger")),
    "staff_incidents": ("count", N_("hendelse, etter slag"), N_("hendelser, etter slag")),
    "street": ("people", N_("menneske møtt"), N_("mennesker møtt")),
    "board": ("placed", N_("bruker satt på tavla"), N_("brukere satt på tavla")),
    "data_quality": ("count", N_("ting å se på"), N_("ting å se på")),
}
"""The column that is summed, and what it is the number of: of one, and of any other number."""


def _newest_week(table: "Table") -> tuple[str, str]:
    week, people = table.lines[-1].cells
    return str(people), gettext(N_("brukere sett i uke %(n)s")) % {"n": int(str(week)[-2:])}


def _met_by_many(table: "Table") -> tuple[str, str]:
    return str(table.lines[-1].cells[1]), gettext(N_("brukere møtte fem eller flere"))


def _hours(table: "Table") -> tuple[str, str]:
    decided = {"time": time_words(table.total("decided"))}
    return time_words(table.total("given")), gettext(N_("gitt, av %(time)s i vedtak")) % decided


def _missed(table: "Table") -> tuple[str, str]:
    of = gettext(N_("av"))
    return f"{table.total('missed')} {of} {table.total('attempts')}", gettext(N_("besøk der ingen var der"))


def _long_ago(table: "Table") -> tuple[str, str]:
    long_ago = sum(int(line.cells[1] or 0) for line in table.lines[3:])
    return str(long_ago), gettext(N_("brukere ikke sett på en uke"))


def _items(table: "Table") -> tuple[str, str]:
    known = sum(value is not None for value in table.values("value"))
    return str(known), gettext(N_("punkter er regnet ut"))


_OF_SOME = {
    "people_seen": _newest_week,
    "continuity": _met_by_many,
    "hours": _hours,
    "missed_visits": _missed,
    "not_seen": _long_ago,
    "fidelity_act": _items,
    "fidelity_hf": _items,
}
