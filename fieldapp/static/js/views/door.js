/**
 * What can be done on a locked phone: a crisis with its clock, a worry, a call for help. Nothing of anybody is known here;
 * until the server has answered it says that nobody is told.
 */
import { html, nothing } from "../../vendor/lit-html.js";
import "../texts/code_words_more.js";
import { label } from "../texts/codes.js";
import { N, t } from "../texts/t.js";
import { icon } from "./icons.js";
import { numbers } from "./doors.js";
import { clock, stopwatch } from "./words.js";

const TITLES = { crisis: N("Krise"), concern: N("Bekymret nå"), help: N("Be om hjelp") };
const STEPS = ["set_out", "arrived", "naloxone", "cpr", "stayed", "services_on_scene", "left"];
const CALLS = [
  ["called_113", "113", "tel:113"],
  ["called_112", "112", "tel:112"],
  ["called_116117", "116\u00a0117", "tel:116117"],
];

/** @param {any} state @param {{kind: string, startedAt?: number, steps?: {step: string, at: number}[], sent: string, told?: boolean}} door */
export function doorView(state, door) {
  const { kind, startedAt } = door;
  return html`<main id="main" class="gate door"><h1 tabindex="-1">${t(TITLES[kind])}</h1>
    <p class="sub">${t("Telefonen er låst. Dette føres på {name}.", { name: state.gate.writer?.name ?? "" })}</p>
    ${kind === "crisis" ? crisis(state, door) : startedAt ? sentNotice(door) : ask(door)}
    ${startedAt ? aboutField(door) : nothing}
    ${kind === "crisis" ? nothing : numbers()}
    <p><button type="button" class="ds-button wide" data-variant="secondary" data-door="close">${startedAt ? t("Ferdig") : t("Tilbake")}</button></p></main>`;
}

const ask = ({ kind }) =>
  html`<button type="button" class="ds-button help-now" data-color="danger" data-door="send">${icon("bell")} <span>${kind === "help" ? t("Send hjelp nå") : t("Varsle nå")}</span></button>
  <p class="means">${t("Alle på vakt og leder får det med en gang.")}</p>`;

function crisis(state, door) {
  return html`<section class="fire" data-color="danger">
      <p class="watchface" role="timer" aria-label=${t("Tid siden start")} data-since=${door.startedAt} .textContent=${stopwatch(state.nowMs - door.startedAt)}></p>
      <div class="calls">${CALLS.map(([step, words, href]) => html`<a class="ds-button" data-color="danger" href=${href} data-door-step=${step}>${icon("phone")} ${words}</a>`)}</div></section>
    ${sentNotice(door)}
    <section class="card"><h2>${t("Ett trykk per steg")}</h2><div class="chips">${STEPS.map(
      (step) => html`<button type="button" class="chip" data-door-step=${step}>${label("crisis_step", step)}</button>`,
    )}</div>
    ${door.steps?.length ? html`<ol class="timeline">${door.steps.map(({ step, at }) => html`<li><time>${clock(at)}</time><div><b>${label("crisis_step", step)}</b></div></li>`)}</ol>` : nothing}</section>`;
}

/** Saved is not enough here: somebody has to have been told. */
function sentNotice({ sent }) {
  if (sent === "sent")
    return html`<p class="notice" data-color="neutral" role="status">${t("Mottatt. De på vakt blir varslet.")}</p>`;
  const words =
    sent === "held"
      ? t("Ikke godtatt. Ingen er varslet. Ring vakta.")
      : t("Ikke sendt. Ingen er varslet ennå. Ring vakta.");
  return html`<div class="notice" data-color="danger" role="alert"><p><b>${words}</b></p>
    <p><button type="button" class="ds-button" data-variant="secondary" data-do="flush">${t("Prøv nå")}</button></p></div>`;
}

/** @param {{told?: boolean, kind: string}} door */
const aboutField = ({ told, kind }) =>
  kind === "help" || told
    ? told
      ? html`<p class="sub">${icon("check")} ${t("Lagret på telefonen")}</p>`
      : nothing
    : html`<form class="card" data-door-about autocomplete="off"><label class="field-label" for="door-about">${t("Hvem og hvor?")} <span class="hint">${t("hvis du rekker det")}</span></label>
      <input class="ds-input" id="door-about" name="about" type="text" maxlength="200" autocomplete="off">
      <button class="ds-button" data-variant="secondary" type="submit">${t("Legg til")}</button></form>`;
