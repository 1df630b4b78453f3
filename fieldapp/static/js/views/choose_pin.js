/** Choosing a PIN: what it is for, what is lost with it, and the digits twice. */
import { html, nothing } from "../../vendor/lit-html.js";
import { N, t } from "../texts/t.js";
import { doors } from "./doors.js";
import { keypad } from "./keypad.js";

const WRONG = {
  short: N("Minst 6 sifre."),
  long: N("Høyst 12 sifre."),
  digits: N("Bare sifre."),
  sequence: N("Ikke tall på rad. Velg en annen."),
  repetition: N("Ikke det samme om igjen. Velg en annen."),
  year: N("Ikke et årstall. Velg en annen."),
  unlike: N("Ikke lik den første. Begynn på nytt."),
  storage_full: N("Telefonen er full. Slett noe på telefonen og prøv igjen."),
  storage_failed: N("Telefonen fikk ikke lagret. Prøv en gang til."),
};

/** @param {any} state @param {{typed?: number, first?: boolean, weak?: string, busy?: boolean}} gate */
export function choosePinView(state, { typed = 0, first, weak, busy }) {
  return html`<main id="main" class="gate"><h1 tabindex="-1">${first ? t("PIN en gang til") : t("Velg PIN")}</h1>
    ${first ? nothing : html`<p>${t("PIN-koden låser det som hentes til denne telefonen. Minst 6 sifre.")}</p>`}
    <p class="gate-said" role="alert">${weak ? t(WRONG[weak] ?? WRONG.storage_failed) : nothing}</p>
    ${keypad({ typed, of: 6, busy, ok: true })}
    ${
      first
        ? nothing
        : html`<details class="card"><summary>${t("Hvis du glemmer PIN-koden")}</summary>
      <p>${t("Etter fem feil, eller med ny PIN, slettes det som er hentet hit og utkastene dine. Det du har ført, blir sendt likevel. Passordet ditt gir deg en ny PIN.")}</p></details>`
    }
    <p class="gate-more"><button type="button" class="link" data-gate="not-me">${t("Ikke {name}?", { name: state.gate.who.name })}</button></p>
    ${doors(state)}</main>`;
}
