// @ts-check
/**
 * Sends what waits and fetches what is new, one flush at a time on the whole phone. Never throws, never drops: what
 * has no verdict stays in the outbox, whatever went wrong.
 */
import { announce, emit, on } from "../bus.js";
import { endWaits, forgetDoubts } from "./doubted.js";
import { elapsed } from "../elapsed.js";
import { forgetOwedOffers, runLane } from "./exchange.js";
import { withLock } from "../lock.js";
import { authors } from "./outbox.js";
import { confirmSession, hasSession, me, registerDevice, settleSignOut, staffOnPhone } from "../session.js";
import { changeIn, getValue } from "../values.js";
import { ifRoom, write } from "../db.js";
import { writeVerdicts } from "./verdicts.js";
import { forgetReportFailures, sendReports } from "./views_lane.js";
import { PHONE } from "../schema.js";

/** @typedef {import("../transport.js").Outcome} Outcome */

/** Reasons after which what was held is offered again though nothing came down. */
const OFFERS_HELD = new Set(["user", "session", "app_updated"]);
/** The same for reports of what was opened, and at every start. */
const OFFERS_REPORTS = new Set([...OFFERS_HELD, "load"]);
/** Reasons for which one goes again though the round that was running failed. */
const TRIES_AGAIN = ["user", "session", "online"];
/** Waits after failures in a row, in ms; only the timer keeps to them. */
const WAITS = [5_000, 15_000, 60_000, 120_000, 300_000];
/** Between two turns of a lane that is finding out what the network refuses. */
const PAUSE_MS = 1_000;

/** By elapsed time: see elapsed.js. */
const backoff = { failures: 0, notBefore: 0, serverSaysNotBefore: 0 };

/** @param {Outcome} outcome */
function remember(outcome) {
  const failed = outcome.kind !== "ok" && outcome.kind !== "signed_out";
  backoff.failures = failed ? backoff.failures + 1 : 0;
  const wait = failed ? WAITS[Math.min(backoff.failures, WAITS.length) - 1] : 0;
  backoff.notBefore = elapsed.now() + wait;
  backoff.serverSaysNotBefore = outcome.retryAfterMs ? elapsed.now() + outcome.retryAfterMs : 0;
}

/** «Prøv nå» waits for nothing. @param {string} reason */
function mustWait(reason) {
  if (reason === "user") return false;
  const until =
    reason === "timer" ? Math.max(backoff.notBefore, backoff.serverSaysNotBefore) : backoff.serverSaysNotBefore;
  return elapsed.now() < until;
}

/** What the screens may say about the last exchange. @param {Outcome} outcome @param {any} [lane] */
async function note(outcome, lane) {
  const before = Boolean((await getValue("sync"))?.signedOut);
  await ifRoom(() =>
    write(PHONE, ["values"], (tx) =>
      changeIn(tx, "sync", (old) => ({
        ...old,
        lastTriedAt: Date.now(),
        lastOutcome: outcome.kind,
        signedOut: outcome.kind === "signed_out" || (outcome.kind !== "ok" && Boolean(old?.signedOut)),
        ...(lane?.serverTime ? { lastAt: lane.serverTime, alertingOk: lane.alertingOk } : {}),
      })),
    ),
  );
  announce("sync");
  if (outcome.kind === "signed_out" && lane && !before) emit("expired"); // not where the session is somebody else's
}

/** @typedef {{outcome: Outcome, unfinished: boolean}} Turn */

/** @param {import("../session.js").Staff} staff @param {boolean} heldToo @returns {Promise<Turn>} */
async function mine(staff, heldToo) {
  const key = await registerDevice(staff);
  const { outcome, lane } = (await hasSession(staff.id)) ? await withSession(staff, heldToo) : await signedOut();
  await note(outcome, lane);
  if (outcome.kind !== "signed_out") return { outcome, unfinished: lane?.unfinished ?? false };
  if (lane?.serverTime) await confirmSession(); // which says whether the access has ended
  const byKey = await runLane({ ...staff, delivery_key: key }, false, { heldToo: true });
  return { outcome, unfinished: byKey.lane.unfinished };
}

/** A locked phone brings nothing down, and learns all the same that its access has ended. @param {import("../session.js").Staff} staff @param {boolean} heldToo */
async function withSession(staff, heldToo) {
  const ran = await runLane(staff, true, { heldToo });
  if (ran.outcome.kind !== "ok" || ran.lane.serverTime) return ran;
  return { outcome: await confirmSession(), lane: ran.lane };
}

