/**
 * Owns how every field that can be logged reads: its label (the question it was an answer to) and its value in words.
 * Invariant: what was filled in can be read back. The tests hold this table against sync/vectors/bodies.json, which is
 * made from the types; a field of a newer version than this phone is shown by its name.
 */
import { ENTRY_TYPES } from "../core/entry_types.js";
import "../texts/code_words_more.js";
import { label } from "../texts/codes.js";
import { N, t, tn } from "../texts/t.js";
import { consentWords } from "./basis.js";
import { columnName } from "./board_cards.js";
import { FORMS } from "./forms.js";
import { teamName } from "./hours.js";
import { MINTED, PLAN_FIELDS } from "./plan_fields.js";
import { kroner, plainDate, when } from "./words.js";

const step = N("Neste steg");

/** Field, or type.field: [label, kind, list of codes]. In the order of reading. What is asked by a form only, and ASKED, reads as the form asks it. */
const FIELDS = {
  to_staff_ids: [N("Hvem skal få se det?"), "staffs"],
  until_on: [N("Til og med"), "date"],
  "fact_shared.agreement_id": [N("Hvilket samtykke?"), "consent"],
  "client_team_set.agreement_id": [N("Hvilket samtykke?"), "consent"],
  basis_words: [N("Hvilken lov, eller hvilken fare?"), "plain"],
  "check_step_logged.step": [N("Steg"), "code", "check_step"],
  step: [N("Steg"), "code", "crisis_step"],
  count: [N("Antall"), "plain"],
  contact: [N("Så du personen, eller bare hørte?"), "code", "visit_contact"],
  cancelled_by: [N("Hvem avlyste?"), "code", "cancelled_by"],
  quick: [N("Ført med ett trykk"), "yes"],
  with: [N("Med hvem?"), "code", "call_with"],
  direction: [N("Hvem ringte?"), "code", "call_direction"],
  source: [N("Hvem meldte det?"), "code", "source"],
  what: [N("Hva klages det på?"), "codes", "complaint"],
  "housing_incident_logged.what": [N("Hva har hendt?"), "codes", "housing_incident"],
  "housing_incident_updated.what": [N("Hva har hendt?"), "codes", "housing_incident"],
  "absence_step_set.watch": [N("Går tilsynet da?"), "code", "step_watch"],
  checks: [N("Hva er klart?"), "codes", "discharge_check"],
  home: [N("Er det en bolig å komme hjem til?"), "code", "home_to_go_to"],
  kinds: [N("Hva skjedde?"), "codes", "staff_incident"],
  by: [N("Av hvem?"), "code", "incident_by"],
  injury: [N("Ble noen skadet?"), "code", "injury"],
  could_retreat: [N("Kunne du trekke deg unna?"), "code", "retreat"],
  support: [N("Støtte etterpå"), "codes", "staff_support"],
  in_system: [N("Er det meldt i avvikssystemet?"), "yes"],
  report_number: [N("Nummer på meldingen"), "plain"],
  landlord_informed: [N("Er utleier orientert?"), "yes"],
  "client_checked_in.what": [N("Hva meldte personen?"), "code", "check_in"],
  "entry_corrected.what": [N("Hva er feil?"), "code", "correction"],
  kind: [N("Hva slags krise?"), "code", "crisis_kind"],
  how: [N("Hvordan?"), "code", "withdrawn_how"],
  called_by: [N("Hvem ringte?"), "plain"],
  about: [N("Hvem gjelder det?"), "plain"],
  urgency: [N("Hvor mye haster det?"), "code", "urgency"],
  ground: [N("Grunnlag"), "code", "entry_ground"],
  found: [N("Hva fant dere?"), "code", "found"],
  tried: [N("Prøvd først"), "codes", "tried"],
  told: [N("Har beboeren fått vite det?"), "code", "told"],
  decided_by: [N("Hvem bestemte?"), "plain"],
  left_at: [N("Ut igjen"), "moment"],
  key_back: [N("Nøkkelen er lagt tilbake?"), "yes"],
  client_said: [N("«Hvordan har du det?»"), "plain"],
  condition: [N("Mitt inntrykk"), "code", "condition"],
  agreed: [N("Hva ble avtalt?"), "plain"],
  place: [N("Hvor?"), "code", "visit_place"],
  place_label: [N("Hvor?"), "plain"],
  people: [N("Hvor mange?"), "plain"],
  topics: [N("Tema"), "codes", "topic"],
  with_staff: [N("Hvem var med?"), "staffs"],
  staff_ids: [N("Hvem gjelder det?"), "staffs"],
  duration_min: [N("Varighet"), "minutes"],
  announced: [N("Varslet på forhånd?"), "yes"],
  medication: [N("Medisin"), "code", "medication"],
  children_present: [N("Barn til stede?"), "yes"],
  interpreter: [N("Brukt tolk?"), "yes"],
  next_contact_on: [N("Neste kontakt"), "date"],
  equipment: [N("Brukerutstyr delt ut"), "counts", "equipment"],
  offered: [N("Tilbudt"), "codes", "offered"],
  guided_to: [N("Loset videre til"), "code", "offered"],
  private: [N("Samtalen er privat"), "yes"],
  "housing_incident_logged.status": [N("Hvordan står saken?"), "code", "incident_status"],
  "rent_problem_reported.status": [N("Hvordan står saken?"), "code", "rent_status"],
  status: [N("Hvordan står saken?"), "code", "complaint_status"],
  amount_nok: [N("Restanse i kroner"), "money"],
  months: [N("Antall måneder"), "plain"],
  cause: [N("Årsak"), "code", "rent_cause"],
  "letters.kind": [N("Brev som er kommet"), "code", "letter"],
  "letters.dated_on": [N("Dato på brevet"), "date"],
  "letters.sent_on": [N("Sendt, hvis du vet det"), "date"],
  "letters.received_on": [N("Kom fram"), "date"],
  tenancy: [N("Hva ble det med boligen?"), "code", "tenancy"],
  plan: [N("Plan"), "code", "rent_plan"],
  deadline_on: [N("Frist"), "date"],
  complainant: [N("Hvem klager?"), "code", "complainant"],
  client_role: [N("Hvem rammes?"), "code", "client_role"],
  answer_given: [N("Svar til den som klaget"), "yesOrWords"],
  complainant_name: [N("Navn på den som klaget"), "plain"],
  next_step: [step, "plain"],
  next_step_on: [N("Neste steg innen"), "date"],
  owner_id: [N("Hvem eier saken?"), "staff"],
  admission_avoided: [N("Ble en akuttinnleggelse unngått?"), "yesOrCode", "judgement"],
  debrief: [N("Trenger dere en prat etterpå?"), "yes"],
  where: [N("Hvor?"), "plain"],
  expected_end_on: [N("Ventes tilbake"), "date"],
  expected_end_at: [N("Ventes tilbake"), "moment"],
  confirmed_with: [N("Bekreftet med"), "plain"],
  where_to: [N("Hvor bor personen nå?"), "plain"],
  "fields.name": [N("Navn"), "plain"],
  name: [N("Navn"), "plain"],
  "fields.alias": [N("Kalles"), "plain"],
  alias: [N("Kalles"), "plain"],
  "fields.birth_year": [N("Fødselsår"), "plain"],
  birth_year: [N("Fødselsår"), "plain"],
  "fields.phone": [N("Telefon"), "plain"],
  phone: [N("Telefon"), "plain"],
  "fields.address": [N("Adresse"), "plain"],
  address: [N("Adresse"), "plain"],
  "fields.protected": [N("Adressesperre"), "code", "protected"],
  protected: [N("Adressesperre"), "code", "protected"],
  "fields.primary_staff_id": [N("Primærkontakt"), "staff"],
  primary_staff_id: [N("Primærkontakt"), "staff"],
  "watch.mode": [N("Hvor ofte skal personen ses?"), "code", "watch_mode"],
  "watch.interval_minutes": [N("Timer"), "hours"],
  mode: [N("Hvor ofte skal personen ses?"), "code", "watch_mode"],
  interval_minutes: [N("Timer"), "hours"],
  contact_interval_days: [N("Planlagt kontakt"), "days"],
  days: [N("Planlagt kontakt"), "days"],
  shifts: [N("Hvilke vakter?"), "codes", "shift"],
  counts: [N("Hva teller?"), "codes", "counts"],
  sources: [N("Hvem kan melde?"), "codes", "source"],
  may_enter: [N("Kan vi låse oss inn hvis vi ikke når deg?"), "yes"],
  key_ref: [N("Nøkkelnummer og skap"), "plain"],
  when_closed: [N("Når teamet er stengt"), "code", "when_closed"],
  tighten_days: [N("Tettere etter utskriving eller løslatelse"), "days"],
  pause_with_others: [N("Stanser klokka når du er hos andre?"), "yes"],
  review_on: [N("Vurderes på nytt"), "date"],
  on: [N("Dato"), "date"],
  handed_to: [N("Overført til"), "plain"],
  team_id: [N("Team"), "team"],
  staff_id: [N("Hvem?"), "staff"],
  duty: [N("Vakt eller bakvakt?"), "code", "duty"],
  from_at: [N("Fra"), "moment"],
  to_at: [N("Til"), "moment"],
  from_on: [N("Fra"), "date"],
  to_on: [N("Til og med"), "date"],
  to_staff_id: [N("Til hvem?"), "staff"],
  to_team_id: [N("Til hvilket team?"), "team"],
  duty_id: [N("Vakt"), "duty"],
  in_return_for: [N("Mot en av vaktene til kollegaen?"), "duty"],
  "hours.mon": [N("Mandag"), "spans"],
  "hours.tue": [N("Tirsdag"), "spans"],
  "hours.wed": [N("Onsdag"), "spans"],
  "hours.thu": [N("Torsdag"), "spans"],
  "hours.fri": [N("Fredag"), "spans"],
  "hours.sat": [N("Lørdag"), "spans"],
  "hours.sun": [N("Søndag"), "spans"],
  "shifts.day": [N("Dag"), "span"],
  "shifts.evening": [N("Kveld"), "span"],
  "shifts.night": [N("Natt"), "span"],
  closed_days: [N("Stengt"), "dates"],
  until: [N("Hvor lenge?"), "moment"],
  until_at: [N("Til"), "moment"],
  seen_at: [N("Når ble personen sett?"), "moment"],
  seen_by: [N("Av hvem?"), "plain"],
  next_check_at: [N("Ny sjekk"), "moment"],
  alert_id: [N("Varsel"), "alert"],
  contact_id: [N("Hvem ble spurt?"), "contact"],
  entry_id: [N("Gjelder"), "entry"],
  entry_ids: [N("Gjelder"), "entries"],
  column: [N("Hvor på tavla?"), "column"],
  columns: [N("Kolonner"), "rows"],
  "columns.key": [N("Kolonner"), "plain"],
  "columns.name": [N("Navn"), "plain"],
  reasons: [N("Hvorfor?"), "codes", "board_reason"],
  goal: [N("Mål"), "plain"],
  down_when: [N("Tas ned når"), "plain"],
  key: [N("Innstilling"), "code", "setting_key"],
  value: [N("Verdi"), "plain"],
  "file_attached.kind": [N("Hva viser bildet?"), "code", "file_kind"],
  caption: [N("Bildetekst"), "plain"],
  system: [N("Hvilket journalsystem?"), "plain"],
  handed_over_id: [N("Gjelder"), "entry"],
  occurred_at: [N("Når?"), "moment"],
  to_client_id: [N("Hvem gjelder det?"), "client"],
  into_client_id: [N("Hvem blir stående?"), "client"],
  body: [N("Slik skal det være"), "body"],
  reason: [N("Hvorfor?"), "plain"],
  ...PLAN_FIELDS,
  note: [N("Notat"), "plain"],
};

