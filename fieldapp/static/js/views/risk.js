/** Owns «Før du går inn»: what belongs to the situation or the address, shown before anybody sets out. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { plainDate, sentences } from "./words.js";

export function beforeGoingIn(state, clientId) {
  const risks = [...(state.risks?.values() ?? [])].filter((one) => one.client_id === clientId && !one.ended_at);
  if (!risks.length) return nothing;
  return html`<div class="notice" data-color="warning"><p><b>${t("Før du går inn")}</b></p>${risks.map(
    (one) => html`<p>${sentences(...[one.advice ?? []].flat(), one.reason)}
    ${one.review_on && Date.parse(one.review_on) < state.nowMs ? html`<span class="sub">${t("Gammel, skulle vært vurdert {day}.", { day: plainDate(one.review_on, state.nowMs) })}</span>` : nothing}</p>`,
  )}</div>`;
}
