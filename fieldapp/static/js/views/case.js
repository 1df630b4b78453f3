/** One case: rent, complaint or crisis. What it is, what can happen from when, what must be answered by when, and its timeline. */
import { html, nothing } from "../../vendor/lit-html.js";
import { label, options } from "../texts/codes.js";
import { t, lower } from "../texts/t.js";
import { nextStepAt } from "./day.js";
import { entryDetail, entryTitle } from "./entry_words.js";
import { icon } from "./icons.js";
import { clientName, isOpen, occurred } from "./people.js";
import { clientLink, header, logLink, notSent, tap, urgentUnsent } from "./parts.js";
import { byWhom, clock, colleague, kroner, plainDate, stopwatch, when } from "./words.js";

const TITLES = { rent: "Husleie", complaint: "Naboklage", crisis: "Krise" };
const UPDATES = { rent: "rent_problem_updated", complaint: "neighbour_complaint_updated" };

export const factsOf = (one) => ({ ...one.facts });

/** "Husleie: restanse 14 250,00 kr", "Naboklage: bråk" */
export function caseTitle(one) {
  const facts = factsOf(one);
  if (one.kind === "rent") return facts.amount_nok ? t("Husleie: restanse {amount}", { amount: kroner(facts.amount_nok) }) : t("Husleie");
  if (one.kind === "complaint") return [t("Naboklage"), (facts.what ?? []).map((code) => lower(label("complaint", code))).join(", ")].filter(Boolean).join(": ");
  return facts.kind && facts.kind !== "other" ? `${t("Krise")}: ${lower(label("crisis_kind", facts.kind))}` : t("Krise");
}

/** The next step and when; never called a deadline when it is not one. */
export function caseReason(one, now) {
  const at = nextStepAt(one);
  const step = stepWords(one.next_step);
  if (at === null) return step || t("åpen");
  const day = plainDate(new Date(at).toISOString().slice(0, 10), now);
  const late = at < now - 43_200_000;
  return [step || t("neste steg"), late ? t("skulle vært gjort {day}", { day }) : Math.abs(at - now) < 43_200_000 ? t("i dag") : day].join(" ");
}

const STEPS = {
  follow_up: "følg opp", contact_landlord: "ta kontakt med utleier", answer_bailiff: "svar namsmannen", answer_complainant: "svar den som klaget",
  check_payment: "sjekk betalingen", make_plan: "lag en plan", protest: "vurder å protestere", answer: "gi svar", call_landlord: "ring utleier",
};
const stepWords = (step) => (step ? (STEPS[step] ? t(STEPS[step]) : step) : "");

