/** The client card: who, how to meet, state of the agreement, one tap to log, last contacts, cases, people around. */
import { html, nothing } from "../../vendor/lit-html.js";
import "../texts/code_words_more.js";
import { label } from "../texts/codes.js";
import { lower, t } from "../texts/t.js";
import { logLink } from "./actions.js";
import { alertStory, alertTitle } from "./alert_words.js";
import { caseReason, caseTitle } from "./case_words.js";
import { editsWithoutEffect, lastDays } from "./client_history.js";
import { afterCall, goVisit, isOutsider, logButtons, quick } from "./client_log.js";
import { stateCard, watchWords } from "./client_state.js";
import { agreementMenu, rarerMenu } from "./menu.js";
import { withNumbers } from "./numbers.js";
import { diedWords, header, notSent, section, urgentUnsent } from "./parts.js";
import { alertsOf, casesOf, isEnded, maySetWatch } from "./people.js";
import { beforeGoingIn } from "./risk.js";
import { sharing } from "./sharing.js";
import { agreementsInWords, homeAndDecisions, persons, plansWay, standsButtons, tasksAndVisits } from "./stands.js";
import { heat } from "./today.js";
import { byWhom, phoneDigits, plainDate, sentences } from "./words.js";

export function clientView(state, { id: askedFor, phone, allEntries, older, called }) {
  const client = state.clients.get(askedFor);
  if (!client) return notHere(state);
  const id = client.id ?? askedFor; // an old link may name a duplicate
  const unsent = urgentUnsent(state, (entry) => entry.client_id === id);
  const outside = isOutsider(state);
  const isDead = Boolean(client.deceased);
  const cared = !outside && !isDead; // nothing is asked for the dead, and no care is shown to a landlord
  return html`${header(state, client.name, { sub: subtitle(state, client), back: "/felt/brukere" })}
    ${unsent.length ? notSent(state, client.team_ids?.[0]) : nothing}
    ${burning(state, id)}
    ${cared ? beforeGoingIn(state, client.id, { review: !isEnded(client) }) : nothing}
    ${isDead ? afterDeath(state, client) : outside ? nothing : stateCard(state, client)}
    ${editsWithoutEffect(state, client)}
    ${called === id && cared ? afterCall(client) : nothing}
    ${isDead ? nothing : quick(state, client, phone)}
    ${goVisit(state, client)}
    ${cared && !client.stub ? plansWay(state, client) : nothing}
    ${logButtons(state, client)}
    ${section(
      t("Åpne saker"),
      casesOf(state, id).map((one) => caseRow(state, one)),
    )}
    ${cared ? tasksAndVisits(state, client) : nothing}
    ${lastDays(state, client, allEntries, older)}
    ${cared ? agreement(state, client) : nothing}
    ${sharing(state, client)}
    ${around(state, client)}
    ${cared ? homeAndDecisions(state, client) : nothing}
    ${outside || isEnded(client) ? nothing : standsButtons(state, client)}
    ${outside ? nothing : rarer(state, client)}`;
}

function notHere(state) {
  const why = state.sync.filling
    ? t("Denne brukeren er ikke hentet til telefonen ennå.")
    : t("Denne brukeren er ikke på telefonen din.");
  return html`${header(state, t("Bruker"), { back: "/felt/brukere" })}<p class="card quiet">${why}</p>`;
}

/** The leader goes on to the list of what is left to do. */
function afterDeath(state, client) {
  const list = html`<p><a href="/kontor/bruker/${client.id}">${t("Etter dødsfallet: det som gjenstår")}</a></p>`;
  return html`<section class="card state"><h2>${diedWords(state, client)}</h2>${state.me.role === "leader" ? list : nothing}</section>`;
}

// The clock, worry and crisis of the person; a colleague's safety, an absence and a deadline have lines of their own.
const ON_CARD = new Set(["not_seen", "concern", "crisis"]);

