/** The forms for meeting and hearing of people: visit, street, call, sighting, concern. Rows of the table in forms.js. */
import { label } from "../texts/codes.js";
import { N, t } from "../texts/t.js";
import { concernLink, logLink } from "./actions.js";
import { said } from "./people.js";
import { endings, myVisit } from "./safety.js";

const met = (v) => v.outcome === "seen" || v.outcome === "heard";

const VISIT = {
  type: "visit_started",
  living: true,
  goesIn: true,
  title: "Gå på besøk",
  icon: "door",
  who: "client",
  save: "Start besøket",
  saved: "besøket er i gang",
  now: true,
  hint: "Er du ikke ferdig da, spør Sett om alt er bra. Svarer du ikke, får vakta og leder vite det etter 5 minutter.",
  preset: ({ state, client }) => {
    const visit = myVisit(state);
    const together =
      visit?.client_id === client?.id && visit?.with_staff?.length
        ? { together: true, with_staff: visit.with_staff }
        : {};
    return { expected_end_at: "m60", ...together };
  },
  fields: [
    { name: "expected_end_at", kind: "ahead", minutes: [30, 60, 120], label: "Ferdig om ca.", required: true },
    { name: "together", kind: "yes", label: "To sammen?" },
    { name: "with_staff", kind: "staffs", label: "Hvem er med?", required: true, if: (v) => v.together === true },
  ],
  before: ({ state }) => endings(state),
  body: ({ together: _together, ...body }, { mint }) => ({ visit_id: mint(), ...body }),
  unbody: (body) => ({ ...body, together: body.with_staff?.length ? true : undefined }),
};

const isShared = (v) => !v.private;

/** What a private talk holds, and the draft of one: whom, when, where and how many. The rest is gone, not just hidden. */
const whatIsPrivate = ({ place_label, people, private: mark, _at }) => ({ place_label, people, private: mark, _at });

const STREET = {
  type: "street_contact_logged",
  meets: "outdoors",
  living: true,
  title: "Gatekontakt",
  icon: "walk",
  who: "maybe",
  preset: () => ({ people: "1" }),
  changed: (values) => (values.private ? whatIsPrivate(values) : values),
  saves: (v, ctx) => ctx.client?.name ?? null,
  save: "Lagre gatekontakt",
  fields: [
    { name: "place_label", kind: "places", label: "Hvor?", required: true },
    {
      name: "people",
      kind: "one",
      choices: [
        ["1", "1"],
        ["2", "2"],
        ["3", "3"],
        ["4", "4"],
        ["5", "5"],
        ["6", "6"],
      ],
      number: true,
      label: "Hvor mange?",
      required: true,
    },
    {
      name: "private",
      kind: "switch",
      label: "Samtalen er privat",
      hint: "Bare hvem, hvor og når blir lagret. Ingen tekst, heller ikke i skjul.",
    },
  ],
  moreLabel: "utstyr, tilbud, loset videre, notat",
  more: [
    { name: "equipment", kind: "counts", list: "equipment", label: "Brukerutstyr delt ut", if: isShared },
    { name: "offered", kind: "many", list: "offered", label: "Tilbudt", if: isShared },
    { name: "guided_to", kind: "one", list: "offered", label: "Loset videre til", if: isShared },
    { name: "note", kind: "text", label: "Notat", if: isShared },
  ],
};

/** The same questions on the start page of an oppsøkende peer (street.js), where whom it was is chosen on the page itself. */
const START = {
  ...STREET,
  key: "street",
  after: "/felt",
  changed: (values, name) => {
    const { _known, ...chosen } = values;
    const kept = name === "_client" ? chosen : values; // somebody is chosen, so the names fold away
    if (!kept.private) return kept;
    return { ...whatIsPrivate(kept), _client: kept._client, ...(kept._known ? { _known: kept._known } : {}) };
  },
  moreLabel: "tilbud, loset videre, notat",
};

