/** Owns what surrounds every screen: banners, the toast with Angre and the tabs. */
import { html, nothing } from "../../vendor/lit-html.js";
import { N, t, tn } from "../texts/t.js";
import { tap } from "./actions.js";
import { alertTitle, isLeft } from "./alert_words.js";
import { badgeCount } from "./day.js";
import { isOnDuty, whyDeaf } from "./deaf.js";
import { icon } from "./icons.js";
import { isOpen } from "./people.js";
import { alertingDown, meetsNobody } from "./parts.js";
import { ending, extendLink, isMine, myHelp, myVisit, visitWords } from "./safety.js";
import { mayTake } from "./today.js";
import { clock } from "./words.js";

const TABS = [
  ["/felt", "day", N("I dag")],
  ["/felt/brukere", "people", N("Brukere")],
  ["/felt/ny", "plus", N("Før noe nytt")],
  ["/felt/tavle", "board", N("Tavle")],
  ["/felt/mer", "more", N("Mer")],
];

export function frame(state, params, page) {
  return html`<div class="phone">
    ${banners(state, params)}
    ${visitStrip(state, params)}
    <main id="main">${page}</main>
    ${toast(state, params.toast)}
    ${tabs(state, params)}
  </div>`;
}

/** A running crisis, and a worry on its way: nothing may push their numbers and buttons down. Both say by themselves who has been told. */
const URGENT_FORMS = new Set(["crisis_opened", "concern_raised", "concern_words"]);
function isUrgentPage(state, { name, id, query }) {
  const one = name === "case" && state.cases.get(id);
  return name === "log" ? URGENT_FORMS.has(query?.type) : Boolean(one) && one.kind === "crisis" && isOpen(one);
}

/** Only what changes what a person can trust right now; each says what to do. */
function banners(state, params) {
  if (isUrgentPage(state, params)) return nothing;
  const { update, path, phone, name, id, duty = myDuty(state) } = params;
  const { sync } = state;
  return html`<section class="banners" aria-label=${t("Beskjeder")}>
    ${alertingDown(state)}
    ${["today", "help"].includes(name) ? nothing : leftAlerts(state, id)}
    ${sync.signedOut ? html`<p class="banner" data-color="neutral">${icon("person")} <span>${t("Du er logget ut. Alt du fører blir på telefonen.")} <a href="/felt/logg-inn">${t("Logg inn igjen")}</a></span></p>` : nothing}
    ${duty && !sync.online ? html`<p class="banner" data-color="neutral">${icon("cloud")} <span>${sync.lastAt ? t("Uten dekning siden {clock}. Varsler når deg ikke.", { clock: clock(sync.lastAt) }) : t("Uten dekning. Varsler når deg ikke.")}</span></p>` : nothing}
    ${sync.online && isOnDuty(state) && outOfContact(state) ? html`<p class="banner" data-color="neutral">${icon("cloud")} <span>${t("Ingen kontakt med Sett siden {clock}. Telefonen vet ikke om varslingen går.", { clock: clock(sync.lastAt) })}</span></p>` : nothing}
    ${phone?.accountNews ? html`<p class="banner" data-color="warning">${icon("bell")} <a href="/konto">${t("Nytt om kontoen din")}</a></p>` : nothing}
    ${phone?.permission && path !== "/felt/mer" && isOnDuty(state) && whyDeaf(phone) ? html`<p class="banner" data-color="warning">${icon("bell")} <span>${t("Denne telefonen får ikke varsler.")} <a href="/felt/mer">${t("Slå det på under Mer.")}</a></span></p>` : nothing}
    ${sync.storageFull ? html`<p class="banner" data-color="warning" role="alert">${icon("cloud")} <span>${t("Telefonen er full: det du fører nå, blir ikke lagret. Slett noe på telefonen. Haster det, så ring.")}</span></p>` : nothing}
    ${["stubs", "behind"].includes(sync.left) ? html`<p class="banner" data-color="neutral">${icon("cloud")} <span>${t("Lenge siden telefonen nådde Sett: bare navn og frister vises. Du kan føre som før.")}</span></p>` : nothing}
    ${sync.filling && (sync.left ?? "whole") === "whole" && !meetsNobody(state) ? html`<p class="banner" data-color="neutral">${icon("cloud")} <span>${t("Ikke alt er hentet ennå: brukere og notater kan mangle i listene. Resten kommer når telefonen når Sett.")}</span></p>` : nothing}
    ${update ? html`<p class="banner" data-color="info">${icon("clock")} <span>${t("Ny versjon av Sett er klar. Utkast blir tatt vare på.")} <button type="button" class="link" data-do="update">${t("Ta den i bruk")}</button></span></p>` : nothing}
  </section>`;
}

