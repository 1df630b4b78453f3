/** Owns how a home is found: the address with entrance and floor, the map, the copy. Templates only; ui/ acts on data-*. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { icon } from "./icons.js";
import { addressWords } from "./words.js";

/** Where to go and how to say it: the address in words, a map where this phone opens one, and a copy to send. @param {any} client @param {{maps?: string}} [phone] */
export function whereTo(client, { maps } = {}) {
  const words = addressWords(client ?? {});
  if (!words) return client ? html`<p class="where quiet">${t("Ingen adresse på kortet.")}</p>` : nothing;
  return html`<div class="where"><p>${icon("pin")} <b>${words}</b></p><div class="where-ways">
    ${maps ? html`<a class="ds-button" data-variant="secondary" href="${maps}${encodeURIComponent(client.address)}">${t("Kart")}</a>` : nothing}
    <button type="button" class="ds-button" data-variant="secondary" data-copy=${words} aria-label=${t("Kopier adresse")}>${t("Kopier")}</button></div></div>`;
}
