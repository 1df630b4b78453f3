/** Wires the phone: reads the State, picks the screen, draws it, and mounts every behaviour once. */
import { render } from "../vendor/lit-html.js";
import { bus, on as news } from "./core/bus.js";
import { elapsed } from "./core/elapsed.js";
import { keepSubscribed } from "./core/push.js";
import { readState } from "./core/replica/replica.js";
import { search } from "./core/replica/search.js";
import { me } from "./core/session.js";
import { registerWorker } from "./core/updates.js";
import { startFlushing } from "./core/send/wakeups.js";
import { asleep, mountHelp } from "./ui/help.js";
import { mountLanguage, rememberedLanguage } from "./ui/language.js";
import { mountLists } from "./ui/lists.js";
import { findMissing } from "./ui/missing.js";
import { checkPhone, mountPhone, phoneFacts } from "./ui/phone.js";
import { noteOpened, recentClients } from "./ui/recent.js";
import { forgetPlaces, mountRouter, moveTo, screenOf } from "./ui/router.js";
import { mountSession } from "./ui/session.js";
import { mountSteps, stepsOf } from "./ui/steps.js";
import { mountStopwatch } from "./ui/stopwatch.js";
import { mountTaps } from "./ui/tap.js";
import { mountThumb } from "./ui/thumb.js";
import { mountUpdate } from "./ui/update.js";
import { arrange, keepStill } from "./views/day.js";
import { frame } from "./views/frame.js";
import { signInView } from "./views/sign_in.js";
import { pageTitle } from "./views/titles.js";
import { todayView } from "./views/today.js";
import { clock } from "./views/words.js";

/** Beside I dag and the sign-in every screen comes at need, from one of these files. */
const FILES = {
  forms: () => import("./screens/forms.js"),
  people: () => import("./screens/people.js"),
  rest: () => import("./screens/rest.js"),
};
const FILE_OF = {
  clients: "people",
  client: "people",
  alert: "people",
  case: "people",
  entry: "people",
  log: "forms",
  board: "rest",
  duties: "rest",
  help: "rest",
  more: "rest",
};
const TODAY = { name: "today", path: "/felt", query: {} };
const drawers = { today: todayView, signIn: signInView };
const load = async (name) => (drawers[name] ??= (await FILES[FILE_OF[name]]())[name]);

let formsMounted = null;
/** @type {(query?: {type?: string}) => string | undefined} */
let formTitle = () => undefined;
/** What the forms do is mounted with them, once. */
function forms() {
  formsMounted ??= FILES.forms().then((form) => {
    form.mountForm(root, app);
    ({ formTitle } = form);
    return form;
  });
  formsMounted.catch(() => {
    formsMounted = null;
  }); // the next try asks again
  return formsMounted;
}

const TOAST_MS = 10_000;
/** After this long without a touch the lists may take their true order again. */
const IDLE_MS = 20_000;

const root = document.getElementById("sett");
const measured = { nowMs: 0, at: 0 };
let toastTimer = 0;
let visits = 0;
let touchedAt = -IDLE_MS;
let update = false;
let phone = {};

const app = {
  state: null,
  /** @type {any} */
  screen: screenOf(new URL(location.href)),
  now: () => measured.nowMs + (performance.now() - measured.at),
  clock: () => clock(app.now()),
  said: () => phone.said,
  set(fields) {
    if (fields.phone) phone = fields.phone;
    app.screen = { ...app.screen, ...fields };
    app.render();
  },
  render: () => draw(),
  go: (path, options) => app.show(moveTo(path, options, app.screen), { scroll: 0 }),
  async show(asked, { scroll }) {
    const visit = ++visits;
    app.screen = { ...asked, toast: app.screen.toast };
    const screen = (await isThere(asked.name)) ? asked : TODAY;
    if (visit !== visits) return;
    if (screen === TODAY) app.screen = { ...screen, toast: app.screen.toast };
    const prepared = await prepare(screen);
    if (visit !== visits) return; // another page was opened meanwhile
    app.screen = { ...app.screen, ...prepared };
    await refresh();
    scrollTo(0, scroll);
    /** @type {HTMLElement | null} */ (document.querySelector("main h1"))?.focus({ preventScroll: true });
  },
  toast(toast) {
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => app.set({ toast: null }), TOAST_MS);
    app.set({ toast });
  },
  update() {
    update = true;
    app.render();
  },
};