/** On every screen but those that show it anyway, and the one for help: nothing between the thumb and its button. */
function leftAlerts(state, here) {
  if (!state.me || !mayTake(state)) return nothing;
  const [first, ...more] = [...state.alerts.values()].filter((alert) => alert.id !== here && isLeft(state, alert));
  return first
    ? html`<p class="banner" data-color="danger" role="alert">${icon("bell")} <span>${
        more.length
          ? html`${tn(more.length + 1, "1 varsel er ikke tatt.", "{n} varsler er ikke tatt.")} <a href="/felt">${t("Se dem på I dag.")}</a>`
          : html`${t("Varselet er ikke tatt.")} <a href="/felt/varsel/${first.id}">${alertTitle(state, first)}</a>`
      }</span></p>`
    : nothing;
}

/** Two rounds of asking without an answer. What was known of the alerting before is no longer known. */
const OUT_OF_CONTACT_MS = 150_000;
const outOfContact = ({ sync, nowMs }) =>
  Boolean(sync.lastAt) &&
  !["ok", "signed_out", null].includes(sync.lastOutcome) &&
  nowMs - Date.parse(sync.lastAt) > OUT_OF_CONTACT_MS;

/** My visit while it runs, on every page: out again, longer, or help, in one tap each. Calm, also when it is past its time. */
function visitStrip(state, params) {
  const { name, id } = params;
  if (name === "help" || isUrgentPage(state, params)) return nothing; // nothing between the thumb and the buttons there
  const visit = myVisit(state);
  const help = myHelp(state);
  const alert = name === "alert" && state.alerts.get(id);
  if (alert && isMine(state, alert)) return nothing; // the page itself asks, with the same answers
  if (!visit && !help) return nothing;
  const late = visit && Date.parse(visit.expected_end_at) <= state.nowMs;
  return html`<aside class="strip" data-color=${help ? "danger" : late ? "warning" : "info"} aria-label=${t("Besøket ditt")}>
    ${help ? html`<p><a href="/felt/hjelp"><b>${t("Du har bedt om hjelp")}</b></a></p>` : nothing}
    ${
      visit
        ? html`<p>${icon("home")} <b>${visitWords(state, visit)}</b></p>
    <div class="actions"><button type="button" class="ds-button" data-variant="secondary" data-tap=${tap(ending(state, visit))}>${t("Ferdig")}</button>
      <a class="ds-button" data-variant="secondary" href=${extendLink(visit)}>${t("Forleng")}</a>
      ${help ? nothing : html`<a class="ds-button" data-variant="secondary" data-color="danger" href="/felt/hjelp">${t("Be om hjelp")}</a>`}</div>`
        : nothing
    }</aside>`;
}

/** Am I on duty now. */
export const myDuty = (state) =>
  (state.duty ?? []).some(
    (one) =>
      one.staff_id === state.me?.id && Date.parse(one.from_at) <= state.nowMs && state.nowMs < Date.parse(one.to_at),
  );

/** Where a save is by now: on the phone, or with the server. */
function whereabouts(state, { sub, saved = [] }) {
  const entries = saved.map((id) => state.entries.get(id));
  return entries.length && entries.every((entry) => entry && !entry.local)
    ? t("Mottatt {clock}", { clock: clock(state.sync.lastAt) })
    : sub;
}

export function toast(state, one) {
  return html`<div class="toast-place" role="status">${
    one
      ? html`<div class="toast">
    <p><b>${one.text}</b>${one.sub ? html`<span class="sub">${whereabouts(state, one)}</span>` : nothing}</p>
    ${one.undo && !one.final ? html`<button type="button" class="ds-button" data-variant="secondary" data-undo=${one.undo}>${t("Angre")}</button>` : nothing}
    ${one.href ? html`<a class="ds-button" data-variant="secondary" href=${one.href}>${one.words ?? t("Vis")}</a>` : nothing}
  </div>`
      : nothing
  }</div>`;
}

function tabs(state, { path }) {
  const count = badgeCount(state);
  return html`<nav class="tabs" aria-label=${t("Hovedmeny")}>${TABS.map(
    ([href, name, words]) => html`
    <a href=${href} class=${name === "plus" ? "tab tab-plus" : "tab"} aria-current=${isHere(href, path) ? "page" : nothing}>
      ${icon(name)}
      ${name === "day" && count ? html`<span class="tab-count" aria-label=${t("{n} haster", { n: count })}>${count}</span>` : nothing}
      <span class=${name === "plus" ? "ds-sr-only" : "tab-words"}>${t(words)}</span>
    </a>`,
  )}</nav>`;
}

const PART_OF = {
  "/felt/vakter": "/felt/mer",
  "/felt/journal": "/felt/mer",
  "/felt/bruker/": "/felt/brukere",
  "/felt/varsel/": "/felt",
  "/felt/sak/": "/felt/brukere",
};
const isHere = (href, path) =>
  href === path || Object.entries(PART_OF).some(([start, tab]) => tab === href && path.startsWith(start));
