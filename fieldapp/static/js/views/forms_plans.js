/**
 * The forms about what stands until a newer entry or an ending: before you go in, plans, people around, agreements in
 * words, housing, decisions, tasks, planned visits, hand-overs, meetings. Rows of the table in forms.js.
 */
import { label } from "../texts/codes.js";
import { N, t } from "../texts/t.js";
import { localMinute, monthsOn } from "./form_times.js";

/** The versions that stand on the screen: what is saved now takes their place. */
const shown = (thing) => [thing?.entry_id, ...(thing?.beside ?? []).map((one) => one.entry_id)].filter(Boolean);
/** A new thing, or a newer version of the one that is open. @param {string} id the field that holds its id */
const versionOf =
  (id) =>
  (body, { mint, thing }) => ({
    [id]: thing?.id ?? mint(),
    ...body,
    ...(shown(thing).length ? { replaces: shown(thing) } : {}),
  });
const opened = (id) => (body, ctx) => ({ [id]: ctx.mint(), ...body });
const about =
  (id) =>
  (body, { thing }) => ({ [id]: thing?.id, ...body });
const lines = (list) => list?.join("\n");
/** What stands, as the fields of its form hold it. */
const valuesOf = (thing) =>
  Object.fromEntries(
    Object.entries(thing).map(([name, value]) => [name, typeof value === "number" ? String(value) : value]),
  );

/** "bed.place" within the body, and out of it again. */
function nested(flat) {
  const body = {};
  for (const [name, value] of Object.entries(flat)) {
    const [outer, inner] = name.split(".");
    if (inner) body[outer] = { ...body[outer], [inner]: value };
    else body[outer] = value;
  }
  return body;
}
const flat = (body) =>
  Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      value && ["bed", "when_admitted"].includes(name)
        ? Object.entries(value).map(([inner, part]) => [`${name}.${inner}`, part])
        : [[name, value]],
    ),
  );

const isPlan = (kind) => (v) => v.kind === kind;
const crisis = isPlan("crisis");

const ADVICE = { name: "advice", kind: "many", list: "risk_advice", label: "Hva skal den som kommer, gjøre?" };
const REVIEW = { name: "review_on", kind: "date", label: "Vurderes på nytt", hint: "senest om 6 måneder" };
const half = (v, { today }) =>
  v.review_on && v.review_on > monthsOn(today, 6) ? { review_on: t("Senest om 6 måneder.") } : {};

/** The six of a kind read alike on paper and here: green, yellow, red. */
const CRISIS = [
  { name: "green", kind: "text", label: "Grønn: slik har jeg det når det går bra", if: crisis },
  { name: "yellow_signs", kind: "text", label: "Gul: tegn på at det går feil vei", if: crisis },
  { name: "yellow_me", kind: "text", label: "Gul: hva jeg gjør selv", if: crisis },
  { name: "yellow_you", kind: "text", label: "Gul: hva dere gjør", if: crisis },
  { name: "red_need", kind: "text", label: "Rød: hva jeg trenger", if: crisis },
  { name: "red_avoid", kind: "text", label: "Rød: hva dere ikke skal gjøre", if: crisis },
  { name: "tell", kind: "text", label: "Hvem skal vite det?", if: crisis },
  { name: "tell_not", kind: "text", label: "Hvem skal ikke vite det?", if: crisis },
];
const CRISIS_MORE = [
  { name: "bed.place", kind: "line", label: "Brukerstyrt plass: hvor?", if: crisis },
  { name: "bed.phone", kind: "tel", label: "Nummeret dit", if: (v) => crisis(v) && v["bed.place"] },
  { name: "bed.nights", kind: "number", label: "Hvor mange netter?", max: 365, if: (v) => crisis(v) && v["bed.place"] },
  { name: "when_admitted.children", kind: "line", label: "Barna, når jeg er innlagt", if: crisis },
  { name: "when_admitted.animals", kind: "line", label: "Dyrene", if: crisis },
  { name: "when_admitted.keys", kind: "line", label: "Nøklene", if: crisis },
  { name: "when_admitted.mail", kind: "line", label: "Posten", if: crisis },
  { name: "when_admitted.medicine", kind: "line", label: "Medisinen", if: crisis },
  { name: "made_with", kind: "line", label: "Laget sammen med" },
  { name: "shared_with", kind: "many", list: "plan_shared_with", label: "Delt med", if: crisis },
  { name: "note", kind: "text", label: "Notat" },
];

