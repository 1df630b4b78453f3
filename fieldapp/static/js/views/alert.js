/** The alert page: who, since when, who was told, the answers, and the check in its order. */
import { html, nothing } from "../../vendor/lit-html.js";
import "../texts/code_words_more.js";
import { label } from "../texts/codes.js";
import { N, t, tn } from "../texts/t.js";
import {
  backLink,
  endAlertLink,
  enteredLink,
  handOnLink,
  safeTap,
  snoozeLink,
  stillAwayLink,
  tap,
  wasSeenLink,
} from "./actions.js";
import { hasAgreement } from "./agreement.js";
import { historyWords } from "./alert_history.js";
import { alertStory, alertTitle, nobodyWords, ownerWords, stillAway } from "./alert_words.js";
import { caseReason, caseTitle } from "./case_words.js";
import { caseOf } from "./day.js";
import { isUnconfirmed } from "./entry.js";
import { entryDetail } from "./entry_detail.js";
import { entryTitle } from "./entry_words.js";
import { icon } from "./icons.js";
import { concernWordsLink } from "./forms_contact.js";
import { withNumbers } from "./numbers.js";
import { absenceOf, clientName, history, isStanding, occurred, onDuty, said, thingsOf } from "./people.js";
import { clientLink, header, diedWords, entryLink, notSent, settAction, settMeans, urgentUnsent } from "./parts.js";
import { beforeGoingIn } from "./risk.js";
import { plansWay, whomToRing } from "./stands.js";
import { ending, isMine, isSafety, nameOf, placeOf, visitOf, whose } from "./safety.js";
import { ackButton, alertActions, heat, mayTake } from "./today.js";
import { clock, colleague, phoneDigits, sentences, when } from "./words.js";

export function alertView(state, { id, phone = {} }) {
  const alert = state.alerts.get(id);
  if (!alert)
    return html`${header(state, t("Varsel"), { back: "/felt" })}<p class="card quiet">${t("Dette varselet er avsluttet, eller ikke kommet til telefonen ennå.")}</p>
    <p><button type="button" class="ds-button" data-do="flush">${t("Hent på nytt")}</button></p>`;
  if (CALM[alert.kind]) return calmView(state, alert);
  const client = isSafety(alert) ? placeOf(state, alert).client : state.clients.get(alert.client_id);
  const unsent = urgentUnsent(state, (entry) => entry.body.alert_id === id || entry.id === id);
  const mine = isMine(state, alert);
  const steps = stepsOf(state, alert);
  const dead = client?.deceased && !isSafety(alert);
  return html`${header(state, mine ? t("Besøket ditt") : label("alert_kind", alert.kind), { sub: isSafety(alert) ? (client?.name ?? "") : clientName(state, alert.client_id), back: "/felt" })}
    ${unsent.length || alert.pending ? notSent(state, alert.team_id) : nothing}
    <section class="fire" data-color=${heat(state, alert)}>
      <h2>${alertTitle(state, alert)}</h2>
      <p>${withNumbers(alertStory(state, alert))}</p>
      ${concernWords(state, alert)}
      ${phoneLine(state, alert)}
      ${alert.pending_end ? html`<p><b>${t("Ført. Varselet avsluttes når det er sendt.")}</b></p>` : html`<div class="actions">${mine ? alertActions(state, alert, client) : isSafety(alert) ? safetyAnswers(state, alert) : answers(state, alert, client)}</div>`}
      ${mine ? html`<p class="after">${withNumbers(t("Akutt fare: ring 112. Dette er ikke en overfallsalarm."))}</p>` : nothing}
    </section>
    ${nobodyWords(alert) ? html`<div class="card"><div class="chips">${["113", "112", "116117"].map((number) => html`<a class="ds-button" data-color="danger" href="tel:${number}">${icon("phone")} ${t("Ring {name}", { name: number.replace(/^(\d{3})(\d{3})$/, "$1 $2") })}</a>`)}</div></div>` : nothing}
    ${dead ? html`<p class="card quiet">${diedWords(state, client)}</p>` : nothing}
    ${alert.kind === "not_seen" && client && !dead ? settMeans() : nothing}
    ${client && !dead ? beforeGoingIn(state, client.id) : nothing}
    ${client && !dead ? reach(state, alert, client, phone) : nothing}
    ${client && !dead && (alert.kind === "crisis" || alert.kind === "concern") ? plansWay(state, client, { hasToBe: true }) : nothing}
    ${alert.kind === "not_seen" && client && !dead ? check(state, alert, client, steps) : nothing}
    ${mine ? nothing : told(state, alert)}
    ${client && !isSafety(alert) ? lastContacts(state, client) : nothing}`;
}

