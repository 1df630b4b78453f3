/** Mine vakter: those offered to me, and my own for four weeks, each of which can be offered to a colleague. */
import "../texts/code_words_more.js";
import { html, nothing } from "../../vendor/lit-html.js";
import { label } from "../texts/codes.js";
import { lower, t } from "../texts/t.js";
import { offerDutyLink, tap } from "./actions.js";
import { dutiesOf, offeredToMe, offerOf } from "./duty_list.js";
import { header, section } from "./parts.js";
import { colleague, dutyTimes } from "./words.js";

export function dutiesView(state) {
  return html`${header(state, t("Mine vakter"), { sub: t("De neste fire ukene"), back: "/felt/mer" })}
    ${section(
      t("Tilbudt deg"),
      offeredToMe(state).map((duty) => offerRow(state, duty)),
    )}
    ${section(
      t("Mine vakter"),
      dutiesOf(state, state.me.id).map((duty) => ownRow(state, duty)),
      { empty: t("Du har ingen vakter de neste fire ukene.") },
    )}
    <p class="means">${t("En vakt du har tilbudt, er din til kollegaen har sagt ja. Varslene kommer til deg så lenge.")}</p>`;
}

const what = (state, duty) =>
  `${label("duty", duty.duty)}${state.me.teams.length > 1 ? ` · ${state.teams.get(duty.team_id)?.name ?? ""}` : ""}`;
const inReturn = (state, back) => (back ? t("Mot {when}.", { when: dutyTimes(back, state.nowMs) }) : "");

function offerRow(state, duty) {
  const { id, back } = offerOf(state, duty);
  const name = state.staff.get(duty.staff_id)?.name ?? t("en kollega");
  return html`<li class="row"><div class="row-main"><b>${dutyTimes(duty, state.nowMs)}</b>
    <span class="sub">${t("{name} tilbyr deg {what}.", { name, what: lower(what(state, duty)) })} ${inReturn(state, back)}</span>
    ${
      duty.pending_take
        ? html`<span>${t("Du har sagt ja. Vakta er din når svaret er sendt.")}</span>`
        : html`<div><div class="actions">
      <button type="button" class="ds-button" data-tap=${takeDutyTap(duty, id)} aria-label=${t("Ta over: {when}", { when: dutyTimes(duty, state.nowMs) })}>${t("Ta over")}</button>
      <button type="button" class="ds-button" data-variant="secondary" data-tap=${takeBackTap(duty, id, t("Du har sagt nei"))} aria-label=${t("Nei: {when}", { when: dutyTimes(duty, state.nowMs) })}>${t("Nei")}</button></div></div>`
    }</div></li>`;
}

function ownRow(state, duty) {
  const offer = offerOf(state, duty);
  return html`<li class="row"><span class="row-main"><b>${dutyTimes(duty, state.nowMs)}</b><span class="sub">${what(state, duty)}</span>
    ${offer ? html`<span>${offerWords(state, duty, offer)}</span>` : nothing}</span>
    ${
      offer
        ? html`<button type="button" class="ds-button" data-variant="secondary" data-tap=${takeBackTap(duty, offer.id, t("Tilbudet er trukket"))} aria-label=${t("Trekk tilbudet: {when}", { when: dutyTimes(duty, state.nowMs) })}>${t("Trekk tilbudet")}</button>`
        : duty.pending
          ? nothing
          : html`<a class="ds-button" data-variant="secondary" href=${offerDutyLink(duty)}
        aria-label=${t("Tilby {when}", { when: dutyTimes(duty, state.nowMs) })}>${t("Tilby")}</a>`
    }</li>`;
}

const offerWords = (state, duty, offer) =>
  [
    t(duty.pending_offer ? "Tilbud til {name} er ikke sendt ennå." : "Tilbudt {name}. Venter på svar.", {
      name: colleague(state, offer.to_staff_id),
    }),
    inReturn(state, offer.back),
  ]
    .filter(Boolean)
    .join(" ");

const takeDutyTap = (duty, offerId) =>
  tap({ type: "duty_taken_over", body: { handed_over_id: offerId }, team: duty.team_id, said: t("Du tar vakta") });

/** An offer of a duty is taken back, or said no to. */
const takeBackTap = (duty, offerId, said) =>
  tap({
    type: "entry_corrected",
    body: { entry_id: offerId, what: "retracted", reason: "angret" },
    team: duty.team_id,
    said,
  });
