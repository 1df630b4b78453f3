/** The client card: who, how to meet, state of the agreement, one tap to log, last contacts, cases, people around. */
import { html, nothing } from "../../vendor/lit-html.js";
import { label } from "../texts/codes.js";
import { lower, N, t, tn } from "../texts/t.js";
import { backLink, correctLink, goVisitLink, logLink, visitLink } from "./actions.js";
import { agreementMenu, cardMenu, rarerMenu } from "./menu.js";
import { alertStory, alertTitle } from "./alert_words.js";
import { caseReason, caseTitle } from "./case_words.js";
import { contactDue } from "./day.js";
import { isUnconfirmed } from "./entry.js";
import { entryDetail, entryTitle, lostWords } from "./entry_words.js";
import { icon } from "./icons.js";
import { withNumbers } from "./numbers.js";
import {
  absenceOf,
  alertsOf,
  casesOf,
  history,
  isEnded,
  isWatched,
  lastContact,
  mayCorrect,
  maySetWatch,
  occurred,
} from "./people.js";
import {
  absenceWords,
  diedWords,
  entryLink,
  header,
  contactWordsOf,
  notSent,
  section,
  settAction,
  settButton,
  settMeans,
  urgentUnsent,
} from "./parts.js";
import { heat } from "./today.js";
import { withoutEffect } from "./checks.js";
import { handOverOf } from "./hours.js";
import { beforeGoingIn } from "./risk.js";
import { myVisit } from "./safety.js";
import { handedWords } from "./shift.js";
import {
  byWhom,
  colleague,
  contactWords,
  date,
  dueBy,
  phoneDigits,
  plainDate,
  sentences,
  watchAgo,
  when,
} from "./words.js";

const SHOWN = 6;

export function clientView(state, { id, phone, allEntries, older }) {
  const client = state.clients.get(id);
  if (!client)
    return html`${header(state, t("Bruker"), { back: "/felt/brukere" })}<p class="card quiet">${state.sync.filling ? t("Denne brukeren er ikke hentet til telefonen ennå.") : t("Denne brukeren er ikke på telefonen din.")}</p>`;
  const unsent = urgentUnsent(state, (entry) => entry.client_id === id);
  return html`${header(state, client.name, { sub: subtitle(state, client), back: "/felt/brukere" })}
    ${unsent.length ? notSent(state, client.team_ids?.[0]) : nothing}
    ${alertsOf(state, id)
      .filter((alert) => ON_CARD.has(alert.kind))
      .map(
        (alert) =>
          html`<section class="fire" data-color=${heat(state, alert)}><h2><a href="/felt/varsel/${alert.id}">${alertTitle(state, alert)}</a></h2><p>${withNumbers(alertStory(state, alert))}</p></section>`,
      )}
    ${client.deceased ? html`<section class="card state"><h2>${diedWords(state, client)}</h2></section>` : isOutsider(state) ? nothing : stateCard(state, client)}
    ${isOutsider(state) || client.deceased ? nothing : beforeGoingIn(state, client.id)}
    ${editsWithoutEffect(state, client)}
    ${client.deceased ? nothing : quick(state, client, phone)}
    ${goVisit(state, client)}
    ${logButtons(state, client)}
    ${section(
      t("Åpne saker"),
      casesOf(state, id).map((one) => caseRow(state, one)),
    )}
    ${lastDays(state, client, allEntries, older)}
    ${isOutsider(state) || client.deceased ? nothing : agreement(state, client)}
    ${around(state, client)}
    ${isOutsider(state) ? nothing : rarer(state, client)}`;
}

// The clock, worry and crisis of the person; a colleague's safety, an absence and a deadline have lines of their own.
const ON_CARD = new Set(["not_seen", "concern", "crisis"]);

// A landlord logs facts about the home and sees what it logged itself: no clock, no agreement, no care.
const isOutsider = (state) => state.me.role === "landlord";

