/**
 * Owns how each kind of field in the form table looks. ui/form.js acts on data-pick, data-set and name.
 * Invariant: autocomplete is off, or the browser keeps what is typed in its own session files, in clear.
 */
import { html, nothing } from "../../vendor/lit-html.js";
import "../texts/code_words_more.js";
import { label, options } from "../texts/codes.js";
import { N, t } from "../texts/t.js";
import { logLink } from "./actions.js";
import { consentWords, consentsOf } from "./basis.js";
import { askable, dutiesOf } from "./duty_list.js";
import { onlyOf, takers, tooLong } from "./forms.js";
import { withNumbers } from "./numbers.js";
import { isEnded, staffOf } from "./people.js";
import { dutyTimes } from "./words.js";

/** A field with its label, its current value and what is wrong with it. */
export function fieldTemplate(field, values, ctx, error) {
  const kind = KINDS[field.kind];
  const id = `f-${field.name}`;
  const value = values[field.name];
  const words = html`${t(field.label)}${field.hint ? html` <span class="hint">${t(field.hint)}</span>` : nothing}`;
  const body = html`${kind.draw(field, value, ctx, id, values)}${aside(field, value)}
    ${error && !tooLong(field, value) ? html`<p class="wrong" id="${id}-wrong" data-color="danger">${error}</p>` : nothing}`;
  return kind.alone
    ? html`<div class="field" data-field=${field.name}><label class="field-label" for=${id}>${words}</label>${body}</div>`
    : html`<fieldset class="field" data-field=${field.name}><legend class="field-label">${words}</legend>${body}</fieldset>`;
}

function aside(field, value) {
  const long = tooLong(field, value);
  if (long) return html`<p class="wrong" id="f-${field.name}-long" data-color="danger" role="status">${long}</p>`;
  if (Object.hasOwn(field.says ?? {}, value)) return html`<p class="means">${withNumbers(t(field.says[value]))}</p>`;
  return field.warn && value === true
    ? html`<p class="notice" data-color="warning">${withNumbers(t(field.warn))}</p>`
    : nothing;
}

export const chip = (
  name,
  code,
  words,
  pressed,
  many = false,
) => html`<button type="button" class="chip" data-pick=${name}
  data-value=${code} ?data-many=${many} aria-pressed=${pressed}>${words}</button>`;

const chips = (list) => html`<div class="chips">${list}</div>`;
/** The team's own words stand as they are. */
const pairs = (field, values, ctx) =>
  field.own?.(ctx) ??
  field.choices?.map(([code, words]) => [code, t(words)]) ??
  options(field.list, onlyOf(field, values, ctx));

const input = (type, extra = {}) => ({
  alone: true,
  draw: (
    field,
    value,
    ctx,
    id,
  ) => html`<input class="ds-input" id=${id} name=${field.name} type=${type} .value=${value ?? ""}
    inputmode=${extra.inputmode ?? nothing} autocomplete="off" aria-required=${field.required ? "true" : nothing}>`,
});

function picked(field, value, list) {
  return chips(list.map(([code, words]) => chip(field.name, code, words, value === code)));
}

/** A landlord of the team sees no alerts, so none, and no duty and no client, is given to one. */
const followsUp = (one) => one.role !== "landlord";
const teamsOf = (ctx) => ctx.client?.team_ids ?? ctx.state.me.teams.map((team) => team.id);
const others = (state, client) =>
  [...state.clients.values()]
    .filter((one) => one.id !== client?.id && !isEnded(one))
    .sort((a, b) => a.name.localeCompare(b.name, "nb"));
const people = (field, ctx) => staffOf(ctx.state, teamsOf(ctx));

