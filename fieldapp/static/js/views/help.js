/** «Be om hjelp»: one big button, then where it stands. A page of its own, so that nobody hits it in passing. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { safeTap } from "./actions.js";
import { nobodyWords, ownerWords, toldWords } from "./alert_words.js";
import { icon } from "./icons.js";
import { withNumbers } from "./numbers.js";
import { header, meetsNobody, notSent, urgentUnsent } from "./parts.js";
import { myHelp, safetyStory, whereIAm } from "./safety.js";

export function helpView(state, { awake }) {
  const top = header(state, t("Be om hjelp"), { back: "/felt" });
  if (meetsNobody(state) || state.me.role === "landlord") return html`${top}${notAnAlarm()}`;
  const unsent = urgentUnsent(state, (entry) => entry.type === "help_requested" && !state.retracted.has(entry.id));
  const alert = myHelp(state);
  return alert || unsent.length ? html`${top}${asked(state, alert, unsent)}` : html`${top}${ask(state, awake)}`;
}

const notAnAlarm =
  () => html`<div class="card alarm"><p>${withNumbers(t("Akutt fare: ring 112. Dette er ikke en overfallsalarm."))}</p>
  <a class="ds-button" data-color="danger" data-variant="secondary" href="tel:112">${icon("phone")} ${t("Ring 112")}</a></div>`;

/** The button stands low and large: a thumb finds it without reading, and not where the last tap was. */
function ask(state, awake) {
  const visit = whereIAm(state);
  const client = visit && state.clients.get(visit.client_id);
  return html`${notAnAlarm()}
    ${
      client
        ? html`<p class="card">${t("De får vite at du er hos {name}.", { name: [client.name, client.address].filter(Boolean).join(", ") })}</p>`
        : html`<p class="card"><label class="field-label" for="help-place">${t("Hvor er du?")} <span class="hint">${t("hvis du rekker det")}</span></label>
        <input class="ds-input" id="help-place" type="text" maxlength="200" autocomplete="off"></p>`
    }
    <button type="button" class="ds-button help-now" data-color="danger" data-help ?disabled=${!awake}>${icon("bell")} <span>${t("Send hjelp nå")}</span></button>
    <p class="means">${t("Alle på vakt og leder får det med en gang.")}</p>`;
}

function asked(state, alert, unsent) {
  const pending = unsent.length || alert?.pending;
  return html`${pending ? notSent(state, alert?.team_id ?? unsent[0]?.team_id ?? state.me.teams[0]?.id) : nothing}
    <section class="fire" data-color=${alert?.owner ? "warning" : "danger"}><h2>${t("Du har bedt om hjelp")}</h2>
      ${alert ? html`<p>${safetyStory(state, alert)}</p>` : nothing}
      ${pending ? nothing : html`<p><b>${nobodyWords(alert) ? withNumbers(nobodyWords(alert)) : [toldWords(state, alert.told), ownerWords(state, alert)].filter(Boolean).join(" ")}</b></p>`}
      <div class="actions">${safe(alert, unsent)}</div></section>
    ${notAnAlarm()}`;
}

/** Safe again: what was sent is ended, what was not is taken back. */
function safe(alert, unsent) {
  if (unsent.length)
    return html`<button type="button" class="ds-button" data-variant="secondary" data-color="accent" data-undo=${unsent.map((entry) => entry.id).join(" ")}>${t("Jeg er trygg, ta det tilbake")}</button>`;
  return html`<button type="button" class="ds-button" data-variant="secondary" data-color="accent" data-tap=${safeTap(alert, t("Jeg er trygg"), t("Ført: du er trygg"))}>${t("Jeg er trygg")}</button>`;
}
