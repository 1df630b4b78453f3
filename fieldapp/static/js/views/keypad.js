/** The keys a PIN is typed on: large, without a keyboard that slides up, and nothing of the PIN in the page but how long it is. */
import { html } from "../../vendor/lit-html.js";
import { t, tn } from "../texts/t.js";
import { icon } from "./icons.js";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

const key = (digit, busy) =>
  html`<button type="button" class="key" data-key=${digit} ?disabled=${busy}>${digit}</button>`;

/** @param {{typed: number, of: number, busy?: boolean, ok?: boolean}} pin how many digits stand, of how many; `ok`: a key says when it is whole */
export function keypad({ typed, of, busy = false, ok = false }) {
  const dots = Array.from(
    { length: Math.max(of, typed) },
    (_, i) => html`<i class=${i < typed ? "dot full" : "dot"}></i>`,
  );
  return html`<p class="dots" role="status" aria-label=${tn(typed, "1 siffer tastet", "{n} sifre tastet")}>${dots}</p>
    <div class="keypad" role="group" aria-label=${t("Tastatur for PIN")}>
      ${DIGITS.map((digit) => key(digit, busy))}
      <button type="button" class="key key-word" data-key="back" aria-label=${t("Slett siste siffer")} ?disabled=${busy || !typed}>${icon("back")}</button>
      ${key("0", busy)}
      ${ok ? html`<button type="button" class="key key-word" data-key="ok" ?disabled=${busy || typed < of}>${t("OK")}</button>` : html`<span></span>`}
    </div>`;
}
