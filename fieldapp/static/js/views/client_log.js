/**
 * Owns what is done from a client's card: visit, call, the way there, crisis, and what can be logged, in three groups. After
 * a call it asks how it went (ui/call.js).
 */
import { html, nothing } from "../../vendor/lit-html.js";
import { label } from "../texts/codes.js";
import { t } from "../texts/t.js";
import { goVisitLink, logLink, tap, visitLink } from "./actions.js";
import { icon } from "./icons.js";
import { cardMenu } from "./menu.js";
import { casesOf, isEnded } from "./people.js";
import { myVisit } from "./safety.js";
import { phoneDigits } from "./words.js";

/** A landlord logs facts about the home and sees what it logged itself: no clock, no agreement, no care. */
export const isOutsider = (state) => state.me.role === "landlord";

/**
 * Visit, call, find the way, crisis. `phone.maps` is what this platform opens a map with.
 * @param {any} state @param {any} client @param {any} [phone]
 */
export function quick(state, client, phone = {}) {
  const outside = isOutsider(state);
  return html`<nav class="quick" aria-label=${t("Hurtigvalg")}>
    ${outside ? nothing : html`<a href=${visitLink(client)}>${icon("home")}<span>${t("Besøk")}</span></a>`}
    ${client.stub ? nothing : html`${call(client, outside)}${wayTo(client, phone)}`}
    ${outside ? nothing : crisisNow(state, client)}
  </nav>`;
}

/** Who rings is asked afterwards how it went; a landlord logs no calls. */
function call({ id, phone }, outside) {
  const number = phoneDigits(phone);
  return number
    ? html`<a href="tel:${number}" data-call=${outside ? nothing : id}>${icon("phone")}<span>${t("Ring")}</span></a>`
    : html`<span class="off">${icon("phone")}<span>${t("Uten nummer")}</span></span>`;
}

function wayTo({ address }, { maps }) {
  if (!address) return html`<span class="off">${icon("pin")}<span>${t("Uten adresse")}</span></span>`;
  return maps
    ? html`<a href="${maps}${encodeURIComponent(address)}">${icon("pin")}<span>${t("Kart")}</span></a>`
    : html`<button type="button" data-copy=${address}>${icon("pin")}<span>${t("Kopier adresse")}</span></button>`;
}

/** After a call that was made from the card: how it went. @param {any} client @param {"spoke" | "no_answer"} outcome */
const calledTap = (client, outcome) =>
  tap({
    type: "call_logged",
    body: { direction: "out", outcome, with: "client" },
    client: client.id,
    said:
      outcome === "spoke"
        ? t("{name}: snakket sammen", { name: client.name })
        : t("{name}: ikke svar", { name: client.name }),
  });

/** Back from the dialler: one tap says how it went. */
export const afterCall = (client) => html`<section class="card called" role="status">
    <p><b>${t("Ringte du {name}?", { name: client.name })}</b></p>
    <div class="actions"><button type="button" class="ds-button" data-called data-tap=${calledTap(client, "spoke")}>${t("Snakket sammen")}</button>
      <button type="button" class="ds-button" data-variant="secondary" data-called data-tap=${calledTap(client, "no_answer")}>${t("Ikke svar")}</button>
      <button type="button" class="link" data-called>${t("Ringte ikke")}</button></div></section>`;

/** Start a visit with an expected end: who is out at whose is then known, and missed when they do not come back. */
export function goVisit(state, client) {
  if (isOutsider(state) || isEnded(client) || myVisit(state)?.client_id === client.id) return nothing;
  return html`<p><a class="ds-button wide" data-variant="secondary" href=${goVisitLink(client)}>${icon("walk")} ${t("Gå på besøk")}</a></p>`;
}

function crisisNow(state, client) {
  const open = casesOf(state, client.id).find((one) => one.kind === "crisis");
  return open
    ? html`<a data-color="danger" href="/felt/sak/${open.id}">${icon("crisis")}<span>${t("Krise pågår")}</span></a>`
    : html`<button type="button" data-color="danger" data-crisis=${client.id}>${icon("crisis")}<span>${t("Krise")}</span></button>`;
}

/** What cannot wait: one more tap and those on duty are told. */
const concernNowLink = (client) => logLink("concern_raised", { client: client.id, urgency: "now" });

/** What can be logged, by what it is about; a group with nothing in it is not there. */
export function logButtons(state, client) {
  if (isEnded(client)) return nothing;
  const outside = isOutsider(state);
  return html`<section class="group"><h2>${t("Før")}</h2>
    ${cardMenu(state.me.role).map(
      ({ words, types, atDoor }) => html`<h3 class="sub">${t(words)}</h3><div class="chips">
      ${types.map((type) => html`<a class="chip" href=${logLink(type, { client: client.id })}>${label("entry_type", type)}</a>`)}
      ${atDoor && !outside ? html`<a class="chip" href=${concernNowLink(client)}>${t("Bekymret nå")}</a> <button type="button" class="chip" data-no-at-door=${client.id}>${t("Nei i døra")}</button>` : nothing}</div>`,
    )}
    ${client.watch?.may_enter ? html`<p class="means">${t("«Nei i døra» fører at dere hørte et nei, og trekker avtalen om å låse seg inn.")}</p>` : nothing}</section>`;
}