const addDays = (day, n) => new Date(Date.parse(`${day}T12:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);

/** What can happen from a date, from the letters shown. Not moved past weekends, and never called a deadline. */
export function canHappenFrom({ letters = [] }, now) {
  return letters.filter((letter) => letter.kind === "eviction_notice" && (letter.sent_on ?? letter.dated_on)).map((letter) => t(
    "Kan begjæres fra {day} (tvangsfullbyrdelsesloven § 4-18). Full betaling av leie, renter og kostnader stanser det, helt fram til utkastelsen.",
    { day: plainDate(addDays(letter.sent_on ?? letter.dated_on, 14), now) },
  ));
}

/** What must be answered by a date: two weeks to the bailiff from the day the letter came (§ 13-6). */
export function answerBy({ letters = [] }, now) {
  return letters.filter((letter) => letter.kind === "bailiff_letter" && (letter.received_on ?? letter.dated_on)).map((letter) => t(
    "Svar namsmannen innen {day} (tvangsfullbyrdelsesloven § 13-6).", { day: plainDate(addDays(letter.received_on ?? letter.dated_on, 14), now) },
  ));
}

export function caseEntries(state, id) {
  return [...state.entries.values()].filter((entry) => entry.case_id === id && !state.retracted.has(entry.id)).sort((a, b) => occurred(b) - occurred(a));
}

export function caseView(state, { id }) {
  const one = state.cases.get(id);
  if (!one) return html`${header(state, t("Sak"), { back: "/felt" })}<p class="card quiet">${t("Denne saken er ikke på telefonen. Er den ny, kommer den når du har dekning.")}</p>`;
  return one.kind === "crisis" ? crisisView(state, one) : tenancyView(state, one);
}

function tenancyView(state, one) {
  const facts = factsOf(one);
  return html`${header(state, t(TITLES[one.kind] ?? "Sak"), { sub: clientName(state, one.client_id), back: clientLink(one.client_id) })}
    <section class="card">
      <h2>${caseTitle(one)}</h2>
      <p class="sub">${[caseStatus(one), one.owner_id && t("eier: {name}", { name: colleague(state, one.owner_id) })].filter(Boolean).join(" · ")}</p>
      ${isOpen(one) ? html`<p><b>${t("Neste steg")}:</b> ${caseReason(one, state.nowMs)}</p>` : nothing}
      ${answerBy(facts, state.nowMs).map((words) => html`<p class="notice" data-color="warning">${words}</p>`)}
      ${canHappenFrom(facts, state.nowMs).map((words) => html`<p class="notice" data-color="neutral">${words}</p>`)}
      ${facts.plan ? html`<p>${t("Plan")}: ${label("rent_plan", facts.plan)}</p>` : nothing}
      ${facts.client_role ? html`<p>${label("client_role", facts.client_role)}</p>` : nothing}
      <p><a class="ds-button" href=${logLink(UPDATES[one.kind], { case: one.id })}>${icon("pen")} ${t("Nytt i saken")}</a></p>
    </section>
    ${timeline(state, one)}`;
}

const caseStatus = (one) => label(one.kind === "rent" ? "rent_status" : "complaint_status", one.status ?? "open");

// The numbers a person dials in a crisis, in the order of how often they are needed.
const CALLS = [["called_113", "113", "tel:113"], ["called_112", "112", "tel:112"], ["called_110", "110", "tel:110"], ["called_116117", "116 117", "tel:116117"]];
const STEPS_SHOWN = ["set_out", "arrived", "naloxone", "cpr", "stayed", "calmed", "services_on_scene", "next_of_kin", "therapist", "municipal_doctor", "left"];

function crisisView(state, one) {
  const entries = caseEntries(state, one.id);
  const opening = entries.find((entry) => entry.type === "crisis_opened");
  const startedAt = opening ? occurred(opening) : Date.parse(one.opened_at);
  const step = (code, extra) => tap({ type: "crisis_step_logged", body: { step: code, ...extra }, client: one.client_id, team: one.client_id ? null : one.team_id, case: one.id, said: label("crisis_step", code), quiet: true });
  const called = entries.find((entry) => entry.type === "crisis_step_logged")?.body.step?.startsWith("called_");
  const unsent = urgentUnsent(state, (entry) => entry.case_id === one.id);
  const open = isOpen(one);
  return html`${header(state, caseTitle(one), { sub: clientName(state, one.client_id), back: one.client_id ? clientLink(one.client_id) : "/felt" })}
    ${unsent.length ? notSent(state, one.team_id) : nothing}
    ${open ? html`<section class="fire" data-color="danger">
      <p class="watchface" role="timer" aria-label=${t("Tid siden start")} data-since=${startedAt}>${stopwatch(state.nowMs - startedAt)}</p>
      <p>${t("Startet {when} av {who}.", { when: when(startedAt, state.nowMs), who: byWhom(state, opening?.author_id ?? one.opened_by) })}</p>
      <div class="calls">${CALLS.map(([code, words, href]) => html`<a class="ds-button" data-color="danger" href=${href} data-tap=${step(code)}>${icon("phone")} ${words}</a>`)}
        ${aat(state, one, step)}</div>
      ${called ? html`<button type="button" class="ds-button wide" data-tap=${step("answered")}>${t("Fikk svar")}</button>` : nothing}
    </section>
    <section class="card"><h2>${t("Ett trykk per steg")}</h2><div class="chips">${STEPS_SHOWN.map((code) => html`
      <button type="button" class="chip" data-tap=${step(code, code === "naloxone" ? { count: 1 } : {})}>${label("crisis_step", code)}</button>`)}</div></section>
    ${opening?.body.kind === "other" && !corrected(state, opening) ? kindChips(one, opening) : nothing}
    <p><a class="ds-button wide" data-variant="secondary" href=${logLink("crisis_closed", { case: one.id })}>${t("Avslutt krisen")}</a></p>` : nothing}
    ${timeline(state, one)}`;
}

const corrected = (state, opening) => [...state.entries.values()].some((entry) => entry.type === "entry_corrected" && entry.body.entry_id === opening.id);

function aat(state, one, step) {
  const number = state.teams.get(one.team_id)?.aat_phone;
  return number ? html`<a class="ds-button" data-color="danger" href="tel:${number}" data-tap=${step("called_aat")}>${icon("phone")} AAT</a>` : html`<button type="button" class="ds-button" data-variant="secondary" data-color="danger" data-tap=${step("called_aat")}>${t("Ringte AAT")}</button>`;
}

/** The clock starts before anybody asks what it is; the kind is a correction of the opening entry. */
const kindChips = (one, opening) => html`<section class="card"><h2>${t("Hva slags krise?")}</h2><div class="chips">${options("crisis_kind").map(([code, words]) => html`
  <button type="button" class="chip" data-tap=${tap({ type: "entry_corrected", body: { entry_id: opening.id, what: "text", reason: t("art valgt"), body: { ...opening.body, kind: code } }, client: one.client_id, team: one.client_id ? null : one.team_id, said: words, quiet: true })}>${words}</button>`)}</div></section>`;

function timeline(state, one) {
  const entries = caseEntries(state, one.id);
  return html`<section class="card"><h2>${t("Tidslinje")}</h2><ol class="timeline">${entries.map((entry) => html`<li>
    <time>${one.kind === "crisis" ? clock(occurred(entry)) : when(occurred(entry), state.nowMs)}</time>
    <div><b>${entry.type === "crisis_step_logged" ? label("crisis_step", entry.body.step) : entryTitle(entry)}</b> <span class="sub">${colleague(state, entry.author_id)}${entry.local ? ` · ${t("lagret på telefonen")}` : ""}</span>
      ${entryDetail(entry) ? html`<p>${entryDetail(entry)}</p>` : nothing}</div></li>`)}</ol></section>`;
}
