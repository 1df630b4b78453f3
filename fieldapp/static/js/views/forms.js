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
 *   check    (values, ctx) → {field: sentence} · body (body, ctx) → the body sent · unbody (body) → what the fields say, to mend it
 *   now      the time is always now: no line for back-dating
 *   leads    (values, entry) → the page to go to after saving, which says itself what was saved; otherwise to what the entry was about
 *   before   (ctx) → what is saved together with it, ahead of it · intro (ctx) → what stands above the fields
 * A field: {name, kind, label, hint, required, if, list | choices, only, says, warn, number}
 */
import { N, t, lower } from "../texts/t.js";
import { CARE_FORMS } from "./forms_care.js";
import { CONTACT_FORMS } from "./forms_contact.js";
import { HOME_FORMS } from "./forms_home.js";
import { staffOf } from "./people.js";
import { parseKroner } from "./words.js";

/** By what the address calls them. Without a prototype: an address may say anything, also «constructor». */
export const FORMS = Object.assign(Object.create(null), Object.fromEntries([...CONTACT_FORMS, ...HOME_FORMS, ...CARE_FORMS].map((form) => [form.key ?? form.type, form])));

/** Is what the form is about missing on this phone, so that nothing it saved could be taken. */
export const isWithoutSubject = (form, ctx) => Boolean((form.alert && !ctx.alert) || (form.entry && !ctx.entry) || (form.case === "given" && !ctx.case)
  || (form.type === "duty_handed_over" && !ctx.duty) || (/^absence_(confirmed|ended)$/.test(form.type) && !ctx.absence));

const allFields = (form) => [...form.fields, ...(form.more ?? [])];
export const shownFields = (form, values, ctx) => allFields(form).filter((field) => !field.if || field.if(values, ctx));

const isEmpty = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

/** The draft's key: one draft per form and whom it is about. */
export const draftKey = (params) => ["log", params.type, params.client, params.case, params.alert, params.entry, params.duty, params.mend].filter(Boolean).join(":");

/** {field: sentence} for what is missing or can't be read; empty when it can be saved. */
export function problems(form, values, ctx) {
  const found = {};
  for (const field of shownFields(form, values, ctx)) {
    const value = values[field.name];
    if (isEmpty(value)) {
      if (field.required) found[field.name] = t("Mangler: {label}", { label: lower(t(field.label)) });
    } else {
      const wrong = misread(field, value);
      if (wrong) found[field.name] = wrong;
    }
  }
  return { ...found, ...form.check?.(values, ctx) };
}

function misread(field, value) {
  if (field.kind === "money" && parseKroner(value) === null) return t("Skriv beløpet i kroner, for eksempel 14 250,00");
  if (field.kind === "number" && !/^\d+$/.test(String(value).trim())) return t("Skriv et helt tall");
  if (field.kind === "number" && (Number(value) < (field.min ?? 0) || Number(value) > (field.max ?? 1e6))) return t("Tallet ser ikke riktig ut");
  if (field.kind === "text" && value.length > 10_000) return t("Teksten er for lang");
  return "";
}

/** The entry's body: only what is shown and filled in, in the contract's types. */
export function bodyOf(form, values, ctx) {
  const body = {};
  for (const field of shownFields(form, values, ctx)) {
    const value = values[field.name];
    if (!isEmpty(value) && value !== false || value === false && field.kind === "yes") body[field.name] = inContract(field, value, ctx);
  }
  return form.body ? form.body(body, ctx) : body;
}

function inContract(field, value, ctx) {
  if (field.kind === "money") return parseKroner(value);
  if (field.kind === "number" || field.number) return Number(value);
  if (field.kind === "ahead") return ahead(value, ctx.state.nowMs);
  if (field.kind === "moment") return moment(value);
  if (field.kind === "letters") return value.map((letter) => Object.fromEntries(Object.entries(letter).filter(([, part]) => part)));
  return typeof value === "string" ? value.trim() : value;
}

/** "2026-11-24T09:10" from a picker, with the phone's offset, as the contract wants its times. */
export function moment(local) {
  if (/(Z|[+-]\d\d:\d\d)$/.test(local)) return local;
  const offset = -new Date(local).getTimezoneOffset();
  const pad = (n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  return `${local.length === 16 ? `${local}:00` : local}${offset < 0 ? "-" : "+"}${pad(offset / 60)}:${pad(offset % 60)}`;
}

/** "h2" is two hours from now, "m30" thirty minutes, "morning" the next nine o'clock, anything else a picked time. */
export function ahead(value, nowMs) {
  if (/^m\d+$/.test(value)) return new Date(nowMs + Number(value.slice(1)) * 60_000).toISOString();
  if (/^h\d+$/.test(value)) return new Date(nowMs + Number(value.slice(1)) * 3_600_000).toISOString();
  if (value !== "morning") return moment(value);
  const nine = new Date(nowMs);
  nine.setHours(9, 0, 0, 0);
  if (nine.getTime() <= nowMs) nine.setDate(nine.getDate() + 1);
  return nine.toISOString();
}

/** When it happened, from the back-dating line: {} for now, else a chosen time. `_at` is "now", "hour" or a picked time. */
export function timeOf(values, nowMs) {
  if (!values._at || values._at === "now") return {};
  const at = values._at === "hour" ? new Date(nowMs - 3_600_000) : new Date(values._at);
  return Number.isNaN(at.getTime()) ? {} : { occurredAt: at, timeChosen: true };
}

/** What the save button says it saves. */
export function saveWords(form, values, ctx) {
  const what = form.saves?.(values, ctx);
  return what ? t("Lagre: {what}", { what: form.who === "maybe" && ctx.client ? what : lower(what) }) : t(textOf(form.save, values) ?? N("Lagre"));
}

const textOf = (text, values) => (typeof text === "function" ? text(values) : text);

/** Whom an alert can be given to: never oneself, nor an erfaringskonsulent, who is never asked to take one. */
export const takers = (state, teamIds) => staffOf(state, teamIds).filter((one) => one.id !== state.me.id && ["fieldworker", "leader"].includes(one.role));

/** Everything a form may ask about, found by the ids in the address. */
export function contextOf(state, params, mint) {
  const entry = state.entries.get(params.entry);
  const alert = state.alerts.get(params.alert);
  const one = state.cases.get(params.case);
  const client = state.clients.get(params.client ?? one?.client_id ?? alert?.client_id);
  const today = moment(new Date(state.nowMs - new Date(state.nowMs).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)).slice(0, 10);
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
