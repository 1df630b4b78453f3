/** Owns the table of everything that can be logged, and how what a person filled in becomes an entry. Pure, no templates.
 *
 * A form: {type, title, icon, who, fields, …}
 *   key      what the address calls it, when the same type has another form besides
 *   who      client · maybe (may be nobody) · mint (this entry makes the client) · none
 *   case     new (this entry opens a case) · given
 *   fields   what always shows; `more` is behind «Mer», `moreLabel` says what is there
 *   preset   (ctx) → first values · changed (values, name, ctx) → values after a change
 *   saves    (values, ctx) → the word after «Lagre:» · save: the button's words otherwise · saved: the toast's words; the two are
 *            texts, or (values) → text
 *   check    (values, ctx) → {field: sentence} · body (body, ctx, values) → the body sent · unbody (body) → what the fields say, to mend it
 *   alert, entry, duty, absence, thing   about one that must be on the phone; a thing is what stands (fold/standing.js)
 *   goesIn   what to know before going in stands above it · meets (at_home, outdoors) that the client is away does
 *   anew     a correction of it is a new entry of the same type · takenBack: what ends when it is taken back
 *   living   asks something of, or for, somebody alive: never opened for the dead
 *   now      the time is always now: no line for back-dating
 *   leads    (values, entry) → the page to go to after saving, which says itself what was saved; otherwise to what the entry was about
 *   before   (ctx) → what is saved together with it, ahead of it
 * A field: {name, kind, label, hint, required, if, list | choices | own, only, says, warn, number, max, past, meToo}
 *   only     the codes that can be chosen, or (values, ctx) → them · max: characters, else by its kind · past: has happened
 *   own      (ctx) → [code, words] of the team's own · meToo    among the people to choose is oneself
 */
import "../texts/code_words_more.js";
import { cleanName } from "../core/names.js";
import { options } from "../texts/codes.js";
import { N, t, lower } from "../texts/t.js";
import { ABSENCE_FORMS } from "./forms_absence.js";
import { BOARD_FORMS } from "./forms_board.js";
import { CONTACT_FORMS } from "./forms_contact.js";
import { DUTY_FORMS } from "./forms_duty.js";
import { FACT_FORMS } from "./forms_facts.js";
import { HOME_FORMS } from "./forms_home.js";
import { HOMECOMING_FORMS } from "./forms_homecoming.js";
import { INCIDENT_FORMS } from "./forms_incidents.js";
import { LINK_FORMS } from "./forms_links.js";
import { PERSON_FORMS } from "./forms_person.js";
import { PLAN_FORMS } from "./forms_plans.js";
import { REPORT_FORMS } from "./forms_report.js";
import { WATCH_FORMS } from "./forms_watch.js";
import { staffOf } from "./people.js";
import { ago, ahead, localMinute, moment, timeOf } from "./form_times.js";
import { parseKroner } from "./money.js";
import { daysAway } from "./words.js";

export { ahead, moment, timeOf };

/** By what the address calls them. Without a prototype: an address may say anything, also «constructor». */
export const FORMS = Object.assign(
  Object.create(null),
  Object.fromEntries(
    [
      ...CONTACT_FORMS,
      ...HOME_FORMS,
      ...PERSON_FORMS,
      ...ABSENCE_FORMS,
      ...WATCH_FORMS,
      ...DUTY_FORMS,
      ...REPORT_FORMS,
      ...FACT_FORMS,
      ...INCIDENT_FORMS,
      ...LINK_FORMS,
      ...HOMECOMING_FORMS,
      ...PLAN_FORMS,
      ...BOARD_FORMS,
    ].map((/** @type {any} */ form) => [form.key ?? form.type, form]),
  ),
);

/** Is what the form is about missing on this phone, so that nothing it saved could be taken. */
export const isWithoutSubject = (form, ctx) =>
  Boolean(
    (form.alert && !ctx.alert) ||
      (form.entry && !ctx.entry) ||
      (form.case === "given" && !ctx.case) ||
      (form.duty && !ctx.duty) ||
      (form.thing && !ctx.thing) ||
      (form.absence && !ctx.absence),
  );

const allFields = (form) => [...form.fields, ...(form.more ?? [])];
export const shownFields = (form, values, ctx) => allFields(form).filter((field) => !field.if || field.if(values, ctx));

/** One line of text: a name, a place, an address. */
const isLine = (field) => field.kind === "line" || field.kind === "places";

export const isEmpty = (value) =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

/** The draft's key: one draft per form and whom it is about. */
export const draftKey = (params) =>
  ["log", params.type, params.client, params.case, params.alert, params.entry, params.duty, params.thing, params.mend]
    .filter(Boolean)
    .join(":");

