// @ts-check
/** What the server's verdicts do to the outbox: only a verdict with an entry's own id touches it. */
import { announce } from "../bus.js";
import { asCopy } from "./copies.js";
import { ifRoom, write } from "../db.js";
import { judgedHere } from "./outbox.js";
import { PHONE } from "../schema.js";
import { openFor, seal } from "../vault.js";

/** @typedef {{id: string|null, verdict: string, code?: string, field?: string, message?: string, why?: import("../vault.js").Sealed}} Verdict `why`: field and message, for the author's eyes */
/** @typedef {import("./outbox.js").Row} Row */

/**
 * The row after a verdict, null when it leaves the outbox, undefined when it says nothing we know.
 * @param {Row} row @param {Verdict} verdict
 */
export function judged(row, { verdict, code, why }) {
  if (verdict === "accepted" || verdict === "duplicate") return null;
  // who wrote it could not be proved: not a fault of the entry, so it waits for its author to sign in
  const state = code === "author_unproven" ? "deferred" : verdict;
  if (state !== "rejected" && state !== "deferred") return undefined;
  const { stuck: _stuck, ...rest } = row;
  return { ...rest, state, code, ...(why ? { why } : {}) };
}

/**
 * Verdicts not yet on disk. A full storage keeps them here: what has one is not sent again while this page lives, and it
 * is written as soon as there is room. Lost with the page, the entry goes up again and is a duplicate.
 * @type {Map<string, {verdict: Verdict, at: number | null}>}
 */
const unwritten = new Map();

/**
 * @param {any} tx @param {Map<string, Row>} rows @param {Verdict} verdict @param {number | null} at server time, ms
 * @returns {Promise<string | null>} the row's new state, null when the verdict changed nothing
 */
async function settleOne(tx, rows, verdict, at) {
  const outbox = tx.objectStore("outbox");
  const row = rows.get(/** @type {string} */ (verdict.id));
  const after = row && judged(row, verdict);
  if (!row || after === undefined) return null;
  if (after) {
    await outbox.put(after);
    return after.state;
  }
  await tx.objectStore("copies").put(asCopy(row, at));
  await outbox.delete(row.id);
  for (const other of rows.values()) if (other.mended_by === row.id) await outbox.delete(other.id);
  return "accepted";
}

/** Write what is not yet on disk. @returns {Promise<(string | null)[]>} the new states of the rows */
export async function writeVerdicts() {
  const owed = [...unwritten.values()];
  if (!owed.length) return [];
  const states = await write(PHONE, ["outbox", "copies"], async (tx) => {
    const rows = new Map((await tx.objectStore("outbox").getAll()).map((/** @type {Row} */ row) => [row.id, row]));
    const after = [];
    for (const { verdict, at } of owed) after.push(await settleOne(tx, rows, verdict, at));
    return after;
  });
  for (const { verdict } of owed) {
    unwritten.delete(/** @type {string} */ (verdict.id));
    judgedHere.delete(verdict.id);
  }
  announce("outbox");
  return states;
}

/** The first verdict for each entry that was sent; the others are nobody's. @param {string[]} sentIds @param {Verdict[]} results */
function verdictsFor(sentIds, results) {
  const found = new Map();
  for (const result of [...results].reverse()) found.set(result?.id, result);
  return /** @type {Verdict[]} */ (sentIds.map((id) => found.get(id)).filter(Boolean));
}

/** Words come only to the author, so they lie under the author's key, or nowhere. @param {Verdict} verdict @returns {Promise<Verdict>} */
async function withWhy(verdict) {
  const { id, field, message } = verdict;
  const staffId = openFor();
  if (!staffId || !id || (!field && !message)) return verdict;
  return { ...verdict, why: await seal(staffId, "why", id, { field, message }) };
}

/** @param {Verdict} verdict */
const isFinal = ({ verdict }) => ["accepted", "duplicate", "rejected", "deferred"].includes(verdict);

/**
 * Settle what was sent.
 * @param {string[]} sentIds @param {Verdict[]} results @param {{serverTime?: string}} [answer]
 * @returns {Promise<{settled: number, accepted: number}>}
 */
export async function settle(sentIds, results, { serverTime } = {}) {
  const verdicts = await Promise.all(verdictsFor(sentIds, results).map(withWhy));
  const at = serverTime ? Date.parse(serverTime) : null;
  for (const verdict of verdicts) unwritten.set(/** @type {string} */ (verdict.id), { verdict, at });
  /** @type {(string | null)[]} */
  let states = [];
  if (
    !(await ifRoom(async () => {
      states = await writeVerdicts();
    }))
  ) {
    for (const verdict of verdicts.filter(isFinal)) judgedHere.add(verdict.id);
  }
  const settled = states.filter((state) => state !== null);
  return { settled: settled.length, accepted: settled.filter((state) => state === "accepted").length };
}
