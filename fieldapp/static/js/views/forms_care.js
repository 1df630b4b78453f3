/** The forms about the person and the agreement: register, absence, watch, teams, ending, duty. Rows of the table in forms.js. */
import { label } from "../texts/codes.js";
import { t } from "../texts/t.js";
import { hasAgreement } from "./agreement.js";
import { dutiesOf } from "./duty_list.js";
import { daysAway } from "./words.js";

const STAFFED = new Set(["staffed_housing", "night"]);
const asked = (v) => v.watch_answer === "watch";
const other = (v) => asked(v) && v.watch_often === "other";
const RARER = [
  ["12", "Hver 12. time"],
  ["48", "Hver 48. time"],
  ["72", "Hver 72. time"],
];
const INTERVALS = [["24", "Hver 24. time"], ...RARER];
const usual = (kind) => (STAFFED.has(kind) ? { watch_answer: "watch", watch_often: "24" } : {});
const OFTEN = [
  ["24", "Hver 24. time"],
  ["each_shift", "Hver vakt"],
  ["other", "Annet"],
];
const PLANNED = [
  ["1", "Hver dag"],
  ["2", "Annenhver dag"],
  ["3", "Hver 3. dag"],
  ["7", "Hver uke"],
  ["14", "Hver 14. dag"],
  ["30", "Hver måned"],
];

const about = [
  { name: "alias", kind: "line", label: "Kalles" },
  { name: "birth_year", kind: "number", label: "Fødselsår", min: 1900, max: 2020 },
  { name: "phone", kind: "tel", label: "Telefon" },
  { name: "address", kind: "line", label: "Adresse" },
];

