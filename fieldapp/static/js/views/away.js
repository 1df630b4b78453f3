/** «Er tilbake?»: asked before somebody who is away is logged as seen. Both answers are one tap. */
import { html } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { endOfAbsence, seenAt, tap } from "./actions.js";
import { icon } from "./icons.js";
import { absenceOf, usualPlace } from "./people.js";
import { absenceWords, clientLink, header, settAction, settMeans } from "./parts.js";

/** Where one sees a person who is there. */
const INSTITUTION = new Set(["admitted", "treatment", "detox", "prison"]);

export function awayView(state, { query }) {
  const client = state.clients.get(query.client);
  if (!client)
    return html`${header(state, t("Sett"), { back: "/felt" })}<p class="card quiet">${t("Denne brukeren er ikke på telefonen din.")}</p>`;
  const absence = absenceOf(state, client.id);
  const top = header(state, t("Sett"), { sub: client.name, back: clientLink(client.id) });
  if (!absence)
    return html`${top}<section class="card">${settAction(state, client, t("Sett"))}</section>${settMeans()}`;
  const words = absenceWords(absence, state.nowMs);
  return html`${top}
    <section class="card"><h2>${t("Er {name} tilbake?", { name: client.name })}</h2>
      <p class="sub">${words.charAt(0).toUpperCase() + words.slice(1)}</p>
      <div class="actions">
        <button type="button" class="ds-button wide" data-tap=${backTap(state, client, absence)}>${icon("check")} ${t("Ja, er tilbake. Før sett")}</button>
        <button type="button" class="ds-button wide" data-variant="secondary" data-tap=${stillAwayTap(client, absence)}>${t("Nei, fortsatt borte. Jeg så personen der")}</button>
      </div></section>
    ${settMeans()}`;
}

const backTap = (state, client, absence) =>
  tap({
    ...endOfAbsence(client, absence),
    also: [seenAt(usualPlace(state, client), client)],
    said: t("Tilbake og sett: {name}", { name: client.name }),
    go: clientLink(client.id),
  });

const stillAwayTap = (client, absence) =>
  tap({
    ...seenAt(INSTITUTION.has(absence.kind) ? "institution" : "other", client),
    said: t("Sett: {name}", { name: client.name }),
    go: clientLink(client.id),
  });