export const CONTACT_FORMS = [
  {
    type: "visit_logged",
    living: true,
    meets: "at_home",
    title: "Hjemmebesøk",
    icon: "home",
    who: "client",
    preset: () => ({ outcome: "seen", place: "home" }),
    saves: (v) => label("visit_outcome", v.outcome),
    means: (v) => v.outcome === "seen",
    fields: [
      { name: "outcome", kind: "one", list: "visit_outcome", label: "Hvordan gikk det?", required: true },
      {
        name: "contact",
        kind: "one",
        list: "visit_contact",
        only: ["seen", "heard"],
        label: "Så du personen, eller bare hørte?",
        if: (v) => v.outcome === "declined",
      },
      {
        name: "cancelled_by",
        kind: "one",
        list: "cancelled_by",
        label: "Hvem avlyste?",
        if: (v) => v.outcome === "cancelled",
      },
      { name: "client_said", kind: "text", label: "«Hvordan har du det?»", hint: "med brukerens egne ord", if: met },
      { name: "condition", kind: "one", list: "condition", label: "Mitt inntrykk", if: met },
      {
        name: "agreed",
        kind: "text",
        label: "Hva ble avtalt?",
        placeholder: "f.eks. «Jonas ringer boligkontoret før fredag»",
        if: met,
      },
    ],
    moreLabel: "sted, tema, hvem var med, varighet, neste kontakt, notat",
    more: [
      { name: "place", kind: "one", list: "visit_place", label: "Hvor?", required: true },
      { name: "topics", kind: "many", list: "topic", label: "Tema" },
      { name: "with_staff", kind: "staffs", label: "Hvem var med?" },
      {
        name: "duration_min",
        kind: "one",
        choices: [
          ["10", "10 min"],
          ["30", "30 min"],
          ["60", "1 t"],
          ["90", "1,5 t"],
          ["120", "2 t"],
          ["240", "4 t"],
        ],
        number: true,
        label: "Varighet",
      },
      { name: "announced", kind: "yes", label: "Varslet på forhånd?" },
      { name: "medication", kind: "one", list: "medication", label: "Medisin", hint: "ikke navn eller dose" },
      {
        name: "children_present",
        kind: "yes",
        label: "Barn til stede?",
        warn: "Snakk med leder om det du så. Meldeplikten til barnevernet er din egen (barnevernsloven § 13-2), og meldingen går i kommunens egen kanal, ikke i Sett.",
      },
      { name: "interpreter", kind: "yes", label: "Brukt tolk?" },
      { name: "next_contact_on", kind: "date", label: "Neste kontakt" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    next: (v, ctx) =>
      v.condition === "alarming"
        ? { href: concernLink(ctx.client), words: "Meld bekymring" }
        : v.children_present === true && ctx.state?.me?.role !== "peer"
          ? { href: logLink("duty_to_report_noted", { client: ctx.client?.id }), words: N("Vurder meldeplikt") }
          : null,
  },
  VISIT,
  { ...VISIT, key: "visit_extended", title: "Forleng besøket", save: "Lagre ny slutt", saved: "besøket er forlenget" },
  STREET,
  START,
  {
    type: "call_logged",
    living: true,
    title: "Telefon/SMS",
    icon: "phone",
    who: "client",
    preset: () => ({ direction: "out", with: "client" }),
    saves: (v) => (v.outcome ? label("call_outcome", v.outcome) : null),
    saved: (v) => CALL_SAVED[v.outcome],
    fields: [
      {
        name: "with",
        kind: "one",
        list: "call_with",
        label: "Med hvem?",
        hint: "bare brukerens egen stemme er å høre fra brukeren",
      },
      { name: "direction", kind: "one", list: "call_direction", label: "Hvem ringte?", required: true },
      { name: "outcome", kind: "one", list: "call_outcome", label: "Hvordan gikk det?", required: true },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
  {
    type: "sighting_reported",
    living: true,
    title: "Meldt av andre",
    icon: "eye",
    who: "client",
    preset: () => ({ what: "seen" }),
    saves: (v) => label("sighting", v.what),
    saved: (v) => SIGHTING_SAVED[v.what],
    fields: [
      { name: "what", kind: "one", list: "sighting", label: "Hva meldte de?", required: true },
      { name: "source", kind: "one", list: "source", label: "Hvem meldte det?", required: true },
      { name: "note", kind: "text", label: "Notat", hint: "hvor, og hva de så" },
    ],
    hint: "Meldt sett teller bare når brukeren har sagt ja til den som melder.",
  },
  {
    // With «nå» nothing is typed before it goes; what was typed all the same goes along, and the words can come after.
    type: "concern_raised",
    living: true,
    title: "Bekymret",
    icon: "worried",
    who: "client",
    preset: () => ({}),
    save: (v) => (v.urgency === "now" ? N("Varsle nå") : N("Meld bekymring")),
    saved: (v) => CONCERN_SAVED[v.urgency],
    fields: [
      {
        name: "urgency",
        kind: "one",
        list: "urgency",
        label: "Hvor mye haster det?",
        required: true,
        says: {
          now: "De på vakt får varsel med en gang, uansett når personen sist ble sett. Hva det gjelder, skriver du etterpå.",
          today: "Står på vaktas liste i dag.",
          board: "Tas opp på neste tavlemøte.",
        },
      },
      {
        name: "reason",
        kind: "text",
        max: 2_000,
        label: "Hva gjør deg bekymret?",
        required: true,
        if: (v) => v.urgency === "today" || v.urgency === "board",
      },
      {
        name: "reason",
        kind: "text",
        max: 2_000,
        label: "Hva gjør deg bekymret?",
        if: (v) => v.urgency === "now" && Boolean(v.reason),
      },
    ],
    hint: "Er det akutt: ring 113. Trykk Krise for å starte klokka.",
    leads: (v, entry) => (v.urgency === "now" && !v.reason ? concernWordsLink(entry) : null),
  },
  {
    type: "entry_corrected",
    key: "concern_words",
    title: "Hva gjør deg bekymret?",
    icon: "worried",
    who: "none",
    entry: true,
    now: true,
    save: "Legg til",
    saved: "ordene dine er lagt til",
    preset: ({ entry }) => ({ reason: entry ? said(entry).reason : "" }),
    fields: [{ name: "reason", kind: "text", max: 2_000, label: "Med dine egne ord", required: true }],
    body: ({ reason }, { entry }) => ({
      entry_id: entry.id,
      what: "text",
      reason: t("ord lagt til"),
      body: { reason },
    }),
  },
];

const SIGHTING_SAVED = { seen: N("meldt sett av andre"), missed: N("meldt ikke møtt"), worried: N("noen er bekymret") };
const CALL_SAVED = {
  spoke: N("telefon, snakket sammen"),
  message: N("telefon, melding"),
  no_answer: N("telefon, ikke svar"),
};
const CONCERN_SAVED = {
  now: N("bekymret, haster nå"),
  today: N("bekymret, sjekk i dag"),
  board: N("bekymret, til tavlemøtet"),
};

/** Where the words of a concern are added, to the same concern. */
export const concernWordsLink = ({ id, client_id: client }) =>
  `/felt/ny?${new URLSearchParams({ type: "concern_words", entry: id, ...(client ? { client } : {}) })}`;