function answers(state, alert, client) {
  const mine = alert.owner === state.me.id || alert.pending_ack || !mayTake(state);
  const crisis = alert.kind === "crisis" && crisisCase(state, alert);
  return html`
    ${mine ? nothing : ackButton(alert)}
    ${crisis ? html`<a class="ds-button" data-color="danger" href="/felt/sak/${crisis.id}">${t("Til krisen")}</a>` : nothing}
    ${
      alert.kind === "not_seen" && client && !client.deceased
        ? html`${settAction(state, client, t("Sett nå"), "accent")}
      <a class="ds-button" data-variant="secondary" data-color="accent" href=${wasSeenLink(alert)}>${t("Var sett, ikke ført")}</a>`
        : nothing
    }
    <a class="ds-button" data-variant="secondary" data-color="accent" href=${handOnLink(alert)}>${t("Gi videre")}</a>
    ${
      alert.kind === "crisis"
        ? nothing
        : html`
      <a class="ds-button" data-variant="secondary" data-color="accent" href=${snoozeLink(alert)}>${t("Utsett med grunn")}</a>
      <a class="ds-button" data-variant="secondary" data-color="accent" href=${endAlertLink(alert, { outcome: alert.kind === "not_seen" ? "not_found_plan_made" : "other" })}>${t("Avslutt")}</a>`
    }`;
}

/** A colleague in need: take it, ring, and end it once you know that he or she is safe. */
function safetyAnswers(state, alert) {
  const name = nameOf(state, whose(state, alert)).split(" ")[0];
  const number = phoneDigits(state.staff.get(whose(state, alert))?.phone);
  const visit = visitOf(state, alert);
  const taken = alert.owner === state.me.id || alert.pending_ack || !mayTake(state);
  return html`${taken ? nothing : ackButton(alert)}
    ${number ? html`<a class="ds-button" data-variant="secondary" data-color="accent" href="tel:${number}">${icon("phone")} ${t("Ring {name}", { name })}</a>` : nothing}
    <a class="ds-button" data-variant="secondary" data-color="danger" href="tel:112">${icon("phone")} ${t("Ring 112")}</a>
    <a class="ds-button" data-variant="secondary" data-color="accent" href=${handOnLink(alert)}>${t("Gi videre")}</a>
    ${
      alert.kind === "staff_help"
        ? html`<button type="button" class="ds-button" data-variant="secondary" data-color="accent" data-tap=${safeTap(alert, t("{name} er trygg", { name }), t("{name} er trygg", { name }))}>${t("{name} er trygg", { name })}</button>`
        : visit
          ? html`<button type="button" class="ds-button" data-variant="secondary" data-color="accent" data-tap=${tap(ending(state, visit, "/felt"))}>${t("{name} er trygg", { name })}</button>`
          : nothing
    }`;
}

// Never red and never to be taken: lines to be asked about or looked at today.
const CALM = { __proto__: null, absence_overdue: absenceAsk, case_deadline: deadlineAsk };

function calmView(state, alert) {
  return html`${header(state, label("alert_kind", alert.kind), { sub: clientName(state, alert.client_id), back: "/felt" })}
    <section class="card">${CALM[alert.kind](state, alert)}</section>`;
}

function absenceAsk(state, alert) {
  const absence = state.absences.get(alert.subject_id) ?? absenceOf(state, alert.client_id);
  const about = { client: alert.client_id, absence: absence?.id ?? alert.subject_id };
  return html`<h2>${t("Spør hvordan det står")}</h2><p>${t("{name}: {asked}", { name: clientName(state, alert.client_id), asked: stillAway(absence, state.nowMs) })}</p>
    ${
      alert.pending_end
        ? html`<p><b>${t("ført nå")}</b></p>`
        : html`<div class="chips"><a class="ds-button" data-variant="secondary" href=${stillAwayLink(about)}>${t("Fortsatt borte")}</a>
    <a class="ds-button" data-variant="secondary" href=${backLink(about)}>${t("Er tilbake")}</a></div>`
    }`;
}

function deadlineAsk(state, alert) {
  const one = caseOf(state, alert);
  return one
    ? html`<h2>${caseTitle(one)}</h2><p>${caseReason(one, state.nowMs)}</p><p><a class="ds-button" href="/felt/sak/${one.id}">${t("Åpne saken")}</a></p>`
    : html`<p>${t("Denne saken er ikke på telefonen. Er den ny, kommer den når du har dekning.")}</p>`;
}

export const crisisCase = (state, alert) =>
  state.cases.get(alert.case_id) ??
  (alert.client_id &&
    [...state.cases.values()].find(
      (one) => one.kind === "crisis" && one.client_id === alert.client_id && !one.closed_at,
    ));