const KINDS = {
  line: input("text"),
  tel: input("tel"),
  number: input("text", { inputmode: "numeric" }),
  money: input("text", { inputmode: "decimal" }),
  date: input("date"),
  moment: input("datetime-local"),
  text: {
    alone: true,
    draw: (
      field,
      value,
      ctx,
      id,
    ) => html`<textarea class="ds-input" id=${id} name=${field.name} rows="2" autocomplete="off" .value=${value ?? ""}
      placeholder=${field.placeholder ? t(field.placeholder) : nothing} aria-required=${field.required ? "true" : nothing}></textarea>`,
  },
  lines: {
    alone: true,
    draw: (field, value, _ctx, id) =>
      html`<textarea class="ds-input" id=${id} name=${field.name} rows="3" autocomplete="off" .value=${value ?? ""}></textarea>`,
  },
  one: { draw: (field, value, ctx, _id, values) => picked(field, value, pairs(field, values, ctx)) },
  many: {
    draw: (field, value = [], ctx, _id, values) =>
      chips(
        pairs(field, values, ctx).map(([code, words]) => chip(field.name, code, words, value.includes(code), true)),
      ),
  },
  yes: {
    draw: (field, value) =>
      chips(
        [
          ["yes", true, t("Ja")],
          ["no", false, t("Nei")],
        ].map(([code, answer, words]) => chip(field.name, code, words, value === answer)),
      ),
  },
  switch: {
    draw: (field, value) =>
      chips(chip(field.name, "on", value ? t(field.on ?? N("Ja, privat")) : t("Nei"), Boolean(value))),
  },
  time: input("time"),
  decimal: input("text", { inputmode: "decimal" }),
  rows: { draw: rowsOf },
  staff: {
    draw: (field, value, ctx) =>
      picked(
        field,
        value,
        people(field, ctx)
          .filter(followsUp)
          .map((one) => [one.id, one.id === ctx.state.me.id ? t("Meg") : one.name]),
      ),
  },
  taker: {
    draw: (field, value, ctx) =>
      picked(
        field,
        value,
        takers(ctx.state, teamsOf(ctx)).map((one) => [one.id, one.name]),
      ),
  },
  colleague: {
    draw: (field, value, { state, duty }) =>
      picked(
        field,
        value,
        askable(state, duty).map((one) => [one.id, one.name]),
      ),
  },
  theirs: {
    draw: (field, value, { state, duty }, _id, values) =>
      picked(
        field,
        value,
        dutiesOf(state, values.to_staff_id, duty.team_id).map((one) => [one.id, dutyTimes(one, state.nowMs)]),
      ),
  },
  staffname: {
    draw: (field, value, ctx) =>
      picked(
        field,
        value,
        people(field, ctx).map((one) => [one.name, one.id === ctx.state.me.id ? t("Meg") : one.name]),
      ),
  },
  staffs: {
    draw: (field, value = [], ctx) =>
      chips(
        people(field, ctx)
          .filter((one) => followsUp(one) && (field.meToo || one.id !== ctx.state.me.id))
          .map((one) =>
            chip(field.name, one.id, one.id === ctx.state.me.id ? t("Meg") : one.name, value.includes(one.id), true),
          ),
      ),
  },
  landlords: {
    draw: (field, value = [], ctx) =>
      chips(field.people(ctx).map((one) => chip(field.name, one.id, one.name, value.includes(one.id), true))),
  },
  consents: {
    draw: (field, value, { state, client }) => {
      const given = consentsOf(state, client);
      return given.length
        ? picked(
            field,
            value,
            given.map((one) => [one.id, consentWords(one, state.nowMs)]),
          )
        : html`<p class="means">${t("Brukeren har ikke gitt noe samtykke som er ført.")}
            <a class="inline" href=${logLink("agreement_recorded", { client: client.id })}>${t("Før samtykket")}</a></p>`;
    },
  },
  preview: { draw: (field, _value, ctx, _id, values) => html`<p class="means">«${field.words(values, ctx)}»</p>` },
  client: {
    alone: true,
    draw: (
      field,
      value,
      { state, client },
      id,
    ) => html`<select class="ds-input" id=${id} name=${field.name}><option value="">${t("Ikke valgt")}</option>
      ${others(state, client).map((one) => html`<option value=${one.id} ?selected=${one.id === value}>${one.name}</option>`)}</select>`,
  },
  team: {
    draw: (field, value, { state }) =>
      picked(
        field,
        value,
        (field.all ? [...state.teams.values()] : state.me.teams).map((team) => [team.id, team.name]),
      ),
  },
  counts: { draw: countsOf },
  places: { draw: placesOf },
  letters: { draw: lettersOf },
  ago: { draw: (field, value, ctx, id) => agoOf(field, value, ctx, id) },
  ahead: {
    draw: (field, value, ctx, id) => html`${picked(field, value, [
      ...(field.minutes ?? []).map((n) => [`m${n}`, n % 60 ? t("{n} min", { n }) : t("{n} t", { n: n / 60 })]),
      ...(field.hours ?? []).map((n) => [`h${n}`, t("Om {n} t", { n })]),
      ...(field.morning ? [["morning", t("Neste morgen 09.00")]] : []),
    ])}<label class="or" for=${id}>${t("eller velg tid")}</label>
    <input class="ds-input" id=${id} name=${field.name} type="datetime-local" .value=${/^\d{4}-/.test(value ?? "") ? value : ""}>`,
  },
};

