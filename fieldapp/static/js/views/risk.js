/** Owns «Før du går inn»: what belongs to the situation or the address, shown before anybody sets out. Past its day it is
 * marked, and stays until somebody has looked at it again. */
import { html, nothing } from "../../vendor/lit-html.js";
import { label } from "../texts/codes.js";
import { t } from "../texts/t.js";
import { reviewRiskLink } from "./actions.js";
import { icon } from "./icons.js";
import { thingsOf } from "./people.js";
import { daysAway, plainDate } from "./words.js";

/** Was it to be looked at again before today. */
export const isOld = (risk, nowMs) =>
  Boolean(risk.review_on) && daysAway(Date.parse(`${risk.review_on}T12:00:00Z`), nowMs) < 0;

export function beforeGoingIn(state, clientId, { review = false } = {}) {
  const risks = thingsOf(state, "risks", clientId);
  if (!risks.length) return nothing;
  return html`<section class="notice before" data-color="warning"><h2>${icon("bang")} ${t("Før du går inn")}</h2>${risks.map(
    (
      one,
    ) => html`<p><b>${(one.advice ?? []).map((code) => label("risk_advice", code)).join(" · ")}</b></p><p>${one.reason}</p>
    ${isOld(one, state.nowMs) ? html`<p class="sub"><b>${t("Gammel, skulle vært vurdert {day}.", { day: plainDate(one.review_on, state.nowMs) })}</b></p>` : nothing}
    ${one.pending ? html`<p class="sub">${t("lagret på telefonen")}</p>` : nothing}
    ${review ? html`<p><a class="inline" href=${reviewRiskLink(one)}>${t("Vurder på nytt")}</a></p>` : nothing}`,
  )}</section>`;
}
