// @ts-check
/**
 * Sends what waits and fetches what is new, one flush at a time on the whole phone. Never throws, never drops: what
 * has no verdict stays in the outbox, whatever went wrong.
 */
import { announce, emit, on } from "./bus.js";
import { runLane } from "./lane.js";
import { withLock } from "./lock.js";
import { authors } from "./outbox.js";
import { me, registerDevice, settleSignOut, staffOnPhone } from "./session.js";
import { changeIn, getValue } from "./values.js";
import { write } from "./db.js";
import { PHONE } from "./schema.js";

/** @typedef {import("./transport.js").Outcome} Outcome */

/** Reasons after which what was held is offered again though nothing came down. */
const OFFERS_HELD = new Set(["session", "app_updated"]);
/** Waits after failures in a row, in ms; only the timer keeps to them. */
const WAITS = [5_000, 15_000, 60_000, 120_000, 300_000];

const backoff = { failures: 0, notBefore: 0, serverSaysNotBefore: 0 };

/** @param {Outcome} outcome */
function remember(outcome) {
  const failed = outcome.kind !== "ok" && outcome.kind !== "signed_out";
  backoff.failures = failed ? backoff.failures + 1 : 0;
  const wait = failed ? WAITS[Math.min(backoff.failures, WAITS.length) - 1] : 0;
  backoff.notBefore = Date.now() + wait;
  backoff.serverSaysNotBefore = outcome.retryAfterMs ? Date.now() + outcome.retryAfterMs : 0;
}

/** @param {string} reason */
function mustWait(reason) {
  const until = reason === "timer" ? Math.max(backoff.notBefore, backoff.serverSaysNotBefore) : backoff.serverSaysNotBefore;
  return Date.now() < until;
}

/** What the screens may say about the last exchange. @param {Outcome} outcome @param {any} [lane] */
async function note(outcome, lane) {
  await write(PHONE, ["values"], (tx) => changeIn(tx, "sync", (old) => ({
    ...old,
    lastTriedAt: Date.now(),
    lastOutcome: outcome.kind,
    signedOut: outcome.kind === "signed_out" || (outcome.kind !== "ok" && Boolean(old?.signedOut)),
    ...(lane?.serverTime ? { lastAt: lane.serverTime, alertingOk: lane.alertingOk } : {}),
  })));
  announce("sync");
}

/** @param {import("./session.js").Staff} staff @param {boolean} heldToo @returns {Promise<Outcome>} */
async function mine(staff, heldToo) {
  const key = await registerDevice(staff);
  const { outcome, lane } = await runLane(staff, true, { heldToo });
  await note(outcome, lane);
  if (outcome.kind === "signed_out" && key) await runLane({ ...staff, delivery_key: key }, false, { heldToo: true });
  return outcome;
}

/** Entries of others who have used this phone, each under their own name. @param {string | undefined} myId @returns {Promise<Outcome>} */
async function others(myId) {
  /** @type {Outcome} */
  let worst = { kind: "ok" };
  for (const id of (await authors()).filter((author) => author !== myId)) {
    const staff = await staffOnPhone(id);
    if (!staff?.delivery_key) continue;
    const { outcome } = await runLane(staff, false);
    if (outcome.kind !== "ok" && outcome.kind !== "signed_out") worst = outcome; // a key that has ended waits for its owner
  }
  return worst;
}

/** @param {string} reason @returns {Promise<Outcome>} */
async function once(reason) {
  if (mustWait(reason)) return { kind: "slow_down" };
  await settleSignOut();
  const staff = await me();
  const first = staff ? await mine(staff, OFFERS_HELD.has(reason)) : /** @type {Outcome} */ ({ kind: "ok" });
  // a phone that just failed to reach the server fails for the others too; a lapsed session does not
  const second = first.kind === "ok" || first.kind === "signed_out" ? await others(staff?.id) : first;
  const outcome = first.kind === "ok" ? second : first;
  remember(outcome);
  return outcome;
}

/** @type {Promise<Outcome> | null} */
let running = null;
let again = false;
let regained = false;

/** @param {string} reason @returns {Promise<Outcome>} */
async function rounds(reason) {
  emit("flush", { phase: "start" });
  /** @type {Outcome} */
  let outcome = { kind: "network" };
  try {
    do {
      again = regained = false;
      outcome = await withLock("outbox", () => once(reason));
      if (regained && reason === "timer") reason = "online"; // the timer would keep to the wait after the failure
    } while (regained || (again && outcome.kind === "ok"));
  } catch (error) {
    console.error("flush stopped", error); // storage failed; every entry without a verdict is still in the outbox
  }
  running = null; // in the same breath as the last look at `again`, or a save in between would be left waiting
  emit("flush", { phase: "end", kind: outcome.kind });
  return outcome;
}

/**
 * Send and fetch now. Called while one is running, it makes that one go round once more when done: after a failure only
 * if there is network again.
 * @param {string} [reason] save · load · online · visible · timer · push · sync · session · app_updated · user
 * @returns {Promise<Outcome>}
 */
export function flush(reason = "user") {
  if (running) {
    again = true;
    regained ||= reason === "online";
    return running;
  }
  running = rounds(reason);
  return running;
}

/** Is something being sent right now from this window? */
export const isFlushing = () => running !== null;

/** @param {(detail: {phase: 'start'|'end', kind?: string}) => void} callback @returns {() => void} stop listening */
export const onFlush = (callback) => on("flush", callback);

/** What the phone knows of its contact with the server. */
export const syncFacts = () => getValue("sync");

/** Forget failures, as a new start of the app does. */
export const forgetFailures = () => Object.assign(backoff, { failures: 0, notBefore: 0, serverSaysNotBefore: 0 });
