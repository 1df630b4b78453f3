/** What stands around a person, as it reads on the card, on an alert and in a crisis: people, agreements, housing, decisions,
 * tasks, planned visits, and the way to the plans. Templates only. */
import { html, nothing } from "../../vendor/lit-html.js";
import "../texts/code_words_more.js";
import { label } from "../texts/codes.js";
import { lower, t, tn } from "../texts/t.js";
import {
  decisionLink,
  endDecisionLink,
  endPlannedLink,
  logLink,
  movePlannedLink,
  personLink,
  planLink,
  taskDoneTap,
  taskLink,
} from "./actions.js";
import { icon } from "./icons.js";
import { standsMenu } from "./menu.js";
import { isEnded, thingsOf } from "./people.js";
import { colleague, daysAway, phoneDigits, plainDate, sentences, when } from "./words.js";

export const plansLink = (clientId) => `/felt/plan/${clientId}`;
/** The plan of this kind that stands, or undefined. */
export const planOf = (state, clientId, kind) => thingsOf(state, "plans", clientId).find((one) => one.kind === kind);
const mayDecide = (state) => state.me.role !== "peer";
const writes = (state) => standsMenu(state.me.role);

/** Written apart, by people who had not seen each other's: shown until somebody has merged them. */
export const twoVersions = (thing, href) =>
  thing.beside?.length
    ? html`<p class="notice" data-color="warning"><b>${t("To versjoner.")}</b> ${t("To har skrevet uten å ha sett hverandres.")} <a class="inline" href=${href}>${t("Slå dem sammen")}</a></p>`
    : nothing;

/** To the plans, from the card and from a crisis: the crisis plan first. */
export function plansWay(state, client, { hasToBe = false } = {}) {
  const plans = thingsOf(state, "plans", client.id);
  const crisis = plans.find((one) => one.kind === "crisis");
  if (!plans.length && hasToBe) return nothing;
  const words = crisis ? t("Kriseplan") : plans.length ? t("Planer") : t("Ingen kriseplan ennå");
  return html`<p><a class="ds-button wide" data-variant="secondary" href=${plansLink(client.id)}>${icon("eye")} ${words}</a></p>`;
}

/** `tapOf`: what is logged when the number is rung. */
const ring = (one, tapOf) =>
  one.phone
    ? html` <a class="inline" href="tel:${phoneDigits(one.phone)}" data-tap=${tapOf?.(one) ?? nothing} aria-label=${t("Ring {name}", { name: one.name })}>${one.phone}</a>`
    : nothing;

/**
 * What somebody may be told stands with them, and first of all what they must not.
 * @param {any} state @param {any} one @param {{mayChange?: boolean, tapOf?: (one: any) => any}} [how]
 */
function person(state, one, { mayChange = false, tapOf } = {}) {
  return html`<li class="person"><p><b>${one.name}</b> <span class="sub">${lower(label("contact_role", one.role))}</span>${ring(one, tapOf)}</p>
    ${one.must_not_be_told ? html`<p class="must-not" data-color="danger">${icon("bang")} <span><b>${t("Må ikke få vite:")}</b> ${one.must_not_be_told}</span></p>` : nothing}
    ${one.may_be_told ? html`<p class="sub">${t("Kan få vite: {what}", { what: one.may_be_told })}</p>` : nothing}
    ${one.call_if_not_found === "yes" ? html`<p class="sub">${t("Kan ringes når vi ikke finner personen.")}</p>` : nothing}
    ${mayChange ? html`${twoVersions(one, personLink(one))}<p><a class="inline" href=${personLink(one)} aria-label=${t("Rett: {what}", { what: one.name })}>${t("Rett")}</a></p>` : nothing}</li>`;
}

const byName = (a, b) => a.name.localeCompare(b.name, "nb");

export const persons = (state, client) =>
  thingsOf(state, "contactPersons", client.id)
    .sort(byName)
    .map((one) => person(state, one, { mayChange: !isEnded(client) }));

/** On the check list of an alert: those the client has said that we may ring, and what they must not be told. */
export function whomToRing(state, client, tapOf) {
  const all = thingsOf(state, "contactPersons", client.id).sort(byName);
  const may = all.filter((one) => one.call_if_not_found === "yes");
  const hushed = all.filter((one) => one.call_if_not_found !== "yes" && one.must_not_be_told);
  if (!may.length && !hushed.length) return nothing;
  return html`<ul class="plain ring">${[...may, ...hushed].map((one) => person(state, one, { tapOf }))}</ul>`;
}

export function agreementsInWords(state, client) {
  const standing = thingsOf(state, "agreements", client.id).filter((one) => one.words && !one.withdrawn_at);
  return standing.map(
    (
      one,
    ) => html`<div class="said"><p><b>${label("agreement_kind", one.kind)}</b> ${one.party ? html`<span class="sub">${one.party}: ${one.purpose}</span>` : nothing}</p>
    <p class="words">«${one.words}»</p>
    <p class="sub">${sentences(one.made_on && t("Avtalt {day}", { day: plainDate(one.made_on, state.nowMs) }), one.confirmed_on && t("bekreftet {day}", { day: plainDate(one.confirmed_on, state.nowMs) }), isPast(one.review_on, state.nowMs) && t("Skulle vært vurdert på nytt {day}.", { day: plainDate(one.review_on, state.nowMs) }))}</p></div>`,
  );
}

