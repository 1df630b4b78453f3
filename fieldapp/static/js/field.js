/** Wires the phone: reads the State, picks the screen, draws it, and mounts every behaviour once. */
import { html, render } from "../vendor/lit-html.js";
import { bus, on as news } from "./core/bus.js";
import { elapsed } from "./core/elapsed.js";
import { keepSubscribed } from "./core/push.js";
import { readState } from "./core/replica/replica.js";
import { me } from "./core/session.js";
import { tablesOf } from "./core/tables.js";
import { isOpenFor } from "./core/vault.js";
import { registerWorker } from "./core/updates.js";
import { startFlushing } from "./core/send/wakeups.js";
import { mountLanguage, rememberedLanguage } from "./ui/language.js";
import { mountLists } from "./ui/lists.js";
import { mountLocking } from "./ui/locking.js";
import { findMissing } from "./ui/missing.js";
import { checkPhone, mountPhone, phoneFacts } from "./ui/phone.js";
import { noteOpened, recentClients } from "./ui/recent.js";
import { forgetPlaces, mountRouter, moveTo, screenOf } from "./ui/router.js";
import { mountSession } from "./ui/session.js";
import { mountStopwatch } from "./ui/stopwatch.js";
import { mountTaps } from "./ui/tap.js";
import { mountThumb } from "./ui/thumb.js";
import { mountUpdate } from "./ui/update.js";
import { arrange, keepStill } from "./views/day.js";
import { frame, toast } from "./views/frame.js";
import { worksOnTheStreet } from "./views/people.js";
import { signInView } from "./views/sign_in.js";
import { pageTitle } from "./views/titles.js";
import { todayView } from "./views/today.js";
import { clock } from "./views/words.js";

/** Beside I dag and the sign-in every screen comes at need, from one of these files. */
const FILES = {
  forms: () => import("./screens/forms.js"),
  people: () => import("./screens/people.js"),
  rest: () => import("./screens/rest.js"),
  locked: () => import("./screens/locked.js"),
  day: () => import("./screens/day.js"),
};
const FILE_OF = {
  clients: "people",
  client: "people",
  alert: "people",
  case: "people",
  entry: "people",
  plans: "people",
  log: "forms",
  street: "forms",
  board: "rest",
  duties: "rest",
  help: "rest",
  journal: "rest",
  more: "rest",
  emergency: "rest",
  gate: "locked",
  door: "locked",
  notes: "day",
  plannedDay: "day",
};
const TODAY = { name: "today", path: "/felt", query: {} };
const drawers = { today: todayView, signIn: signInView };
const mounted = new Set();
/** A screen, with what is done on it: its file mounts that when it first comes. */
async function load(name) {
  if (drawers[name]) return;
  const file = await FILES[FILE_OF[name]]();
  if (!mounted.has(file)) file.mount?.(root, app);
  mounted.add(file);
  drawers[name] = file[name];
}

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

/** The screens that are lists: the head of the replica is enough to draw them. */
const LISTS = new Set(["today", "clients", "board", "duties", "more", "help", "emergency", "signIn"]);

const app = {
  state: null,
  /** @type {any} what has been done on the locked phone: see ui/gate.js and ui/door.js */
  gate: {},
  /** The phone has locked by itself: see ui/update.js. */
  idle() {},
  /** @type {(state: any, screen: any) => void} comes with the screens about one person: see ui/opened.js */
  noteShown() {},
  /** Forget what was typed there. */
  resetGate() {
    app.gate = {};
  },
  /** @type {any} */
  door: null,
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
    if (visit !== visits) return; // nor does it take the focus
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
  refresh: () => refresh(),
  /** The vault is open: the page that was asked for is made ready. */
  async opened() {
    app.door = null;
    const { name, id, path, query } = app.screen;
    await app.show({ name: name === "signIn" ? "today" : name, id, path, query }, { scroll: 0 });
  },
  /** The vault is closed: nothing of the person stays in memory or on the page. */
  async locked() {
    const { name, id, path, query, signIn } = app.screen;
    visits += 1; // what was being made ready is not shown
    app.screen = { name, id, path, query, signIn };
    forgetPlaces();
    await refresh();
  },
};

/** Whether a screen's code is here. When it can't be had, I dag stands until the page is loaded anew. */
async function isThere(name) {
  try {
    await (name === "log" ? Promise.all([load(name), forms()]) : load(name));
    return true;
  } catch (error) {
    console.error("screen not loaded", name, error);
    await draftsWritten();
    await findMissing(app);
    return false;
  }
}

/** What a screen needs beside the State, fetched before it is drawn. */
async function prepare({ name, id, query }) {
  const who = await me();
  const madeFor = isOpenFor(who?.id) ? who.id : null;
  if (name === "client") {
    noteOpened(id);
    return { madeFor, called: await (await FILES.people()).calledClient(app.now()) };
  }
  if (name === "log") return { madeFor, ...(await formFor(query, madeFor)) };
  if (name === "today" && who?.role === "peer" && worksOnTheStreet(await readState({ soon: true })))
    return { madeFor, ...(await startPage(madeFor)) };
  if (name === "help") return { madeFor, ...(await FILES.rest()).asleep(app) };
  if (name === "more") phone = await phoneFacts();
  return { madeFor };
}