export const CARE_FORMS = [
  {
    type: "client_registered",
    title: "Ny bruker",
    icon: "person",
    who: "mint",
    save: "Lagre ny bruker",
    saved: "ny bruker er lagret",
    preset: ({ state }) => {
      const [team] = state.me.teams;
      const one = state.me.teams.length === 1 ? team : null;
      return { team_id: one?.id, ...usual(one?.kind) };
    },
    // In staffed housing and night teams 24 hours is the usual answer; everywhere else the question stands open.
    changed: (v, name, { state }) => {
      if (name !== "team_id" || v.watch_answer) return v;
      const kind = state.me.teams.find((team) => team.id === v.team_id)?.kind;
      return { ...v, ...usual(kind) };
    },
    fields: [
      { name: "name", kind: "line", max: 200, label: "Navn", required: true },
      { name: "team_id", kind: "team", label: "Team", required: true },
      {
        name: "watch_answer",
        kind: "one",
        label: "Hva er avtalt om å bli sett?",
        required: true,
        choices: [
          ["watch", "Tilsynsavtale"],
          ["planned", "Bare kontakthyppighet"],
        ],
        says: {
          watch: "Går tiden ut, får de på vakt et varsel.",
          planned: "Går tiden ut, blir det en linje på I dag. Aldri et varsel.",
        },
      },
      {
        name: "watch_often",
        kind: "one",
        choices: OFTEN,
        label: "Hvor ofte skal personen ses?",
        required: true,
        if: asked,
      },
      { name: "watch_hours", kind: "one", choices: RARER, label: "Timer", required: true, if: other },
      {
        name: "contact_interval_days",
        kind: "one",
        choices: PLANNED,
        number: true,
        label: "Planlagt kontakt",
        if: (v) => v.watch_answer === "planned",
      },
      ...about,
      { name: "primary_staff_id", kind: "staff", label: "Primærkontakt" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    hint: "Ikke for ekte personopplysninger ennå.",
    body: ({ watch_answer, watch_often, watch_hours, ...body }) => ({
      ...body,
      watch: watchOf(watch_answer, watch_often, watch_hours),
    }),
    unbody: ({ watch, ...body }) => ({
      ...body,
      watch_answer: watch?.mode === "off" ? "planned" : "watch",
      ...oftenOf(watch),
    }),
  },
  {
    type: "client_updated",
    anew: true,
    title: "Rett opplysninger",
    icon: "pen",
    who: "client",
    save: "Lagre opplysninger",
    saved: "opplysningene er rettet",
    now: true,
    preset: ({ client }) => ({
      ...pick(client, ["name", "alias", "phone", "address", "primary_staff_id"]),
      birth_year: client?.birth_year ? String(client.birth_year) : "",
    }),
    fields: [
      { name: "name", kind: "line", max: 200, label: "Navn", required: true },
      ...about,
      { name: "primary_staff_id", kind: "staff", label: "Primærkontakt" },
    ],
    body: (body, { client }) => ({ base_seq: client.seq ?? 0, fields: changedFields(body, client) }),
    unbody: ({ fields }) => fields,
  },
  {
    type: "absence_started",
    living: true,
    title: "Fravær",
    icon: "leave",
    who: "client",
    saved: "fravær er ført",
    saves: (v) => (v.kind ? label("absence_kind", v.kind) : null),
    fields: [
      {
        name: "kind",
        kind: "one",
        list: "absence_kind",
        label: "Hva slags fravær?",
        required: true,
        says: {
          unknown: "Klokka går videre: en vi ikke vet hvor er, er savnet, ikke fraværende.",
          with_others: "Klokka stanser bare hvis det er avtalt med brukeren.",
        },
      },
      {
        name: "expected_end_on",
        kind: "date",
        label: "Ventes tilbake",
        hint: "da starter klokka igjen av seg selv, kl. 12",
      },
      { name: "where", kind: "line", label: "Hvor?" },
      { name: "confirmed_with", kind: "line", label: "Bekreftet med" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: (body, { mint }) => ({ absence_id: mint(), ...body }),
  },
  {
    type: "absence_confirmed",
    absence: true,
    living: true,
    title: "Fortsatt borte",
    icon: "leave",
    who: "client",
    save: "Lagre: fortsatt borte",
    saved: "fortsatt borte",
    hint: "Dere blir spurt igjen når datoen kommer, og minst hver måned. Uten dato: om 7 dager.",
    fields: [
      { name: "confirmed_with", kind: "line", label: "Hvem bekreftet det?", required: true },
      { name: "expected_end_on", kind: "date", label: "Ventes tilbake", hint: "hvis det er en ny dato" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: (body, { absence }) => ({ absence_id: absence?.id, ...body }),
  },
  {
    type: "absence_ended",
    absence: true,
    living: true,
    title: "Tilbake fra fravær",
    icon: "leave",
    who: "client",
    save: "Lagre: tilbake",
    saved: "tilbake",
    fields: [
      { name: "outcome", kind: "one", list: "absence_outcome", label: "Hvordan endte det?" },
      { name: "where_to", kind: "line", label: "Hvor bor personen nå?" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: (body, { absence }) => ({ absence_id: absence?.id, ...body }),
  },
  {
    type: "watch_set",
    living: true,
    title: "Tilsynsavtale",
    icon: "clock",
    who: "client",
    save: "Lagre tilsynsavtale",
    saved: "tilsynsavtalen er lagret",
    hint: "En avtale med brukeren, ikke en husregel. Den gjelder til brukeren sier nei, til hvem som helst.",
    // What is left out has its default and not its old value: whoever changes one thing must see and keep the rest.
    preset: ({ client, today }) => {
      const watch = client?.watch ?? {};
      return {
        mode: watch.mode,
        counts: watch.counts ?? ["seen"],
        sources: watch.sources,
        may_enter: watch.may_enter,
        key_ref: watch.key_ref,
        when_closed: watch.when_closed,
        pause_with_others: watch.pause_with_others,
        shifts: watch.shifts?.length ? watch.shifts : ["day", "evening"],
        tighten_days: watch.tighten_days ? String(watch.tighten_days) : undefined,
        hours: hoursOf(watch),
        review_on: threeMonthsOn(today),
      };
    },
    fields: [
      { name: "mode", kind: "one", list: "watch_mode", label: "Hvor ofte skal personen ses?", required: true },
      {
        name: "hours",
        kind: "one",
        choices: INTERVALS,
        label: "Timer",
        required: true,
        if: (v) => v.mode === "interval",
      },
      {
        name: "shifts",
        kind: "many",
        list: "shift",
        label: "Hvilke vakter?",
        hint: "natt bare hvis brukeren har sagt ja",
        required: true,
        if: (v) => v.mode === "each_shift",
      },
      {
        name: "counts",
        kind: "many",
        list: "counts",
        label: "Hva teller?",
        required: true,
        always: ["seen"],
        if: (v) => v.mode !== "off",
      },
      {
        name: "sources",
        kind: "many",
        list: "source",
        label: "Hvem kan melde?",
        hint: "dem brukeren har sagt ja til",
        required: true,
        if: (v) => v.counts?.includes("reported"),
      },
      {
        name: "may_enter",
        kind: "yes",
        label: "Kan vi låse oss inn hvis vi ikke når deg?",
        if: (v) => v.mode !== "off",
      },
      {
        name: "key_ref",
        kind: "line",
        max: 100,
        label: "Nøkkelnummer og skap",
        hint: "aldri kode eller adresse",
        if: (v) => v.may_enter,
      },
      {
        name: "when_closed",
        kind: "one",
        list: "when_closed",
        label: "Når teamet er stengt",
        if: (v, ctx) => v.mode !== "off" && !teamHours(ctx)?.always_open,
        says: {
          wait: "Når teamet er stengt, er det ingen som ser etter før vi åpner. Si det til brukeren.",
          hand_over: "Et team som er åpent, blir bedt om å se etter. Det gjelder først når noen der har tatt det.",
          on_call: "Den som har vakttelefonen, får varselet.",
        },
      },
      { name: "reason", kind: "text", label: "Hvorfor, med brukerens egne ord", required: true },
    ],
    moreLabel: "tettere etter utskriving, hos andre, vurderes på nytt",
    more: [
      {
        name: "tighten_days",
        kind: "one",
        choices: [
          ["3", "3 dager"],
          ["7", "7 dager"],
          ["14", "14 dager"],
        ],
        number: true,
        label: "Tettere etter utskriving eller løslatelse",
      },
      {
        name: "pause_with_others",
        kind: "yes",
        label: "Stanser klokka når du er hos andre?",
        if: (v) => v.mode !== "off",
      },
      { name: "review_on", kind: "date", label: "Vurderes på nytt", hint: "tre måneder hvis du ikke velger" },
    ],
    body: ({ hours, ...body }) => ({
      ...body,
      ...(body.mode === "interval" ? { interval_minutes: Number(hours) * 60 } : {}),
      ...(body.mode === "off" ? { counts: ["seen"] } : {}),
    }),
    unbody: (body) => ({ ...body, hours: hoursOf(body) }),
  },
  {
    type: "contact_interval_set",
    living: true,
    title: "Planlagt kontakt",
    icon: "day",
    who: "client",
    save: "Lagre planlagt kontakt",
    saved: "planlagt kontakt er lagret",
    now: true,
    hint: "En linje på I dag når tiden er gått. Aldri et varsel.",
    preset: ({ client }) => ({
      days: client?.contact_interval_days ? String(client.contact_interval_days) : undefined,
    }),
    fields: [{ name: "days", kind: "one", choices: PLANNED, number: true, label: "Hvor ofte?", required: true }],
  },
  {
    type: "agreement_withdrawn",
    living: true,
    title: "Avtalen er trukket",
    icon: "door",
    who: "client",
    save: "Lagre: avtalen er trukket",
    preset: ({ client }) => ({ kind: client && hasAgreement(client) ? "watch" : undefined }),
    fields: [
      {
        name: "kind",
        kind: "one",
        list: "agreement_kind",
        label: "Hvilken avtale?",
        required: true,
        denied: "Det er ingen tilsynsavtale å trekke.",
        only: (v, { client }) => [
          ...(client && hasAgreement(client) ? ["watch"] : []),
          "service",
          "follow_up",
          "cooperation",
          "participant",
          "consent",
        ],
      },
      { name: "how", kind: "one", list: "withdrawn_how", label: "Hvordan?", required: true },
      { name: "note", kind: "text", label: "Med brukerens egne ord" },
    ],
  },
  {
    type: "client_team_set",
    title: "Følges av team",
    icon: "team",
    who: "client",
    save: "Lagre team",
    saved: "team er lagret",
    leader: true,
    now: true,
    preset: ({ today }) => ({ from_on: today }),
    fields: [
      { name: "team_id", kind: "team", all: true, label: "Team", required: true },
      { name: "from_on", kind: "date", label: "Fra", required: true },
      { name: "to_on", kind: "date", label: "Til og med" },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
  {
    type: "follow_up_ended",
    title: "Avslutt oppfølging",
    icon: "leave",
    who: "client",
    saved: "oppfølgingen er avsluttet",
    saves: (v) => (v.reason ? label("follow_up_reason", v.reason) : null),
    // The clock stops when this is saved: it must not stop for somebody who is still followed up.
    check: (v, ctx) =>
      v.on && daysAway(Date.parse(`${v.on}T12:00Z`), ctx.state.nowMs) > 0
        ? { on: t("Klokka stanser når dette lagres. Før det den dagen oppfølgingen slutter.") }
        : {},
    fields: [
      {
        name: "reason",
        kind: "one",
        list: "follow_up_reason",
        label: "Hvorfor?",
        required: true,
        says: { died: "Alle klokker, besøk og oppgaver stanser i alle team. Ingen får push." },
      },
      { name: "on", kind: "date", label: "Dato", hint: "i dag eller før" },
      { name: "handed_to", kind: "line", label: "Overført til", if: (v) => v.reason === "transferred" },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
  {
    type: "follow_up_resumed",
    title: "Ta opp oppfølgingen igjen",
    icon: "person",
    who: "client",
    save: "Ta opp igjen",
    saved: "oppfølgingen er tatt opp igjen",
    fields: [
      {
        name: "reason",
        kind: "one",
        list: "follow_up_reason",
        only: ["agreed", "transferred", "moved", "other"],
        label: "Hvorfor?",
        required: true,
      },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
  {
    type: "duty_set",
    title: "Vakt",
    icon: "bell",
    who: "none",
    save: "Lagre vakt",
    saved: "vakta er lagret",
    leader: true,
    now: true,
    preset: ({ state }) => ({ team_id: state.me.teams.length === 1 ? state.me.teams[0].id : undefined, duty: "duty" }),
    fields: [
      { name: "team_id", kind: "team", label: "Team", required: true },
      { name: "staff_id", kind: "staff", label: "Hvem?", required: true },
      { name: "duty", kind: "one", list: "duty", label: "Vakt eller bakvakt?", required: true },
      { name: "from_at", kind: "moment", label: "Fra", required: true },
      { name: "to_at", kind: "moment", label: "Til", required: true },
    ],
    check: (v) =>
      v.from_at && v.to_at && v.to_at <= v.from_at ? { to_at: t("Vakta må slutte etter at den begynner.") } : {},
  },
  {
    type: "duty_handed_over",
    duty: true,
    title: "Tilby en vakt",
    icon: "bell",
    who: "none",
    save: "Tilby vakta",
    saved: "vakta er tilbudt",
    now: true,
    after: "/felt/vakter",
    changed: (values, name) => (name === "to_staff_id" ? { ...values, in_return_for: undefined } : values),
    fields: [
      { name: "to_staff_id", kind: "colleague", label: "Til hvem?", required: true },
      {
        name: "in_return_for",
        kind: "theirs",
        label: "Mot en av vaktene til kollegaen?",
        hint: "kan stå tomt",
        if: (v, { state, duty }) => duty && dutiesOf(state, v.to_staff_id, duty.team_id).length > 0,
      },
    ],
    hint: "Vakta er din til kollegaen har sagt ja.",
    body: (body, { duty }) => ({ duty_id: duty?.id, ...body }),
  },
  {
    type: "entry_corrected",
    title: "Rett det som er ført",
    icon: "pen",
    who: "none",
    entry: true,
    save: "Lagre rettingen",
    saved: "rettingen er lagret",
    now: true,
    hint: "Det som sto, blir stående ved siden av rettingen.",
    // The questions are those of the entry itself: correction.js puts them in, with the old answers.
    fields: [
      { name: "_what", kind: "one", list: "correction", label: "Hva er feil?", required: true },
      { name: "_reason", kind: "text", label: "Hvorfor rettes det?", required: true },
    ],
  },
];

function watchOf(answer, often, hours) {
  if (answer !== "watch") return { mode: "off" };
  return often === "each_shift" ? { mode: often } : { mode: "interval", interval_minutes: Number(hours ?? 24) * 60 };
}

function oftenOf(watch) {
  if (watch?.mode !== "interval") return { watch_often: watch?.mode === "each_shift" ? "each_shift" : undefined };
  const hours = hoursOf(watch) ?? "24";
  return hours === "24" ? { watch_often: "24" } : { watch_often: "other", watch_hours: hours };
}

/** Three months on: an agreement is asked about again. */
export function threeMonthsOn(today) {
  const [year, month, day] = today.split("-").map(Number);
  const lastDay = new Date(Date.UTC(year, month + 3, 0)).getUTCDate();
  return new Date(Date.UTC(year, month + 2, Math.min(day, lastDay))).toISOString().slice(0, 10);
}

const teamHours = ({ state, client }) => state.hours?.get(client?.watch?.team_id ?? client?.team_ids?.[0]);

const hoursOf = (watch) => (watch?.interval_minutes ? String(watch.interval_minutes / 60) : undefined);

const pick = (from, names) => Object.fromEntries(names.map((name) => [name, from?.[name] ?? ""]));

/** Only what differs goes up: two phones that change different fields must both be right. */
function changedFields(body, client) {
  const names = ["name", "alias", "birth_year", "phone", "address", "primary_staff_id"];
  const differs = names.filter((name) => String(body[name] ?? "") !== String(client[name] ?? ""));
  return Object.fromEntries(differs.map((name) => [name, body[name] ?? null]));
}