/** What only ties entries together, and was not filled in by anybody. */
export const TIES = new Set([
  ...["base_seq", "visit_id", "absence_id", "case_id", "file_id", "step_id"],
  ...MINTED,
  ...["replaces", "meeting_id"],
]);
/** Kept apart from what is read at a glance. */
const APART = new Set(["complainant_name"]);
const WITHIN = new Set(["watch", "fields", "hours", "shifts", "bed", "when_admitted"]);

/** Names that mean something else in each type. */
const ASKED = new Set([
  ...["outcome", "what", "kind", "reason", "status", "expected_end_at"],
  ...["ground", "hours", "owner_id", "staff_ids"],
]);

/** How a question of a form reads, by its kind; with a list it is answered with codes. */
const READS = {
  __proto__: null,
  line: "plain",
  text: "plain",
  places: "plain",
  number: "plain",
  staffname: "plain",
  one: "plain",
  yes: "yes",
  switch: "yes",
  date: "date",
  moment: "moment",
  ahead: "moment",
  ago: "moment",
  money: "money",
  staff: "staff",
  staffs: "staffs",
  client: "client",
  team: "team",
  counts: "counts",
  lines: "list",
  time: "plain",
  decimal: "decimal",
  rows: "rows",
};

const questions = (type) => [...(FORMS[type]?.fields ?? []), ...(FORMS[type]?.more ?? [])];