export const PLAN_FORMS = [
  {
    type: "risk_noted",
    living: true,
    title: "Før du går inn",
    icon: "bang",
    who: "client",
    save: "Lagre: før du går inn",
    saved: "før du går inn er lagret",
    hint: "Det gjelder situasjonen eller stedet, aldri personen. Ingen diagnose og ingen dom.",
    preset: ({ today }) => ({ review_on: monthsOn(today, 3) }),
    check: half,
    fields: [
      { ...ADVICE, required: true },
      { name: "reason", kind: "text", label: "Hvorfor?", required: true },
      { ...REVIEW, required: true },
    ],
    body: opened("risk_id"),
  },
  {
    type: "risk_reviewed",
    thing: true,
    title: "Vurder på nytt: før du går inn",
    icon: "bang",
    who: "client",
    saves: (v) => (v.outcome ? label("risk_outcome", v.outcome) : null),
    saved: "før du går inn er vurdert",
    preset: ({ thing, today }) => ({ advice: thing?.advice, reason: thing?.reason, review_on: monthsOn(today, 3) }),
    check: half,
    fields: [
      { name: "outcome", kind: "one", list: "risk_outcome", label: "Gjelder det fortsatt?", required: true },
      { ...ADVICE, required: true, if: (v) => v.outcome === "changed" },
      { name: "reason", kind: "text", label: "Hvorfor?", if: (v) => v.outcome === "changed" },
      { ...REVIEW, required: true, if: (v) => v.outcome && v.outcome !== "ended" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: about("risk_id"),
  },
  {
    type: "plan_noted",
    living: true,
    title: "Plan",
    icon: "pen",
    who: "client",
    saves: (v) => (v.kind ? label("plan_kind", v.kind) : null),
    saved: "planen er lagret",
    hint: "Med brukerens egne ord, og sammen med brukeren.",
    preset: ({ thing }) => (thing ? planValues(thing) : {}),
    fields: [
      {
        name: "kind",
        kind: "one",
        list: "plan_kind",
        label: "Hvilken plan?",
        required: true,
        only: (_v, { thing }) => (thing?.kind ? [thing.kind] : ["crisis", "individual", "goals", "rhythm"]),
      },
      ...CRISIS,
      {
        name: "items",
        kind: "rows",
        label: "Huskeliste",
        required: true,
        if: isPlan("individual"),
        add: N("Nytt punkt"),
        parts: [
          { name: "what", kind: "line", label: "Hva?", required: true },
          { name: "who", kind: "line", label: "Hvem?", required: true },
          { name: "by_on", kind: "date", label: "Innen" },
        ],
      },
      {
        name: "goals",
        kind: "rows",
        label: "Egne mål",
        required: true,
        if: isPlan("goals"),
        add: N("Nytt mål"),
        parts: [
          { name: "text", kind: "line", label: "Mål", required: true },
          { name: "since_on", kind: "date", label: "Siden" },
        ],
      },
      { name: "awake_from", kind: "time", label: "Våken fra", if: isPlan("rhythm") },
      { name: "awake_to", kind: "time", label: "Til", if: isPlan("rhythm") },
      {
        name: "reach",
        kind: "line",
        label: "Hvordan får vi tak i deg?",
        hint: "ring, bank, send melding først",
        if: isPlan("rhythm"),
      },
      { name: "likes", kind: "lines", label: "Hva liker du?", hint: "én ting på hver linje", if: isPlan("rhythm") },
    ],
    moreLabel: "brukerstyrt plass, når jeg er innlagt, laget med",
    more: CRISIS_MORE,
    body: (body, { thing }) => ({ ...nested(body), ...(shown(thing).length ? { replaces: shown(thing) } : {}) }),
    unbody: (body) => planValues(body),
  },
  {
    type: "contact_person_noted",
    living: true,
    title: "Folk rundt",
    icon: "people",
    who: "client",
    save: "Lagre person",
    saved: "personen er lagret",
    preset: ({ thing }) => valuesOf(thing ?? {}),
    fields: [
      { name: "name", kind: "line", max: 200, label: "Navn", required: true },
      { name: "role", kind: "one", list: "contact_role", label: "Hvem er det?", required: true },
      { name: "phone", kind: "tel", label: "Telefon" },
      {
        name: "call_if_not_found",
        kind: "one",
        list: "yes_no",
        label: "Kan vi ringe når vi ikke finner deg?",
        required: true,
      },
      { name: "may_be_told", kind: "text", label: "Kan få vite" },
      { name: "must_not_be_told", kind: "text", label: "Må ikke få vite" },
    ],
    moreLabel: "ikke lenger med, notat",
    more: [
      { name: "ended", kind: "switch", label: "Ikke lenger med?", on: N("Ja, ikke lenger med") },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: versionOf("contact_id"),
  },
  {
    type: "agreement_recorded",
    living: true,
    title: "Avtale",
    icon: "pen",
    who: "client",
    saves: (v) => (v.kind ? label("agreement_kind", v.kind) : null),
    saved: "avtalen er lagret",
    hint: "Frivillig, og aldri et vilkår for å beholde boligen. Klokka i tilsynsavtalen settes for seg.",
    preset: ({ today }) => ({ made_on: today }),
    fields: [
      { name: "kind", kind: "one", list: "agreement_kind", label: "Hvilken avtale?", required: true },
      { name: "words", kind: "text", max: 10_000, label: "Med brukerens egne ord", required: true },
      { name: "party", kind: "line", label: "Hvem deles det med?", required: true, if: (v) => v.kind === "consent" },
      {
        name: "purpose",
        kind: "line",
        label: "Hva skal det brukes til?",
        required: true,
        if: (v) => v.kind === "consent",
      },
      { name: "made_on", kind: "date", label: "Avtalt" },
    ],
    moreLabel: "bekreftet en annen dag, vurderes på nytt",
    more: [
      { name: "confirmed_on", kind: "date", label: "Bekreftet en annen dag" },
      { name: "review_on", kind: "date", label: "Vurderes på nytt" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: opened("agreement_id"),
  },
  {
    type: "housing_changed",
    living: true,
    title: "Bosituasjon",
    icon: "home",
    who: "client",
    saves: (v) => (v.situation ? label("housing", v.situation) : null),
    saved: "bosituasjonen er lagret",
    hint: "Innleggelse og fengsel endrer den ikke for en som har bolig å komme ut til.",
    preset: ({ today }) => ({ from_on: today }),
    fields: [
      { name: "situation", kind: "one", list: "housing", label: "Hvordan bor personen?", required: true },
      { name: "from_on", kind: "date", label: "Fra", required: true },
      { name: "safe", kind: "one", list: "judgement", label: "Er det trygt der?" },
      { name: "good", kind: "one", list: "judgement", label: "Er det godt å bo der?" },
    ],
    moreLabel: "boligtype, bemanning, kontrakt",
    more: [
      { name: "transition", kind: "one", list: "housing_transition", label: "Overgang" },
      { name: "dwelling", kind: "one", list: "dwelling", label: "Boligtype" },
      { name: "staffing", kind: "one", list: "staffing", label: "Bemanning" },
      { name: "contract_end_on", kind: "date", label: "Kontrakten går ut" },
      { name: "obtained_by", kind: "one", list: "obtained_by", label: "Hvem skaffet boligen?" },
      { name: "filled_by", kind: "one", list: "filled_by", label: "Hvem har fylt ut?" },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
  {
    type: "decision_recorded",
    living: true,
    title: "Vedtak",
    icon: "pen",
    who: "client",
    save: "Lagre vedtak",
    saved: "vedtaket er lagret",
    preset: ({ thing, today }) => valuesOf(thing ?? { from_on: today }),
    fields: [
      { name: "service", kind: "line", label: "Tjeneste", required: true },
      { name: "ground", kind: "one", list: "decision_ground", label: "Grunnlag", required: true },
      { name: "per", kind: "one", list: "per", label: "Hvor mye?" },
      {
        name: "hours",
        kind: "decimal",
        label: "Timer",
        hint: "for eksempel 3,5",
        if: (v) => v.per === "week" || v.per === "month",
      },
      { name: "from_on", kind: "date", label: "Fra", required: true },
      { name: "to_on", kind: "date", label: "Til og med" },
      { name: "coordinator_id", kind: "staff", label: "Koordinator" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    check: (v) => (v.to_on && v.to_on < v.from_on ? { to_on: t("Det slutter før det begynner.") } : {}),
    body: versionOf("decision_id"),
  },
  {
    type: "decision_ended",
    thing: true,
    title: "Avslutt vedtaket",
    icon: "leave",
    who: "client",
    save: "Lagre: vedtaket er avsluttet",
    saved: "vedtaket er avsluttet",
    preset: ({ today }) => ({ on: today }),
    fields: [
      { name: "on", kind: "date", label: "Siste dag", required: true },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: about("decision_id"),
  },
  {
    type: "task_set",
    title: "Oppgave",
    icon: "check",
    who: "maybe",
    save: "Lagre oppgave",
    saved: "oppgaven er lagret",
    preset: ({ thing, state }) => thing ?? { owner_id: state.me.id },
    fields: [
      {
        name: "what",
        kind: "text",
        label: "Hva skal gjøres?",
        placeholder: "f.eks. «Jonas ringer boligkontoret før fredag»",
        required: true,
      },
      { name: "owner_id", kind: "staff", label: "Hvem gjør det?" },
      { name: "due_on", kind: "date", label: "Innen" },
    ],
    body: versionOf("task_id"),
  },
  {
    type: "task_done",
    thing: true,
    title: "Oppgaven er avsluttet",
    icon: "check",
    who: "none",
    saves: (v) => (v.outcome ? label("task_outcome", v.outcome) : null),
    saved: "oppgaven er avsluttet",
    fields: [
      { name: "outcome", kind: "one", list: "task_outcome", label: "Hvordan gikk det?", required: true },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: about("task_id"),
  },
  {
    type: "handover_noted",
    title: "Beskjed til neste vakt",
    icon: "speech",
    who: "maybe",
    save: "Lagre beskjeden",
    saved: "beskjeden er lagret",
    fields: [
      { name: "what", kind: "text", label: "Hva må de vite?", required: true },
      { name: "important", kind: "switch", label: "Viktig?", on: N("Ja, viktig") },
      {
        name: "to_team_id",
        kind: "team",
        label: "Til hvilket team?",
        hint: "ditt eget hvis du ikke velger",
        if: (_v, { state }) => state.me.teams.length > 1,
      },
      {
        name: "until_at",
        kind: "ahead",
        hours: [12, 24, 72],
        label: "Gjelder til",
        hint: "14 dager hvis du ikke velger",
      },
    ],
  },
  {
    type: "visit_planned",
    living: true,
    title: "Planlegg besøk",
    icon: "day",
    who: "client",
    save: "Lagre planlagt besøk",
    saved: "besøket er planlagt",
    now: true,
    preset: ({ thing, state }) =>
      thing ? { ...valuesOf(thing), at: localMinute(Date.parse(thing.at)) } : { staff_ids: [state.me.id] },
    fields: [
      { name: "at", kind: "moment", label: "Når?", required: true },
      {
        name: "duration_min",
        kind: "one",
        choices: [
          ["30", "30 min"],
          ["60", "1 time"],
          ["120", "2 timer"],
        ],
        number: true,
        label: "Varighet",
      },
      { name: "staff_ids", kind: "staffs", meToo: true, label: "Hvem kommer?" },
      { name: "what", kind: "line", label: "Hva skal dere?" },
    ],
    body: (body, { mint, thing }) => ({ plan_id: thing?.id ?? mint(), ...body }),
    unbody: ({ at, ...body }) => ({ ...body, at: at && localMinute(Date.parse(at)) }),
  },
  {
    type: "visit_plan_ended",
    thing: true,
    title: "Det planlagte besøket",
    icon: "day",
    who: "client",
    saves: (v) => (v.outcome ? label("planned_outcome", v.outcome) : null),
    saved: "det planlagte besøket er avsluttet",
    fields: [
      { name: "outcome", kind: "one", list: "planned_outcome", label: "Hvordan gikk det?", required: true },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: about("plan_id"),
  },
  {
    type: "meeting_held",
    title: "Møte",
    icon: "people",
    who: "maybe",
    saves: (v) => (v.kind ? label("meeting_kind", v.kind) : null),
    saved: "møtet er lagret",
    fields: [
      { name: "kind", kind: "one", list: "meeting_kind", label: "Hva slags møte?", required: true },
      { name: "minutes", kind: "text", max: 10_000, label: "Referat" },
      { name: "with_staff", kind: "staffs", label: "Hvem var med?" },
      { name: "attended", kind: "lines", label: "Andre som var med", hint: "én på hver linje" },
    ],
    body: opened("meeting_id"),
    unbody: ({ attended, ...body }) => ({ ...body, attended: lines(attended) }),
  },
];

function planValues({ likes, ...plan }) {
  return { ...valuesOf(flat(plan)), likes: lines(likes) };
}
