/** What stands before a person on a locked phone: who they are, the PIN, and what needs no PIN. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t, tn } from "../texts/t.js";
import { choosePinView } from "./choose_pin.js";
import { doors } from "./doors.js";
import { keypad } from "./keypad.js";
import { signInView } from "./sign_in.js";
import { waitWords } from "./words.js";

/** @param {any} state @param {any} params `gate`: what has been done here so far (ui/gate.js) */
export function gateView(state, params) {
  const { gate = {} } = params;
  const { choosing, people } = state.gate;
  if (params.signIn?.busy) return signInView(state, { ...params, gate }); // not yet whole: what is typed now would be lost
  const asked = gate.signIn || params.name === "signIn";
  if (choosing && !asked) return choosePinView(state, gate);
  if (!people.length || asked) return signInView(state, { ...params, gate });
  const person = people.find((one) => one.id === gate.person) ?? (gate.list ? null : people[0]);
  return person ? unlock(state, person, gate) : whoView(state);
}

function unlock(state, person, { typed = 0, busy, said, waitMs }) {
  const others = state.gate.people.length > 1;
  return html`<main id="main" class="gate"><h1 tabindex="-1">${t("Lås opp")}</h1>
    <p class="gate-name"><b>${person.name}</b>${others ? html` <button type="button" class="link" data-gate="list">${t("Bytt person")}</button>` : nothing}</p>
    <p class="gate-said" role="alert">${waitMs ? waitWords(waitMs) : (said ?? nothing)}</p>
    ${keypad({ typed, of: person.digits, busy: Boolean(busy || waitMs) })}
    <p class="gate-more"><button type="button" class="link" data-gate="forgot">${t("Glemt PIN?")}</button>
      ${others ? nothing : html`<button type="button" class="link" data-gate="sign-in">${t("En annen logger inn")}</button>`}</p>
    ${unsent(state)}
    ${doors(state)}</main>`;
}

/** @param {any} state */
const whoView = (state) => html`<main id="main" class="gate"><h1 tabindex="-1">${t("Hvem er du?")}</h1>
    <ul class="people">${state.gate.people.map(
      (one) =>
        html`<li><button type="button" class="ds-button wide" data-variant="secondary" data-gate-person=${one.id}>${one.name}</button></li>`,
    )}</ul>
    <p class="gate-more"><button type="button" class="link" data-gate="sign-in">${t("En annen logger inn")}</button></p>
    ${unsent(state)}
    ${doors(state)}</main>`;

/** How many wait, of whoever. @param {any} state */
function unsent({ outbox: { unsent: waiting = 0 } }) {
  return waiting
    ? html`<p class="sub">${tn(waiting, "1 notat på telefonen er ikke sendt ennå. Det er trygt.", "{n} notater på telefonen er ikke sendt ennå. De er trygge.")}</p>`
    : nothing;
}