const burning = (state, id) =>
  alertsOf(state, id)
    .filter((alert) => ON_CARD.has(alert.kind))
    .map(
      (alert) => html`<section class="fire" data-color=${heat(state, alert)}>
        <h2><a href="/felt/varsel/${alert.id}">${alertTitle(state, alert)}</a></h2><p>${withNumbers(alertStory(state, alert))}</p></section>`,
    );

const subtitle = (state, client) =>
  [
    client.alias && `«${client.alias}»`,
    client.birth_year && t("f. {year}", { year: client.birth_year }),
    client.primary_staff_id && t("primærkontakt: {name}", { name: byWhom(state, client.primary_staff_id) }),
    client.pending && t("lagret på telefonen"),
  ]
    .filter(Boolean)
    .join(" · ");

const caseRow = (state, one) =>
  html`<li class="row"><a class="row-main" href="/felt/sak/${one.id}"><b>${caseTitle(one)}</b><span class="sub">${caseReason(one, state.nowMs)}</span></a></li>`;

const chips = (menu, client) =>
  menu.map(({ type, words }) => html`<a class="chip" href=${logLink(type, { client: client.id })}>${t(words)}</a>`);

function agreement(state, client) {
  const ended = isEnded(client);
  return html`<section class="card"><h2>${t("Avtalen")}</h2>
    <p>${watchWords(client, state.nowMs)}</p>
    ${client.watch?.mode && client.watch.mode !== "off" ? ofWatch(client.watch) : nothing}
    ${client.watch?.review_on ? html`<p class="sub">${t("Vurderes på nytt {day}.", { day: plainDate(client.watch.review_on, state.nowMs) })}</p>` : nothing}
    ${agreementsInWords(state, client)}
    ${ended ? nothing : html`<div class="chips">${chips(agreementMenu(state, client), client)}</div>`}
    ${ended || maySetWatch(state, client) ? nothing : html`<p class="sub">${t("Tilsynsavtalen settes av leder eller primærkontakten.")}</p>`}</section>`;
}

/** Whether we may enter and with which key, and what happens while the team is closed. */
function ofWatch({ may_enter: may, key_ref: key, when_closed: closed }) {
  const enter = may
    ? t("Avtalen åpner for å låse seg inn hvis dere ikke når personen.")
    : t("Ikke avtale om å låse seg inn.");
  return html`<p>${enter} ${may && key ? t("Nøkkel: {key}.", { key }) : ""}</p>
    ${closed ? html`<p>${sentences(`${t("Når teamet er stengt")}: ${lower(label("when_closed", closed))}`)}</p>` : nothing}`;
}

function around(state, client) {
  const teams = (client.team_ids ?? []).map((id) => state.teams.get(id)).filter(Boolean);
  const primary = state.staff.get(client.primary_staff_id);
  return html`<section class="card"><h2>${t("Folk rundt")}</h2><ul class="plain">
    <li><b>${t("Primærkontakt")}</b> ${primary?.name ?? t("ikke valgt")}</li>
    ${teams.map((team) => html`<li><b>${label("team_kind", team.kind)}</b> ${team.name}</li>`)}
    ${isOutsider(state) ? nothing : persons(state, client)}
    ${client.phone && !client.deceased ? html`<li><b>${t("Telefon")}</b> <a class="inline" href="tel:${phoneDigits(client.phone)}" data-call=${isOutsider(state) ? nothing : client.id}>${client.phone}</a></li>` : nothing}
    ${client.address ? html`<li><b>${t("Adresse")}</b> ${client.address}</li>` : nothing}</ul></section>`;
}

/** What is done seldom stands last. */
const rarer = (
  state,
  client,
) => html`<details class="card"><summary><b>${t("Endre")}</b> <span class="hint">${t("opplysninger, team, avslutte")}</span></summary><div class="chips">
  ${chips(rarerMenu(state, client), client)}</div></details>`;