/** {field: sentence} for what is missing or can't be read; empty when it can be saved. */
export function problems(form, values, ctx) {
  const found = form.now ? {} : wrongTime(values, ctx.state.nowMs);
  for (const field of shownFields(form, values, ctx)) {
    const value = values[field.name];
    if (isEmpty(value)) {
      if (field.required) found[field.name] = t("Mangler: {label}", { label: lower(t(field.label)) });
    } else {
      const wrong =
        misread(field, value) ||
        offered(field, value, values, ctx) ||
        tooLong(field, value) ||
        wrongMoment(field, value, ctx.state.nowMs);
      if (wrong) found[field.name] = wrong;
    }
  }
  return { ...found, ...form.check?.(values, ctx) };
}

function misread(field, value) {
  if (isLine(field) && (field.required || value.trim()) && !cleanName(value)) return t("Skriv noe som kan leses");
  if (field.kind === "money" && parseKroner(value) === null) return t("Skriv beløpet i kroner, for eksempel 14 250,00");
  if (field.kind === "decimal" && !DECIMAL.test(value.trim())) return t("Skriv et tall, for eksempel 3,5");
  if (
    field.kind === "rows" &&
    value.some((row) => field.parts.some((part) => part.required && !row[part.name]?.trim()))
  )
    return t("Fyll ut hver linje, eller fjern den.");
  if (field.kind === "number" && !/^\d+$/.test(String(value).trim())) return t("Skriv et helt tall");
  if (field.kind === "number" && (Number(value) < (field.min ?? 0) || Number(value) > (field.max ?? 1e6)))
    return t("Tallet ser ikke riktig ut");
  return "";
}

