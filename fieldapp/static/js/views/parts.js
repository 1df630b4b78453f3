/** Owns the pieces every screen is made of: header, sections, rows, tags, one-tap buttons. Templates only; ui/ acts on data-*. */
import { html, nothing } from "../../vendor/lit-html.js";
import { ENTRY_TYPES } from "../core/entry_types.js";
import { label } from "../texts/codes.js";
import { t, tn } from "../texts/t.js";
import { homeNowUntilMs } from "../core/replica/homecoming.js";
import { logLink, settTap } from "./actions.js";
import { icon } from "./icons.js";
import {
  absenceOf,
  awayNow,
  deathDay,
  isEnded,
  isWatched,
  lastAttempt,
  lastContact,
  occurred,
  onDuty,
  toRing,
} from "./people.js";
import { clock, contactAgo, doneWords, dueBy, phoneDigits, plainDate, watchAgo, watchDegree, when } from "./words.js";

/** An admin and a privacy officer have no clients: nothing they logged would be taken. */
export const meetsNobody = (state) => ["admin", "privacy"].includes(state.me?.role);

export const clientLink = (id) => `/felt/bruker/${id}`;
export const entryLink = (id) => `/felt/notat/${id}`;

export function header(state, title, { sub = "", back = "", badge = true } = {}) {
  return html`<header class="top">
    ${back ? html`<a class="back" href=${back} data-back aria-label=${t("Tilbake")}>${icon("back")}</a>` : nothing}
    <div class="top-words"><h1 tabindex="-1">${title}</h1>${sub ? html`<p class="sub">${sub}</p>` : nothing}</div>
    ${badge ? syncBadge(state) : nothing}
  </header>`;
}

/** Neutral whatever the state: what waits, when it was last received. A tap tries again. */
export function syncBadge(state) {
  const { outbox, sync } = state;
  const waiting = outbox.pending;
  if (waiting || !sync.online) {
    const words = waiting ? waitingWords(outbox, sync) : t("Uten dekning");
    return html`<button type="button" class="badge" data-do="flush"><span>${words}</span> <b>${t("Prøv nå")}</b></button>`;
  }
  if (!sync.lastAt || sync.filling) return nothing; // what was received was another’s, or not yet all
  return html`<span class="badge" data-good>${t("Mottatt {clock}", { clock: clock(sync.lastAt) })}</span>`;
}

/** How many wait, and for what: coverage is only one of the reasons. */
function waitingWords({ pending: n, held }, { online, lastOutcome, storageFull }) {
  const stuck = held.filter((row) => row.state === "pending").length;
  if (stuck === n) return tn(n, "1 kommer ikke fram", "{n} kommer ikke fram");
  if (storageFull) return tn(n, "1 er ikke sendt", "{n} er ikke sendt");
  if (online && ["unavailable", "slow_down", "update"].includes(lastOutcome))
    return tn(n, "1 venter på serveren", "{n} venter på serveren");
  return tn(n, "1 venter på dekning", "{n} venter på dekning");
}

/** A titled group; with nothing in it, the sentence that says what to do, or nothing at all. */
export function section(title, rows, { count = rows.length, empty = "" } = {}) {
  if (!rows.length && !empty) return nothing;
  return html`<section class="group">
    <h2>${title} ${count ? html`<span class="count">${count}</span>` : nothing}</h2>
    ${rows.length ? html`<ul class="list">${rows}</ul>` : html`<p class="card quiet">${empty}</p>`}
  </section>`;
}

/** One client, one line of reason, one button. @param {any} state @param {any} client @param {{reason?: any, settled?: boolean, action?: any}} [more] */
export function clientRow(
  state,
  client,
  { reason, settled = false, action = settButton(state, client, settled) } = {},
) {
  return html`<li class="row">
    <a class="row-main" href=${clientLink(client.id)}>
      <b>${client.name}</b><span class="sub">${reason ?? stateWords(state, client)}</span>
    </a>${action}
  </li>`;
}

/** «Sett» in one tap. Once saved it is words, not a button: a second tap must not undo the first. */
export function settButton(state, client, settled = false) {
  if (isEnded(client) || state.me?.role === "landlord" || meetsNobody(state)) return nothing;
  const seenAt = Date.parse(client.watch?.last_seen_at ?? "");
  if (settled || state.nowMs - seenAt < 120_000) {
    return html`<span class="done">${icon("check")} ${doneWords(client.watch && watchDegree(state, client))} ${seenAt ? clock(seenAt) : nothing}</span>`;
  }
  return settAction(state, client, t("Sett"));
}

/**
 * «Sett» in one tap, wherever it stands; of somebody who is away it asks first. Invariant: nobody in prison or hospital is
 * logged as seen, with the absence running on, by a slip of the thumb.
 */
export function settAction(state, client, words, color) {
  const name = t("{what}: {name}", { what: words, name: client.name });
  return awayNow(state, client.id)
    ? html`<a class="ds-button" data-variant="secondary" data-color=${color ?? nothing} href=${logLink("away", { client: client.id })} aria-label=${name}>${words}</a>`
    : html`<button type="button" class="ds-button" data-variant="secondary" data-color=${color ?? nothing} data-tap=${settTap(state, client)} aria-label=${name}>${words}</button>`;
}