function asked(type, name) {
  const field = questions(type).find((one) => one.name === name);
  if (!field) return undefined;
  const kind = field.list && field.kind !== "counts" ? (field.kind === "many" ? "codes" : "code") : READS[field.kind];
  return kind && [field.label, kind, field.list];
}

export const fieldOf = (type, name) =>
  FIELDS[`${type}.${name}`] ?? (ASKED.has(name) ? asked(type, name) : undefined) ?? FIELDS[name] ?? asked(type, name);

const list = (words) => words.filter(Boolean).join(", ");
const lists = (value, words) => list((Array.isArray(value) ? value : [value]).map(words));
const yesNo = (value) => (value ? t("Ja") : t("Nei"));
const staffName = (state, id) => state.staff.get(id)?.name ?? t("En kollega");
const wall = ([from, to]) => `${from}–${to}`.replaceAll(":", ".");

/** "1 t 30 min", whole: how long it took is not rounded. */
const lasted = (minutes) =>
  [
    minutes >= 60 && t("{n} t", { n: Math.floor(minutes / 60) }),
    (minutes % 60 || !minutes) && t("{n} min", { n: minutes % 60 }),
  ]
    .filter(Boolean)
    .join(" ");

const consentIn = (state, id) => {
  const consent = state.agreements.get(id);
  return consent?.party ? consentWords(consent, state.nowMs) : t("Et samtykke");
};

