/** One case: rent, complaint or crisis. What it is, what can happen from when, what must be answered by when, and its timeline. */
import { html, nothing } from "../../vendor/lit-html.js";
import "../texts/code_words_more.js";
import { label, options } from "../texts/codes.js";
import { N, t } from "../texts/t.js";
import { ENTRY_TYPES } from "../core/entry_types.js";
import { closeCrisisLink, logLink, subjectOfCaseLink, tap } from "./actions.js";
import { nobodyWords, ownerWords, toldWords } from "./alert_words.js";
import { caseReason, caseTitle, factsOf, hasNextStep } from "./case_words.js";
import { isUnconfirmed } from "./entry.js";
import { entryDetail } from "./entry_detail.js";
import { entryTitle } from "./entry_words.js";
import { icon } from "./icons.js";
import { withNumbers } from "./numbers.js";
import { clientName, isOpen, isStanding, mayCorrect, occurred, said } from "./people.js";
import { alertingDown, clientLink, entryLink, header, notSent, urgentUnsent } from "./parts.js";
import { whereTo } from "./place.js";
import { beforeGoingIn } from "./risk.js";
import { plansWay } from "./stands.js";
import { myHelp } from "./safety.js";
import { legalDates } from "./tenancy.js";
import { byWhom, clock, colleague, phoneDigits, stopwatch, when } from "./words.js";

const TITLES = {
  __proto__: null,
  rent: N("Husleie"),
  complaint: N("Naboklage"),
  housing: N("Hendelse i boligen"),
  crisis: N("Krise"),
};
/** What is written in a case of this kind once it is open. @param {string} kind */
const updateOf = (kind) =>
  Object.keys(ENTRY_TYPES).find((type) => ENTRY_TYPES[type].case === kind && ENTRY_TYPES[type].points_at === "case");

export function caseEntries(state, id) {
  return [...state.entries.values()]
    .filter((entry) => entry.case_id === id && isStanding(state, entry))
    .sort((a, b) => occurred(b) - occurred(a));
}

export function caseView(state, { id, phone }) {
  const one = state.cases.get(id);
  if (!one)
    return html`${header(state, t("Sak"), { back: "/felt" })}<p class="card quiet">${t("Denne saken er ikke på telefonen. Er den ny, kommer den når du har dekning.")}</p>`;
  return one.kind === "crisis" ? crisisView(state, one, phone) : tenancyView(state, one);
}

function tenancyView(state, one) {
  const facts = factsOf(one);
  return html`${header(state, t(TITLES[one.kind] ?? "Sak"), { sub: clientName(state, one.client_id), back: clientLink(one.client_id) })}
    <section class="card">
      <h2>${caseTitle(one)}</h2>
      <p class="sub">${[caseStatus(one), one.owner_id && t("eier: {name}", { name: colleague(state, one.owner_id) })].filter(Boolean).join(" · ")}</p>
      ${isOpen(one) && !isOutsider(state) ? html`<p>${hasNextStep(one) ? html`<b>${t("Neste steg")}:</b> ${caseReason(one, state.nowMs)}` : t("Neste steg er ikke valgt.")}</p>` : nothing}
      ${isOpen(one) ? legalDates(facts.letters).map(({ words, mustAnswer }) => html`<p class="notice" data-color=${mustAnswer ? "warning" : "neutral"}>${words}</p>`) : nothing}
      ${facts.tenancy ? html`<p>${label("tenancy", facts.tenancy)}</p>` : nothing}
      ${facts.plan ? html`<p>${t("Plan")}: ${label("rent_plan", facts.plan)}</p>` : nothing}
      ${facts.landlord_informed ? html`<p>${t("Utleier er orientert.")}</p>` : nothing}
      ${facts.client_role ? html`<p>${label("client_role", facts.client_role)}</p>` : nothing}
      <p><a class="ds-button" href=${logLink(updateOf(one.kind), { case: one.id })}>${icon("pen")} ${t("Nytt i saken")}</a></p>
    </section>
    ${timeline(state, one)}`;
}

// A landlord is told whether the case it opened is open, and no more.
const isOutsider = (state) => state.me.role === "landlord";

const caseStatus = (one) =>
  one.status === "closed" ? t("Avsluttet") : label(STATUSES[one.kind] ?? "complaint_status", one.status ?? "open");

const STATUSES = { __proto__: null, rent: "rent_status", housing: "incident_status" };

// The numbers a person dials in a crisis, in the order of how often they are needed.
const CALLS = [
  ["called_113", "113", "tel:113"],
  ["called_112", "112", "tel:112"],
  ["called_110", "110", "tel:110"],
  ["called_116117", "116\u00a0117", "tel:116117"],
];
const STEPS_SHOWN = [
  "set_out",
  "arrived",
  "naloxone",
  "cpr",
  "stayed",
  "calmed",
  "services_on_scene",
  "next_of_kin",
  "therapist",
  "municipal_doctor",
  "left",
];

function crisisView(state, one, phone) {
  const opening = caseEntries(state, one.id).find((entry) => ENTRY_TYPES[entry.type]?.points_at === "new_case");
  const client = one.client_id ? state.clients.get(one.client_id) : null;
  const open = isOpen(one);
  // Who, where and 113 stand on the first screen of the smallest phone: whatever has to be told as well, comes below.
  return html`${header(state, whoIn(state, one), { sub: caseTitle(one), back: one.client_id ? clientLink(one.client_id) : "/felt", badge: !open })}
    ${client ? beforeGoingIn(state, client.id) : nothing}
    ${whereTo(client, phone)}
    ${open ? runningCrisis(state, one, opening, client) : nothing}
    ${one.client_id ? nothing : html`<p><a class="ds-button wide" data-variant="secondary" href=${subjectOfCaseLink(one)}>${icon("person")} ${t("Hvem gjaldt det?")}</a></p>`}
    ${timeline(state, one)}`;
}

