/** Owns what is done before a locked phone: typing a PIN, choosing one, changing person, and «Glemt PIN?». */
import { enterPin, setPin } from "../core/send/opening.js";
import { signOut } from "../core/session.js";
import { LONGEST, weaknessOf } from "../core/vault/pin.js";
import { t, tn } from "../texts/t.js";
import { on } from "./on.js";

/** What has been typed: here, and never in the page. */
let typed = "";
let first = "";
let counting = 0;

const KEYS = { Backspace: "back", Enter: "ok" };

const isShown = (app) => Boolean(app.state && !app.state.me);
const personOf = ({ gate, state }) => state.gate.people.find((one) => one.id === gate.person) ?? state.gate.people[0];

function show(app, fields) {
  app.gate = { ...app.gate, ...fields, typed: typed.length, first: first !== "" };
  app.render();
}

/** Nothing of what was typed stays when the gate is left or comes anew. */
function resetGate(app) {
  typed = "";
  first = "";
  clearInterval(counting);
  app.gate = {};
}

export function mountGate(root, app) {
  app.resetGate = () => resetGate(app);
  on(root, "click", "[data-key]", ({ dataset: { key } }) => press(app, key));
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!root.querySelector(".keypad") || target.closest?.("input, textarea, select") || event.ctrlKey || event.metaKey)
      return;
    const key = KEYS[event.key] ?? event.key;
    if (/^(\d|back|ok)$/.test(key)) press(app, key);
  });
  on(root, "click", "[data-gate-person]", ({ dataset: { gatePerson } }) => choosePerson(app, gatePerson));
  on(root, "click", "[data-gate]", ({ dataset: { gate } }) => STEPS[gate](app));
}

const STEPS = {
  list: (app) => choosePerson(app, null, { list: true }),
  forgot: (app) => show(app, { signIn: true, forgot: personOf(app)?.id }),
  "sign-in": (app) => show(app, { signIn: true, forgot: null }),
  back(app) {
    choosePerson(app, app.gate.person ?? null);
    if (app.screen.name === "signIn") app.go("/felt", { replace: true });
  },
  "not-me": (app) => leave(app),
};

function choosePerson(app, person, more = {}) {
  resetGate(app);
  show(app, { person, ...more });
  countDown(app);
}

async function leave(app) {
  resetGate(app);
  await signOut();
  app.go("/felt", { replace: true });
}

function press(app, key) {
  if (app.gate.busy || !isShown(app)) return;
  const { choosing } = app.state.gate;
  if (key === "ok") return choosing ? ready(app) : undefined;
  typed = key === "back" ? typed.slice(0, -1) : (typed + key).slice(0, LONGEST);
  show(app, { said: undefined, weak: undefined });
  if (!choosing && typed.length === personOf(app)?.digits) return unlock(app);
}

/** A PIN that is being chosen is whole: once to see that it will do, and again to see that it is known. */
async function ready(app) {
  const weak = first ? (typed === first ? null : "unlike") : weaknessOf(typed);
  const again = !first && !weak;
  const pin = typed;
  typed = "";
  if (again || weak) {
    first = again ? pin : "";
    return show(app, { weak });
  }
  show(app, { busy: true });
  const wrong = await setPin(app.state.gate.who.id, pin).catch((error) => error.code ?? "storage_failed");
  resetGate(app);
  if (wrong) return show(app, { weak: wrong });
  await app.opened();
}

async function unlock(app) {
  const pin = typed;
  const { id } = personOf(app);
  show(app, { busy: true });
  const answer = await enterPin(id, pin).catch((error) => ({ kind: "failed", error }));
  typed = "";
  if (answer.kind === "open") {
    resetGate(app);
    return app.opened();
  }
  if (answer.kind === "failed") console.error("not unlocked", answer.error);
  if (answer.kind === "gone") resetGate(app);
  show(app, { busy: false, said: wrongWords(answer) });
  await app.refresh();
  countDown(app);
}

/** @param {{kind: string, left?: number}} answer */
function wrongWords({ kind, left }) {
  if (kind === "wrong") return tn(left, "Feil PIN. 1 forsøk igjen.", "Feil PIN. {n} forsøk igjen.");
  if (kind === "gone")
    return t("Feil PIN fem ganger. Det som var hentet hit, er slettet. Logg inn med passordet og velg ny PIN.");
  return kind === "failed" ? t("Telefonen fikk ikke låst opp. Prøv en gang til.") : undefined;
}

/** Says how long to wait, second by second. */
function countDown(app) {
  clearInterval(counting);
  const person = personOf(app);
  const end = performance.now() + (person?.waitMs ?? 0);
  const tick = () => {
    const waitMs = Math.max(0, end - performance.now());
    if (!waitMs) clearInterval(counting);
    show(app, { waitMs });
  };
  if (!person?.waitMs) return;
  counting = setInterval(tick, 1000);
  tick();
}
