// @ts-check
/**
 * One author's exchange with the server: their entries up, verdicts down, and with their session changes too.
 * A lane goes under the author's session, or under the delivery key alone, which delivers and sees nothing.
 */
import { batchSize, chooseBatch } from "./batch.js";
import { deviceId, measureClock } from "./device.js";
import { counts, isOfferedAgain, onTheWire, rowsOf } from "./outbox.js";
import { applyAnswer, cursorOf } from "./tables.js";
import { localIso } from "./time.js";
import { send } from "./transport.js";
import { setAside, settle, sweepAccepted } from "./verdicts.js";

/** @typedef {import("./transport.js").Outcome} Outcome */
/** @typedef {{staff: import("./session.js").Staff, withSession: boolean, offered: Set<string>, brought: number, accepted: number, resets: number, alertingOk?: boolean, serverTime?: string}} Lane */

/** @param {any} data */
const isOurAnswer = (data) =>
  data?.protocol === 1 && Array.isArray(data.results) && Array.isArray(data.changes) && typeof data.server_time === "string";

/** @param {Lane} lane @param {boolean} heldToo */
async function nextBatch(lane, heldToo) {
  const rows = (await rowsOf(lane.staff.id)).filter((row) => !lane.offered.has(row.id));
  const due = rows.filter((row) => row.state === "pending" || (heldToo && isOfferedAgain(row)));
  const batch = chooseBatch(await Promise.all(due.slice(0, batchSize.most).map(onTheWire)), batchSize.most);
  const pendingSent = due.slice(0, batch.length).filter((row) => row.state === "pending").length;
  return { batch, left: due.length - batch.length, pendingSent };
}

/** A replica is never begun with another person's session. @param {string} staffId @returns {Promise<Outcome>} */
async function checkWhose(staffId) {
  const outcome = await send("GET", "/api/session");
  const theirs = outcome.kind === "ok" && outcome.data.staff?.id !== staffId;
  return theirs ? { kind: "signed_out" } : outcome;
}

/** @param {Lane} lane @param {any[]} entries @param {number} pendingSent @returns {Promise<Outcome>} */
async function ask({ staff, withSession }, entries, pendingSent) {
  const cursor = withSession ? await cursorOf(staff.id) : null;
  if (withSession && cursor === null) {
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
    ...(withSession ? {} : { deliver_for: [{ staff_id: staff.id, key: staff.delivery_key }] }),
  };
  const outcome = await send("POST", "/api/sync", request, { withSession });
  return outcome.kind === "ok" && !isOurAnswer(outcome.data) ? { ...outcome, kind: "not_ours" } : outcome;
}

/** A batch that did not go through in one piece: try less, or put the one entry aside. @param {Outcome} outcome @param {any[]} batch */
async function shrink(outcome, batch) {
  if (batch.length > 1) batchSize.halve(batch.length);
  else await setAside(batch[0].id, outcome.kind === "too_large" ? "too_large" : outcome.code ?? "malformed");
}

/** The request as a whole was refused because of what is in it. @param {Outcome} outcome */
const isContentsFault = (outcome) =>
  outcome.kind === "too_large" || (outcome.kind === "refused" && (outcome.status === 400 || outcome.status === 422));

/** Replica first, outbox after: killed in between, the entry goes up again and is a duplicate. @param {Lane} lane @param {any[]} batch @param {Outcome} outcome */
async function take(lane, batch, { data, rttMs = 0, receivedMs }) {
  await measureClock(data.server_time, rttMs, receivedMs);
  if (lane.withSession) await applyAnswer(lane.staff.id, data);
  const more = lane.withSession && Boolean(data.more || data.reset);
  const { accepted } = await settle(batch.map((entry) => entry.id), data.results, { keepAccepted: more });
  if (lane.withSession && !more) await sweepAccepted(lane.staff.id);
  batch.forEach((entry) => lane.offered.add(entry.id));
  batchSize.grow();
  lane.brought += data.changes.length;
  lane.accepted += accepted;
  lane.resets += data.reset ? 1 : 0;
  Object.assign(lane, { alertingOk: data.alerting_ok, serverTime: data.server_time });
  return more && lane.resets < 3;
}

/** @param {Lane} lane @param {any} result */
const unproven = (lane, result) => lane.withSession && result?.code === "author_unproven";

/** Send until nothing is left and nothing more comes down. @param {Lane} lane @param {boolean} heldToo @returns {Promise<Outcome>} */
async function pass(lane, heldToo) {
  for (let more = lane.withSession && !heldToo; ;) {
    const { batch, left, pendingSent } = await nextBatch(lane, heldToo);
    if (!batch.length && !more) return { kind: "ok" };
    const outcome = await ask(lane, batch, pendingSent);
    if (batch.length && isContentsFault(outcome)) {
      await shrink(outcome, batch);
      continue;
    }
    if (outcome.kind !== "ok") {
      if (batch.length > 1 && (outcome.kind === "timeout" || outcome.kind === "unavailable")) batchSize.halve(batch.length);
      return outcome;
    }
    more = await take(lane, batch, outcome);
    if (outcome.data.results.some((/** @type {any} */ result) => unproven(lane, result))) return { kind: "signed_out" };
    if (!left && !more) return { kind: "ok" };
  }
}

/**
 * All of one author's waiting entries. What was held is offered again after changes came down, until no verdict changes.
 * @param {import("./session.js").Staff} staff @param {boolean} withSession
 * @returns {Promise<{outcome: Outcome, lane: Lane}>}
 */
export async function runLane(staff, withSession, { heldToo = false } = {}) {
  /** @type {Lane} */
  const lane = { staff, withSession, offered: new Set(), brought: 0, accepted: 0, resets: 0 };
  let outcome = await pass(lane, false);
  let again = heldToo || lane.brought > 0;
  while (outcome.kind === "ok" && again) {
    lane.offered.clear();
    lane.accepted = 0;
    outcome = await pass(lane, true);
    again = lane.accepted > 0;
  }
  return { outcome, lane };
}

