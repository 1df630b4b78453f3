/** «Til journal»: what I have logged and not yet copied into the journal, with ready text, ticked off client by client. */
import { html, nothing } from "../../vendor/lit-html.js";
import { label } from "../texts/codes.js";
import { t, tn } from "../texts/t.js";
import { factsOf } from "./entry_fields.js";
import { entryTitle } from "./entry_words.js";
import { clientName, history, isStanding, occurred, said } from "./people.js";
import { clientLink, entryLink, header } from "./parts.js";
import { clock, date, daysAway } from "./words.js";

/** How far back an entry is still asked for. */
const DAYS = 7;
// What is about staff belongs in the employer's system, not in the client's journal.
const NOT_THERE = new Set(["staff_incident_logged"]);
const MOST = 200;

/** The ids of entries that I have said are in the journal. */
export function notedIds(state) {
  const noted = [...state.entries.values()].filter(
    (one) => one.type === "journal_noted" && one.local !== "held" && isStanding(state, one),
  );
  return new Set(noted.flatMap((one) => said(one).entry_ids ?? []));
}

/** What is left to copy: [{client, entries, fromBefore}], each client's oldest first. */
export function toJournal(state) {
  const noted = notedIds(state);
  const mine = (entry) =>
    entry.author_id === state.me.id &&
    !noted.has(entry.id) &&
    entry.local !== "held" &&
    !entry.body?.private &&
    !NOT_THERE.has(entry.type) &&
    daysAway(occurred(entry), state.nowMs) > -DAYS;
  return [...state.clients.values()]
    .map((client) => ({ client, entries: history(state, client.id).filter(mine).reverse().slice(0, MOST) }))
    .filter(({ entries }) => entries.length)
    .sort((a, b) => occurred(a.entries[0]) - occurred(b.entries[0]));
}

/** "24. nov. 12.17 Hjemmebesøk, traff. Mitt inntrykk: Som vanlig. …" */
export function journalLine(state, entry) {
  const outcome = entryTitle(entry);
  const facts = factsOf(state, entry.type, said(entry))
    .filter((one) => one.words !== null && !one.apart && !outcome.includes(one.words.toLowerCase()))
    .map((one) => (one.name === "note" ? one.words : `${one.label.replace(/[?:]$/, "")}: ${one.words}`));
  return [`${date(occurred(entry), state.nowMs)} ${clock(occurred(entry))} ${outcome}`, ...facts]
    .map((part) => (/[.!?…»]$/.test(part) ? part : `${part}.`))
    .join(" ");
}

const textOf = (state, entries) =>
  [...entries.map((entry) => journalLine(state, entry)), t("Ført av {who} i Sett.", { who: state.me.name })].join("\n");

/** The journal that was named last. */
function lastSystem(state) {
  const mine = [...state.entries.values()].filter(
    (one) => one.type === "journal_noted" && one.author_id === state.me.id,
  );
  return mine.sort((a, b) => occurred(b) - occurred(a))[0]?.body.system ?? "";
}

export function journalView(state) {
  const left = toJournal(state);
  return html`${header(state, t("Til journal"), { sub: tn(left.length, "1 bruker igjen", "{n} brukere igjen"), back: "/felt/mer" })}
    ${
      left.length
        ? html`<section class="card"><p>${t("Kopier teksten, lim den inn i journalen, og kryss av. Sett sender ingenting.")}</p>
      <p><label class="field-label" for="journal-system">${t("Hvilket journalsystem?")}</label>
      <input class="ds-input" id="journal-system" maxlength="100" autocomplete="off" .value=${lastSystem(state)}></p></section>
      ${left.map((one) => ofClient(state, one))}`
        : html`<p class="card quiet">${t("Alt du har ført den siste uka, er merket som kopiert.")}</p>`
    }`;
}

function ofClient(state, { client, entries }) {
  const text = textOf(state, entries);
  const before = entries.filter((entry) => daysAway(occurred(entry), state.nowMs) < 0).length;
  return html`<section class="card"><h2><a href=${clientLink(client.id)}>${clientName(state, client.id)}</a></h2>
    ${before ? html`<p class="sub">${tn(before, "1 av dem fra før i dag", "{n} av dem fra før i dag")}</p>` : nothing}
    <ul class="plain">${entries.map((entry) => html`<li><a class="inline" href=${entryLink(entry.id)}>${journalLine(state, entry)}</a></li>`)}</ul>
    <div class="chips"><button type="button" class="ds-button" data-variant="secondary" data-copy=${text} data-copied=${t("Teksten er kopiert")}>${t("Kopier")}</button>
      <button type="button" class="ds-button" data-journal=${client.id}>${t("Står i journalen")}</button></div></section>`;
}

/** What one tick saves. */
export const noted = (state, clientId, system) => ({
  type: "journal_noted",
  body: {
    entry_ids: toJournal(state)
      .find((one) => one.client.id === clientId)
      ?.entries.map((entry) => entry.id),
    system: system || label("entry_type", "journal_noted"),
  },
  client: clientId,
});