const DECIMAL = /^\d{1,3}([.,]\d{1,2})?$/;
const linesIn = (text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

const hasNotHappened = () => t("Det har ikke skjedd ennå.");
// A picker knows minutes: the one that runs has begun.
const isAhead = (at, nowMs) => at > nowMs + 60_000;

/** What was logged has happened: a visit is never at a time ahead. */
function wrongTime({ _at: at }, nowMs) {
  if (at === "pick") return { _at: t("Velg når det skjedde.") };
  const { occurredAt } = timeOf({ _at: at }, nowMs);
  return occurredAt && isAhead(occurredAt.getTime(), nowMs) ? { _at: hasNotHappened() } : {};
}

/** The same for the other moments of a form: what is over is not ahead, and what is planned is not over. */
function wrongMoment(field, value, nowMs) {
  const at = field.kind === "ago" ? ago(value, nowMs) : moment(value);
  if (field.past && isAhead(Date.parse(at), nowMs)) return hasNotHappened();
  if (
    field.kind === "letters" &&
    value.some((letter) =>
      [letter.sent_on, letter.received_on].some((day) => day && daysAway(Date.parse(`${day}T12:00Z`), nowMs) > 0),
    )
  )
    return hasNotHappened();
  if (field.kind === "ahead" && !(Date.parse(ahead(value, nowMs)) > nowMs))
    return t("Velg et tidspunkt som ikke er passert.");
  return "";
}

/** The codes a field offers now, or undefined for all of its list. */
export const onlyOf = (field, values, ctx) => (typeof field.only === "function" ? field.only(values, ctx) : field.only);

/** What can't be chosen now is not saved because an address, a draft or an older choice holds it. */
function offered(field, value, values, ctx) {
  const only = typeof field.only === "function" ? field.only(values, ctx) : null;
  return only && !only.includes(value) ? t(field.denied ?? "Dette kan ikke velges her.") : "";
}

const MAX = { text: 2_000, line: 500, tel: 100, places: 200 };
/** Characters the contract has room for (sync/vectors/bodies.json), or undefined. */
export const maxOf = (field) => field.max ?? (field.name === "note" ? 10_000 : MAX[field.kind]);

/** "Teksten er 12 tegn for lang. Det er plass til 2 000.", or "". Characters are code points, as the server counts them. */
export function tooLong(field, value) {
  if (isEmpty(value)) return "";
  if (field.kind === "lines")
    return (
      linesIn(value)
        .map((line) => tooLong({ kind: "line" }, line))
        .find(Boolean) ?? ""
    );
  if (field.kind === "rows")
    return (
      rowsOf(field, value)
        .map(([part, text]) => tooLong(part, text))
        .find(Boolean) ?? ""
    );
  const max = maxOf(field);
  if (!max || typeof value !== "string" || value.length <= max) return "";
  const excess = [...value.trim()].length - max;
  return excess > 0
    ? t("Teksten er {excess} tegn for lang. Det er plass til {max}.", { excess: spaced(excess), max: spaced(max) })
    : "";
}

const rowsOf = (field, rows) => rows.flatMap((row) => field.parts.map((part) => [part, row[part.name] ?? ""]));

const spaced = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u00a0");

/** Values an address may carry, where the form offers them: the outcome of a button, the steps already tried. */
export function givenIn(form, { outcome, tried, ground, kind, urgency }, ctx) {
  const values = {};
  const codes = (name) => {
    const field = allFields(form).find((one) => one.name === name);
    return field?.list ? options(field.list, onlyOf(field, values, ctx)).map(([code]) => code) : [];
  };
  if (codes("outcome").includes(outcome)) values.outcome = outcome;
  if (codes("ground").includes(ground)) values.ground = ground;
  if (codes("urgency").includes(urgency)) values.urgency = urgency;
  if (form.type === "plan_noted" && codes("kind").includes(kind)) values.kind = kind;
  const steps = (tried ?? "").split(",").filter((step) => codes("tried").includes(step));
  if (steps.length) values.tried = steps;
  return values;
}

/** The entry's body: only what is shown and filled in, in the contract's types. */
export function bodyOf(form, values, ctx) {
  const body = {};
  for (const field of shownFields(form, values, ctx)) {
    const value = values[field.name];
    if ((!isEmpty(value) && value !== false) || (value === false && field.kind === "yes"))
      body[field.name] = inContract(field, value, ctx);
  }
  return form.body ? form.body(body, ctx, values) : body;
}

function inContract(field, value, ctx) {
  if (field.kind === "money") return parseKroner(value);
  if (field.kind === "number" || field.number) return Number(value);
  if (field.kind === "ahead") return ahead(value, ctx.state.nowMs);
  if (field.kind === "ago") return ago(value, ctx.state.nowMs);
  if (field.kind === "moment") return moment(value);
  if (field.kind === "decimal") return value.trim().replace(",", ".");
  if (field.kind === "lines") return linesIn(value);
  if (field.kind === "letters" || field.kind === "rows")
    return value.map((letter) => Object.fromEntries(Object.entries(letter).filter(([, part]) => part)));
  if (isLine(field)) return cleanName(value);
  return typeof value === "string" ? value.trim() : value;
}

/** What the save button says it saves. */
export function saveWords(form, values, ctx) {
  const what = form.saves?.(values, ctx);
  return what
    ? t("Lagre: {what}", { what: form.who === "maybe" && ctx.client ? what : lower(what) })
    : t(textOf(form.save, values) ?? N("Lagre"));
}

const textOf = (text, values) => (typeof text === "function" ? text(values) : text);

/** Whom an alert can be given to: never oneself, nor an erfaringskonsulent, who is never asked to take one. */
export const takers = (state, teamIds) =>
  staffOf(state, teamIds).filter((one) => one.id !== state.me.id && ["fieldworker", "leader"].includes(one.role));

const THINGS = [
  "risks",
  "plans",
  "contactPersons",
  "agreements",
  "housing",
  "decisions",
  "tasks",
  "handovers",
  "planned",
];

/** What stands under this id, of whatever kind. @param {any} state @param {string | undefined} id */
const thingIn = (state, id) => (id ? THINGS.map((name) => state[name]?.get(id)).find(Boolean) : undefined);

/** What a form is about: what its address names, and whoever was chosen on the page itself. */
export const aboutOf = (query, values) => (values?._client ? { ...query, client: values._client } : query);

/** Everything a form may ask about, found by the ids in the address. */
export function contextOf(state, params, mint) {
  const entry = state.entries.get(params.entry);
  const alert = state.alerts.get(params.alert);
  const one = state.cases.get(params.case);
  const thing = thingIn(state, params.thing);
  const client = state.clients.get(
    params.client ?? one?.client_id ?? alert?.client_id ?? entry?.client_id ?? thing?.client_id,
  );
  const today = localMinute(state.nowMs).slice(0, 10);
  const duty = (state.duty ?? []).find((row) => row.id === params.duty);
  const absence = state.absences?.get(params.absence);
  return { state, client, alert, entry, case: one, duty, thing, mint, today, absence };
}

/** What the toast says was saved. */
export function savedWords(form, values, ctx) {
  const saved = textOf(form.saved, values);
  if (saved) return t(saved);
  return lower((form.who !== "maybe" && form.saves?.(values, ctx)) || t(form.title));
}

/** The body of a rejected entry as form values, so that it can be mended. */
export function valuesOf(form, sent) {
  const body = form.unbody ? form.unbody(sent) : sent;
  const values = {};
  for (const field of allFields(form)) {
    const value = body[field.name];
    if (value !== undefined) values[field.name] = typeof value === "number" ? String(value) : value;
  }
  return values;
}