const WORDS = {
  plain: (value) => String(value),
  column: (value, _codes, state) => columnName(state, value),
  code: (value, codes) => label(codes, value),
  codes: (value, codes) => lists(value, (code) => label(codes, code)),
  list: (value) => list(value),
  yes: yesNo,
  yesOrWords: (value) => (typeof value === "string" ? value : yesNo(value)),
  yesOrCode: (value, codes) => (typeof value === "string" ? label(codes, value) : yesNo(value)),
  staff: (value, _codes, state) => staffName(state, value),
  staffs: (value, _codes, state) => lists(value, (id) => staffName(state, id)),
  team: (value, _codes, state) => teamName(state, value, t("et annet team")),
  contact: (value, _codes, state) => state.contactPersons?.get(value)?.name ?? t("en kontaktperson"),
  consent: (value, _codes, state) => consentIn(state, value),
  client: (value, _codes, state) => state.clients.get(value)?.name ?? t("Ukjent bruker"),
  date: (value, _codes, state) => plainDate(value, state.nowMs),
  dates: (value, _codes, state) => lists(value, (day) => plainDate(day, state.nowMs)),
  moment: (value, _codes, state) => when(Date.parse(value), state.nowMs),
  minutes: lasted,
  hours: (value) => tn(value / 60, "hver time", "hver {n}. time"),
  days: (value) => tn(value, "1 dag", "{n} dager"),
  money: kroner,
  counts: (value, codes) => list(Object.entries(value).map(([code, n]) => `${label(codes, code)}: ${n}`)),
  spans: (value) => (value.length ? lists(value, wall) : t("Stengt")),
  span: wall,
  decimal: (value) => String(value).replace(".", ","),
  rows: (value, _codes, state) => value.map((row) => rowWords(state, row)).join("; "),
};

