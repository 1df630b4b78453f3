// @ts-check
/**
 * Sends the reports of what was opened: in requests of their own, after the entries and beside the outbox's lock, so that no
 * entry ever waits for one. They carry their own proof, so they go under any session, or none.
 */
import { ifRoom } from "../db.js";
import { deviceId } from "../device.js";
import { elapsed } from "../elapsed.js";
import { withLock } from "../lock.js";
import { localIso } from "../time.js";
import { send } from "../transport.js";
import { counts } from "./outbox.js";
import { reportsToSend, settleReports } from "./views.js";

/** @typedef {import("../transport.js").Outcome} Outcome */
/** @typedef {import("./views.js").Row} Row */

const MOST = 100;
/** Requests that may fail for what is in them before the next round. */
const REFUSALS = 2;

const lane = {
  /** How many at once works on this network. */
  most: MOST,
  /** What did not get through alone: behind everything else until somebody asks, or the app starts anew. @type {Set<string>} */
  aside: new Set(),
  notBefore: 0,
};

/** @param {Row[]} batch @returns {Promise<Outcome>} */
async function ask(batch) {
  const request = {
    protocol: 1,
    device_id: await deviceId(),
    sent_at: localIso(),
    cursor: null,
    pull: false,
    unsent_after: (await counts()).unsent,
    entries: [],
    views: batch.map(({ id, key_id, sealed }) => ({ id, key_id, sealed })),
  };
  return send("POST", "/api/sync", request);
}

/** @param {Outcome} outcome */
const mayBeForContents = ({ kind, status }) =>
  ["too_large", "timeout", "unavailable"].includes(kind) || (kind === "refused" && (status === 400 || status === 422));

/** Try fewer, or without the one that did not get through. @param {Row[]} batch */
function shrink(batch) {
  if (batch.length > 1) lane.most = Math.floor(batch.length / 2);
  else lane.aside.add(batch[0].id);
}

/** @param {boolean} heldToo @param {Set<string>} offered */
const nextBatch = async (heldToo, offered) =>
  (await reportsToSend({ heldToo })).filter(({ id }) => !offered.has(id) && !lane.aside.has(id)).slice(0, lane.most);

/** @param {boolean} heldToo */
async function pass(heldToo) {
  if (heldToo) lane.aside.clear();
  const offered = new Set();
  for (let refusals = 0; refusals < REFUSALS && elapsed.now() >= lane.notBefore; ) {
    const batch = await nextBatch(heldToo, offered);
    if (!batch.length) return;
    const outcome = await ask(batch);
    const results = outcome.kind === "ok" && outcome.data?.protocol === 1 ? outcome.data.view_results : null;
    if (Array.isArray(results)) {
      await ifRoom(() => settleReports(batch, results));
      for (const { id } of batch) offered.add(id);
      lane.most = Math.min(MOST, lane.most * 2);
      continue;
    }
    lane.notBefore = elapsed.now() + (outcome.retryAfterMs ?? 0);
    if (!mayBeForContents(outcome)) return;
    refusals += 1;
    shrink(batch);
  }
}

/** @type {Promise<void> | null} */
let running = null;

/**
 * Send what waits; whoever comes while it is being sent waits for that. Never throws.
 * @param {{heldToo?: boolean}} [how] `heldToo`: offer again what the server could not take
 * @returns {Promise<void>}
 */
export function sendReports({ heldToo = false } = {}) {
  running ??= withLock("views", () => pass(heldToo))
    .catch((error) => console.error("reports not sent", error)) // every one without a verdict is still there
    .finally(() => {
      running = null;
    });
  return running;
}

/** Forget failures, as a new start of the app does. */
export function forgetReportFailures() {
  lane.aside.clear();
  Object.assign(lane, { most: MOST, notBefore: 0 });
}