/** "Per Ivar døde 23. nov."; without a known day only that. */
export function diedWords(state, client) {
  const day = deathDay(state, client);
  return day
    ? t("{name} døde {day}", { name: client.name, day: plainDate(day, state.nowMs) })
    : t("{name} er død", { name: client.name });
}

/** The reason a person stands where he or she stands, in one line. */
export function stateWords(state, client) {
  if (state.me?.role === "landlord") return ""; // who was seen when is care, not housing
  if (client.deceased) return diedWords(state, client);
  if (isEnded(client)) return t("oppfølgingen er avsluttet");
  const absence = absenceOf(state, client.id);
  if (absence && awayNow(state, client.id)) return absenceWords(absence, state.nowMs);
  const attempt = lastAttempt(state, client.id);
  const seen = isWatched(client) ? watchAgo(state, client) : contactWordsOf(state, client);
  const tail = absence
    ? absenceWords(absence, state.nowMs)
    : attempt
      ? html`${t("ikke truffet {when}", { when: when(occurred(attempt), state.nowMs) })}`
      : seen;
  if (!isWatched(client) || !client.watch.due_at) return tail;
  return html`<strong class=${dueClass(client, state.nowMs)}>${dueBy(client.watch.due_at, state.nowMs)}</strong>${tail ? html` · ${tail}` : nothing}`;
}

/** Of whom only the name is on the phone nothing is said that is not known. */
export function contactWordsOf(state, client) {
  const last = lastContact(state, client.id);
  return client.stub && !last ? "" : contactAgo(last, state.nowMs);
}

const dueClass = (client, now) => (Date.parse(client.watch.due_at) - now < 4 * 3_600_000 ? "due" : "later");

/** "innlagt, ventes tilbake 24. nov.", and while at home in a step of it "hjemme nå til 18.00 (innlagt)". */
export function absenceWords(absence, now) {
  const kind = absence.kind === "unknown" ? t("borte, ukjent hvor") : label("absence_kind", absence.kind).toLowerCase();
  const homeUntil = homeNowUntilMs(absence, now);
  if (homeUntil !== null) return t("hjemme nå til {until} ({kind})", { until: when(homeUntil, now), kind });
  const until = absence.expected_end_at
    ? when(Date.parse(absence.expected_end_at), now)
    : absence.expected_end_on && plainDate(absence.expected_end_on, now);
  return until ? t("{kind}, ventes tilbake {until}", { kind, until }) : kind;
}

/** What «Sett» means, at the button, with the way out when the person can't be woken. */
export const settMeans =
  () => html`<p class="means">${t("Sett betyr: Du så personen selv, og han eller hun svarte eller pustet helt normalt. Snorker tungt eller lar seg ikke vekke er ikke sett.")}
  <a href="tel:113">${t("Ring 113")}</a> ${t("og trykk Krise.")}</p>`;

/** For saves that must reach somebody: until the server has them, say that nobody is told, and whom to ring. */
export function notSent(state, teamId) {
  const { duty, others } = toRing(state, teamId);
  // The duty phone of a team where I alone am on duty is most likely in my own pocket.
  const dutyPhone = !others.length || !onDuty(state, teamId).length ? state.teams.get(teamId)?.duty_phone : "";
  const names = [...duty, ...others].map((one) => one.name).join(", ");
  const whom = others.length
    ? t("Ring bakvakt eller leder: {names}.", { names })
    : names
      ? t("Ring vakta: {names}.", { names })
      : dutyPhone
        ? ""
        : t("Ring vakta.");
  return html`<div class="notice" data-color="danger" role="alert"><p><b>${t("Ikke sendt. Ingen er varslet ennå.")}</b></p>
    <p>${whom} ${dutyPhone ? ringButton(t("Ring vakta"), dutyPhone) : nothing}
      ${[...duty, ...others].filter((one) => phoneDigits(one.phone)).map((one) => ringButton(t("Ring {name}", { name: one.name }), one.phone))}
      <button type="button" class="ds-button" data-variant="secondary" data-do="flush">${t("Prøv nå")}</button></p></div>`;
}

/** The number stands in the words: it may have to be rung from another phone. */
const ringButton = (words, number) =>
  html`<a class="ds-button" href="tel:${phoneDigits(number)}">${icon("phone")} ${words} ${number}</a> `;

/** Nobody is told of anything: said on every page, above it all but on a crisis, where the numbers to ring come first. */
export const alertingDown = ({ sync }) =>
  sync.alertingOk === false
    ? html`<p class="banner" data-color="warning" role="alert">${icon("bell")} <span>${t("Varslingen er nede. Ingen får varsler fra Sett nå: følg med på lista og ring hverandre.")}</span></p>`
    : nothing;

export const isUrgent = (entry) => Boolean(ENTRY_TYPES[entry.type]?.urgent) && (entry.body?.urgency ?? "now") === "now";

/** Urgent saves still on the phone; `about` narrows it to one client, case or alert. @param {any} state @param {(entry: any) => boolean} [about] */
export const urgentUnsent = (state, about = () => true) =>
  [...state.entries.values()].filter((entry) => entry.local && isUrgent(entry) && about(entry));