/** The worry in its own words, which may come after the alert; whoever wrote it adds them. */
function concernWords(state, alert) {
  const entry =
    alert.kind === "concern" &&
    (state.entries.get(alert.subject_id ?? alert.id) ??
      (alert.client_id ? state.entriesOf(alert.client_id).find((one) => one.type === "concern_raised") : null));
  if (!entry) return nothing;
  const { about, reason: why } = said(entry);
  const reason = [about, why].filter(Boolean).join(": ");
  const mine = entry.author_id === state.me.id;
  return html`<p>${reason ? `«${reason}»` : t("Ikke skrevet hvorfor ennå.")} <span class="sub">${colleague(state, entry.author_id)}</span>
    ${mine ? html`<a class="inline" href=${concernWordsLink(entry)}>${reason ? t("Rett ordene") : t("Skriv hvorfor")}</a>` : nothing}</p>`;
}

/** Which phones may hold a contact that has not come in. The line never replaces the check. */
function phoneLine(state, alert) {
  const phones = alert.unsent_phones ?? [];
  if (!phones.length) return nothing;
  return html`${phones.map(
    (one) =>
      html`<p>${
        one.unsent
          ? tn(
              one.unsent,
              "{name} har 1 notat som ikke er sendt. Ring, men vent ikke med å sjekke.",
              "{name} har {n} notater som ikke er sendt. Ring, men vent ikke med å sjekke.",
              { name: phoneOwner(state, one) },
            )
          : t("Telefonen til {name} har ikke synket siden {when}. Ring, men vent ikke med å sjekke.", {
              name: phoneOwner(state, one),
              when: one.last_sync_at ? when(Date.parse(one.last_sync_at), state.nowMs) : "–",
            })
      }</p>`,
  )}`;
}

const phoneOwner = (state, one) => one.name ?? colleague(state, one.staff_id);

function reach(state, alert, client, phone) {
  const named = isSafety(alert);
  const number = phoneDigits(client.phone);
  return html`<nav class="quick" aria-label=${t("Nå personen")}>
    ${number ? html`<a href="tel:${number}" data-tap=${alert.kind === "not_seen" ? checkTap(alert, "phoned") : nothing}>${icon("phone")}<span>${named ? t("Ring {name}", { name: client.name.split(" ")[0] }) : t("Ring")}</span></a>` : nothing}
    ${client.address && phone.maps ? html`<a href="${phone.maps}${encodeURIComponent(client.address)}">${icon("pin")}<span>${t("Kart")}</span></a>` : nothing}
    <a href=${clientLink(client.id)}>${icon("person")}<span>${t("Kortet")}</span></a>
    <button type="button" data-color="danger" data-crisis=${client.id}>${icon("crisis")}<span>${t("Krise")}</span></button></nav>`;
}

const CHECK = [
  ["rang", N("Ring på")],
  ["phoned", N("Ring telefonen")],
  ["asked_base", N("Spør basen")],
  ["asked_contact", N("Ring dem brukeren har sagt vi kan ringe")],
  ["colleague_there", N("Vær to sammen")],
  ["called_out", N("Rop før dere låser opp")],
];
/** What is done besides, and not in any order. */
const BESIDES = ["asked_partner", "waited", "left_note"];

// Steps that an agreement gives: whom we may ring, and that we may unlock. Without one they are not asked for.
const mayRing = (client, state) =>
  hasAgreement(client) || thingsOf(state, "contactPersons", client.id).some((one) => one.call_if_not_found === "yes");
const AGREED = { asked_contact: mayRing, called_out: (client) => Boolean(client.watch?.may_enter) };

/** The steps of the check on this alert that stand, whoever took them, the oldest first. */
export const stepsOf = (state, alert) =>
  (alert.client_id ? state.entriesOf(alert.client_id) : [])
    .filter(
      (one) =>
        one.type === "check_step_logged" &&
        one.body.alert_id === alert.id &&
        one.local !== "held" &&
        isStanding(state, one),
    )
    .sort((a, b) => occurred(a) - occurred(b));

const checkTap = (alert, step, more) =>
  tap({
    type: "check_step_logged",
    body: { alert_id: alert.id, step, ...more },
    client: alert.client_id,
    team: alert.team_id,
    said: label("check_step", step),
    quiet: true,
  });

