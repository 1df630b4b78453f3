// @ts-check
/**
 * One author's exchange with the server: their entries up, verdicts down, and with their session and their vault open
 * changes too. Entries are sealed and carry their own proof, so a lane goes under any session, or none.
 *
 * Invariants: no entry waits for another, whatever the network does to one of them (doubted.js); nothing has to be
 * written to the phone before it is sent, or for the next to be sent; and a pass ends.
 */
import { batchSize, chooseBatch } from "./batch.js";
import { answerMissing, offerAgainAfter, sweepCopies } from "./copies.js";
import { ifRoom } from "../db.js";
import { deviceId, measureClock } from "../device.js";
import { doubt, isDoubted, isDue, setBack, suspect, trust } from "./doubted.js";
import { counts, isOfferedAgain, judgedHere, markStuck, rowsOf } from "./outbox.js";
import { sealAgain } from "./resealed.js";
import { onTheWire } from "./sealed.js";
import { followSealingKey } from "../sealing_key.js";
import { applyAnswer, cursorOf } from "../tables.js";
import { localIso } from "../time.js";
import { send } from "../transport.js";
import { isOpenFor } from "../vault.js";
import { settle } from "./verdicts.js";

/** @typedef {import("../transport.js").Outcome} Outcome */
/** @typedef {{batch: any[], left: number, pendingSent: number, allDoubted: boolean}} Next */
/**
 * @typedef {{staff: import("../session.js").Staff, withSession: boolean, pulls: boolean, offered: Set<string>, brought: number, accepted: number,
 *   resets: number, refusals: number, told: boolean, gone: number[], unfinished: boolean, alertingOk?: boolean, serverTime?: string}} Lane
 * `unfinished`: enough was refused for now; go on in a moment, with the lock let go in between.
 */

/** Refused requests before the lane pauses: with what goes through beside them, a few requests a second at most. */
const REFUSALS = 2;

/** Authors for whom changes came down after which what is held was not offered again yet. @type {Set<string>} */
const owedOffers = new Set();

/** @param {any} data */
const isOurAnswer = (data) =>
  data?.protocol === 1 &&
  Array.isArray(data.results) &&
  Array.isArray(data.changes) &&
  typeof data.server_time === "string";

/** Oldest first, but what is doubted after all else. @param {Lane} lane @param {boolean} heldToo @returns {Promise<Next>} */
async function nextBatch(lane, heldToo) {
  const rows = (await rowsOf(lane.staff.id)).filter(
    (row) => !lane.offered.has(row.id) && !judgedHere.has(row.id) && isDue(row.id),
  );
  const due = rows.filter((row) => row.state === "pending" || (heldToo && isOfferedAgain(row)));
  const trusted = due.filter((row) => !isDoubted(row.id));
  const chosen = (trusted.length ? trusted : due).slice(0, batchSize.most);
  const batch = chooseBatch(chosen.map(onTheWire), batchSize.most);
  const pendingSent = chosen.slice(0, batch.length).filter((row) => row.state === "pending").length;
  return { batch, left: due.length - batch.length, pendingSent, allDoubted: !trusted.length };
}

/** A replica is never begun with another person's session. @param {string} staffId @returns {Promise<Outcome>} */
async function checkWhose(staffId) {
  const outcome = await send("GET", "/api/session");
  const theirs = outcome.kind === "ok" && outcome.data.staff?.id !== staffId;
  return theirs ? { kind: "signed_out" } : outcome;
}

/**
 * @param {Lane} lane @param {any[]} entries @param {number} pendingSent @param {{pull?: boolean}} [how] `pull` false: nothing is to come down
 * @returns {Promise<Outcome>}
 */
async function ask({ staff, withSession, pulls, gone }, entries, pendingSent, { pull = pulls } = {}) {
  const cursor = pulls ? await cursorOf(staff.id) : null;
  if (pull && cursor === null) {
    const whose = await checkWhose(staff.id);
    if (whose.kind !== "ok") return whose;
  }
  const request = {
    protocol: 1,
    device_id: await deviceId(),
    sent_at: localIso(),
    cursor,
    unsent_after: (await counts(staff.id)).unsent - pendingSent,
    entries,
    ...(pull ? {} : { pull: false }),
    ...(gone.length ? { lost_seqs: gone } : {}),
    ...(withSession || !staff.delivery_key ? {} : { deliver_for: [{ staff_id: staff.id, key: staff.delivery_key }] }),
  };
  const outcome = await send("POST", "/api/sync", request, { withSession });
  return outcome.kind === "ok" && !isOurAnswer(outcome.data)
    ? { ...outcome, kind: "not_ours" }
    : { ...outcome, asked: cursor };
}

/** The request as a whole was refused because of what is in it. @param {Outcome} outcome */
const isContentsFault = (outcome) =>
  outcome.kind === "too_large" || (outcome.kind === "refused" && (outcome.status === 400 || outcome.status === 422));

/** @param {any[]} batch */
const idsOf = (batch) => batch.map((entry) => entry.id);

/**
 * Is it for what is in it that this request failed. The first time that can't be told from a server that is down, so it
 * is tried again later; failing once more, a request with nothing in it tells the two apart.
 * @param {Lane} lane @param {Outcome} outcome @param {Next} next
 */
async function isForContents(lane, outcome, { batch, allDoubted }) {
  if (!batch.length || outcome.kind === "signed_out" || outcome.kind === "update") return false;
  if (isContentsFault(outcome)) return true;
  if (allDoubted && globalThis.navigator?.onLine !== false)
    return (await ask(lane, [], 0, { pull: false })).kind === "ok";
  doubt(idsOf(batch));
  if (batch.length > 1 && (outcome.kind === "timeout" || outcome.kind === "unavailable")) batchSize.halve(batch.length);
  return false;
}