/** "Ringe boligkontoret · Jonas · 27. nov." */
const rowWords = (state, row) =>
  Object.entries(row)
    .filter(([, part]) => part)
    .map(([name, part]) => (name.endsWith("_on") ? plainDate(part, state.nowMs) : part))
    .join(" · ");

/** The parts of a body, those within a part by their path: [["letters.kind", …], …]. */
function partsOf(body) {
  return Object.entries(body).flatMap(([name, value]) =>
    WITHIN.has(name) && value && typeof value === "object" && !Array.isArray(value)
      ? Object.entries(value).map(([inner, part]) => [`${name}.${inner}`, part])
      : [[name, value]],
  );
}

const isGiven = (value) =>
  value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && !value.length);
const ORDER = new Map(Object.keys(FIELDS).map((key, i) => [key, i]));

/** Where it is read: how it went first, the rest in the order of FIELDS, or after what the form asks before it. */
function place(type, name) {
  if (ASKED.has(name) && ENTRY_TYPES[type]?.outcome?.[1] === name) return -1;
  const at = questions(type).findIndex((one) => one.name === name);
  if ((ASKED.has(name) || !ORDER.has(name)) && at >= 0)
    return at ? place(type, questions(type)[at - 1].name) + 0.5 : -1;
  return ORDER.get(`${type}.${name}`) ?? ORDER.get(name) ?? ORDER.size;
}

/**
 * Everything an entry says, in the order of reading: [{name, label, words, kind, value, apart}]. `words` is null for what
 * is a link to something else (kind entry, alert, duty) or a body within (kind body). @param {any} body as it reads now, or as it was
 */
export function factsOf(state, type, body) {
  return partsOf(body)
    .filter(([name, value]) => isGiven(value) && (!TIES.has(name) || FIELDS[`${type}.${name}`]))
    .sort((a, b) => place(type, a[0]) - place(type, b[0]))
    .flatMap(([name, value]) =>
      name === "letters" ? value.map((letter) => letterFact(state, letter)) : [factOf(state, type, name, value)],
    );
}

function factOf(state, type, name, value) {
  const [question, kind, codes] = fieldOf(type, name) ?? [name, "unknown"];
  const words = kind === "unknown" ? JSON.stringify(value) : (WORDS[kind]?.(value, codes, state) ?? null);
  return { name, label: t(question), words, kind, value, apart: APART.has(name) };
}

function letterFact(state, { kind, ...dates }) {
  const days = Object.entries(dates)
    .filter(([, day]) => day)
    .map(([name, day]) => `${t(FIELDS[`letters.${name}`]?.[0] ?? name)}: ${plainDate(day, state.nowMs)}`);
  return {
    name: "letters",
    label: t(FIELDS["letters.kind"][0]),
    words: [label("letter", kind), ...days].join(". "),
    kind: "letter",
    value: kind,
    apart: false,
  };
}