/** The times that are said in words, and a picker for any other. */
const AGO = [
  ["hour", N("For 1 t siden")],
  ["night", N("I natt")],
  ["evening", N("I går kveld")],
];
const agoOf = (field, value, _ctx, id) => html`${picked(
  field,
  value,
  AGO.map(([code, words]) => [code, t(words)]),
)}<label class="or" for=${id}>${t("eller velg tid")}</label>
    <input class="ds-input" id=${id} name=${field.name} type="datetime-local" .value=${/^\d{4}-/.test(value ?? "") ? value : ""}>`;

/** Each tap hands out one more; the minus takes one back. */
function countsOf(field, value = {}) {
  return chips(
    options(field.list).map(
      ([code, words]) => html`<span class="pair">
    <button type="button" class="chip" data-count=${field.name} data-value=${code} data-by="1" aria-pressed=${Boolean(value[code])}>${words}${value[code] ? html` <b>${value[code]}</b>` : nothing}</button>
    ${value[code] ? html`<button type="button" class="chip" data-count=${field.name} data-value=${code} data-by="-1" aria-label=${t("Én færre: {what}", { what: words })}>−</button>` : nothing}</span>`,
    ),
  );
}

/** The places used most lately as chips, and a line for a new one. */
function placesOf(field, value, ctx, id) {
  return html`${picked(
    field,
    value,
    usedPlaces(ctx.state).map((place) => [place, place]),
  )}
    <input class="ds-input" id=${id} name=${field.name} type="text" autocomplete="off" .value=${value ?? ""} aria-label=${t("Et annet sted")} placeholder=${t("Et annet sted")}>`;
}

/** Place names of the last street contacts, the most used first, then the teams' own; else some that fit anywhere. */
export function usedPlaces(state) {
  const uses = new Map();
  for (const entry of state.entries.values()) {
    if (entry.type === "street_contact_logged" && entry.body.place_label)
      uses.set(entry.body.place_label, (uses.get(entry.body.place_label) ?? 0) + 1);
  }
  const common = [...uses].sort((a, b) => b[1] - a[1]).map(([place]) => place);
  const own = [...state.teams.values()].flatMap((team) => team.places?.split(",").map((place) => place.trim()) ?? []);
  const usual = [t("Sentrum"), t("Havna"), t("Parken"), t("Stasjonen")];
  return own.length ? [...new Set([...common.slice(0, 6), ...own])] : [...new Set([...common, ...usual])].slice(0, 6);
}

/** Lines of several parts: each can be taken out, and there is room for one more. ui/form_rows.js acts on data-row. */
function rowsOf(field, value = []) {
  return html`${value.map(
    (row, i) => html`<div class="letter">
      ${field.parts.map(
        (part) =>
          html`<label>${t(part.label)} <input class="ds-input" type=${part.kind === "date" ? "date" : "text"} autocomplete="off" data-row=${field.name} data-at=${i} data-part=${part.name} .value=${row[part.name] ?? ""}></label>`,
      )}
      <button type="button" class="chip" data-row-drop=${field.name} data-at=${i} aria-label=${t("Fjern: {what}", { what: `${t(field.label)} ${i + 1}` })}>${t("Fjern")}</button>
    </div>`,
  )}
    ${chips(html`<button type="button" class="chip" data-row-add=${field.name}>${t(field.add)}</button>`)}`;
}

/** Letters shown so far, each with its date, and chips for one more. */
function lettersOf(field, value = []) {
  return html`${value.map(
    (letter, i) => html`<div class="letter">
      <b>${label("letter", letter.kind)}</b>
      <label>${t("Dato på brevet")} <input class="ds-input" type="date" data-letter=${i} data-part="dated_on" .value=${letter.dated_on ?? ""}></label>
      ${letter.kind === "eviction_notice" ? html`<label>${t("Sendt, hvis du vet det")} <input class="ds-input" type="date" data-letter=${i} data-part="sent_on" .value=${letter.sent_on ?? ""}></label>` : nothing}
      ${letter.kind === "bailiff_letter" ? html`<label>${t("Kom fram")} <input class="ds-input" type="date" data-letter=${i} data-part="received_on" .value=${letter.received_on ?? ""}></label>` : nothing}
      <button type="button" class="chip" data-letter-drop=${i} aria-label=${t("Fjern: {what}", { what: label("letter", letter.kind) })}>${t("Fjern")}</button>
    </div>`,
  )}
    ${chips(
      options(field.list)
        .filter(([code]) => !value.some((letter) => letter.kind === code))
        .map(([code, words]) => html`<button type="button" class="chip" data-letter-add=${code}>${words}</button>`),
    )}`;
}
