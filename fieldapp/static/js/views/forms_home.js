/** The forms about home and safety: rent, neighbours, crisis, entering a home, alerts. Rows of the table in forms.js. */
import { label } from "../texts/codes.js";
import { t } from "../texts/t.js";
import { mayEnterAt } from "./agreement.js";
import { timeOf } from "./form_times.js";

const nextStep = [
  { name: "next_step", kind: "line", label: "Neste steg" },
  { name: "next_step_on", kind: "date", label: "Neste steg innen" },
];
const rentFields = [
  { name: "letters", kind: "letters", list: "letter", label: "Brev som er kommet", hint: "ordene som står på brevet" },
  { name: "amount_nok", kind: "money", label: "Restanse i kroner" },
];
const rentMore = [
  { name: "months", kind: "number", label: "Antall måneder" },
  { name: "cause", kind: "one", list: "rent_cause", label: "Årsak" },
  { name: "plan", kind: "one", list: "rent_plan", label: "Plan" },
  { name: "deadline_on", kind: "date", label: "Frist" },
  ...nextStep,
  { name: "note", kind: "text", label: "Notat", hint: "fakta, kilde og dato. Det som står her, kan bli bevis." },
];

const complaintMore = [
  { name: "answer_given", kind: "text", label: "Svar til den som klaget", hint: "røper ikke at noen får oppfølging" },
  ...nextStep,
  { name: "note", kind: "text", label: "Notat", hint: "fakta, kilde og dato" },
];

/** Does the agreement open for it: «Avtalen åpner for det» stands only where it says so, at the time they went in. */
const permits = (v, { state, client }) =>
  Boolean(client) &&
  mayEnterAt(
    state,
    client,
    (timeOf(v, state.nowMs).occurredAt ?? (v._at_was ? new Date(v._at_was) : undefined))?.getTime(),
  );

/** An answer to an alert says to which. */
const toAlert = (body, { alert }) => ({ alert_id: alert?.id, ...body });