/** Whom it is about, in words where nobody knows the client. */
const whoIn = (state, one) =>
  one.client_id ? clientName(state, one.client_id) : factsOf(one).about || t("Ukjent person");

function runningCrisis(state, one, opening, client) {
  const startedAt = opening ? occurred(opening) : Date.parse(one.opened_at);
  const step = (code, extra) =>
    tap({
      type: "crisis_step_logged",
      body: { step: code, ...extra },
      client: one.client_id,
      case: one.id,
      team: one.client_id ? undefined : one.team_id,
      said: label("crisis_step", code),
      quiet: true,
    });
  const called = caseEntries(state, one.id)
    .find((entry) => entry.type === "crisis_step_logged")
    ?.body.step?.startsWith("called_");
  const unsent = urgentUnsent(state, (entry) => entry.case_id === one.id);
  const alert = [...state.alerts.values()].find((other) => other.kind === "crisis" && other.case_id === one.id);
  const nobody = nobodyWords(alert);
  return html`<section class="fire" data-color="danger">
      <p class="watchface" role="timer" aria-label=${t("Tid siden start")} data-since=${startedAt} .textContent=${stopwatch(state.nowMs - startedAt)}></p>
      <div class="calls">${CALLS.map(([code, words, href]) => html`<a class="ds-button" data-color="danger" href=${href} data-tap=${step(code)}>${icon("phone")} ${words}</a>`)}
        ${aat(state, one, step)}${helpLink(state)}</div>
      ${called ? html`<button type="button" class="ds-button wide" data-tap=${step("answered")}>${t("Fikk svar")}</button>` : nothing}
      <p class="after">${t("Startet {when} av {who}.", { when: when(startedAt, state.nowMs), who: byWhom(state, opening?.author_id ?? one.opened_by) })}
        ${alert && !alert.pending ? [toldWords(state, alert.told), nobody ? "" : ownerWords(state, alert)].join(" ") : nothing}</p>
    </section>
    ${client && !client.deceased ? plansWay(state, client, { hasToBe: true }) : nothing}
    ${unsent.length ? notSent(state, one.team_id) : nothing}
    ${nobody ? html`<p class="notice" data-color="danger" role="alert">${withNumbers(nobody)}</p>` : nothing}
    ${alertingDown(state)}
    <section class="card"><h2>${t("Ett trykk per steg")}</h2><div class="chips">${STEPS_SHOWN.map(
      (code) => html`
      <button type="button" class="chip" data-tap=${step(code, code === "naloxone" ? { count: 1 } : {})}>${label("crisis_step", code)}</button>`,
    )}</div></section>
    ${opening && mayCorrect(state, opening) ? kindChips(one, opening) : nothing}
    <p><a class="ds-button wide" data-variant="secondary" href=${closeCrisisLink(one)}>${t("Avslutt krisen")}</a></p>`;
}

function aat(state, one, step) {
  const number = phoneDigits(state.teams.get(one.team_id)?.aat_phone);
  return number
    ? html`<a class="ds-button" data-color="danger" href="tel:${number}" data-tap=${step("called_aat")}>${icon("phone")} AAT</a>`
    : html`<button type="button" class="ds-button" data-variant="secondary" data-color="danger" data-tap=${step("called_aat")}>${t("Ringte AAT")}</button>`;
}

/** My visit has no strip on this page, so its way to help stands here. */
const helpLink = (state) =>
  state.me.role === "landlord"
    ? nothing
    : html`<a class="ds-button" data-variant="secondary" data-color="danger" href="/felt/hjelp">${icon("bell")} ${myHelp(state) ? t("Du har bedt om hjelp") : t("Be om hjelp")}</a>`;

/** The clock starts before anybody asks what it is; the kind is a correction of the opening entry, as often as needed. */
function kindChips(one, opening) {
  const { kind } = said(opening);
  const chosen = (code) => kind === code && (code !== "other" || Boolean(opening.amended_body));
  return html`<section class="card"><h2 id="crisis-kind">${t("Hva slags krise?")}</h2><div class="chips" role="group" aria-labelledby="crisis-kind">${options(
    "crisis_kind",
  ).map(
    ([code, words]) => html`
    <button type="button" class="chip" aria-pressed=${chosen(code)} data-tap=${chosen(code) ? nothing : crisisKindTap(one, opening, code, words)}>${words}</button>`,
  )}</div></section>`;
}

function timeline(state, one) {
  const entries = caseEntries(state, one.id);
  return html`<section class="card"><h2>${t("Tidslinje")}</h2><ol class="timeline">${entries.map(
    (entry) => html`<li>
    <time>${one.kind === "crisis" ? clock(occurred(entry)) : when(occurred(entry), state.nowMs)}</time>
    <div><b><a class="whole" href=${entryLink(entry.id)}>${entry.type === "crisis_step_logged" ? label("crisis_step", said(entry).step) : entryTitle(entry)}</a></b> <span class="sub">${colleague(state, entry.author_id)}${entry.local ? ` · ${t("lagret på telefonen")}` : ""}${isUnconfirmed(state, entry) ? ` · ${t("skrevet på låst telefon")}` : ""}</span>
      ${entryDetail(entry) ? html`<p>${entryDetail(entry)}</p>` : nothing}</div></li>`,
  )}</ol></section>`;
}

/** The kind of a crisis is a correction of its opening. */
const crisisKindTap = (one, opening, kind, said) =>
  tap({
    type: "entry_corrected",
    body: { entry_id: opening.id, what: "text", reason: t("art valgt"), body: { kind } },
    client: one.client_id,
    team: one.client_id ? null : one.team_id,
    said,
    quiet: true,
  });