/** The browser's session is somebody else's. @returns {Promise<{outcome: Outcome, lane?: any}>} */
const signedOut = async () => ({ outcome: { kind: "signed_out" } });

/** What waits of somebody the phone no longer knows is sealed, and goes out all the same. @param {string} id */
const nobodyKnown = (id) => ({ id, name: "", role: "", teams: [] });

/** Entries of others who have used this phone, each under their own name. @param {string | undefined} myId @returns {Promise<Turn>} */
async function others(myId) {
  /** @type {Turn} */
  const turn = { outcome: { kind: "ok" }, unfinished: false };
  for (const id of (await authors()).filter((author) => author !== myId)) {
    const staff = await staffOnPhone(id);
    const { outcome, lane } = await runLane(staff ?? nobodyKnown(id), false);
    turn.unfinished ||= lane.unfinished;
    if (outcome.kind !== "ok" && outcome.kind !== "signed_out") turn.outcome = outcome; // a key that has ended waits for its owner
  }
  return turn;
}

/** @param {string} reason @returns {Promise<Turn>} */
async function once(reason) {
  if (mustWait(reason)) return { outcome: { kind: "slow_down" }, unfinished: false };
  if (reason === "user") endWaits();
  await ifRoom(writeVerdicts);
  await settleSignOut();
  const staff = await me();
  const first = staff
    ? await mine(staff, OFFERS_HELD.has(reason))
    : /** @type {Turn} */ ({ outcome: { kind: "ok" }, unfinished: false });
  // a phone that just failed to reach the server fails for the others too; a lapsed session does not
  const reached = first.outcome.kind === "ok" || first.outcome.kind === "signed_out";
  const second = reached ? await others(staff?.id) : first;
  const outcome = first.outcome.kind === "ok" ? second.outcome : first.outcome;
  remember(outcome);
  return { outcome, unfinished: first.unfinished || second.unfinished };
}

/** @type {Promise<Outcome> | null} */
let running = null;
/** The strongest reason somebody has asked for since the round that runs began. @type {string | null} */
let wanted = null;

/** The reason of the next round, or null when there is none. @param {Turn} turn @param {string} reason */
function nextReason({ outcome, unfinished }, reason) {
  if (wanted && TRIES_AGAIN.includes(wanted)) return wanted;
  if (outcome.kind === "ok" && wanted) return wanted;
  return unfinished ? (reason === "user" ? "save" : reason) : null; // a tap ends the waits once
}

/** @param {string} reason @returns {Promise<Outcome>} */
async function rounds(reason) {
  emit("flush", { phase: "start" });
  /** @type {Outcome} */
  let outcome = { kind: "network" };
  try {
    for (let /** @type {string | null} */ next = reason; next; ) {
      const why = next;
      wanted = null;
      const turn = await withLock("outbox", () => once(why));
      outcome = turn.outcome;
      if (turn.unfinished) await elapsed.pause(PAUSE_MS);
      next = nextReason(turn, why);
    }
  } catch (error) {
    console.error("flush stopped", error); // storage failed; every entry without a verdict is still in the outbox
  }
  if (outcome.kind === "ok" || outcome.kind === "signed_out") sendReports({ heldToo: OFFERS_REPORTS.has(reason) });
  running = null; // in the same breath as the last look at `wanted`, or a save in between would be left waiting
  emit("flush", { phase: "end", kind: outcome.kind });
  return outcome;
}

const BY_STRENGTH = [...TRIES_AGAIN, "app_updated"];
const rank = (/** @type {string | null} */ reason) => BY_STRENGTH.indexOf(reason ?? "") + 1 || BY_STRENGTH.length + 1;

/** @param {string | null} a @param {string} b */
const stronger = (a, b) => (a === null || rank(b) <= rank(a) ? b : a);

/**
 * Send and fetch now. Called while one is running, it makes that one go round once more when done: after a failure only
 * for a person who asks, a new session, or network that is back.
 * @param {string} [reason] save · load · online · visible · timer · push · sync · session · app_updated · user («Prøv nå»)
 * @returns {Promise<Outcome>}
 */
export function flush(reason = "load") {
  if (running) {
    wanted = stronger(wanted, reason);
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
export function forgetFailures() {
  Object.assign(backoff, { failures: 0, notBefore: 0, serverSaysNotBefore: 0 });
  forgetDoubts();
  forgetOwedOffers();
  forgetReportFailures();
}