export const HOME_FORMS = [
  {
    type: "rent_problem_reported",
    title: "Husleie: restanse, brev",
    icon: "money",
    who: "client",
    case: "new",
    save: "Lagre husleiesak",
    saved: "ny husleiesak",
    fields: rentFields,
    moreLabel: "måneder, årsak, plan, frist, neste steg, notat",
    more: rentMore,
    check: (v) =>
      v.letters?.length || v.amount_nok || v.months || v.note || v.cause
        ? {}
        : { letters: t("Skriv beløp, brev eller et notat.") },
  },
  {
    type: "rent_problem_updated",
    title: "Husleie: nytt i saken",
    icon: "money",
    who: "client",
    case: "given",
    save: "Lagre i saken",
    saved: "nytt i husleiesaken",
    fields: [
      { name: "status", kind: "one", list: "rent_status", label: "Hvordan står saken?" },
      {
        name: "tenancy",
        kind: "one",
        list: "tenancy",
        label: "Hva ble det med boligen?",
        if: ({ status }) => status === "resolved" || status === "evicted",
      },
      { name: "plan", kind: "one", list: "rent_plan", label: "Plan" },
      ...rentFields,
    ],
    moreLabel: "måneder, årsak, frist, neste steg, notat",
    more: rentMore.filter((field) => field.name !== "plan"),
  },
  {
    type: "neighbour_complaint_received",
    title: "Naboklage",
    icon: "speech",
    who: "client",
    case: "new",
    save: "Lagre naboklage",
    saved: "ny naboklage",
    fields: [
      { name: "what", kind: "many", list: "complaint", label: "Hva klages det på?", required: true },
      {
        name: "complainant",
        kind: "one",
        list: "complainant",
        label: "Hvem klager?",
        required: true,
        hint: "bare rollen, ikke navnet",
      },
      { name: "client_role", kind: "one", list: "client_role", label: "Hvem rammes?", required: true },
    ],
    moreLabel: "svar, neste steg, navn på den som klaget, notat",
    more: [
      ...complaintMore,
      {
        name: "complainant_name",
        kind: "line",
        label: "Navn på den som klaget",
        hint: "holdes for seg, og vises ikke sammen med saken",
      },
    ],
  },
  {
    type: "neighbour_complaint_updated",
    title: "Naboklage: nytt i saken",
    icon: "speech",
    who: "client",
    case: "given",
    save: "Lagre i saken",
    saved: "nytt i saken om naboklage",
    fields: [
      { name: "status", kind: "one", list: "complaint_status", label: "Hvordan står saken?" },
      { name: "client_role", kind: "one", list: "client_role", label: "Hvem rammes?" },
      ...complaintMore,
    ],
  },
  {
    type: "crisis_closed",
    title: "Avslutt krisen",
    icon: "crisis",
    who: "maybe",
    case: "given",
    saved: "krisen er avsluttet",
    saves: (v) => (v.outcome ? label("crisis_outcome", v.outcome) : null),
    fields: [
      { name: "outcome", kind: "one", list: "crisis_outcome", label: "Hvordan endte det?", required: true },
      {
        name: "admission_avoided",
        kind: "one",
        list: "judgement",
        label: "Ble en akuttinnleggelse unngått?",
        hint: "teamets egen vurdering. En god innleggelse er også hjelp.",
      },
      { name: "debrief", kind: "yes", label: "Trenger dere en prat etterpå?" },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
  {
    type: "home_entered",
    title: "Låste oss inn",
    icon: "key",
    who: "client",
    living: true,
    save: "Lagre: låste oss inn",
    hint: "Ble dere sluppet inn, er det et hjemmebesøk.",
    fields: [
      {
        name: "ground",
        kind: "one",
        list: "entry_ground",
        only: (v, ctx) => [
          ...(permits(v, ctx) ? ["agreement"] : []),
          "danger_to_life",
          "fire_safety",
          "police_or_ambulance",
          "landlord_notice",
        ],
        denied: "Det er ikke avtale om å låse seg inn. Velg et annet grunnlag.",
        label: "Grunnlag",
        required: true,
        says: {
          fire_safety: "Gjelder bare når det brenner, lekker eller annet akutt skjer.",
          agreement: "Et nei i døra går foran et ja på papiret.",
        },
      },
      { name: "tried", kind: "many", list: "tried", label: "Prøvd først" },
      {
        name: "found",
        kind: "one",
        list: "found",
        label: "Hva fant dere?",
        required: true,
        says: { dead: "Klokkene stanser. Ingen får push med navn. Ring leder og 112." },
      },
      { name: "told", kind: "one", list: "told", label: "Har beboeren fått vite det?" },
      { name: "reason", kind: "text", label: "Hvorfor gikk dere inn?", required: true },
    ],
    moreLabel: "hvem bestemte, hvem var med, ut igjen, nøkkel",
    more: [
      { name: "decided_by", kind: "staffname", label: "Hvem bestemte?" },
      { name: "with_staff", kind: "staffs", label: "Hvem var med?" },
      { name: "left_at", kind: "moment", label: "Ut igjen", past: true },
      { name: "key_back", kind: "yes", label: "Nøkkelen er lagt tilbake?" },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
  {
    type: "alert_snoozed",
    title: "Utsett varselet",
    icon: "clock",
    who: "none",
    alert: true,
    save: "Utsett",
    saved: "utsettelsen er ført",
    now: true,
    fields: [
      {
        name: "until",
        kind: "ahead",
        hours: [1, 2, 4],
        label: "Hvor lenge?",
        required: true,
        hint: "lenger enn 4 timer kan bare leder",
      },
      { name: "reason", kind: "text", label: "Hvorfor kan det vente?", required: true },
    ],
    body: toAlert,
  },
  {
    type: "alert_handed_over",
    title: "Gi videre",
    icon: "people",
    who: "none",
    alert: true,
    save: "Gi videre",
    saved: "ført: gitt videre",
    now: true,
    hint: "Varselet går videre i trappa til den du velger, har tatt det.",
    fields: [
      { name: "to_staff_id", kind: "taker", label: "Til hvem?", required: true },
      { name: "note", kind: "text", label: "Beskjed" },
    ],
    body: toAlert,
  },
  {
    type: "alert_resolved",
    title: "Avslutt varselet",
    icon: "check",
    who: "none",
    alert: true,
    save: "Avslutt varselet",
    saved: "varselet er ført som avsluttet",
    now: true,
    saves: (v) => (v.outcome ? label("alert_outcome", v.outcome) : null),
    fields: [
      { name: "outcome", kind: "one", list: "alert_outcome", label: "Hva ble det?", required: true },
      {
        name: "seen_at",
        kind: "ago",
        past: true,
        label: "Når ble personen sett?",
        hint: "vet du ikke når: natta regnes fra 00.00, kvelden fra 18.00",
        required: true,
        if: (v) => v.outcome === "was_seen",
      },
      { name: "seen_by", kind: "staffname", label: "Av hvem?", if: (v) => v.outcome === "was_seen" },
      {
        name: "next_check_at",
        kind: "ahead",
        hours: [2, 4, 12],
        morning: true,
        label: "Ny sjekk",
        required: true,
        hint: "senest om et døgn: da kommer et nytt varsel hvis ingen har sett personen",
        if: (v, ctx) => v.outcome && v.outcome !== "was_seen" && (ctx.alert?.kind ?? "not_seen") === "not_seen",
      },
      {
        name: "reason",
        kind: "text",
        label: "Hva har dere gjort?",
        required: true,
        if: (v) => v.outcome !== "was_seen",
      },
    ],
    // The contract wants a reason; «var sett, ikke ført» is one in itself.
    body: (body, ctx) => toAlert({ reason: t("var sett, ikke ført"), ...body }, ctx),
  },
];