/** Whether a screen's code is here. When it can't be had, I dag stands until the page is loaded anew. */
async function isThere(name) {
  try {
    await (name === "log" ? Promise.all([load(name), forms()]) : load(name));
    return true;
  } catch (error) {
    console.error("screen not loaded", name, error);
    await (await formsMounted?.catch(() => null))?.draftsWritten();
    await findMissing(app);
    return false;
  }
}

/** What a screen needs beside the State, fetched before it is drawn. */
async function prepare({ name, id, query }) {
  const madeFor = (await me())?.id ?? null;
  if (name === "client") noteOpened(id);
  if (name === "log") {
    const state = app.state?.me?.id === madeFor ? app.state : await readState();
    return { madeFor, form: await (await forms()).openForm(state, query), recent: await recentClients() };
  }
  if (name === "alert") return { madeFor, steps: await stepsOf(id) };
  if (name === "help") return { madeFor, ...asleep(app) };
  if (name === "more") phone = await phoneFacts();
  return { madeFor };
}

function rowsOf(state, screen) {
  if (screen.name !== "today" || !state.me) return null;
  const idle = elapsed.now() - touchedAt > IDLE_MS;
  return keepStill(idle ? null : screen.rows, arrange(state), state);
}

async function refresh() {
  const visit = visits;
  const state = await readState();
  Object.assign(measured, { nowMs: state.nowMs, at: performance.now() });
  if (state.me?.id !== app.state?.me?.id) forgetPlaces();
  app.state = state;
  if (visit !== visits) return;
  // The session was found, or changed hands, after the page was made ready: what it fetched was nobody's, or another's.
  if (state.me && "madeFor" in app.screen && app.screen.madeFor !== state.me.id) {
    const { madeFor: _another, ...screen } = app.screen;
    await app.show(screen, { scroll: scrollY });
    return;
  }
  thumb.whenLifted(draw);
}

function draw() {
  const { state, screen } = app;
  if (!state) return;
  const signedIn = state.me && screen.name !== "signIn";
  if (signedIn && screen.name === "today") screen.rows = rowsOf(state, screen);
  const params = { ...screen, phone, update };
  if (signedIn && ["clients", "log"].includes(screen.name))
    params.found = search(state.clients.values(), screen.search ?? "");
  document.title = pageTitle(state, screen, formTitle(screen.query));
  const view = drawers[signedIn ? screen.name : "signIn"];
  if (view) render(signedIn ? frame(state, params, view(state, params)) : view(state, params), root);
}

let asked = false;
/** News comes in bursts: one reading for all of them. */
function refreshSoon() {
  if (asked) return;
  asked = true;
  setTimeout(() => {
    asked = false;
    refresh().catch((error) => console.error("state not read", error));
  }, 30);
}

const thumb = mountThumb(root);
for (const mount of [
  mountRouter,
  mountTaps,
  mountHelp,
  mountLists,
  mountSession,
  mountPhone,
  mountLanguage,
  mountSteps,
  mountStopwatch,
])
  mount(root, app);
mountUpdate(root, app, async () => (await formsMounted)?.draftsWritten());
root.addEventListener(
  "pointerdown",
  () => {
    touchedAt = elapsed.now();
  },
  { passive: true },
);
news("changed", refreshSoon);
bus.addEventListener("flush", refreshSoon);
bus.addEventListener("open", (/** @type {any} */ { detail }) => app.go(new URL(detail.path, location.href).pathname));
for (const type of ["online", "offline"]) window.addEventListener(type, refreshSoon);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    touchedAt = -IDLE_MS;
    refreshSoon();
  }
});
setInterval(() => {
  if (document.visibilityState === "visible") refreshSoon();
}, 30_000);

[phone] = await Promise.all([phoneFacts(), rememberedLanguage()]);
root.replaceChildren(); // the words that stood while the modules came
await app.show(app.screen, { scroll: 0 });
startFlushing();
registerWorker()
  .then(keepSubscribed)
  .then(() => checkPhone(app, { always: true }))
  .catch((error) => console.error("no worker", error));

/**
 * The other screens come out of the worker's store once it is there: fetched once, and the next tap waits for nothing.
 * Where no worker comes they are fetched all the same: Krise and «Be om hjelp» must open when coverage is gone.
 */
const loadTheRest = () => {
  for (const file of Object.values(FILES)) file().catch(() => {});
};
const WITHOUT_WORKER_MS = 8_000;
if (navigator.serviceWorker?.controller) loadTheRest();
else {
  navigator.serviceWorker?.addEventListener("controllerchange", loadTheRest, { once: true });
  setTimeout(loadTheRest, WITHOUT_WORKER_MS);
}