/** In their order, each a tap with its time; what the agreement permits is the last step, not the headline. */
function check(state, alert, client, steps) {
  const done = new Map(steps.map((step) => [said(step).step, step]));
  return html`<section class="card"><h2>${t("Sjekk i denne rekkefølgen")}</h2><ol class="steps">
    ${CHECK.filter(([code]) => done.has(code) || !AGREED[code] || AGREED[code](client, state)).map(
      ([
        code,
        words,
      ]) => html`<li><button type="button" class="step" data-tap=${checkTap(alert, code)} aria-pressed=${done.has(code)}>
      <span>${t(words)}</span>${done.has(code) ? stepTaken(state, done.get(code)) : nothing}</button>
      ${code === "asked_contact" ? whomToRing(state, client, (one) => checkTap(alert, code, { contact_id: one.id })) : nothing}</li>`,
    )}
    <li class="permit">${
      client.watch?.may_enter
        ? html`<p>${t("Avtalen åpner for å låse seg inn hvis dere ikke når personen.")} ${client.watch.key_ref ? t("Nøkkel: {key}.", { key: client.watch.key_ref }) : ""}</p>
        <p><a class="ds-button" data-variant="secondary" href=${enteredLink(client, { tried: triedOf(steps), ground: "agreement" })}>${t("Vi låste oss inn")}</a></p>`
        : html`<p>${withNumbers(t("Det er ikke avtale om å låse seg inn. Når dere ikke personen og frykter for livet: ring 113 eller 112."))}</p>
        <p><a class="ds-button" data-variant="secondary" href=${enteredLink(client, { tried: triedOf(steps) })}>${t("Vi låste oss inn")}</a></p>`
    }</li></ol>
    <div class="chips">${BESIDES.map((code) => html`<button type="button" class="chip" data-tap=${checkTap(alert, code)}>${label("check_step", code)}</button>`)}
      <button type="button" class="chip" data-no-at-door=${client.id}>${t("Sa nei i døra")}</button></div>
    <p class="means">${
      client.watch?.may_enter
        ? t("Et nei gjelder: ingen går inn, avtalen om å låse seg inn er slutt, og det er ført at dere hørte personen.")
        : t("Et nei gjelder: ingen går inn, og det er ført at dere hørte personen.")
    }</p>
    ${steps.length ? html`<h3>${t("Gjort til nå")}</h3><ol class="timeline">${steps.map((step) => stepLine(state, step))}</ol>` : nothing}</section>`;
}

/** By whom, where it was not I, and when. */
const stepTaken = (state, step) =>
  html`<time>${icon("check")} ${step.author_id === state.me.id ? "" : `${colleague(state, step.author_id)} `}${clock(occurred(step))}</time>`;

const stepLine = (state, step) => html`<li><time>${clock(occurred(step))}</time>
  <div><b><a class="whole" href=${entryLink(step.id)}>${entryTitle(step)}</a></b> ${said(step).note ?? ""} <span class="sub">${colleague(state, step.author_id)}${step.local ? ` · ${t("lagret på telefonen")}` : ""}</span></div></li>`;

const TRIED = ["rang", "phoned", "asked_base", "asked_contact", "waited"];
const triedOf = (steps) =>
  [...new Set(steps.map((step) => said(step).step))].filter((code) => TRIED.includes(code)).join(",");

/** Everything that has happened to the alert, as far as the server has sent it. */
function told(state, alert) {
  const rows = (alert.history ?? [])
    .map((row) => ({ at: when(Date.parse(row.at), state.nowMs), words: historyWords(state, alert, row) }))
    .filter((row, i, all) => row.at !== all[i - 1]?.at || row.words !== all[i - 1].words);
  const duty = onDuty(state, alert.team_id);
  return html`<section class="card"><h2>${t("Hvem vet det")}</h2>
    <p>${ownerWords(state, alert)}${duty.length ? ` ${t("På vakt: {names}.", { names: duty.join(", ") })}` : ""}</p>
    ${rows.length ? html`<ol class="timeline">${rows.map((row) => html`<li><time>${row.at}</time><div>${row.words}</div></li>`)}</ol>` : nothing}${whyLink(state, alert)}</section>`;
}

/** The whole story is an office page: only with coverage, and only for those who have one. */
const whyLink = (state, alert) =>
  state.sync.online && ["fieldworker", "leader"].includes(state.me.role)
    ? html`<p><a href="/kontor/varsler/${alert.id}/hvorfor">${t("Hvorfor varselet kom, og hvem som fikk beskjed")}</a></p>`
    : nothing;

function lastContacts(state, client) {
  const entries = history(state, client.id).slice(0, 5);
  if (!entries.length) return nothing;
  return html`<section class="card"><h2>${t("Siste dager")}</h2><ol class="timeline">${entries.map(
    (entry) => html`<li><time>${when(occurred(entry), state.nowMs)}</time>
    <div><b><a class="whole" href=${entryLink(entry.id)}>${sentences(entryTitle(entry))}</a></b> ${entryDetail(entry)} <span class="sub">${colleague(state, entry.author_id)}${isUnconfirmed(state, entry) ? ` · ${t("skrevet på låst telefon")}` : ""}</span></div></li>`,
  )}</ol></section>`;
}