/** The form of an address, with what was being written in it. */
async function formFor(query, madeFor) {
  const state = app.state?.me?.id === madeFor ? app.state : await readState();
  return { query, form: await (await forms()).openForm(state, query), recent: await recentClients() };
}

/** An oppsøkende peer starts on a page of their own; where its code can't be had, on I dag as everybody else. */
const startPage = (madeFor) =>
  load("street")
    .then(() => formFor({ type: "street" }, madeFor))
    .catch(() => ({ form: null }));

/** What draws a page: I dag of an oppsøkende peer is their start page. */
const drawnBy = (state, { name, form }) => (name === "today" && form && worksOnTheStreet(state) ? "street" : name);

function rowsOf(state, screen) {
  if (screen.name !== "today" || !state.me) return null;
  const idle = elapsed.now() - touchedAt > IDLE_MS;
  return keepStill(idle ? null : screen.rows, arrange(state), state);
}

/** How much of the replica a screen needs before it is drawn. */
const howMuch = ({ name, id }) =>
  name === "client" ? { soon: true, client: id } : LISTS.has(name) ? { soon: true } : {};

/** The rest of the entries is opened when nobody waits for it. */
function openTheRest({ me: person, whole }) {
  if (!person || whole) return;
  const work = () => tablesOf(person.id).then(refreshSoon, (error) => console.error("not all opened", error));
  if (globalThis.requestIdleCallback) requestIdleCallback(work, { timeout: 1_000 });
  else setTimeout(work, 200);
}

async function refresh() {
  const visit = visits;
  const state = await readState(howMuch(app.screen));
  Object.assign(measured, { nowMs: state.nowMs, at: performance.now() });
  if (state.me?.id !== app.state?.me?.id) forgetPlaces();
  app.state = state;
  if (visit !== visits) return;
  // The session was found, or changed hands, after the page was made ready: what it fetched was nobody's, or another's.
  const isAnothers = "madeFor" in app.screen && app.screen.madeFor !== state.me?.id;
  const isNowStart = app.screen.name === "today" && !("form" in app.screen) && worksOnTheStreet(state);
  if (state.me && (isAnothers || isNowStart)) {
    const { madeFor: _another, form: _theirs, ...screen } = app.screen;
    await app.show(screen, { scroll: scrollY });
    return;
  }
  if (!state.me)
    draw(); // a locked phone waits for no thumb
  else thumb.whenLifted(draw);
  openTheRest(state);
}

function draw() {
  const { state, screen } = app;
  if (!state) return;
  const signedIn = state.me && screen.name !== "signIn";
  if (signedIn && screen.name === "today") screen.rows = rowsOf(state, screen);
  if (signedIn && screen.name === "today") needTheDay();
  const { notes, plannedDay } = drawers;
  const params = { ...screen, phone, update, gate: app.gate, notes, plannedDay };
  document.title = pageTitle(state, screen, formTitle(screen.query));
  app.noteShown(state, screen);
  const view = drawers[signedIn ? drawnBy(state, screen) : "signIn"];
  if (!signedIn) return drawGate(state, params);
  if (view) render(frame(state, params, view(state, params)), root);
}

/** Notes, tasks and planned visits come in a file of their own, a moment after the clocks. */
function needTheDay() {
  if (drawers.notes || day) return;
  day = Promise.all([load("notes"), load("plannedDay")]).then(draw);
  day.catch(() => {
    day = null; // the next drawing asks again
  });
}
let day = null;

let asking = null;
/** What stands before a locked phone comes in a file of its own. */
function needTheGate() {
  asking ??= Promise.all([load("gate"), load("door")]).then(draw);
  asking.catch(() => {
    asking = null;
    return findMissing(app);
  });
}

/** Before a locked phone: what was begun there, else the PIN; where nobody has been, the sign-in. */
function drawGate(state, params) {
  const { who, writer, people } = state.gate;
  const isLocked = Boolean(who || writer || people.length);
  if (isLocked) needTheGate();
  const view = app.door ? drawers.door : isLocked ? drawers.gate : signInView;
  const page = view?.(state, view === drawers.door ? app.door : params) ?? opening();
  render(html`${page}${toast(state, app.screen.toast)}`, root);
}

const opening = () => html`<main id="main" class="gate"><h1 tabindex="-1">Sett</h1></main>`;

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
for (const mount of [mountRouter, mountTaps, mountLists, mountSession, mountPhone, mountLanguage, mountStopwatch])
  mount(root, app);
const draftsWritten = async () => (await formsMounted?.catch(() => null))?.draftsWritten();
mountLocking(app, draftsWritten);
mountUpdate(root, app, draftsWritten);
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
