/** The doors of a locked phone: what never waits for a PIN. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { icon } from "./icons.js";

/** Without anybody who used the phone lately there is nobody to write as: the numbers alone. @param {any} state */
export const doors = ({ gate: { writer } }) => html`<section class="doors" aria-label=${t("Uten å låse opp")}>
    ${
      writer
        ? html`<div class="doors-row">
      <button type="button" class="ds-button" data-color="danger" data-door="crisis">${t("Krise")}</button>
      <button type="button" class="ds-button" data-variant="secondary" data-color="danger" data-door="concern">${t("Bekymret nå")}</button>
      <button type="button" class="ds-button" data-variant="secondary" data-color="danger" data-door="help">${t("Be om hjelp")}</button></div>`
        : nothing
    }
    ${numbers()}</section>`;

export const numbers = () =>
  html`<p class="calls">${[
    ["113", "113"],
    ["112", "112"],
    ["116117", "116\u00a0117"],
  ].map(
    ([digits, words]) =>
      html`<a class="ds-button" data-variant="secondary" href="tel:${digits}">${icon("phone")} ${words}</a>`,
  )}</p>`;
