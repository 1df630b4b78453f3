/** The forms about the person: register, change, teams, the end of follow-up, and corrections. Rows of the table in forms.js. */
import { label } from "../texts/codes.js";
import { N, t } from "../texts/t.js";
import { basisFields } from "./basis.js";
import { PLANNED, RARER, hoursOf } from "./forms_watch.js";
import { daysAway } from "./words.js";

const STAFFED = new Set(["staffed_housing", "night"]);
const asked = (v) => v.watch_answer === "watch";
const other = (v) => asked(v) && v.watch_often === "other";
const usual = (kind) => (STAFFED.has(kind) ? { watch_answer: "watch", watch_often: "24" } : {});
const OFTEN = [
  ["24", "Hver 24. time"],
  ["each_shift", "Hver vakt"],
  ["other", "Annet"],
];
const about = [
  { name: "alias", kind: "line", label: "Kalles" },
  { name: "birth_year", kind: "number", label: "Fødselsår", min: 1900, max: 2020 },
  { name: "phone", kind: "tel", label: "Telefon" },
  { name: "address", kind: "line", label: "Adresse" },
];

export const PERSON_FORMS = [
  {
    type: "client_registered",
    title: "Ny bruker",
    icon: "person",
    who: "mint",
    save: "Lagre ny bruker",
    saved: "ny bruker er lagret",
    takenBack: N("Trekkes registreringen tilbake, følges brukeren ikke opp i Sett lenger, og ingen får nye varsler."),
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
      ...basisFields(),
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

const pick = (from, names) => Object.fromEntries(names.map((name) => [name, from?.[name] ?? ""]));

/** Only what differs goes up: two phones that change different fields must both be right. */
function changedFields(body, client) {
  const names = ["name", "alias", "birth_year", "phone", "address", "primary_staff_id"];
  const differs = names.filter((name) => String(body[name] ?? "") !== String(client[name] ?? ""));
  return Object.fromEntries(differs.map((name) => [name, body[name] ?? null]));
}
