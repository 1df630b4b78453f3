// @ts-check
/**
 * The service worker seen from the page: register it, tell when a new version waits, switch to it when that is safe.
 * A new version never takes over by itself: a half-filled form would be lost.
 */
import { emit } from "./bus.js";
import { elapsed } from "./elapsed.js";

const ASK_MS = 3_600_000;

/** @type {ServiceWorker | null} */
let waiting = null;

/** @param {ServiceWorker | null} worker */
function announceWaiting(worker) {
  if (!worker || !navigator.serviceWorker.controller) return; // the very first version replaces nobody
  waiting = worker;
  emit("update");
}

/** @param {ServiceWorkerRegistration} registration */
function watch(registration) {
  announceWaiting(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "installed" && announceWaiting(worker));
  });
}

/** An app that is never closed would never ask for a new version by itself. @param {ServiceWorkerRegistration} registration */
function askNowAndThen(registration) {
  let asked = elapsed.now();
  globalThis.document?.addEventListener("visibilitychange", () => {
    if (elapsed.now() - asked < ASK_MS || document.visibilityState !== "visible") return;
    asked = elapsed.now();
    registration.update().catch(() => {}); // no coverage: next time
  });
}

/** @param {any} event */
function fromWorker({ data }) {
  if (data?.type === "open") emit("open", { path: data.path });
}

/** Register the worker and follow its versions. Without workers the app still works online. */
export async function registerWorker(url = "/sw.js") {
  const container = globalThis.navigator?.serviceWorker;
  if (!container) return null;
  container.addEventListener("message", fromWorker);
  const registration = await container.register(url, { scope: "/", type: "module", updateViaCache: "none" });
  watch(registration);
  askNowAndThen(registration);
  return registration;
}

/** Is a new version waiting to be switched to? */
export const isUpdateWaiting = () => waiting !== null;

/**
 * Switch to the waiting version and load the page anew, unless the page is busy.
 * @param {{isBusy: () => boolean, reload?: () => void}} page busy: a form would be lost, or something is being sent
 * @returns {boolean} whether it went ahead
 */
export function applyUpdate({ isBusy, reload = () => location.reload() }) {
  if (!waiting || isBusy()) return false;
  navigator.serviceWorker.addEventListener("controllerchange", reload, { once: true });
  waiting.postMessage({ type: "skip_waiting" });
  return true;
}
