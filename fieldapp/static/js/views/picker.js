/** Owns whom a form is likely about, in which order, and the rows to choose from: the whole row chooses. */
import { search as ranked } from "../core/replica/search.js";
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { logLink } from "./actions.js";
import { isEnded } from "./people.js";
import { stateWords } from "./parts.js";
import { myVisit } from "./safety.js";

const FIRST_ROWS = 60;

/**
 * The clients to choose from: the visit in progress, alerts, the recently opened, mine, then the rest. What was typed ranks
 * by itself. Whose follow-up has ended is not there. @param {any[]} found by the search, all of them when nothing was typed
 */
export function pickOrder(state, found, { recent = [], typed = "" } = {}) {
  const open = found.filter((client) => !isEnded(client));
  if (typed.trim()) return open;
  const alerted = new Set([...state.alerts.values()].map((alert) => alert.client_id));
  const visit = myVisit(state)?.client_id;
  const rank = (client) => {
    if (client.id === visit) return 0;
    if (alerted.has(client.id)) return 1;
    if (recent.includes(client.id)) return 2;
    return client.primary_staff_id === state.me?.id ? 3 : 4;
  };
  const lately = (client) => (rank(client) === 2 ? recent.indexOf(client.id) : 0);
  return [...open].sort((a, b) => rank(a) - rank(b) || lately(a) - lately(b));
}

/** The rows, and how many more there are. */
export function pickRows(
  state,
  { recent, search = "", allRest, query = {}, found = ranked(state.clients.values(), search) },
  type,
) {
  const all = pickOrder(state, found, { recent, typed: search });
  const shown = allRest ? all : all.slice(0, FIRST_ROWS);
  if (!shown.length)
    return html`<p class="card quiet">${search ? t("Ingen treff på «{text}». Prøv færre bokstaver, fødselsår eller adresse.", { text: search }) : t("Ingen brukere ennå.")}</p>`;
  return html`<ul class="list">${shown.map((client) => pickRow(state, client, type, query))}</ul>
    ${all.length > shown.length ? html`<p><button type="button" class="ds-button wide" data-variant="secondary" data-do="all-rest">${t("Vis alle {n}", { n: all.length })}</button></p>` : nothing}`;
}

/** What the form is about besides, kept while somebody is chosen. */
const aboutOf = ({ case: caseId, entry }) => ({ ...(caseId ? { case: caseId } : {}), ...(entry ? { entry } : {}) });

/** The name is the button or link, and reaches over the whole row; what it does comes first for whoever hears it. */
function pickRow(state, client, type, query) {
  const name = html`<span class="ds-sr-only">${type === "crisis_opened" ? t("Start krise:") : t("Velg")} </span>${client.name}`;
  return html`<li class="row picks">${
    type === "crisis_opened"
      ? html`<button type="button" class="pick" data-crisis=${client.id}>${name}</button>`
      : html`<a class="pick" href=${logLink(type, { client: client.id, ...aboutOf(query) })}>${name}</a>`
  }<span class="sub">${stateWords(state, client)}</span></li>`;
}