const subtitle = (state, client) =>
  [
    client.alias && `«${client.alias}»`,
    client.birth_year && t("f. {year}", { year: client.birth_year }),
    client.primary_staff_id && t("primærkontakt: {name}", { name: byWhom(state, client.primary_staff_id) }),
    client.pending && t("lagret på telefonen"),
  ]
    .filter(Boolean)
    .join(" · ");

function stateCard(state, client) {
  const absence = absenceOf(state, client.id);
  const last = lastContact(state, client.id);
  const now = state.nowMs;
  const headline = isEnded(client)
    ? t("Oppfølgingen er avsluttet")
    : absence
      ? absenceWords(absence, now)
      : [isWatched(client) ? watchAgo(state, client) : contactWordsOf(state, client), dueWords(client, now)]
          .filter(Boolean)
          .join(" · ") || t("Bare navn og frist er på telefonen nå.");
  return html`<section class="card state">
    <div><h2>${headline.charAt(0).toUpperCase() + headline.slice(1)}</h2>
      <p class="sub">${[last && contactWords(state, last), watchWords(client, now), handOverWords(state, client), plannedWords(state, client)].filter(Boolean).join(" ")}</p></div>
    ${absence && !isEnded(client) ? html`<div class="row-actions"><a class="ds-button" data-variant="secondary" href=${backLink({ client: client.id, absence: absence.id })}>${t("Er tilbake")}</a> ${settAction(state, client, t("Sett"))}</div>` : settButton(state, client)}
  </section>${absence || isEnded(client) ? nothing : settMeans()}`;
}

/** "bør ses innen 14.05" before, "skulle vært sett innen 14.05" after. */
function dueWords(client, now) {
  const due = isWatched(client) && client.watch.due_at;
  if (!due) return "";
  return Date.parse(due) > now ? t("bør ses {due}", { due: dueBy(due, now) }) : dueBy(due, now);
}

function handOverWords(state, client) {
  const over = handOverOf(state, client.id);
  if (!over) return "";
  const words = handedWords(state, over);
  return sentences(words);
}

