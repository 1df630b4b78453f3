// @ts-check
/** The service worker's ears: it listens and passes on, and decides nothing. Keeps no state: it is killed at any time. */
import { dropAllEnded } from "../core/ending.js";
import { fetchSealingKey, storedSealingKey } from "../core/sealing_key.js";
import { flush } from "../core/send/flush.js";
import { counts } from "../core/send/outbox.js";
import { sendOwedReceipts } from "../core/send/receipts.js";
import { reportsWait } from "../core/send/views.js";
import { sendReports } from "../core/send/views_lane.js";
import { answerFor, dropOldCaches, precache } from "./cache.js";
import { onClick, onPush } from "./push.js";

/** Background Sync: fail when something is left, so that the platform tries again. */
async function sync() {
  const { unsent } = await counts();
  await Promise.allSettled([sendOwedReceipts(), unsent && flush("sync"), dropAllEnded()]);
  await sendReports();
  if ((await counts()).unsent || (await reportsWait())) throw new Error("something is still to be sent");
}

/** No version without a key to seal to: what it saved would lie in clear. */
async function keepSealingKey() {
  if (!((await fetchSealingKey()) ?? (await storedSealingKey()))) throw new Error("no key to seal to");
}

/** @param {import("./cache.js").Build} build */
const install = (build) => Promise.all([keepSealingKey(), precache(build)]);

/** @param {import("./cache.js").Build} build @param {any} scope */
async function activate(build, scope) {
  await dropOldCaches(build, scope);
  await scope.clients.claim();
  await dropAllEnded().catch((error) => console.error("not dropped", error));
}

/** Start listening; must run while the script is first evaluated. @param {import("./cache.js").Build} build @param {any} [scope] */
export function listen(build, scope = self) {
  /** @param {string} type @param {(event: any) => void} listener */
  const on = (type, listener) => scope.addEventListener(type, listener);
  on("install", (event) => event.waitUntil(install(build)));
  on("activate", (event) => event.waitUntil(activate(build, scope)));
  on("fetch", (event) => {
    const answer = answerFor(event.request, build);
    if (answer) event.respondWith(answer);
    if (event.request.mode === "navigate") event.waitUntil(dropOldCaches(build, scope));
  });
  on("push", (event) => event.waitUntil(onPush(event.data, build.base)));
  on("notificationclick", (event) => event.waitUntil(onClick(event.notification)));
  on("sync", (event) => event.waitUntil(sync()));
  on("message", (event) => {
    if (event.data?.type === "skip_waiting") scope.skipWaiting();
  });
}
