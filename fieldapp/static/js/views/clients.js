/** Brukere: everybody in my teams, found as you type. */
import { html, nothing } from "../../vendor/lit-html.js";
import { search as ranked } from "../core/replica/search.js";
import { t } from "../texts/t.js";
import { newClientLink } from "./actions.js";
import { icon } from "./icons.js";
import { clientRow, header, meetsNobody } from "./parts.js";

const FIRST_ROWS = 80;

export function clientsView(state, { search = "", allRest }) {
  const found = ranked(state.clients.values(), search);
  const shown = allRest ? found : found.slice(0, FIRST_ROWS);
  return html`${header(state, t("Brukere"), { sub: state.sync.filling ? t("{n} hentet til nå", { n: state.clients.size }) : t("{n} i teamene dine", { n: state.clients.size }) })}
    <div class="search-line">
      <p class="search"><label class="ds-sr-only" for="client-search">${t("Søk etter bruker")}</label>${icon("search")}
        <input class="ds-input" id="client-search" type="search" data-search placeholder=${t("Navn, fødselsår eller adresse")} autocomplete="off" .value=${search}></p>
      ${state.me.role === "landlord" || meetsNobody(state) ? nothing : html`<a class="ds-button" href=${newClientLink()}>${icon("plus")} ${t("Ny bruker")}</a>`}
    </div>
    <p class="ds-sr-only" role="status">${search ? t("{n} treff", { n: found.length }) : ""}</p>
    ${shown.length ? html`<ul class="list">${shown.map((client) => clientRow(state, client))}</ul>` : html`<p class="card quiet">${nobodyFound(state, search)}</p>`}
    ${found.length > shown.length ? html`<p><button type="button" class="ds-button wide" data-variant="secondary" data-do="all-rest">${t("Vis alle {n}", { n: found.length })}</button></p>` : nothing}`;
}

/** Nobody found is not nobody there while the list is still being fetched. */
function nobodyFound({ sync }, search) {
  if (sync.filling)
    return search
      ? t("Ingen treff på «{text}» i det som er hentet til nå.", { text: search })
      : t("Brukerne er ikke hentet ennå.");
  return search
    ? t("Ingen treff på «{text}». Prøv færre bokstaver, fødselsår eller adresse.", { text: search })
    : t("Ingen brukere ennå.");
}