/** Try less, or set the one entry aside until its wait is over. @param {Lane} lane @param {Outcome} outcome @param {any[]} batch */
async function shrink(lane, outcome, batch) {
  lane.refusals += 1;
  doubt(idsOf(batch));
  if (batch.length > 1) return batchSize.halve(batch.length);
  const [{ id }] = batch;
  const certain = isContentsFault(outcome);
  if (!certain && suspect(id)) return;
  setBack(id, outcome.retryAfterMs);
  await ifRoom(() => markStuck(id, certain ? (outcome.code ?? outcome.kind) : "not_let_through"));
}

/**
 * Take an answer. Copies first, so that a new epoch's replica never takes the place of what only this phone holds;
 * replica before outbox: killed in between, the entry goes up again and is a duplicate.
 * @param {Lane} lane @param {any[]} batch @param {Outcome} outcome @param {boolean} pulled
 * @returns {Promise<boolean>} whether to ask once more
 */
async function take(lane, batch, { data, asked = null, rttMs = 0, receivedMs }, pulled) {
  let again = false;
  await measureClock(data.server_time, rttMs, receivedMs);
  await ifRoom(async () => {
    again = (await offerAgainAfter(data.epoch, Boolean(data.reset))) > 0;
  });
  const before = lane.pulls ? await cursorOf(lane.staff.id) : null;
  let applied = true;
  const stored =
    !pulled ||
    (await ifRoom(async () => {
      applied = await applyAnswer(lane.staff.id, data, asked);
    }));
  trust(idsOf(batch));
  const { accepted } = await settle(idsOf(batch), data.results, { serverTime: data.server_time });
  const more = pulled && Boolean(!applied || data.reset || (data.more && data.cursor !== before));
  if (pulled && !more && stored) await ifRoom(() => sweepCopies(lane.staff.id, data.server_time));
  batch.forEach((entry) => lane.offered.add(entry.id));
  if (data.reset) lane.offered.clear();
  batchSize.grow();
  await ifRoom(() => followSealingKey(data.sealing_key_id));
  lane.brought += data.changes.length;
  lane.accepted += accepted;
  lane.resets += data.reset ? 1 : 0;
  Object.assign(lane, { alertingOk: data.alerting_ok, serverTime: data.server_time });
  again = (await tellOfMissing(lane, data.missing_seqs ?? [])) || again;
  return stored && ((more && lane.resets < 3) || again);
}

/** Once a lane; what is still missing after that is asked about by the next answer. @param {Lane} lane @param {number[]} seqs */
async function tellOfMissing(lane, seqs) {
  lane.gone = [];
  if (!seqs.length || lane.told) return false;
  lane.told = true;
  const { offered, gone } = await answerMissing(seqs);
  lane.gone = gone;
  return offered + gone.length > 0;
}

/** @param {Lane} lane @param {any} result */
const unproven = (lane, result) => lane.withSession && result?.code === "author_unproven";

/** Verdicts never wait for a page that can't come: after a failure the entries go up first. @param {Lane} lane @param {Next} next */
const goesAlone = (lane, { batch, allDoubted }) => lane.pulls && batch.length > 0 && allDoubted;

/** Send until nothing is left and nothing more comes down. @param {Lane} lane @param {boolean} heldToo @returns {Promise<Outcome>} */
async function pass(lane, heldToo) {
  for (let more = lane.pulls && !heldToo; ; ) {
    const next = await nextBatch(lane, heldToo);
    if (!next.batch.length && !more) return { kind: "ok" };
    lane.unfinished = lane.refusals >= REFUSALS;
    if (lane.unfinished) return { kind: "ok" };
    const alone = goesAlone(lane, next);
    const outcome = await ask(lane, next.batch, next.pendingSent, { pull: lane.pulls && !alone });
    if (outcome.kind !== "ok") {
      if (!(await isForContents(lane, outcome, next))) return outcome;
      await shrink(lane, outcome, next.batch);
      continue;
    }
    const signedOut = lane.withSession && outcome.data.signed_out === true; // sealed entries are taken from anybody
    more = (await take(lane, next.batch, outcome, lane.pulls && !alone && !signedOut)) || (alone && more);
    if (signedOut) return { kind: "signed_out" };
    if (outcome.data.results.some((/** @type {any} */ result) => unproven(lane, result))) return { kind: "signed_out" };
    if (!next.left && !more) return { kind: "ok" };
  }
}

/**
 * All of one author's waiting entries. What was held is offered again after changes came down, until no verdict changes.
 * @param {import("../session.js").Staff} staff @param {boolean} withSession
 * @returns {Promise<{outcome: Outcome, lane: Lane}>}
 */
export async function runLane(staff, withSession, { heldToo = false } = {}) {
  /** @type {Lane} */
  const lane = {
    staff,
    withSession,
    pulls: withSession && isOpenFor(staff.id),
    offered: new Set(),
    brought: 0,
    accepted: 0,
    resets: 0,
    refusals: 0,
    told: false,
    gone: [],
    unfinished: false,
  };
  if (isOpenFor(staff.id)) await ifRoom(() => sealAgain(staff.id));
  let outcome = await pass(lane, false);
  if (heldToo || lane.brought > 0) owedOffers.add(staff.id);
  while (outcome.kind === "ok" && !lane.unfinished && owedOffers.has(staff.id)) {
    lane.offered.clear();
    lane.accepted = 0;
    outcome = await pass(lane, true);
    if (outcome.kind === "ok" && !lane.unfinished && !lane.accepted) owedOffers.delete(staff.id);
  }
  return { outcome, lane };
}

/** Forget what is owed, as a new start does. */
export const forgetOwedOffers = () => owedOffers.clear();
