/** The forms about the person and the agreement: register, absence, watch, teams, ending, duty. Rows of the table in forms.js. */
import { label } from "../texts/codes.js";
import { t } from "../texts/t.js";

const STAFFED = new Set(["staffed_housing", "night"]);
const asked = (v) => v.watch_answer === "watch";
const every = (v) => asked(v) && v.watch_mode === "interval";
const INTERVALS = [["24", "Hver 24. time"], ["12", "Hver 12. time"], ["48", "Hver 48. time"], ["72", "Hver 72. time"]];
const PLANNED = [["1", "Hver dag"], ["2", "Annenhver dag"], ["3", "Hver 3. dag"], ["7", "Hver uke"], ["14", "Hver 14. dag"], ["30", "Hver måned"]];

const about = [
  { name: "alias", kind: "line", label: "Kalles" },
  { name: "birth_year", kind: "number", label: "Fødselsår", min: 1900, max: 2020 },
  { name: "phone", kind: "tel", label: "Telefon" },
  { name: "address", kind: "line", label: "Adresse" },
];

export const CARE_FORMS = [
  {
    type: "client_registered", title: "Ny bruker", icon: "person", who: "mint", save: "Lagre ny bruker", saved: "ny bruker er lagret",
    preset: ({ state }) => {
      const [team] = state.me.teams;
      const one = state.me.teams.length === 1 ? team : null;
      return { team_id: one?.id, ...(STAFFED.has(one?.kind) ? { watch_answer: "watch", watch_mode: "interval", watch_hours: "24" } : {}) };
    },
    // In staffed housing and night teams 24 hours is the usual answer; everywhere else the question stands open.
    changed: (v, name, { state }) => {
      if (name !== "team_id" || v.watch_answer) return v;
      const kind = state.me.teams.find((team) => team.id === v.team_id)?.kind;
      return STAFFED.has(kind) ? { ...v, watch_answer: "watch", watch_mode: "interval", watch_hours: "24" } : v;
    },
    fields: [
      { name: "name", kind: "line", label: "Navn", required: true },
      { name: "team_id", kind: "team", label: "Team", required: true },
      { name: "watch_answer", kind: "one", label: "Hva er avtalt om å bli sett?", required: true,
        choices: [["watch", "Tilsynsavtale"], ["planned", "Bare planlagt kontakt"]],
        says: { watch: "Går tiden ut, får de på vakt et varsel.", planned: "Går tiden ut, blir det en linje på I dag. Aldri et varsel." } },
      { name: "watch_mode", kind: "one", list: "watch_mode", only: ["interval", "each_shift"], label: "Hvor ofte skal personen ses?", required: true, if: asked },
      { name: "watch_hours", kind: "one", choices: INTERVALS, label: "Timer", required: true, if: every },
      { name: "contact_interval_days", kind: "one", choices: PLANNED, number: true, label: "Planlagt kontakt", if: (v) => v.watch_answer === "planned" },
      ...about,
      { name: "primary_staff_id", kind: "staff", label: "Primærkontakt" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    hint: "Ikke for ekte personopplysninger ennå: telefonlageret er ikke kryptert.",
    body: ({ watch_answer, watch_mode, watch_hours, ...body }) => ({ ...body, watch: watchOf(watch_answer, watch_mode, watch_hours) }),
    unbody: ({ watch, ...body }) => ({
      ...body, watch_answer: watch?.mode === "off" ? "planned" : "watch", watch_mode: watch?.mode, watch_hours: hoursOf(watch),
    }),
  },
  {
    type: "client_updated", title: "Rett opplysninger", icon: "pen", who: "client", save: "Lagre opplysninger", saved: "opplysningene er rettet", now: true,
    preset: ({ client }) => ({ ...pick(client, ["name", "alias", "phone", "address", "primary_staff_id"]), birth_year: client?.birth_year ? String(client.birth_year) : "" }),
    fields: [{ name: "name", kind: "line", label: "Navn", required: true }, ...about, { name: "primary_staff_id", kind: "staff", label: "Primærkontakt" }],
    body: (body, { client }) => ({ base_seq: client.seq ?? 0, fields: changedFields(body, client) }),
    unbody: ({ fields }) => fields,
  },
  {
    type: "absence_started", title: "Fravær", icon: "leave", who: "client",
    saves: (v) => (v.kind ? label("absence_kind", v.kind) : null),
    fields: [
      { name: "kind", kind: "one", list: "absence_kind", label: "Hva slags fravær?", required: true,
        says: { unknown: "Klokka går videre: en vi ikke vet hvor er, er savnet, ikke fraværende.", with_others: "Klokka stanser bare hvis det er avtalt med brukeren." } },
      { name: "expected_end_on", kind: "date", label: "Ventes tilbake", hint: "da starter klokka igjen av seg selv, kl. 12" },
      { name: "where", kind: "line", label: "Hvor?" },
      { name: "confirmed_with", kind: "line", label: "Bekreftet med" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: (body, { mint }) => ({ absence_id: mint(), ...body }),
  },
  {
    type: "absence_ended", title: "Tilbake fra fravær", icon: "leave", who: "client", save: "Lagre: tilbake", saved: "tilbake",
    fields: [
      { name: "outcome", kind: "one", list: "absence_outcome", label: "Hvordan endte det?" },
      { name: "where_to", kind: "line", label: "Hvor bor personen nå?" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: (body, { absence }) => ({ absence_id: absence?.id, ...body }),
  },
  {
    type: "watch_set", title: "Tilsynsavtale", icon: "clock", who: "client", save: "Lagre tilsynsavtale", saved: "tilsynsavtalen er lagret",
    hint: "En avtale med brukeren, ikke en husregel. Den gjelder til brukeren sier nei, til hvem som helst.",
    preset: ({ client }) => ({
      mode: client?.watch?.mode, counts: client?.watch?.counts ?? ["seen"], shifts: client?.watch?.shifts,
      hours: client?.watch?.interval_minutes ? String(client.watch.interval_minutes / 60) : undefined,
    }),
    fields: [
      { name: "mode", kind: "one", list: "watch_mode", label: "Hvor ofte skal personen ses?", required: true },
      { name: "hours", kind: "one", choices: INTERVALS, label: "Timer", required: true, if: (v) => v.mode === "interval" },
      { name: "shifts", kind: "many", list: "shift", label: "Hvilke vakter?", if: (v) => v.mode === "each_shift" },
      { name: "counts", kind: "many", list: "counts", label: "Hva teller?", required: true, always: ["seen"], if: (v) => v.mode !== "off" },
      { name: "sources", kind: "many", list: "source", label: "Hvem kan melde?", if: (v) => v.counts?.includes("reported") },
      { name: "may_enter", kind: "yes", label: "Kan vi låse oss inn hvis vi ikke når deg?", if: (v) => v.mode !== "off" },
      { name: "key_ref", kind: "line", label: "Nøkkelnummer og skap", hint: "aldri kode eller adresse", if: (v) => v.may_enter },
      { name: "reason", kind: "text", label: "Hvorfor, med brukerens egne ord", required: true },
    ],
    moreLabel: "tettere etter utskriving, når teamet er stengt, vurderes på nytt",
    more: [
      { name: "tighten_days", kind: "one", choices: [["3", "3 dager"], ["7", "7 dager"], ["14", "14 dager"]], number: true, label: "Tettere etter utskriving eller løslatelse" },
      { name: "when_closed", kind: "one", list: "when_closed", label: "Når teamet er stengt" },
      { name: "review_on", kind: "date", label: "Vurderes på nytt", hint: "tre måneder hvis du ikke velger" },
    ],
    body: ({ hours, ...body }) => ({ ...body, ...(body.mode === "interval" ? { interval_minutes: Number(hours) * 60 } : {}), ...(body.mode === "off" ? { counts: ["seen"] } : {}) }),
    unbody: (body) => ({ ...body, hours: hoursOf(body) }),
  },
  {
    type: "contact_interval_set", title: "Planlagt kontakt", icon: "day", who: "client", save: "Lagre planlagt kontakt", now: true,
    hint: "En linje på I dag når tiden er gått. Aldri et varsel.",
    preset: ({ client }) => ({ days: client?.contact_interval_days ? String(client.contact_interval_days) : undefined }),
    fields: [{ name: "days", kind: "one", choices: PLANNED, number: true, label: "Hvor ofte?", required: true }],
  },
  {
    type: "agreement_withdrawn", title: "Avtalen er trukket", icon: "door", who: "client", save: "Lagre: avtalen er trukket",
    preset: () => ({ kind: "watch" }),
    fields: [
      { name: "kind", kind: "one", list: "agreement_kind", label: "Hvilken avtale?", required: true },
      { name: "how", kind: "one", list: "withdrawn_how", label: "Hvordan?", required: true },
      { name: "note", kind: "text", label: "Med brukerens egne ord" },
    ],
  },
  {
    type: "client_team_set", title: "Følges av team", icon: "team", who: "client", save: "Lagre team", saved: "team er lagret", leader: true, now: true,
    preset: ({ today }) => ({ from_on: today }),
    fields: [
      { name: "team_id", kind: "team", all: true, label: "Team", required: true },
      { name: "from_on", kind: "date", label: "Fra", required: true },
      { name: "to_on", kind: "date", label: "Til og med" },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
  {
    type: "follow_up_ended", title: "Avslutt oppfølging", icon: "leave", who: "client",
    saves: (v) => (v.reason ? label("follow_up_reason", v.reason) : null),
    fields: [
      { name: "reason", kind: "one", list: "follow_up_reason", label: "Hvorfor?", required: true, says: { died: "Alle klokker, besøk og oppgaver stanser i alle team. Ingen får push." } },
      { name: "on", kind: "date", label: "Dato" },
      { name: "handed_to", kind: "line", label: "Overført til", if: (v) => v.reason === "transferred" },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
  {
    type: "follow_up_resumed", title: "Ta opp oppfølgingen igjen", icon: "person", who: "client", save: "Ta opp igjen", saved: "oppfølgingen er tatt opp igjen",
    fields: [
      { name: "reason", kind: "one", list: "follow_up_reason", only: ["agreed", "transferred", "moved", "other"], label: "Hvorfor?", required: true },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
  {
    type: "duty_set", title: "Vakt", icon: "bell", who: "none", save: "Lagre vakt", saved: "vakta er lagret", leader: true, now: true,
    preset: ({ state }) => ({ team_id: state.me.teams.length === 1 ? state.me.teams[0].id : undefined, duty: "duty" }),
    fields: [
      { name: "team_id", kind: "team", label: "Team", required: true },
      { name: "staff_id", kind: "staff", label: "Hvem?", required: true },
      { name: "duty", kind: "one", list: "duty", label: "Vakt eller bakvakt?", required: true },
      { name: "from_at", kind: "moment", label: "Fra", required: true },
      { name: "to_at", kind: "moment", label: "Til", required: true },
    ],
    check: (v) => (v.from_at && v.to_at && v.to_at <= v.from_at ? { to_at: t("Vakta må slutte etter at den begynner.") } : {}),
  },
  {
    type: "entry_corrected", title: "Rett det som er ført", icon: "pen", who: "none", entry: true, save: "Lagre rettingen", saved: "rettingen er lagret", now: true,
    hint: "Det som sto, blir stående ved siden av rettingen.",
    fields: [
      { name: "what", kind: "one", list: "correction", label: "Hva er feil?", required: true },
      { name: "note", kind: "text", label: "Slik skal det være", if: (v) => v.what === "text" },
      { name: "reason", kind: "text", label: "Hvorfor rettes det?", required: true },
    ],
    body: ({ what, reason, note }, { entry }) => ({ entry_id: entry.id, what, reason, ...(what === "text" && note ? { body: { ...entry.body, note } } : {}) }),
  },
];

function watchOf(answer, mode, hours) {
  if (answer !== "watch") return { mode: "off" };
  return mode === "each_shift" ? { mode } : { mode: "interval", interval_minutes: Number(hours) * 60 };
}

const hoursOf = (watch) => (watch?.interval_minutes ? String(watch.interval_minutes / 60) : undefined);

const pick = (from, names) => Object.fromEntries(names.map((name) => [name, from?.[name] ?? ""]));

/** Only what differs goes up: two phones that change different fields must both be right. */
function changedFields(body, client) {
  const names = ["name", "alias", "birth_year", "phone", "address", "primary_staff_id"];
  const differs = names.filter((name) => String(body[name] ?? "") !== String(client[name] ?? ""));
  return Object.fromEntries(differs.map((name) => [name, body[name] ?? null]));
}