const isPast = (day, nowMs) => Boolean(day) && daysAway(Date.parse(`${day}T12:00:00Z`), nowMs) < 0;

/** Where the person lives, and what the municipality has decided. */
export function homeAndDecisions(state, client) {
  const [housing] = thingsOf(state, "housing", client.id);
  const decisions = thingsOf(state, "decisions", client.id).filter((one) => !isPast(one.ended_on, state.nowMs));
  if (!housing && !decisions.length) return nothing;
  return html`<section class="card"><h2>${t("Bolig og vedtak")}</h2><ul class="plain stands">
    ${housing ? html`<li><b>${label("housing", housing.situation)}</b> <span class="sub">${housingWords(state, housing)}</span></li>` : nothing}
    ${decisions.map(
      (one) => html`<li><b>${one.service}</b> <span class="sub">${decisionWords(state, one)}</span>
      ${twoVersions(one, decisionLink(one))}
      ${mayDecide(state) ? html`<p><a class="inline" href=${decisionLink(one)} aria-label=${t("Rett: {what}", { what: one.service })}>${t("Rett")}</a> · <a class="inline" href=${endDecisionLink(one)} aria-label=${t("Avslutt: {what}", { what: one.service })}>${t("Avslutt")}</a></p>` : nothing}</li>`,
    )}</ul></section>`;
}

const housingWords = (state, one) =>
  sentences(
    [
      one.transition && label("housing_transition", one.transition),
      one.dwelling && label("dwelling", one.dwelling),
      one.staffing && label("staffing", one.staffing),
    ]
      .filter(Boolean)
      .join(", "),
    t("Fra {day}", { day: plainDate(one.from_on, state.nowMs) }),
    one.safe && t("Trygt: {answer}", { answer: lower(label("judgement", one.safe)) }),
    one.good && t("Godt: {answer}", { answer: lower(label("judgement", one.good)) }),
    one.contract_end_on && t("Kontrakten går ut {day}", { day: plainDate(one.contract_end_on, state.nowMs) }),
  );

const decisionWords = (state, one) =>
  sentences(
    [
      one.hours && tn(Number(one.hours), "1 time", "{n} timer", { n: one.hours.replace(".", ",") }),
      one.per && lower(label("per", one.per)),
    ]
      .filter(Boolean)
      .join(" "),
    label("decision_ground", one.ground),
    t("Fra {day}", { day: plainDate(one.from_on, state.nowMs) }),
    (one.ended_on ?? one.to_on) && t("Til og med {day}", { day: plainDate(one.ended_on ?? one.to_on, state.nowMs) }),
    one.coordinator_id && t("Koordinator: {name}", { name: colleague(state, one.coordinator_id) }),
  );

/** Tasks and planned visits about this person. */
export function tasksAndVisits(state, client) {
  const tasks = thingsOf(state, "tasks", client.id).sort(byDue);
  const visits = thingsOf(state, "planned", client.id).sort((a, b) => a.at.localeCompare(b.at));
  if (!tasks.length && !visits.length) return nothing;
  return html`<section class="card"><h2>${t("Oppgaver og planlagte besøk")}</h2><ul class="plain stands">
    ${visits.map(
      (
        one,
      ) => html`<li><b>${when(Date.parse(one.at), state.nowMs)}</b> ${one.what ?? t("Planlagt besøk")} <span class="sub">${(one.staff_ids ?? []).map((id) => colleague(state, id)).join(", ")}</span>
      <p><a class="inline" href=${movePlannedLink(one)}>${t("Flytt")}</a> · <a class="inline" href=${endPlannedLink(one)}>${t("Avslutt")}</a></p></li>`,
    )}
    ${tasks.map(
      (
        one,
      ) => html`<li><b>${one.what}</b> <span class="sub">${taskWords(state, one)}</span>${twoVersions(one, taskLink(one))}
      <p><button type="button" class="chip" data-tap=${taskDoneTap(one)} aria-label=${t("Gjort: {what}", { what: one.what })}>${t("Gjort")}</button> <a class="inline" href=${taskLink(one)}>${t("Rett")}</a></p></li>`,
    )}</ul></section>`;
}

export const byDue = (a, b) => (a.due_on ?? "9999").localeCompare(b.due_on ?? "9999");
export const taskWords = (state, one) =>
  [
    one.owner_id && colleague(state, one.owner_id),
    one.due_on &&
      (isPast(one.due_on, state.nowMs)
        ? t("skulle vært gjort {day}", { day: plainDate(one.due_on, state.nowMs) })
        : t("innen {day}", { day: plainDate(one.due_on, state.nowMs) })),
  ]
    .filter(Boolean)
    .join(" · ");

const PLAN = "plan_noted";
/** What is written down to stand: one line of chips, behind a fold. */
export const standsButtons = (state, client) =>
  html`<details class="card"><summary><b>${t("Skriv ned")}</b> <span class="hint">${t("planer, folk rundt, oppgaver, vedtak")}</span></summary><div class="chips">
    ${writes(state).map((type) => html`<a class="chip" href=${type === PLAN ? planLink("crisis", client, planOf(state, client.id, "crisis")) : logLink(type, { client: client.id })}>${label("entry_type", type)}</a>`)}</div></details>`;
