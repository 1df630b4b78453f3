"""What the office asks for each type of entry that is written on a client's page: the questions are the phone's.

A row a form. Who may write which is for the types' own table (sync/entry_types.py); what is read of a question, and
what the body becomes, for routes/client_forms.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fieldapp.texts.catalogues import N_
from fieldapp.texts.labels import LABELS, label

OfCorrections = Literal["lines", "counts", "yes_no", "staffs", "team", "moment", "hours", "rows"]
"""What is asked only when an entry is corrected (correction_form.py)."""
Kind = Literal["line", "text", "day", "number", "choice", "many", "yes", "staff", "decimal"] | OfCorrections


@dataclass(frozen=True)
class Question:
    """One field of a form. `codes`: the list its answers are from; `numbers`: the answers, where they are numbers."""

    name: str
    label: str
    kind: Kind = "line"
    codes: str = ""
    numbers: tuple[tuple[int, str], ...] = ()
    required: bool = False
    hint: str = ""
    fixed: tuple[str, ...] = ()
    """The codes that are always among the answer."""
    parts: tuple["Question", ...] = ()
    """Of what has several lines: what each is asked."""

    def options(self) -> Iterator[tuple[str, str]]:
        """The answers to choose among, with their words."""
        yield from ((code, label(self.codes, code)) for code in LABELS.get(self.codes, ()))


@dataclass(frozen=True)
class OfficeForm:
    """The form of one type. `of`: the kind of thing it is about, which must be there; `may_change`: it may be."""

    type: str
    title: str
    save: str
    questions: tuple[Question, ...]
    of: str = ""
    may_change: str = ""
    hint: str = ""
    review_in_months: int | None = None
    """When `review_on` is asked for: how far ahead it stands until somebody chooses."""


_NOTE = Question("note", N_("Notat"), "text")
_REVIEW = Question("review_on", N_("Vurderes på nytt"), "day", required=True, hint=N_("Senest om 6 måneder."))
_ADVICE = Question("advice", N_("Hva skal den som kommer, gjøre?"), "many", "risk_advice", required=True)
_INTERVALS = (
    (24, N_("Hver 24. time")),
    (12, N_("Hver 12. time")),
    (48, N_("Hver 48. time")),
    (72, N_("Hver 72. time")),
)
PLANNED = (
    (1, N_("Hver dag")),
    (2, N_("Annenhver dag")),
    (3, N_("Hver 3. dag")),
    (7, N_("Hver uke")),
    (14, N_("Hver 14. dag")),
    (30, N_("Hver måned")),
)

OFFICE_FORMS: dict[str, OfficeForm] = {
    "oppgave": OfficeForm(
        "task_set",
        N_("Ny oppgave"),
        N_("Lagre oppgave"),
        (
            Question("what", N_("Hva skal gjøres?"), "text", required=True),
            Question("owner_id", N_("Hvem gjør det?"), "staff"),
            Question("due_on", N_("Innen"), "day"),
        ),
        may_change="task",
    ),
    "ferdig": OfficeForm(
        "task_done",
        N_("Avslutt oppgaven"),
        N_("Lagre"),
        (Question("outcome", N_("Hvordan gikk det?"), "choice", "task_outcome", required=True), _NOTE),
        of="task",
    ),
    "risiko": OfficeForm(
        "risk_noted",
        N_("Skriv «Før du går inn»"),
        N_("Lagre: før du går inn"),
        (_ADVICE, Question("reason", N_("Hvorfor?"), "text", required=True), _REVIEW),
        hint=N_("Det gjelder situasjonen eller stedet, aldri personen. Ingen diagnose og ingen dom."),
        review_in_months=3,
    ),
    "vurdert": OfficeForm(
        "risk_reviewed",
        N_("Vurder på nytt"),
        N_("Lagre vurderingen"),
        (
            Question("outcome", N_("Gjelder det fortsatt?"), "choice", "risk_outcome", required=True),
            Question("advice", N_("Hva skal den som kommer, gjøre?"), "many", "risk_advice"),
            Question("reason", N_("Hvorfor?"), "text"),
            Question(
                "review_on", N_("Vurderes på nytt"), "day", hint=N_("Når det fortsatt gjelder. Senest om 6 måneder.")
            ),
            _NOTE,
        ),
        of="risk",
        review_in_months=3,
    ),
    "person": OfficeForm(
        "contact_person_noted",
        N_("Ny person"),
        N_("Lagre person"),
        (
            Question("name", N_("Navn"), required=True),
            Question("role", N_("Hvem er det?"), "choice", "contact_role", required=True),
            Question("phone", N_("Telefon")),
            Question(
                "call_if_not_found", N_("Kan vi ringe når vi ikke finner deg?"), "choice", "yes_no", required=True
            ),
            Question("may_be_told", N_("Kan få vite"), "text"),
            Question("must_not_be_told", N_("Må ikke få vite"), "text"),
            Question("ended", N_("Ikke lenger med"), "yes"),
        ),
        may_change="contact_person",
    ),
    "fravaer": OfficeForm(
        "absence_started",
        N_("Nytt fravær"),
        N_("Lagre fravær"),
        (
            Question("kind", N_("Hva slags fravær?"), "choice", "absence_kind", required=True),
            Question(
                "expected_end_on", N_("Ventes tilbake"), "day", hint=N_("Da starter klokka igjen av seg selv, kl. 12.")
            ),
            Question("where", N_("Hvor?")),
            Question("confirmed_with", N_("Bekreftet med")),
            _NOTE,
        ),
    ),
    "borte": OfficeForm(
        "absence_confirmed",
        N_("Fortsatt borte"),
        N_("Lagre: fortsatt borte"),
        (
            Question("confirmed_with", N_("Hvem bekreftet det?"), required=True),
            Question("expected_end_on", N_("Ventes tilbake"), "day", hint=N_("Hvis det er en ny dato.")),
            _NOTE,
        ),
        of="absence",
    ),
    "tilbake": OfficeForm(
        "absence_ended",
        N_("Er tilbake"),
        N_("Lagre: tilbake"),
        (
            Question("outcome", N_("Hvordan endte det?"), "choice", "absence_outcome"),
            Question("where_to", N_("Hvor bor personen nå?")),
            _NOTE,
        ),
        of="absence",
    ),
    "tilsyn": OfficeForm(
        "watch_set",
        N_("Sett tilsynsavtale"),
        N_("Lagre tilsynsavtale"),
        (
            Question("mode", N_("Hvor ofte skal personen ses?"), "choice", "watch_mode", required=True),
            Question("hours", N_("Timer"), "number", numbers=_INTERVALS),
            Question("shifts", N_("Hvilke vakter?"), "many", "shift", hint=N_("Natt bare hvis brukeren har sagt ja.")),
            Question("counts", N_("Hva teller?"), "many", "counts", fixed=("seen",)),
            Question("sources", N_("Hvem kan melde?"), "many", "source", hint=N_("Dem brukeren har sagt ja til.")),
            Question("may_enter", N_("Kan vi låse oss inn hvis vi ikke når deg?"), "yes"),
            Question("key_ref", N_("Nøkkelnummer og skap"), hint=N_("Aldri kode eller adresse.")),
            Question("when_closed", N_("Når teamet er stengt"), "choice", "when_closed"),
            Question("tighten_days", N_("Tettere etter utskriving eller løslatelse, i dager"), "number"),
            Question("pause_with_others", N_("Stanser klokka når du er hos andre?"), "yes"),
            Question("reason", N_("Hvorfor, med brukerens egne ord"), "text", required=True),
            Question("review_on", N_("Vurderes på nytt"), "day", hint=N_("Tre måneder hvis du ikke velger.")),
        ),
        hint=N_("En avtale med brukeren, ikke en husregel. Den gjelder til brukeren sier nei, til hvem som helst."),
        review_in_months=3,
    ),
    "kontakt": OfficeForm(
        "contact_interval_set",
        N_("Planlagt kontakt"),
        N_("Lagre planlagt kontakt"),
        (Question("days", N_("Hvor ofte?"), "number", numbers=PLANNED, required=True),),
        hint=N_("En linje på I dag når tiden er gått. Aldri et varsel."),
    ),
    "avtale": OfficeForm(
        "agreement_recorded",
        N_("Ny avtale"),
        N_("Lagre avtalen"),
        (
            Question("kind", N_("Hvilken avtale?"), "choice", "agreement_kind", required=True),
            Question("words", N_("Med brukerens egne ord"), "text", required=True),
            Question("party", N_("Hvem deles det med?"), hint=N_("Ved samtykke.")),
            Question("purpose", N_("Hva skal det brukes til?"), hint=N_("Ved samtykke.")),
            Question("made_on", N_("Avtalt"), "day"),
            Question("review_on", N_("Vurderes på nytt"), "day"),
            _NOTE,
        ),
        hint=N_("Frivillig, og aldri et vilkår for å beholde boligen. Klokka i tilsynsavtalen settes for seg."),
    ),
    "trukket": OfficeForm(
        "agreement_withdrawn",
        N_("Avtalen er trukket"),
        N_("Lagre: avtalen er trukket"),
        (
            Question("kind", N_("Hvilken avtale?"), "choice", "agreement_kind", required=True),
            Question("how", N_("Hvordan?"), "choice", "withdrawn_how", required=True),
            Question("note", N_("Med brukerens egne ord"), "text"),
        ),
    ),
    "bosituasjon": OfficeForm(
        "housing_changed",
        N_("Ny bosituasjon"),
        N_("Lagre bosituasjonen"),
        (
            Question("situation", N_("Hvordan bor personen?"), "choice", "housing", required=True),
            Question("from_on", N_("Fra"), "day", required=True),
            Question("safe", N_("Er det trygt der?"), "choice", "judgement"),
            Question("good", N_("Er det godt å bo der?"), "choice", "judgement"),
            Question("transition", N_("Overgang"), "choice", "housing_transition"),
            Question("dwelling", N_("Boligtype"), "choice", "dwelling"),
            Question("staffing", N_("Bemanning"), "choice", "staffing"),
            Question("contract_end_on", N_("Kontrakten går ut"), "day"),
            _NOTE,
        ),
        hint=N_("Innleggelse og fengsel endrer den ikke for en som har bolig å komme ut til."),
    ),
    "vedtak": OfficeForm(
        "decision_recorded",
        N_("Nytt vedtak"),
        N_("Lagre vedtak"),
        (
            Question("service", N_("Tjeneste"), required=True),
            Question("ground", N_("Grunnlag"), "choice", "decision_ground", required=True),
            Question("per", N_("Hvor mye?"), "choice", "per"),
            Question("hours", N_("Timer"), "decimal", hint=N_("For eksempel 3,5.")),
            Question("from_on", N_("Fra"), "day", required=True),
            Question("to_on", N_("Til og med"), "day"),
            Question("coordinator_id", N_("Koordinator"), "staff"),
            _NOTE,
        ),
        may_change="decision",
    ),
    "vedtaksslutt": OfficeForm(
        "decision_ended",
        N_("Avslutt vedtaket"),
        N_("Lagre: vedtaket er avsluttet"),
        (Question("on", N_("Siste dag"), "day", required=True), _NOTE),
        of="decision",
    ),
    "beskjed": OfficeForm(
        "handover_noted",
        N_("Beskjed til neste vakt"),
        N_("Lagre beskjeden"),
        (
            Question("what", N_("Hva må de vite?"), "text", required=True),
            Question("important", N_("Viktig"), "yes"),
        ),
    ),
    "opplysninger": OfficeForm(
        "client_updated",
        N_("Rett opplysninger"),
        N_("Lagre opplysninger"),
        (
            Question("name", N_("Navn"), required=True),
            Question("alias", N_("Kalles")),
            Question("birth_year", N_("Fødselsår"), "number"),
            Question("phone", N_("Telefon")),
            Question("address", N_("Adresse")),
        ),
    ),
    "avslutt": OfficeForm(
        "follow_up_ended",
        N_("Avslutt oppfølging"),
        N_("Avslutt oppfølgingen"),
        (
            Question("reason", N_("Hvorfor?"), "choice", "follow_up_reason", required=True),
            Question("on", N_("Dato"), "day", hint=N_("I dag eller før.")),
            Question("handed_to", N_("Overført til")),
            _NOTE,
        ),
        hint=N_("Klokka, besøk og oppgaver stanser når dette lagres. Ingen får push."),
    ),
    "gjenoppta": OfficeForm(
        "follow_up_resumed",
        N_("Ta opp oppfølgingen igjen"),
        N_("Ta opp igjen"),
        (Question("reason", N_("Hvorfor?"), "choice", "follow_up_reason", required=True), _NOTE),
    ),
}
"""By the name of the form in its address."""

PLAN_WORDS = (
    ("green", N_("Grønn: slik har jeg det når det går bra")),
    ("yellow_signs", N_("Gul: tegn på at det går feil vei")),
    ("yellow_me", N_("Gul: hva jeg gjør selv")),
    ("yellow_you", N_("Gul: hva dere gjør")),
    ("red_need", N_("Rød: hva jeg trenger")),
    ("red_avoid", N_("Rød: hva dere ikke skal gjøre")),
    ("tell", N_("Hvem skal vite det?")),
    ("tell_not", N_("Hvem skal ikke vite det?")),
    ("made_with", N_("Laget sammen med")),
    ("awake_from", N_("Våken fra")),
    ("awake_to", N_("Til")),
    ("reach", N_("Hvordan får vi tak i deg?")),
    ("note", N_("Notat")),
)
"""What the fields of a plan are called, in the order of reading."""
