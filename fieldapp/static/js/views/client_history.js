/** Owns the last days on a client's card: what was logged, newest first, older ones on demand, and an edit that does not hold. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { correctLink } from "./actions.js";
import { withoutEffect } from "./checks.js";
import { isUnconfirmed } from "./entry.js";
import { entryDetail, lostWords } from "./entry_detail.js";
import { entryTitle } from "./entry_words.js";
import { entryLink } from "./parts.js";
import { history, mayCorrect, occurred } from "./people.js";
import { colleague, sentences, when } from "./words.js";

const SHOWN = 6;

export function lastDays(state, client, all, older) {
  const entries = history(state, client.id);
  const shown = all ? entries : entries.slice(0, SHOWN);
  const nothingYet = state.sync.filling ? t("Notatene er ikke hentet ennå.") : t("Ingenting er ført ennå.");
  return html`<section class="card"><h2>${t("Siste dager")}</h2>
    ${shown.length ? html`<ol class="timeline">${shown.map((entry) => entryItem(state, entry))}</ol>` : html`<p class="sub">${nothingYet}</p>`}
    ${moreButton(client, entries.length, shown.length, older)}
    ${older === "failed" ? html`<p class="sub" role="status">${t("Eldre notater trenger dekning.")}</p>` : nothing}</section>`;
}

function moreButton(client, all, shown, older) {
  if (all > shown)
    return html`<button type="button" class="ds-button" data-variant="secondary" data-do="all-entries">${t("Vis alle {n}", { n: all })}</button>`;
  if (!all) return nothing;
  return html`<button type="button" class="ds-button" data-variant="secondary" data-older=${client.id}
    ?disabled=${older === "loading" || older === "end"}>${older === "end" ? t("Ikke mer") : t("Hent eldre")}</button>`;
}

/** My own change of this week that does not hold: somebody else's is newer, and the phone's clock may be the reason. */
export function editsWithoutEffect(state, client) {
  const [entry] = history(state, client.id).filter((one) => one.lost && one.author_id === state.me.id);
  return entry
    ? html`<p class="notice" data-color="warning" role="status"><b>${lostWords(entry)}</b> ${t("Noe nyere er ført. Stemmer det ikke, så rett det på nytt.")}</p>`
    : nothing;
}

function entryItem(state, entry) {
  const title = sentences(entryTitle(entry));
  return html`<li><time>${when(occurred(entry), state.nowMs)}</time><div>
    <b><a class="whole" href=${entryLink(entry.id)}>${title}</a></b> ${entryDetail(entry)} ${entry.lost ? html`<b>${lostWords(entry)}</b> ` : nothing}<span class="sub">${byAndWhere(state, entry)}</span>
    ${mayCorrect(state, entry) ? fix(state, entry) : nothing}</div></li>`;
}

/** By whom, and what is special about it: not yet sent, without effect, written on a locked phone. */
const byAndWhere = (state, entry) =>
  [
    entry.author_name ?? colleague(state, entry.author_id),
    entry.local && (entry.local === "held" ? t("ikke godtatt") : t("lagret på telefonen")),
    withoutEffect(entry) && t("uten virkning"),
    isUnconfirmed(state, entry) && t("skrevet på låst telefon"),
  ]
    .filter(Boolean)
    .join(" · ");

function fix(state, entry) {
  const what = `${entryTitle(entry)}, ${when(occurred(entry), state.nowMs)}`;
  return html`<a class="fix" href=${correctLink(entry)} aria-label=${t("Rett: {what}", { what })}>${t("Rett")}</a>`;
}
