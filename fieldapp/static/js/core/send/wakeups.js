// @ts-check
/**
 * When to flush: after each save, at start, when the network or the screen comes back, and on a timer. iOS has no
 * Background Sync, so the page is what sends; where it exists the worker goes on after the page is closed.
 */
import { on } from "../bus.js";
import { someAreDue } from "./doubted.js";
import { elapsed } from "../elapsed.js";
import { flush } from "./flush.js";
import { counts } from "./outbox.js";
import { me } from "../session.js";
import { atStart } from "./start.js";

const QUEUE_MS = 30_000;
const PULL_MS = 60_000;
const TICK_MS = 5_000;

/** Ask the platform to wake the worker when there is network. */
async function askForBackgroundSync() {
  const registration = /** @type {any} */ (await globalThis.navigator?.serviceWorker?.getRegistration());
  await registration?.sync?.register("outbox").catch(() => {}); // refused or unknown: the page sends
}

/** Signed in or out or unlocked here; in another window that window sends. @param {{what: string, remote: boolean, locked?: boolean}} news */
function afterNews({ what, remote, locked }) {
  if ((what === "session" || what === "vault") && !remote && !locked) flush("session");
}

/** By time passed, not by the clock. @param {number} now @param {number} last @param {number} waiting @param {boolean} visible */
export const isDue = (now, last, waiting, visible) =>
  now - last >= (waiting ? QUEUE_MS : PULL_MS) && (waiting > 0 || visible);

/**
 * Start listening in a page. Returns the function that stops it.
 * @param {{target?: any, page?: any}} [where] window and document, replaced in tests
 */
export function startFlushing({ target = globalThis, page = globalThis.document } = {}) {
  let last = elapsed.now();
  const go = (/** @type {string} */ reason) => {
    last = elapsed.now();
    return flush(reason);
  };
  const isVisible = () => !page || page.visibilityState === "visible";
  const saved = () => {
    go("save");
    askForBackgroundSync();
  };
  const tick = async () => {
    const { unsent } = await counts((await me())?.id);
    const soon = unsent > 0 && someAreDue() && elapsed.now() - last >= TICK_MS; // what was doubted is told apart at once
    if (soon || isDue(elapsed.now(), last, unsent, isVisible())) await go("timer");
  };
  const listeners = [
    [target, "online", () => go("online")],
    [target, "pageshow", () => go("visible")],
    [page, "visibilitychange", () => isVisible() && go("visible")],
    [
      globalThis.navigator?.serviceWorker,
      "message",
      (/** @type {any} */ event) => event.data?.type === "flush" && go("push"),
    ],
  ].filter(([where]) => where?.addEventListener);
  for (const [where, type, listener] of listeners) where.addEventListener(type, listener);
  const stops = [on("changed", afterNews), on("saved", saved), on("viewed", askForBackgroundSync)];
  const timer = setInterval(() => tick().catch(() => {}), TICK_MS);
  atStart().catch((error) => console.error("start", error));
  return () => {
    clearInterval(timer);
    stops.forEach((stop) => stop());
    for (const [where, type, listener] of listeners) where.removeEventListener(type, listener);
  };
}
