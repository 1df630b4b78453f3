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
 *   alert, entry, duty, absence   about one that must be on the phone
 *   goesIn   what to know before going in stands above it · meets (at_home, outdoors) that the client is away does
 *   anew     a correction of it is a new entry of the same type
 *   living   asks something of, or for, somebody alive: never opened for the dead
 *   now      the time is always now: no line for back-dating
 *   leads    (values, entry) → the page to go to after saving, which says itself what was saved; otherwise to what the entry was about
 *   before   (ctx) → what is saved together with it, ahead of it · intro (ctx) → what stands above the fields
 * A field: {name, kind, label, hint, required, if, list | choices, only, says, warn, number, max, past}
 *   only     the codes that can be chosen, or (values, ctx) → them · max: characters, else by its kind · past: has happened
 */
import { cleanName } from "../core/names.js";
import { options } from "../texts/codes.js";
import { N, t, lower } from "../texts/t.js";
import { CARE_FORMS } from "./forms_care.js";
import { CONTACT_FORMS } from "./forms_contact.js";
import { HOME_FORMS } from "./forms_home.js";
import { REPORT_FORMS } from "./forms_report.js";
import { staffOf } from "./people.js";
import { ahead, localMinute, moment, timeOf } from "./form_times.js";
import { daysAway, parseKroner } from "./words.js";

export { ahead, moment, timeOf };

/** By what the address calls them. Without a prototype: an address may say anything, also «constructor». */
export const FORMS = Object.assign(
  Object.create(null),
  Object.fromEntries(
    [...CONTACT_FORMS, ...HOME_FORMS, ...CARE_FORMS, ...REPORT_FORMS].map((form) => [form.key ?? form.type, form]),
  ),
);

/** Is what the form is about missing on this phone, so that nothing it saved could be taken. */
export const isWithoutSubject = (form, ctx) =>
  Boolean(
    (form.alert && !ctx.alert) ||
      (form.entry && !ctx.entry) ||
      (form.case === "given" && !ctx.case) ||
      (form.duty && !ctx.duty) ||
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
  ["log", params.type, params.client, params.case, params.alert, params.entry, params.duty, params.mend]
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
  if (field.kind === "number" && !/^\d+$/.test(String(value).trim())) return t("Skriv et helt tall");
  if (field.kind === "number" && (Number(value) < (field.min ?? 0) || Number(value) > (field.max ?? 1e6)))
    return t("Tallet ser ikke riktig ut");
  return "";
}

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
  if (field.past && isAhead(Date.parse(moment(value)), nowMs)) return hasNotHappened();
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
  const max = maxOf(field);
  if (!max || typeof value !== "string" || value.length <= max) return "";
  const excess = [...value.trim()].length - max;
  return excess > 0
    ? t("Teksten er {excess} tegn for lang. Det er plass til {max}.", { excess: spaced(excess), max: spaced(max) })
    : "";
}

const spaced = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u00a0");

/** Values an address may carry, where the form offers them: the outcome of a button, the steps already tried. */
export function givenIn(form, { outcome, tried, ground }, ctx) {
  const values = {};
  const codes = (name) => {
    const field = allFields(form).find((one) => one.name === name);
    return field?.list ? options(field.list, onlyOf(field, values, ctx)).map(([code]) => code) : [];
  };
  if (codes("outcome").includes(outcome)) values.outcome = outcome;
  if (codes("ground").includes(ground)) values.ground = ground;
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
  if (field.kind === "moment") return moment(value);
  if (field.kind === "letters")
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

/** Everything a form may ask about, found by the ids in the address. */
export function contextOf(state, params, mint) {
  const entry = state.entries.get(params.entry);
  const alert = state.alerts.get(params.alert);
  const one = state.cases.get(params.case);
  const client = state.clients.get(params.client ?? one?.client_id ?? alert?.client_id ?? entry?.client_id);
  const today = localMinute(state.nowMs).slice(0, 10);
  const duty = (state.duty ?? []).find((row) => row.id === params.duty);
  return { state, client, alert, entry, case: one, duty, mint, today, absence: state.absences?.get(params.absence) };
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
