/**
 * The start page of an oppsøkende peer: a street contact in two taps, somebody they know in four, and what they have logged
 * today. Nothing here asks them to look after an alert; a crisis, and what is asked about themselves, they see.
 */
import { html, nothing } from "../../vendor/lit-html.js";
import { search as ranked } from "../core/replica/search.js";
import { t, tn } from "../texts/t.js";
import { subjectOfEntryLink } from "./actions.js";
import { mayBeNamed } from "./entry.js";
import { fieldTemplate } from "./fields.js";
import { FORMS, aboutOf, contextOf, saveWords, shownFields } from "./forms.js";
import { icon } from "./icons.js";
import { formNotices, lead, moreFields, timeLine } from "./log.js";
import { entryLink, header, section } from "./parts.js";
import { clientName, isStanding, mineLately, occurred, said } from "./people.js";
import { pickOrder } from "./picker.js";
import { isMine } from "./safety.js";
import { fireCard, lockedCard, unsent } from "./today.js";
import { clock, longDate } from "./words.js";

/** What the page saves, as an address would name it. */
export const STREET = { type: "street" };

const FIRST_NAMES = 12;
const SHOWN = 8;
const DAY = 86_400_000;

export function streetView(state, params) {
  const teams = state.me.teams.map((team) => team.name).join(", ");
  return html`${header(state, t("I dag"), { sub: [longDate(state.nowMs), teams].filter(Boolean).join(" · ") })}
    ${unsent(state)}
    ${lockedCard(state)}
    ${(params.rows?.fire ?? []).filter((row) => concerns(state, row)).map((row) => fireCard(state, row, false))}
    ${form(state, params)}
    ${today(state)}`;
}

/** A crisis that goes on, and what is asked of me about myself. */
const concerns = (state, { alert, crisis }) =>
  Boolean(crisis) || alert?.kind === "crisis" || (alert && isMine(state, alert));

function form(state, params) {
  const { values, errors = {}, saving } = params.form;
  const start = FORMS.street;
  const ctx = contextOf(state, aboutOf(params.query, values));
  const shown = shownFields(start, values, ctx);
  const [place, people, private_] = start.fields;
  const [equipment, ...more] = start.more.filter((one) => shown.includes(one));
  const field = (one) => (one ? fieldTemplate(one, values, ctx, errors[one.name]) : nothing);
  return html`<form class="log" data-form=${start.type} autocomplete="off" novalidate>
      ${formNotices(state, params.form)}
      <div class="card">
        ${lead(state, start, ctx, values)}
        ${[place, people].map(field)}
        ${whom(state, params, ctx)}
        ${[equipment, private_].map(field)}
        ${timeLine(values, state, errors._at)}
        ${moreFields(start, more, params.form, field)}
      </div>
      <div class="save"><button class="ds-button wide" type="submit" ?disabled=${saving}>${saveWords(start, values, ctx)}</button></div>
    </form>`;
}

/** No name, or one of those they know: the names stand behind one more tap, since others may see the screen. */
function whom(state, params, { client }) {
  const { values } = params.form;
  const open = values._known === "open";
  return html`<fieldset class="field" data-field="_client"><legend class="field-label">${t("Hvem?")}</legend><div class="chips">
    <button type="button" class="chip" data-pick="_client" data-value="" aria-pressed=${!client}>${t("Uten navn")}</button>
    <button type="button" class="chip" data-pick="_known" data-value="open" aria-pressed=${Boolean(client)} aria-expanded=${open}>${client ? client.name : t("En jeg kjenner")}</button></div>
    ${open ? names(state, params, client) : nothing}</fieldset>`;
}

function names(state, { recent, search = "" }, chosen) {
  const found = pickOrder(state, ranked(state.clients.values(), search), { recent, typed: search });
  return html`<p class="search"><label class="ds-sr-only" for="street-search">${t("Søk etter bruker")}</label>${icon("search")}
      <input class="ds-input" id="street-search" type="search" data-search placeholder=${t("Navn, fødselsår eller adresse")} autocomplete="off" .value=${search}></p>
    ${
      found.length
        ? html`<div class="chips">${found.slice(0, FIRST_NAMES).map((one) => html`<button type="button" class="chip" data-pick="_client" data-value=${one.id} aria-pressed=${one.id === chosen?.id}>${one.name}</button>`)}</div>`
        : html`<p class="means">${search ? t("Ingen treff på «{text}». Prøv færre bokstaver, fødselsår eller adresse.", { text: search }) : t("Ingen brukere ennå.")}</p>`
    }
    ${found.length > FIRST_NAMES ? html`<p class="means">${t("Søk for å finne flere.")}</p>` : nothing}`;
}

/** My street contacts of the last day, the newest first; somebody met without a name is tied to them when they wish it. */
function today(state) {
  const mine = [...state.entries.values()]
    .filter(
      (one) =>
        one.type === "street_contact_logged" &&
        one.author_id === state.me.id &&
        occurred(one) > state.nowMs - DAY &&
        isStanding(state, one),
    )
    .sort((a, b) => occurred(b) - occurred(a))
    .slice(0, SHOWN);
  const isNew = new Set(mineLately(state));
  const later = mine.filter((one) => !isNew.has(one) && mayBeNamed(state, one));
  return html`${section(
    t("Ført siste døgn"),
    mine.map((one) => row(state, one, isNew.has(one) ? undo(one) : later.includes(one) ? nameIt(one) : null)),
    { count: 0 },
  )}
    ${later.length ? html`<p class="means">${t("Vil den du møtte at det skal stå på navnet sitt? Trykk «Hvem gjaldt det?».")}</p>` : nothing}`;
}

function row(state, entry, action) {
  const { people, private: isPrivate } = said(entry);
  const who = entry.client_id ? clientName(state, entry.client_id) : tn(people, "1 person", "{n} personer");
  const how = [clock(occurred(entry)), isPrivate && t("privat"), entry.local ? t("lagret på telefonen") : t("mottatt")];
  return html`<li class="row"><a class="row-main" href=${entryLink(entry.id)}><b>${said(entry).place_label}, ${who}</b><span class="sub">${how.filter(Boolean).join(" · ")}</span></a>${action ?? nothing}</li>`;
}

const undo = (entry) =>
  html`<button type="button" class="ds-button" data-variant="secondary" data-undo=${entry.id} aria-label=${t("Angre: {what}", { what: placeAndTime(entry) })}>${t("Angre")}</button>`;

const nameIt = (entry) =>
  html`<a class="ds-button" data-variant="secondary" href=${subjectOfEntryLink(entry)} aria-label=${`${t("Hvem gjaldt det?")} ${placeAndTime(entry)}`}>${t("Hvem gjaldt det?")}</a>`;

const placeAndTime = (entry) => `${said(entry).place_label}, ${clock(occurred(entry))}`;