/** The agreement in words: "Avtale: hver 24. time, telefon teller ikke." */
export function watchWords({ watch, stub }, now) {
  if (stub) return "";
  if (!watch || watch.mode === "off") return t("Ingen tilsynsavtale.");
  const said = watch.agreed === false ? N("Uten avtale: {often}, {counts}.") : N("Avtale: {often}, {counts}.");
  const often =
    watch.mode === "each_shift"
      ? shiftWords(watch.shifts)
      : tn(watch.interval_minutes / 60, "hver time", "hver {n}. time");
  const counts = watch.counts?.includes("heard") ? t("telefon teller") : t("telefon teller ikke");
  return [
    t(said, { often, counts }),
    watch.tightened_until && Date.parse(watch.tightened_until) > now
      ? t("Tettere til {day}.", { day: date(Date.parse(watch.tightened_until), now) })
      : "",
    watch.agreed === false ? t("Avtale mangler: spør brukeren.") : "",
    watch.review_on && Date.parse(watch.review_on) < now
      ? t("Skulle vært vurdert på nytt {day}.", { day: plainDate(watch.review_on, now) })
      : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** "hver vakt: dag og kveld"; without an answer the contract means day and evening. */
const shiftWords = (shifts) =>
  t("hver vakt: {shifts}", {
    shifts: (shifts?.length ? shifts : ["day", "evening"]).map((shift) => lower(label("shift", shift))).join(", "),
  });

function plannedWords(state, client) {
  const at = isEnded(client) ? null : contactDue(state, client);
  return at === null ? "" : t("Planlagt kontakt {day}.", { day: date(at, state.nowMs) });
}

/** Visit, call, find the way, crisis. `phone.maps` is what this platform opens a map with. */
function quick(state, client, phone = {}) {
  const number = phoneDigits(client.phone);
  return html`<nav class="quick" aria-label=${t("Hurtigvalg")}>
    ${isOutsider(state) ? nothing : html`<a href=${visitLink(client)}>${icon("home")}<span>${t("Besøk")}</span></a>`}
    ${client.stub ? nothing : number ? html`<a href="tel:${number}" data-call=${client.id}>${icon("phone")}<span>${t("Ring")}</span></a>` : html`<span class="off">${icon("phone")}<span>${t("Uten nummer")}</span></span>`}
    ${client.stub ? nothing : client.address ? (phone.maps ? html`<a href="${phone.maps}${encodeURIComponent(client.address)}">${icon("pin")}<span>${t("Kart")}</span></a>` : html`<button type="button" data-copy=${client.address}>${icon("pin")}<span>${t("Kopier adresse")}</span></button>`) : html`<span class="off">${icon("pin")}<span>${t("Uten adresse")}</span></span>`}
    ${isOutsider(state) ? nothing : crisisNow(state, client)}
  </nav>`;
}

/** Start a visit with an expected end: who is out at whose is then known, and missed when they do not come back. */
function goVisit(state, client) {
  if (isOutsider(state) || isEnded(client) || myVisit(state)?.client_id === client.id) return nothing;
  return html`<p><a class="ds-button wide" data-variant="secondary" href=${goVisitLink(client)}>${icon("walk")} ${t("Gå på besøk")}</a></p>`;
}

function crisisNow(state, client) {
  const open = casesOf(state, client.id).find((one) => one.kind === "crisis");
  return open
    ? html`<a data-color="danger" href="/felt/sak/${open.id}">${icon("crisis")}<span>${t("Krise pågår")}</span></a>`
    : html`<button type="button" data-color="danger" data-crisis=${client.id}>${icon("crisis")}<span>${t("Krise")}</span></button>`;
}

function logButtons(state, client) {
  if (isEnded(client)) return nothing;
  return html`<section class="group"><h2>${t("Før")}</h2><div class="chips">
    ${cardMenu(state.me.role).map((type) => html`<a class="chip" href=${logLink(type, { client: client.id })}>${label("entry_type", type)}</a>`)}
    ${isOutsider(state) ? nothing : html`<button type="button" class="chip" data-no-at-door=${client.id}>${t("Nei i døra")}</button>`}</div>
    ${client.watch?.may_enter ? html`<p class="means">${t("«Nei i døra» fører at dere hørte et nei, og trekker avtalen om å låse seg inn.")}</p>` : nothing}</section>`;
}

const caseRow = (state, one) =>
  html`<li class="row"><a class="row-main" href="/felt/sak/${one.id}"><b>${caseTitle(one)}</b><span class="sub">${caseReason(one, state.nowMs)}</span></a></li>`;

function lastDays(state, client, all, older) {
  const entries = history(state, client.id);
  const shown = all ? entries : entries.slice(0, SHOWN);
  return html`<section class="card"><h2>${t("Siste dager")}</h2>
    ${shown.length ? html`<ol class="timeline">${shown.map((entry) => entryItem(state, entry))}</ol>` : html`<p class="sub">${state.sync.filling ? t("Notatene er ikke hentet ennå.") : t("Ingenting er ført ennå.")}</p>`}
    ${
      entries.length > shown.length
        ? html`<button type="button" class="ds-button" data-variant="secondary" data-do="all-entries">${t("Vis alle {n}", { n: entries.length })}</button>`
        : entries.length
          ? html`<button type="button" class="ds-button" data-variant="secondary" data-older=${client.id} ?disabled=${older === "loading" || older === "end"}>${older === "end" ? t("Ikke mer") : t("Hent eldre")}</button>`
          : nothing
    }
    ${older === "failed" ? html`<p class="sub" role="status">${t("Eldre notater trenger dekning.")}</p>` : nothing}</section>`;
}

/** My own change of this week that does not hold: somebody else's is newer, and the phone's clock may be the reason. */
function editsWithoutEffect(state, client) {
  const [entry] = history(state, client.id).filter((one) => one.lost && one.author_id === state.me.id);
  return entry
    ? html`<p class="notice" data-color="warning" role="status"><b>${lostWords(entry)}</b> ${t("Noe nyere er ført. Stemmer det ikke, så rett det på nytt.")}</p>`
    : nothing;
}

function entryItem(state, entry) {
  const detail = entryDetail(entry);
  return html`<li><time>${when(occurred(entry), state.nowMs)}</time><div>
    <b><a class="whole" href=${entryLink(entry.id)}>${sentences(entryTitle(entry))}</a></b> ${detail} ${entry.lost ? html`<b>${lostWords(entry)}</b> ` : nothing}<span class="sub">${entry.author_name ?? colleague(state, entry.author_id)}${entry.local ? ` · ${entry.local === "held" ? t("ikke godtatt") : t("lagret på telefonen")}` : ""}${withoutEffect(entry) ? ` · ${t("uten virkning")}` : ""}${isUnconfirmed(state, entry) ? ` · ${t("skrevet på låst telefon")}` : ""}</span>
    ${mayCorrect(state, entry) ? html`<a class="fix" href=${correctLink(entry)} aria-label=${t("Rett: {what}", { what: `${entryTitle(entry)}, ${when(occurred(entry), state.nowMs)}` })}>${t("Rett")}</a>` : nothing}</div></li>`;
}

const chips = (menu, client) =>
  menu.map(({ type, words }) => html`<a class="chip" href=${logLink(type, { client: client.id })}>${t(words)}</a>`);

function agreement(state, client) {
  const watch = client.watch ?? {};
  const may = maySetWatch(state, client);
  return html`<section class="card"><h2>${t("Avtalen")}</h2>
    <p>${watchWords(client, state.nowMs)}</p>
    ${watch.mode && watch.mode !== "off" ? html`<p>${watch.may_enter ? t("Avtalen åpner for å låse seg inn hvis dere ikke når personen.") : t("Ikke avtale om å låse seg inn.")} ${watch.may_enter && watch.key_ref ? t("Nøkkel: {key}.", { key: watch.key_ref }) : ""}</p>` : nothing}
    ${watch.mode && watch.mode !== "off" && watch.when_closed ? html`<p>${sentences(`${t("Når teamet er stengt")}: ${lower(label("when_closed", watch.when_closed))}`)}</p>` : nothing}
    ${watch.review_on ? html`<p class="sub">${t("Vurderes på nytt {day}.", { day: plainDate(watch.review_on, state.nowMs) })}</p>` : nothing}
    ${
      isEnded(client)
        ? nothing
        : html`<div class="chips">
      ${chips(agreementMenu(state, client), client)}</div>`
    }
    ${may || isEnded(client) ? nothing : html`<p class="sub">${t("Tilsynsavtalen settes av leder eller primærkontakten.")}</p>`}</section>`;
}

function around(state, client) {
  const persons = [...(state.contactPersons?.values() ?? [])].filter(
    (one) => one.client_id === client.id && !one.ended,
  );
  const teams = (client.team_ids ?? []).map((id) => state.teams.get(id)).filter(Boolean);
  const primary = state.staff.get(client.primary_staff_id);
  return html`<section class="card"><h2>${t("Folk rundt")}</h2><ul class="plain">
    <li><b>${t("Primærkontakt")}</b> ${primary?.name ?? t("ikke valgt")}</li>
    ${teams.map((team) => html`<li><b>${label("team_kind", team.kind)}</b> ${team.name}</li>`)}
    ${persons.map((one) => html`<li><b>${lower(one.role ?? "")}</b> ${one.name} ${one.phone ? html`<a class="inline" href="tel:${phoneDigits(one.phone)}">${one.phone}</a>` : nothing}</li>`)}
    ${client.phone && !client.deceased ? html`<li><b>${t("Telefon")}</b> <a class="inline" href="tel:${phoneDigits(client.phone)}">${client.phone}</a></li>` : nothing}
    ${client.address ? html`<li><b>${t("Adresse")}</b> ${client.address}</li>` : nothing}</ul></section>`;
}

/** What is done seldom stands last. */
const rarer = (
  state,
  client,
) => html`<details class="card"><summary><b>${t("Endre")}</b> <span class="hint">${t("opplysninger, team, avslutte")}</span></summary><div class="chips">
  ${chips(rarerMenu(state, client), client)}</div></details>`;
