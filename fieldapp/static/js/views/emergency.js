/** «Nødtilgang»: asking for sight of a client that no team of one's own follows. Needs coverage: the server finds and logs. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { header } from "./parts.js";

/** Who may ask: those who are given sight in time. @param {any} state */
export const mayAskForSight = (state) => ["fieldworker", "leader"].includes(state.me?.role);

const field = (
  name,
  label,
  type,
  value,
  more = {},
) => html`<div class="field"><label class="field-label" for="em-${name}">${label}</label>
  <input class="ds-input" id="em-${name}" name=${name} type=${type} inputmode=${more.inputmode ?? nothing} maxlength=${more.max ?? nothing} autocomplete="off" required .value=${value ?? ""}></div>`;

/** @param {any} state @param {{asked?: {wrong?: string, busy?: boolean, values?: any}}} screen */
export function emergencyView(state, { asked = {} }) {
  const top = header(state, t("Nødtilgang"), { back: "/felt/mer" });
  if (!mayAskForSight(state))
    return html`${top}<p class="card quiet">${t("Dette er for ansatte i teamet og teamledere.")}</p>`;
  const { values = {}, wrong, busy } = asked;
  return html`${top}
    <form data-emergency class="card" autocomplete="off" novalidate>
      <p>${t("Når det haster og du trenger å vite noe om en bruker teamet ditt ikke følger. Varer i en time.")}</p>
      <p class="notice" data-color="warning">${t("Det blir logget at du spurte, hvem du spurte om, og grunnen. Lederen får vite det med en gang, også når du ikke finner noen. Brukeren kan få se det. Høyst tre ganger i timen og seks om dagen.")}</p>
      ${state.sync.online ? nothing : html`<p class="notice" data-color="neutral" role="status">${t("Dette trenger dekning.")}</p>`}
      ${wrong ? html`<p class="notice" data-color="danger" role="alert" tabindex="-1" id="em-wrong">${wrong}</p>` : nothing}
      ${field("name", t("Hele navnet"), "text", values.name, { max: 200 })}
      ${field("birth_year", t("Fødselsår"), "text", values.birth_year, { inputmode: "numeric", max: 4 })}
      <div class="field"><label class="field-label" for="em-reason">${t("Hvorfor?")}</label>
        <textarea class="ds-input" id="em-reason" name="reason" rows="3" maxlength="2000" autocomplete="off" required .value=${values.reason ?? ""}></textarea></div>
      <button class="ds-button wide" data-color="danger" type="submit" ?disabled=${busy}>${busy ? t("Spør …") : t("Be om nødtilgang")}</button>
    </form>`;
}
